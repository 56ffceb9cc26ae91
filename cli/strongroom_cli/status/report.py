"""`strongroom report`: how well each resource is protected, for whoever has to prove it."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import tell
from strongroom_cli.status.collecting import collect
from strongroom_cli.status.comparing import join_compliance
from strongroom_cli.status.compliance import read_compliance
from strongroom_cli.status.page import as_html
from strongroom_cli.status.tables import as_csv


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "report how well each resource is protected: HTML that prints, CSV or JSON; 1 unless all is known to be well"
    parser = subparsers.add_parser("report", help=text, description=text)
    parser.add_argument("--format", choices=("html", "csv", "json"), default="html", help="the form; HTML without it")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it there, not to the standard output")
    parser.add_argument("--unit", metavar="NAME", help="the accounts of this unit only")
    parser.add_argument(
        "--audit-manager",
        type=Path,
        metavar="FILE",
        help="a resource compliance report of AWS Backup Audit Manager, CSV or JSON, to compare with",
    )
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    findings = read_compliance(arguments.audit_manager) if arguments.audit_manager else None
    report = join_compliance(collect(ApiClient(arguments.api), unit=arguments.unit), findings)
    text = _rendered(report, form=arguments.format)
    if arguments.out is None:
        print(text, end="")
    else:
        arguments.out.write_text(text, encoding="utf-8", newline="")
        tell(f"{arguments.out}: {report['sentence']}")
    return 0 if report["is_well"] else 1


def _rendered(report: Mapping[str, Any], *, form: str) -> str:
    match form:
        case "csv":
            return as_csv(report)
        case "json":
            return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        case _:
            return as_html(report, now=datetime.now(UTC))
