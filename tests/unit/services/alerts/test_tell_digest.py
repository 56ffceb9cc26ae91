"""Each day's digest is told once by each way, and says so, too, when all is well."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerDigests, LedgerOpenAlerts
from strongroom.adapters.ledger.written_tags import LedgerWrittenTags
from strongroom.domain.alerts.complaints import Alert, AlertKind, Whose
from strongroom.domain.alerts.digest import Digest
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, told
from strongroom.domain.alerts.owner_news import OwnerNews
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.tags.remembered import Judged
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.services.alerts.tell_digest import DigestState, DigestTellingNeeds, tell_digest
from tests.builders.places import HOME, PAYMENTS, REPORTS, VAULT_ACCOUNT

SEVEN = datetime(2026, 11, 24, 7, tzinfo=UTC)
DAY = timedelta(days=1)
OWNED = {
    PAYMENTS: Whose(account_name="payments", owner="#payments"),
    REPORTS: Whose(account_name="reports", owner="#data"),
}


@dataclass
class Way:
    told: list[Digest] = field(default_factory=list)
    is_down: bool = False

    def tell_digest(self, digest: Digest) -> None:
        if self.is_down:
            raise TemporarilyUnavailableError("it does not answer")
        self.told.append(digest)


@dataclass
class Mail:
    sent: list[OwnerNews] = field(default_factory=list)
    is_down_for: str | None = None

    def tell_owner(self, news: OwnerNews) -> None:
        if news.owner == self.is_down_for:
            raise TemporarilyUnavailableError("it does not answer")
        self.sent.append(news)


class Known:
    def of(self, account: AccountId) -> Whose | None:
        return OWNED.get(account)


class Morning:
    def __init__(self, table: MemoryTable) -> None:
        self.alerts, self.listed, self.book = LedgerAlerts(table), LedgerOpenAlerts(table), LedgerDigests(table)
        self.resources, self.tags = LedgerResources(table), LedgerWrittenTags(table)
        self.topic, self.channel, self.mail = Way(), Way(), Mail()

    def look(self, now: datetime, *, digest_at: str | None = "07:00") -> DigestState:
        tellers = {"topic": self.topic, "channel": self.channel}
        needs = DigestTellingNeeds(
            digest_at=digest_at,
            alerts=self.listed,
            book=self.book,
            tellers=tellers,
            tags=self.tags,
            owners=Known(),
            mail=self.mail,
        )
        return tell_digest(needs=needs, now=now).state

    @property
    def days(self) -> list[int]:
        assert self.topic.told == self.channel.told
        return [digest.day.day for digest in self.topic.told]

    def tag(self, name: str, *, at: datetime, account: AccountId = PAYMENTS, state: TagState = TagState.TAGGED) -> None:
        writes = {"strongroom:backup-tier": "daily-prod"} if state in {TagState.TAGGED, TagState.CORRECTED} else {}
        verdict = TagVerdict(
            state=state,
            reason="the account's default",
            resource=f"arn:aws:dynamodb:eu-west-1:{account}:table/{name}",
            account=account,
            region=HOME,
            tier="daily-prod",
            writes=writes,
        )
        self.resources.record([Judged(verdict=verdict, event_id=name, label="DynamoDB")], now=at)

    @property
    def news(self) -> list[tuple[str, int, list[str]]]:
        return [
            (news.owner, news.day.day, [each.resource.rpartition("/")[2] for each in news.written])
            for news in self.mail.sent
        ]

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


def test_each_owner_is_told_once_what_was_tagged_for_them(morning: Morning) -> None:
    morning.tag("orders", at=SEVEN - timedelta(hours=1))
    morning.tag("carts", at=SEVEN - timedelta(hours=2), state=TagState.CORRECTED)
    morning.tag("clicks", at=SEVEN - timedelta(hours=3), account=REPORTS)
    morning.tag("strangers", at=SEVEN - timedelta(hours=4), account=VAULT_ACCOUNT)
    for _ in range(2):
        morning.look(SEVEN)
    assert morning.news == [("", 24, ["strangers"]), ("#data", 24, ["clicks"]), ("#payments", 24, ["carts", "orders"])]
    line = "- 2026-11-24 {} UTC, payments (222222222222), eu-west-1: DynamoDB {}/{} is in daily-prod: {}"
    tables, why = "arn:aws:dynamodb:eu-west-1:222222222222:table", "the account's default"
    assert morning.mail.sent[-1].text.splitlines()[:-1] == [
        "2026-11-24: 2 resources were tagged for backup",
        "Owner: #payments",
        line.format("05:00", tables, "carts", why),
        line.format("06:00", tables, "orders", why),
    ]


@pytest.mark.parametrize("state", [TagState.COMPLIANT, TagState.TAG, TagState.CORRECT, TagState.CANNOT])
def test_where_nothing_was_written_nobody_is_told(state: TagState, morning: Morning) -> None:
    morning.tag("orders", at=SEVEN - timedelta(hours=1), state=state)
    morning.look(SEVEN)
    assert morning.news == []


def test_what_is_found_right_later_is_still_told_and_what_is_judged_otherwise_is_not(morning: Morning) -> None:
    for name in ("orders", "carts"):
        morning.tag(name, at=SEVEN - timedelta(hours=3))
    morning.tag("orders", at=SEVEN - timedelta(hours=2), state=TagState.COMPLIANT)
    morning.tag("carts", at=SEVEN - timedelta(hours=2), state=TagState.CANNOT)
    morning.look(SEVEN)
    assert morning.news == [("#payments", 24, ["orders"])]


def test_nothing_is_told_on_two_days_and_nothing_on_none(morning: Morning) -> None:
    """What may not be on the index yet belongs to the next day; after days away the news of all comes together."""
    before = timedelta(minutes=-15)
    times = {"before": before - timedelta.resolution, "at": before, "later": 2 * DAY, "new": 3 * DAY}
    for name, time in times.items():
        morning.tag(name, at=SEVEN + time)
    for day in (0, 3, 4):
        morning.look(SEVEN + day * DAY)
    assert morning.news == [
        ("#payments", 24, ["before"]),
        ("#payments", 27, ["at", "later"]),
        ("#payments", 28, ["new"]),
    ]


def test_an_owner_who_could_not_be_told_is_told_later_and_the_others_not_again(morning: Morning) -> None:
    morning.tag("clicks", at=SEVEN - timedelta(hours=3), account=REPORTS)
    morning.tag("orders", at=SEVEN - timedelta(hours=1))
    morning.mail.is_down_for = "#payments"
    with pytest.raises(TemporarilyUnavailableError):
        morning.look(SEVEN)
    morning.mail.is_down_for = None
    assert morning.look(SEVEN + DAY / 24) is DigestState.TOLD
    assert morning.news == [("#data", 24, ["clicks"]), ("#payments", 24, ["orders"])]
    assert morning.days == [24]


def test_however_long_owners_take_everybody_else_has_the_digest(morning: Morning) -> None:
    morning.tag("orders", at=SEVEN - timedelta(hours=1))
    morning.mail.is_down_for = "#payments"
    with pytest.raises(TemporarilyUnavailableError):
        morning.look(SEVEN)
    assert morning.days == [24]


def test_an_owner_who_could_not_be_told_all_day_is_told_the_next(morning: Morning) -> None:
    morning.tag("orders", at=SEVEN - timedelta(hours=1))
    morning.mail.is_down_for = "#payments"
    with pytest.raises(TemporarilyUnavailableError):
        morning.look(SEVEN)
    morning.mail.is_down_for = None
    morning.tag("carts", at=SEVEN + timedelta(hours=1))
    morning.look(SEVEN + DAY)
    assert morning.news == [("#payments", 25, ["orders", "carts"])]


def test_of_many_tags_the_rest_is_counted(morning: Morning) -> None:
    for number in range(33):
        morning.tag(f"table-{number:02}", at=SEVEN - timedelta(hours=1))
    morning.look(SEVEN)
    [news] = morning.mail.sent
    assert (len(news.written), news.text.splitlines()[-2]) == (33, "- and 3 more")
