"""What the views read of a resource: its rules' own memory, and what answered no rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.table import Table
from strongroom.adapters.ledger.views.reading import LedgerReading
from tests.builders.copies import COMPLETED_AT, RESOURCE
from tests.builders.expected import an_expected
from tests.builders.places import PAYMENTS

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    by_rules: Mapping[str, datetime]
    otherwise: datetime | None
    last: tuple[datetime | None, str | None]


CASES = {
    "no backup": Case({}, None, (None, None)),
    "one of a rule": Case({"daily": COMPLETED_AT}, None, (COMPLETED_AT, "arn:daily")),
    "the later of two rules": Case(
        {"daily": COMPLETED_AT, "monthly": COMPLETED_AT + DAY}, None, (COMPLETED_AT + DAY, "arn:monthly")
    ),
    "one of no rule": Case({}, COMPLETED_AT, (COMPLETED_AT, "arn:other")),
    "one of no rule, later": Case({"daily": COMPLETED_AT}, COMPLETED_AT + DAY, (COMPLETED_AT + DAY, "arn:other")),
    "one of no rule, earlier": Case({"daily": COMPLETED_AT}, COMPLETED_AT - DAY, (COMPLETED_AT, "arn:daily")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_last_backup_is_the_latest_whoever_remembers_it(case: Case, ledger_table: Table) -> None:
    for rule, at in case.by_rules.items():
        expected = an_expected(rule=rule, last_point=f"arn:{rule}", last_completed=at, revision=1)
        LedgerExpectedBackups(ledger_table).keep(expected, was=an_expected(rule=rule, revision=0))
    if case.otherwise is not None:
        LedgerProtection(ledger_table).record_backup(RESOURCE, recovery_point="arn:other", at=case.otherwise)
    known = LedgerReading(ledger_table).known(RESOURCE, account=PAYMENTS)
    assert (known.last_backup, known.last_point) == case.last
