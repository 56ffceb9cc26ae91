"""What it takes to find five rows among ten thousand recovery points, and to keep them with a request.

The lists are answered at once, so that what counts is our own work and the number of calls: a call each for a page of a
thousand points, and one for each point that is described, most of which turn out to be gone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.measurement import CALLS, MILLISECONDS, Measurement, quickest_seconds
from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds, CandidateWish, find_candidates
from strongroom.services.restores.asking.keep_candidates import keep_candidates
from tests.builders.deciding.candidates import BEFORE, GIB
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import DATABASE, NOW, POINT, a_landing_vault, a_request

MOST_MILLISECONDS: Final = 3000
MOST_LOOKS: Final = 20
ROWS: Final = 5
_PAGE: Final = 1000
_GONE: Final = 40  # of the newest, so that all looks are taken


@dataclass
class _Vaults:
    """AWS Backup with so many points of one database in its own vault, and nothing in the others.

    It plays the clients of each account, and the ports of which nothing is known.
    """

    points: int
    pages: int = 0
    looks: int = 0

    def client(self, *_: str, **_place: str) -> Any:
        return self

    def get_paginator(self, _method: str) -> Any:
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        count = self.points if asked["BackupVaultName"] == Arn.parse(LOCAL_VAULT).name else 0
        for first in range(0, count, _PAGE):
            self.pages += 1
            yield {"RecoveryPoints": [_point(number) for number in range(first, min(first + _PAGE, count))]}

    def describe_recovery_point(self, **asked: Any) -> dict[str, Any]:
        self.looks += 1
        number = int(asked["RecoveryPointArn"].rpartition("-")[2])
        return _point(number) | {"Status": "DELETING" if number < _GONE else "COMPLETED", "StorageClass": "WARM"}

    def states(self, resource: str, *, most: int) -> Mapping[tuple[datetime, str], str]:  # noqa: ARG002
        return {}

    def last(self, *_: str, **_place: str) -> tuple[timedelta, ...]:
        return ()

    def landing(self, _account: AccountId, _region: Region) -> Any:
        return a_landing_vault()


@dataclass(frozen=True, slots=True)
class _Production:
    """Every account is in Production."""

    intent: Intent

    def units_of(self, _account: AccountId) -> tuple[str, ...]:
        return (self.intent.organization.units["Production"],)


def measure_candidates(intent: Intent, *, points: int = 10_000, runs: int = 3) -> tuple[Measurement, ...]:
    """The milliseconds until the rows are found, and until they are kept with a request, and the looks that each takes.

    The last but one of all points is the one that is asked for, which is none of the five.
    """
    vaults = _Vaults(points)
    needs = _needs(vaults, intent)
    wish = CandidateWish(resource=DATABASE, before=f"{BEFORE:%Y-%m-%dT%H:%M:%SZ}")
    request = a_request(recovery_point=f"{POINT}-{points - 2}", recovery_point_created_at=_made(points - 2))
    works: dict[str, Callable[[], Any]] = {
        "find_candidates": lambda: find_candidates(wish, needs=needs, now=NOW).candidates,
        "keep_candidates": lambda: keep_candidates(request, before=BEFORE, needs=needs, now=NOW).rows,
    }
    seconds = quickest_seconds(works, runs=runs)
    return tuple(
        row
        for name, work in works.items()
        for row in _rows(f"{name}.{points}_points", seconds[name], *_counted(vaults, work))
    )


def _counted(vaults: _Vaults, work: Callable[[], Any]) -> tuple[int, int]:
    """How many rows there are, and how many looks were taken for them."""
    before = vaults.looks
    return len(work()), vaults.looks - before


def _rows(name: str, seconds: float, rows: int, looks: int) -> tuple[Measurement, Measurement]:
    taken = round(seconds * 1000, 1)
    holds = taken <= MOST_MILLISECONDS and rows >= ROWS
    in_time = {"target": f"{ROWS} rows, <= {MOST_MILLISECONDS:,} ms", "rows": rows, "holds": holds}
    few = {"target": f"<= {MOST_LOOKS} descriptions", "holds": 0 < looks <= MOST_LOOKS}
    return (
        Measurement(name=name, value=taken, unit=MILLISECONDS, detail=in_time),
        Measurement(name=f"{name}.looks", value=looks, unit=CALLS, detail=few),
    )


def _needs(vaults: _Vaults, intent: Intent) -> CandidateFindingNeeds:
    own = intent.organization.backup_account
    return CandidateFindingNeeds(
        intent=intent,
        ceremony=ceremony_of(intent),
        lists=ListedPoints(vaults.client, vaults, own_account=own, now=NOW),
        vaults=vaults,
        past=vaults,
        history=vaults,
        units=_Production(intent),
    )


def _made(number: int) -> datetime:
    return BEFORE - timedelta(minutes=5 * number + 60)


def _point(number: int) -> dict[str, Any]:
    made = _made(number)
    return {
        "RecoveryPointArn": f"{POINT}-{number}",
        "ResourceArn": DATABASE,
        "ResourceType": "RDS",
        "CreationDate": made,
        "CompletionDate": made + timedelta(minutes=10),
        "Status": "COMPLETED",
        "BackupSizeInBytes": 100 * GIB,
        "Lifecycle": {"DeleteAfterDays": 100},
        "CalculatedLifecycle": {"DeleteAt": made + timedelta(days=100)},
    }
