"""Whom a statement binds where it hangs higher than what it is about: by the place of whoever calls.

Sources: IAM User Guide, "AWS global condition context keys" (aws:PrincipalOrgPaths, aws:PrincipalAccount) and
"Multivalued context keys": `ForAllValues` holds for a caller of no organisation, `ForAnyValue` does not.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from strongroom.domain.guardrails.denials import Condition
from strongroom.domain.intent.governed import named_accounts, targets_below, unit_paths
from strongroom.domain.intent.model import Intent, Target

PATHS: Final = "aws:PrincipalOrgPaths"
ACCOUNT: Final = "aws:PrincipalAccount"
WITHIN: Final = "ForAnyValue:StringLike"
BEYOND: Final = "ForAllValues:StringNotLike"
OTHER: Final = "StringNotEquals"


def within(intent: Intent, targets: Sequence[Target]) -> Condition:
    """Only in these units, or only in this one account; everywhere for the root."""
    if any(target.root for target in targets):
        return {}
    if accounts := named_accounts(targets):
        return {"StringEquals": {ACCOUNT: list(accounts)}}
    return {WITHIN: {PATHS: list(unit_paths(intent, (target.unit for target in targets if target.unit)))}}


def beyond(intent: Intent, targets: Sequence[Target]) -> Condition:
    """Everywhere but in these units and accounts."""
    units = [target.unit for target in targets if target.unit and not target.account]
    return _said({BEYOND: {PATHS: unit_paths(intent, units)}, OTHER: {ACCOUNT: named_accounts(targets)}})


def left_out(intent: Intent, top: Target) -> Condition:
    """Everywhere but in what a target excludes; below the root, the accounts that Strongroom itself lies in, too."""
    names = dict.fromkeys(name for target in targets_below(intent, top) for name in target.excluded)
    # No service control policy binds the management account.
    ours = [each for each in intent.own_accounts if each != intent.organization.management_account]
    return _said({BEYOND: {PATHS: unit_paths(intent, names)}, OTHER: {ACCOUNT: ours if top.root else ()}})


def both(one: Condition, other: Condition) -> Condition:
    """What holds where both hold; of two places in which alone a statement holds, `one` is the narrower."""
    joined: dict[str, dict[str, str | list[str]]] = {operator: dict(keys) for operator, keys in one.items()}
    for operator, keys in other.items():
        here = joined.setdefault(operator, {})
        for key, values in keys.items():
            if key not in here:
                here[key] = values
            elif operator != WITHIN:
                here[key] = list(dict.fromkeys((*_listed(here[key]), *_listed(values))))
    return joined


def _said(condition: Mapping[str, Mapping[str, Sequence[str]]]) -> Condition:
    """The condition without what has no values."""
    return {
        operator: {key: list(values) for key, values in keys.items()}
        for operator, keys in condition.items()
        if any(keys.values())
    }


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
