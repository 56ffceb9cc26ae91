"""`strongroom restore`: the restore ceremony from a terminal."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.restores.requests import parse_request_id
from strongroom_cli.api_client import ApiClient


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its five verbs."""
    parser = subparsers.add_parser("restore", help="ask for, approve and follow restores")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_request(_verb(verbs, "request", "ask for a restore", run=_request))
    show = _verb(verbs, "show", "show one restore", run=_show)
    show.add_argument("id", help="the request's id, as in r-abcdefgh2345")
    show.add_argument("--evidence", type=Path, metavar="FILE", help="save the evidence bundle there")
    for decision, text in (
        ("approve", "approve a restore; your presence is proven in the browser"),
        ("deny", "deny a restore; your presence is proven in the browser"),
        ("cancel", "take your own request back"),
    ):
        verb = _verb(verbs, decision, text, run=_vote)
        verb.add_argument("id", help="the request's id")
        verb.set_defaults(decision=decision)
    _verb(verbs, "list", "list the latest restores", run=_list)


def _verb(verbs: Any, name: str, text: str, *, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=run)
    return parser


def _add_request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", required=True, help="the account to restore into: where the data came from")
    parser.add_argument("--recovery-point", required=True, metavar="ARN")
    parser.add_argument("--target-name", required=True, metavar="NAME", help="the name of the new resource")
    parser.add_argument("--ticket", required=True, metavar="KEY", help="an approved ticket, used for this restore only")
    parser.add_argument("--reason", required=True, help="what happened, for those who approve")
    parser.add_argument("--vault", default="", metavar="ARN", help="the vault, if not wherever the point is found")
    parser.add_argument("--metadata", action="append", default=[], metavar="KEY=VALUE", help="change one setting")


def _request(arguments: argparse.Namespace) -> int:
    body = {
        "account": arguments.account,
        "recovery_point": arguments.recovery_point,
        "target_name": arguments.target_name,
        "ticket": arguments.ticket,
        "reason": arguments.reason,
        "vault": arguments.vault,
        "metadata": _metadata(arguments.metadata),
    }
    opened = ApiClient(arguments.api).post("restores", body=body)
    _print(
        opened,
        as_json=arguments.json,
        lines=(
            f"{opened['request_id']}: {opened['reason']}.",
            *opened["consequences"],
            f"Plan: {opened['plan']}. To be approved before {opened['approval_expires_at']}.",
            f"Follow it with: strongroom restore show {opened['request_id']}",
        ),
    )
    return 0


def _show(arguments: argparse.Namespace) -> int:
    api = ApiClient(arguments.api)
    parse_request_id(arguments.id)
    shown = api.get("restores", arguments.id)
    saved: tuple[str, ...] = ()
    if arguments.evidence is not None:
        bundle = api.get("restores", arguments.id, "evidence")
        arguments.evidence.write_text(json.dumps(bundle, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        saved = (f"Evidence saved: {arguments.evidence}",)
    _print(shown, as_json=arguments.json, lines=(*_described(shown), *saved))
    return 0


def _vote(arguments: argparse.Namespace) -> int:
    parse_request_id(arguments.id)
    answer = ApiClient(arguments.api).post("restores", arguments.id, "votes", body={"decision": arguments.decision})
    lines = [f"{answer['request_id']}: {answer['state']}: {answer['reason']}."]
    if answer["presence_url"]:
        lines.append(f"Prove within five minutes that it is you: {answer['presence_url']}")
    _print(answer, as_json=arguments.json, lines=lines)
    return 1 if answer["state"] == "refused" else 0


def _list(arguments: argparse.Namespace) -> int:
    found = ApiClient(arguments.api).get("restores")
    rows = [
        f"{each['request_id']}  {each['state']:<18} {each['account']}  {each['target_name']}  {each['ticket']}"
        for each in found["restores"]
    ]
    _print(found, as_json=arguments.json, lines=rows or ["No restore was asked for yet."])
    return 0


def _described(shown: dict[str, Any]) -> list[str]:
    request = shown["request"]
    votes = [f"  {vote['person']}: {vote['decision']}, {vote['state']}: {vote['reason']}" for vote in shown["votes"]]
    return [
        f"{shown['request_id']}: {shown['state']}{': ' + shown['reason'] if shown['reason'] else ''}",
        f"  {request['resource']} as of {request['recovery_point_created_at']}",
        f"  becomes {request['target_name']} in account {request['account']} ({request['plan']})",
        *(f"  {sentence}" for sentence in shown["consequences"]),
        f"  asked by {request['requester']}, ticket {request['ticket']}: {request['reason']}",
        *votes,
        *([f"  created {shown['created']}"] if shown["created"] else []),
    ]


def _metadata(pairs: Iterable[str]) -> dict[str, str]:
    metadata: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not key or not separator:
            raise MalformedRequestError(f"--metadata {pair!r} is not KEY=VALUE")
        if key in metadata:
            raise MalformedRequestError(f"--metadata {key} is said twice")
        metadata[key] = value
    return metadata


def _print(content: dict[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
