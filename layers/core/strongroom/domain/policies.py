"""The organisation's backup policies: one per tier, locked on every container and every leaf.

Source: AWS Organizations User Guide, "Backup policy syntax and examples" and "Inheritance operators".
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.identifiers import AccountId, role_arn
from strongroom.domain.intent import Intent, Tier

POLICY_CHARACTERS: Final = 10_000

_NO_CHILD: Final = {"@@operators_allowed_for_child_policies": ["@@none"]}
_ANY_ACCOUNT: Final = AccountId("$account")  # AWS Backup puts the account in when the plan runs
_RULE: Final = "backup-and-copy"
_SELECTION: Final = "by-tag"

type Document = dict[str, Any]
type Settings = Mapping[str, str | list[str] | Settings]


def render_backup_policies(intent: Intent) -> dict[str, Document]:
    """The policy document of each tier that a target offers, by tier name."""
    offered = {tier for target in intent.targets for tier in target.tiers}
    return {name: render_backup_policy(intent, name) for name in intent.tiers if name in offered}


def render_backup_policy(intent: Intent, name: str) -> Document:
    """The locked policy of one tier: no child can change a setting of it, nor add to it."""
    tier = intent.tiers[name]
    plan: Settings = {
        "regions": list(intent.organization.governed_regions),
        "rules": {_RULE: _rule(intent, tier)},
        "selections": {"tags": {_SELECTION: _selection(intent, name)}},
    }
    return _locked({"plans": {plan_name(name): plan}})


def plan_name(tier: str) -> str:
    """The name of the backup plan that AWS Backup makes of a tier's policy."""
    return f"strongroom-{tier}"


def _rule(intent: Intent, tier: Tier) -> Settings:
    return {
        "schedule_expression": tier.schedule,
        "start_backup_window_minutes": _minutes(tier.start_window),
        "complete_backup_window_minutes": _minutes(tier.complete_window),
        "enable_continuous_backup": "false",
        "target_backup_vault_name": intent.vaults.local.name,
        "lifecycle": _lifecycle(tier.local_retention_days),
        "copy_actions": {
            arn: {"target_backup_vault_arn": arn, "lifecycle": _lifecycle(tier.central_retention_days)}
            for arn in copy_destinations(intent, tier)
        },
    }


def copy_destinations(intent: Intent, tier: Tier) -> Iterator[str]:
    """The ARNs of the vaults into which every backup of a tier is copied."""
    yield intent.central_vault_arn()
    if tier.critical:
        yield intent.replica_vault_arn()


def _lifecycle(days: int) -> Settings:
    # An unset leaf is one that a child might set: hence the archive switch, although false is its default.
    return {"delete_after_days": str(days), "opt_in_to_archive_for_supported_resources": "false"}


def _selection(intent: Intent, tier: str) -> Settings:
    role = role_arn(intent.roles.backup, account=_ANY_ACCOUNT)
    return {"iam_role_arn": role, "tag_key": intent.tag_key, "tag_value": [tier]}


def _minutes(window: timedelta) -> str:
    return str(window // timedelta(minutes=1))


def _locked(node: Settings) -> Document:
    # A lock on a container does not reach the leaves below it: every node needs its own.
    document: Document = dict(_NO_CHILD)
    for name, child in node.items():
        document[name] = _locked(child) if isinstance(child, Mapping) else {"@@assign": child, **_NO_CHILD}
    return document
