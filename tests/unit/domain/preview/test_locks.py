"""What a lock binds."""

from datetime import date

from strongroom.domain.preview.locks import Binding, VaultLockDate, bindings
from tests.builders.preview import CENTRAL, a_plan_document, a_plan_list, a_rule, a_tag_selection

LOCK = VaultLockDate(vault=CENTRAL, name="central", immutable_from=date(2027, 1, 2))


def bound(*rules: dict[str, object], committed: float = 0.0) -> list[Binding]:
    """What the lock binds of one plan with these rules."""
    listed = {f"rule-{number}": rule for number, rule in enumerate(rules)}
    plans = a_plan_list(plan=a_plan_document(a_tag_selection("Backup", "daily"), listed))
    return list(bindings([LOCK], plans, {CENTRAL: committed}))


def test_the_longest_copy_binds_the_longest() -> None:
    [binding] = bound(a_rule(copies={CENTRAL: 90}), a_rule(copies={CENTRAL: 2555}), committed=12.5)
    assert (binding.longest_days, binding.immutable_from, binding.committed) == (2555, date(2027, 1, 2), 12.5)


def test_a_copy_that_is_never_deleted_binds_for_ever() -> None:
    endless = a_rule(copies={CENTRAL: 90})
    endless["copy_actions"][CENTRAL]["lifecycle"] = {}
    [binding] = bound(endless)
    assert binding.longest_days is None


def test_a_lock_on_a_vault_without_copies_binds_nothing() -> None:
    assert bound(a_rule()) == []
