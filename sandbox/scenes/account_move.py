"""Account move: `reports` joins Production, and is judged before anybody asks."""

import json

from sandbox.settings import (
    HOME_REGION,
    LOCAL_VAULT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRODUCTION,
    OU_SANDBOX,
    REPORTS_ACCOUNT,
)
from sandbox.timeline import Scene
from sandbox.world import World

NAME = "Account move"
INTENTION = "reports moves from Sandbox into Production"
_PLANS = {"strongroom-daily-prod", "strongroom-monthly-prod", "strongroom-compliance-7y"}


def play(world: World, scene: Scene) -> None:
    """Move the account, watch it being judged, then see it become ready by itself."""
    organizations = world.person("piet", MANAGEMENT_ACCOUNT, "organizations", ORGANIZATIONS_REGION)
    scene.tell("Piet, platform team, moves the account reports into the unit Production")
    organizations.move_account(AccountId=REPORTS_ACCOUNT, SourceParentId=OU_SANDBOX, DestinationParentId=OU_PRODUCTION)
    verdict = scene.until(
        "the account is judged, and the verdict published as an event",
        lambda: world.fact("AccountAssessed", account=REPORTS_ACCOUNT),
        within=20,
        detail=lambda fact: f"{fact['state']}: {fact['reason']}",
    )
    scene.check(
        "the verdict says ready, or names exactly what is missing",
        verdict["state"] == "READY" or bool(verdict["missing"]),
        ", ".join(verdict["missing"]) or "nothing is missing",
    )
    stored = world.ledger(f"ACCOUNT#{REPORTS_ACCOUNT}", "STATE") or {}
    scene.check("the verdict is stored", "state" in stored, stored.get("state", "nothing stored"))
    ready = scene.until(
        "the member stack arrives by itself and the account is ready",
        lambda: world.fact("AccountAssessed", account=REPORTS_ACCOUNT, state="READY"),
        within=45,
        detail=lambda fact: fact["reason"],
    )
    scene.check("nothing is missing any more", ready["missing"] == [])
    vault = world.look(REPORTS_ACCOUNT, "backup", HOME_REGION).describe_backup_vault(BackupVaultName=LOCAL_VAULT)
    scene.check("its own vault exists, with a key of its own", vault["EncryptionKeyArn"], vault["BackupVaultName"])
    effective = organizations.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=REPORTS_ACCOUNT)
    plans = set(json.loads(effective["EffectivePolicy"]["PolicyContent"])["plans"])
    scene.check("it inherits a plan of every tier", plans >= _PLANS, ", ".join(sorted(plans)))
