"""The night of paths begins: all that payments has is copied, and by hand one copy goes a step further."""

import json
from typing import Any, Final

from sandbox.example.paths import CONTRACTS, FAR_REGION, FAR_VAULT, GUARDED_VAULT, SHARED_VAULT
from sandbox.example.timeline import Scene
from sandbox.example.world import World, as_deployer
from sandbox.scenes import malware, night
from sandbox.scenes.paths.belongings import GRAPH, HISTORY, LIMITS, SESSIONS, fill
from sandbox.scenes.watching import run_night, until_verified
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    PAYMENTS_ACCOUNT,
)

NAME = "Copies of every kind"
INTENTION = "02:00: into the central vault, its replica, two air-gapped vaults, and by hand one step further"
ACCOUNTS: Final = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT)
_GAPPED: Final = {
    tier: f"arn:aws:backup:{HOME_REGION}:{BACKUP_ACCOUNT}:backup-vault:{vault}"
    for tier, vault in {"gapped": SHARED_VAULT, "guarded": GUARDED_VAULT}.items()
}
_FAR: Final = f"arn:aws:backup:{FAR_REGION}:{BACKUP_ACCOUNT}:backup-vault:{FAR_VAULT}"
_COPIER: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-central-backup"
_KEPT_FOR: Final = 400  # days
_BY_NAME: Final = {
    CONTRACTS,
    *(arn.rpartition(":")[2].rpartition("/")[2] for arn in (HISTORY, GRAPH, SESSIONS, LIMITS)),
}


def play(world: World, scene: Scene) -> None:
    """Fill what payments has, let 02:00 come, and copy the graph further."""
    fill(world)
    scene.tell("it is 02:00: the plans of five tiers run")
    promises = run_night(world, scene, accounts=ACCOUNTS, destinations=_destinations)
    until_verified(world, scene, promises)
    _copy_further(world, scene)
    scene.until(
        "`strongroom status` knows each of them by its name",
        lambda: _known(world) >= _BY_NAME,
        detail=lambda _: ", ".join(sorted(_BY_NAME)),
        instead=lambda: sorted(_known(world)),
    )


def _known(world: World) -> set[str]:
    """What the command calls the protected resources of payments."""
    told = world.strongroom("status", "--account", PAYMENTS_ACCOUNT, "--json", person="sana")
    return {str(each["name"]) for each in json.loads(told.stdout)["resources"]} if told.stdout else set()


def _destinations(point: dict[str, Any]) -> tuple[str, ...]:
    return (_GAPPED[point["Tier"]],) if point["Tier"] in _GAPPED else night.destinations(point)


def _copy_further(world: World, scene: Scene) -> None:
    """By hand, because no plan can: Neptune crosses to another account or to such a Region, and not both at once."""
    scene.tell(f"Piet, platform team, takes a copy of the graph on to {FAR_REGION}, which is off until it is enabled")
    backup = as_deployer("backup")
    job = backup.start_copy_job(
        RecoveryPointArn=malware.copies(world, GRAPH)[0]["RecoveryPointArn"],
        SourceBackupVaultName=CENTRAL_VAULT,
        DestinationBackupVaultArn=_FAR,
        IamRoleArn=_COPIER,
        Lifecycle={"DeleteAfterDays": _KEPT_FOR},
    )["CopyJobId"]
    scene.until(
        f"it is there, for {_KEPT_FOR} days",
        lambda: backup.describe_copy_job(CopyJobId=job)["CopyJob"]["State"] == "COMPLETED",
    )
