"""`strongroom intent`: what is done with the intent file itself."""

import argparse

from strongroom_cli.intent import upgrade


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command and its actions."""
    parser = subparsers.add_parser("intent", help="bring the intent file to the newest version")
    upgrade.add_parser(parser.add_subparsers(metavar="ACTION", required=True))
