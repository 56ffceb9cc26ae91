"""At the front door: what is made under a key that AWS manages is said to be, as KMS tells the tagging role.

AWS KMS Developer Guide, "AWS managed keys"; Amazon RDS API Reference, "CreateDBInstance", and Amazon EC2 API Reference,
"CreateVolume", `KmsKeyId`.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import msgspec
import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.keys.managers import KeptManagers, MemberKeys
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.calls import Heard
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.patterns import creation_pattern
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.services.tags.answering import EnforcementVerdict
from strongroom.services.tags.enforce_tags import enforce_tags
from tests.contract.iam.tagging_documents import tagging_statements
from tests.integration.authority.conftest import Role, a_role, refusal
from tests.integration.events.test_table_tags import Lent
from tests.unit.services.tags.world import World

DECODER: Final = msgspec.json.Decoder(Event[TrailRecord])
DATABASE: Final[dict[str, Any]] = {
    "Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20, "StorageEncrypted": True,
    "MasterUsername": "root", "MasterUserPassword": "hunter2hunter2",
}  # fmt: skip


def aws(service: str) -> Any:
    """A client of the account that makes things."""
    return client(service, PAYMENTS_ACCOUNT)


def managed(service: str) -> str:
    """The ARN of the key that AWS manages for a service there."""
    return str(aws("kms").describe_key(KeyId=f"alias/aws/{service}")["KeyMetadata"]["Arn"])


def a_key() -> str:
    return str(aws("kms").create_key()["KeyMetadata"]["Arn"])


def a_database(key: str) -> None:
    aws("rds").create_db_instance(DBInstanceIdentifier=f"t-{uuid.uuid4().hex[:10]}", **DATABASE, KmsKeyId=key)


def a_cluster(key: str) -> None:
    aws("rds").create_db_cluster(
        DBClusterIdentifier=f"t-{uuid.uuid4().hex[:10]}", Engine="aurora-postgresql", MasterUsername="root",
        MasterUserPassword="hunter2hunter2", StorageEncrypted=True, KmsKeyId=key,
    )  # fmt: skip


def a_volume(key: str) -> None:
    aws("ec2").create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1, Encrypted=True, KmsKeyId=key)


MADE: Final[dict[str, tuple[str, Callable[[str], None]]]] = {
    "CreateDBInstance": ("rds", a_database), "CreateDBCluster": ("rds", a_cluster), "CreateVolume": ("ebs", a_volume),
}  # fmt: skip


@pytest.fixture
def ear(listen: Callable[..., Any]) -> Any:
    """What the rule of creations hears."""
    return listen(PAYMENTS_ACCOUNT, creation_pattern())


@pytest.fixture(scope="module")
def role(sandbox_host: lifecycle.Sandbox) -> Role:
    """The tagging role, as the member stack makes it."""
    assert sandbox_host
    return a_role(*tagging_statements(account=PAYMENTS_ACCOUNT), account=PAYMENTS_ACCOUNT)


def told(event: dict[str, Any], role: Role, intent: Intent) -> TagVerdict:
    """The verdict on what an event made, under the role."""
    lent: Any = Lent(role)
    world = World(intent, now=datetime.now(UTC))
    world.tags = MemberTags(lent)  # type: ignore[assignment]
    world.keys = MemberKeys(lent, KeptManagers(), now=lambda: world.now)  # type: ignore[assignment]
    parsed = DECODER.decode(json.dumps(event))
    [answer] = enforce_tags([Heard(subject=parsed.detail.observed(parsed))], needs=world.needs, now=world.now)
    assert isinstance(answer, EnforcementVerdict), answer
    [verdict] = answer.verdicts
    return verdict


@pytest.mark.parametrize("call", MADE)
def test_what_lies_under_a_key_of_aws_cannot_be_copied_and_has_its_tag(
    call: str, ear: Any, role: Role, intent: Intent
) -> None:
    service, make = MADE[call]
    make(managed(service))
    event = ear.wait(eventName=call)
    assert "alias/" not in json.dumps(event["detail"]["requestParameters"])
    verdict = told(event, role, intent)
    assert (verdict.state, verdict.tier) == (TagState.CANNOT, "daily-prod"), verdict.reason
    assert "copied to no other account" in verdict.reason


@pytest.mark.parametrize("call", MADE)
def test_what_lies_under_a_key_of_its_own_can(call: str, ear: Any, role: Role, intent: Intent) -> None:
    MADE[call][1](a_key())
    verdict = told(ear.wait(eventName=call), role, intent)
    assert verdict.state is TagState.TAGGED, verdict.reason
    assert "key" not in verdict.reason


def test_a_role_of_before_that_may_not_ask_puts_the_tag_and_says_what_is_open(
    ear: Any, sandbox_host: lifecycle.Sandbox, intent: Intent
) -> None:
    assert sandbox_host
    statements = [each for each in tagging_statements(account=PAYMENTS_ACCOUNT) if each["Sid"] != "LookAtKeys"]
    a_database(managed("rds"))
    verdict = told(ear.wait(eventName="CreateDBInstance"), a_role(*statements, account=PAYMENTS_ACCOUNT), intent)
    assert (verdict.state, verdict.tier) == (TagState.TAGGED, "daily-prod"), verdict.reason
    assert "is not known (DescribeKey answered AccessDenied" in verdict.reason


def test_nothing_else_is_done_with_keys(role: Role) -> None:
    key, kms = a_key(), role.client("kms")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyManager"] == "CUSTOMER"
    for call in (kms.get_key_policy, kms.disable_key, kms.list_grants):
        code, _ = refusal(partial(call, KeyId=key))
        assert code == "AccessDeniedException"
