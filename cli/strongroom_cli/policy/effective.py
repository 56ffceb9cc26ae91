"""`strongroom policy effective`: what the policies from the root down to an account come to."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from strongroom.domain.backup_policy.documents import PolicyText
from strongroom.domain.backup_policy.operator_syntax import value_mistakes
from strongroom.domain.backup_policy.preview import preview
from strongroom_cli.policy.files import LEVELS_SHAPE, levels_in, read_json_file, refuse_mistakes, refuse_other_kinds


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "effective",
        help="merge the policies from the root down to an account",
        description='Prints {"effective", "errors", "in_force", "findings"} as JSON. "errors" are the faults for which '
        'AWS would keep the last valid policy in force; "findings" warn of what the result hangs on.',
    )
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=f"{LEVELS_SHAPE}, each level in the order of attachment; "
        '"last_valid" may hold an earlier effective policy',
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the effective policy; PolicyFileError when the file holds no levels of backup policies."""
    file: Path = arguments.file
    parsed = read_json_file(file)
    levels, last_valid = levels_in(parsed, file), _last_valid_in(parsed, file)
    seen = preview(levels, last_valid=last_valid)
    shown = {
        "effective": seen.effective,
        "errors": [asdict(fault) for fault in seen.faults],
        "in_force": seen.in_force,
        "findings": [asdict(finding) for finding in seen.findings],
    }
    print(json.dumps(shown, indent=2))
    return 0


def _last_valid_in(parsed: PolicyText, file: Path) -> dict[str, Any] | None:
    last_valid: dict[str, Any] | None = parsed.document.get("last_valid")
    if last_valid is not None:
        refuse_other_kinds(last_valid, where=f"{file}: $.last_valid")
        refuse_mistakes(value_mistakes(last_valid), file, ("last_valid",))
    return last_valid
