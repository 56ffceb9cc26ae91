"""A request that follows a restore: what it is made of, and why it may not be; looked at when asked, and at the act."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.errors import FaultsFoundError, RestoreRefusedError
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.asked import WITHOUT_TICKET
from strongroom.domain.restores.approving.stricter import demand_stricter_rule
from strongroom.domain.restores.asked.notifications import BRIDGE, keeps_notifications
from strongroom.domain.restores.asked.places import Place
from strongroom.domain.restores.asked.replication import passed_role
from strongroom.domain.restores.asked.settings import misplaced, read_setting, sentences_of, why_graver
from strongroom.domain.restores.deciding.decision import Danger
from strongroom.domain.restores.deciding.reading import read_json
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep, asked_call
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.domain.stacks.lending import replication_roles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.requests import RestoreRequest

ITEMS: Final = "ItemCount"
# Amazon DynamoDB API Reference, TableDescription: ItemCount is brought up to date about every six hours.
_STILL_ABOUT: Final = 2
_FEW: Final = 100
_DIGITS: Final = 18
_CLOCKS_DIFFER: Final = timedelta(seconds=60)
_ALIKE: Final = (
    "account",
    "region",
    "unit",
    "tier",
    "resource_type",
    "recovery_point",
    "recovery_point_created_at",
    "vault",
)


class AfterWish(Struct, frozen=True, kw_only=True):
    """What somebody asks for after a restore, nothing of it checked.

    Without `parameters` they are what the original has, and without a `ticket` the restore's days stand in its place.
    """

    step: AskedStep
    reason: str
    parameters: Mapping[str, str] | None = None
    ticket: str = ""


class Followed(Struct, frozen=True, kw_only=True):
    """A restore by its evidence: how it ended, the hash of its last entry, when it was restored, and what its job made.

    `made` is as the job is described now, whatever was written down; empty where nothing was restored.
    """

    request: RestoreRequest
    outcome: str
    closed: str
    restored_at: datetime | None
    made: str


class SettingFound(Struct, frozen=True, kw_only=True):
    """A setting as a resource has it, in the parameters of its call; none where it is off.

    `made_at` is when the resource was made and `items` how many it has, each where that is told: a bucket tells
    neither. One that `is_pending` was asked for, and does not work yet. `facts` are what was read besides of what the
    request names, and `obstacle` why the call cannot be made as things are, in words.
    """

    parameters: tuple[tuple[str, str], ...] = ()
    made_at: datetime | None = None
    items: int | None = None
    is_pending: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    obstacle: str = ""


def why_not_followed(followed: Followed, step: AskedStep) -> str:
    """Why nothing of that step is asked for after this restore, in words; empty where it may be."""
    restore = followed.request
    if restore.is_after:
        return f"{restore.id} is no restore: it follows {restore.of}, so ask after that"
    if followed.outcome != RestoreOutcome.RESTORED or followed.restored_at is None or not followed.made:
        return f"{restore.id} has not ended as restored: {followed.outcome or 'it goes on'}"
    if CALLS[step].sentence not in restore.steps:
        return f"{step} is not among what {restore.id} leaves to be asked for"
    return ""


def following(followed: Followed, step: AskedStep) -> dict[str, object]:
    """What a request has of the restore that it follows; `why_not_followed` was asked before."""
    alike = {name: getattr(followed.request, name) for name in _ALIKE}
    return alike | {
        "plan": RestorePlan.LOCAL,
        "call": CALLS[step].call,
        "resource": followed.made,
        "target_name": Arn.parse(followed.made).name,
        "of": followed.request.id,
        "of_closed": followed.closed,
        "of_restored_at": followed.restored_at,
    }


def why_not_following(request: RestoreRequest, followed: Followed) -> str:
    """Why the request is not about what that restore made, as it was restored then; empty where it is."""
    asked = asked_call(request.call)
    if asked is None:
        return f"{request.call[:80]} sets nothing that is asked for after a restore"
    if why := why_not_followed(followed, asked.step):
        return why
    for name, value in following(followed, asked.step).items():
        if getattr(request, name) != value:
            return f"its {name} is not that of {followed.request.id}, which it follows"
    return ""


def as_asked(request: RestoreRequest) -> RestoreRequest:
    """The request with its parameters in the one spelling, and all that approvers read of them.

    RestoreRefusedError tells all that is wrong with them. What its asker wrote is `as-written`.
    """
    asked = asked_call(request.call)
    if asked is None or asked.resource_type != request.resource_type:
        raise RestoreRefusedError(f"{request.call[:80]} sets nothing that is asked for after such a restore")
    metadata = read_setting(asked.step, dict(request.metadata))
    items = dict(request.original).get(ITEMS, "")
    if items and not (items.isascii() and items.isdecimal() and len(items) <= _DIGITS):
        raise RestoreRefusedError(f"{ITEMS} must be a number of items, and not {items[:80]}")
    said, place = dict(metadata), Place.of(request.resource, account=request.account, region=request.region)
    if faults := misplaced(asked.step, said, place=place, facts=dict(request.original)):
        raise FaultsFoundError(*faults)
    if why := why_graver(asked.step, said, place=place):
        demand_stricter_rule(request, why=why)
    return replace(
        request,
        metadata=metadata,
        risks=(*((ELEVATED_RISK,) if why else ()), *((str(Danger.AS_WRITTEN),) if request.wishes else ())),
        risk_sentences=sentences_of(asked.step, said, place=place, facts=dict(request.original)),
    )


def as_found(request: RestoreRequest, found: SettingFound) -> RestoreRequest:
    """The request with what was read of what it names, and all that approvers read by that."""
    return as_asked(replace(request, original=(*request.original, *found.facts)))


def why_not_lent(request: RestoreRequest, intent: Intent) -> str:
    """Why the role that the call would pass is lent to nobody; empty where it is, or none is passed."""
    role = passed_role(request.call, dict(request.metadata))
    if not role or role in replication_roles(intent):
        return ""
    return (
        f"{role} is no role that a profile lends to replication: name it among the `roles` of the account's, with "
        f"`limits.replication_role: {ELEVATED_RISK}`, or set it by hand"
    )


def is_said_by(request: RestoreRequest, parameters: tuple[tuple[str, str], ...]) -> bool:
    """Whether those parameters, in whatever spelling, are the ones that the request would set."""
    asked = asked_call(request.call)
    try:
        return asked is not None and read_setting(asked.step, dict(parameters)) == request.metadata
    except RestoreRefusedError:
        return False


def why_without_ticket(request: RestoreRequest, followed: Followed) -> str:
    """Why it needs a ticket that it does not have; empty where it has one, or needs none.

    That of the restore stands in its place for some days, and what was urgent had none.
    """
    since = request.of_restored_at
    if request.ticket:
        return ""
    if followed.request.is_urgent:
        return f"{request.of} was urgent and had no ticket: what follows it takes one of its own"
    if since is not None and request.requested_at - since <= WITHOUT_TICKET:
        return ""
    return (
        f"{request.of} was restored more than {WITHOUT_TICKET.days} days before: what follows it takes a ticket of "
        "its own by now"
    )


def why_not_set(request: RestoreRequest, found: SettingFound) -> str:
    """Why the call is not made on what is there now; empty where it may be, or needs not be."""
    since = request.of_restored_at
    if found.made_at is not None and since is not None and found.made_at - since > _CLOCKS_DIFFER:
        return f"{request.resource} was made anew after {request.of} had restored it"
    if is_as_approved(request, found):
        return ""
    if found.parameters and not _is_kept(request, found):
        return f"{request.resource} has another setting by now, which it would replace: {dict(found.parameters)}"
    return why_otherwise(request, found)


def why_otherwise(request: RestoreRequest, found: SettingFound) -> str:
    """Why what the request names besides is not as approvers were told; empty where it is."""
    told = dict(request.original)
    if changed := [f"{name} {value}" for name, value in found.facts if told.get(name) != value]:
        return f"it is not as approvers were told: {'; '.join(changed)}"
    return found.obstacle


def why_miscounted(request: RestoreRequest, found: SettingFound) -> str:
    """Why there are far more items than approvers read; empty where there are about as many, fewer, or nothing tells.

    They read a number where items are deleted, of no other call. What they read is on the word of the function that
    asked. `as_asked` was called before.
    """
    if request.call != CALLS[AskedStep.TIME_TO_LIVE].call:
        return ""
    told = dict(request.original).get(ITEMS, "")
    if found.items is None or (told and found.items <= max(_FEW, _STILL_ABOUT * int(told))):
        return ""
    read = f"about {int(told):,} items" if told else "no number of items"
    return f"approvers read of {read}, and {request.resource} has {found.items:,} by now: ask anew"


def _is_kept(request: RestoreRequest, found: SettingFound) -> bool:
    """Whether nothing of what is there gets lost: notifications are set all at once, and some may be there before."""
    notifications = _notifications(request, found)
    return notifications is not None and keeps_notifications(notifications[0], found=notifications[1])


def is_as_approved(request: RestoreRequest, found: SettingFound) -> bool:
    """Whether the setting is what the request says; AWS Backup may have a bucket tell EventBridge besides."""
    if found.parameters == request.metadata:
        return True
    notifications = _notifications(request, found)
    return notifications is not None and {**notifications[0], BRIDGE: {}} == notifications[1]


def _notifications(request: RestoreRequest, found: SettingFound) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Those that the request would set, and those that are there; None where it sets others, or none are."""
    asked = asked_call(request.call)
    if asked is None or asked.step is not AskedStep.NOTIFICATIONS or not found.parameters:
        return None
    wanted, there = (read_json(dict(said)[asked.parameter]) for said in (request.metadata, found.parameters))
    return wanted, there
