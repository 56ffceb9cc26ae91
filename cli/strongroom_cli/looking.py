"""What the commands that only look share: the role that they go through, and the least policy that they need."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from strongroom_cli.rollout.organization import add_access_role


def add_looking_arguments(parser: argparse.ArgumentParser, *, command: str) -> None:
    """Through which role to look, and whether only to tell what looking needs."""
    add_access_role(parser, where="in every other account")
    add_policy_argument(parser, command=command)


def add_policy_argument(parser: argparse.ArgumentParser, *, command: str) -> None:
    """Whether only to tell what looking needs."""
    parser.add_argument("--policy", action="store_true", help=f"print the least policy that {command} needs, and end")


def print_policy(statement: Mapping[str, Any]) -> None:
    """A policy of IAM with this one statement, on standard output."""
    print(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2))
