"""`strongroom policy effective`: what the policies from the root down to an account come to."""

import argparse
import json
from collections.abc import Sequence
from typing import Any

from strongroom.domain.backup_policy.documents import json_path
from strongroom.domain.backup_policy.operator_syntax import value_mistakes
from strongroom.domain.backup_policy.preview import preview
from strongroom.domain.values import asdict
from strongroom_cli.policy.files import (
    FILES_SHAPE,
    PolicyFileError,
    Source,
    policy_in,
    read_sources,
    refuse_mistakes,
    refuse_what_is_not_known,
)
from strongroom_cli.policy_sources.found import NoPolicyError
from strongroom_cli.policy_sources.levels import LEVELS_SHAPE
from strongroom_cli.policy_sources.read import refuse_other_kinds


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "effective",
        help="merge the policies from the root down to an account",
        description='Prints {"effective", "errors", "in_force", "findings"} as JSON. "errors" are the faults for which '
        'AWS would keep the last valid policy in force, exit code 1; "findings" warn of what the result hangs on.',
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"{LEVELS_SHAPE}, each level in the order of attachment, where "
        f'"last_valid" may hold an earlier effective policy; or a file for each level, root first: {FILES_SHAPE}',
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the effective policy; PolicyFileError when the files hold no levels of backup policies."""
    levels, last_valid = _levels(arguments.files)
    seen = preview(levels, last_valid=last_valid)
    shown = {
        "effective": seen.effective,
        "errors": [asdict(fault) for fault in seen.faults],
        "in_force": seen.in_force,
        "findings": [asdict(finding) for finding in seen.findings],
    }
    print(json.dumps(shown, indent=2))
    return int(bool(seen.faults))


def _levels(names: Sequence[str]) -> tuple[list[list[dict[str, Any]]], dict[str, Any] | None]:
    attached = [read_sources([name]) for name in names]
    sources = [source for level in attached for source in level]
    refuse_what_is_not_known(sources)
    by_levels = [source for source in sources if source.found.levels is not None]
    if not by_levels:
        return [
            [policy_in(source, each) for source in level for each in source.found.policies] for level in attached
        ], None
    if len(sources) > 1:
        raise PolicyFileError(f"{by_levels[0].shown}: it holds every level already, so no other file goes with it")
    [source] = sources
    levels = [[policy_in(source, policy) for policy in level] for level in source.found.levels or ()]
    return levels, _last_valid(source)


def _last_valid(source: Source) -> dict[str, Any] | None:
    last_valid: dict[str, Any] | None = source.found.last_valid
    if last_valid is not None:
        try:
            refuse_other_kinds(last_valid)
        except NoPolicyError as failure:
            raise PolicyFileError(f"{source.shown}: $.last_valid: {failure}") from failure
        refuse_mistakes(value_mistakes(last_valid), lambda path: f"{source.shown}: {json_path(('last_valid', *path))}")
    return last_valid
