"""`strongroom alerts`: see what is open, and say that you look after it."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from strongroom.domain.alerts.acknowledging import parse_fingerprint
from strongroom.domain.errors import NotFoundError
from strongroom_cli.api_client import ApiClient


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its verbs."""
    parser = subparsers.add_parser("alerts", help="see what is open, and say that you look after it")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _verb(verbs, "list", "list what is open, the gravest first", run=_list)
    verb = _verb(verbs, "acknowledge", "say that you look after an alert, as you saw it", run=_acknowledge)
    verb.add_argument(
        "alert",
        metavar="FINGERPRINT[@VERSION]",
        help="as the list has it, or the first digits; without a version it is that of this moment, which is shown",
    )


def _verb(verbs: Any, name: str, text: str, *, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=run)
    return parser


def _list(arguments: argparse.Namespace) -> int:
    shown = ApiClient(arguments.api).get("alerts")
    if arguments.json:
        print(json.dumps(shown, indent=2))
        return 0
    for alert in shown["alerts"]:
        print("\n".join(_described(alert)))
    if not shown["alerts"]:
        print("nothing is open")
    return 0


def _acknowledge(arguments: argparse.Namespace) -> int:
    api = ApiClient(arguments.api)
    fingerprint, _, version = arguments.alert.partition("@")
    if not version.isdecimal():
        alert = _named(fingerprint, api.get("alerts")["alerts"])
        fingerprint, version = alert["fingerprint"], alert["version"]
    marked = api.post("alerts", parse_fingerprint(fingerprint), "acknowledgement", body={"version": int(version)})
    print(json.dumps(marked, indent=2) if arguments.json else "\n".join(_described(marked)))
    return 0


def _named(beginning: str, alerts: list[dict[str, Any]]) -> dict[str, Any]:
    found = [alert for alert in alerts if alert["fingerprint"].startswith(beginning)]
    if len(found) != 1:
        raise NotFoundError(f"{len(found) or 'no'} open alerts begin with {beginning}; see `strongroom alerts list`")
    return found[0]


def _described(alert: dict[str, Any]) -> list[str]:
    named, place = f"{alert['fingerprint']}@{alert['version']}", alert["account_name"] or alert["account"]
    lines = [
        f"{named}  {alert['severity']}  {alert['kind']}  {place}  since {alert['opened_at']}",
        f"  {alert['reason']}",
        f"  owner: {alert['owner'] or 'nobody is named'}; to do: {alert['to_do']}",
    ]
    if alert.get("ticket"):
        lines.append(f"  ticket: {alert['ticket']}")
    if alert["acknowledged_by"]:
        lines.append(f"  {alert['acknowledged_by']} looks after it since {alert['acknowledged_at']}")
    return lines
