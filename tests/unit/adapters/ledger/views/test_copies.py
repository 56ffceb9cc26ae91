"""The states of copies are read out of the lines that the views keep of a resource's nights."""

from datetime import timedelta

from strongroom.adapters.ledger.views.copies import LedgerCopies
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from strongroom.adapters.ledger.views.resources import find_resource, keep_resource
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.status.nights import BackupLine, BackupMade
from strongroom.domain.status.resources import ResourceStatus
from strongroom.domain.status.states import Protection
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import DATABASE, NOW


def _line(night: int, copies: dict[str, PromiseState]) -> BackupLine:
    at = NOW - timedelta(days=night)
    return BackupLine(at=at, tier="daily-prod", rule="", backup=BackupMade.MADE, copies=copies)


def _kept(*lines: BackupLine) -> MemoryViewTable:
    table = MemoryViewTable()
    status = ResourceStatus(
        resource=DATABASE,
        account=AccountId(PAYMENTS),
        region=Region(HOME),
        tier="daily-prod",
        state=Protection.PROTECTED,
        reason="",
        since=NOW,
        seen_at=NOW,
    )
    assert keep_resource(table, status, was=None, lines=lines)
    assert find_resource(table, DATABASE, most=9)[1] == lines
    return table


def test_each_copy_of_the_latest_backups_has_its_state() -> None:
    last = _line(0, {CENTRAL_VAULT: PromiseState.VERIFIED, REPLICA_VAULT: PromiseState.MISSING})
    older = _line(1, {CENTRAL_VAULT: PromiseState.VANISHED})
    table = _kept(last, older, _line(2, {}))
    assert LedgerCopies(table).states(DATABASE, most=9) == {
        (last.at, CENTRAL_VAULT): "VERIFIED",
        (last.at, REPLICA_VAULT): "MISSING",
        (older.at, CENTRAL_VAULT): "VANISHED",
    }


def test_no_more_backups_are_read_than_asked_for() -> None:
    last, older = (_line(night, {CENTRAL_VAULT: PromiseState.VERIFIED}) for night in (0, 1))
    assert list(LedgerCopies(_kept(last, older)).states(DATABASE, most=1)) == [(last.at, CENTRAL_VAULT)]


def test_of_a_resource_that_the_views_do_not_know_nothing_is_known() -> None:
    assert LedgerCopies(MemoryViewTable()).states(DATABASE, most=9) == {}
