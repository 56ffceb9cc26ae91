"""Answers to events of a world in which nothing but the intent is known."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom_cli.explain.answers import Answer, Told
from strongroom_cli.explain.documents import Given
from strongroom_cli.explain.explaining import Surroundings, explain

type Explained = Callable[..., Answer]
PRODUCTION = "ou-strg-prod0001"


@pytest.fixture
def explained(intent: Intent) -> Explained:
    """What is said of an event, for an account in Production unless `units` says otherwise."""

    def answer(
        event: dict[str, Any],
        *,
        units: tuple[str, ...] | None = (PRODUCTION,),
        tags: dict[str, str] | None = None,
        of: Intent = intent,
    ) -> Answer:
        told = Told(units=units, tags=tags)
        around = Surroundings(intent=of, told=told, now=datetime(2026, 9, 1, tzinfo=UTC))
        return explain(Given(form="event", event=event), around=around)

    return answer
