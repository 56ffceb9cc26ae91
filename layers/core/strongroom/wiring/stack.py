"""The control plane's own parts that every capability shares: the ledger, the bus and the secrets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.bus import Bus
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.secrets import Secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.views.table import LedgerViewTable
from strongroom.runtime.settings import Setting

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def ledger(platform: Platform) -> LedgerTable:
    """The ledger, which remembers and proves nothing."""
    return LedgerTable(client("dynamodb"), platform.setting(Setting.LEDGER))


def ceremony_table(platform: Platform) -> LedgerTable:
    """The ceremony's own table, which proves as little."""
    return LedgerTable(client("dynamodb"), platform.setting(Setting.CEREMONY))


def views_table(platform: Platform) -> LedgerViewTable:
    """The views' table, which is made of the ledger and decides nothing."""
    return LedgerViewTable(client("dynamodb"), platform.setting(Setting.VIEWS))


def bus(platform: Platform) -> Bus:
    """The bus, where our facts go out."""
    return Bus(partial(client, "events"), platform.setting(Setting.BUS))


def secrets(platform: Platform) -> Secrets:
    """The secrets, none of them read yet."""
    return Secrets(platform.setting(Setting.SECRETS))
