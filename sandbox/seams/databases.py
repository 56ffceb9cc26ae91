"""A private touch of MiniStack's RDS: the keys that databases lie under, and names in lower case.

RDS User Guide, "Restoring to a DB instance": an encrypted snapshot makes an encrypted database under the same key,
which the emulator forgets. RDS API reference, CreateDBInstance and CreateDBCluster: what is encrypted under no named
key lies under the key that AWS manages, and DBInstance tells a key's ARN, however it was named; identifiers are stored
in lower case, whatever the caller wrote, and found in any. Pinned by
`tests/contract/seams/test_databases.py`.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.keys import managed_keys
from sandbox.settings import Settings

_RESTORE: Final = "RestoreDBInstanceFromDBSnapshot"
_CREATIONS: Final = ("CreateDBCluster", "CreateDBInstance")
_IDENTIFIERS: Final = (
    "DBClusterIdentifier",
    "DBInstanceIdentifier",
    "NewDBClusterIdentifier",
    "NewDBInstanceIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
    "TargetDBInstanceIdentifier",
)

type Call = Callable[[Mapping[str, Any]], Any]


def install(_: Settings | None = None) -> None:
    """Tell the keys of what is made, and of what is restored from a snapshot, and take identifiers in lower case."""
    seams.replace("ministack.services.rds", "_ACTION_MAP", _taught)


def engine_of(arn: str) -> str:
    """The engine of a DB cluster; empty for one that is not there, and for anything else."""
    _, _, service, region, account, *rest = arn.split(":")
    if service != "rds" or rest[:1] != ["cluster"]:
        return ""
    with seams.request_scope(account, region):
        for module in ("rds", "documentdb"):
            if cluster := seams.service_module(module)._clusters.get(rest[1]):
                return str(cluster["Engine"])
    return ""


def _taught(actions: Mapping[str, Call]) -> dict[str, Call]:
    made = {name: _under_a_key(actions[name]) for name in _CREATIONS}
    kept = {**actions, **made, _RESTORE: _keeping_the_key(actions[_RESTORE])}
    return {name: _in_lower_case(call) for name, call in kept.items()}


def _in_lower_case(original: Call) -> Call:
    rds = seams.service_module("rds")

    def call(parameters: Mapping[str, Any]) -> Any:
        lower = {name: [rds._p(parameters, name).lower()] for name in _IDENTIFIERS if name in parameters}
        return original({**parameters, **lower})

    return call


def _under_a_key(original: Call) -> Call:
    rds = seams.service_module("rds")

    def create(parameters: Mapping[str, Any]) -> Any:
        if rds._p(parameters, "StorageEncrypted").lower() != "true":
            return original(parameters)
        named = rds._p(parameters, "KmsKeyId") or "alias/aws/rds"
        return original({**parameters, "KmsKeyId": [managed_keys.key_arn(named) or named]})

    return create


def _keeping_the_key(original: Call) -> Call:
    rds = seams.service_module("rds")

    def restore(parameters: Mapping[str, Any]) -> Any:
        snapshot = rds._snapshots.get(rds._p(parameters, "DBSnapshotIdentifier"))
        is_taken = rds._p(parameters, "DBInstanceIdentifier") in rds._instances
        answer = original(parameters)
        if not snapshot or not snapshot["KmsKeyId"] or is_taken:
            return answer
        made = rds._instances[rds._p(parameters, "DBInstanceIdentifier")]
        made["KmsKeyId"] = snapshot["KmsKeyId"]
        return rds._single_instance_response(f"{_RESTORE}Response", f"{_RESTORE}Result", made)

    return restore
