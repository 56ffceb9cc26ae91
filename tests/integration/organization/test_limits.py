"""How many policies a target takes, how few it keeps, how long one may be, and how AWS says that it is busy.

Sources: Organizations User Guide, "Quotas for AWS Organizations"; What's New of May 2026, "AWS Organizations increased
SCP quotas"; reasons of ConstraintViolationException in the API reference.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, every
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, OU_SANDBOX, PAYMENTS_ACCOUNT
from tests.integration.organization.conftest import stored

CONTENT = {
    "SERVICE_CONTROL_POLICY": json.dumps({"Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}),
    "BACKUP_POLICY": json.dumps({"plans": {"p": {"regions": {"@@assign": ["eu-west-1"]}}}}),
}


def refusal_of(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    response: dict[str, Any] = {**caught.value.response}
    return str(response["Error"]["Code"]), str(response.get("Reason", ""))


@pytest.fixture
def policies(management: Any) -> Iterator[Callable[[str, int], list[str]]]:
    """Stored policies for the length of a test: `policies(type, count)` gives their ids."""
    with ExitStack() as stack:

        def store(kind: str, count: int) -> list[str]:
            return [
                stack.enter_context(stored(management, CONTENT[kind], kind, name=f"{kind}-{number}"))
                for number in range(count)
            ]

        yield store


@pytest.mark.parametrize(("kind", "there"), [("SERVICE_CONTROL_POLICY", 1), ("BACKUP_POLICY", 0)])
def test_a_target_takes_ten_policies_of_a_type(
    management: Any, policies: Callable[[str, int], list[str]], kind: str, there: int
) -> None:
    *fitting, last = policies(kind, 11 - there)
    for policy in fitting:
        management.attach_policy(PolicyId=policy, TargetId=OU_SANDBOX)
    assert len(every(management, "list_policies_for_target", TargetId=OU_SANDBOX, Filter=kind)) == 10
    refused = refusal_of(management.attach_policy, PolicyId=last, TargetId=OU_SANDBOX)
    assert refused == ("ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    twice = refusal_of(management.attach_policy, PolicyId=fitting[0], TargetId=OU_SANDBOX)
    assert twice[0] == "DuplicatePolicyAttachmentException"


def test_the_last_service_control_policy_stays(management: Any, policies: Callable[[str, int], list[str]]) -> None:
    last = {"PolicyId": "p-FullAWSAccess", "TargetId": PAYMENTS_ACCOUNT}
    refused = refusal_of(management.detach_policy, **last)
    assert refused == ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    [other] = policies("SERVICE_CONTROL_POLICY", 1)
    management.attach_policy(PolicyId=other, TargetId=PAYMENTS_ACCOUNT)
    management.detach_policy(**last)
    management.attach_policy(**last)


@pytest.mark.parametrize(("kind", "characters"), [("SERVICE_CONTROL_POLICY", 10_240), ("BACKUP_POLICY", 10_000)])
def test_a_document_has_a_greatest_length(management: Any, kind: str, characters: int) -> None:
    wanted = {"Name": "long", "Description": "", "Type": kind}
    filled = CONTENT[kind] + " " * (characters - len(CONTENT[kind]))
    refused = refusal_of(management.create_policy, **wanted, Content=filled + " ")
    assert refused == ("ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")
    with stored(management, filled, kind) as policy_id:
        assert management.describe_policy(PolicyId=policy_id)["Policy"]["Content"] == filled


@pytest.mark.parametrize(
    ("fault", "answers"),
    [  # the client itself tries a throttled call twice more
        pytest.param("throttle", ["TooManyRequestsException"], id="throttle"),
        pytest.param("concurrent_modification", ["ConcurrentModificationException"] * 3, id="concurrent_modification"),
    ],
)
def test_bad_weather_comes_on_request_and_passes(
    management: Any, ask: Callable[..., Any], policies: Callable[[str, int], list[str]], fault: str, answers: list[str]
) -> None:
    [policy] = policies("BACKUP_POLICY", 1)
    ask("/organization/fault", {"fault": fault, "operation": "Attach*", "times": 3})
    wanted = {"PolicyId": policy, "TargetId": OU_SANDBOX}
    assert [refusal_of(management.attach_policy, **wanted)[0] for _ in answers] == answers
    management.attach_policy(**wanted)


def test_service_quotas_does_not_say_how_many_policies_a_target_takes() -> None:
    # Not documented to be there, hence the product must do without it.
    quotas = every(
        client("service-quotas", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION),
        "list_service_quotas",
        ServiceCode="organizations",
    )
    assert [quota["QuotaName"] for quota in quotas] == ["Default maximum number of accounts"]
