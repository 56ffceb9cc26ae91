"""The benchmark of the prover counts what was tried and refutes its claim when something sticks."""

import pytest

from benchmarks.deciding import policy_attack
from benchmarks.deciding.policy_attack import LEAST_LINEAR, measure_attack_of_many, measure_policy_attack
from strongroom.domain.intent.model import Intent


def test_the_rendered_policies_are_measured_beside_the_same_without_locks(intent: Intent) -> None:
    row, base = measure_policy_attack(intent, runs=1)
    assert (row.name, row.ratio_to) == ("policy_attack.rendered", base.name)
    assert row.detail["tried"] > 10_000
    assert (row.detail["stuck"], row.is_refuted, base.is_refuted) == (0, False, False)
    assert base.detail["stuck"] > 1_000


def test_policies_without_locks_refute_the_claim(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> None:
    open_policy = {"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}}
    monkeypatch.setattr(policy_attack, "render_backup_policies", lambda _: {"daily": open_policy})
    row, _ = measure_policy_attack(intent, runs=1)
    assert row.is_refuted


def test_many_documents_are_measured_beside_few(intent: Intent) -> None:
    few, many = measure_attack_of_many(intent, sizes=(1, 2), runs=1)
    assert (few.name, many.name, many.ratio_to) == (
        "policy_attack.1_full_documents",
        "policy_attack.2_full_documents",
        few.name,
    )
    assert many.detail["tried"] > 1.9 * few.detail["tried"] > 10_000
    assert many.is_refuted == (many.ratio is not None and many.ratio < LEAST_LINEAR)
