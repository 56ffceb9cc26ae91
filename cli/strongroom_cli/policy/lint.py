"""`strongroom policy lint`: what is wrong with a backup policy document, where AWS only says that something is."""

import argparse
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.linting.reading import VaultRange
from strongroom.domain.findings import Level
from strongroom.domain.forms import LONGEST_RETENTION_DAYS
from strongroom_cli.policy.files import PolicyFileError, read_policy_file


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "lint",
        help="say what is wrong with a backup policy, where, and what to write instead",
        description='Prints {"findings": [{"level", "code", "path", "message"}]} as JSON and ends with 1 if any '
        "of them is an error. The codes are listed in docs/reference/lint-codes.md.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup policy document, ours or a stranger's")
    parser.add_argument(
        "--vault-lock",
        metavar="MIN:MAX",
        help="the retention in days that the locked vault takes into which the copies go, for instance 30:2555; every "
        "copy action is checked against it, also one that inherits the retention of its backup",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 if any is an error, PolicyFileError when there is nothing to lint."""
    vault_lock = _vault_range(arguments.vault_lock) if arguments.vault_lock is not None else None
    findings = lint(read_policy_file(arguments.file), vault_lock=vault_lock, today=datetime.now(UTC).date())
    print(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=2))
    return int(any(finding.level is Level.ERROR for finding in findings))


def _vault_range(text: str) -> VaultRange:
    numbers = re.fullmatch(r"([0-9]{1,5}):([0-9]{1,5})", text)
    least, most = (int(number) for number in numbers.groups()) if numbers else (0, 0)
    if not 1 <= least <= most <= LONGEST_RETENTION_DAYS:
        right = f"write MIN:MAX in days, 1 to {LONGEST_RETENTION_DAYS} and MIN not above MAX, for instance 30:2555"
        raise PolicyFileError(f"--vault-lock {text}: this is no range of days; {right}")
    return VaultRange(least=least, most=most)
