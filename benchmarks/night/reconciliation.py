"""What it takes to read AWS's lists of a hundred thousand jobs: of none of them anything is known, then of all."""

from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.measurement import ROOT, Measurement, NotMeasuredError, below
from benchmarks.night.alone import MEMORY, Clock, Taken, peak_megabytes, play_alone
from benchmarks.night.far_table import FarTable
from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds, reconcile_jobs
from strongroom_cli.intent.file import load_intent_file
from tests.builders.places import HOME
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import FakeBackupJobs, FakeCopyJobs
from tests.fakes.many.organization_night import AFTERWARDS, OrganizationNight, OrganizationVaults

JOBS: Final = 100_000
_JOBS_OF_A_BACKUP: Final = 3
_MONDAY: Final = AFTERWARDS + timedelta(days=6)


class Silent(FakeAlerts):
    """Keeps nothing of what is published: that would be the benchmark's memory."""

    def publish(self, fact: object) -> None:
        """The fact goes out."""


def measure_reconciliation(*, jobs: int = JOBS) -> tuple[Measurement, ...]:
    """CPU seconds of each reading, what all but the first write beside their marks, which is nothing, and the memory.

    The last is that of a Monday, which holds all copies against their vaults.
    """
    backups = jobs // _JOBS_OF_A_BACKUP + 1
    taken = play_alone("reconciliation", backups)
    first, again, weekly = (
        {"jobs": backups * _JOBS_OF_A_BACKUP} | taken[reading] for reading in ("first", "again", "weekly")
    )
    is_quiet = not again["writes"] and set(again["asked"]) == {"List", "ListVault"}
    is_still = not weekly["writes"] and set(weekly["asked"]) == {"List", "ListVault"}
    claim = {"target": "no write but of marks, no call but for lists", "holds": is_quiet}
    return (
        Measurement(name="reconciliation.first", value=first.pop("seconds"), unit="s CPU", detail=first),
        Measurement(name="reconciliation.again", value=again.pop("seconds"), unit="s CPU", detail=claim | again),
        Measurement(
            name="reconciliation.weekly",
            value=weekly.pop("seconds"),
            unit="s CPU",
            detail=claim | {"holds": is_still} | weekly,
        ),
        below("reconciliation.memory", max(each["peak_mb"] for each in (first, again, weekly)), "MB", limit=MEMORY),
    )


def play_reconciliation(backups: int) -> Taken:
    """Read a night of so many backups, with two copies each, twice, and their vaults on the next Monday."""
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    night = OrganizationNight(intent, backups=backups, trouble=False)
    with FarTable() as table:
        taken = {"first": read_lists(night, table, at=AFTERWARDS)}
        if taken["first"]["came_to"] != {"PROMISED": backups, "VERIFIED": 2 * backups}:
            raise NotMeasuredError(f"the jobs came to {taken['first']['came_to']}")
        taken["again"] = read_lists(night, table, at=AFTERWARDS + timedelta(minutes=30))
        if taken["again"]["came_to"] != {"KNOWN": _JOBS_OF_A_BACKUP * backups}:
            raise NotMeasuredError(f"the second time the jobs came to {taken['again']['came_to']}")
        taken["weekly"] = read_lists(night, table, at=_MONDAY)
        if taken["weekly"]["came_to"]:
            raise NotMeasuredError(f"by their vaults the copies came to {taken['weekly']['came_to']}")
    return taken


def read_lists(night: OrganizationNight, table: FarTable, *, at: datetime) -> Taken:
    """What one reading of the lists took that begins then."""
    people, clock = Silent(), Clock()
    alerts = LedgerAlerts(table)
    needs = ReconciliationNeeds(
        intent=night.intent,
        backups=FakeBackupJobs(),
        expected=LedgerExpectedBackups(table),
        points=night,
        vaults=night,
        jobs=FakeCopyJobs(),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        protection=LedgerProtection(table),
        alerts=AlertNotifier(book=alerts, announcer=people, publisher=people),
        publisher=people,
        listed=night,
        contents=OrganizationVaults(night),
        standings=LedgerStandings(table),
        rounds=LedgerRounds(table),
        arrivals=LedgerArrivals(table),
        kept=LedgerKeptCopies(table),
        older=LedgerRounds(table, are_older=True),
        marks=LedgerReconciliation(table),
    )
    night.asked.clear()
    table.counts()
    came_to = reconcile_jobs(needs=needs, regions=(HOME,), now=at, clock=lambda: at).counts
    counts: dict[str, Any] = table.counts()
    written = {family: count for family, count in counts["written"].items() if family != "RECONCILIATION"}
    return {
        "seconds": clock.seconds,
        "peak_mb": peak_megabytes(),
        "came_to": came_to,
        "writes": written,
        "write_units": sum(counts["write_units"].values()),
        "read_units": counts["read_units"],
        "reads": counts["requests"].get("BatchGetItem", 0) + counts["requests"].get("GetItem", 0),
        "asked": dict(night.asked),
    }
