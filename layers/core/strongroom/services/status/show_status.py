"""Show how well everything is protected: the sentence first, then where to look, then each resource's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn, parse_account_id
from strongroom.domain.status.answers import answer_resource
from strongroom.domain.status.sentence import answer_of
from strongroom.domain.status.shown import shown_account, shown_day, shown_line, shown_summary, shown_unit

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.ports.status import ShownViews

_UNITS: Final = 50
_WORST: Final = 20
_NIGHTS: Final = 60
_DAYS: Final = 400
_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusShowNeeds:
    """What showing the views needs of the world."""

    intent: Intent
    views: ShownViews


def show_whole(*, needs: StatusShowNeeds, now: datetime) -> dict[str, Any]:
    """The sentence, the units, and the accounts in which something is wrong."""
    summary = needs.views.summary()
    answer = answer_of(summary, now=now)
    return {
        "sentence": answer.sentence,
        "is_well": answer.is_well,
        "summary": None if summary is None else shown_summary(summary),
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


def show_account(account: str, *, after: str, needs: StatusShowNeeds) -> dict[str, Any]:
    """A page of the resources of an account with their answers, the worst first."""
    found, following = needs.views.page_of_account(parse_account_id(account), after=after, most=_PAGE)
    answers = [answer_resource(status, intent=needs.intent) for status in found]
    return {"account": account, "resources": answers, "next": following}


def show_resource(resource: str, *, needs: StatusShowNeeds) -> dict[str, Any]:
    """The answers about one resource, and its last sixty backups; NotFoundError of one that nothing is known of."""
    status, lines = needs.views.find(str(Arn.parse(resource)), most=_NIGHTS)
    if status is None:
        raise NotFoundError(f"nothing is known of {resource}: no backup of it is expected, and none was seen")
    return {"resource": answer_resource(status, intent=needs.intent), "backups": [shown_line(line) for line in lines]}
