"""A night's backups and their copies to the central vault; what became of them is read from the ledger's table."""

from collections.abc import Sequence
from typing import Final

from benchmarks.aws.night import MEMBER, new_tokens
from benchmarks.aws.stage import Stage
from benchmarks.workloads.workload import Json, Workload, sample

_BATCH: Final = 10


def _backup_completed(stage: Stage, token: str) -> Json:
    night, event = stage.night, sample("aws.backup/backup_job__completed")
    told = {
        "backupJobId": f"00000000-0000-4000-8000-{token}",
        "backupVaultArn": night.source_vault,
        "backupVaultName": night.intent.vaults["local"].name,
        "resourceArn": night.resource(token),
        "resourceType": "EFS",
        "createdBy": {"backupPlanArn": night.plan},
    }
    return _about(stage, event | {"detail": event["detail"] | told}, token)


def _copy_completed(stage: Stage, token: str) -> Json:
    night, event = stage.night, sample("aws.backup/copy_job_cross_account__completed")
    told = {
        "copyJobId": f"00000000-0000-4000-8000-{token}",
        "resourceArn": night.resource(token),
        "resourceType": "EFS",
        "sourceBackupVaultArn": night.source_vault,
        "destinationBackupVaultArn": night.copy_vaults[0],
        "destinationRecoveryPointArn": night.recovery_point(token, account=night.backup_account),
    }
    return _about(stage, event | {"detail": event["detail"] | told}, token)


def _about(stage: Stage, event: Json, token: str) -> Json:
    recovery_point = stage.night.recovery_point(token, account=MEMBER)
    return event | {"account": MEMBER, "region": stage.night.region, "resources": [recovery_point]}


def _states(stage: Stage) -> set[tuple[str, str, str]]:
    """Of every promise the recovery point, the destination and the state."""
    return {
        (item["pk"]["S"].removeprefix("COPY#"), item["sk"]["S"].removeprefix("TO#"), item["state"]["S"])
        for item in stage.remembered()
        if item["pk"]["S"].startswith("COPY#")
    }


def _without(state: str, destinations: Sequence[str], stage: Stage, tokens: Sequence[str]) -> Sequence[str]:
    states, night = _states(stage), stage.night
    return [
        token
        for token in tokens
        if not {(night.recovery_point(token, account=MEMBER), each, state) for each in destinations} <= states
    ]


def _not_promised(stage: Stage, tokens: Sequence[str]) -> Sequence[str]:
    return _without("OPEN", stage.night.copy_vaults, stage, tokens)


def _not_verified(stage: Stage, tokens: Sequence[str]) -> Sequence[str]:
    return _without("VERIFIED", (stage.night.copy_vaults[0],), stage, tokens)


OPEN_PROMISES: Final = Workload(
    name="open_promises",
    function="open_promises",
    batch=_BATCH,
    make=lambda _, count: new_tokens(count),
    event=_backup_completed,
    left_undone=_not_promised,
)
VERIFY_COPY: Final = Workload(
    name="verify_copy",
    function="verify_copy",
    batch=_BATCH,
    make=OPEN_PROMISES.make,
    event=_copy_completed,
    left_undone=_not_verified,
    after=OPEN_PROMISES,
)
