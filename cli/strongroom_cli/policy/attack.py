"""`strongroom policy attack`: whether anybody further down can change the backup policies, by trying everything."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from strongroom.domain.backup_policy.attacking.attack import AttackReport, Stuck, attack
from strongroom.domain.backup_policy.documents import Document, json_path
from strongroom.domain.backup_policy.linting.reading import minified_characters
from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom.domain.backup_policy.rendering import tier_documents
from strongroom.domain.intent.governed import tiers_below, topmost_targets
from strongroom.domain.intent.model import Intent, Target
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.errors import one_line
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.policy.files import (
    FILES_SHAPE,
    PolicyFileError,
    Source,
    policy_in,
    read_sources,
    refuse_what_is_not_known,
)
from strongroom_cli.policy_sources.found import FoundPolicy
from strongroom_cli.policy_sources.levels import LEVELS_SHAPE

_PLACES: Final = 20

type Levels = Sequence[Sequence[Document]]


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "attack",
        help="try every change that a policy further down could make, and print what would stick",
        description="Prints at which places something sticks; exit code 1 when anything does. What rests on container "
        "controls is stopped only by the documented reading of a container's child control.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help=f"{FILES_SHAPE}; each policy is attacked for itself; or {LEVELS_SHAPE}; without any, the policies of the "
        "intent",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help='print {"tried", "stuck", "rests_on_container_controls"}, each attack that sticks with its document',
    )
    parser.add_argument("--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what sticks; PolicyFileError when a file holds no policy, or nothing in it can be attacked."""
    files: list[str] = arguments.files
    targets = _targets_in(files) if files else _targets_of(load_intent_file(arguments.intent)[0])
    reports = [(name, attack(levels)) for name, levels in targets]
    for name in [name for name, report in reports if not report.tried]:
        raise PolicyFileError(f"{name}: there is no setting that could be attacked")  # nothing tried proves nothing
    print(json.dumps(_shown(reports), indent=2) if arguments.json else "\n".join(_summary(reports)))
    return int(any(report.stuck for _, report in reports))


def _targets_of(intent: Intent) -> list[tuple[str, Levels]]:
    # Below a unit there is at least one more unit at will, and the account; below an account there is nothing.
    return [(top.name, _levels_of(intent, top)) for top in topmost_targets(intent) if top.account is None]


def _levels_of(intent: Intent, top: Target) -> Levels:
    documents = [each.document for tier in tiers_below(intent, top) for each in tier_documents(intent, tier)]
    return [*([] if top.root else [[]]), documents, [], []]


def _targets_in(files: Sequence[str]) -> list[tuple[str, Levels]]:
    sources = read_sources(files)
    refuse_what_is_not_known(sources)
    return [target for source in sources for target in _targets(source)]


def _targets(source: Source) -> Iterator[tuple[str, Levels]]:
    if source.found.levels is not None:
        yield source.shown, _with_room([[_attackable(source, each) for each in level] for level in source.found.levels])
        return
    for policy in source.found.policies:
        name = f"{source.shown}: {policy.resource}" if policy.resource else source.shown
        yield name, _with_room([[_attackable(source, policy)]])


def _with_room(levels: Levels) -> Levels:
    return [*levels, [], []]  # one level below the last, and one below that


def _attackable(source: Source, policy: FoundPolicy) -> Document:
    document = policy_in(source, policy)
    if (characters := minified_characters(document)) > POLICY_CHARACTERS:
        limit = f"AWS takes {POLICY_CHARACTERS:,}, so split it by plan"
        raise PolicyFileError(f"{source.told(policy)}: {characters:,} characters without white space; {limit}")
    return document


def _summary(reports: Sequence[tuple[str, AttackReport]]) -> Iterator[str]:
    for name, report in reports:
        stuck = f"{len(report.stuck):,} stick" if report.stuck else "none sticks"
        yield one_line(f"{name}: {report.tried:,} attacks tried, {stuck}")
        yield from _places(report.stuck)
        if resting := report.rests_on_container_controls:
            yield (
                f"  {len(resting):,} more are stopped only if a container's child control means what AWS documents, "
                f"at {len(_by_place(resting)):,} places"
            )


def _places(stuck: Sequence[Stuck]) -> Iterator[str]:
    by_place = _by_place(stuck)
    for path, attacks in list(by_place.items())[:_PLACES]:
        first = attacks[0]
        told = f"{len(attacks):,}, such as {first.attack} at level {first.level}: {first.weakens}"
        yield one_line(f"  {path}: {told}")
    if (more := len(by_place) - _PLACES) > 0:
        yield f"  and {more:,} more places; --json prints every attack with its document"


def _by_place(stuck: Sequence[Stuck]) -> dict[str, list[Stuck]]:
    by_place: defaultdict[str, list[Stuck]] = defaultdict(list)
    for each in stuck:
        by_place[json_path(each.path)].append(each)
    return by_place


def _shown(reports: Sequence[tuple[str, AttackReport]]) -> dict[str, Any]:
    resting = [stuck for _, report in reports for stuck in report.rests_on_container_controls]
    return {
        "tried": sum(report.tried for _, report in reports),
        "stuck": [_told(stuck, target=name) for name, report in reports for stuck in report.stuck],
        "rests_on_container_controls": {"count": len(resting), "paths": list(_by_place(resting))},
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
