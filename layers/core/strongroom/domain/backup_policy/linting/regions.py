"""Whether every Region exists, and whether all that a plan names lies where AWS lets its backups go.

Sources: AWS Organizations User Guide, "Backup policy syntax and examples" (the partition in ARNs); AWS Backup Developer
Guide, "Feature availability by Region" (no copy leaves a partition, and in China none leaves its account).
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Path
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.copies import CopyTarget, copy_target
from strongroom.domain.backup_policy.linting.reading import Place, Subject, shown
from strongroom.domain.partitions import partition_of
from strongroom.domain.regions import meant_region

REGION_CODE: Final = re.compile(r"[a-z]{2,4}-(?:[a-z]{2,9}-){1,2}[0-9]")


class _Home(Struct, frozen=True):
    """The first Region of a plan that is known, and its partition, in which everything must lie."""

    region: str
    partition: str


class _Named(Struct, frozen=True):
    """An ARN that a plan names, and where."""

    arn: str
    path: tuple[str | int, ...]

    @property
    def partition(self) -> str:
        return self.arn.split(":")[1] if self.arn.startswith("arn:") else ""


def find_region_faults(subject: Subject) -> Iterator[Fault]:
    """Every Region that nobody knows, and every ARN and copy that leaves the partition of its plan."""
    for plan in subject.plans:
        home: _Home | None = None
        for path, number, region in plan.members("regions"):
            partition = _partition_of(region, subject)
            if partition is None:
                yield from _unknown(region, (*path, number), subject)
            elif home is not None and partition != home.partition:
                found = f"{region} lies in the partition {partition}, and {home.region} in {home.partition}"
                yield Fault("partition", (*path, number), found, "write a policy for the organisation of each")
            else:
                home = home or _Home(region, partition)
        yield from _arns(plan, home)
        yield from _copies(plan, home, subject)


def _partition_of(region: str, subject: Subject) -> str | None:
    # The SDK's table also holds places without a Region, as aws-global.
    return subject.partition_of.get(region) if REGION_CODE.fullmatch(region) else None


def _unknown(region: str, path: tuple[str | int, ...], subject: Subject) -> Iterator[Fault]:
    meant = meant_region(region, (each for each in subject.partition_of if REGION_CODE.fullmatch(each)))
    instead = f"did you mean {meant}?" if meant else "name each Region, for instance eu-west-1"
    if not REGION_CODE.fullmatch(region):
        yield Fault("region-code", path, f"{shown(region)} is no Region code", instead)
    elif subject.partition_of:
        yield Fault("region-unknown", path, f"{shown(region)} is a Region that is not known", instead)


def _arns(plan: Place, home: _Home | None) -> Iterator[Fault]:
    for named in _named(plan):
        if home is not None and named.partition not in ("", home.partition):
            yield _in_wrong_partition(named.partition, home, named.path)


def _in_wrong_partition(partition: str, home: _Home, path: tuple[str | int, ...]) -> Fault:
    found = f"the ARN is of the partition {shown(partition)}, and {home.region} lies in {home.partition}"
    return Fault("partition", path, found, f"write arn:{home.partition}: at its beginning")


def _named(plan: Place) -> Iterator[_Named]:
    for form in ("tags", "resources"):
        for selection in plan.below("selections", form):
            yield from _single(selection, "iam_role_arn")
            for name in ("resource_types", "not_resource_types"):
                yield from (_Named(arn, (*path, number)) for path, number, arn in selection.members(name))
    for rule in plan.below("rules"):
        yield from _single(rule, "target_logically_air_gapped_backup_vault_arn")
    for scan in plan.below("scan_settings"):
        yield from _single(scan, "scanner_role_arn")


def _single(owner: Place, name: str) -> Iterator[_Named]:
    arn, place = owner.text(name), owner.at(name)
    if arn is not None and place is not None:
        yield _Named(arn, place.path)


def _copies(plan: Place, home: _Home | None, subject: Subject) -> Iterator[Fault]:
    for rule in plan.below("rules"):
        for copy in rule.below("copy_actions"):
            if (target := copy_target(copy)) is not None:
                yield from _copy(target, copy.path, home=home, subject=subject)


def _copy(target: CopyTarget, path: Path, *, home: _Home | None, subject: Subject) -> Iterator[Fault]:
    partition = _partition_of(target.region, subject)
    if partition is None:
        yield from _unknown(target.region, path, subject)
    elif home is not None and partition != home.partition:
        found = f"{target.region} lies in the partition {partition}, and {home.region} in {home.partition}"
        yield Fault("copy-leaves-partition", path, found, f"name a vault in a Region of {home.partition}")
    elif target.partition != partition:
        yield _in_wrong_partition(target.partition, _Home(target.region, partition), path)
    elif target.is_in_other_account and not partition_of(target.region).has_copies_between_accounts:
        found = f"the vault {target.name} is in account {target.account}, and AWS Backup in China copies to none"
        yield Fault("china-copy", path, found, "write $account in its place, for a vault in the other Region")
