"""What about a restore is more dangerous than another: the words by which approval rules ask for more people."""

from collections.abc import Mapping
from typing import Final

from strongroom.domain.restores.metadata import RULES_OF
from strongroom.domain.restores.plans import RestorePlan

# What is restored lives under the key of the vault for ever, because its type takes no other.
VAULT_KEY: Final = "vault-key"
# A copy outside of the isolated vault is left behind for a while.
TEMPORARY_COPY: Final = "temporary-copy"
SENTENCES: Final[Mapping[str, str]] = {
    VAULT_KEY: "What is restored lives under the vault's key for as long as it exists.",
    TEMPORARY_COPY: "A copy outside of the isolated vault is left behind for some days.",
}


def risks_of(resource_type: str, *, plan: RestorePlan) -> tuple[str, ...]:
    """The risks of a restore, in the order in which people read them."""
    if plan is not RestorePlan.COPY_BACK:
        return ()
    return (VAULT_KEY, TEMPORARY_COPY) if RULES_OF[resource_type].key is None else (TEMPORARY_COPY,)
