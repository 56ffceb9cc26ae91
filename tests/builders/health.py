"""A forwarder that is heard every hour, as it was at the last hour."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.health.heartbeats import Heartbeat
from tests.builders.places import HOME, PAYMENTS

HEARD_AT = datetime(2026, 9, 1, 6, tzinfo=UTC)
WITHIN = timedelta(hours=2)
BEAT_DUE = HEARD_AT + WITHIN


def a_heartbeat(**changes: Any) -> Heartbeat:
    """That of the payments account, heard at six and to be heard by eight."""
    whole = Heartbeat(
        account=PAYMENTS,
        region=HOME,
        expected_since=HEARD_AT - timedelta(days=1),
        heard_at=HEARD_AT,
        due_at=BEAT_DUE,
    )
    return replace(whole, **changes)
