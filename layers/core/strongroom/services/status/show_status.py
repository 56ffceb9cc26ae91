"""Show how well everything is protected: the sentence first, then where to look, then each resource's answers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from strongroom.domain.alerts.shown import gravest_first, is_about, is_of, shown_alert
from strongroom.domain.errors import MalformedRequestError, NotFoundError
from strongroom.domain.identifiers import Arn, parse_account_id
from strongroom.domain.restores.settings.shown import shown_note
from strongroom.domain.status.answers import answer_resource, vaults_of
from strongroom.domain.status.inventoried import shown_decision, shown_inventory, shown_marks, shown_standing
from strongroom.domain.status.sentence import answer_of
from strongroom.domain.status.shown import shown_account, shown_day, shown_line, shown_summary, shown_unit
from strongroom.ports.status import AccountsByName, ShownViews

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.status.resources import ResourceStatus
    from strongroom.ports.status import Surroundings

_UNITS: Final = 50
_WORST: Final = 20
_NIGHTS: Final = 60
_DAYS: Final = 400
_PAGE: Final = 100
_ALERTS: Final = 50
_NAMED: Final = 20


class SearchedViews(ShownViews, AccountsByName, Protocol):
    """All views that are shown."""


class StatusShowNeeds(Struct, frozen=True, kw_only=True):
    """What showing the views needs of the world."""

    intent: Intent
    views: SearchedViews
    beside: Surroundings


def show_whole(*, needs: StatusShowNeeds, now: datetime) -> dict[str, Any]:
    """The sentence, what is open, the units, and the accounts in which something is wrong."""
    summary, run = needs.views.summary(), needs.beside.inventory()
    answer = answer_of(summary, now=now)
    return {
        "sentence": answer.sentence,
        "is_well": answer.is_well,
        **_shown_alerts(needs.beside.open_alerts()),
        "summary": None if summary is None else shown_summary(summary),
        "inventory": None if run is None else shown_inventory(run),
        "units": [shown_unit(line) for line in needs.views.first_units(most=_UNITS)],
        "worst": [shown_account(line) for line in needs.views.worst_accounts(most=_WORST)],
    }


def show_days(*, needs: StatusShowNeeds) -> dict[str, Any]:
    """What each day looked like, the last one first."""
    return {"days": [shown_day(line) for line in needs.views.latest_days(most=_DAYS)]}


def show_unit(unit: str, *, after: str, needs: StatusShowNeeds) -> dict[str, Any]:
    """A page of the accounts of a unit, the worst first; `next` is what the next page comes after."""
    lines, following = needs.views.page_of_unit(unit, after=after, most=_PAGE)
    return {"unit": unit, "accounts": [shown_account(line) for line in lines], "next": following}


def show_named(beginning: str, *, needs: StatusShowNeeds) -> dict[str, Any]:
    """The first twenty accounts whose name begins so, in whichever case; MalformedRequestError for no beginning."""
    if not beginning.strip():
        raise MalformedRequestError("which account? Say how its name begins")
    return {"accounts": [shown_account(line) for line in needs.views.named(beginning.strip(), most=_NAMED)]}


def show_account(account: str, *, after: str, needs: StatusShowNeeds) -> dict[str, Any]:
    """A page of the resources of an account with their answers, the worst first; before them what is open there."""
    id_ = parse_account_id(account)
    found, following = needs.views.page_of_account(id_, after=after, most=_PAGE)
    names = _names(found, needs=needs) | {id_: needs.beside.name_of(id_)}
    return {
        "account": account,
        "account_name": names[id_],
        **_shown_alerts(needs.beside.open_alerts(account=id_) if not after else ()),
        "inventory": _inventoried(id_, needs=needs) if not after else [],
        "resources": [answer_resource(status, intent=needs.intent, names=names) for status in found],
        "next": following,
    }


def show_resource(resource: str, *, needs: StatusShowNeeds) -> dict[str, Any]:
    """The answers about one resource, what is open about it or one of its vaults, and its last sixty backups.

    NotFoundError of one that is in no tier, with what is open about it.
    """
    arn = Arn.parse(resource)
    status, lines = needs.views.find(str(arn), most=_NIGHTS)
    if status is None:
        raise NotFoundError(_not_protected(arn, needs=needs))
    return {
        "resource": answer_resource(status, intent=needs.intent, names=_names((status,), needs=needs)),
        **_shown_alerts(_alerts_about(status, needs=needs)),
        "backups": [shown_line(line) for line in lines],
    }


def show_tags(resource: str, *, needs: StatusShowNeeds) -> dict[str, Any]:
    """The last verdict on a resource's tags, how its account stands, and how far the inventory is there.

    Each is null where nothing is known; an ARN that names no account has that of whoever was judged under it.
    """
    arn = Arn.parse(resource)
    decided = needs.beside.decided(str(arn))
    owner = decided.account if decided is not None else arn.account
    account = parse_account_id(owner) if owner else None
    known = None if account is None else needs.beside.account(account)
    return {
        "resource": str(arn),
        "tags": None if decided is None else shown_decision(decided),
        "account": None if known is None else shown_standing(known),
        "inventory": [] if account is None else _inventoried(account, needs=needs),
    }


def show_settings(resource: str, *, needs: StatusShowNeeds) -> dict[str, Any]:
    """What was set on a resource when it was read last, and what of it comes back; NotFoundError where nobody noted it.

    A resource that is gone, or in no tier any more, has its note for an auditor's year.
    """
    arn = Arn.parse(resource)
    kept = needs.beside.settings(str(arn))
    if kept is None:
        raise NotFoundError(f"nobody has noted what is set on {arn}: that is read when a copy of it was verified")
    return {"settings": shown_note(kept)}


def _inventoried(account: AccountId, *, needs: StatusShowNeeds) -> list[dict[str, Any]]:
    run = needs.beside.inventory()
    if run is None:
        return []
    return shown_marks(run, needs.beside.inventoried(run.id, account), refused=needs.beside.refused_lists(account))


def _names(found: Iterable[ResourceStatus], *, needs: StatusShowNeeds) -> dict[AccountId, str]:
    """What the accounts of the resources, and of their vaults, are called."""
    every = tuple(found)
    accounts = {status.account for status in every}
    accounts |= {vault.account for status in every for vault in vaults_of(status, intent=needs.intent)}
    return {account: needs.beside.name_of(account) for account in sorted(accounts)}


def _not_protected(arn: Arn, *, needs: StatusShowNeeds) -> str:
    opened = needs.beside.open_alerts(account=arn.account or None)
    told = next((state.alert.reason for state in opened if is_of(state.alert, str(arn))), "")
    said = f"{arn} is not protected: it is in no tier, no backup of it is expected, and none was seen"
    return f"{said}; an alert is open: {told}" if told else said


def _alerts_about(status: ResourceStatus, *, needs: StatusShowNeeds) -> Iterator[AlertState]:
    for state in needs.beside.open_alerts(account=status.account):
        if is_about(state.alert, resource=status.resource, account=status.account):
            yield state
    for vault in sorted(each.arn for each in vaults_of(status, intent=needs.intent)):
        if (found := needs.beside.alert_of_vault(vault)) is not None:
            yield found


def _shown_alerts(states: Iterable[AlertState]) -> dict[str, Any]:
    """The first fifty, and whether there are more."""
    first = list(islice(states, _ALERTS + 1))
    shown = [shown_alert(state) for state in gravest_first(first[:_ALERTS])]
    return {"alerts": shown, "has_more_alerts": len(first) > _ALERTS}
