"""Candidates are asked for, where the vault alone says how a point comes back."""

from typing import Any

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.candidates.model import Candidates, ListedPoint
from strongroom.domain.restores.candidates.ranking import Question, rank_candidates
from strongroom.domain.restores.deciding.case import Way
from tests.builders.deciding.candidates import BEFORE
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, REPLICA_VAULT
from tests.builders.restores import NOW

WAYS = {LOCAL_VAULT: Way.LOCAL, CENTRAL_VAULT: Way.COPY_BACK, REPLICA_VAULT: Way.REPLICA}


def way_of(point: ListedPoint) -> Way:
    """The way by the vault alone."""
    if point.status != "COMPLETED":
        raise RestoreRefusedError(f"its status is {point.status}")
    return WAYS[point.vault]


def a_question(**changes: Any) -> Question:
    return Question(before=BEFORE, now=NOW, way_of=way_of, seen={})._replace(**changes)


def found(*points: ListedPoint, **changes: Any) -> Candidates:
    return rank_candidates(points, a_question(**changes))
