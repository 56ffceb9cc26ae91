"""`strongroom restore after`: ask for what a restore left off, because it deletes or calls out, by itself."""

import argparse
import sys
from pathlib import Path
from typing import Any

from strongroom.domain.restores.asked.noted import noted_parameters
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.requests import parse_request_id
from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import shown
from strongroom_cli.restores.files.written_metadata import read_parameters
from strongroom_cli.restores.noted import told_standing


def add_after(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", help="the restore's id, as in r-abcdefgh2345")
    parser.add_argument("step", choices=[str(step) for step in AskedStep], help="what is to be set again")
    parser.add_argument("--reason", required=True, help="why, for those who approve")
    said = parser.add_mutually_exclusive_group()
    said.add_argument(
        "--noted",
        action="store_true",
        help="set what the note of the original's settings says, as where that is gone; rules know it as written",
    )
    said.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="what to set, in JSON as the call takes it, if not what the original has: "
        + ", ".join(f"{each.parameter} for {each.step}" for each in CALLS.values()),
    )
    parser.add_argument(
        "--ticket",
        default="",
        metavar="KEY",
        help="needed from seven days after the restore on, and after an urgent one",
    )
    parser.add_argument("--dry-run", action="store_true", help="check and plan everything, and ask nobody")
    parser.add_argument("--sign-on-page", action="store_true", help="do not log in here: sign on the request's page")
    parser.add_argument("--wait", action="store_true", help="follow it to its end; 1 unless it was done")
    parser.set_defaults(urgent=False)


def after_wish(arguments: argparse.Namespace) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Where it is posted, and what."""
    restore = parse_request_id(arguments.id)
    body: dict[str, Any] = {"step": arguments.step, "reason": arguments.reason, "ticket": arguments.ticket}
    if arguments.noted:
        body["parameters"] = _noted(restore, AskedStep(arguments.step), api=ApiClient(arguments.api))
    elif arguments.file is not None:
        body["parameters"] = read_parameters(arguments.file)
    return ("restores", restore, "after"), body


def _noted(restore: str, step: AskedStep, *, api: ApiClient) -> dict[str, str]:
    """What the latest note of what the restore was made of says; how old that is, and what nobody knows, is printed."""
    original = api.get("restores", restore)["request"]["resource"]
    note = api.get("status", "settings", query={"arn": original})["settings"]
    print(shown(told_standing(note)), file=sys.stderr)
    settings = {each["what"]: each["value"] for each in note["settings"]}
    return dict(noted_parameters(step, settings, left_out=note["left_out"]))
