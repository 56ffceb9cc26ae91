"""Whether a destination vault is what the intent demands: judged once for the vault, not once for each copy in it."""

from msgspec import Struct

from strongroom.domain.copies.found import VaultFound
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import DestinationVault, destination_vaults, own_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock


class VaultVerdict(Struct, frozen=True, kw_only=True):
    """What is wrong with a vault, in words; `keeps` says whether what lies in it is kept as promised nevertheless."""

    vault: str
    faults: tuple[str, ...]
    keeps: bool

    @property
    def reason(self) -> str:
        """Every fault, or that there is none."""
        return "; ".join(self.faults) or "the vault is as the intent demands"


def judge_vault(vault: str, *, found: VaultFound | None, intent: Intent) -> VaultVerdict:
    """Compare a destination vault with the kind and the lock, if any, that the intent of today demands, in either mode.

    The lock of an air-gapped vault is in compliance mode always, so it is judged as any other.
    """
    wanted = _wanted(vault, intent=intent)
    lock = wanted.lock if wanted else None
    if found is None:
        return VaultVerdict(vault=vault, faults=("the vault does not exist",), keeps=False)
    if wanted is not None and wanted.is_air_gapped and not found.is_air_gapped:
        return VaultVerdict(vault=vault, faults=("the vault is a standard one, and not air-gapped",), keeps=False)
    if lock is None:
        return VaultVerdict(vault=vault, faults=(), keeps=True)
    if not found.is_locked:
        return VaultVerdict(vault=vault, faults=("the vault is not locked",), keeps=False)
    # Numbers bind what comes next; what lies in a locked vault keeps the retention that it came with.
    return VaultVerdict(vault=vault, faults=_wrong_numbers(found, lock), keeps=True)


def _wanted(vault: str, *, intent: Intent) -> DestinationVault | None:
    known = (*destination_vaults(intent), *own_vaults(intent, account=Arn.parse(vault).account))
    return next((each for each in known if each.arn == vault), None)


def _wrong_numbers(found: VaultFound, lock: VaultLock) -> tuple[str, ...]:
    is_held = f"{found.min_retention_days} to {found.max_retention_days}"
    should_be = f"{lock.min_retention_days} to {lock.max_retention_days}"
    return () if is_held == should_be else (f"the vault lock is {is_held} days instead of {should_be}",)
