"""Copies that will fail for the key of their source are told by `plan`, and stop nothing."""

from typing import Any

import pytest

from strongroom.domain.findings import Finding, Level
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rollout.surroundings.keys import SourceFound, Sources, judge_source_keys
from tests.builders.doctor import ORGANIZATION, a_key
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, REPORTS

HERE = (PAYMENTS, HOME)


def judged(sources: Sources, *copiers: AccountId) -> list[Finding]:
    return list(judge_source_keys(sources, copiers=copiers or (BACKUP_ACCOUNT,), organization=ORGANIZATION))


def a_source(name: str = "payments", **changed: Any) -> SourceFound:
    return SourceFound(name=name, type="DBInstance", key=a_key(**changed))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"statements": ()}, f"does not grant {BACKUP_ACCOUNT} kms:DescribeKey, kms:Decrypt", id="closed"),
        pytest.param({"manager": "AWS"}, "managed by AWS, and no other account can use it", id="of AWS"),
        pytest.param({"state": "PendingDeletion"}, "is PendingDeletion", id="about to be deleted"),
    ],
)
def test_a_key_that_stops_copies_is_a_warning_with_its_source(changed: dict[str, Any], words: str) -> None:
    [found] = judged({HERE: (a_source(**changed),)})
    assert (found.code, found.level) == ("source-key-closed", Level.WARNING)
    assert f"DBInstance payments in {PAYMENTS} {HOME}" in found.message
    assert words in found.message
    assert "source-keys.json" in found.message


def test_a_key_that_serves_is_not_mentioned() -> None:
    assert judged({HERE: (a_source(),), (REPORTS, HOME): ()}) == []


def test_every_account_that_takes_copies_is_asked_about() -> None:
    [found] = judged({HERE: (a_source(statements=()),)}, BACKUP_ACCOUNT, REPORTS)
    assert f"does not grant {BACKUP_ACCOUNT}" in found.message
    assert f"does not grant {REPORTS}" in found.message


def test_many_are_one_line_that_counts_them() -> None:
    [found] = judged({HERE: tuple(a_source(f"db-{each}", statements=()) for each in range(7))})
    assert "db-4" in found.message
    assert "db-5" not in found.message
    assert "and 2 more" in found.message


def test_a_place_that_nobody_could_look_into_is_named() -> None:
    [found] = judged({HERE: None})
    assert (found.code, found.level) == ("source-keys-unknown", Level.WARNING)
    assert f"{PAYMENTS} {HOME}" in found.message


def test_where_copies_leave_no_account_no_key_stops_them() -> None:
    assert list(judge_source_keys({HERE: (a_source(statements=()),)}, copiers=(), organization=ORGANIZATION)) == []
