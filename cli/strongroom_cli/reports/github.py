"""Findings as workflow commands, which GitHub shows beside the lines of a pull request.

Source: GitHub Docs, "Workflow commands for GitHub Actions".
"""

from collections.abc import Mapping
from typing import Final

from strongroom_cli.reports.report import Place, Report

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def as_workflow_commands(report: Report) -> str:
    """A command for each finding and each note."""
    commands = [
        _command(finding.level.value, placed.place, f"{finding.path}: {finding.message}", title=finding.code)
        for placed in report.findings
        for finding in [placed.finding]
    ]
    commands += [_command("notice", note.place, note.text) for note in report.notes]
    return "".join(f"{command}\n" for command in commands)


def _command(kind: str, place: Place, message: str, *, title: str = "") -> str:
    properties: Mapping[str, str | int | None] = {"file": place.file, "line": place.line, "title": title or None}
    said = ",".join(
        f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items() if value is not None
    )
    resource = f"{place.resource}: " if place.resource else ""
    return f"::{kind}{f' {said}' if said else ''}::{f'{resource}{message}'.translate(_DATA)}"
