"""The control plane's own account, by whichever credentials are at hand: its own, or the management account's."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strongroom.adapters.aws.account_access import caller
from strongroom.adapters.aws.clients import connect
from strongroom.domain.intent.model import Intent
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.looking import add_access_role
from strongroom_cli.rollout.organization import ensure_addresses, enter

type Clients = Callable[[str], Any]


def add_reach_arguments(parser: argparse.ArgumentParser) -> None:
    """Which control plane, and through which role."""
    parser.add_argument(
        "--intent", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="names the backup account and its Region"
    )
    add_access_role(parser, where="in the backup account, where the credentials are the management account's")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")


def control_plane_clients(intent: Intent, *, through: str) -> Clients:
    """Clients in the backup account's home Region; WrongAccountError with the credentials of any other account."""
    place = intent.organization
    ensure_addresses()
    account, _ = caller(place.home_region)
    if account == place.backup_account:
        return lambda service: connect(service, region=place.home_region, credentials=None, patient=True)
    access = enter(intent, through=through)
    return lambda service: access.client(service, account=place.backup_account, region=place.home_region)
