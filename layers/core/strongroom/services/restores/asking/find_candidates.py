"""Find backups to restore a resource from: every list read, the best five looked at, why not the others."""

from __future__ import annotations

from copy import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.identifiers import Arn, Region, parse_account_id
from strongroom.domain.restores.approving.urgency import clocks_of
from strongroom.domain.restores.candidates.backups import kind_name
from strongroom.domain.restores.candidates.estimates import seen_minutes
from strongroom.domain.restores.candidates.ranking import Question
from strongroom.domain.restores.candidates.shown import ShownCandidates, counted_reasons, shown_candidate
from strongroom.domain.restores.candidates.ways import Destination, copied_into, decide_way
from strongroom.domain.restores.deciding.circumstances import read_second
from strongroom.domain.restores.deciding.profiles import allowance_of
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.asking.listed_points import (
    UNREADABLE,
    always,
    list_points,
    look_at_candidates,
    said_of,
    vaults_of,
)
from strongroom.services.restores.asking.plan_restore import governed_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.arriving.landing import LandingVault
    from strongroom.domain.restores.candidates.model import ListedPoint
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.choosing.kept import Unread
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.restores import CopyStates, LandingVaults, PastRestores, PointLists

_NIGHTS: Final = 400
# How far the clock of whoever asks may be ahead of ours.
_AHEAD: Final = timedelta(minutes=5)
# By the words of `PromiseState`: what is on its way still is not known to be either.
VERIFIED: Final = {"VERIFIED": True, "FAILED": False, "MISSING": False, "VANISHED": False}


class CandidateWish(Struct, frozen=True, kw_only=True):
    """What is looked for: an ARN, the account where the ARN names none, and a second in UTC, or now.

    Without a `region` the resource is to come back where it was.
    """

    resource: str
    account: str = ""
    before: str = ""
    region: str = ""


class CandidateFindingNeeds(Struct, frozen=True, kw_only=True):
    """What finding candidates needs of the world; what is not read `in_time` is not waited for."""

    intent: Intent
    ceremony: Ceremony
    lists: PointLists
    vaults: LandingVaults
    past: PastRestores
    history: CopyStates
    units: UnitDirectory
    in_time: Callable[[], bool] = always


def find_candidates(wish: CandidateWish, *, needs: CandidateFindingNeeds, now: datetime) -> ShownCandidates:
    """The rows to choose from; MalformedRequestError and NotFoundError for what cannot be looked for."""
    resource = Arn.parse(wish.resource)
    account, before = account_of(resource, wish.account), read_before(wish.before, now=now) or now.astimezone(UTC)
    for region in (resource.region, wish.region):
        if region and region not in needs.intent.organization.regions:
            raise MalformedRequestError(f"{region[:40]} is not one of the governed Regions")
    governed_unit(account, intent=needs.intent, units=needs.units)
    vaults = vaults_of(needs.intent, account=account, region=resource.region)
    points, unread = list_known(resource, vaults, needs=needs)
    not_read = {each.vault for each in unread}
    question = question_of(points, account=account, wished=wish.region, before=before, needs=needs, now=now)
    found = look_at_candidates(points, question, lists=needs.lists, unread=unread, in_time=needs.in_time)
    told, counted = counted_reasons(found.not_offered)
    return ShownCandidates(
        resource=str(resource),
        resource_type=points[0].resource_type if points else "",
        account=account,
        before=before,
        region=wish.region,
        candidates=tuple(map(shown_candidate, found.rows)),
        more=found.more,
        not_offered=told,
        others_not_offered=counted,
        read=tuple(vault for vault in vaults if vault not in not_read),
        unread=tuple(unread),
    )


def list_known(
    resource: Arn, vaults: Iterable[str], *, needs: CandidateFindingNeeds
) -> tuple[list[ListedPoint], list[Unread]]:
    """What lies of the resource in the vaults, with what is known of each copy, and what cannot be read."""
    listed, unread = list_points(str(resource), vaults, lists=needs.lists, in_time=needs.in_time)
    return list(_verified(listed, _states(str(resource), needs=needs))), unread


def account_of(resource: Arn, named: str) -> AccountId:
    """Whose it is, by its ARN or as it is named; MalformedRequestError where neither says so, or both say otherwise."""
    if not resource.account and not named:
        raise MalformedRequestError("the ARN names no account: say in which one it is")
    if resource.account and named and named != resource.account:
        raise MalformedRequestError(f"that resource is of account {resource.account}, not of {named[:40]}")
    return parse_account_id(resource.account or named)


def read_before(text: str, *, now: datetime) -> datetime | None:
    """The moment, now at the latest, and None where none is said; MalformedRequestError for what is none."""
    if not text:
        return None
    moment = read_second(text)
    if moment is None:
        raise MalformedRequestError("the time must be in UTC, to the second, as in 2026-11-26T14:00:00Z")
    if moment > now + _AHEAD:
        raise MalformedRequestError(f"{text} lies in the future: a restore goes back")
    return min(moment, now.astimezone(UTC))


def _states(resource: str, *, needs: CandidateFindingNeeds) -> Mapping[tuple[datetime, str], str]:
    """What became of its copies; nothing where that cannot be read now, and so nothing is known of any."""
    try:
        return needs.history.states(resource, most=_NIGHTS)
    except UNREADABLE:
        return {}


def _verified(points: Iterable[ListedPoint], states: Mapping[tuple[datetime, str], str]) -> Iterator[ListedPoint]:
    """The points, each with what is known of it as a copy of a backup of that second."""
    known = {(at.replace(microsecond=0), vault): state for (at, vault), state in states.items()}
    for point in points:
        state = known.get((point.created_at.replace(microsecond=0), point.vault))
        yield replace(point, verified=None if state is None else VERIFIED.get(state))


def question_of(
    points: list[ListedPoint],
    *,
    account: AccountId,
    wished: str,
    before: datetime,
    needs: CandidateFindingNeeds,
    now: datetime,
    in_two: str = "",
) -> Question:
    """What is asked about the points, by what the account's restores may do and did in the `wished` Region.

    Where none is wished for, in that of the resource. The recovery point `in_two` is wished for by two copies.
    """
    into = _destination(points, account=account, wished=wished, in_two=in_two, needs=needs)
    home = Arn.parse(points[0].resource).region if points else ""
    place = Region(wished or home) or needs.intent.organization.home_region
    limits = allowance_of(needs.ceremony.restores, account=account, region=place).limits
    return Question(
        before=before,
        now=now,
        way_of=lambda point: decide_way(point, into=into, now=now),
        seen=dict(_seen(points, account=account, region=place, needs=needs)),
        allows_infected=limits.allow_infected,
    )


def _destination(
    points: list[ListedPoint], *, account: AccountId, wished: str, in_two: str, needs: CandidateFindingNeeds
) -> Destination:
    clocks = clocks_of(needs.ceremony.restores, plan=RestorePlan.COPY_BACK, is_urgent=False)
    regions = dict.fromkeys(copied_into(points, wished=wished, intent=needs.intent))
    return Destination(
        account=account,
        intent=needs.intent,
        landings={region: _landing(account, region, needs=needs) for region in regions},
        act_within=clocks.approve_within + clocks.act_within,
        region=wished,
        in_two=in_two,
    )


def _landing(account: AccountId, region: Region, *, needs: CandidateFindingNeeds) -> LandingVault | str:
    """The vault that copies come back into there, or why that cannot be told."""
    try:
        return needs.vaults.landing(account, region)
    except UNREADABLE as error:
        return said_of(error)


def _seen(
    points: list[ListedPoint], *, account: AccountId, region: Region, needs: CandidateFindingNeeds
) -> Iterator[tuple[str, int]]:
    """The minutes that restores of the kind took; nothing where they cannot be read, or were too few."""
    for kind, resource_type in {kind_name(point): point.resource_type for point in points}.items():
        try:
            minutes = seen_minutes(needs.past.last(resource_type, account=account, region=region))
        except UNREADABLE:
            return
        if minutes is not None:
            yield kind, minutes
