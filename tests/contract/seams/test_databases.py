"""What we touch inside MiniStack's RDS is still there, and forgets the key, and keeps capitals, as it did.

Sources: RDS User Guide, "Restoring to a DB instance"; RDS API reference, CreateDBInstance.
"""

import inspect
from collections.abc import Iterator

import pytest
from ministack.services import documentdb, rds

from sandbox.seams import databases
from sandbox.seams import host as seams
from sandbox.seams.keys.managed_keys import managed_key

KEY = "arn:aws:kms:eu-west-1:222222222222:key/1b4c6e2a-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """MiniStack's stores of one account; it would leave the socket open on which it looks for a port."""
    monkeypatch.setattr(rds, "_next_port", lambda: 5432)
    with seams.request_scope("222222222222", "eu-west-1"):
        yield
        seams.restore()
        for name in ("b", "B"):
            rds._instances.pop(name, None)  # noqa: SLF001
        rds._snapshots.pop("s", None)  # noqa: SLF001


def restore(name: str) -> str:
    """Restore a database of this name from a snapshot under our key; what the call answers."""
    rds._snapshots["s"] = {"KmsKeyId": KEY, "StorageEncrypted": True}  # noqa: SLF001
    call = rds._ACTION_MAP["RestoreDBInstanceFromDBSnapshot"]  # noqa: SLF001
    _, _, body = call({"DBInstanceIdentifier": name, "DBSnapshotIdentifier": "s"})
    return str(body)


def key_after_restore() -> str:
    """The key of a database that is restored from a snapshot under ours."""
    restore("b")
    return str(rds._instances["b"].get("KmsKeyId", ""))  # noqa: SLF001


def test_a_snapshot_keeps_the_key_of_its_database() -> None:
    assert '"KmsKeyId": instance.get("KmsKeyId"' in inspect.getsource(rds._create_snapshot_internal)  # noqa: SLF001


def test_a_database_from_a_snapshot_lies_under_the_key_of_the_snapshot() -> None:
    databases.install()
    assert key_after_restore() == KEY


def test_the_answer_names_it() -> None:
    databases.install()
    assert KEY in restore("b")


@pytest.mark.parametrize(
    ("named", "told"),
    [("", "rds"), ("alias/aws/rds", "rds"), (KEY, None)],
    ids=["no key", "the alias of AWS's own", "a key of one's own"],
)
def test_an_encrypted_database_lies_under_a_key_by_its_arn(
    named: str, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rds._ACTION_MAP, "CreateDBInstance", dict)  # noqa: SLF001
    databases.install()
    made = rds._ACTION_MAP["CreateDBInstance"]({"StorageEncrypted": ["true"], "KmsKeyId": [named]})  # noqa: SLF001
    key = KEY if told is None else managed_key(told, account="222222222222", region="eu-west-1")
    assert made["KmsKeyId"] == [key]


def test_the_emulator_alone_forgets_it() -> None:
    assert key_after_restore() == ""


@pytest.mark.parametrize(("is_taught", "name"), [(True, "b"), (False, "B")], ids=["taught", "alone"])
def test_a_database_has_its_name_in_lower_case_once_the_emulator_is_taught(name: str, *, is_taught: bool) -> None:
    if is_taught:
        databases.install()
    restore("B")
    assert name in rds._instances  # noqa: SLF001


def test_the_engine_of_a_cluster_is_told_wherever_it_is_kept() -> None:
    """MiniStack keeps clusters of DocumentDB apart, which RDS shows beside its own."""
    arn = "arn:aws:rds:eu-west-1:222222222222:cluster:"
    rds._clusters["n"] = {"DBClusterArn": arn + "n", "Engine": "neptune"}  # noqa: SLF001
    documentdb._clusters["d"] = {"DBClusterArn": arn + "d", "Engine": "docdb"}  # noqa: SLF001
    try:
        told = {name: databases.engine_of(arn + name) for name in ("n", "d", "gone")}
        elsewhere = databases.engine_of(arn.replace("eu-west-1", "eu-central-1") + "n")
    finally:
        del rds._clusters["n"], documentdb._clusters["d"]  # noqa: SLF001
    assert told == {"n": "neptune", "d": "docdb", "gone": ""}
    assert elsewhere == ""
    assert databases.engine_of("arn:aws:rds:eu-west-1:222222222222:db:n") == ""
    assert databases.engine_of("arn:aws:s3:::n") == ""
