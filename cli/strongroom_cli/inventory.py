"""`strongroom inventory`: have every account gone through now, or those that are named, for what no event told."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Final

from strongroom.adapters.aws.health.stack_parts import StackParts
from strongroom.adapters.aws.queues import WishQueue
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.identifiers import parse_account_id
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK
from strongroom.domain.tags.inventory.runs import MOST_NAMED, InventoryOrder
from strongroom_cli.errors import tell
from strongroom_cli.health.reach import Clients, add_reach_arguments, control_plane_clients
from strongroom_cli.intent.file import load_intent_file

DONE: Final = 0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "inventory",
        help="find now what no event told of",
        description="Have every governed account gone through now by the lists of its services, as it is each day, and "
        "whatever no event told of seen to. How far it is, strongroom status says. The credentials are the backup "
        "account's, or the management account's.",
    )
    parser.add_argument(
        "--account", action="append", default=[], metavar="ID", help="this account alone; once for each, 50 at most"
    )
    add_reach_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask for the inventory."""
    if len(set(arguments.account)) > MOST_NAMED:
        raise MalformedRequestError(f"--account: {MOST_NAMED} accounts at most; leave it out for all of them")
    order = InventoryOrder(
        is_asked=True, accounts=tuple(sorted({parse_account_id(each) for each in arguments.account}))
    )
    intent, _ = load_intent_file(arguments.intent)
    place = intent.organization
    wishes(
        control_plane_clients(intent, through=arguments.through),
        account=place.backup_account,
        region=place.home_region,
    ).send(order, now=datetime.now(UTC))
    whose = " and ".join(order.accounts) if order.accounts else "every governed account"
    if arguments.json:
        print(json.dumps({"asked": True, "accounts": list(order.accounts)}))
    else:
        tell(f"an inventory of {whose} was asked for; strongroom status says how far it is")
    return DONE


def wishes(clients: Clients, *, account: str, region: str) -> WishQueue:
    """The queue by which inventories are asked for, through these clients."""
    url = StackParts(clients("cloudformation"), CONTROL_PLANE_STACK).physical_id("BeginInventoryQueue")
    return WishQueue(clients("sqs"), url, account=account, region=region)
