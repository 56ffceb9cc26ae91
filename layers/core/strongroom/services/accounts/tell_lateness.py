"""Tell people of a governed account that has lacked something for long: that it is slow, then that it is not ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.accounts.onboarding import judge_delay
from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict
    from strongroom.domain.identifiers import AccountId
    from strongroom.services.accounts.assess_account import AccountAssessmentNeeds
    from strongroom.services.alerts.tell_alerts import AlertNotifier


def tell_lateness(
    verdict: AccountVerdict, *, since: datetime | None, needs: AccountAssessmentNeeds, now: datetime
) -> None:
    """Complain about the account, unless it is early or exempt."""
    kind = judge_delay(since, now=now)
    if kind is None or not verdict.needs_attention:
        return
    alert = Alert(
        kind=kind,
        subject=verdict.account,
        account=verdict.account,
        region=needs.intent.organization.home_region,
        reason=f"account {verdict.account} in {verdict.unit} is not protected: {verdict.reason}",
    )
    needs.alerts.complain(alert, now=now)
    if kind is AlertKind.ACCOUNT_NOT_READY:
        end_slowness(verdict.account, alerts=needs.alerts, now=now)


def end_slowness(account: AccountId, *, alerts: AlertNotifier, now: datetime) -> None:
    """Who is told of as not ready is slow no more."""
    slow = fingerprint(AlertKind.ACCOUNT_SLOW, account)
    alerts.settle(slow, reason="it has become the alert account-not-ready", now=now)
