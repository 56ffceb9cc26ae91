"""Air-gapped vaults: one is shared with payments, and one is opened to it by the vote of its approval team."""

from collections.abc import Sequence

from sandbox.example import estate
from sandbox.example.paths import GUARDED_VAULT, SHARED_VAULT
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.night import a_file_system
from sandbox.scenes.paths.belongings import LIMITS, is_filled
from sandbox.scenes.paths.coming_back import ACCESS, Path, bring_back
from sandbox.scenes.restores.asking import Lost, shown
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT

NAME = "Out of air-gapped vaults"
INTENTION = "what no other vault keeps: through the share that stands, and through a vote"


def play(world: World, scene: Scene) -> None:
    """Have a file system back by the share, and a table once the team has voted."""
    files = a_file_system(world, PAYMENTS_ACCOUNT)

    def vote(requests: Sequence[str]) -> None:
        _vote(world, scene, requests[1])

    bring_back(
        world,
        scene,
        Path(
            Lost("payments", PAYMENTS_ACCOUNT, files, ""),
            "the statements: local backups expired, and no tier copies them but into the vault that is shared",
            "air-gapped",
            ((HOME_REGION, SHARED_VAULT),),
            _is_under_own_key,
            tags={"Backup": "gapped", "team": "payments"},
        ),
        Path(
            Lost("payments", PAYMENTS_ACCOUNT, LIMITS, "payments-limits-weeks"),
            "the limits: local backups expired, and only their team opens the vault that has the others",
            "air-gapped-mpa",
            ((HOME_REGION, GUARDED_VAULT), (HOME_REGION, ACCESS)),
            is_filled,
            left=1,
            tags={"Backup": "guarded", "team": "payments"},
        ),
        meanwhile=vote,
    )


def _vote(world: World, scene: Scene, request: str) -> None:
    """See that nothing is restored before the team has voted, and let it vote."""
    scene.until(
        "the approved request waits for the vote of the vault's team",
        lambda: next((each for each in shown(world, request)["gates"] if "the vote of" in each["text"]), None),
        detail=lambda gate: gate["text"],
    )
    backup = world.look(PAYMENTS_ACCOUNT, "backup")
    [asked] = backup.list_backup_vaults(ByVaultType="RESTORE_ACCESS_BACKUP_VAULT")["BackupVaultList"]
    is_begun = "restore" in shown(world, request)["jobs"]
    scene.check("until then nothing is restored", not is_begun)
    scene.tell("the team votes, outside of Strongroom")
    world.control("POST", "/backup/vote", {"vault": asked["BackupVaultArn"]})


def _is_under_own_key(world: World, created: str) -> bool:
    """Whether the file system that a restore made lies under the key of the account's restore profile."""
    systems = world.look(PAYMENTS_ACCOUNT, "efs").describe_file_systems()["FileSystems"]
    [own] = next(each["keys"] for each in estate.restore_profiles() if each["account"] == PAYMENTS_ACCOUNT)
    return [each["KmsKeyId"] for each in systems if each["FileSystemArn"] == created] == [own]
