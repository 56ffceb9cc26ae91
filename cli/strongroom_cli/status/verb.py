"""`strongroom status`: are we safe?"""

import argparse
import json
from collections.abc import Iterable
from typing import Any

from strongroom.domain.identifiers import Arn, parse_account_id
from strongroom.domain.status.states import Protection
from strongroom_cli.api_client import ApiClient
from strongroom_cli.status.asking import resource, resources_of, whole
from strongroom_cli.status.words import answered, described, listed


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "say whether everything is protected; 1 unless it is known to be"
    parser = subparsers.add_parser("status", help=text, description=text)
    parser.add_argument("arn", nargs="?", metavar="ARN", help="a resource, to answer the auditor's questions")
    parser.add_argument("--account", metavar="ID", help="the resources of one account, the worst first")
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.arn:
        return _resource(arguments)
    if arguments.account:
        return _account(arguments)
    shown = whole(ApiClient(arguments.api))
    _print(shown, as_json=arguments.json, lines=described(shown))
    return 0 if shown["is_well"] else 1


def _resource(arguments: argparse.Namespace) -> int:
    shown = resource(ApiClient(arguments.api), str(Arn.parse(arguments.arn)))
    _print(shown, as_json=arguments.json, lines=answered(shown))
    return 1 if Protection(shown["resource"]["state"]).is_wrong else 0


def _account(arguments: argparse.Namespace) -> int:
    found = list(resources_of(ApiClient(arguments.api), parse_account_id(arguments.account)))
    lines = [listed(each) for each in found] or [f"Nothing of account {arguments.account} is known."]
    _print({"account": arguments.account, "resources": found}, as_json=arguments.json, lines=lines)
    return 1 if not found or any(Protection(each["state"]).is_wrong for each in found) else 0


def _print(content: dict[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
