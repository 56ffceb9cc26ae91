"""Whether AWS can make the copies that a policy asks for.

Sources: AWS Backup Developer Guide, "Feature availability by resource" and "Creating backup copies across accounts".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, shown
from strongroom.domain.backup_policy.linting.values import without_partition
from strongroom.domain.catalogue.model import Reach
from strongroom.domain.catalogue.rows import ROWS

REACH: Final = {row.pattern: row.reach for row in ROWS}

_ARN: Final = re.compile(r"arn:aws[a-z-]*:backup:([a-z0-9-]+):([0-9]{12}|\$account):backup-vault:([A-Za-z0-9_-]{1,50})")


@dataclass(frozen=True, slots=True)
class _Vault:
    region: str
    account: str
    name: str

    @property
    def is_in_other_account(self) -> bool:
        return self.account != "$account"


def find_copy_faults(subject: Subject) -> Iterator[Fault]:
    """Every copy action that says two things, or asks for what AWS does not do."""
    for plan in subject.plans:
        regions = frozenset(region for _, _, region in plan.members("regions"))
        for rule in plan.below("rules"):
            for copy in rule.below("copy_actions"):
                yield from _target(copy)
                if (vault := _vault(copy)) is not None:
                    yield from _vault_faults(copy, vault, rule=rule, regions=regions)
        yield from _types(plan)


def _target(copy: Place) -> Iterator[Fault]:
    target, place = copy.text("target_backup_vault_arn"), copy.at("target_backup_vault_arn")
    if target is not None and place is not None and target != copy.name:
        found = f"{shown(target)} is not the key {shown(copy.name)}"
        yield Fault("copy-key-mismatch", place.path, found, "write the same ARN in both places")


def _vault(copy: Place) -> _Vault | None:
    parts = _ARN.fullmatch(copy.name)
    return _Vault(*parts.groups()) if parts else None


def _vault_faults(copy: Place, vault: _Vault, *, rule: Place, regions: frozenset[str]) -> Iterator[Fault]:
    if vault.is_in_other_account and vault.name == "Default":
        found = f"the vault Default of account {vault.account} takes no copies from other accounts"
        instead = "name a vault of its own, with a customer-managed key and a policy that lets you in"
        yield Fault("copy-to-default-vault", copy.path, found, instead)
    is_same = vault.name == rule.text("target_backup_vault_name") and vault.region in regions
    if is_same and not vault.is_in_other_account:
        found = f"in {vault.region} the backup is already in the vault {vault.name} of the same account"
        yield Fault("copy-to-itself", copy.path, found, "name a vault in another account or Region")


def _types(plan: Place) -> Iterator[Fault]:
    copied_to = [
        vault for rule in plan.below("rules") for copy in rule.below("copy_actions") if (vault := _vault(copy))
    ]
    into_accounts = [vault for vault in copied_to if vault.is_in_other_account]
    for selection in plan.below("selections", "resources"):
        for path, number, pattern in selection.members("resource_types"):
            match REACH.get(without_partition(pattern)):
                case Reach.NOWHERE as reach if copied_to:
                    yield _unsupported((*path, number), pattern, reach, copied_to[0])
                case Reach.REGIONS as reach if into_accounts:
                    yield _unsupported((*path, number), pattern, reach, into_accounts[0])
                case Reach.UNSETTLED as reach if copied_to:
                    found = f"{pattern} can be copied {reach}"
                    yield Fault("copy-doubtful", (*path, number), found, "test the copy before you count on it")


def _unsupported(path: tuple[str | int, ...], pattern: str, reach: Reach, vault: _Vault) -> Fault:
    found = f"{pattern} can be copied {reach}, and the plan copies into {vault.name} of {vault.account}"
    instead = "select the type in a plan without such copies, and protect it by its own means there"
    return Fault("copy-unsupported", path, found, instead)
