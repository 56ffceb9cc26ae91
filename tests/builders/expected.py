"""A backup that the payments database owes each night at two, with one thing changed."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.copies.expected.backups import Answer, ExpectedBackup
from strongroom.domain.copies.expected.runs import Runs, runs_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import ONLY_RULE
from tests.builders.copies import CREATED_AT, RESOURCE
from tests.builders.places import HOME, PAYMENTS

NIGHT = timedelta(days=1)
FIRING = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)
# An hour to start, four to complete, ten minutes of grace.
BACKUP_DUE = datetime(2026, 9, 2, 7, 10, tzinfo=UTC)


def an_expected(**changes: Any) -> ExpectedBackup:
    """Answered on the first of September, expected on the second."""
    expected = ExpectedBackup(
        resource=RESOURCE,
        account=PAYMENTS,
        region=HOME,
        tier="daily-prod",
        rule=ONLY_RULE,
        firing=FIRING,
        due_at=BACKUP_DUE,
        reason="the backup completed",
        last_created=CREATED_AT,
        last_job="backup-1",
        version=1,
        revision=1,
    )
    return replace(expected, **changes)


def an_answer(**changes: Any) -> Answer:
    """The job of the second of September completed."""
    answer = Answer(job="backup-2", created_at=FIRING, is_good=True, reason="the backup completed")
    return replace(answer, **changes)


def a_timetable(intent: Intent, *, tier: str = "daily-prod", rule: str = ONLY_RULE) -> Runs:
    """The runs of a rule that the intent has."""
    runs = runs_of(intent, tier=tier, rule=rule)
    assert runs is not None
    return runs
