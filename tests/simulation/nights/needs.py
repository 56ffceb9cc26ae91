"""What our functions need of a simulated world: the real books and services over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.quiet_hours import QuietHours
from strongroom.domain.values import field_names
from strongroom.services.alerts.post_alert import AlertPostNeeds
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds
from strongroom.services.copies.remediation.diagnose_copy import CopyDiagnosisNeeds
from strongroom.services.copies.remediation.start_copy import CopyStartNeeds
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds
from strongroom.services.copies.verify_copy import CopyVerificationNeeds
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from strongroom.wiring.copies.sweeping import due_list
from tests.simulation.nights.lists import SeenContents, SeenLists
from tests.simulation.nights.remediation import SeenSurroundings, SimulatedRemediation
from tests.simulation.nights.seen import Answers, SeenBackupJobs, SeenCopyJobs, SeenPoints, SeenResources, SeenVaults

if TYPE_CHECKING:
    from tests.simulation.nights.history import History


def needs_of(history: History) -> ReconciliationNeeds:
    """What the functions that read events and lists need."""
    table, people, aws = history.table, history.people, history.aws
    answers = Answers(history.chance, history.clock, history.functions)
    return ReconciliationNeeds(
        intent=history.intent,
        backups=SeenBackupJobs(aws, answers),
        points=SeenPoints(aws, answers),
        vaults=SeenVaults(aws, answers),
        jobs=SeenCopyJobs(aws, answers),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=AlertNotifier(
            book=LedgerAlerts(table),
            announcer=people,
            publisher=people,
            quiet_hours=QuietHours.parse(history.intent.alerts.quiet_hours),
        ),
        publisher=people,
        listed=SeenLists(aws, answers, page_size=history.chance.between("page", 3, 40)),
        contents=SeenContents(aws, answers, page_size=history.chance.between("page", 3, 40)),
        standings=LedgerStandings(table),
        rounds=LedgerRounds(table),
        arrivals=LedgerArrivals(table),
        kept=LedgerKeptCopies(table),
        older=LedgerRounds(table, are_older=True),
        marks=LedgerReconciliation(table),
    )


def sweep_needs_of(history: History, needs: ReconciliationNeeds) -> OverdueSweepNeeds:
    """What the sweep needs: the same, what is due, where resources are, and who sees to what is missing."""
    shared = {name: getattr(needs, name) for name in field_names(CopyVerificationNeeds)}
    answers, accounts = Answers(history.chance, history.clock, history.functions), LedgerAccounts(history.table)
    beats = LedgerHeartbeats(history.table)
    return OverdueSweepNeeds(
        **shared,
        due=due_list(history.table),
        remediations=SimulatedRemediation(
            history.functions,
            starting=CopyStartNeeds(**shared, starter=SeenCopyJobs(history.aws, answers)),
            diagnosing=_diagnosis_needs_of(history, needs, answers),
        ),
        whereabouts=Whereabouts(resources=SeenResources(history.aws, answers), accounts=accounts),
        heartbeats=HeartbeatNeeds(intent=history.intent, beats=beats, accounts=accounts, alerts=needs.alerts),
    )


def _diagnosis_needs_of(history: History, needs: ReconciliationNeeds, answers: Answers) -> CopyDiagnosisNeeds:
    around = SeenSurroundings(answers, history.intent)
    return CopyDiagnosisNeeds(
        intent=history.intent,
        promises=needs.promises,
        groups=needs.groups,
        jobs=needs.jobs,
        points=needs.points,
        vaults=needs.vaults,
        policies=around,
        keys=around,
        switches=around,
        accounts=LedgerAccounts(history.table),
        alerts=needs.alerts,
    )


def post_needs_of(history: History) -> AlertPostNeeds:
    """What showing alerts in Slack needs."""
    table = history.table
    return AlertPostNeeds(book=LedgerAlerts(table), channel=history.slack, threads=LedgerAlertThreads(table))
