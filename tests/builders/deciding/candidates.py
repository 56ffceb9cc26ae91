"""Recovery points as lists tell them, with any detail changed."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any

from strongroom.domain.restores.candidates.model import ListedPoint
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT

TWO_O_CLOCK = NOW.replace(hour=2, minute=0)
BEFORE = NOW.replace(hour=14, minute=0)
GIB = 2**30


def a_listed_point(**changes: Any) -> ListedPoint:
    """The 02:00 recovery point in the local vault, of a database of 100 GiB."""
    made = ListedPoint(
        arn=POINT,
        vault=LOCAL_VAULT,
        resource=DATABASE,
        resource_type="RDS",
        created_at=TWO_O_CLOCK,
        status="COMPLETED",
        is_cold=False,
        completed_at=TWO_O_CLOCK + timedelta(minutes=10),
        expires_at=NOW + timedelta(days=35),
        kept_for_days=35,
        size=100 * GIB,
    )
    return replace(made, **changes)


def a_listed_copy(**changes: Any) -> ListedPoint:
    """Its copy in the central vault."""
    copied_at: datetime = TWO_O_CLOCK + timedelta(minutes=30)
    copied = {"arn": CENTRAL_POINT, "vault": CENTRAL_VAULT, "source_vault": LOCAL_VAULT, "completed_at": copied_at}
    return a_listed_point(**(copied | changes))
