"""The lines of a resource's history: `RESOURCE#<arn>` / `NIGHT#<when>#<tier>#<rule>`, of which 400 nights are kept.

What its key says the item does not say again, nor that the backup was made. Of a vault it says Region, account and
name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item, to_text
from strongroom.adapters.ledger.views.places import history_of
from strongroom.adapters.ledger.views.written import view_of
from strongroom.domain.identifiers import AccountId, Region, vault_arn

if TYPE_CHECKING:
    from strongroom.domain.status.nights import BackupLine

# An auditor's year.
_KEPT: Final = timedelta(days=400)
_MADE: Final = "made"
_ARN: Final = "arn:"


def line_item(resource: str, line: BackupLine) -> Item:
    """The item of a line."""
    key = Key(history_of(resource), f"NIGHT#{to_text(line.at)}#{line.tier}#{line.rule}")
    return key.item | {
        "backup": None if line.backup == _MADE else str(line.backup),
        "copies": {_shortened(vault): str(state) for vault, state in line.copies.items()} or None,
        "expires_at": int((line.at + _KEPT).timestamp()),
    }


def line_in(item: Item) -> Item:
    """The fields of the line that the item holds; releases before this one said all of them."""
    if (view := view_of(item)) is not None:
        return view
    _, at, tier, rule = item["sk"].split("#", 3)
    copies = {_whole(said): state for said, state in item.get("copies", {}).items()}
    return {"at": at, "tier": tier, "rule": rule, "backup": item.get("backup", _MADE), "copies": copies}


def _shortened(vault: str) -> str:
    """Region, account and name of the vault; its ARN where that says anything else."""
    _, _, _, region, account, _, name, *_ = (*vault.split(":"), "", "", "", "", "", "")
    return f"{region}:{account}:{name}" if vault == _arn(region, account, name) else vault


def _whole(said: str) -> str:
    return said if said.startswith(_ARN) else _arn(*said.split(":"))


def _arn(region: str, account: str, name: str) -> str:
    return vault_arn(name, account=AccountId(account), region=Region(region))
