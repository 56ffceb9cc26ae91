"""Backup policies as people write them, and resources that they may catch."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from strongroom.domain.backup_policy.organization import EffectivePolicies, Organization, effective_policies
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.preview.money.prices import PriceTable
from strongroom.domain.preview.plans import Plan, read_plans
from strongroom.domain.preview.resources.inventory import Resource
from tests.builders.places import HOME, PAYMENTS, a_vault_arn

type Document = dict[str, Any]
type Keeps = Mapping[str, int | tuple[int, int]]

CENTRAL = a_vault_arn("central")
ROLE = "arn:aws:iam::$account:role/strongroom/strongroom-backup"
EVERYTHING_OPTED_IN: Mapping[str, bool] = dict.fromkeys(names_of(ROWS), True)
NIGHTLY = "cron(0 2 ? * * *)"


def a_rule(schedule: str = NIGHTLY, *, local: int | None = 7, copies: Keeps | None = None, **more: Any) -> Document:
    """A rule into the vault `local`; a copy's days stand beside its ARN, with the days until it is cold, if any."""
    return {
        "schedule_expression": schedule,
        "start_backup_window_minutes": "60",
        "target_backup_vault_name": "local",
        "lifecycle": {} if local is None else {"delete_after_days": str(local)},
        "copy_actions": {
            vault: {"target_backup_vault_arn": vault, "lifecycle": _lifecycle(days)}
            for vault, days in (copies or {}).items()
        },
        **more,
    }


def a_tag_selection(key: str, *values: str, **more: Any) -> Document:
    """Selections of one that goes by a tag."""
    return {"tags": {"by-tag": {"iam_role_arn": ROLE, "tag_key": key, "tag_value": list(values), **more}}}


def a_type_selection(*types: str, without: Sequence[str] = (), **conditions: Mapping[str, str]) -> Document:
    """Selections of one that goes by types and conditions: `string_equals={"Backup": "daily"}`."""
    chosen: Document = {
        "iam_role_arn": ROLE,
        "resource_types": list(types),
        "conditions": a_condition_block(**conditions),
    }
    return {"resources": {"by-type": chosen | ({"not_resource_types": list(without)} if without else {})}}


def a_condition_block(**conditions: Mapping[str, str]) -> Document:
    """Conditions by operator and tag key; several values of one key are as many conditions."""
    return {
        comparison: {
            f"c{place}": {"condition_key": f"aws:ResourceTag/{key}", "condition_value": value}
            for place, (key, value) in enumerate(wanted.items())
        }
        for comparison, wanted in conditions.items()
    }


def a_plan_document(
    selections: Document, rules: Mapping[str, Document] | None = None, *, regions: Sequence[str] = (HOME,)
) -> Document:
    """What stands under a plan's name in an effective policy; one nightly rule unless others are given."""
    return {"regions": list(regions), "rules": dict(rules or {"nightly": a_rule()}), "selections": selections}


def a_plan_list(**plans: Document) -> tuple[Plan, ...]:
    """The plans of an effective policy; `_` stands for `-` in their names."""
    return read_plans({"plans": {name.replace("_", "-"): plan for name, plan in plans.items()}})


def a_policy(**plans: Document) -> Document:
    """The policy that assigns these plans."""
    return {"plans": {name.replace("_", "-"): _assigned(plan) for name, plan in plans.items()}}


def an_organization(
    documents: Mapping[str, Document],
    attachments: Mapping[str, tuple[str, ...]],
    *,
    units: Mapping[str, str | None],
    accounts: Mapping[str, str],
) -> EffectivePolicies:
    """The effective policies where these documents are attached so."""
    return effective_policies(
        Organization(units=units, accounts=accounts, attachments=attachments, documents=documents)
    )


def a_volume(number: int = 1, *, account: str = PAYMENTS, region: str = HOME, **more: Any) -> Resource:
    """An EBS volume."""
    arn = f"arn:aws:ec2:{region}:{account}:volume/vol-{number:017x}"
    return Resource(arn=arn, account=AccountId(account), region=Region(region), **more)


def a_resource(arn: str, **more: Any) -> Resource:
    """A resource by its ARN; account and Region are those of Payments at home where the ARN names none."""
    _, _, _, region, account, _ = arn.split(":", 5)
    return Resource(arn=arn, account=AccountId(account or PAYMENTS), region=Region(region or HOME), **more)


def _lifecycle(days: int | tuple[int, int]) -> Document:
    if isinstance(days, int):
        return {"delete_after_days": str(days)}
    return {"delete_after_days": str(days[0]), "move_to_cold_storage_after_days": str(days[1])}


def _assigned(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _assigned(child) for name, child in node.items()}
    return {"@@assign": node}


def an_empty_price_table() -> PriceTable:
    """A table that holds no price."""
    return PriceTable(day=date(2026, 5, 1), storage={}, transfer={})
