"""`strongroom status`: are we safe?"""

import argparse
from collections.abc import Iterable
from typing import Any

from strongroom.domain.identifiers import Arn
from strongroom.domain.status.states import Protection
from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import shown, shown_json
from strongroom_cli.status.asking import account, account_called, resource, whole
from strongroom_cli.status.words import answered, counted_resources, described


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "say whether everything is protected; 1 unless it is known to be"
    parser = subparsers.add_parser("status", help=text, description=text)
    parser.add_argument(
        "what", nargs="?", metavar="ARN|NAME", help="a resource, to answer the auditor's questions; or an account"
    )
    parser.add_argument("--account", metavar="ID|NAME", help="the resources of one account, the worst first")
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    api, said = ApiClient(arguments.api), arguments.account or arguments.what
    if said is None:
        found = whole(api)
        _print(found, as_json=arguments.json, lines=described(found))
        return 0 if found["is_well"] else 1
    if said.startswith("arn:") and not arguments.account:
        return _resource(api, said, as_json=arguments.json)
    return _account(api, account_called(api, said), as_json=arguments.json)


def _resource(api: ApiClient, arn: str, *, as_json: bool) -> int:
    found = resource(api, str(Arn.parse(arn)))
    _print(found, as_json=as_json, lines=answered(found))
    return 1 if Protection(found["resource"]["state"]).is_wrong else 0


def _account(api: ApiClient, id_: str, *, as_json: bool) -> int:
    found = account(api, id_)
    _print(found, as_json=as_json, lines=counted_resources(found))
    resources = found["resources"]
    return 1 if not resources or any(Protection(each["state"]).is_wrong for each in resources) else 0


def _print(content: dict[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    print(shown_json(content) if as_json else shown(lines))
