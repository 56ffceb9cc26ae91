"""How a preview is told: a line for each of its parts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding
from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.accounts import Accounts
from strongroom.domain.preview.locks import Binding
from strongroom.domain.preview.money.bill import Money
from strongroom.domain.preview.money.storage_forms import ASSUMED_DAILY_CHANGE
from strongroom.domain.preview.proposal import Preview
from strongroom.domain.preview.resources.catches import Catches, Change
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.preview.slots import Slots

_LABEL: Final = 12
_CODE: Final = 5
_BY_NONE: Final = (Fate.UNTAGGED, Fate.MISSPELLED, Fate.OTHER)
_NOT_MADE: Final = (Fate.NOT_OPTED_IN, Fate.ELSEWHERE, Fate.UNPROTECTABLE)


def lines_of(preview: Preview) -> Iterator[str]:
    """The preview as lines, each with its label."""
    yield _line("accounts", "; ".join(_accounts(preview.accounts)))
    for finding in preview.findings:
        yield _line("policies", _policy(finding))
    if preview.slots:
        yield _line("scp slots", "; ".join(_slot(slot) for slot in preview.slots) + _slots_code(preview.slots))
    yield _line("resources", "; ".join(_resources(preview.caught.total, preview.tiers)))
    yield _line("money", _money(preview))
    for binding in preview.locks:
        yield _line("locks", _lock(binding))


def _line(label: str, told: str) -> str:
    return f"{label:<{_LABEL}}{told}"


def _accounts(accounts: Accounts) -> Iterator[str]:
    yield f"{_counted(accounts.become_governed)} become governed{_by_unit(accounts.become_governed)}"
    if accounts.stop_being_governed:
        yield f"{_counted(accounts.stop_being_governed)} stop being governed{_by_unit(accounts.stop_being_governed)}"
    if accounts.stay_governed:
        yield f"{accounts.stay_governed:,} stay governed"
    if accounts.stay_outside:
        yield f"{_counted(accounts.stay_outside)} stay outside{_by_unit(accounts.stay_outside)}"
    if accounts.stale:
        yield f"{len(accounts.stale):,} keep the policy that they have, since the new one is not valid there"
    if accounts.unread:
        yield f"in {len(accounts.unread):,} nobody could look"
    if accounts.management is not None:
        reached = _plural(len(accounts.management.plans), "plan")
        yield f"the management account is reached by {reached}, but has no vault and no role"


def _policy(finding: Finding) -> str:
    return f"{finding.message}{' ' * _CODE}{finding.level} {finding.code}"


def _slot(slot: Slots) -> str:
    limit = "an unknown number" if slot.limit is None else f"{slot.limit}"
    if slot.limit is not None and slot.is_full and len(slot.taken) >= slot.limit:
        return f"{slot.target} {len(slot.taken)} of {limit}: no slot"
    names = f" ({', '.join(slot.taken)})" if slot.taken else ""
    return f"{slot.target} {len(slot.taken)} of {limit} taken{names}, {slot.needed} needed"


def _slots_code(slots: Iterable[Slots]) -> str:
    return f"{' ' * _CODE}error no-slot" if any(slot.is_full for slot in slots) else ""


def _resources(total: Catches, tiers: Mapping[str, str]) -> Iterator[str]:
    by_tier: Counter[str] = Counter()
    for plan, count in total.plans.items():
        by_tier[tiers.get(plan, plan)] += count
    named = ", ".join(f"{tier} {count:,}" for tier, count in by_tier.most_common())
    yield f"{total.caught:,} caught{': ' + named if named else ''}"
    yield from (f"{count:,} {remark}" for remark, count in total.remarks.items())
    by_none = {fate: total.fates[fate] for fate in _BY_NONE if fate in total.fates}
    if by_none:
        why = ", ".join(f"{count:,} {fate}" for fate, count in by_none.items())
        yield f"{sum(by_none.values()):,} by none ({why})"
    yield from (f"{total.fates[fate]:,} {fate}" for fate in _NOT_MADE if fate in total.fates)
    changed = [f"{count:,} {change}" for change, count in total.changes.items() if change is not Change.UNCHANGED]
    if changed:
        yield f"against today {', '.join(changed)}"


def _money(preview: Preview) -> str:
    money = preview.money
    parts = [f"local {_dollars(money.local)}"] if money.local else []
    parts += [f"{name} {_dollars(dollars)}" for name, dollars in vault_names(money.copies).items() if dollars]
    parts += [f"between Regions {_dollars(money.transfer)}"] if money.transfer else []
    told = f"about {_dollars(money.total)} dollars a month in the long run"
    told += f" ({', '.join(parts)})" if parts else ""
    told += f"; with the policies of today about {_dollars(preview.money_today.total)}"
    told += f". Prices of {preview.prices_of.isoformat()}, sizes of the last backups"
    told += f", change {ASSUMED_DAILY_CHANGE * 100:g} % a day where unknown" if money.assumed else ""
    return "; ".join((told, *_not_counted(money)))


def _not_counted(money: Money) -> Iterator[str]:
    for what, gigabytes in money.unpriced.items():
        yield f"no price known for {what} ({gigabytes:,.0f} GB)"
    if money.unsized:
        yield f"the size of {_plural(money.unsized, 'resource')} is unknown"
    for vault in money.endless:
        yield f"what is never deleted from {vault.rpartition(':')[2]} is not counted"


def _lock(binding: Binding) -> str:
    if binding.immutable_from is None:
        held = "can be undone by whoever may change the lock"
    else:
        held = f"cannot be undone from {binding.immutable_from.isoformat()} on"
    longest = "for ever" if binding.longest_days is None else f"{binding.longest_days} days"
    told = f"{binding.name}: {held}; longest copy {longest}"
    if binding.committed:
        told += f"; until the last one ends it costs {_dollars(binding.committed)} dollars, even if backups stop"
    return told


def vault_names(copies: Mapping[str, float]) -> dict[str, float]:
    """Amounts by the name of the vault, or by name and Region where two have the same name."""
    names = Counter(arn.rpartition(":")[2] for arn in copies)
    told: dict[str, float] = {}
    for arn, dollars in copies.items():
        name, region = arn.rpartition(":")[2], arn.split(":")[3]
        told[name if names[name] == 1 else f"{name} in {region}"] = dollars
    return told


def _by_unit(accounts: Mapping[str, tuple[AccountId, ...]]) -> str:
    return f" ({', '.join(f'{unit} {len(each):,}' for unit, each in accounts.items())})" if accounts else ""


def _counted(accounts: Mapping[str, tuple[AccountId, ...]]) -> str:
    return f"{sum(map(len, accounts.values())):,}"


def _dollars(amount: float) -> str:
    return f"{amount:,.0f}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
