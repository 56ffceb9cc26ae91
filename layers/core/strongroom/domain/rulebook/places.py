"""Where rules of their own hold: each unit and account that the intent has approval rules for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.intent.governed import is_unit_below

if TYPE_CHECKING:
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.ceremony import ApprovalRule
    from strongroom.domain.intent.model import Intent


class RulePlace(Struct, frozen=True, kw_only=True):
    """A unit by its name in the intent, or an account; or wherever it is, what cannot wait."""

    unit: str | None = None
    account: AccountId | None = None
    is_urgent: bool = False

    @property
    def name(self) -> str:
        """The place as people call it: the unit's name or `account 111122223333`."""
        if self.is_urgent:
            return "anywhere in an emergency"
        return self.unit or f"account {self.account}"

    def id(self, intent: Intent) -> str:
        """The unit's id (`ou-...`) or the account's; `urgent` for what cannot wait."""
        if self.is_urgent:
            return "urgent"
        return self.account or intent.organization.units[self.unit or ""]


URGENT: Final = RulePlace(is_urgent=True)


def rule_places(intent: Intent) -> tuple[RulePlace, ...]:
    """The places that have rules, each once, in the order of the file; none without a ceremony."""
    if intent.restores is None:
        return ()
    places = dict.fromkeys(RulePlace(unit=rule.unit, account=rule.account) for rule in intent.restores.rules)
    return (*places, *((URGENT,) if intent.restores.break_glass else ()))


def rules_of(intent: Intent, place: RulePlace) -> tuple[ApprovalRule, ...]:
    """The rules of exactly that place."""
    rules = () if intent.restores is None else intent.restores.rules
    return tuple(rule for rule in rules if (rule.unit, rule.account) == (place.unit, place.account))


def places_instead(intent: Intent, place: RulePlace) -> tuple[RulePlace, ...]:
    """The places of an intent whose rules may hold for what lies in a place of another: its own, if it has any.

    Otherwise those of the nearest unit above it. Where an account lies only its target says; without that it may lie in
    any unit.
    """
    known = rule_places(intent)
    if place in known:
        return (place,)
    if place.is_urgent:
        return ()
    units = [each for each in known if each.unit is not None]
    if place.account is None:
        return _nearest(units, place.unit or "")
    targets = [target for target in intent.targets if target.account == place.account and target.unit]
    return _nearest(units, targets[0].unit or "") if targets else tuple(units)


def _nearest(units: list[RulePlace], unit: str) -> tuple[RulePlace, ...]:
    above = [each for each in units if each.unit == unit or is_unit_below(unit, each.unit or "")]
    return tuple(sorted(above, key=lambda each: -len(each.unit or ""))[:1])
