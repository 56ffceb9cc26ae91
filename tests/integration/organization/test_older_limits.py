"""An organisation in which AWS still holds to the limits of before May 2026, and Service Quotas says so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, OU_SANDBOX, Settings
from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.domain.identifiers import AccountId
from tests.builders.places import GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients

PARTS = ("sandbox.web.control", "sandbox.organization.service", "sandbox.trail.tap")
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]})


@pytest.fixture
def older() -> Iterator[Any]:
    """Organizations, as the management account of such an organisation."""
    settings = Settings(port=0, scps_per_target=5, scp_characters=5_120, shows_scp_quota=True)
    with lifecycle.running(settings, PARTS):
        yield client("organizations", MANAGEMENT_ACCOUNT)


def reason_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    response: dict[str, Any] = {**error.value.response}
    return str(response["Reason"])


def test_five_policies_of_5120_characters_are_taken(older: Any) -> None:
    wanted = {"Description": "", "Type": "SERVICE_CONTROL_POLICY"}
    with pytest.raises(ClientError) as too_long:
        older.create_policy(Name="long", Content=DENY + " " * 5_120, **wanted)
    made = [older.create_policy(Name=f"p-{number}", Content=DENY, **wanted) for number in range(5)]
    *fitting, last = [each["Policy"]["PolicySummary"]["Id"] for each in made]
    for policy in fitting:
        older.attach_policy(PolicyId=policy, TargetId=OU_SANDBOX)
    with pytest.raises(ClientError) as too_many:
        older.attach_policy(PolicyId=last, TargetId=OU_SANDBOX)
    assert reason_of(too_long) == "POLICY_CONTENT_LIMIT_EXCEEDED"
    assert reason_of(too_many) == "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"


def test_the_product_reads_the_quota(older: Any) -> None:
    own = {"service-quotas": client("service-quotas", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)}
    clients = FakeAccountClients(own=own)
    assert (
        OrganizationQuotas(
            clients, management_account=AccountId(MANAGEMENT_ACCOUNT), global_region=GLOBAL_REGION
        ).scps_per_target()
        == 5
    )
