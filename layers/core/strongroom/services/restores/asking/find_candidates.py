"""Find backups to restore a resource from: every list read, the best five looked at, why not the others."""

from __future__ import annotations

from copy import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedRequestError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Arn, parse_account_id
from strongroom.domain.intent.destinations import destination_vaults, own_vaults
from strongroom.domain.intent.places import source_vault_arns
from strongroom.domain.restores.approving.urgency import clocks_of
from strongroom.domain.restores.candidates.backups import kind_name
from strongroom.domain.restores.candidates.estimates import seen_minutes
from strongroom.domain.restores.candidates.ranking import Question, rank_candidates
from strongroom.domain.restores.candidates.shown import ShownCandidates, Unread, counted_reasons, shown_candidate
from strongroom.domain.restores.candidates.ways import Destination, decide_way
from strongroom.domain.restores.deciding.circumstances import read_second
from strongroom.domain.restores.deciding.profiles import allowance_of
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.asking.plan_restore import governed_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.model import Candidates, ListedPoint
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.status.nights import BackupLine
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.restores import BackupHistory, LandingVaults, PastRestores, PointLists

# AWS Backup's quota of such calls is small, and is everybody's.
_MOST_LOOKS: Final = 20
_NIGHTS: Final = 400
# How far the clock of whoever asks may be ahead of ours.
_AHEAD: Final = timedelta(minutes=5)
_STATES: Final = {
    PromiseState.VERIFIED: True,
    PromiseState.FAILED: False,
    PromiseState.MISSING: False,
    PromiseState.VANISHED: False,
}
# What AWS answers may name what is ours, and is not for whoever asked.
_SAID: Final[tuple[tuple[type[StrongroomError], str], ...]] = (
    (AccessRefusedError, "it may not be read, or the role that reads it is not there"),
    (NotFoundError, "there is no such vault"),
    (TemporarilyUnavailableError, "AWS does not answer at the moment"),
    (CallRefusedError, "AWS refused the call"),
)
_UNREADABLE: Final = tuple(error for error, _ in _SAID)


class CandidateWish(Struct, frozen=True, kw_only=True):
    """What is looked for: an ARN, the account where the ARN names none, and a second in UTC, or now."""

    resource: str
    account: str = ""
    before: str = ""


class CandidateFindingNeeds(Struct, frozen=True, kw_only=True):
    """What finding candidates needs of the world."""

    intent: Intent
    ceremony: Ceremony
    lists: PointLists
    vaults: LandingVaults
    past: PastRestores
    history: BackupHistory
    units: UnitDirectory


def find_candidates(wish: CandidateWish, *, needs: CandidateFindingNeeds, now: datetime) -> ShownCandidates:
    """The rows to choose from; MalformedRequestError and NotFoundError for what cannot be looked for."""
    resource = Arn.parse(wish.resource)
    account, before = _account(resource, wish.account), _before(wish.before, now=now)
    if resource.region and resource.region not in needs.intent.organization.regions:
        raise MalformedRequestError(f"{resource.region[:40]} is not one of the governed Regions")
    governed_unit(account, intent=needs.intent, units=needs.units)
    vaults = _vaults(needs.intent, account=account, region=resource.region)
    listed, unread = _lists(str(resource), vaults, needs=needs)
    points = list(_verified(listed, _nights(str(resource), needs=needs)))
    not_read = {each.vault for each in unread}
    question = _question(points, account=account, region=resource.region, before=before, needs=needs, now=now)
    found = _looked_at(points, question, needs=needs, unread=unread)
    told, counted = counted_reasons(found.not_offered)
    return ShownCandidates(
        resource=str(resource),
        resource_type=points[0].resource_type if points else "",
        account=account,
        before=before,
        candidates=tuple(map(shown_candidate, found.rows)),
        more=found.more,
        not_offered=told,
        others_not_offered=counted,
        read=tuple(vault for vault in vaults if vault not in not_read),
        unread=tuple(unread),
    )


def _account(resource: Arn, named: str) -> AccountId:
    if not resource.account and not named:
        raise MalformedRequestError("the ARN names no account: say in which one it is")
    if resource.account and named and named != resource.account:
        raise MalformedRequestError(f"that resource is of account {resource.account}, not of {named[:40]}")
    return parse_account_id(resource.account or named)


def _before(text: str, *, now: datetime) -> datetime:
    if not text:
        return now.astimezone(UTC)
    moment = read_second(text)
    if moment is None:
        raise MalformedRequestError("the time must be in UTC, to the second, as in 2026-11-26T14:00:00Z")
    if moment > now + _AHEAD:
        raise MalformedRequestError(f"{text} lies in the future: a restore goes back")
    return min(moment, now.astimezone(UTC))


def _vaults(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """Every vault in which the account's backups may lie, its own first; an ARN without Region is of any."""
    regions = (region,) if region else intent.organization.regions
    sources = (arn for each in regions for arn in source_vault_arns(intent, account=account, region=each))
    others = (vault.arn for vault in (*own_vaults(intent, account=account), *destination_vaults(intent)))
    return tuple(dict.fromkeys((*sources, *others)))


def _lists(
    resource: str, vaults: Iterable[str], *, needs: CandidateFindingNeeds
) -> tuple[list[ListedPoint], list[Unread]]:
    """What lies of the resource in the vaults, and which of them cannot be read."""
    points: list[ListedPoint] = []
    unread: list[Unread] = []
    for vault in vaults:
        try:
            points += needs.lists.of_resource(resource, vault=vault)
        except _UNREADABLE as error:
            unread.append(Unread(vault=vault, reason=_said(error)))
    return points, unread


def _nights(resource: str, *, needs: CandidateFindingNeeds) -> tuple[BackupLine, ...]:
    """What became of its backups; nothing where that cannot be read now, and so nothing is known of any."""
    try:
        return needs.history.find(resource, most=_NIGHTS)[1]
    except _UNREADABLE:
        return ()


def _verified(points: Iterable[ListedPoint], lines: Iterable[BackupLine]) -> Iterator[ListedPoint]:
    """The points, each with what is known of it as a copy of a backup of that second."""
    known = {(line.at.replace(microsecond=0), vault): state for line in lines for vault, state in line.copies.items()}
    for point in points:
        state = known.get((point.created_at.replace(microsecond=0), point.vault))
        yield replace(point, verified=None if state is None else _STATES.get(state))


def _question(
    points: list[ListedPoint],
    *,
    account: AccountId,
    region: Region,
    before: datetime,
    needs: CandidateFindingNeeds,
    now: datetime,
) -> Question:
    into = _destination(account, needs=needs)
    place = region or needs.intent.organization.home_region
    limits = allowance_of(needs.ceremony.restores, account=account, region=place).limits
    return Question(
        before=before,
        now=now,
        way_of=lambda point: decide_way(point, into=into, now=now),
        seen=dict(_seen(points, account=account, region=place, needs=needs)),
        allows_infected=limits.allow_infected,
    )


def _destination(account: AccountId, *, needs: CandidateFindingNeeds) -> Destination:
    clocks = clocks_of(needs.ceremony.restores, plan=RestorePlan.COPY_BACK, is_urgent=False)
    landing, why = None, ""
    try:
        landing = needs.vaults.landing(account, needs.intent.organization.home_region)
    except _UNREADABLE as error:
        why = _said(error)
    return Destination(
        account=account,
        intent=needs.intent,
        landing=landing,
        why_no_landing=why,
        act_within=clocks.approve_within + clocks.act_within,
    )


def _seen(
    points: list[ListedPoint], *, account: AccountId, region: Region, needs: CandidateFindingNeeds
) -> Iterator[tuple[str, int]]:
    """The minutes that restores of the kind took; nothing where they cannot be read, or were too few."""
    for kind, resource_type in {kind_name(point): point.resource_type for point in points}.items():
        try:
            minutes = seen_minutes(needs.past.last(resource_type, account=account, region=region))
        except _UNREADABLE:
            return
        if minutes is not None:
            yield kind, minutes


def _looked_at(
    points: list[ListedPoint], question: Question, *, needs: CandidateFindingNeeds, unread: list[Unread]
) -> Candidates:
    """The candidates, of which those that are shown were looked at one by one: a list tells less."""
    known = {(point.arn, point.vault): point for point in points}
    looked: set[tuple[str, str]] = set()
    while True:
        found = rank_candidates(known.values(), question)
        shown = dict.fromkeys((way.point.arn, way.point.vault) for row in found.rows for way in row.ways)
        new = [each for each in shown if each not in looked][: _MOST_LOOKS - len(looked)]
        if not new:
            return found
        for each in new:
            looked.add(each)
            point = known.pop(each)
            try:
                told = needs.lists.looked_at(point)
            except _UNREADABLE as error:
                told = point
                unread.append(Unread(vault=point.vault, reason=f"{point.arn} could not be looked at: {_said(error)}"))
            if told is not None:
                known[each] = told


def _said(error: StrongroomError) -> str:
    return next(said for kind, said in _SAID if isinstance(error, kind))
