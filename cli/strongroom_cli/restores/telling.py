"""Restores in words for a terminal."""

from collections.abc import Mapping
from typing import Any

from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import SealedRequest


def proposed(sealed: SealedRequest) -> list[str]:
    """What whoever signs is about to sign, out of the signed text alone."""
    request = sealed.request
    before = dict(request.original)
    changed = [
        f"    {key}: {before.get(key, 'not set')} becomes {value}"
        for key, value in request.metadata
        if before.get(key) != value
    ]
    return [
        f"  {request.resource} as of {request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC",
        f"  becomes {request.target_name} in account {request.account}, {request.region} ({request.plan})",
        f"  asked by {request.requester}, {entitled_by(request.ticket, request.incident)}: {request.reason}",
        *(["  settings that differ from the backup's:", *changed] if changed else []),
        *(f"  {sentence}" for sentence in consequences(request)),
        f"  to be approved before {request.approve_before:%Y-%m-%d %H:%M:%S} UTC; mark {_grouped(sealed.mark)}",
    ]


def described(shown: Mapping[str, Any]) -> list[str]:
    """One ceremony in full."""
    request = shown["request"]
    entitled = entitled_by(request["ticket"], request.get("incident", ""))
    return [
        waiting(shown),
        f"  {request['resource']} as of {request['recovery_point_created_at']}",
        f"  becomes {request['target_name']} in account {request['account']} ({request['plan']})",
        *(f"  {sentence}" for sentence in shown["consequences"]),
        f"  asked by {shown['requester']}, {entitled}: {request['reason']}",
        *(f"  signed by {name}" for name in shown["approvals"]),
        *([f"  created {shown['created']}"] if shown["created"] else []),
        *([f"  review: {shown['review']}"] if shown.get("review") else []),
    ]


def entitled_by(ticket: str, incident: str) -> str:
    """The ticket, or the incident in place of it."""
    return f"urgent, incident {incident}" if incident else f"ticket {ticket}"


def waiting(shown: Mapping[str, Any]) -> str:
    """How far a ceremony is, and what it waits for."""
    said = f": {shown['reason']}" if shown["reason"] else ""
    needed = f"; waits for {', '.join(shown['missing'])}" if shown["missing"] and shown["state"] == "pending" else ""
    return f"{shown['request_id']}: {shown['state']}{said}{needed}"


def _grouped(mark: str) -> str:
    return " ".join(mark[place : place + 4] for place in range(0, len(mark), 4))
