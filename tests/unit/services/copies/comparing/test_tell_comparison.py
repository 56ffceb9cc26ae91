"""That a vault cannot be compared is told once, with what keeps it from that, until it was."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.domain.copies.comparing.rounds import RECENT, Left, Round
from strongroom.services.copies.comparing.tell_comparison import tell_read, tell_round, tell_unread
from tests.builders.copies import IN_TIME
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME
from tests.fakes.accounts_and_tags import FakeAlerts

DAY = timedelta(days=1)
ROUND = Round(week=IN_TIME - DAY, until=IN_TIME, reached=IN_TIME)


def test_it_is_told_once_and_resolved_once() -> None:
    people = FakeAlerts()
    tell_read(CENTRAL_VAULT, alerts=people.notifier, now=IN_TIME)
    for hours in range(2):
        tell_unread(CENTRAL_VAULT, cause="nobody may", alerts=people.notifier, now=IN_TIME + timedelta(hours=hours))
    (alert,) = people.told
    assert (alert.kind, alert.subject, alert.severity) == (
        AlertKind.VAULTS_NOT_COMPARED,
        CENTRAL_VAULT,
        Severity.WARNING,
    )
    assert alert.reason == "what it holds cannot be compared with what is known: nobody may"
    for hours in range(2, 4):
        tell_read(CENTRAL_VAULT, alerts=people.notifier, now=IN_TIME + timedelta(hours=hours))
    assert people.settled == [alert]


@pytest.mark.parametrize(
    ("current", "words"),
    [
        pytest.param(replace(ROUND, reached=IN_TIME - DAY), "2026-08-31 03:10 UTC to 2026-09-01 03:10 UTC", id="half"),
        pytest.param(
            replace(ROUND, left=(Left(IN_TIME - 9 * DAY, IN_TIME - 8 * DAY),)),
            "2026-08-23 03:10 UTC to 2026-08-24 03:10 UTC could not be held against their vaults",
            id="a day",
        ),
        pytest.param(
            replace(ROUND, left=(Left(IN_TIME - 9 * DAY, IN_TIME, CENTRAL_VAULT),)),
            f"2026-08-23 03:10 UTC to 2026-09-01 03:10 UTC could not be held against {CENTRAL_VAULT}",
            id="a vault",
        ),
    ],
)
def test_a_round_that_is_not_over_after_a_day_is_told_with_what_it_lacks(current: Round, words: str) -> None:
    people = FakeAlerts()
    for known in (current, ROUND):
        tell_round(known, RECENT, home=(BACKUP_ACCOUNT, HOME), alerts=people.notifier, now=IN_TIME + DAY)
    assert people.told == []
    for hours in range(2):
        late = IN_TIME + DAY + timedelta(hours=1 + hours)
        tell_round(current, RECENT, home=(BACKUP_ACCOUNT, HOME), alerts=people.notifier, now=late)
    (alert,) = people.told
    assert words in alert.reason
    tell_round(ROUND, RECENT, home=(BACKUP_ACCOUNT, HOME), alerts=people.notifier, now=IN_TIME + 2 * DAY)
    assert people.settled == [alert]
