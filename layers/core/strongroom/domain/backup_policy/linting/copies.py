"""Whether AWS can make the copies that a policy asks for.

Sources: AWS Backup Developer Guide, "Feature availability by resource" and "Creating backup copies across accounts".
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, assert_never

from msgspec import Struct

from strongroom.domain.backup_policy.grammar import RESOURCE_TYPES
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, shown
from strongroom.domain.backup_policy.linting.values import without_partition
from strongroom.domain.catalogue.model import Reach, ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.partitions import COMMERCIAL
from strongroom.domain.regions import ALWAYS_ON

ROWS_OF: Final = {pattern: [row for row in ROWS if row.pattern == pattern] for pattern in RESOURCE_TYPES}

_ARN: Final = re.compile(
    r"arn:(aws[a-z-]*):backup:([a-z0-9-]+):([0-9]{12}|\$account):backup-vault:([A-Za-z0-9_-]{1,50})"
)


class CopyTarget(Struct, frozen=True):
    """The vault that a copy action names."""

    partition: str
    region: str
    account: str
    name: str

    @property
    def is_in_other_account(self) -> bool:
        """Whether the vault is not in the account that the backup is made in."""
        return self.account != "$account"


def find_copy_faults(subject: Subject) -> Iterator[Fault]:
    """Every copy action that says two things, or asks for what AWS does not do."""
    for plan in subject.plans:
        regions = frozenset(region for _, _, region in plan.members("regions"))
        for rule in plan.below("rules"):
            for copy in rule.below("copy_actions"):
                yield from _target(copy)
                if (vault := copy_target(copy)) is not None:
                    yield from _vault_faults(copy, vault, rule=rule, regions=regions)
        yield from _types(plan, regions, subject)


def copy_target(copy: Place) -> CopyTarget | None:
    """The vault that is the key of a copy action; None where the key is no ARN of a vault."""
    parts = _ARN.fullmatch(copy.name)
    return CopyTarget(*parts.groups()) if parts else None


def _target(copy: Place) -> Iterator[Fault]:
    target, place = copy.text("target_backup_vault_arn"), copy.at("target_backup_vault_arn")
    if target is not None and place is not None and target != copy.name:
        found = f"{shown(target)} is not the key {shown(copy.name)}"
        yield Fault("copy-key-mismatch", place.path, found, "write the same ARN in both places")


def _vault_faults(copy: Place, vault: CopyTarget, *, rule: Place, regions: frozenset[str]) -> Iterator[Fault]:
    if vault.is_in_other_account and vault.name == "Default":
        found = f"the vault Default of account {vault.account} takes no copies from other accounts"
        instead = "name a vault of its own, with a customer-managed key and a policy that lets you in"
        yield Fault("copy-to-default-vault", copy.path, found, instead)
    is_same = vault.name == rule.text("target_backup_vault_name") and vault.region in regions
    if is_same and not vault.is_in_other_account:
        found = f"in {vault.region} the backup is already in the vault {vault.name} of the same account"
        yield Fault("copy-to-itself", copy.path, found, "name a vault in another account or Region")


def _types(plan: Place, regions: frozenset[str], subject: Subject) -> Iterator[Fault]:
    rules = plan.below("rules")
    targets = [target for rule in rules for copy in rule.below("copy_actions") if (target := copy_target(copy))]
    if not targets:
        return
    for selection in plan.below("selections", "resources"):
        for path, number, pattern in selection.members("resource_types"):
            rows = ROWS_OF.get(without_partition(pattern), [])
            faults = (
                fault
                for row in rows
                for target in targets
                if (fault := _type_fault(row, target, regions, subject, path=(*path, number), pattern=pattern))
            )
            yield from islice(faults, 1)


def _type_fault(
    row: ResourceType,
    target: CopyTarget,
    regions: frozenset[str],
    subject: Subject,
    *,
    path: tuple[str | int, ...],
    pattern: str,
) -> Fault | None:
    """Why a type may not arrive in a vault; None where nothing speaks against it."""
    if not _reaches(row.reach, target, regions):
        found = f"{pattern} can be copied {row.reach}, and the plan copies into {target.name} of {target.account}"
        instead = "select the type in a plan without such copies, and protect it by its own means there"
        return Fault("copy-unsupported", path, found, instead)
    optional = sorted(region for region in {target.region, *regions} if _is_opt_in(region, subject))
    if row.opt_in_reach is not None and optional and not _reaches(row.opt_in_reach, target, regions):
        where = f"where a Region is off until it is enabled, as {optional[0]} is"
        found = f"{where}, {row.label}s can be copied {row.opt_in_reach}"
        instead = "copy them as far as that, or test the copy before you count on it"
        return Fault("copy-in-opt-in-region", path, found, instead)
    if row.reach is Reach.UNSETTLED or (row.reach is Reach.REGIONS_AT_LEAST and target.is_in_other_account):
        found = f"{pattern} can be copied {row.reach}"
        return Fault("copy-doubtful", path, found, "test the copy before you count on it")
    return None


def _is_opt_in(region: str, subject: Subject) -> bool:
    return region not in ALWAYS_ON and subject.partition_of.get(region) == COMMERCIAL.name


def _reaches(reach: Reach, target: CopyTarget, regions: frozenset[str]) -> bool:
    match reach:
        case Reach.EVERYWHERE | Reach.UNSETTLED | Reach.REGIONS_AT_LEAST:
            return True
        case Reach.REGIONS:
            return not target.is_in_other_account
        case Reach.ACCOUNTS:
            return regions <= {target.region}
        case Reach.NOWHERE:
            return False
        case _:
            assert_never(reach)
