"""Quotas and trails, as AWS answers them."""

from typing import Any

import pytest

from strongroom.adapters.aws.doctor.surroundings import Surroundings
from strongroom.domain.doctor.found import ConcurrencyFound
from tests.builders.doctor import a_trail
from tests.builders.places import BACKUP_ACCOUNT, HOME
from tests.fakes.account_clients import FakeAccountClients, Pages

KMS = "kms.amazonaws.com"
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


class Functions:
    """Lambda with three mappings, one of them without a limit."""

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 7}}

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def list_event_source_mappings(self) -> dict[str, Any]:
        limits: list[dict[str, Any]] = [{"ScalingConfig": {"MaximumConcurrency": 5}}] * 2
        return {"EventSourceMappings": [*limits, {"UUID": "without"}]}


class Trails:
    """CloudTrail with one trail of these selectors."""

    def __init__(self, selectors: dict[str, Any]) -> None:
        self.selectors = selectors

    def describe_trails(self) -> dict[str, Any]:
        trail = {
            "Name": "organization",
            "TrailARN": "arn:trail",
            "IsOrganizationTrail": True,
            "IsMultiRegionTrail": True,
        }
        return {"trailList": [trail]}

    def get_event_selectors(self, *, TrailName: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert TrailName == "arn:trail"
        return self.selectors

    def get_trail_status(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert Name == "arn:trail"
        return {"IsLogging": True}


def test_what_mappings_ask_for_is_added_up() -> None:
    found = Surroundings(FakeAccountClients(own={"lambda": Functions()})).concurrency(BACKUP_ACCOUNT, HOME)
    assert found == ConcurrencyFound(limit=10, asked=10)


@pytest.mark.parametrize(
    ("selectors", "changed"),
    [
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}, {}),
        (
            {
                "EventSelectors": [
                    {
                        "ReadWriteType": "WriteOnly",
                        "IncludeManagementEvents": True,
                        "ExcludeManagementEventSources": [KMS],
                    }
                ]
            },
            {"logs_reads_and_writes": False, "excluded": frozenset({KMS})},
        ),
        ({"EventSelectors": [{"IncludeManagementEvents": False}]}, {"logs_reads_and_writes": False}),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT]}]}, {}),
        (
            {"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}]}]},
            {"logs_reads_and_writes": False},
        ),
        (
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [MANAGEMENT, {"Field": "eventSource", "NotEquals": [KMS]}]}
                ]
            },
            {"excluded": frozenset({KMS})},
        ),
        ({"AdvancedEventSelectors": []}, {"logs_reads_and_writes": False}),
    ],
    ids=["all", "writes without KMS", "data only", "advanced", "advanced writes", "advanced without KMS", "nothing"],
)
def test_a_trail_is_what_its_selectors_leave_of_it(selectors: dict[str, Any], changed: dict[str, Any]) -> None:
    clients = FakeAccountClients(own={"cloudtrail": Trails(selectors)})
    assert Surroundings(clients).trails(BACKUP_ACCOUNT, HOME) == (a_trail(**changed),)
