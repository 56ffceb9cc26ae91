"""What a settled promise says in fewer bytes: 400 nights of them are kept, and much of one follows from the rest.

What is as it is of nearly every promise is not said. Of its source vault the name is, and of its copy what stands after
the Region and the account of the destination, where they lie there; every other ARN is said whole.
"""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.adapters.ledger.table import Item
from strongroom.domain.copies.promises import Promise, PromiseState, verified_as_promised
from strongroom.domain.identifiers import AccountId, Region, vault_arn
from strongroom.domain.intent.destinations import Lifecycle

# By their values, as the ledger has them.
_USUAL: Final[Mapping[str, Any]] = {"archive": False, "restarts": 0, "unseen": 0, "looks": 0, "opened_by": "event"}
_ARN: Final = "arn:"


def shortened(item: Item, promise: Promise) -> Item:
    """The item with None for what need not be said of the promise, which is settled."""
    usual = {
        **_USUAL,
        "region": region_of(promise.recovery_point),
        "reason": reason_of(promise.state, promise.lifecycle),
    }
    said = {name: None if name in usual and usual[name] == value else value for name, value in item.items()}
    place = vault_arn("", account=promise.account, region=promise.region)
    return said | {
        "source_vault": promise.source_vault.removeprefix(place),
        "copy_arn": promise.copy and promise.copy.removeprefix(_place_of(promise.destination)),
    }


def region_of(recovery_point: str) -> Region:
    """The Region of a backup, by its ARN; empty where that is none."""
    _, _, _, region, *_ = (*recovery_point.split(":", 4), "", "", "", "")
    return Region(region)


def reason_of(state: PromiseState, lifecycle: Lifecycle) -> str:
    """Why a promise is settled whose item does not say why."""
    return verified_as_promised(lifecycle) if state is PromiseState.VERIFIED else ""


def source_of(said: str, *, account: AccountId, region: Region) -> str:
    """The ARN of the source vault."""
    return said if said.startswith(_ARN) else vault_arn(said, account=account, region=region)


def copy_of(said: str | None, *, destination: str) -> str | None:
    """The ARN of the copy."""
    return said if said is None or said.startswith(_ARN) else f"{_place_of(destination)}{said}"


def _place_of(destination: str) -> str:
    """How the ARN of what AWS Backup itself keeps in the vault begins."""
    return destination.rpartition("backup-vault:")[0]
