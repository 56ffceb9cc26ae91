"""What comes to the bus, by who tells it and where."""

from copy import replace

import pytest

from strongroom.domain.hearing.reach import reach_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from tests.builders.intents import with_vault
from tests.builders.places import VAULT_ACCOUNT

MANAGEMENT, BACKUP, MEMBER = "111111111111", "999999999999", "222222222222"


@pytest.mark.parametrize(
    ("source", "account", "region", "is_heard", "why"),
    [
        pytest.param("aws.ec2", MEMBER, "eu-west-1", None, "if the account is governed", id="member"),
        pytest.param("aws.ec2", MEMBER, "us-west-2", False, "no forwarder stands in us-west-2", id="other Region"),
        pytest.param("aws.ec2", MEMBER, "us-east-1", False, "is no governed Region", id="global Region"),
        pytest.param("aws.iam", MEMBER, "us-east-1", None, "if the account is governed", id="global service"),
        pytest.param("aws.ec2", MEMBER, "cn-north-1", False, "the partition aws-cn", id="other partition"),
        pytest.param("aws.organizations", MANAGEMENT, "us-east-1", True, "the management account", id="move"),
        pytest.param("aws.organizations", MANAGEMENT, "eu-west-1", False, "nothing else", id="move elsewhere"),
        pytest.param("aws.ec2", MANAGEMENT, "us-east-1", False, "nothing else", id="management workload"),
        pytest.param("aws.ec2", BACKUP, "eu-west-1", True, "its own account", id="home"),
        pytest.param("aws.iam", BACKUP, "us-east-1", True, "its own account", id="home, global service"),
        pytest.param("aws.ec2", BACKUP, "us-east-1", False, "is no governed Region", id="home, another Region"),
        pytest.param("strongroom", BACKUP, "eu-west-1", True, "alone puts", id="our own facts"),
        pytest.param("strongroom", MEMBER, "eu-west-1", False, "alone puts", id="facts of a stranger"),
    ],
)
def test_whether_it_comes_and_why(
    source: str, account: str, region: str, *, is_heard: bool | None, why: str, intent: Intent
) -> None:
    reach = reach_of(source, account=AccountId(account), region=Region(region), intent=intent)
    assert reach.is_heard is is_heard
    assert why in reach.reason


def test_a_second_governed_region_has_a_forwarder(intent: Intent) -> None:
    place = replace(intent.organization, governed_regions=(Region("eu-west-1"), Region("eu-north-1")))
    wider = replace(intent, organization=place)
    assert reach_of("aws.ec2", account=AccountId(MEMBER), region=Region("eu-north-1"), intent=wider).is_heard is None


@pytest.mark.parametrize(
    ("source", "region", "is_heard", "why"),
    [
        pytest.param("aws.backup", "eu-north-1", True, "from eu-north-1 how jobs ended", id="where a vault lies"),
        pytest.param("aws.iam", "us-east-1", True, "from us-east-1", id="global service"),
        pytest.param("aws.backup", "us-east-1", False, "vaults lie in eu-north-1", id="global Region"),
        pytest.param("aws.backup", "eu-west-1", False, "vaults lie in eu-north-1", id="where plans run"),
    ],
)
def test_an_account_of_vaults_is_heard_where_they_lie(
    source: str, region: str, *, is_heard: bool, why: str, intent: Intent
) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, region="eu-north-1", lock="none"))
    reach = reach_of(source, account=VAULT_ACCOUNT, region=Region(region), intent=far)
    assert (reach.is_heard, why in reach.reason) == (is_heard, True)


@pytest.mark.parametrize(("region", "is_heard"), [("us-east-1", True), ("eu-central-1", True), ("eu-west-1", False)])
def test_control_tower_is_heard_where_it_is_at_home(region: str, *, is_heard: bool, intent: Intent) -> None:
    place = replace(intent.organization, landing_zone_region=Region("eu-central-1"))
    told = replace(intent, organization=place)
    reach = reach_of("aws.controltower", account=AccountId(MANAGEMENT), region=Region(region), intent=told)
    assert reach.is_heard is is_heard
    assert "eu-central-1" in reach.reason or region == "us-east-1"
