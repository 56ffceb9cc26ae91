"""The organisation's backup policies: one per tier, locked on every container and every leaf.

Source: AWS Organizations User Guide, "Backup policy syntax and examples" and "Inheritance operators".
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.catalogue.rows import ROWS, names_of, patterns_of
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import Lifecycle, destinations_of, local_lifecycle
from strongroom.domain.intent.model import Intent, Tier
from strongroom.domain.intent.tier_names import plan_name

_NO_CHILD: Final = {"@@operators_allowed_for_child_policies": ["@@none"]}
_ANY_ACCOUNT: Final = AccountId("$account")  # AWS Backup puts the account in when the plan runs
_RULE: Final = "backup-and-copy"
_SELECTION: Final = "by-tag"
_CONDITION: Final = "tier"
_FLAGS: Final = {True: "true", False: "false"}
_SWITCHES: Final = {True: "enabled", False: "disabled"}

type Document = dict[str, Any]
type Settings = Mapping[str, str | list[str] | Settings]


def render_backup_policies(intent: Intent) -> dict[str, Document]:
    """The policy document of each tier that a target offers, by tier name."""
    return {name: render_backup_policy(intent, name) for name in intent.offered_tiers()}


def render_backup_policy(intent: Intent, name: str) -> Document:
    """The locked policy of one tier: no child can change a setting of it, nor add to it."""
    tier = intent.tiers[name]
    plan: Settings = {
        "regions": list(intent.organization.governed_regions),
        "rules": {_RULE: _rule(intent, tier)},
        "selections": _selections(intent, name),
        "advanced_backup_settings": _advanced(tier),
    }
    return _locked({"plans": {plan_name(name): plan}})


def _rule(intent: Intent, tier: Tier) -> Settings:
    return {
        "schedule_expression": tier.schedule,
        "start_backup_window_minutes": _minutes(tier.start_window),
        "complete_backup_window_minutes": _minutes(tier.complete_window),
        "enable_continuous_backup": _FLAGS[tier.continuous_backup],
        "target_backup_vault_name": intent.vaults.local.name,
        "lifecycle": _lifecycle(local_lifecycle(tier)),
        "copy_actions": {
            each.vault.arn: {"target_backup_vault_arn": each.vault.arn, "lifecycle": _lifecycle(each.lifecycle)}
            for each in destinations_of(intent, tier)
        },
        **_recovery_point_tags(tier),
        **({"index_actions": {"resource_types": list(tier.index)}} if tier.index else {}),
    }


def _lifecycle(lifecycle: Lifecycle) -> Settings:
    # An unset leaf is one that a child might set: hence the archive switch, although false is its default.
    cold = lifecycle.cold_storage_after_days
    return {
        **({} if cold is None else {"move_to_cold_storage_after_days": str(cold)}),
        "delete_after_days": str(lifecycle.retention_days),
        "opt_in_to_archive_for_supported_resources": _FLAGS[lifecycle.archive],
    }


def _recovery_point_tags(tier: Tier) -> Settings:
    tags: Settings = {key: {"tag_key": key, "tag_value": value} for key, value in tier.recovery_point_tags.items()}
    return {"recovery_point_tags": tags} if tags else {}


def _selections(intent: Intent, name: str) -> Settings:
    role, partition = intent.member_role_arn(intent.roles.backup, _ANY_ACCOUNT), intent.partition.name
    types = intent.tiers[name].resource_types
    if not types:
        return {"tags": {_SELECTION: {"iam_role_arn": role, "tag_key": intent.tag_key, "tag_value": [name]}}}
    # A plan takes tags or resource types, not both: here the tag becomes a condition.
    chosen = patterns_of(types, partition=partition)
    others = [pattern for pattern in patterns_of(names_of(ROWS), partition=partition) if pattern not in chosen]
    condition = {"condition_key": f"aws:ResourceTag/{intent.tag_key}", "condition_value": name}
    selection: Settings = {
        "iam_role_arn": role,
        "resource_types": list(chosen),
        # What is not chosen anyway: set only so that no child can set it.
        **({"not_resource_types": others} if others else {}),
        "conditions": {"string_equals": {_CONDITION: condition}},
    }
    return {"resources": {_SELECTION: selection}}


def _advanced(tier: Tier) -> Settings:
    return {
        "ec2": {"windows_vss": _SWITCHES[tier.windows_vss]},
        "s3": {"backup_acls": _SWITCHES[tier.s3_acls], "backup_object_tags": _SWITCHES[tier.s3_object_tags]},
    }


def _minutes(window: timedelta) -> str:
    return str(window // timedelta(minutes=1))


def _locked(node: Settings) -> Document:
    # A lock on a container does not reach the leaves below it: every node needs its own.
    document: Document = dict(_NO_CHILD)
    for name, child in node.items():
        document[name] = _locked(child) if isinstance(child, Mapping) else {"@@assign": child, **_NO_CHILD}
    return document
