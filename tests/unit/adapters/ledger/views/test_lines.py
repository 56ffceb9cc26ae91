"""A line of a resource's history says in few bytes what became of a backup, and is read whole."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.views.copies import LedgerCopies
from strongroom.adapters.ledger.views.lines import line_item
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from strongroom.adapters.ledger.views.resources import find_resource
from strongroom.adapters.ledger.views.written import dumped
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.status.nights import BackupLine, BackupMade
from tests.builders.copies import CREATED_AT, RESOURCE
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, REPLICA_VAULT
from tests.fakes.many.units import size_of

GOV = f"arn:aws-us-gov:backup:us-gov-west-1:{BACKUP_ACCOUNT}:backup-vault:central"
BOTH = {CENTRAL_VAULT: PromiseState.VERIFIED, REPLICA_VAULT: PromiseState.VERIFIED}


def a_line(**changes: Any) -> BackupLine:
    line: dict[str, Any] = {"at": CREATED_AT, "tier": "daily-prod", "rule": "monthly", "copies": BOTH}
    return BackupLine(**(line | {"backup": BackupMade.MADE} | changes))


def of_vault(vault: str) -> dict[str, Any]:
    return {"copies": {vault: PromiseState.MISSING}}


LINES = [
    pytest.param(a_line(), id="as-nearly-all"),
    pytest.param(a_line(copies={}), id="no-copy-is-owed"),
    pytest.param(a_line(backup=BackupMade.FAILED, copies={}), id="failed"),
    pytest.param(a_line(backup=BackupMade.MISSING, rule="", copies={}), id="missing-of-no-rule"),
    pytest.param(a_line(at=CREATED_AT + timedelta(microseconds=123_456), rule="a#b"), id="moment-and-rule"),
    pytest.param(a_line(**of_vault(GOV)), id="another-partition"),
    pytest.param(a_line(**of_vault(GOV.replace("aws-us-gov", "aws"))), id="partition-that-the-region-is-not-in"),
    pytest.param(a_line(**of_vault("arn:vault")), id="no-vault"),
    pytest.param(a_line(**of_vault(f"{CENTRAL_VAULT}:more")), id="more-than-a-name"),
    pytest.param(a_line(**of_vault(f"arn:aws:rds:{HOME}:{BACKUP_ACCOUNT}:db:orders")), id="another-kind"),
]


def table_of(*items: dict[str, Any]) -> MemoryViewTable:
    table = MemoryViewTable()
    for item in items:
        table.put({name: value for name, value in item.items() if value is not None})
    return table


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_as_it_was_written(line: BackupLine) -> None:
    table = table_of(line_item(RESOURCE, line))
    assert find_resource(table, RESOURCE, most=9) == (None, (line,))
    states = {(line.at, vault): state for vault, state in line.copies.items()}
    assert LedgerCopies(table).states(RESOURCE, most=9) == states


def test_a_line_of_a_release_that_said_it_whole_is_read_among_the_others() -> None:
    old = a_line(at=CREATED_AT - timedelta(days=1))
    keys = {name: line_item(RESOURCE, old)[name] for name in ("pk", "sk", "expires_at")}
    table = table_of(line_item(RESOURCE, a_line()), keys | dumped(old))
    assert find_resource(table, RESOURCE, most=9) == (None, (a_line(), old))
    assert set(LedgerCopies(table).states(RESOURCE, most=9)) == {
        (line.at, vault) for line in (a_line(), old) for vault in BOTH
    }


def test_a_line_says_nothing_twice_and_is_forgotten_after_an_auditors_year() -> None:
    item = line_item(RESOURCE, a_line())
    assert {name for name, value in item.items() if value is not None} == {"pk", "sk", "copies", "expires_at"}
    assert item["expires_at"] == int((CREATED_AT + timedelta(days=400)).timestamp())
    assert not any(vault in str(item) for vault in BOTH)
    assert size_of(item) < 320
