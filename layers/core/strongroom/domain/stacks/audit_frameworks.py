"""The Audit Manager frameworks of a governed account: what the resources of each tier must show, from the intent.

A framework sees its own account and Region only, so it lies where the resources are. Sources: AWS Backup Developer
Guide, "Choosing your controls" and "Creating frameworks using the AWS Backup API".
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Any, Final

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import vault_places
from strongroom.domain.intent.rules import most_frequent_rule, rules_of
from strongroom.domain.intent.tier_names import tag_of
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.stacks.logical_ids import logical_id

LONGEST_AGE: Final = timedelta(hours=744)
LONGEST_FREQUENCY: Final = timedelta(days=31)
MOST_EXEMPT_ROLES: Final = 5

type Control = dict[str, Any]


def render_frameworks(intent: Intent) -> dict[str, dict[str, Any]]:
    """CloudFormation resources by logical id: one framework for each value of the tag of a tier that a target offers.

    A framework is scoped by one tag: tiers that are chosen otherwise have none.
    """
    resources: dict[str, dict[str, Any]] = {}
    seen: list[list[Control]] = []
    for name, tier in intent.offered_tiers().items():
        for number, (key, value) in enumerate(_scopes(intent, name), start=1):
            controls = next((each for each in _variants(intent, tier) if each not in seen), None)
            if controls is None:
                continue
            seen.append(controls)
            id_ = logical_id(f"tier-{name}" if number == 1 else f"tier-{name}-{number}", taken=resources)
            resources[id_] = {
                "Type": "AWS::Backup::Framework",
                "Properties": {
                    "FrameworkName": f"strongroom_{id_}",
                    "FrameworkDescription": f"What resources of the tier {name} must show.",
                    "FrameworkControls": [
                        {**control, "ControlScope": {"Tags": [{"Key": key, "Value": value}]}} for control in controls
                    ],
                },
            }
    return resources


def plan_frequency_days(intent: Intent) -> int:
    """The days within which every plan must run, for the control on plans; 0 where AWS cannot express it."""
    intervals = [most_frequent_rule(tier)[1] for tier in intent.offered_tiers().values()]
    if any(interval > LONGEST_FREQUENCY for interval in intervals):
        return 0
    return max(-(-interval // timedelta(days=1)) for interval in intervals)


def _scopes(intent: Intent, tier: str) -> Iterator[tuple[str, str]]:
    tags = tag_of(intent, tier)
    if len(tags) == 1 and not intent.tiers[tier].unless and not intent.tiers[tier].everything:
        for key, values in tags.items():
            yield from ((key, value) for value in values)


def _variants(intent: Intent, tier: Tier) -> Iterator[list[Control]]:
    """The controls of one tier, then the same a little laxer, to tell it from others of the same numbers.

    AWS refuses a second framework with the same controls and parameters and does not say whether the scope counts: each
    further tier gets a minute more for its restores or, without a ceremony, an hour more for the age of its backups. A
    tier that has neither number cannot be told apart, and goes without.
    """
    restores, age = intent.restores, _age(tier)
    if restores is not None:
        minutes = max(restores.execution_expires_after // timedelta(minutes=1), 1)
        for more in count():
            yield [*_controls(intent, tier, hours=age), _restore_time(minutes + more)]
    elif age is None:
        yield list(_controls(intent, tier, hours=None))
    else:
        for hours in range(age, LONGEST_AGE // timedelta(hours=1) + 1):
            yield list(_controls(intent, tier, hours=hours))


def _controls(intent: Intent, tier: Tier, *, hours: int | None) -> Iterator[Control]:
    yield _control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", {})
    if hours is not None:
        numbers = {"recoveryPointAgeUnit": "hours", "recoveryPointAgeValue": str(hours)}
        yield _control("BACKUP_LAST_RECOVERY_POINT_CREATED", numbers)
    home = intent.organization.home_region
    used = {key for rule in rules_of(tier) for key in rule.keep}
    places = [place for key, place in vault_places(intent).items() if key in used]
    if accounts := {place.account for place in places if place.account is not None}:
        yield _control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", {"crossAccountList": ",".join(sorted(accounts))})
    if regions := {place.region for place in places if place.region is not None} - {home}:
        yield _control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION", {"crossRegionList": ",".join(sorted(regions))})
    for lock in [place.lock for place in places if place.is_local and place.lock is not None]:
        # It asks for the vault that the plan itself stores in; the lock of a copy's vault does not count.
        numbers = {"minRetentionDays": str(lock.min_retention_days), "maxRetentionDays": str(lock.max_retention_days)}
        yield _control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", numbers)


def _restore_time(minutes: int) -> Control:
    return _control("RESTORE_TIME_FOR_RESOURCES_MEET_TARGET", {"maxRestoreTime": str(minutes)})


def _age(tier: Tier) -> int | None:
    """The hours that the last backup may be old just before the next one is done; None where AWS cannot express it."""
    rule, interval = most_frequent_rule(tier)
    if interval == timedelta.max:
        return None
    age = interval + rule.complete_window
    return -(-age // timedelta(hours=1)) if age <= LONGEST_AGE else None


def _control(name: str, parameters: Mapping[str, str]) -> Control:
    if not parameters:
        return {"ControlName": name}
    return {
        "ControlName": name,
        "ControlInputParameters": [
            {"ParameterName": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
