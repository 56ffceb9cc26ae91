"""Plans that an account gets from the organisation: read from its effective backup policy."""

import base64
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sandbox.backup_service.estate import CopyAction
from sandbox.backup_service.lifecycles import FOREVER, Lifecycle
from sandbox.backup_service.plans.rules import Plan, Rule, Selection, TagCondition
from sandbox.backup_service.surroundings import Document, Place

_IDENTITIES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def organization_plans(account: str, policy: Document) -> Iterator[Plan]:
    """The plans of an effective backup policy, one for each plan and Region."""
    for name, body in policy.get("plans", {}).items():
        for region in _listed(body.get("regions")):
            yield _plan(Place(account, region), name, body)


def _plan(place: Place, name: str, body: Document) -> Plan:
    identity = uuid.uuid5(_IDENTITIES, f"{place.account}/{place.region}/{name}")
    content = json.dumps(body, sort_keys=True)
    version = base64.b64encode(str(uuid.uuid5(identity, content)).encode()).decode()
    return Plan(
        id=f"orgs/{identity}",
        name=name,
        version=version,
        place=place,
        rules=tuple(_rule(identity, place, key, rule) for key, rule in body.get("rules", {}).items()),
        selections=tuple(_selections(place, body.get("selections", {}))),
    )


def _rule(plan: uuid.UUID, place: Place, name: str, body: Document) -> Rule:
    actions = body.get("copy_actions", {}).items()
    gapped = body.get("target_logically_air_gapped_backup_vault_arn")
    return Rule(
        id=str(uuid.uuid5(plan, name)),
        name=name,
        schedule=str(body.get("schedule_expression", "")),
        vault_name=str(body["target_backup_vault_name"]),
        lifecycle=_lifecycle(body.get("lifecycle")) or FOREVER,
        copy_actions=tuple(_copy_action(place, key, action) for key, action in actions),
        recovery_point_tags=_tags(body.get("recovery_point_tags", {})),
        start_window=timedelta(minutes=int(body.get("start_backup_window_minutes", 480))),
        is_continuous=str(body.get("enable_continuous_backup", False)).lower() == "true",
        air_gapped_vault_arn=_resolved(str(gapped), place) if gapped else None,
    )


def _copy_action(place: Place, key: str, body: Document) -> CopyAction:
    arn = str(body.get("target_backup_vault_arn", key))
    return CopyAction(_resolved(arn, place), _lifecycle(body.get("lifecycle")))


def _lifecycle(body: Document | None) -> Lifecycle | None:
    if not body:
        return None
    spans = [body.get("move_to_cold_storage_after_days"), body.get("delete_after_days")]
    cold, delete = (timedelta(days=int(span)) if span is not None else None for span in spans)
    return Lifecycle(cold, delete)


def _tags(body: Document) -> dict[str, str]:
    return {str(tag["tag_key"]): str(tag["tag_value"]) for tag in body.values()}


def _selections(place: Place, body: Document) -> Iterator[Selection]:
    for name, selection in body.get("tags", {}).items():
        yield Selection(
            name=name,
            role_arn=_resolved(str(selection["iam_role_arn"]), place),
            tag_key=str(selection["tag_key"]),
            tag_values=tuple(_listed(selection["tag_value"])),
            conditions=tuple(_conditions(selection.get("conditions", {}))),
        )
    for name, selection in body.get("resources", {}).items():
        yield Selection(
            name=name,
            role_arn=_resolved(str(selection["iam_role_arn"]), place),
            patterns=tuple(_listed(selection.get("resource_types"))),
            excluded=tuple(_listed(selection.get("not_resource_types"))),
            conditions=tuple(_conditions(selection.get("conditions", {}))),
        )


def _conditions(body: Document) -> Iterator[TagCondition]:
    for operator, named in body.items():
        for condition in named.values():
            yield TagCondition(
                tag_key=str(condition["condition_key"]).removeprefix("aws:ResourceTag/"),
                value=str(condition["condition_value"]),
                is_like=operator.endswith("like"),
                is_negated="_not_" in operator,
            )


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _resolved(arn: str, place: Place) -> str:
    """`$account` stays literal in the effective policy; AWS Backup fills it in when the plan runs."""
    return arn.replace("$account", place.account).replace("$region", place.region)
