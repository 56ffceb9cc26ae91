"""Vaults of others that copies go to: they are there already, and nothing of them is made or changed from here."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import DestinationVault, destination_vaults
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.vaults.locks import is_in_force, told, wanted


def judge_existing_vaults(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each that is not there, or whose lock is not the one on which copies are promised."""
    for vault in destination_vaults(desired.intent):
        if vault.is_existing:
            yield from _judge(vault, live)


def _judge(vault: DestinationVault, live: LiveOrganization) -> Iterator[Finding]:
    found = live.vaults.get(vault.arn)
    if found is None:
        yield error("vault-missing", vault.path, f"{vault.arn} is called existing, and there is no such vault")
    elif vault.lock is not None and not is_in_force(vault, vault.lock, found):
        why = f"{vault.arn} is not ours to lock: it has {told(found)}, and copies are promised {wanted(vault.lock)}"
        yield error("lock-differs", f"{vault.path}.lock", f"{why}; write what it has, or let its owner lock it")
