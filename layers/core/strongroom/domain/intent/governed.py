"""Which accounts are governed: which targets lie below which others, and how IAM is told where.

A unit's name is its path, so that the file alone says what lies below what.
"""

from collections.abc import Iterable, Sequence

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tiers import Tier


def lies_below(lower: Target, upper: Target) -> bool:
    """Whether everything that one target governs lies below another, as the names of their units say."""
    if lower is upper or lower.root or upper.account:
        return False
    if upper.root:
        return True
    if not lower.unit or not upper.unit:
        return False
    return is_unit_below(lower.unit, upper.unit) or (lower.unit == upper.unit and lower.account is not None)


def is_unit_below(lower: str, upper: str) -> bool:
    """Whether a unit lies below another, by their names."""
    return lower.startswith(f"{upper}/")


def targets_above(intent: Intent, target: Target) -> tuple[Target, ...]:
    """The other targets on the way from the root to this one, the topmost first."""
    above = [each for each in intent.targets if lies_below(target, each)]
    return tuple(sorted(above, key=lambda each: sum(lies_below(each, other) for other in above)))


def topmost(intent: Intent, target: Target) -> Target:
    """The first target on the way from the root to this one: what all of ours on that way hangs on.

    Whether AWS lets a policy add a plan below a locked one is documented and recorded differently, so they lie on one
    level (AWS Organizations User Guide, "Inheritance operators", example 3).
    """
    return next(iter(targets_above(intent, target)), target)


def topmost_targets(intent: Intent) -> tuple[Target, ...]:
    """The targets above which there is no other."""
    return tuple(target for target in intent.targets if topmost(intent, target) is target)


def targets_below(intent: Intent, top: Target) -> tuple[Target, ...]:
    """A target with those below it, in the order of the file."""
    return tuple(each for each in intent.targets if each is top or lies_below(each, top))


def tiers_below(intent: Intent, top: Target) -> dict[str, Tier]:
    """The tiers that a target or one below it offers, by name, in the order of the file."""
    offered = {name for target in targets_below(intent, top) for name in target.tiers}
    return {name: tier for name, tier in intent.tiers.items() if name in offered}


def places_of_tier(intent: Intent, tier: str) -> tuple[Target, ...]:
    """The topmost targets that the policies of a tier hang on."""
    places = [topmost(intent, target) for target in intent.targets if tier in target.tiers]
    return tuple(target for target in intent.targets if any(target is place for place in places))


def paths_of_readers(intent: Intent) -> tuple[str, ...]:
    """Where the accounts lie that copies go back to; the whole organisation where one is named without its place."""
    if any(target.account and not target.unit for target in intent.targets):
        return (f"{intent.organization.id}/*",)
    return tuple(dict.fromkeys(path for target in intent.targets for path in _paths(intent, target)))


def governed_paths(intent: Intent) -> tuple[str, ...]:
    """Where the accounts of governed units lie, at any depth, as aws:PrincipalOrgPaths says."""
    return tuple(path for target in intent.targets if not target.account for path in _paths(intent, target))


def excluded_paths(intent: Intent) -> tuple[str, ...]:
    """Where the accounts lie that a target leaves out, but for the targets among them."""
    return unit_paths(intent, dict.fromkeys(name for target in intent.targets for name in target.excluded))


def unit_paths(intent: Intent, names: Iterable[str]) -> tuple[str, ...]:
    """Where the accounts of units lie, at any depth, as aws:PrincipalOrgPaths says."""
    place = intent.organization
    return tuple(f"{place.id}/*/{place.units[name]}/*" for name in names)


def named_accounts(targets: Sequence[Target]) -> tuple[AccountId, ...]:
    """The accounts that are targets by themselves."""
    return tuple(target.account for target in targets if target.account)


def _paths(intent: Intent, target: Target) -> tuple[str, ...]:
    if target.root:
        return (f"{intent.organization.id}/{intent.organization.root_id}/*",)
    return unit_paths(intent, (target.unit,)) if target.unit else ()
