"""Cases of the night that went wrong once, as files: what AWS answers, which events come when, and what is right."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import Promise
from strongroom.runtime.platform import Surroundings
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
from tests.fakes.backup import a_point_answer
from tests.fakes.night import Night, a_night

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_ends_as_is_right(path: Path, night: Night, sample: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = json.loads(path.read_text(), object_hook=_with_moments)
    answer(night, case)
    for step in case["steps"]:
        monkeypatch.setattr(Surroundings, "now", lambda _, at=step["at"]: datetime.fromisoformat(at))
        assert night.run(step["function"], step.get("event") or sample("aws.events/tick")) == []
    right = case["right"]
    assert {promise.night or "": promise.state for promise in owed(night, case)} == right["states"]
    assert night.announced == [(kind, "opened") for kind in right["told"]]
    assert night.member.started == []


def answer(night: Night, case: dict[str, Any]) -> None:
    """AWS Backup answers what the case says."""
    for point in case["points"]:
        held = night.central if point["BackupVaultArn"] == CENTRAL_VAULT else night.member
        held.points.append(a_point_answer(point.pop("RecoveryPointArn"), vault=point.pop("BackupVaultArn"), **point))
    night.member.tags |= case["tags"]
    night.member.errors |= dict.fromkeys(case.get("refused", ()), "AccessDeniedException")
    for job in case["copy_jobs"]:
        night.copy_job(**job)


def owed(night: Night, case: dict[str, Any]) -> list[Promise]:
    """Every promise of the recovery point that the first event is about."""
    (point,) = case["steps"][0]["event"]["resources"]
    alone = night.promises.get(point, CENTRAL_VAULT)
    return [*night.promises.nights(point, CENTRAL_VAULT)] if alone is None else [alone]


def _with_moments(found: dict[str, Any]) -> dict[str, Any]:
    """AWS's answers have moments where events have text."""
    return {
        name: datetime.fromisoformat(value) if name in {"CreationDate", "CompletionDate"} else value
        for name, value in found.items()
    }
