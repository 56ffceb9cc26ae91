"""Restores in words for a terminal."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import SealedRequest
from strongroom.domain.restores.showing.card import changed_settings

_MARKS: Final = {"passed": "done", "waiting": "waits", "unreached": "away", "later": "later"}
_HELD: Final = ("waiting", "unreached")


def proposed(sealed: SealedRequest, *, names: Mapping[str, str]) -> list[str]:
    """What whoever signs is about to sign, out of the signed text alone; `names` are what subjects are called."""
    request, changed = sealed.request, changed_settings(sealed)
    return [
        f"  {request.resource} as of {request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC",
        f"  becomes {request.target_name} in account {request.account}, {request.region} ({request.plan})",
        f"  asked by {names.get(request.requester, request.requester)}, ticket {request.ticket}: {request.reason}",
        *(["  settings that differ from the backup's:", *(f"    {each}" for each in changed)] if changed else []),
        *(f"  {sentence}" for sentence in consequences(request)),
        f"  to be approved before {request.approve_before:%Y-%m-%d %H:%M:%S} UTC; mark {_grouped(sealed.mark)}",
    ]


def described(shown: Mapping[str, Any]) -> list[str]:
    """One ceremony in full."""
    request = shown["request"]
    account = f"{shown['account_name']} ({request['account']})" if shown["account_name"] else request["account"]
    return [
        waiting(shown),
        f"  {request['resource']} as of {request['recovery_point_created_at']}",
        f"  becomes {request['target_name']} in account {account} ({request['plan']})",
        *(f"  {sentence}" for sentence in shown["consequences"]),
        f"  asked by {shown['requester']}, ticket {request['ticket']}: {request['reason']}",
        f"  mark {_grouped(shown['mark'])}",
        *(f"  signed by {name}" for name in shown["approvals"]),
        *(_gate(gate) for gate in shown["gates"]),
        *([f"  created {shown['created']}"] if shown["created"] else []),
        *_next(shown),
    ]


def waiting(shown: Mapping[str, Any]) -> str:
    """How far a ceremony is, and what it waits for."""
    said = f": {shown['reason']}" if shown["reason"] and not shown["gates"] else ""
    gates = [f"{gate['name']}: {gate['said']}" for gate in shown["gates"] if gate["state"] in _HELD]
    return f"{shown['request_id']}: {shown['state']}{said}{f'; {gates[0]}' if gates else ''}"


def receipt(taken: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """What came of a signature: whether it is among those that count, and whether the log has it."""
    proof, request_id = str(taken["proof"]), taken["request_id"]
    if not shown:
        return [
            f"{request_id}: what you signed was taken, and is not among what counts: call the security team.",
            f"  proof {proof}",
        ]
    seen = "the log has it" if proof in shown["recorded"] else "the log looks for it every five minutes"
    return [f"{request_id}: your word counts. {waiting(shown)}", f"  proof {proof}: {seen}"]


def _gate(gate: Mapping[str, str]) -> str:
    return f"  {_MARKS[gate['state']]:<8} {gate['name']}: {gate['said']}"


def _next(shown: Mapping[str, Any]) -> list[str]:
    """What whoever asked can do now."""
    if shown["state"] != "pending":
        return []
    approve = f"strongroom restore approve {shown['request_id']}"
    return [f"  next: somebody who can decide opens the page in Slack, or types `{approve}`"]


def _grouped(mark: str) -> str:
    return " ".join(mark[place : place + 4] for place in range(0, len(mark), 4))
