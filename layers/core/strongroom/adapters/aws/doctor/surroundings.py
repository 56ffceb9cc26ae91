"""Quotas and trails, as they are where we come.

Sources: Lambda API reference, GetAccountSettings and ScalingConfig; CloudTrail API reference, Trail, EventSelector and
AdvancedFieldSelector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.doctor.found import ConcurrencyFound
from strongroom.domain.rollout.surroundings.trails import TrailFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = (
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "lambda:GetAccountSettings",
    "lambda:ListEventSourceMappings",
)


class Surroundings:
    """What others decide, and we depend on."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def concurrency(self, account: AccountId, region: Region) -> ConcurrencyFound:
        """How many functions run at once, and for how many the account's event source mappings ask."""
        functions = self._clients.client("lambda", account=account, region=region)
        with aws_errors():
            limit = functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
            pages = functions.get_paginator("list_event_source_mappings").paginate()
            mappings = [mapping for page in pages for mapping in page["EventSourceMappings"]]
        asked = sum(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0) for mapping in mappings)
        return ConcurrencyFound(limit=limit, asked=asked)

    def trails(self, account: AccountId, region: Region) -> tuple[TrailFound, ...]:
        """The trails of the account that are seen in that Region, those of other Regions among them."""
        cloudtrail = self._clients.client("cloudtrail", account=account, region=region)
        with aws_errors():
            return tuple(_trail(cloudtrail, each) for each in cloudtrail.describe_trails()["trailList"])


def _trail(cloudtrail: Any, trail: Mapping[str, Any]) -> TrailFound:
    arn = trail["TrailARN"]
    selectors = cloudtrail.get_event_selectors(TrailName=arn)
    plain = [each for each in selectors.get("EventSelectors", ()) if each.get("IncludeManagementEvents")]
    fields = [_fields(each["FieldSelectors"]) for each in selectors.get("AdvancedEventSelectors", ())]
    advanced = [each for each in fields if each.get("eventCategory", {}).get("Equals") == ["Management"]]
    # Each selector adds events, so that one which leaves nothing out is enough.
    left_out = [
        *(frozenset(each.get("ExcludeManagementEventSources", ())) for each in plain),
        *(frozenset(each.get("eventSource", {}).get("NotEquals", ())) for each in advanced),
    ]
    return TrailFound(
        name=trail["Name"],
        is_of_organization=bool(trail.get("IsOrganizationTrail")),
        is_of_every_region=bool(trail.get("IsMultiRegionTrail")),
        is_logging=bool(cloudtrail.get_trail_status(Name=arn)["IsLogging"]),
        logs_reads_and_writes=any(each.get("ReadWriteType", "All") == "All" for each in plain)
        or any("readOnly" not in each for each in advanced),
        excluded=frozenset.intersection(*left_out) if left_out else frozenset(),
    )


def _fields(selectors: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {each["Field"]: each for each in selectors}
