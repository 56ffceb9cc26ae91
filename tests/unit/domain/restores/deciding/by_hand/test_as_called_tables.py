"""A single table of either Redshift by its own call: into what lives, and by names that mean one thing only."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import pytest

from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from tests.builders.deciding.called import (
    NAMESPACE_CALL,
    NAMESPACE_TABLE_CALL,
    TABLE_CALL,
    WRITTEN_NAMESPACE,
    WRITTEN_NAMESPACE_TABLE,
    WRITTEN_TABLE,
    small,
)
from tests.builders.deciding.restore_cases import a_restore


class Table(NamedTuple):
    """A call that restores a table, what is written for it, what that comes into, and how it spells a parameter."""

    kind: str
    call: str
    written: Mapping[str, str]
    into: str
    spelled: Callable[[str], str]

    def decided(self, said: Mapping[str, str] | None = None, **case: Any) -> RestoreDecision:
        """What is decided where the place's profile lets the call be made; `said` besides, in Redshift's spelling."""
        wishes = {**self.written, **{self.spelled(name): value for name, value in (said or {}).items()}}
        usual = {"wishes": wishes, "native": True, "limits": {"native": [self.call]}, "profile": {}}
        return decide_restore(a_restore(self.kind, **usual | case))


TABLES: Final = (
    Table("Redshift", TABLE_CALL, WRITTEN_TABLE, "night", str),
    Table("Redshift Serverless", NAMESPACE_TABLE_CALL, WRITTEN_NAMESPACE_TABLE, "shop", small),
)
NAMED: Final = [(table, name) for table in TABLES for name in table.written]


@pytest.fixture(params=TABLES, ids=lambda table: table.kind)
def table(request: pytest.FixtureRequest) -> Table:
    found: Table = request.param
    return found


def faults(decision: RestoreDecision) -> set[str]:
    """The classes of what is wrong; of what is refused nothing is sent."""
    assert (decision.verdict, decision.metadata) == (Verdict.REFUSED, ())
    return {str(each.fault) for each in decision.refusals}


def test_what_is_written_is_sent_letter_by_letter_and_that_it_goes_into_what_lives_is_a_risk(table: Table) -> None:
    decision = table.decided()
    assert (decision.verdict, dict(decision.metadata), decision.refusals) == (Verdict.ELEVATED, table.written, ())
    told = {risk.sentence for risk in decision.risks if risk.danger is Danger.AS_WRITTEN}
    assert f"{table.call} makes it, and no job of AWS Backup's." in told
    assert f"{table.spelled('NewTableName')} is sent as it is written: orders_of_tuesday" in told
    assert len(told) == 1 + len(table.written)
    [live] = [risk.sentence for risk in decision.risks if risk.danger is Danger.ADDS_INTO_LIVE]
    assert live == f"It is put into {table.into}, which lives."
    assert Danger.OVERWRITES not in {risk.danger for risk in decision.risks}


def test_what_is_left_to_do_is_that_of_a_table_and_not_of_the_whole(table: Table) -> None:
    [step] = table.decided().steps
    assert "new table" in step


def test_the_call_is_given_texts_only(table: Table) -> None:
    assert parameters_of(table.call, tuple(table.decided().metadata)) == table.written


@pytest.mark.parametrize(("table", "name"), NAMED, ids=[f"{each.kind} {name}" for each, name in NAMED])
def test_every_name_is_written_and_none_is_left_to_redshift(table: Table, name: str) -> None:
    decision = table.decided(wishes={key: value for key, value in table.written.items() if key != name})
    assert faults(decision) == {"bad-value"}
    assert [each.sentence for each in decision.refusals] == [f"{name} is not written, and is needed"]


@pytest.mark.parametrize(("table", "name"), [(TABLES[0], "ClusterIdentifier"), (TABLES[1], "namespaceName")])
def test_where_nobody_wrote_into_what_it_comes_that_lives_all_the_same(table: Table, name: str) -> None:
    decision = table.decided(wishes={key: value for key, value in table.written.items() if key != name})
    live = [risk.sentence for risk in decision.risks if risk.danger is Danger.ADDS_INTO_LIVE]
    assert live == ["It is put into what was backed up, which lives."]


HARMFUL: Final[dict[str, tuple[dict[str, str], str]]] = {
    "the snapshot": ({"SnapshotIdentifier": "awsbackup:job-2", "SnapshotName": "awsbackup-2"}, "unknown-key"),
    "names that are case-sensitive": (
        {"EnableCaseSensitiveIdentifier": "true", "ActivateCaseSensitiveIdentifier": "true"},
        "unknown-key",
    ),
    "a capital letter": ({"NewTableName": "Orders"}, "bad-value"),
    "a digit first": ({"NewTableName": "1st"}, "bad-value"),
    "a table of another schema": ({"SourceTableName": "audit.orders"}, "bad-value"),
    "a quoted name": ({"TargetSchemaName": '"public"'}, "bad-value"),
    "a name too long": ({"NewTableName": "t" * 128}, "bad-value"),
    "no name": ({"TargetDatabaseName": ""}, "bad-value"),
    "a role": ({"IamRoles": "[]"}, "role"),
    "another account": ({"OwnerAccount": "999999999999"}, "foreign-place"),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_no_restore_may_say_and_what_the_call_does_not_take_nobody_writes(table: Table, harm: str) -> None:
    said, fault = HARMFUL[harm]
    assert fault in faults(table.decided(said))


@pytest.mark.parametrize("name", ["namespaceName", "workgroupName"])
@pytest.mark.parametrize("value", ["Shop", "sh", "s" * 65, "shop/*", "shop team"])
def test_a_namespace_and_its_workgroup_are_named_as_the_service_names_them(name: str, value: str) -> None:
    assert "bad-value" in faults(TABLES[1].decided({name: value}))


@pytest.mark.parametrize("name", ["_", "t" * 127, "orders_2026"])
def test_names_of_small_letters_digits_and_underscores_are_let(table: Table, name: str) -> None:
    assert table.decided({"NewTableName": name}).verdict is Verdict.ELEVATED


def test_without_the_word_of_the_profile_nothing_is_called(table: Table) -> None:
    assert faults(table.decided(limits={"native": ["ec2:CreateVolume"]})) == {"hand-not-allowed"}


NAMESPACE: Final = Table("Redshift Serverless", NAMESPACE_CALL, WRITTEN_NAMESPACE, "shop", small)


def test_a_whole_namespace_is_overwritten_which_is_read_first() -> None:
    decision = NAMESPACE.decided()
    assert (decision.verdict, dict(decision.metadata)) == (Verdict.ELEVATED, WRITTEN_NAMESPACE)
    first = decision.risks[0]
    assert (first.danger, first.sentence) == (
        Danger.OVERWRITES,
        "It overwrites shop, which lives: what was written since is gone.",
    )
    assert Danger.ADDS_INTO_LIVE not in {risk.danger for risk in decision.risks}


@pytest.mark.parametrize("name", sorted(WRITTEN_NAMESPACE_TABLE.keys() - WRITTEN_NAMESPACE.keys()))
def test_where_anything_of_a_table_is_written_nothing_is_overwritten(name: str) -> None:
    said = {name: WRITTEN_NAMESPACE_TABLE[name]}
    assert "hand-not-allowed" in faults(NAMESPACE.decided(said))
    both = NAMESPACE.decided(said, limits={"native": [NAMESPACE_CALL, NAMESPACE_TABLE_CALL]})
    assert (faults(both), Danger.OVERWRITES in {risk.danger for risk in both.risks}) == ({"bad-value"}, False)


@pytest.mark.parametrize("name", sorted(WRITTEN_NAMESPACE))
def test_a_namespace_and_its_workgroup_are_both_written(name: str) -> None:
    decision = NAMESPACE.decided(wishes={key: value for key, value in WRITTEN_NAMESPACE.items() if key != name})
    assert [each.sentence for each in decision.refusals] == [f"{name} is not written, and is needed"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("snapshotArn", "arn:aws:redshift:eu-west-1:111122223333:snapshot:night/a", "unknown-key"),
        ("snapshotName", "awsbackup-2", "unknown-key"),
        ("ownerAccount", "999999999999", "foreign-place"),
        ("manageAdminPassword", "true", "unknown-key"),
        ("adminPasswordSecretKmsKeyId", "key-1", "not-in-profile"),
        ("maintainIntegration", "true", "unknown-key"),
    ],
)
def test_nobody_writes_out_of_what_it_is_overwritten_and_who_may_log_in(name: str, value: str, fault: str) -> None:
    assert fault in faults(NAMESPACE.decided({name: value}))


def test_the_word_for_single_tables_does_not_let_the_whole_be_overwritten() -> None:
    decision = NAMESPACE.decided(limits={"native": [NAMESPACE_TABLE_CALL]})
    assert faults(decision) == {"hand-not-allowed"}
    assert NAMESPACE_CALL in decision.refusals[0].sentence
