"""Account move: `reports` joins Production, and is judged before anybody asks."""

import json
from typing import Any

from sandbox.clients import every
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import first_signs
from sandbox.settings import (
    HOME_REGION,
    LOCAL_VAULT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRE_PRODUCTION,
    OU_PRODUCTION,
    REPORTS_ACCOUNT,
)

NAME = "Account move"
INTENTION = "reports moves from PreProduction into Production"
_PLANS = {"strongroom-daily-prod", "strongroom-monthly-prod", "strongroom-compliance-7y", "strongroom-gfs"}
_FORGOTTEN = "strongroom-monthly-prod"


def play(world: World, scene: Scene) -> None:
    """Move the account while a policy is missing; watch it being judged, and become ready step by step."""
    organizations = world.person("piet", MANAGEMENT_ACCOUNT, "organizations", ORGANIZATIONS_REGION)
    policy = _policy_id(organizations, _FORGOTTEN)
    scene.tell(f"Piet, platform team, has forgotten to attach {_FORGOTTEN} again, and moves the account")
    organizations.detach_policy(PolicyId=policy, TargetId=OU_PRODUCTION)
    organizations.move_account(
        AccountId=REPORTS_ACCOUNT, SourceParentId=OU_PRE_PRODUCTION, DestinationParentId=OU_PRODUCTION
    )

    verdict = scene.until(
        "the account is judged, and the verdict published as an event",
        lambda: world.fact("AccountAssessed", account=REPORTS_ACCOUNT),
        detail=lambda fact: fact["state"],
    )
    scene.check(
        "the verdict says ready, or names exactly what is missing",
        verdict["state"] == "NOT_READY" and len(verdict["missing"]) > 0,
        f"{len(verdict['missing'])} missing",
    )
    for missing in verdict["missing"]:
        scene.tell(f"missing: {missing}")
    stored = world.ledger(f"ACCOUNT#{REPORTS_ACCOUNT}", "STATE") or {}
    scene.check("the verdict is stored", stored.get("state") == "NOT_READY", stored.get("state", "nothing stored"))

    scene.until(
        "the member stack arrives by itself, and only the policy is still missing",
        lambda: _assessed_with_only(world, _FORGOTTEN.removeprefix("strongroom-")),
        detail=lambda fact: fact["missing"][0],
    )
    scene.tell("no piece makes an account ready of which nothing was heard, and which nobody has gone through")
    first_signs.hear(world, scene, REPORTS_ACCOUNT)
    world.strike("BeginInventoryQueue", is_asked=True, accounts=[REPORTS_ACCOUNT])
    first_signs.go_through(world, scene, REPORTS_ACCOUNT)
    scene.tell("Piet attaches the policy; no event tells it, the next round of looking again finds it")
    organizations.attach_policy(PolicyId=policy, TargetId=OU_PRODUCTION)
    scene.until(
        "the account is ready",
        lambda: world.fact("AccountAssessed", account=REPORTS_ACCOUNT, state="READY"),
        detail=lambda fact: fact["reason"],
    )
    vault = world.look(REPORTS_ACCOUNT, "backup", HOME_REGION).describe_backup_vault(BackupVaultName=LOCAL_VAULT)
    scene.check("its own vault exists, with a key of its own", vault["EncryptionKeyArn"], vault["BackupVaultName"])
    effective = organizations.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=REPORTS_ACCOUNT)
    plans = set(json.loads(effective["EffectivePolicy"]["PolicyContent"])["plans"])
    scene.check("it inherits a plan of every tier", plans >= _PLANS, ", ".join(sorted(plans)))


def _policy_id(organizations: Any, name: str) -> str:
    policies = every(organizations, "list_policies", Filter="BACKUP_POLICY")
    return next(str(policy["Id"]) for policy in policies if policy["Name"] == name)


def _assessed_with_only(world: World, missing: str) -> dict[str, Any] | None:
    fact = world.fact("AccountAssessed", account=REPORTS_ACCOUNT)
    return fact if fact and len(fact["missing"]) == 1 and missing in fact["missing"][0] else None
