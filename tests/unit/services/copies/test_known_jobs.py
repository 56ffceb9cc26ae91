"""A long list is read page by page: what is known costs nothing, and wherever a reading ends it is gone on with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.table import Item
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.copies.found import RecoveryPointFound
from strongroom.domain.copies.reconciling import JobKind, JobPage, Mark, Window
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.copies.reconcile_jobs import Reconciled, ReconciliationNeeds, reconcile_jobs
from tests.builders.places import HOME
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import FakeBackupJobs, FakeCopyJobs
from tests.fakes.many.counting_table import CountingTable
from tests.fakes.many.organization_night import AFTERWARDS, OrganizationNight, OrganizationVaults

BACKUPS, PAGE, ROUNDS = 120, 30, 3
PAGES = BACKUPS * 3 // PAGE
# What arrived in the two vaults, and once more the jobs of copies, for what brought it.
VAULT_PAGES = COPY_PAGES = BACKUPS * 2 // PAGE
# Of each round of 40 backups one fails and one is asked for by hand; of the others' first copies one fails, one lives
# too shortly, and one is not seen yet.
FIRST = {"PROMISED": 38 * ROUNDS, "FAILED": 3 * ROUNDS, "NOT_OURS": ROUNDS, "VERIFIED": 73 * ROUNDS, "PENDING": ROUNDS}
# A page is one call, and so is each recovery point that is looked at.
CALLS = PAGES + COPY_PAGES + (39 + 75) * ROUNDS


class KilledError(Exception):
    """The function dies."""


@dataclass
class Mortal(OrganizationNight):
    """The night, which kills whoever makes call number `deadly`."""

    deadly: int | None = None
    calls: int = 0

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        self._survive()
        return super().page(kind, window, region=region, account=account)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        self._survive()
        return super().find(recovery_point, vault=vault)

    def _survive(self) -> None:
        self.calls += 1
        if self.calls - 1 == self.deadly:
            raise KilledError


@dataclass
class Reading:
    """The lists of one night, read into a ledger."""

    night: Mortal
    table: CountingTable = field(default_factory=CountingTable)
    people: FakeAlerts = field(default_factory=FakeAlerts)

    def __post_init__(self) -> None:
        marks = LedgerReconciliation(self.table)
        for kind in JobKind:
            marks.keep(Mark(kind=kind, region=HOME, reached=AFTERWARDS - timedelta(days=1)), was=None)

    def read(self, now: datetime = AFTERWARDS) -> Reconciled:
        table, alerts = self.table, LedgerAlerts(self.table)
        needs = ReconciliationNeeds(
            intent=self.night.intent,
            backups=FakeBackupJobs(),
            expected=LedgerExpectedBackups(table),
            points=self.night,
            vaults=self.night,
            jobs=FakeCopyJobs(),
            promises=LedgerPromises(table),
            groups=LedgerGroups(table),
            protection=LedgerProtection(table),
            alerts=AlertNotifier(book=alerts, announcer=self.people, publisher=self.people),
            publisher=self.people,
            listed=self.night,
            contents=OrganizationVaults(self.night),
            standings=LedgerStandings(table),
            rounds=LedgerRounds(table),
            arrivals=LedgerArrivals(table),
            kept=LedgerKeptCopies(table),
            older=LedgerRounds(table, are_older=True),
            marks=LedgerReconciliation(table),
        )
        return reconcile_jobs(needs=needs, regions=(HOME,), now=now, clock=lambda: now)

    def left(self) -> list[Item]:
        """The ledger, but for how often it was written, and how far the lists were read."""
        items = (each for each in self.table.inside.everything() if not each["pk"].startswith("RECONCILIATION#"))
        return [{name: value for name, value in item.items() if name != "revision"} for item in items]


@pytest.fixture
def reading(intent: Intent) -> Reading:
    return Reading(Mortal(intent, backups=BACKUPS, page_size=PAGE))


@pytest.fixture(scope="module")
def undisturbed(intent: Intent) -> Reading:
    reading = Reading(Mortal(intent, backups=BACKUPS, page_size=PAGE))
    assert reading.read().counts == FIRST
    assert reading.night.calls == CALLS
    return reading


def test_a_second_reading_writes_nothing_and_asks_no_account_about_what_is_known(reading: Reading) -> None:
    reading.read()
    told = len(reading.people.told)
    reading.table.forget()
    reading.night.asked.clear()
    again = reading.read(AFTERWARDS + timedelta(minutes=30))
    # What was made by hand, and what is not seen yet, the lists alone do not tell.
    assert again.counts == {"KNOWN": 114 * ROUNDS, "NOT_OURS": ROUNDS, "PENDING": ROUNDS}
    assert reading.table.written == {"RECONCILIATION": PAGES + VAULT_PAGES}
    assert reading.night.asked == {
        "List": PAGES + COPY_PAGES,
        "ListVault": VAULT_PAGES,
        "DescribeRecoveryPoint": 2 * ROUNDS,
        "DescribeBackupVault": ROUNDS,
    }
    # One for the promises of each page, and one for what the backups among them answer.
    assert reading.table.requests["BatchGetItem"] == PAGES + PAGES // 3
    assert len(reading.people.told) == told


@pytest.mark.parametrize("deadly", range(0, CALLS, 29))
def test_a_reading_that_dies_anywhere_comes_to_the_same_ledger(
    deadly: int, reading: Reading, undisturbed: Reading
) -> None:
    reading.night.deadly = deadly
    with pytest.raises(KilledError):
        reading.read()
    reading.read()
    assert reading.left() == undisturbed.left()
    assert sorted(map(str, reading.people.told)) == sorted(map(str, undisturbed.people.told))
