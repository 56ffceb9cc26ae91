"""The EventBridge patterns that the tables of the product amount to, for comparison with the rules in the templates."""

from collections.abc import Iterable
from typing import Any

from strongroom.domain.catalogue.model import Scope
from strongroom.domain.tags.creations import CREATIONS
from strongroom.domain.tampering.threats import THREATS

type Pattern = dict[str, Any]


def creation_pattern() -> Pattern:
    """Every creation that is read and did not fail."""
    pattern = _pattern(CREATIONS)
    pattern["detail"]["errorCode"] = [{"exists": False}]
    return pattern


def tampering_pattern() -> Pattern:
    """Every call that could weaken backups, refused or not, in CloudTrail's envelope."""
    threats = [call for call, threat in THREATS.items() if threat.scope is not Scope.UNTAGGED_CREATION]
    return _pattern(threats) | {"detail-type": ["AWS API Call via CloudTrail"]}


def refused_creation_pattern() -> Pattern:
    """Creations that were refused, as the guardrails refuse them without a backup tag."""
    creations = [call for call, threat in THREATS.items() if threat.scope is Scope.UNTAGGED_CREATION]
    pattern = _pattern(creations) | {"detail-type": ["AWS API Call via CloudTrail"]}
    pattern["detail"]["errorCode"] = [{"prefix": "AccessDenied"}]
    return pattern


def _pattern(calls: Iterable[str]) -> Pattern:
    """The cross product of all services and names; the function sorts it out."""
    pairs = [call.split(":") for call in calls]
    services = sorted({service for service, _ in pairs})
    return {
        "source": [f"aws.{service}" for service in services],
        "detail": {
            "eventSource": [f"{service}.amazonaws.com" for service in services],
            "eventName": sorted({name for _, name in pairs}),
        },
    }
