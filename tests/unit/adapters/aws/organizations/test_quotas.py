"""How many service control policies a target takes, where Service Quotas says so."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.domain.identifiers import AccountId
from tests.builders.places import GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal


@dataclass
class ServiceQuotas:
    """Lists the quotas of these names and values, or refuses."""

    quotas: dict[str, float] = field(default_factory=dict)
    defaults: dict[str, float] = field(default_factory=dict)
    refuses: str = ""

    def get_paginator(self, operation: str) -> Any:
        return Pages(getattr(self, operation))

    def list_service_quotas(self, *, ServiceCode: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return self._list(ServiceCode, self.quotas)

    def list_aws_default_service_quotas(self, *, ServiceCode: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return self._list(ServiceCode, self.defaults)

    def _list(self, service: str, quotas: dict[str, float]) -> dict[str, Any]:
        assert service == "organizations"
        if self.refuses:
            raise refusal(self.refuses, "ListServiceQuotas")
        return {"Quotas": [{"QuotaName": name, "Value": value} for name, value in quotas.items()]}


def asked(service: ServiceQuotas) -> tuple[int | None, list[tuple[str, str, str]]]:
    clients = FakeAccountClients(own={"service-quotas": service})
    found = OrganizationQuotas(
        clients, management_account=AccountId("111111111111"), global_region=GLOBAL_REGION
    ).scps_per_target()
    return found, clients.asked


@pytest.mark.parametrize(
    ("quotas", "expected"),
    [
        pytest.param({}, None, id="nothing is listed"),
        pytest.param({"Default maximum number of accounts": 10.0}, None, id="others are"),
        pytest.param({"Service control policies in an organization": 10_000.0}, None, id="how many there may be"),
        pytest.param({"Service control policies per root, OU or account": 10.0}, 10, id="for all targets"),
        pytest.param(
            {
                "Service control policies attached to an OU": 10.0,
                "Service control policies attached to an account": 5.0,
            },
            5,
            id="for each kind: the smallest",
        ),
    ],
)
def test_the_quota_is_what_is_listed_and_never_guessed(quotas: dict[str, float], expected: int | None) -> None:
    assert asked(ServiceQuotas(quotas)) == (expected, [("service-quotas", "111111111111", "us-east-1")])


def test_the_default_counts_where_no_other_value_is_known() -> None:
    name = "Service control policies per account"
    assert asked(ServiceQuotas(defaults={name: 10.0}))[0] == 10
    assert asked(ServiceQuotas({name: 12.0}, defaults={name: 10.0}))[0] == 12


@pytest.mark.parametrize("code", ["AccessDeniedException", "NoSuchResourceException"])
def test_who_may_not_ask_does_without(code: str) -> None:
    assert asked(ServiceQuotas(refuses=code))[0] is None
