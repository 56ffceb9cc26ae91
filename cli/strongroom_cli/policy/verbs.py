"""`strongroom policy`: what becomes of backup policies, what is wrong with them, and whether anyone can opt out."""

import argparse
from importlib import import_module
from typing import Final

# Each action's module has `add_parser(actions)`, whose parser sets `run`: arguments in, exit code out.
ACTIONS: Final[tuple[str, ...]] = (
    "strongroom_cli.policy.effective",
    "strongroom_cli.policy.lint",
    "strongroom_cli.policy.attack",
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command and its actions."""
    parser = subparsers.add_parser("policy", help="merge, check and attack backup policies, ours or a stranger's")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for module in ACTIONS:
        import_module(module).add_parser(actions)
