"""What is dangerous about restoring each resource type, as anybody works it out who has only the request."""

from dataclasses import dataclass
from typing import Final

from strongroom.domain.catalogue.rows import ROWS

# What is restored lives under the key of the vault for ever, because its type takes no other.
VAULT_KEY: Final = "vault-key"
# A copy outside of the isolated vault is left behind for a while.
TEMPORARY_COPY: Final = "temporary-copy"
# Recovery points of fully managed types have ARNs of AWS Backup's own.
_BACKUP: Final = "backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRisks:
    """The services by which recovery points of a type have their ARNs, and the risks of one that is copied back.

    What lies in its own account already has none.
    """

    services: tuple[str, ...]
    of_copy_back: tuple[str, ...]


RISKS_OF_TYPES: Final[dict[str, TypeRisks]] = {
    row.name: TypeRisks(
        services=(_BACKUP, row.service),
        of_copy_back=(VAULT_KEY, TEMPORARY_COPY) if row.restore.key is None else (TEMPORARY_COPY,),
    )
    for row in ROWS
    if row.restore is not None
}
