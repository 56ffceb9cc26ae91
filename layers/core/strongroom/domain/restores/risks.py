"""What about a restore is more dangerous than another: the words by which approval rules ask for more people."""

from collections.abc import Mapping
from typing import Final

from strongroom.domain.catalogue.rows import RISKS_OF_TYPES, TEMPORARY_COPY, VAULT_KEY
from strongroom.domain.restores.plans import RestorePlan

SENTENCES: Final[Mapping[str, str]] = {
    VAULT_KEY: "What is restored lives under the vault's key for as long as it exists.",
    TEMPORARY_COPY: "A copy outside of the isolated vault is left behind for some days.",
}


def risks_of(resource_type: str, *, plan: RestorePlan) -> tuple[str, ...]:
    """The risks of a restore, in the order in which people read them."""
    return RISKS_OF_TYPES[resource_type].of_copy_back if plan is RestorePlan.COPY_BACK else ()
