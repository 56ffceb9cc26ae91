"""`strongroom explain`: what becomes of an event, and why, offline from the intent file; or how a resource stands."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.intent.model import Intent
from strongroom.domain.values import asdict
from strongroom_cli.api_client import ApiClient
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.explain.answers import Told
from strongroom_cli.explain.documents import events_in
from strongroom_cli.explain.explaining import Surroundings, explain
from strongroom_cli.explain.places import units_called
from strongroom_cli.explain.resources import ask_about, explain_resource, parse_resource
from strongroom_cli.explain.telling import lines_of
from strongroom_cli.intent.file import load_intent_file

_STANDARD_INPUT: Final = "-"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "explain",
        help="say what becomes of an event, and why",
        description="Say which rule hears an event, what it names, which verdict it comes to, from which facts, and "
        "what would be done. Nothing is asked of AWS: say what it would answer, or see what each answer leads to. Of a "
        "resource, say how it stands and why; that asks the API.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "event",
        nargs="?",
        metavar="EVENT",
        help="a file with an event of EventBridge, a record of CloudTrail, or a list of either; - is standard input",
    )
    what.add_argument("--resource", metavar="ARN", help="instead of an event, a resource that the API is asked about")
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API), for --resource")
    parser.add_argument("--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    parser.add_argument("--unit", metavar="NAME", help="the unit of the account: its name or id, or root")
    parser.add_argument(
        "--tag",
        action="append",
        metavar="KEY=VALUE",
        help="a tag that the resource has today; once for each. Without one, those asked for are supposed",
    )
    parser.add_argument("--json", action="store_true", help="print JSON for scripts: a list, one answer for each event")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the answer to each event, or about the resource; exit code 0, whatever it is."""
    intent, _ = load_intent_file(arguments.intent)
    if arguments.resource is not None:
        return _about_resource(arguments, intent)
    around = Surroundings(intent=intent, told=_told(arguments, intent), now=datetime.now(UTC))
    text = sys.stdin.buffer.read() if arguments.event == _STANDARD_INPUT else Path(arguments.event).read_bytes()
    name = "standard input" if arguments.event == _STANDARD_INPUT else arguments.event
    answers = [explain(given, around=around) for given in events_in(text, name=name)]
    if arguments.json:
        print(json.dumps([asdict(each) for each in answers], indent=2))
    else:
        for answer in answers:
            print("\n".join(lines_of(answer)))
    return 0


def _about_resource(arguments: argparse.Namespace, intent: Intent) -> int:
    arn, told = parse_resource(arguments.resource), _told(arguments, intent)
    seen = ask_about(arn, ApiClient(arguments.api))
    answer = explain_resource(arn, seen=seen, intent=intent, told=told, today=datetime.now(UTC).date())
    print(json.dumps(asdict(answer), indent=2) if arguments.json else "\n".join(answer.lines))
    return 0


def _told(arguments: argparse.Namespace, intent: Intent) -> Told:
    units = None if arguments.unit is None else units_called(arguments.unit, intent)
    return Told(units=units, tags=None if arguments.tag is None else dict(_pair(each) for each in arguments.tag))


def _pair(text: str) -> tuple[str, str]:
    key, between, value = text.partition("=")
    if not (key and between):
        raise MalformedRequestError(f"--tag {text}: it must read KEY=VALUE")
    return key, value
