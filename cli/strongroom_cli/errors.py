"""What stops the command, and how it is told: one line for each problem, on standard error."""

import sys
from collections.abc import Iterable
from pathlib import Path

from strongroom.domain.errors import IntentInvalidError
from strongroom.domain.findings import Finding


class IntentFileError(IntentInvalidError):
    """The intent file cannot be used; `findings` says why, everything at once."""

    def __init__(self, path: Path, findings: tuple[Finding, ...]) -> None:
        """Keep the findings beside the sentence that names them."""
        self.path = path
        self.findings = findings
        told = "; ".join(f"{finding.path}: {finding.message}" for finding in findings)
        super().__init__(f"{path} cannot be used: {told}")


def tell(problem: object, *, by: str | Path = "strongroom") -> None:
    """One problem on one line."""
    print(one_line(f"{by}: {problem}"), file=sys.stderr)


def show_findings(findings: Iterable[Finding], *, source: Path) -> None:
    """Each finding on a line of its own; `.` is the whole file and is left out."""
    for finding in findings:
        place = "" if finding.path == "." else f"{finding.path}: "
        tell(f"{finding.level}: {place}{finding.message}", by=source)


def one_line(text: str) -> str:
    """The text without anything that could move a terminal's cursor: it may come from a stranger."""
    return "".join(each if each.isprintable() else _visible(each) for each in text)


def _visible(character: str) -> str:
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
