"""Findings in files, and how they are written out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from strongroom.domain.findings import Finding, Level
from strongroom.domain.values import asdict
from strongroom_cli.errors import one_line


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file as it was named, None for standard input; a line where the text gives one, and a resource in the file."""

    file: str | None
    line: int | None = None
    resource: str = ""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding and the place of what it is about."""

    finding: Finding
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know beside the findings."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code of findings means in one sentence, how bad it is, and where more about it is said, if anywhere."""

    code: str
    level: Level
    meaning: str
    help_uri: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run says."""

    findings: Sequence[PlacedFinding]
    notes: Sequence[Note] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(placed.finding.level is Level.ERROR for placed in self.findings)


STANDARD_INPUT = "<stdin>"


def as_text(report: Report) -> str:
    """A line for each finding and note: `FILE:LINE: RESOURCE: LEVEL: PATH: MESSAGE [CODE]`."""
    lines = [
        f"{_where(placed.place)}: {finding.level}: {finding.path}: {finding.message} [{finding.code}]"
        for placed in report.findings
        for finding in [placed.finding]
    ]
    lines += [f"{_where(note.place)}: note: {note.text}" for note in report.notes]
    return "".join(f"{one_line(line)}\n" for line in lines)


def as_json(report: Report) -> str:
    """`{"findings": [{"level", "code", "path", "message", "file", "line", "resource"}], "notes": [...]}`."""
    findings = [asdict(placed.finding) | asdict(placed.place) for placed in report.findings]
    notes = [{"message": note.text} | asdict(note.place) for note in report.notes]
    return json.dumps({"findings": findings, "notes": notes}, indent=2) + "\n"


def _where(place: Place) -> str:
    file = place.file or STANDARD_INPUT
    line = f":{place.line}" if place.line is not None else ""
    return f"{file}{line}" + (f": {place.resource}" if place.resource else "")
