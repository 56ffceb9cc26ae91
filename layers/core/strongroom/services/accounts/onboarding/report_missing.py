"""Tell what an account still lacks at its deadline, or what kept it from being looked into, and give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.services.accounts.tell_lateness import end_slowness

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.accounts import AccountBook, OnboardingBook
    from strongroom.services.alerts.tell_alerts import AlertNotifier


class MissingReportNeeds(Struct, frozen=True, kw_only=True):
    """What reporting needs of the world."""

    intent: Intent
    book: AccountBook
    onboardings: OnboardingBook
    alerts: AlertNotifier


class ReportVerdict(Struct, frozen=True, kw_only=True):
    """What was told of the account."""

    account: AccountId
    is_told: bool
    reason: str


def report_missing(
    account: AccountId, *, execution: str, error: str, missing: str, needs: MissingReportNeeds, now: datetime
) -> ReportVerdict:
    """The alert names exactly what is missing; the scheduled pass looks on, and closes it."""
    needs.onboardings.release(account, execution)
    if error:
        needs.book.doubt(account, now=now)
    exemption = needs.intent.exemption_of(account, today=now.date())
    reason = f"account {account} is not protected: {missing}"
    if exemption is not None:
        return ReportVerdict(account=account, is_told=False, reason=f"{exemption.sentence} ({reason})")
    alert = Alert(
        kind=AlertKind.ACCOUNT_NOT_READY,
        subject=account,
        account=account,
        region=needs.intent.organization.home_region,
        reason=f"{reason} ({error})" if error else reason,
    )
    needs.alerts.complain(alert, now=now)
    end_slowness(account, alerts=needs.alerts, now=now)
    return ReportVerdict(account=account, is_told=True, reason=alert.reason)
