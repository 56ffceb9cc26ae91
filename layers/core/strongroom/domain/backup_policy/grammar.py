"""What a backup policy may hold: every key, the kind of its value, and how many of each AWS takes.

Sources: AWS Organizations User Guide, "Backup policy syntax and examples"; AWS Backup Developer Guide, "AWS Backup
quotas".
"""

import re
from collections.abc import Mapping
from copy import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Path, folded
from strongroom.domain.backup_policy.quotas import (
    CONDITIONS_PER_SELECTION,
    COPY_ACTIONS_PER_RULE,
    RECOVERY_POINT_TAGS,
    RULES_PER_PLAN,
    SELECTIONS_PER_PLAN,
    TAG_SELECTIONS_PER_PLAN,
)
from strongroom.domain.catalogue.rows import ROWS, indexed_types, names_of

RESOURCE_TYPES: Final = tuple(sorted({row.pattern for row in ROWS}))
INDEXED_TYPES: Final = indexed_types()
SCANNED_TYPES: Final = names_of(row for row in ROWS if row.is_scanned)


class Kind(StrEnum):
    """What a setting's value means."""

    SCHEDULE = "a cron expression, UTC"
    VAULT_NAME = "a vault name"
    AIR_GAPPED_VAULT_ARN = "the ARN of a logically air-gapped vault with $region and $account"
    VAULT_ARN = "the ARN of a vault"
    ROLE_ARN = "the ARN of a role with $account"
    WINDOW_MINUTES = "minutes, 60 or more"
    DAYS = "days, 1 or more"
    FLAG = "true or false"
    SWITCH = "enabled or disabled"
    REGION = "a Region code"
    TAG_KEY = "a tag key"
    TAG_VALUE = "a tag value"
    CONDITION_KEY = "aws:ResourceTag/ and a tag key"
    CONDITION_VALUE = "a tag value, with * in the _like forms"
    RESOURCE_TYPE = "the ARN pattern of a resource type, or *"
    INDEXED_TYPE = " or ".join(INDEXED_TYPES)
    SCANNED_TYPE = f"{', '.join(SCANNED_TYPES)} or ALL"
    SCAN_MODE = "INCREMENTAL_SCAN or FULL_SCAN"
    SCANNER_ROLE_ARN = "the ARN of the scanner's role"


class Names(StrEnum):
    """Which names an author may choose in a collection."""

    PLAIN = "1 to 50 letters, digits, '.', '-' or '_'"
    VAULT_ARN = "the ARN of a vault"
    ANY = "any text"


class Setting(Struct, frozen=True, kw_only=True):
    """A value, or a list of values where `many`; `required` in the effective policy."""

    kind: Kind
    many: bool = False
    required: bool = False


class Block(Struct, frozen=True, kw_only=True):
    """A map whose keys AWS names."""

    children: Mapping[str, "Node"]
    required: bool = False


class Collection(Struct, frozen=True, kw_only=True):
    """A map whose keys the author chooses, each holding `of`; AWS takes at most `most` of them."""

    of: Block
    noun: str
    names: Names = Names.PLAIN
    most: int | None = None
    required: bool = False


type Node = Setting | Block | Collection


def _block(**children: Node) -> Block:
    return Block(children=MappingProxyType(children))


def _value(kind: Kind, *, many: bool = False, required: bool = False) -> Setting:
    return Setting(kind=kind, many=many, required=required)


_LIFECYCLE: Final = _block(
    move_to_cold_storage_after_days=_value(Kind.DAYS),
    delete_after_days=_value(Kind.DAYS),
    opt_in_to_archive_for_supported_resources=_value(Kind.FLAG),
)
_TAG: Final = _block(
    tag_key=_value(Kind.TAG_KEY, required=True),
    tag_value=_value(Kind.TAG_VALUE, required=True),
)
_RULE: Final = _block(
    schedule_expression=_value(Kind.SCHEDULE),  # documented as required, admitted and effective without
    target_backup_vault_name=_value(Kind.VAULT_NAME, required=True),
    target_logically_air_gapped_backup_vault_arn=_value(Kind.AIR_GAPPED_VAULT_ARN),
    start_backup_window_minutes=_value(Kind.WINDOW_MINUTES),
    complete_backup_window_minutes=_value(Kind.WINDOW_MINUTES),
    enable_continuous_backup=_value(Kind.FLAG),
    lifecycle=_LIFECYCLE,
    copy_actions=Collection(
        of=_block(target_backup_vault_arn=_value(Kind.VAULT_ARN, required=True), lifecycle=_LIFECYCLE),
        noun="copy action",
        names=Names.VAULT_ARN,
        most=COPY_ACTIONS_PER_RULE,
    ),
    recovery_point_tags=Collection(of=_TAG, noun="tag", names=Names.ANY, most=RECOVERY_POINT_TAGS),
    index_actions=_block(resource_types=_value(Kind.INDEXED_TYPE, many=True)),
    scan_actions=_block(GUARDDUTY=_block(scan_mode=_value(Kind.SCAN_MODE))),
)
_CONDITION: Final = Collection(
    of=_block(
        condition_key=_value(Kind.CONDITION_KEY, required=True),
        condition_value=_value(Kind.CONDITION_VALUE, required=True),
    ),
    noun="condition",
    names=Names.ANY,
    most=CONDITIONS_PER_SELECTION,
)
_CONDITIONS: Final = _block(
    string_equals=_CONDITION, string_not_equals=_CONDITION, string_like=_CONDITION, string_not_like=_CONDITION
)
_SELECTIONS: Final = _block(
    tags=Collection(
        of=_block(
            iam_role_arn=_value(Kind.ROLE_ARN, required=True),
            tag_key=_value(Kind.TAG_KEY, required=True),
            tag_value=_value(Kind.TAG_VALUE, many=True, required=True),
            conditions=_CONDITIONS,
        ),
        noun="selection",
        most=TAG_SELECTIONS_PER_PLAN,
    ),
    resources=Collection(
        of=_block(
            iam_role_arn=_value(Kind.ROLE_ARN, required=True),
            resource_types=_value(Kind.RESOURCE_TYPE, many=True, required=True),
            not_resource_types=_value(Kind.RESOURCE_TYPE, many=True),
            conditions=_CONDITIONS,
        ),
        noun="selection",
        most=SELECTIONS_PER_PLAN,
    ),
)
_PLAN: Final = _block(
    regions=_value(Kind.REGION, many=True, required=True),
    rules=Collection(of=_RULE, noun="rule", most=RULES_PER_PLAN, required=True),
    selections=replace(_SELECTIONS, required=True),
    advanced_backup_settings=_block(
        ec2=_block(windows_vss=_value(Kind.SWITCH)),
        s3=_block(backup_acls=_value(Kind.SWITCH), backup_object_tags=_value(Kind.SWITCH)),
    ),
    backup_plan_tags=Collection(of=_TAG, noun="tag", names=Names.ANY),
    scan_settings=_block(
        GUARDDUTY=_block(
            resource_types=_value(Kind.SCANNED_TYPE, many=True),
            scanner_role_arn=_value(Kind.SCANNER_ROLE_ARN),
        )
    ),
)
BACKUP_POLICY: Final = _block(plans=Collection(of=_PLAN, noun="plan"))

_VAULT_ARN: Final = r"arn:aws[a-z-]*:backup:[a-z0-9-]+:([0-9]{12}|\$account):backup-vault:[A-Za-z0-9_-]{1,50}"
_NAME_PATTERNS: Final = {
    Names.PLAIN: r"[A-Za-z0-9_.-]{1,50}",
    Names.VAULT_ARN: _VAULT_ARN,
    Names.ANY: r"(?s:(?!@@).+)",
}


def is_name(text: str, names: Names) -> bool:
    """Whether an author may choose this name in such a collection."""
    return re.fullmatch(_NAME_PATTERNS[names], text) is not None


def node_at(path: Path) -> Node | None:
    """What the grammar has at a path of a document, in any letter case; None where it has nothing."""
    node: Node | None = BACKUP_POLICY
    for step, as_compared in zip(path, folded(path), strict=True):
        match node:
            case Block(children=children):
                node = next((child for name, child in children.items() if name.lower() == as_compared), None)
            case Collection(of=body, names=names):
                node = body if is_name(step, names) else None
            case _:
                return None
    return node
