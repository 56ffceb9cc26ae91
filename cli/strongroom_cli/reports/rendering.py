"""A report in the form that was asked for."""

from collections.abc import Sequence
from typing import assert_never

from strongroom_cli.reports.github import as_workflow_commands
from strongroom_cli.reports.report import Format, Report, Rule, as_json, as_text
from strongroom_cli.reports.sarif import as_sarif


def rendered(report: Report, form: Format, *, rules: Sequence[Rule]) -> str:
    """The whole text; `rules` are those that code scanning shall know."""
    match form:
        case Format.TEXT:
            return as_text(report)
        case Format.JSON:
            return as_json(report)
        case Format.SARIF:
            from importlib.metadata import version

            return as_sarif(report, rules, version=version("strongroom"))
        case Format.GITHUB:
            return as_workflow_commands(report)
        case _:
            assert_never(form)
