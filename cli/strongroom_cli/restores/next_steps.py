"""What is next for whoever asked, once a restore is over, and the request to type where it is asked anew."""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any, Final

from strongroom.domain.proofs.risks import WRITTEN
from strongroom.domain.restores.left_off.steps import asked_call
from strongroom.domain.restores.requests import UNNAMED
from strongroom.domain.restores.steps import RestoreOutcome

type Shown = Mapping[str, Any]

_NEXT: Final = {
    RestoreOutcome.RESTORED: "look at what came back, then keep the evidence: "
    "strongroom restore show {id} --evidence {id}.json",
    RestoreOutcome.FAILED: "mend what the reason names, then ask anew, {entitled}:",
    RestoreOutcome.EXPIRED: "ask anew, {entitled}:",
    RestoreOutcome.DENIED: "ask whoever denied it; another request takes another ticket",
    RestoreOutcome.WITHDRAWN: "mend what is wrong with the ticket, in a new one, and ask with that",
    RestoreOutcome.CANCELLED: "nothing, or ask anew, {entitled}",
}
_AGAIN: Final = (RestoreOutcome.FAILED, RestoreOutcome.EXPIRED)
# By whether the end gave the ticket back; None before it is closed, and where an older control plane does not say.
_TICKETS: Final = {
    True: "with the same ticket",
    False: "with another ticket, once it is known that nothing was restored after all",
    None: "with the same ticket, once a comment in it says that it may carry another request",
}
_UNREVIEWED: Final = "not reviewed yet"
_WISHES: Final = "jq '.request.wishes | map({(.[0]): .[1]}) | add'"


def next_step(shown: Shown) -> list[str]:
    """What whoever asked can do now that it is over; nothing while it is not."""
    told = _NEXT.get(shown["state"])
    if told is None:
        return []
    first = f"  next: {told.format(id=shown['request_id'], entitled=_entitled_anew(shown))}"
    return [first, *_by_hand(shown), *(_anew(shown) if shown["state"] in _AGAIN else ())]


def _by_hand(shown: Shown) -> Iterator[str]:
    """How the first of the steps that are left is signed."""
    open_steps = [each for each in shown.get("checklist", ()) if not each["outcome"]]
    to_ask = [each["asked"] for each in open_steps if each.get("asked") and not each.get("request")]
    if to_ask:
        ticket = " --ticket KEY" if shown["request"].get("incident") else ""
        ask = f"strongroom restore after {shown['request_id']} {to_ask[0]}{ticket} --reason WHY"
        yield f"  then: ask for what deletes or calls out, one by one, if at all: {ask}"
    left = [each["number"] for each in open_steps if not each.get("asked")]
    if left:
        state = f"strongroom restore state {shown['request_id']} {left[0]} --done"
        yield f"  then: take each step that is left to do, and sign that: {state}"


def _entitled_anew(shown: Shown) -> str:
    """What another request for the same is asked with."""
    if shown["request"].get("of") and not shown["request"]["ticket"]:
        return "without a ticket in the seven days after the restore"
    if shown["request"].get("incident"):
        is_unreviewed = shown.get("review") == _UNREVIEWED
        return f"for the same incident{', once this one is reviewed' if is_unreviewed else ''}"
    return _TICKETS[shown.get("is_ticket_free")]


def _anew(shown: Shown) -> Iterator[str]:
    """The same request once more, to be typed; before it how to get back the file that a person wrote for it."""
    request = shown["request"]
    if step := asked_call(request.get("call", "")):
        yield f"    strongroom restore after {request['of']} {step.step} --reason {quote(request['reason'])}"
        return
    kind = request.get("kind", "")
    written = f"{shown['request_id']}-{kind}.json" if kind in WRITTEN else ""
    if written:
        yield f"    strongroom restore show {shown['request_id']} --json | {_WISHES} > {written}"
    yield f"    strongroom restore request --account {request['account']} \\"
    yield f"      --recovery-point {request['recovery_point']} --vault {request['vault']} \\"
    if request.get("region"):
        yield f"      --region {request['region']}{' --in-two-copies' if request.get('through_vault') else ''} \\"
    if written:
        yield f"      --{kind} {written} \\"
    else:
        yield from (f"      --metadata {quote(f'{key}={value}')} \\" for key, value in request.get("wishes", ()))
    yield f"      {_named(request)}{_entitlement(shown)} --reason {quote(request['reason'])}"


def _named(request: Shown) -> str:
    return "" if request["target_name"] == UNNAMED else f"--target-name {quote(request['target_name'])} "


def _entitlement(shown: Shown) -> str:
    """The incident, or the ticket; a ticket that carries no other request leaves the place for one that does."""
    request = shown["request"]
    if request.get("incident"):
        return f"--urgent --incident {quote(request['incident'])}"
    return "--ticket KEY" if shown.get("is_ticket_free") is False else f"--ticket {quote(request['ticket'])}"
