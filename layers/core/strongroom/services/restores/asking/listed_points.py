"""Recovery points of a resource in every vault where they may lie: listed, and the best of them looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.destinations import destination_vaults, own_vaults
from strongroom.domain.intent.places import source_vault_arns
from strongroom.domain.restores.candidates.ranking import Question, rank_candidates
from strongroom.domain.restores.choosing.kept import Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.model import Candidates, ListedPoint
    from strongroom.ports.restores import PointLists

# AWS Backup's quota of such calls is small, and is everybody's.
_MOST_LOOKS: Final = 20
NO_SUCH_VAULT: Final = "there is no such vault"
# What AWS answers may name what is ours, and is not for whoever asked.
_SAID: Final[tuple[tuple[type[StrongroomError], str], ...]] = (
    (AccessRefusedError, "it may not be read, or the role that reads it is not there"),
    (NotFoundError, NO_SUCH_VAULT),
    (TemporarilyUnavailableError, "AWS does not answer at the moment"),
    (CallRefusedError, "AWS refused the call"),
)
UNREADABLE: Final = tuple(error for error, _ in _SAID)
_TOO_LATE: Final = "there was no time left for it"
_ANYHOW: Final = "something here does not work as it should"


def always() -> bool:
    """There is time left, however long it takes."""
    return True


def vaults_of(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """Every vault in which the account's backups may lie, its own first; without a Region those of any."""
    regions = (region,) if region else intent.organization.regions
    sources = (arn for each in regions for arn in source_vault_arns(intent, account=account, region=each))
    others = (vault.arn for vault in (*own_vaults(intent, account=account), *destination_vaults(intent)))
    return tuple(dict.fromkeys((*sources, *others)))


def list_points(
    resource: str,
    vaults: Iterable[str],
    *,
    lists: PointLists,
    created_at: datetime | None = None,
    in_time: Callable[[], bool] = always,
) -> tuple[list[ListedPoint], list[Unread]]:
    """What lies of the resource in the vaults, of about that moment where one is said.

    Which of them cannot be read, or not `in_time`, is said.
    """
    points: list[ListedPoint] = []
    unread: list[Unread] = []
    for vault in vaults:
        if not in_time():
            unread.append(Unread(vault=vault, reason=_TOO_LATE))
            continue
        try:
            points += lists.of_resource(resource, vault=vault, created_at=created_at)
        except UNREADABLE as error:
            unread.append(Unread(vault=vault, reason=said_of(error)))
    return points, unread


def look_at_candidates(
    points: Iterable[ListedPoint],
    question: Question,
    *,
    lists: PointLists,
    unread: list[Unread],
    seen: Collection[tuple[str, str]] = (),
    in_time: Callable[[], bool] = always,
) -> Candidates:
    """The candidates, of which those that are shown were looked at one by one: a list tells less.

    What cannot be looked at stays as its list has it, and joins the `unread`. `seen` was looked at before, by ARN and
    vault, and counts among the looks.
    """
    known = {(point.arn, point.vault): point for point in points}
    looked = set(seen)
    while True:
        found = rank_candidates(known.values(), question)
        shown = dict.fromkeys((way.point.arn, way.point.vault) for row in found.rows for way in row.ways)
        new = [each for each in shown if each not in looked][: _MOST_LOOKS - len(looked)]
        if not new:
            return found
        for each in new:
            looked.add(each)
            told = look_at(known.pop(each), lists=lists, unread=unread, in_time=in_time)
            if told is not None:
                known[each] = told


def look_at(
    point: ListedPoint, *, lists: PointLists, unread: list[Unread], in_time: Callable[[], bool] = always
) -> ListedPoint | None:
    """The point as its vault describes it, None where it is gone; what cannot be looked at joins the `unread`."""
    why = _TOO_LATE
    if in_time():
        try:
            return lists.looked_at(point)
        except UNREADABLE as error:
            why = said_of(error)
    unread.append(Unread(vault=point.vault, reason=f"{point.arn} could not be looked at: {why}"))
    return point


def said_of(error: StrongroomError) -> str:
    """Why something cannot be read, in words that name nothing of ours."""
    return next((said for kind, said in _SAID if isinstance(error, kind)), _ANYHOW)
