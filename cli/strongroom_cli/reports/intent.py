"""Findings about an intent file, as CI reads them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from strongroom.domain.findings import Finding
from strongroom_cli.errors import PlacedFinding as FindingOfALine
from strongroom_cli.reports.rendering import rendered
from strongroom_cli.reports.report import Format, Place, PlacedFinding, Report, Rule

_MEANING: Final = "What `strongroom compile` says of an intent file: {words}."


def report_on_intent(findings: Iterable[Finding], *, source: Path, form: Format) -> str:
    """The findings about the intent file in this form, each with its line where one is to blame."""
    report = Report(findings=[_placed(finding, source) for finding in findings])
    return rendered(report, form, rules=_rules(report))


def _placed(finding: Finding, source: Path) -> PlacedFinding:
    line = finding.line if isinstance(finding, FindingOfALine) else None
    plain = Finding(finding.level, finding.code, finding.path, finding.message)
    return PlacedFinding(plain, Place(file=str(source), line=line))


def _rules(report: Report) -> list[Rule]:
    """A rule for each code that was found; its page is the message itself."""
    found = {placed.finding.code: placed.finding.level for placed in report.findings}
    return [Rule(code, level, _MEANING.format(words=code.replace("-", " ")), None) for code, level in found.items()]
