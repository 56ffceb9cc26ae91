"""`strongroom restore`: ask for, decide on and follow restores."""

import argparse
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import open_seal, parse_request_id
from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.errors import shown, shown_json
from strongroom_cli.restores.after import add_after, after_wish
from strongroom_cli.restores.checking import add_check, check
from strongroom_cli.restores.files.written_metadata import read_parameters, read_written
from strongroom_cli.restores.finding import add_find, find, second_of
from strongroom_cli.restores.listing import listed
from strongroom_cli.restores.next_steps import next_step
from strongroom_cli.restores.noted import add_settings, settings
from strongroom_cli.restores.receipts import fetch_receipt
from strongroom_cli.restores.reviewing import add_review, review
from strongroom_cli.restores.scanning import add_scan, scan
from strongroom_cli.restores.signing import log_of, names_of, provider_of, read_proposal, sign
from strongroom_cli.restores.stating import add_state, state
from strongroom_cli.restores.telling import described, open_end, proposed, receipt, waiting
from strongroom_cli.restores.urgency import add_urgency, check_urgency
from strongroom_cli.status.asking import account_called

_ENDED: Final = ("restored", "denied", "cancelled", "expired", "withdrawn", "failed")
_LOOK_AGAIN: Final = 5.0
_MOST_MISSED: Final = 60  # looks in a row at an API that does not answer: five minutes


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its verbs."""
    parser = subparsers.add_parser("restore", help="ask for, decide on and follow restores")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_request(_verb(verbs, "request", "ask for a restore, and sign the request", run=_request))
    add_find(_verb(verbs, "find", "find the backups that a resource can be restored from", run=find))
    add_scan(_verb(verbs, "scan", "have a backup scanned for malware before it is restored", run=scan))
    show = _verb(verbs, "show", "show one restore", run=_show)
    show.add_argument("id", help="the request's id, as in r-abcdefgh2345")
    show.add_argument("--evidence", type=Path, metavar="FILE", help="save the evidence bundle there")
    for decision, text in (
        (Decision.APPROVE, "see what is asked, and approve it by a fresh login"),
        (Decision.DENY, "see what is asked, and deny it by a fresh login"),
        (Decision.CANCEL, "take your own request back by a fresh login"),
    ):
        verb = _verb(verbs, decision, text, run=_decide)
        verb.add_argument("id", help="the request's id")
        verb.set_defaults(decision=decision, reason="")
        _add_intent(verb)
        if decision is not Decision.APPROVE:
            needed = decision is Decision.DENY
            verb.add_argument(
                "--reason", required=needed, help="why; whoever is concerned is told, and nobody signs it"
            )
    after = _verb(verbs, "after", "ask for what a restore left off because it deletes or calls out", run=_after)
    add_after(after)
    _add_intent(after)
    add_settings(_verb(verbs, "settings", "show what was set on a resource, and what of it comes back", run=settings))
    add_review(_verb(verbs, "review", "say what you found of an urgent restore that you took no part in", run=review))
    add_state(_verb(verbs, "state", "sign that a step by hand is done, or why it will not be", run=state))
    _verb(verbs, "list", "list the latest restores", run=_list)
    _verb(verbs, "ends", "list what restores left behind for a while, and is not gone yet", run=_ends)
    add_check(_offline(verbs, "check", "decide on a restore that a file describes, offline", run=check))


def _verb(verbs: Any, name: str, text: str, *, run: Any) -> argparse.ArgumentParser:
    parser = _offline(verbs, name, text, run=run)
    parser.add_argument("--api", metavar="URL", help="the API's base URL (or STRONGROOM_API)")
    return parser


def _offline(verbs: Any, name: str, text: str, *, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=run)
    return parser


def _add_intent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--intent", type=Path, default=Path("strongroom.yaml"), help="names the identity provider")


def _add_request(parser: argparse.ArgumentParser) -> None:
    _add_wish(parser)
    _add_changes(parser)
    parser.add_argument("--dry-run", action="store_true", help="check and plan everything, and ask nobody")
    parser.add_argument("--sign-on-page", action="store_true", help="do not log in here: sign on the request's page")
    parser.add_argument("--wait", action="store_true", help="follow the restore to its end; 1 unless it was restored")
    _add_intent(parser)


def _add_wish(parser: argparse.ArgumentParser) -> None:
    """What is to come back, and what entitles to it."""
    parser.add_argument(
        "--account", required=True, help="the account to restore into, by its id or name: where the data came from"
    )
    parser.add_argument("--recovery-point", required=True, metavar="ARN")
    parser.add_argument(
        "--target-name", default="", metavar="NAME", help="the name of the new resource, where it has one to choose"
    )
    parser.add_argument("--ticket", default="", metavar="KEY", help="an approved ticket, used for this restore only")
    add_urgency(parser)
    parser.add_argument("--reason", required=True, help="what happened, for those who approve")
    parser.add_argument("--vault", default="", metavar="ARN", help="the vault, if not wherever the point is found")
    parser.add_argument(
        "--before",
        default="",
        metavar="TIME",
        help="the time that you looked for with `find`, as there: approvers see what else there was, not later than "
        "that, or if not said, than the recovery point",
    )


def _add_changes(parser: argparse.ArgumentParser) -> None:
    """What is to be different from how it was."""
    parser.add_argument("--region", default="", metavar="REGION", help="restore it there, if not where it was")
    parser.add_argument(
        "--in-two-copies",
        action="store_true",
        help="copy it into another Region first, and from there to its account: where AWS does not do both at once",
    )
    parser.add_argument("--metadata", action="append", default=[], metavar="KEY=VALUE", help="change one setting")
    parser.add_argument(
        "--raw", type=Path, metavar="FILE", help="all metadata in JSON, sent as written: for a type restored by hand"
    )
    parser.add_argument(
        "--native",
        type=Path,
        metavar="FILE",
        help="the parameters of the service's own call in JSON, as it takes them: for what AWS Backup cannot restore",
    )


def _wish(arguments: argparse.Namespace) -> dict[str, Any]:
    """What POST /restores takes."""
    body: dict[str, Any] = {
        "recovery_point": arguments.recovery_point,
        "target_name": arguments.target_name,
        "ticket": arguments.ticket,
        "incident": arguments.incident,
        "reason": arguments.reason,
        "vault": arguments.vault,
        "metadata": _metadata(arguments.metadata),
        **({} if arguments.raw is None else {"raw": read_written(arguments.raw)}),
        **({} if arguments.native is None else {"native": read_parameters(arguments.native)}),
    }
    if arguments.region:
        body["region"] = arguments.region
    if arguments.in_two_copies:
        body["in_two_copies"] = True
    if arguments.before:
        body["before"] = second_of(arguments.before, now=datetime.now(UTC))
    return body | {"account": account_called(ApiClient(arguments.api), arguments.account)}


def _request(arguments: argparse.Namespace) -> int:
    check_urgency(arguments)
    return _ask(("restores",), _wish(arguments), arguments)


def _after(arguments: argparse.Namespace) -> int:
    place, body = after_wish(arguments)
    return _ask(place, body, arguments)


def _ask(place: tuple[str, ...], body: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Have it planned, sign it and open it."""
    if arguments.dry_run:
        return _try(place, body, arguments)
    provider = None if arguments.sign_on_page or arguments.urgent else provider_of(arguments.intent)
    api = ApiClient(arguments.api)
    drafted = api.post(*place, body=body)
    proposal = read_proposal(drafted, Decision.REQUEST, request_id=str(drafted["request_id"]))
    lines = (
        f"{drafted['request_id']}: {drafted['reason']}.",
        *proposed(proposal.sealed, names=names_of(arguments.intent)),
    )
    if provider is None:
        rest = f"Nobody is asked before you sign: {drafted['page']}"
        _print(drafted, as_json=arguments.json, lines=(*lines, rest))
        return 0
    _tell(lines, unless=arguments.json)
    opened = api.post("restores", drafted["request_id"], "opening", body=sign(proposal, provider=provider))
    lines = (
        f"Asked. To be approved before {opened['approve_before']}, on {opened['page']}",
        f"Follow it with: strongroom restore show {drafted['request_id']}",
    )
    _print(drafted | opened, as_json=arguments.json, lines=lines)
    return _follow(api, str(drafted["request_id"]), quiet=arguments.json) if arguments.wait else 0


def _try(place: tuple[str, ...], body: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Have it planned and checked, and nothing kept."""
    tried = ApiClient(arguments.api).post(*place, body=body | {"dry_run": True})
    lines = (
        f"It could be asked for: {tried['reason']}.",
        *proposed(open_seal(str(tried["text"])), names=names_of(arguments.intent), is_tried=True),
        "Nobody was asked, and nothing is kept.",
        *([f"{arguments.ticket} is free."] if arguments.ticket else []),
    )
    _print(tried, as_json=arguments.json, lines=lines)
    return 0


def _decide(arguments: argparse.Namespace) -> int:
    request_id, decision = parse_request_id(arguments.id), Decision(arguments.decision)
    provider, api = provider_of(arguments.intent), ApiClient(arguments.api)
    answer = api.post("restores", request_id, "statements", body={"decision": decision})
    proposal = read_proposal(answer, decision, request_id=request_id)
    _tell(
        (f"You are about to {decision} {request_id}:", *proposed(proposal.sealed, names=names_of(arguments.intent))),
        unless=arguments.json,
    )
    signed = sign(proposal, provider=provider)
    why = {"reason": arguments.reason} if arguments.reason else {}
    taken = api.post("restores", request_id, "proofs", body=signed | why)
    if taken["state"] != "counted":
        said = f"{request_id}: your word does not count: {taken['reason']}."
        _print(taken, as_json=arguments.json, lines=(said,))
        return 1
    known = fetch_receipt(api, request_id, str(taken["proof"]), signed=signed, log=log_of(arguments.intent))
    told = {"counts": known.counts, "is_logged": known.logged.is_there if known.logged else None}
    _print(taken | told, as_json=arguments.json, lines=receipt(taken, known))
    return 0 if known.is_whole else 1


def _follow(api: ApiClient, request_id: str, *, quiet: bool) -> int:
    """Tell each change until the end."""
    told, missed = "", 0
    while True:
        try:
            shown, missed = api.get("restores", request_id), 0
            line = waiting(shown)
        except ApiError as error:
            missed += 1
            if not error.is_passing or missed == _MOST_MISSED:
                _tell((f"{request_id} goes on without you: strongroom restore show {request_id}",), unless=quiet)
                raise
            shown, line = {"state": ""}, f"{error}; the restore goes on, and it is looked at again"
        if line != told:
            _tell((line,), unless=quiet)
            told = line
        if shown["state"] in _ENDED:
            _tell(next_step(shown), unless=quiet)
            return 0 if shown["state"] == "restored" else 1
        time.sleep(_LOOK_AGAIN)


def _show(arguments: argparse.Namespace) -> int:
    api = ApiClient(arguments.api)
    parse_request_id(arguments.id)
    shown = api.get("restores", arguments.id)
    saved: tuple[str, ...] = ()
    if arguments.evidence is not None:
        bundle = api.get("restores", arguments.id, "evidence")
        # Its canonical text: a verifier compares every character.
        arguments.evidence.write_text(canonical_text(bundle), encoding="utf-8")
        saved = (f"Evidence saved: {arguments.evidence}",)
    _print(shown, as_json=arguments.json, lines=(*described(shown), *saved))
    return 0


def _list(arguments: argparse.Namespace) -> int:
    api = ApiClient(arguments.api)
    found = api.get("restores")
    lines = () if arguments.json else listed(found["restores"], show=lambda id_: api.get("restores", id_))
    _print(found, as_json=arguments.json, lines=lines)
    return 0


def _ends(arguments: argparse.Namespace) -> int:
    found = ApiClient(arguments.api).get("restores", "ends")
    lines = [line for each in found["ends"] for line in open_end(each)]
    _print(found, as_json=arguments.json, lines=lines or ["Nothing is left behind."])
    return 0


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


def _tell(lines: Iterable[str], *, unless: bool) -> None:
    if not unless:
        print(shown(lines), flush=True)


def _print(content: dict[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    print(shown_json(content) if as_json else shown(lines))
