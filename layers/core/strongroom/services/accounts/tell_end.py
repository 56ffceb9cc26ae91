"""Tell that an account is protected no more: once, with what is left of its backups."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.accounts.protection_end import LastCopy, words_of_end
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.status.answers import answer_resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.status.resources import ResourceStatus
    from strongroom.ports.accounts import AccountResources
    from strongroom.services.alerts.tell_alerts import AlertNotifier

_MOST: Final = 25


class EndNeeds(Struct, frozen=True, kw_only=True):
    """What telling that protection ends needs of the world."""

    intent: Intent
    resources: AccountResources
    alerts: AlertNotifier


def tell_end(verdict: AccountVerdict, *, known: KnownAccount, actor: str, needs: EndNeeds, now: datetime) -> None:
    """Complain about the account that was governed; it is settled when it is ready again."""
    resources, more = needs.resources.page_of_account(verdict.account, after="", most=_MOST)
    copies = tuple(copy for status in resources for copy in _copies(status, needs.intent))
    words = words_of_end(
        verdict, known=known, actor=actor, copies=copies, has_more=bool(more), intent=needs.intent, now=now
    )
    alert = Alert(
        kind=AlertKind.PROTECTION_ENDED,
        subject=verdict.account,
        account=verdict.account,
        region=needs.intent.organization.home_region,
        reason=words,
    )
    needs.alerts.complain(alert, now=now)


def _copies(status: ResourceStatus, intent: Intent) -> Iterator[LastCopy]:
    locked = {
        (vault.name, vault.account, vault.region)
        for vault in destination_vaults(intent)
        if vault.lock is not None and vault.lock.is_final
    }
    for rule in answer_resource(status, intent=intent, names={}).rules:
        for place in rule.destinations:
            of = place.copy_of
            yield LastCopy(
                resource=status.resource,
                vault=f"{place.vault} of {place.account} in {place.region}",
                of=of,
                kept_until=None if of is None else (of + timedelta(days=place.retention_days)).date(),
                is_locked=(place.vault, place.account, place.region) in locked,
            )
