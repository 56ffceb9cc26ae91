"""What commands share that look into other accounts: the role that they go through, and the least policy for it."""

import argparse
import json
from collections.abc import Mapping
from typing import Any, Final

ACCESS_ROLE: Final = "OrganizationAccountAccessRole"


def add_looking_arguments(parser: argparse.ArgumentParser, *, command: str) -> None:
    """Through which role to look, and whether only to tell what looking needs."""
    add_access_role(parser, where="in every other account")
    add_policy_argument(parser, command=command)


def add_policy_argument(parser: argparse.ArgumentParser, *, command: str) -> None:
    """Whether only to tell what looking needs."""
    parser.add_argument("--policy", action="store_true", help=f"print the least policy that {command} needs, and end")


def add_access_role(parser: argparse.ArgumentParser, *, where: str) -> None:
    """The role by which a command of the management account enters other accounts."""
    parser.add_argument(
        "--through",
        default=ACCESS_ROLE,
        metavar="ROLE",
        help=f"the role to assume {where} (default: {ACCESS_ROLE})",
    )


def print_policy(statement: Mapping[str, Any]) -> None:
    """A policy of IAM with this one statement, on standard output."""
    print(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2))
