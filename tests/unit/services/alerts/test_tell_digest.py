"""Each day's digest is told once by each way, and says so, too, when all is well."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.alerts import LedgerAlerts, LedgerDigests, LedgerOpenAlerts
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import Alert, AlertKind, Whose
from strongroom.domain.alerts.digest import Digest
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, told
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.services.alerts.tell_digest import DigestState, DigestTellingNeeds, tell_digest
from tests.builders.places import HOME, PAYMENTS

SEVEN = datetime(2026, 11, 24, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Way:
    told: list[Digest] = field(default_factory=list)
    is_down: bool = False

    def tell_digest(self, digest: Digest) -> None:
        if self.is_down:
            raise TemporarilyUnavailableError("it does not answer")
        self.told.append(digest)


class Morning:
    def __init__(self, table: MemoryTable) -> None:
        self.alerts, self.listed, self.book = LedgerAlerts(table), LedgerOpenAlerts(table), LedgerDigests(table)
        self.topic, self.channel = Way(), Way()

    def look(self, now: datetime, *, digest_at: str | None = "07:00") -> DigestState:
        tellers = {"topic": self.topic, "channel": self.channel}
        needs = DigestTellingNeeds(digest_at=digest_at, alerts=self.listed, book=self.book, tellers=tellers)
        return tell_digest(needs=needs, now=now).state

    @property
    def days(self) -> list[int]:
        assert self.topic.told == self.channel.told
        return [digest.day.day for digest in self.topic.told]

    def open(self, subject: str, *, at: datetime, by: str = "") -> None:
        whose = Whose(account_name="payments", owner="#payments")
        alert = Alert(
            kind=AlertKind.COPY_FAILED, subject=subject, account=PAYMENTS, region=HOME, reason="", whose=whose
        )
        state = AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=at, last_seen_at=at)
        marked = replace(state, acknowledged_by=by, acknowledged_at=SEVEN if by else None)
        self.alerts.keep(told(marked), was=None)


@pytest.fixture
def morning(ledger_table: MemoryTable) -> Morning:
    return Morning(ledger_table)


def test_a_digest_is_told_once_a_day_and_when_all_is_well_it_says_so(morning: Morning) -> None:
    looks = [morning.look(SEVEN + timedelta(minutes=15 * step)) for step in range(4 * 24 + 1)]
    assert (looks[0], looks[96]) == (DigestState.TOLD, DigestState.TOLD)
    assert {*looks[1:96]} == {DigestState.KNOWN}
    assert morning.days == [24, 25]
    assert morning.topic.told[0].text == "2026-11-24: all is well, no alert is open"


def test_after_days_away_the_latest_is_told_and_none_before(morning: Morning) -> None:
    morning.look(SEVEN)
    morning.look(SEVEN + 3 * DAY - timedelta(minutes=1))
    assert morning.days == [24, 26]


def test_a_way_that_was_down_is_told_later_and_the_other_not_again(morning: Morning) -> None:
    morning.channel.is_down = True
    for _ in range(2):
        with pytest.raises(TemporarilyUnavailableError):
            morning.look(SEVEN)
    morning.channel.is_down = False
    assert morning.look(SEVEN + DAY / 24) is DigestState.TOLD
    assert morning.days == [24]


def test_without_an_hour_there_is_none(morning: Morning) -> None:
    assert morning.look(SEVEN, digest_at=None) is DigestState.NONE
    assert morning.days == []


def test_what_somebody_looks_after_is_not_told_as_new(morning: Morning) -> None:
    morning.open("fresh", at=SEVEN - timedelta(hours=3))
    morning.open("marked", at=SEVEN - timedelta(hours=2), by="maria")
    morning.open("old", at=SEVEN - 2 * DAY)
    morning.look(SEVEN)
    line = "- critical: Copy failed, payments (222222222222), owner #payments, since 2026-11-{} UTC{}: {}"
    assert morning.topic.told[0].text.splitlines() == [
        "2026-11-24: 3 open, 1 of them new, 1 looked after",
        "New:",
        line.format("24 04:00", "", "fresh"),
        "Still open:",
        line.format("22 07:00", "", "old"),
        "Looked after:",
        line.format("24 05:00", " (maria)", "marked"),
    ]


def test_of_many_the_rest_is_counted(morning: Morning) -> None:
    for number in range(33):
        morning.open(f"arn:{number}", at=SEVEN)
    morning.look(SEVEN)
    assert morning.topic.told[0].text.splitlines()[-1] == "- and 3 more: `strongroom alerts list`"
