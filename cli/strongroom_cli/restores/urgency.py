"""`strongroom restore request --urgent`: an incident in place of a ticket."""

import argparse

from strongroom.domain.errors import MalformedRequestError


def add_urgency(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--urgent",
        action="store_true",
        help="approvers or tickets are away: two of the incident group approve by passkey, everybody is told, and it "
        "is reviewed afterwards",
    )
    parser.add_argument("--incident", default="", metavar="ID", help="with --urgent, in place of a ticket")


def check_urgency(arguments: argparse.Namespace) -> None:
    """MalformedRequestError unless there is either a ticket, or `--urgent` with an incident."""
    if arguments.urgent and (not arguments.incident or arguments.ticket):
        raise MalformedRequestError("--urgent takes --incident in place of --ticket")
    if not arguments.urgent and (not arguments.ticket or arguments.incident):
        raise MalformedRequestError("name a --ticket, or where it cannot wait --urgent with --incident")
