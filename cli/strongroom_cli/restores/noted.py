"""`strongroom restore settings`: what was set on a resource, and what a restore does not bring back of it."""

import argparse
from collections.abc import Iterator
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import shown, shown_json

_COMES_BACK: Final = {
    "restored": "comes back with its data, as far as the profile lets it",
    "done": "the machine does it after a restore, where approvers signed that",
    "asked": "it deletes or calls out: set it again by hand, if somebody means it",
    "cannot": "no restore brings it back: set it again by hand",
}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add what the verb takes."""
    parser.description = (
        "Show what was set on a resource when a copy of it was verified, at most a week ago while it lived, and what "
        "of that comes back: restored, done by the machine, asked of people (by `restore after` with the restore's ID, "
        "where that is named), or not at all. No data, and no secret."
    )
    parser.add_argument("arn", help="the resource that was backed up")
    parser.epilog = "Example: strongroom restore settings arn:aws:dynamodb:eu-west-1:222222222222:table/orders"


def settings(arguments: argparse.Namespace) -> int:
    """Print the latest note."""
    found = ApiClient(arguments.api).get("status", "settings", query={"arn": arguments.arn})
    print(shown_json(found) if arguments.json else shown(told_settings(found["settings"])))
    return 0


def told_settings(note: dict[str, Any]) -> Iterator[str]:
    """The note in lines."""
    yield _told_age(note)
    for each in note["settings"]:
        yield f"  {each['what']} ({each['comes_back']}: {_comes_back(each)})"
        yield f"    {canonical_text(each['value'])}"
    yield from _told_unread(note)
    for path in note["left_out"]:
        yield f"  {path}: left out, because its name tells of a secret"


def told_standing(note: dict[str, Any]) -> Iterator[str]:
    """How old the note is, and what nobody knows, in lines: to be read by whoever acts on it."""
    yield _told_age(note)
    yield from _told_unread(note)


def _told_age(note: dict[str, Any]) -> str:
    return f"{note['resource']}, as it has been since {note['since']}; read last at {note['read_at']}"


def _told_unread(note: dict[str, Any]) -> Iterator[str]:
    return (f"  {each['what']}: not known, because {each['reason']}" for each in note["unread"])


def _comes_back(setting: dict[str, Any]) -> str:
    if step := setting.get("step"):
        return f"it deletes or calls out: `strongroom restore after ID {step}`"
    comes_back = str(setting["comes_back"])
    return _COMES_BACK.get(comes_back, comes_back)
