"""The organisation's backup policies: one per tier, locked on every container and every leaf.

Source: AWS Organizations User Guide, "Backup policy syntax and examples" and "Inheritance operators".
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom.domain.catalogue.model import Reach
from strongroom.domain.catalogue.rows import ROWS, names_of, patterns_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import (
    Destination,
    Lifecycle,
    copy_actions_of,
    leaves_its_account,
    local_lifecycle,
    local_vault,
    primary_air_gap,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.tier_names import TierPlan, excluding_tags_of, plans_of, tag_of
from strongroom.domain.intent.tiers import Tier

_NO_CHILD: Final = {"@@operators_allowed_for_child_policies": ["@@none"]}
_MORE_PLANS: Final = {"@@operators_allowed_for_child_policies": ["@@append"]}
_ANY_ACCOUNT: Final = AccountId("$account")  # AWS Backup puts the account in when the plan runs
_SELECTION: Final = "by-tag"
_CONDITION: Final = "tier"
_EXCEPTION: Final = "unless"
_EVERY_TYPE: Final = "*"
_FLAGS: Final = {True: "true", False: "false"}
_SWITCHES: Final = {True: "enabled", False: "disabled"}

type Document = dict[str, Any]
type Settings = Mapping[str, str | list[str] | Settings]


class TierDocument(Struct, frozen=True, kw_only=True):
    """One of the documents of a tier: called as the tier, the second `TIER-2`."""

    name: str
    document: Document


def render_backup_policies(intent: Intent) -> dict[str, Document]:
    """The policy documents of every tier that a target offers, by their names."""
    return {each.name: each.document for name in intent.offered_tiers() for each in tier_documents(intent, name)}


def tier_documents(intent: Intent, name: str) -> tuple[TierDocument, ...]:
    """The locked policy of one tier in as few documents as its plans need, in order.

    A plan that is larger than a document is split by its rules. Each part has its Regions, selections and settings, so
    that a part that is detached takes away its own rules only.
    """
    whole = render_backup_policy(intent, name)
    documents = (whole,) if _fits(whole) else _packed(intent, name)
    return tuple(
        TierDocument(name=name if number == 1 else f"{name}-{number}", document=document)
        for number, document in enumerate(documents, start=1)
    )


def render_backup_policy(intent: Intent, name: str) -> Document:
    """The locked policy of one tier as a whole: no child can change a setting of it, nor add to it."""
    plans = {plan.name: _plan(intent, name, plan, rules_of(intent.tiers[name])) for plan in plans_of(intent, name)}
    return _document(intent, plans)


def _packed(intent: Intent, name: str) -> Iterator[Document]:
    plans: dict[str, Settings] = {}
    for plan in plans_of(intent, name):
        for part in _parts(intent, name, plan):
            if plans and (plan.name in plans or not _fits(_document(intent, {**plans, plan.name: part}))):
                yield _document(intent, plans)
                plans = {}
            plans[plan.name] = part
    yield _document(intent, plans)


def _parts(intent: Intent, name: str, plan: TierPlan) -> Iterator[Settings]:
    """The plan, or as many parts of it as its rules need to fit."""
    rules: list[BackupRule] = []
    for rule in rules_of(intent.tiers[name]):
        if rules and not _fits(_document(intent, {plan.name: _plan(intent, name, plan, [*rules, rule])})):
            yield _plan(intent, name, plan, rules)
            rules = []
        rules.append(rule)
    yield _plan(intent, name, plan, rules)


def _document(intent: Intent, plans: Mapping[str, Settings]) -> Document:
    document = _locked({"plans": plans})
    if intent.guardrails.foreign_policies is not None:
        document["plans"] |= _MORE_PLANS
    return document


def _fits(document: Document) -> bool:
    return len(json.dumps(document, separators=(",", ":"))) <= POLICY_CHARACTERS


def _plan(intent: Intent, name: str, plan: TierPlan, rules: Iterable[BackupRule]) -> Settings:
    return {
        "regions": list(plan.regions),
        "rules": {rule.name: _rule(intent, rule, region=plan.regions[0]) for rule in rules},
        "selections": _selections(intent, name),
        "advanced_backup_settings": _advanced(intent.tiers[name]),
    }


def _rule(intent: Intent, rule: BackupRule, *, region: Region) -> Settings:
    return {
        "schedule_expression": rule.schedule,
        "start_backup_window_minutes": _minutes(rule.start_window),
        "complete_backup_window_minutes": _minutes(rule.complete_window),
        "enable_continuous_backup": _FLAGS[rule.continuous_backup],
        "target_backup_vault_name": local_vault(intent, rule).vault.name,
        **_primary_air_gap(intent, rule),
        "lifecycle": _lifecycle(local_lifecycle(intent, rule)),
        **_copies(copy_actions_of(intent, rule, account=_ANY_ACCOUNT, region=region)),
        **_recovery_point_tags(rule),
        **({"index_actions": {"resource_types": list(rule.index)}} if rule.index else {}),
    }


def _primary_air_gap(intent: Intent, rule: BackupRule) -> Settings:
    # Of all ARNs in a policy this alone takes the Region for a variable, and it must.
    vault = primary_air_gap(intent, rule)
    if vault is None:
        return {}
    arn = f"arn:{intent.partition.name}:backup:$region:{_ANY_ACCOUNT}:backup-vault:{vault.vault.name}"
    return {"target_logically_air_gapped_backup_vault_arn": arn}


def _copies(destinations: Iterable[Destination]) -> Settings:
    # Without a copy the container stands there all the same: locked, so that no child can add one.
    copies: Settings = {
        each.vault.arn: {"target_backup_vault_arn": each.vault.arn, "lifecycle": _lifecycle(each.lifecycle)}
        for each in destinations
    }
    return {"copy_actions": copies}


def _lifecycle(lifecycle: Lifecycle) -> Settings:
    # An unset leaf is one that a child might set: hence the archive switch, although false is its default.
    cold = lifecycle.cold_storage_after_days
    return {
        **({} if cold is None else {"move_to_cold_storage_after_days": str(cold)}),
        "delete_after_days": str(lifecycle.retention_days),
        "opt_in_to_archive_for_supported_resources": _FLAGS[lifecycle.archive],
    }


def _recovery_point_tags(rule: BackupRule) -> Settings:
    tags: Settings = {key: {"tag_key": key, "tag_value": value} for key, value in rule.recovery_point_tags.items()}
    return {"recovery_point_tags": tags} if tags else {}


def _selections(intent: Intent, name: str) -> Settings:
    """One selection, or one for each value of each key: a condition takes a single value, and all must hold."""
    tier, role = intent.tiers[name], intent.member_role_arn(intent.roles.backup, _ANY_ACCOUNT)
    chosen_by, kept_out_by = ({} if tier.everything else tag_of(intent, name)), excluding_tags_of(intent, name)
    if len(chosen_by) == 1 and not kept_out_by and not tier.resource_types:
        ((key, values),) = chosen_by.items()
        return {"tags": {_SELECTION: {"iam_role_arn": role, "tag_key": key, "tag_value": list(values)}}}
    # A plan takes tags or resource types, not both: here the tags become conditions.
    combinations = list(product(*chosen_by.values()))
    selections: Settings = {
        _numbered(_SELECTION, number): {
            "iam_role_arn": role,
            **_types(intent, tier),
            **_conditions(dict(zip(chosen_by, values, strict=True)), kept_out_by),
        }
        for number, values in enumerate(combinations, start=1)
    }
    return {"resources": selections}


def _types(intent: Intent, tier: Tier) -> Settings:
    """The types of a selection, and those that it leaves out: not chosen, or unable to reach the account of a copy."""
    partition = intent.partition.name
    if tier.resource_types:
        chosen = patterns_of(tier.resource_types, partition=partition)
        others = [pattern for pattern in patterns_of(names_of(ROWS), partition=partition) if pattern not in chosen]
    else:
        chosen = (_EVERY_TYPE,)
        others = list(_patterns_that_stay(partition)) if leaves_its_account(intent, tier) else []
    return {"resource_types": list(chosen), **({"not_resource_types": others} if others else {})}


def _patterns_that_stay(partition: str) -> tuple[str, ...]:
    staying = (Reach.NOWHERE, Reach.REGIONS, Reach.REGIONS_AT_LEAST)
    return patterns_of(names_of(row for row in ROWS if row.reach in staying), partition=partition)


def _conditions(chosen_by: Mapping[str, str], kept_out_by: Mapping[str, Iterable[str]]) -> Settings:
    equal = {_numbered(_CONDITION, number): _condition(*each) for number, each in enumerate(chosen_by.items(), start=1)}
    pairs = [(key, value) for key, values in kept_out_by.items() for value in values]
    unequal = {f"{_EXCEPTION}-{number}": _condition(*each) for number, each in enumerate(pairs, start=1)}
    conditions: Settings = {
        **({"string_equals": equal} if equal else {}),
        **({"string_not_equals": unequal} if unequal else {}),
    }
    return {"conditions": conditions} if conditions else {}


def _condition(key: str, value: str) -> Settings:
    return {"condition_key": f"aws:ResourceTag/{key}", "condition_value": value}


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


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
