"""What the search for candidates asks: lists of vaults, past restores and what became of backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds
from tests.builders.deciding.candidates import a_listed_copy, a_listed_point
from tests.builders.restores import a_landing_vault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.errors import StrongroomError
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.arriving.landing import LandingVault
    from strongroom.domain.restores.candidates.model import ListedPoint
    from strongroom.domain.status.nights import BackupLine
    from tests.fakes.restores.world import CeremonyWorld


@dataclass
class FakeLists:
    """Lists of vaults; `refused` are the errors of those that cannot be read, `unseen` of points that cannot.

    `described` is how a point looks where it was looked at, None where it is gone.
    """

    points: list[ListedPoint] = field(default_factory=lambda: [a_listed_point(), a_listed_copy()])
    refused: dict[str, StrongroomError] = field(default_factory=dict)
    unseen: dict[str, StrongroomError] = field(default_factory=dict)
    described: dict[str, ListedPoint | None] = field(default_factory=dict)
    listed: list[tuple[str, str]] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)

    def of_resource(self, resource: str, *, vault: str, created_at: datetime | None = None) -> list[ListedPoint]:
        self.listed.append((resource, vault))
        if vault in self.refused:
            raise self.refused[vault]
        found = [each for each in self.points if (each.resource, each.vault) == (resource, vault)]
        return [each for each in found if created_at in (None, each.created_at)]

    def looked_at(self, point: ListedPoint) -> ListedPoint | None:
        self.looks.append(point.arn)
        if point.arn in self.unseen:
            raise self.unseen[point.arn]
        return self.described.get(point.arn, point)


@dataclass
class FakePast:
    """How long restores took, and the error of whoever asks."""

    took: tuple[timedelta, ...] = ()
    refused: StrongroomError | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def last(self, resource_type: str, *, account: AccountId, region: Region) -> tuple[timedelta, ...]:
        self.asked.append((resource_type, account, region))
        if self.refused is not None:
            raise self.refused
        return self.took


@dataclass
class FakeHistory:
    """What became of each backup, or the error of whoever asks."""

    lines: tuple[BackupLine, ...] = ()
    refused: StrongroomError | None = None

    def states(self, resource: str, *, most: int) -> Mapping[tuple[datetime, str], str]:
        if self.refused is not None:
            raise self.refused
        return {(line.at, vault): state for line in self.lines[:most] for vault, state in line.copies.items()}


@dataclass
class FakeLanding:
    """The local vault of every account, or the error of whoever looks for it."""

    vault: LandingVault = field(default_factory=a_landing_vault)
    refused: StrongroomError | None = None

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        if self.refused is not None:
            raise self.refused
        return self.vault


class Finding:
    """A world in which candidates are looked for; after so many `answers` there is no time left, None is no end."""

    def __init__(self, world: CeremonyWorld) -> None:
        self.world = world
        self.lists, self.past, self.history, self.vaults = FakeLists(), FakePast(), FakeHistory(), FakeLanding()
        self.answers: int | None = None

    @property
    def needs(self) -> CandidateFindingNeeds:
        return CandidateFindingNeeds(
            intent=self.world.intent,
            ceremony=self.world.ceremony,
            lists=self.lists,
            past=self.past,
            history=self.history,
            vaults=self.vaults,
            units=self.world,
            in_time=self._in_time,
        )

    def _in_time(self) -> bool:
        return self.answers is None or len(self.lists.listed) + len(self.lists.looks) < self.answers
