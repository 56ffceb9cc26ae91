"""What stops the command, and how it is told: one line for each problem, on standard error."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from strongroom.domain.errors import IntentInvalidError
from strongroom.domain.findings import Finding
from strongroom.domain.values import asdict


class PlacedFinding(Finding, frozen=True):
    """A finding whose place in the file is known; line and column count from 1."""

    line: int
    column: int


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
    """Each finding on a line of its own, with the line of the file; a path that says no more is left out."""
    for finding in findings:
        line = finding.line if isinstance(finding, PlacedFinding) else None
        place = "" if finding.path in {".", f"line {line}"} else f"{finding.path}: "
        tell(f"{finding.level}: {place}{finding.message}", by=source if line is None else f"{source}:{line}")


def as_told(finding: Finding) -> dict[str, Any]:
    """A finding for JSON; `line` is null where no line of a file is to blame."""
    line = finding.line if isinstance(finding, PlacedFinding) else None
    return {name: value for name, value in asdict(finding).items() if name != "column"} | {"line": line}


def one_line(text: str) -> str:
    """The text without anything that could move a terminal's cursor: it may come from a stranger."""
    return "".join(each if each.isprintable() else _visible(each) for each in text)


def shown(lines: Iterable[str]) -> str:
    """The lines, of which one may be several, each without what moves a cursor."""
    return "\n".join(one_line(each) for line in lines for each in line.split("\n"))


def shown_json(content: Any) -> str:
    """JSON for scripts that is read on terminals, too: what does not print is escaped, and letters are not."""
    text = json.dumps(content, indent=2, default=str, ensure_ascii=False)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def _visible(character: str) -> str:
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
