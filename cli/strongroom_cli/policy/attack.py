"""`strongroom policy attack`: whether anybody further down can change the backup policies, by trying everything."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strongroom.domain.backup_policy.attack import AttackReport, Stuck, attack
from strongroom.domain.backup_policy.documents import Document, json_path
from strongroom.domain.backup_policy.grammar import POLICY_CHARACTERS
from strongroom.domain.backup_policy.linting.reading import minified_characters
from strongroom.domain.backup_policy.rendering import tier_documents
from strongroom.domain.intent.governed import tiers_below, topmost_targets
from strongroom.domain.intent.model import Intent, Target
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.policy.files import LEVELS_SHAPE, PolicyFileError, levels_in, policy_in, read_json_file

type Levels = Sequence[Sequence[Document]]


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "attack",
        help="try every change that a policy further down could make, and print what would stick",
        description='Prints {"tried", "stuck", "rests_on_container_controls"} as JSON; exit code 1 when anything '
        "sticks. The last names the containers to which only the documented reading of their child control stops "
        "additions.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=f"a backup policy, or {LEVELS_SHAPE}; without any, the policies of the intent",
    )
    parser.add_argument("--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what sticks; PolicyFileError when a file holds no policy, or nothing in it can be attacked."""
    files: list[Path] = arguments.files
    targets = [(str(file), _levels_in(file)) for file in files] or _targets_of(load_intent_file(arguments.intent)[0])
    reports = [(name, attack(levels)) for name, levels in targets]
    for name in [name for name, report in reports if not report.tried]:
        raise PolicyFileError(f"{name}: there is no setting that could be attacked")  # nothing tried proves nothing
    print(json.dumps(_shown(reports), indent=2))
    return int(any(report.stuck for _, report in reports))


def _targets_of(intent: Intent) -> list[tuple[str, Levels]]:
    # Below a unit there is at least one more unit at will, and the account; below an account there is nothing.
    return [(top.name, _levels_of(intent, top)) for top in topmost_targets(intent) if top.account is None]


def _levels_of(intent: Intent, top: Target) -> Levels:
    documents = [each.document for tier in tiers_below(intent, top) for each in tier_documents(intent, tier)]
    return [*([] if top.root else [[]]), documents, [], []]


def _levels_in(file: Path) -> Levels:
    parsed = read_json_file(file)
    is_levels = isinstance(parsed.document, dict) and "levels" in parsed.document
    levels = levels_in(parsed, file) if is_levels else [[policy_in(parsed, file)]]
    for depth, level in enumerate(levels):
        for number, policy in enumerate(level):
            # Every node is tried with the whole policy merged again, so a size that AWS refuses would take for ever.
            if (characters := minified_characters(policy)) > POLICY_CHARACTERS:
                where = json_path(("levels", depth, number) if is_levels else ())
                limit = f"AWS takes {POLICY_CHARACTERS:,}, so split it by plan"
                raise PolicyFileError(f"{file}: {where}: {characters:,} characters without white space; {limit}")
    return [*levels, [], []]  # one level below the last, and one below that


def _shown(reports: Sequence[tuple[str, AttackReport]]) -> dict[str, Any]:
    resting = [stuck for _, report in reports for stuck in report.rests_on_container_controls]
    return {
        "tried": sum(report.tried for _, report in reports),
        "stuck": [_told(stuck, target=name) for name, report in reports for stuck in report.stuck],
        "rests_on_container_controls": {
            "count": len(resting),
            "paths": list(dict.fromkeys(json_path(stuck.path) for stuck in resting)),
        },
    }


def _told(stuck: Stuck, *, target: str) -> dict[str, Any]:
    return {
        "target": target,
        "path": json_path(stuck.path),
        "attack": stuck.attack,
        "level": stuck.level,
        "before": stuck.before,
        "after": stuck.after,
        "weakens": stuck.weakens,
        "document": stuck.document,
    }
