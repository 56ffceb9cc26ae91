"""How long the rules are that hear of resources and of their tags, and how often a table that restores is looked at."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.measurement import Measurement, NotMeasuredError
from strongroom.domain.accounts.patterns import life_pattern
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.rows import row_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import written_keys
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.drift.patterns import change_forwarder_pattern, change_pattern
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.patterns import LONGEST_PATTERN, creation_pattern
from strongroom.domain.tags.waiting import Task, paused

CHARACTERS: Final = "characters"
LOOKS: Final = "looks"
MOST_LOOKS: Final = 14
RESTORES_FOR: Final = timedelta(hours=2)


def measure_tag_rules(intent: Intent) -> tuple[Measurement, ...]:
    """Characters of each pattern, and looks before a table that takes two hours can be tagged."""
    patterns = {
        "creations": creation_pattern(),
        "changes": change_pattern(),
        "changes_of_ours": change_forwarder_pattern(list(written_keys(intent))),
        "accounts": life_pattern(),
    }
    looks = _looks()
    return (
        *(
            _row(f"rule.{name}", len(_written(each)), CHARACTERS, most=LONGEST_PATTERN)
            for name, each in patterns.items()
        ),
        _row("waiting.table_of_2_hours", looks, LOOKS, most=MOST_LOOKS),
    )


def _row(name: str, value: int, unit: str, *, most: int) -> Measurement:
    return Measurement(name=name, value=value, unit=unit, detail={"target": f"<= {most}", "holds": value <= most})


def _written(pattern: dict[str, Any]) -> str:
    return json.dumps(pattern, separators=(",", ":"))


def _looks() -> int:
    """Looks in vain, and the one that finds the table there."""
    began = datetime(2026, 9, 1, 10, tzinfo=UTC)
    task, now, looks = _restored_table(began), began, 1
    while now - began < RESTORES_FOR:
        pause = paused(task, now=now)
        if pause.until is None:
            break
        task, now, looks = pause.task, pause.until, looks + 1
    return looks


def _restored_table(began: datetime) -> Task:
    region, account = Region("eu-west-1"), AccountId("222222222222")
    arn = f"arn:aws:dynamodb:{region}:{account}:table/orders"
    row = row_of(arn)
    if row is None:
        raise NotMeasuredError(f"{arn} is of no type")
    resource = Resource(arn=arn, label=row.label, account=account, region=region)
    return Task(made=Made(resource=resource, kind=Kind.RESTORE, type=row), event_id="e-1", made_at=began, since=began)
