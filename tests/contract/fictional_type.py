"""Writes which tables know a type that does not exist, with a row for it (argument `with`) or without.

Run by itself: tables are made when their modules are imported, so the row must be there before.
"""

import json
import sys
from copy import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from strongroom.domain.catalogue import rows
from strongroom.domain.catalogue.facets.creations import Creation
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import (
    EVERYTHING,
    Listing,
    NativeBackups,
    Reach,
    ResourceType,
    Scope,
    Threat,
)
from strongroom.domain.intent.tiers import Kept

SERVICE: Final = "chro-nicle"
CHRONICLE: Final = ResourceType(
    name="Chronicle",
    label="chronicle",
    arn="arn:aws:chro-nicle:{region}:{account}:annal/{id}",
    creations=(
        Creation(call="chro-nicle:Begin", request=("title",), tagged=EVERYTHING, upsets="the scribes"),
        Creation(call="chro-nicle:Recall"),
    ),
    tags=Tagging(client="chro-nicle", write="Mark", read="Look", tags="Marks"),
    listing=Listing(call="List", items="Chronicles[]"),
    tagging=("chro-nicle:Mark",),
    untagging=("chro-nicle:Unmark",),
    unseen_tagging=("chro-nicle:Scribble",),
    clearing=("chro-nicle:Wipe",),
    reach=Reach.NOWHERE,
    wants_opt_in=True,
    is_archived=True,
    is_indexed=True,
    is_scanned=True,
    native=NativeBackups(
        arns=("arn:aws:chro-nicle:*:*:scroll/*",),
        changes=("chro-nicle:Burn",),
        readings=("chro-nicle:Recite",),
        restores=("chro-nicle:Reprint",),
        unmarked=("chro-nicle:Lose",),
    ),
    threats=(Threat(call="chro-nicle:Burn", what="burn it", target_keys=("title",), scope=Scope.NATIVE_BACKUP),),
)
# A second one, as its native backups are told by their names.
SAGA: Final = replace(
    CHRONICLE,
    name="Saga",
    native=NativeBackups(
        arns=("arn:aws:chro-nicle:*:*:tale/awsbackup:*",),
        is_named=True,
        changes=("chro-nicle:Forget",),
        readings=("chro-nicle:Retell",),
        restores=("chro-nicle:Revive",),
    ),
)
ARCHIVED: Final[dict[str, Any]] = {
    "archive": True,
    "schedule": "cron(0 3 1 * ? *)",
    "keep": {"local": Kept(days=200, cold_after=30), "central": 2555},
}
INTENT_FILE: Final = Path(__file__).parents[2] / "strongroom.yaml"


def add_row() -> None:
    """What a new type takes: rows in the catalogue, and the tagging adapter of its service."""
    rows.ROWS = (*rows.ROWS, CHRONICLE, SAGA)  # type: ignore[misc]
    adapter = ModuleType("strongroom.adapters.tagging.chro_nicle")
    vars(adapter).update(TAGS=object(), MEMBER_ACTIONS=("chro-nicle:Mark",))
    sys.modules[adapter.__name__] = adapter


def known_to() -> dict[str, bool]:
    """Each table that the rows fill, and whether it knows the type."""
    return _known_to_deciders() | _known_to_policies() | _known_to_the_intent() | _known_to_guardrails()


def _known_to_deciders() -> dict[str, bool]:
    from strongroom.adapters.tagging import member_tags
    from strongroom.domain.hearing.rules import tampering_pattern
    from strongroom.domain.tags.creations import CREATIONS
    from strongroom.domain.tags.patterns import creation_pattern
    from strongroom.domain.tampering.threats import THREATS

    return {
        "creations": "chro-nicle:Begin" in CREATIONS,
        "creation rule": "aws.chro-nicle" in creation_pattern()["$or"][0]["source"],
        "opt-ins": CHRONICLE.name in rows.opted_in_types(),
        "tagging adapters": SERVICE in member_tags.SERVICES,
        "rights of the tagging role": "chro-nicle:Mark" in member_tags.MEMBER_ACTIONS,
        "threats": "chro-nicle:Burn" in THREATS,
        "tampering rule": "Burn" in tampering_pattern()["detail"]["eventName"],
    }


def _known_to_policies() -> dict[str, bool]:
    from strongroom.domain.backup_policy.attacking.additions import other_values
    from strongroom.domain.backup_policy.grammar import Kind
    from strongroom.domain.backup_policy.linting.copies import ROWS_OF
    from strongroom.domain.backup_policy.linting.values import faults_of_value

    index = ("plans", "p", "rules", "r", "index_actions", "resource_types")
    return {
        "patterns of a tier": CHRONICLE.pattern in rows.patterns_of((CHRONICLE.name,), partition="aws"),
        "patterns of a policy": not list(faults_of_value(CHRONICLE.pattern, Kind.RESOURCE_TYPE)),
        "index of a policy": not list(faults_of_value(SAGA.name, Kind.INDEXED_TYPE)),
        "scan of a policy": not list(faults_of_value(CHRONICLE.name, Kind.SCANNED_TYPE)),
        "advice on an index": CHRONICLE.name in Kind.INDEXED_TYPE,
        "advice on a scan": CHRONICLE.name in Kind.SCANNED_TYPE,
        "attacks on an index": [SAGA.name] in other_values(index, ("S3",)),
        "copies of a policy": {row.reach for row in ROWS_OF.get(CHRONICLE.pattern, ())} == {Reach.NOWHERE},
    }


def _known_to_the_intent() -> dict[str, bool]:
    from strongroom.domain.intent_rules.contradictions import find_contradictions
    from strongroom_cli.intent.file import load_intent_file
    from strongroom_cli.intent.schema import editor_schema

    intent, _ = load_intent_file(INTENT_FILE)

    def codes(guarded: str = "rds:CreateDBInstance", **changes: Any) -> set[str]:
        tiers = {name: replace(tier, **changes) for name, tier in intent.tiers.items()}
        guardrails = replace(intent.guardrails, tag_required_on=(guarded,))
        return {each.code for each in find_contradictions(replace(intent, tiers=tiers, guardrails=guardrails))}

    return {
        "schema": json.dumps(editor_schema()).count(CHRONICLE.name) == 3,
        "types of a tier": "not-copied" in codes(resource_types=(CHRONICLE.name,)),
        "index of a tier": "index-type" not in codes(index=(CHRONICLE.name,)),
        "archive of a tier": "archive" not in codes(resource_types=(CHRONICLE.name,), **ARCHIVED),
        "creations with tags": "unknown-action" not in codes("chro-nicle:Begin"),
        "creations that upset": "upsets-tools" in codes("chro-nicle:Begin"),
        "creations without tags": "action-without-tags" in codes("chro-nicle:Recall"),
        "unseen tagging": "action-without-tags" in codes("chro-nicle:Scribble"),
    }


def _known_to_guardrails() -> dict[str, bool]:
    from strongroom.domain.guardrails.members import protect_backups
    from strongroom_cli.intent.file import load_intent_file

    refused = {
        "KeepBackupTag": "Unmark",
        "RemoveTagsByName": "Wipe",
        "KeepTier": "Mark",
        "KeepNativeCopies": "Burn",
        "KeepNativeSnapshots": "Forget",
        "KeepUnmarkedBackups": "Lose",
        "NoReadingOfCopies": "Recite",
        "NoCopiesOfSnapshots": "Retell",
        "NoRestoreFromCopies": "Reprint",
        "NoRestoreFromSnapshots": "Revive",
    }
    intent, _ = load_intent_file(INTENT_FILE)
    statements = {denial.sid: denial for denial in protect_backups(intent, intent.targets[0])}
    return {sid: f"{SERVICE}:{name}" in statements[sid].actions for sid, name in refused.items()} | {
        "native copies": CHRONICLE.native.arns[0] in statements["NoRestoreFromCopies"].resources,
        "native snapshots": SAGA.native.arns[0] in statements["NoRestoreFromSnapshots"].resources,
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["with"]:
        add_row()
    json.dump(known_to(), sys.stdout)
