"""A single table of Redshift by its own call: into the cluster that lives, and by names that mean one thing only."""

from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from tests.builders.deciding.called import TABLE_CALL, WRITTEN_TABLE
from tests.builders.deciding.restore_cases import a_restore


def decided(wishes: dict[Any, Any], **said: Any) -> RestoreDecision:
    """What is decided where the place's profile lets the call be made."""
    usual = {"wishes": wishes, "native": True, "limits": {"native": [TABLE_CALL]}, "profile": {}}
    return decide_restore(a_restore("Redshift", **usual | said))


def faults(decision: RestoreDecision) -> set[str]:
    """The classes of what is wrong; of what is refused nothing is sent."""
    assert (decision.verdict, decision.metadata) == (Verdict.REFUSED, ())
    return {str(each.fault) for each in decision.refusals}


def test_what_is_written_is_sent_letter_by_letter_and_that_it_goes_into_what_lives_is_a_risk() -> None:
    decision = decided(WRITTEN_TABLE)
    assert (decision.verdict, dict(decision.metadata), decision.refusals) == (Verdict.ELEVATED, WRITTEN_TABLE, ())
    told = {risk.sentence for risk in decision.risks if risk.danger is Danger.AS_WRITTEN}
    assert f"{TABLE_CALL} makes it, and no job of AWS Backup's." in told
    assert "NewTableName is sent as it is written: orders_of_tuesday" in told
    assert len(told) == 1 + len(WRITTEN_TABLE)
    [live] = [risk.sentence for risk in decision.risks if risk.danger is Danger.ADDS_INTO_LIVE]
    assert live == "It is put into night, which lives."


def test_what_is_left_to_do_is_that_of_a_table_and_not_of_a_cluster() -> None:
    [step] = decided(WRITTEN_TABLE).steps
    assert "new table" in step


def test_the_call_is_given_texts_only() -> None:
    assert parameters_of(TABLE_CALL, tuple(decided(WRITTEN_TABLE).metadata)) == WRITTEN_TABLE


@pytest.mark.parametrize("name", WRITTEN_TABLE)
def test_every_name_is_written_and_none_is_left_to_redshift(name: str) -> None:
    decision = decided({key: value for key, value in WRITTEN_TABLE.items() if key != name})
    assert faults(decision) == {"bad-value"}
    assert [each.sentence for each in decision.refusals] == [f"{name} is not written, and is needed"]


HARMFUL: Final[dict[str, tuple[dict[str, str], str]]] = {
    "the snapshot": ({"SnapshotIdentifier": "awsbackup:job-2"}, "unknown-key"),
    "names that are case-sensitive": ({"EnableCaseSensitiveIdentifier": "true"}, "unknown-key"),
    "a capital letter": ({"NewTableName": "Orders"}, "bad-value"),
    "a digit first": ({"NewTableName": "1st"}, "bad-value"),
    "a table of another schema": ({"SourceTableName": "audit.orders"}, "bad-value"),
    "a quoted name": ({"TargetSchemaName": '"public"'}, "bad-value"),
    "a name too long": ({"NewTableName": "t" * 128}, "bad-value"),
    "no name": ({"TargetDatabaseName": ""}, "bad-value"),
    "a role": ({"IamRoles": "[]"}, "role"),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_no_restore_may_say_and_what_the_call_does_not_take_nobody_writes(harm: str) -> None:
    said, fault = HARMFUL[harm]
    assert fault in faults(decided(WRITTEN_TABLE | said))


@pytest.mark.parametrize("name", ["_", "t" * 127, "orders_2026"])
def test_names_of_small_letters_digits_and_underscores_are_let(name: str) -> None:
    assert decided(WRITTEN_TABLE | {"NewTableName": name}).verdict is Verdict.ELEVATED


def test_without_the_word_of_the_profile_nothing_is_called() -> None:
    assert faults(decided(WRITTEN_TABLE, limits={"native": ["ec2:CreateVolume"]})) == {"hand-not-allowed"}
