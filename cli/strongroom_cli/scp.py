"""`strongroom scp show`: the service control policies as they are attached, or their statements with the reasons."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from strongroom.domain.errors import NotFoundError
from strongroom.domain.guardrails.denials import characters
from strongroom.domain.guardrails.rendering import (
    find_crowded_targets,
    guardrail_targets,
    list_denials,
    render_guardrails,
)
from strongroom.domain.intent.model import Intent
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.guardrail_tables import render_tables
from strongroom_cli.intent.file import load_intent_file


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser("scp", help="look at the service control policies")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = actions.add_parser(
        "show",
        help="print the rendered documents as JSON, by name",
        description="Print the documents as JSON, by name; what each is attached to goes to standard error.",
    )
    what = show.add_mutually_exclusive_group()
    what.add_argument("--statement", metavar="SID", help="only the documents and the statement of this Sid")
    what.add_argument(
        "--reasons", action="store_true", help="instead, Markdown tables: what each statement stops, who is exempt, why"
    )
    show.add_argument("--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    show.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print `{"<document>": {"Version", "Statement"}}`."""
    intent, _ = load_intent_file(arguments.intent)
    if arguments.reasons:
        print(render_tables(intent), end="")
        return 0
    documents = render_guardrails(intent)
    shown = documents if arguments.statement is None else _only(intent, documents, arguments.statement)
    print(json.dumps(shown, indent=2))
    _tell_targets(intent, documents, shown)
    return 0


def _tell_targets(intent: Intent, documents: dict[str, dict[str, Any]], shown: dict[str, dict[str, Any]]) -> None:
    targets = guardrail_targets(intent)
    for name in shown:
        place = ", ".join(targets[name])
        print(f"{name}: {characters(documents[name])} characters, attached to {place}", file=sys.stderr)
    for finding in find_crowded_targets(intent):
        print(f"{finding.level}: {finding.message}", file=sys.stderr)


def _only(intent: Intent, documents: dict[str, dict[str, Any]], sid: str) -> dict[str, dict[str, Any]]:
    """The documents that say it, with the statement as it is by itself, also where it is merged with others."""
    alone = {denial.sid: denial.statement() for denials in list_denials(intent).values() for denial in denials}
    names = re.compile("|".join(sorted(map(re.escape, alone), key=len, reverse=True)))
    found = {
        name: document | {"Statement": [statement if statement["Sid"] == sid else alone[sid]]}
        for name, document in documents.items()
        for statement in document["Statement"]
        if sid in names.findall(statement["Sid"])
    }
    if not found:
        raise NotFoundError(f"--statement {sid}: there is no such statement; there are {', '.join(alone)}")
    return found
