"""Runs a sandbox that holds the organisation and nothing else, until its standard input closes."""

import sys
from dataclasses import asdict
from typing import Any

from sandbox import lifecycle
from sandbox.organization import service
from sandbox.settings import Settings
from sandbox.web import control

PARTS = ("sandbox.web.control", "sandbox.organization.service", "sandbox.trail.tap")


def offer_what_the_hooks_hear() -> None:
    """Let the parent read every move and policy change that other parts would be told."""
    heard: dict[str, list[dict[str, Any]]] = {"moves": [], "changes": []}
    service.on_move(lambda move: heard["moves"].append(asdict(move)))
    service.on_policy_change(lambda change: heard["changes"].append(asdict(change)))
    control.register("GET", "/organization/heard", lambda _: heard)
    control.register("POST", "/organization/place", _place)


def _place(question: dict[str, Any]) -> dict[str, Any]:
    account = question["account"]
    return {
        "path": service.path_of(account),
        "policy": service.effective_backup_policy(account),
        "production": service.accounts_in("ou-strg-prod0001"),
        "accounts": service.accounts(),
        "delegates": service.delegated_administrators(),
    }


if __name__ == "__main__":
    with lifecycle.running(Settings(port=0), PARTS) as sandbox:
        offer_what_the_hooks_hear()
        print(sandbox.settings.port, flush=True)  # noqa: T201 the port is what the parent waits for
        sys.stdin.read()
