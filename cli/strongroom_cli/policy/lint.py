"""`strongroom policy lint`: what is wrong with backup policies, where AWS only says that something is."""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from strongroom.domain.backup_policy.linting.codes import CODES, Code
from strongroom.domain.backup_policy.linting.reading import VaultRange
from strongroom.domain.backup_policy.linting.retention import name_of_vault
from strongroom.domain.forms import LONGEST_RETENTION_DAYS
from strongroom_cli.policy.files import FILES_SHAPE, PolicyFileError, Source, read_sources
from strongroom_cli.policy.fixing import fix
from strongroom_cli.policy.judging import Facts, judge, notes_on
from strongroom_cli.reports.rendering import rendered
from strongroom_cli.reports.report import Format, Note, Place, Report, Rule

_AWS: Final = "https://docs.aws.amazon.com"
# Where the pages are that the codes cite.
_GUIDES: Final = {
    "AWS Organizations User Guide": f"{_AWS}/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html",
    "AWS Backup Developer Guide": f"{_AWS}/aws-backup/latest/devguide/whatisbackup.html",
    "AWS Backup API Reference": f"{_AWS}/aws-backup/latest/devguide/api-reference.html",
    "Amazon EventBridge User Guide": f"{_AWS}/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html",
    "AWS Tagging Best Practices": f"{_AWS}/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
}


@dataclass(frozen=True, slots=True)
class _Locks:
    """The range of every vault that no other names, and those of the vaults that are named."""

    of_copies: VaultRange | None
    named: dict[str, VaultRange]


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "lint",
        help="say what is wrong with backup policies, where, and what to write instead",
        description="Prints the findings and ends with 1 if any of them is an error. The codes are listed in "
        "docs/reference/lint-codes.md, the kinds of file in docs/policies.md.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=FILES_SHAPE)
    parser.add_argument(
        "--vault-lock",
        action="append",
        default=[],
        metavar="[ARN-or-NAME=]MIN:MAX",
        help="the retention in days that a locked vault takes, for instance central=30:2555; what goes into it is "
        "checked, also a copy that inherits the retention of its backup; without a name, every copy; repeatable",
    )
    parser.add_argument(
        "--complete",
        action="store_true",
        help="no policy further up adds to these, so a plan that lacks what every plan needs is an error",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="write into files that are a policy what AWS refuses and only one thing can have been meant, and say it",
    )
    parser.add_argument(
        "--format",
        choices=[form.value for form in Format],
        default=Format.JSON.value,
        help="how to print them; json if not said",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 if any is an error, PolicyFileError when there is nothing to lint."""
    locks = _locks(arguments.vault_lock)
    sources = [fix(source) if arguments.fix else source for source in read_sources(arguments.files)]
    report = _report(sources, locks, must_be_complete=arguments.complete)
    rules = [_rule(code) for code in CODES.values()]
    print(rendered(report, Format(arguments.format), rules=rules), end="")
    return int(report.has_errors)


def _report(sources: Sequence[Source], locks: _Locks, *, must_be_complete: bool) -> Report:
    facts = Facts(locks.of_copies, locks.named, must_be_complete, datetime.now(UTC).date())
    return Report(
        findings=[finding for source in sources for finding in judge(source, facts)],
        notes=[*(note for source in sources for note in notes_on(source)), *_unused(locks, sources)],
    )


def _rule(code: Code) -> Rule:
    guide = next(uri for name, uri in _GUIDES.items() if code.source.startswith(name))
    return Rule(code.name, code.level, f"{code.meaning} {code.effect[0].upper()}{code.effect[1:]}.", guide)


def _unused(locks: _Locks, sources: Sequence[Source]) -> Iterator[Note]:
    texts = [repr(policy.text.document) for source in sources for policy in source.found.policies]
    for vault in locks.named:
        if not any(name_of_vault(vault) in text for text in texts):
            yield Note(f"--vault-lock {vault}: no policy here names that vault", Place(file=None))


def _locks(given: Sequence[str]) -> _Locks:
    ranges: dict[str, VaultRange] = {}
    for text in given:
        vault, _, numbers = text.rpartition("=")
        if vault in ranges:
            raise PolicyFileError(f"--vault-lock {text}: {vault or 'the range of every copy'} is given twice")
        ranges[vault] = _vault_range(text, numbers)
    return _Locks(ranges.pop("", None), ranges)


def _vault_range(text: str, given: str) -> VaultRange:
    numbers = re.fullmatch(r"([0-9]{1,5}):([0-9]{1,5})", given)
    least, most = (int(number) for number in numbers.groups()) if numbers else (0, 0)
    if not 1 <= least <= most <= LONGEST_RETENTION_DAYS:
        right = f"write MIN:MAX in days, 1 to {LONGEST_RETENTION_DAYS} and MIN not above MAX, for instance 30:2555"
        raise PolicyFileError(f"--vault-lock {text}: this is no range of days; {right}")
    return VaultRange(least=least, most=most)
