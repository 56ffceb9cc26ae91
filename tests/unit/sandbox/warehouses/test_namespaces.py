"""Namespaces of Redshift Serverless, by the rules of its API reference: what is restored, what is refused."""

from typing import Any, Final

import pytest

from sandbox.warehouses.namespaces import Namespaces, NamespaceSnapshot
from sandbox.warehouses.store import WarehouseError

PREFIX: Final = "arn:aws:redshift-serverless:eu-west-1:222222222222:"
SNAPSHOT: Final = f"{PREFIX}snapshot/8f1ab3c4-0000-4000-8000-000000000003"
INTO: Final = {"namespaceName": "shop", "workgroupName": "shop", "snapshotName": "awsbackup-1"}
TABLE: Final = INTO | {"sourceDatabaseName": "dev", "sourceTableName": "orders", "newTableName": "orders_of_tuesday"}


@pytest.fixture
def namespaces() -> Namespaces:
    found = Namespaces("222222222222", "eu-west-1")
    for name in ("shop", "other"):
        found.create({"namespaceName": name, "adminUsername": "now", "tags": [{"key": "Backup", "value": "daily"}]})
        found.create_workgroup({"workgroupName": name, "namespaceName": name})
    found.snapshots[SNAPSHOT] = NamespaceSnapshot(
        "awsbackup-1", found.namespace_arn("shop"), {"adminUsername": "then", "dbName": "dev"}, []
    )
    return found


def test_a_namespace_is_overwritten_and_told_as_modified_once(namespaces: Namespaces) -> None:
    before = dict(namespaces.namespaces["shop"])
    answered = namespaces.restore(INTO)["namespace"]
    assert (answered["status"], answered["namespaceArn"]) == ("MODIFYING", before["namespaceArn"])
    told = [namespaces.get({"namespaceName": "shop"})["namespace"] for _ in range(3)]
    assert [each["status"] for each in told] == ["MODIFYING", "AVAILABLE", "AVAILABLE"]
    assert told[-1] == before | {"adminUsername": "then"}


def test_it_overwrites_another_namespace_than_the_snapshots_own_if_that_is_named(namespaces: Namespaces) -> None:
    namespaces.restore(INTO | {"namespaceName": "other", "workgroupName": "other"})
    assert [each["adminUsername"] for each in namespaces.namespaces.values()] == ["now", "then"]


def test_it_takes_no_token_and_what_is_being_modified_is_not_restored_again(namespaces: Namespaces) -> None:
    namespaces.restore(INTO)
    with pytest.raises(WarehouseError) as refused:
        namespaces.restore(INTO)
    assert refused.value.code == "ConflictException"
    namespaces.get(INTO)
    assert namespaces.restore(INTO)["namespace"]["status"] == "MODIFYING"


BROKEN: Final[dict[str, tuple[dict[str, str], str]]] = {
    "no such namespace": ({"namespaceName": "nobody"}, "ResourceNotFoundException"),
    "no such workgroup": ({"workgroupName": "nobody"}, "ResourceNotFoundException"),
    "another's workgroup": ({"workgroupName": "other"}, "ValidationException"),
    "no such snapshot": ({"snapshotName": "nobody"}, "ResourceNotFoundException"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_nothing_is_restored_that_breaks_a_rule(namespaces: Namespaces, broken: str) -> None:
    changes, code = BROKEN[broken]
    for restore, asked in ((namespaces.restore, INTO), (namespaces.restore_table, TABLE)):
        with pytest.raises(WarehouseError) as refused:
            restore(asked | changes)
        assert refused.value.code == code
    assert ({each["adminUsername"] for each in namespaces.namespaces.values()}, namespaces.tables.kept) == ({"now"}, {})


def test_a_table_comes_into_the_namespace_and_is_told_with_all_that_was_asked(namespaces: Namespaces) -> None:
    asked = namespaces.restore_table(TABLE | {"targetSchemaName": "back"})["tableRestoreStatus"]
    assert asked["status"] == "PENDING"
    [listed] = namespaces.list_table_restores({"namespaceName": "shop"})["tableRestoreStatuses"]
    told = namespaces.get_table_restore({"tableRestoreRequestId": asked["tableRestoreRequestId"]})
    assert told["tableRestoreStatus"] == listed
    assert listed.items() >= (TABLE | {"targetSchemaName": "back", "sourceSchemaName": "public"}).items()
    assert listed["status"] == "SUCCEEDED"
    assert namespaces.list_table_restores({"namespaceName": "other"})["tableRestoreStatuses"] == []


def test_no_table_is_overwritten_and_a_database_that_was_not_backed_up_is_refused(namespaces: Namespaces) -> None:
    namespaces.restore_table(TABLE)
    again = namespaces.restore_table(TABLE)["tableRestoreStatus"]["tableRestoreRequestId"]
    told = namespaces.get_table_restore({"tableRestoreRequestId": again})["tableRestoreStatus"]
    assert (told["status"], told["message"]) == ("FAILED", "Table orders_of_tuesday already exists.")
    with pytest.raises(WarehouseError, match="nowhere is not in the snapshot"):
        namespaces.restore_table(TABLE | {"sourceDatabaseName": "nowhere"})


@pytest.mark.parametrize("named", [{"snapshotName": "awsbackup-1"}, {"snapshotArn": SNAPSHOT}])
def test_a_snapshot_is_told_by_its_name_and_by_its_arn(namespaces: Namespaces, named: dict[str, str]) -> None:
    found = namespaces.get_snapshot(named)["snapshot"]
    assert (found["snapshotName"], found["snapshotArn"]) == ("awsbackup-1", SNAPSHOT)
    assert found["namespaceArn"] == namespaces.namespace_arn("shop")


@pytest.mark.parametrize("kind", ["namespace", "snapshot"])
def test_tags_are_kept_beside_those_that_are_there(namespaces: Namespaces, kind: str) -> None:
    arn = SNAPSHOT if kind == "snapshot" else namespaces.namespace_arn("shop")
    before = dict(namespaces.tags_of(arn))
    namespaces.tag({"resourceArn": arn, "tags": [{"key": "owner", "value": "data"}]})
    assert dict(namespaces.tags_of(arn)) == before | {"owner": "data"}
    namespaces.untag({"resourceArn": arn, "tagKeys": ["owner"]})
    assert {tag["key"]: tag["value"] for tag in namespaces.list_tags({"resourceArn": arn})["tags"]} == before


REFUSED: Final[dict[str, tuple[Any, dict[str, str], str]]] = {
    "a name that is taken": (Namespaces.create, {"namespaceName": "shop"}, "ConflictException"),
    "no name": (Namespaces.create, {"namespaceName": "Shop!"}, "ValidationException"),
    "a second workgroup": (
        Namespaces.create_workgroup,
        {"workgroupName": "more", "namespaceName": "shop"},
        "ConflictException",
    ),
    "no such status": (
        Namespaces.get_table_restore,
        {"tableRestoreRequestId": "nothing"},
        "ResourceNotFoundException",
    ),
    "tags of nothing": (Namespaces.list_tags, {"resourceArn": "nothing"}, "ResourceNotFoundException"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_what_breaks_a_rule_is_refused(namespaces: Namespaces, refused: str) -> None:
    call, asked, code = REFUSED[refused]
    with pytest.raises(WarehouseError) as told:
        call(namespaces, asked)
    assert told.value.code == code
