"""Malware that was told of is known by its alert, as long as that is open."""

from datetime import timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.ledger.telling.findings import LedgerFindings
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import judge_complaint, judge_end, told
from strongroom.domain.scans.findings import subject_of
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW

DOCS = "arn:aws:s3:::shop-docs"
MADE = NOW - timedelta(days=40)


def with_alert(*, kind: AlertKind = AlertKind.MALWARE_FOUND, is_over: bool = False) -> MemoryTable:
    """A ledger in which somebody was told of malware in that backup."""
    table = MemoryTable()
    subject = subject_of(DOCS, made_at=MADE)
    alert = Alert(kind=kind, subject=subject, account=PAYMENTS, region=HOME, reason="malware was found")
    opened = judge_complaint(None, alert, version=None, now=NOW).state
    assert opened is not None
    known = told(opened)
    LedgerAlerts(table).keep(known, was=None)
    if is_over:
        ended = judge_end(known, reason="a mistake", now=NOW, version=None).state
        assert ended is not None
        LedgerAlerts(table).keep(ended, was=known)
    return table


@pytest.mark.parametrize("later", [timedelta(), timedelta(milliseconds=900), timedelta(seconds=1)])
def test_it_is_known_of_every_copy_of_the_backup(later: timedelta) -> None:
    assert LedgerFindings(with_alert()).found_at(DOCS, made_at=MADE + later) == NOW


@pytest.mark.parametrize("later", [timedelta(seconds=-1), timedelta(seconds=2), timedelta(days=1)])
def test_of_another_backup_nothing_is_known(later: timedelta) -> None:
    assert LedgerFindings(with_alert()).found_at(DOCS, made_at=MADE + later) is None


@pytest.mark.parametrize(
    "table",
    [MemoryTable(), with_alert(kind=AlertKind.COPY_FAILED), with_alert(is_over=True)],
    ids=["nothing told", "something else told", "over"],
)
def test_nothing_is_known_where_no_alert_of_malware_is_open(table: MemoryTable) -> None:
    assert LedgerFindings(table).found_at(DOCS, made_at=MADE) is None
