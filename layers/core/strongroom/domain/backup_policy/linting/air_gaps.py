"""Whether backups can end in the air-gapped vault that a rule names for its primary target.

Source: AWS Backup Developer Guide, "Primary backups to logically air-gapped vaults".
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.copies import ROWS_OF
from strongroom.domain.backup_policy.linting.reading import Place, Subject
from strongroom.domain.backup_policy.linting.retention import name_of_vault
from strongroom.domain.backup_policy.linting.values import without_partition

SHORTEST_DAYS: Final = 7  # API reference, CreateLogicallyAirGappedBackupVault
_TARGET: Final = "target_logically_air_gapped_backup_vault_arn"
_DELETE: Final = "delete_after_days"


def find_air_gap_faults(subject: Subject) -> Iterator[Fault]:
    """Every rule whose air-gapped vault is its standard vault, or takes no such retention or type."""
    for plan in subject.plans:
        aimed = [rule for rule in plan.below("rules") if rule.text(_TARGET) is not None]
        for rule in aimed:
            yield from _same_vault(rule)
            yield from _retention(rule, must_be_complete=subject.must_be_complete)
        if aimed:
            yield from _types(plan)


def _same_vault(rule: Place) -> Iterator[Fault]:
    vault = rule.text("target_backup_vault_name")
    if vault is not None and vault == name_of_vault(rule.text(_TARGET) or ""):
        found = f"the standard vault and the air-gapped one are both called {vault}, which is one vault"
        yield Fault(
            "air-gap-same-vault", (*rule.path, _TARGET), found, "name a standard vault and another air-gapped one"
        )


def _retention(rule: Place, *, must_be_complete: bool) -> Iterator[Fault]:
    place, days = rule.at("lifecycle", _DELETE), rule.whole("lifecycle", _DELETE)
    if place is None and must_be_complete:
        found = f"the rule has no {_DELETE}, and an air-gapped vault keeps nothing for ever"
        yield Fault("air-gap-retention", rule.path, found, f"write {_DELETE} within the lock of the vault")
    elif place is not None and days is not None and 0 < days < SHORTEST_DAYS:
        found = f"{days} days are less than the {SHORTEST_DAYS} of any air-gapped vault"
        yield Fault(
            "air-gap-retention", place.path, found, f"write {SHORTEST_DAYS} or more, within the lock of the vault"
        )


def _types(plan: Place) -> Iterator[Fault]:
    for selection in plan.below("selections", "resources"):
        for path, number, pattern in selection.members("resource_types"):
            rows = ROWS_OF.get(without_partition(pattern), [])
            refused = (row for row in rows if not any(each.enters_air_gap for each in rows))
            for row in islice(refused, 1):
                found = f"no air-gapped vault takes a {row.label}"
                instead = "select the type in a plan of its own, and copy it into a locked vault"
                yield Fault("air-gap-type", (*path, number), found, instead)
