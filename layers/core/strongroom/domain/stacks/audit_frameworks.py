"""The Audit Manager frameworks of a governed account: what the resources of each tier must show, from the intent.

A framework sees its own account and Region only, so it lies where the resources are. Sources: AWS Backup Developer
Guide, "Choosing your controls" and "Creating frameworks using the AWS Backup API".
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from strongroom.domain.intent.destinations import destinations_of
from strongroom.domain.intent.model import Intent, Tier
from strongroom.domain.intent.schedules import next_firing
from strongroom.domain.stacks.logical_ids import logical_id

LONGEST_AGE: Final = timedelta(hours=744)
LONGEST_FREQUENCY: Final = timedelta(days=31)
MOST_EXEMPT_ROLES: Final = 5

_SAMPLED_FROM: Final = datetime(2024, 1, 1, tzinfo=UTC)
_SAMPLED_FIRINGS: Final = 200

type Control = dict[str, Any]


def render_frameworks(intent: Intent) -> dict[str, dict[str, Any]]:
    """CloudFormation resources by logical id: one framework for each tier that a target offers."""
    resources: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for name, tier in intent.offered_tiers().items():
        numbers = repr(list(_controls(intent, tier, twins=0)))
        twins = seen.get(numbers, 0)
        seen[numbers] = twins + 1
        id_ = logical_id(f"tier-{name}", taken=resources)
        resources[id_] = {
            "Type": "AWS::Backup::Framework",
            "Properties": {
                "FrameworkName": f"strongroom_{id_}",
                "FrameworkDescription": f"What resources of the tier {name} must show.",
                "FrameworkControls": [
                    {**control, "ControlScope": {"Tags": [{"Key": intent.tag_key, "Value": name}]}}
                    for control in _controls(intent, tier, twins=twins)
                ],
            },
        }
    return resources


def plan_frequency_days(intent: Intent) -> int:
    """The days within which every plan must run, for the control on plans; 0 where AWS cannot express it."""
    intervals = [longest_interval(tier.schedule) for tier in intent.offered_tiers().values()]
    if any(interval is None or interval > LONGEST_FREQUENCY for interval in intervals):
        return 0
    return max(-(-interval // timedelta(days=1)) for interval in intervals if interval is not None)


def longest_interval(expression: str) -> timedelta | None:
    """The most time between two firings, by the calendar of 2024 and after; None where it does not fire twice."""
    firings = list(_firings(expression))
    return max((later - earlier for earlier, later in pairwise(firings)), default=None)


def _firings(expression: str) -> Iterator[datetime]:
    after = _SAMPLED_FROM
    for _ in range(_SAMPLED_FIRINGS):
        firing = next_firing(expression, after=after)
        if firing is None:
            return
        yield firing
        after = firing


def _controls(intent: Intent, tier: Tier, *, twins: int) -> Iterator[Control]:
    """The controls of one tier.

    AWS refuses a second framework with the same controls and parameters and does not say whether the scope counts: each
    further tier of the same numbers gets a minute more for its restores.
    """
    place = intent.organization
    yield _control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", {})
    if (age := _age(tier)) is not None:
        hours = str(-(-age // timedelta(hours=1)))
        numbers = {"recoveryPointAgeUnit": "hours", "recoveryPointAgeValue": hours}
        yield _control("BACKUP_LAST_RECOVERY_POINT_CREATED", numbers)
    yield _control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", {"crossAccountList": place.backup_account})
    regions = {each.vault.region for each in destinations_of(intent, tier)} - {place.home_region}
    if regions:
        yield _control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION", {"crossRegionList": ",".join(sorted(regions))})
    if (lock := intent.vaults.local.lock) is not None:
        # It asks for the vault that the plan itself stores in; the lock of a copy's vault does not count.
        numbers = {"minRetentionDays": str(lock.min_retention_days), "maxRetentionDays": str(lock.max_retention_days)}
        yield _control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", numbers)
    minutes = intent.restores.execution_expires_after // timedelta(minutes=1) + twins
    yield _control("RESTORE_TIME_FOR_RESOURCES_MEET_TARGET", {"maxRestoreTime": str(max(minutes, 1 + twins))})


def _age(tier: Tier) -> timedelta | None:
    """How old the last backup may be just before the next one is done; None where AWS cannot express it."""
    interval = longest_interval(tier.schedule)
    if interval is None:
        return None
    age = interval + tier.complete_window
    return age if age <= LONGEST_AGE else None


def _control(name: str, parameters: Mapping[str, str]) -> Control:
    if not parameters:
        return {"ControlName": name}
    return {
        "ControlName": name,
        "ControlInputParameters": [
            {"ParameterName": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
