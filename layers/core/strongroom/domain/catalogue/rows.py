"""The catalogue as a whole: every row, and what is asked of several at once.

Sources: AWS Backup Developer Guide, "Feature availability by resource" and the restore pages; AWS Organizations User
Guide, "Backup policy syntax and examples"; Service Authorization Reference, September 2026; CloudTrail records.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue import (
    backup_gateway,
    cloudformation,
    dsql,
    dynamodb,
    ec2,
    efs,
    eks,
    fsx,
    rds,
    redshift,
    s3,
    ssm_sap,
    storage_gateway,
    timestream,
)
from strongroom.domain.catalogue.facets.creations import Creation
from strongroom.domain.catalogue.model import CopyKey, ResourceType

ROWS: Final[tuple[ResourceType, ...]] = (
    *backup_gateway.TYPES,
    *cloudformation.TYPES,
    *dsql.TYPES,
    *dynamodb.TYPES,
    *ec2.TYPES,
    *efs.TYPES,
    *eks.TYPES,
    *fsx.TYPES,
    *rds.TYPES,
    *redshift.TYPES,
    *s3.TYPES,
    *ssm_sap.TYPES,
    *storage_gateway.TYPES,
    *timestream.TYPES,
)
# Every type that there is: the rows, and what has another row's ARN, so that no policy can select it by itself.
TYPES: Final[tuple[ResourceType, ...]] = (*ROWS, rds.MULTI_AZ)
# What is restored lives under the key of the vault for ever, because its type takes no other.
VAULT_KEY: Final = "vault-key"
# A copy outside of the isolated vault is left behind for a while.
TEMPORARY_COPY: Final = "temporary-copy"
# Of what is rarely tried the stricter rule always decides.
ELEVATED: Final = "elevated"
# Recovery points of fully managed types have ARNs of AWS Backup's own.
_BACKUP: Final = "backup"
# Of so many resources is remembered of which type they are.
_RESOURCES: Final = 1_000


class TypeRisks(Struct, frozen=True, kw_only=True):
    """The services by which recovery points of a type have their ARNs, its risks, and those of one that is copied back.

    What lies in its own account already has none of these.
    """

    services: tuple[str, ...]
    of_type: tuple[str, ...]
    of_copy_back: tuple[str, ...]


# Types that the ceremony restores by metadata that a person writes, as AWS Backup calls them.
TYPES_BY_HAND: Final = tuple(row.name for row in ROWS if row.is_restored_as_written)
# Calls of services by which the ceremony restores with parameters that a person writes.
OWN_CALLS: Final = {each.call: each for row in ROWS for each in row.own_calls}
RISKS_OF_TYPES: Final[dict[str, TypeRisks]] = {
    row.name: TypeRisks(
        services=(_BACKUP, row.service),
        of_type=(ELEVATED,) if row.is_rarely_tried else (),
        of_copy_back=(VAULT_KEY, TEMPORARY_COPY) if row.keeps_key else (TEMPORARY_COPY,),
    )
    for row in ROWS
    if row.is_restored_here
}


def names_of(rows: Iterable[ResourceType]) -> tuple[str, ...]:
    """AWS Backup's names of the rows, each once, sorted; some rows share a name."""
    return tuple(sorted({row.name for row in rows}))


def indexed_types() -> tuple[str, ...]:
    """AWS Backup's names of the types whose backups can be searched, sorted."""
    return names_of(row for row in ROWS if row.is_indexed)


def opted_in_types() -> tuple[str, ...]:
    """AWS Backup's names of the types for which a governed account must be opted in, sorted."""
    return names_of(row for row in ROWS if row.wants_opt_in)


def patterns_of(names: Iterable[str], *, partition: str) -> tuple[str, ...]:
    """What selects these types in a backup policy of a partition, each pattern once, in the order of the names."""
    rows = (row for name in sorted(set(names)) for row in ROWS if row.name == name)
    return tuple(dict.fromkeys(row.pattern_in(partition) for row in rows))


def joined(facets: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The calls, or ARNs, that a facet of several rows names: each once, by service first."""
    return tuple(sorted({each for facet in facets for each in facet}, key=lambda each: each.split(":")))


def copy_key_of(resource: str) -> CopyKey:
    """Under which key copies of the resource with this ARN lie."""
    return next((row.copy_key for row in rows_of(resource)), CopyKey.VAULT)


def may_enter_air_gap(resource: str) -> bool:
    """Whether backups of the resource with this ARN are of a type that goes into air-gapped vaults."""
    return any(row.enters_air_gap for row in rows_of(resource))


def row_of(resource: str) -> ResourceType | None:
    """The row of the resource with this ARN, the first of several that share it; None of no type that is known."""
    return next(iter(rows_of(resource)), None)


@lru_cache(maxsize=_RESOURCES)
def rows_of(resource: str) -> tuple[ResourceType, ...]:
    """The rows of the resource with this ARN: several where types share it."""
    return tuple(row for row in ROWS if fnmatchcase(resource, row.pattern_in("*")))


def creations_by_call() -> dict[str, Creation]:
    """Every call that makes something AWS Backup protects, whether we read its record or not, sorted."""
    creations = (creation for row in ROWS for creation in row.creations)
    return {creation.call: creation for creation in sorted(creations, key=lambda creation: creation.call)}
