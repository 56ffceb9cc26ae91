"""A private touch of MiniStack's RDS: a database that is restored from a snapshot lies under the snapshot's key.

RDS User Guide, "Restoring to a DB instance": an encrypted snapshot makes an encrypted database under the same key,
which the emulator forgets. Pinned by `tests/contract/seams/test_databases.py`.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.settings import Settings

_RESTORE: Final = "RestoreDBInstanceFromDBSnapshot"

type Call = Callable[[Mapping[str, Any]], Any]


def install(_: Settings | None = None) -> None:
    """Give what is restored from a snapshot the snapshot's key."""
    seams.replace(
        "ministack.services.rds",
        "_ACTION_MAP",
        lambda original: original | {_RESTORE: _keeping_the_key(original[_RESTORE])},
    )


def _keeping_the_key(original: Call) -> Call:
    rds = seams.service_module("rds")

    def restore(parameters: Mapping[str, Any]) -> Any:
        snapshot = rds._snapshots.get(rds._p(parameters, "DBSnapshotIdentifier"))
        is_taken = rds._p(parameters, "DBInstanceIdentifier") in rds._instances
        answer = original(parameters)
        if snapshot and snapshot["KmsKeyId"] and not is_taken:
            rds._instances[rds._p(parameters, "DBInstanceIdentifier")]["KmsKeyId"] = snapshot["KmsKeyId"]
        return answer

    return restore
