"""`strongroom scp show`: the service control policies, as they are attached."""

import argparse
import json
from pathlib import Path
from typing import Any

from cli.compile import DEFAULT_INTENT
from cli.intent_file import load_intent_file
from strongroom.domain.errors import NotFoundError
from strongroom.domain.guardrails import render_guardrails


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser("scp", help="look at the service control policies")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = actions.add_parser("show", help="print the rendered documents as JSON, by name")
    show.add_argument("--statement", metavar="SID", help="only the documents and the statement of this Sid")
    show.add_argument("--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    show.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print `{"<document>": {"Version", "Statement"}}`."""
    intent, _ = load_intent_file(arguments.intent)
    documents = render_guardrails(intent)
    shown = documents if arguments.statement is None else _only(documents, arguments.statement)
    print(json.dumps(shown, indent=2))
    return 0


def _only(documents: dict[str, dict[str, Any]], sid: str) -> dict[str, dict[str, Any]]:
    found = {
        name: document | {"Statement": [statement]}
        for name, document in documents.items()
        for statement in document["Statement"]
        if statement["Sid"] == sid
    }
    if not found:
        known = [statement["Sid"] for document in documents.values() for statement in document["Statement"]]
        raise NotFoundError(f"--statement {sid}: there is no such statement; there are {', '.join(known)}")
    return found
