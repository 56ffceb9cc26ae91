"""`strongroom restore state`: say, and sign, that a step by hand is done, or why it will not be."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from strongroom.domain.errors import ApprovalVoidError, MalformedRequestError
from strongroom.domain.restores.checklists.stated import StatedOutcome, read_step_statement
from strongroom.domain.restores.requests import open_seal, parse_request_id
from strongroom_cli.api_client import ApiClient, api_address
from strongroom_cli.errors import one_line
from strongroom_cli.restores.signing import Proposal, passkey_page, provider_of, sign

_COUNTED: Final = "counted"


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be signed of which step, in the request's own sentence."""

    step: str
    outcome: StatedOutcome
    reason: str


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", help="the request's id, as in r-abcdefgh2345")
    parser.add_argument("step", type=int, help="the step's number on the list, as `strongroom restore show` has it")
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--done", action="store_true", help="it was taken")
    said.add_argument(
        "--dismiss", metavar="REASON", help="it will not be taken, and why, in ASCII: that is signed, too"
    )
    parser.add_argument("--sign-on-page", action="store_true", help="do not log in here: sign with a passkey on a page")
    parser.add_argument("--intent", type=Path, default=Path("strongroom.yaml"), help="names the identity provider")


def state(arguments: argparse.Namespace) -> int:
    """Sign it by a fresh login, or tell the page on which a passkey signs; 1 where it does not count."""
    request_id, api = parse_request_id(arguments.id), ApiClient(arguments.api)
    said = _said(arguments, api.get("restores", request_id))
    body = {"decision": said.outcome, "step": said.step, **({"reason": said.reason} if said.reason else {})}
    answer = api.post("restores", request_id, "statements", body=body)
    proposal = _proposal(answer, said, request_id=request_id)
    # Where the rules take passkeys alone, as those for what cannot wait, no login signs.
    if arguments.sign_on_page or proposal.sealed.asked.policy.issuer is None:
        place = f"checklists/{request_id}"
        page = passkey_page(arguments.intent, place, api=api_address(arguments.api), view=str(answer["view"]))
        told = {"request_id": request_id, "step": said.step, "page": page}
        _print(told, f"State it there, and sign it with your passkey: {page}", arguments)
        return 0
    if not arguments.json:
        print(one_line(f"You are about to state of {request_id} that it is {said.outcome}: {said.step}"), flush=True)
    signed = sign(proposal, provider=provider_of(arguments.intent))
    taken = api.post("restores", request_id, "proofs", body=signed)
    if taken["state"] != _COUNTED:
        _print(taken, f"{request_id}: your word does not count: {taken['reason']}.", arguments)
        return 1
    left = f"{len(taken['left'])} left to do" if taken["left"] else "nothing is left to do"
    _print(taken, f"{request_id}: {taken['reason']}; {left}.", arguments)
    return 0


def _said(arguments: argparse.Namespace, shown: Mapping[str, Any]) -> _Said:
    """The step of that number; MalformedRequestError where the list has none, with those that it has."""
    steps = {each["number"]: each["step"] for each in shown.get("checklist", ())}
    if arguments.step not in steps:
        known = ", ".join(map(str, steps)) or "none"
        raise MalformedRequestError(
            f"{arguments.id} has no step {arguments.step} by hand; its steps are: {known} "
            f"(strongroom restore show {arguments.id})"
        )
    outcome = StatedOutcome.DONE if arguments.done else StatedOutcome.DISMISSED
    return _Said(step=steps[arguments.step], outcome=outcome, reason=arguments.dismiss or "")


def _proposal(answer: Mapping[str, Any], said: _Said, *, request_id: str) -> Proposal:
    """What is signed is what was hashed here; ApprovalVoidError where the API wants something else to be signed."""
    sealed, statement = open_seal(str(answer.get("text"))), read_step_statement(str(answer.get("statement")))
    asked = sealed.asked
    about = (statement.request, statement.request_digest, statement.policy)
    is_asked = about == (request_id, asked.digest, asked.policy.digest) and asked.id == request_id
    if not is_asked or (statement.step, statement.outcome, statement.reason) != (said.step, said.outcome, said.reason):
        raise ApprovalVoidError("the API asks to sign something else: another request, step or outcome")
    return Proposal(sealed=sealed, statement=statement.text)


def _print(content: Mapping[str, Any], line: str, arguments: argparse.Namespace) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False) if arguments.json else one_line(line))
