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
from strongroom.domain.restores.candidates.shown import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.model import Candidates, ListedPoint
    from strongroom.ports.restores import PointLists

# AWS Backup's quota of such calls is small, and is everybody's.
_MOST_LOOKS: Final = 20
# What AWS answers may name what is ours, and is not for whoever asked.
_SAID: Final[tuple[tuple[type[StrongroomError], str], ...]] = (
    (AccessRefusedError, "it may not be read, or the role that reads it is not there"),
    (NotFoundError, "there is no such vault"),
    (TemporarilyUnavailableError, "AWS does not answer at the moment"),
    (CallRefusedError, "AWS refused the call"),
)
UNREADABLE: Final = tuple(error for error, _ in _SAID)


def vaults_of(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """Every vault in which the account's backups may lie, its own first; without a Region those of any."""
    regions = (region,) if region else intent.organization.regions
    sources = (arn for each in regions for arn in source_vault_arns(intent, account=account, region=each))
    others = (vault.arn for vault in (*own_vaults(intent, account=account), *destination_vaults(intent)))
    return tuple(dict.fromkeys((*sources, *others)))


def list_points(resource: str, vaults: Iterable[str], *, lists: PointLists) -> tuple[list[ListedPoint], list[Unread]]:
    """What lies of the resource in the vaults, and which of them cannot be read."""
    points: list[ListedPoint] = []
    unread: list[Unread] = []
    for vault in vaults:
        try:
            points += lists.of_resource(resource, vault=vault)
        except UNREADABLE as error:
            unread.append(Unread(vault=vault, reason=said_of(error)))
    return points, unread


def look_at_candidates(
    points: Iterable[ListedPoint], question: Question, *, lists: PointLists, unread: list[Unread]
) -> Candidates:
    """The candidates, of which those that are shown were looked at one by one: a list tells less.

    What cannot be looked at stays as its list has it, and joins the `unread`.
    """
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
                told = lists.looked_at(point)
            except UNREADABLE as error:
                told = point
                unread.append(Unread(vault=point.vault, reason=f"{point.arn} could not be looked at: {said_of(error)}"))
            if told is not None:
                known[each] = told


def said_of(error: StrongroomError) -> str:
    """Why something cannot be read, in words that name nothing of ours."""
    return next(said for kind, said in _SAID if isinstance(error, kind))
