"""An inventory of three accounts in two Regions, at the front door, under the tagging role's own policy."""

from collections import Counter
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from botocore import xform_name

from sandbox import lifecycle
from sandbox.clients import client, session_client
from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.inventory.lists import LISTS
from strongroom.domain.tags.inventory.runs import InventoryOrder
from strongroom.services.tags.take_inventory import InventoryTaken, take_inventory
from tests.builders.places import HOME, PAYMENTS
from tests.contract.iam.tagging_documents import tagging_statements
from tests.integration.authority.conftest import Role, a_name, a_role, allow, refusal
from tests.unit.services.tags.inventoried import FAR, LEDGER_ACCOUNT, REPORTS, Inventoried
from tests.unit.services.tags.world import World

ACCOUNTS: Final = (PAYMENTS, LEDGER_ACCOUNT, REPORTS)
REGIONS: Final = (HOME, FAR)
DAILY: Final = [{"Key": "Backup", "Value": "daily-prod"}]
# What follows from what was made by `a_table` and its kin, in each Region.
MADE: Final = {"DynamoDB table": 1, "EBS volume": 1, "EFS file system": 1, "RDS instance": 1, "S3 bucket": 1}


@dataclass
class Borrowed(MemberClients):
    """Clients of somebody who has assumed each account's tagging role; `calls` are what they sent."""

    roles: dict[AccountId, Role]
    calls: Counter[str] = field(default_factory=Counter)
    made: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        key = (service, account, region)
        if key not in self.made:
            role = self.roles[account]
            given = client("sts", account).assume_role(RoleArn=role.arn, RoleSessionName="test")["Credentials"]
            self.made[key] = session_client(service, given, region)
            self.made[key].meta.events.register("before-call", self._count)
        return self.made[key]

    def _count(self, *, model: Any, **_: Any) -> None:
        self.calls[f"{model.service_model.service_name}:{model.name}"] += 1


def a_database(account: str, region: str) -> None:
    client("rds", account, region).create_db_instance(
        DBInstanceIdentifier=a_name(), DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )


def a_table(account: str, region: str) -> None:
    client("dynamodb", account, region).create_table(
        TableName=a_name(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


def a_volume(account: str, region: str) -> None:
    client("ec2", account, region).create_volume(AvailabilityZone=f"{region}a", Size=1)


def a_file_system(account: str, region: str) -> None:
    client("efs", account, region).create_file_system(CreationToken=a_name())


def a_bucket(account: str, region: str) -> None:
    s3, name = client("s3", account, region), a_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture(scope="module")
def borrowed(sandbox_host: lifecycle.Sandbox) -> Borrowed:
    """Three accounts, each with something of five types in both Regions, and its tagging role."""
    assert sandbox_host
    for account in ACCOUNTS:
        for region in REGIONS:
            for make in (a_database, a_table, a_volume, a_file_system, a_bucket):
                make(account, region)
    return Borrowed({account: a_role(*tagging_statements(account=account), account=account) for account in ACCOUNTS})


@pytest.fixture(scope="module")
def estate(intent: Intent) -> Inventoried:
    """What the control plane knows of the accounts: nothing but that they are governed."""
    now = datetime.now(UTC)
    return Inventoried(World(intent, now=now), regions=REGIONS, accounts=ACCOUNTS, clock=now)


def go_through(estate: Inventoried, borrowed: Borrowed) -> list[InventoryTaken]:
    """An inventory of all accounts, by the sandbox's lists and tags."""
    estate.begin(InventoryOrder(is_asked=True), after=timedelta(hours=1))
    needs = replace(estate.needs, lists=MemberLists(borrowed), tags=MemberTags(borrowed))
    run, at = estate.book.runs()[0].id, estate.clock
    return [take_inventory(run, account, needs=needs, now=at, clock=lambda: at) for account in ACCOUNTS]


def test_what_had_no_event_is_found_and_tagged_in_every_account_and_region(
    estate: Inventoried, borrowed: Borrowed
) -> None:
    taken = go_through(estate, borrowed)
    twice = {label: 2 * number for label, number in MADE.items()}
    assert [(each.account, each.is_complete, each.found, each.unread) for each in taken] == [
        (account, True, twice, {}) for account in ACCOUNTS
    ]
    for account in ACCOUNTS:
        for region in REGIONS:
            [database] = client("rds", account, region).describe_db_instances()["DBInstances"]
            [volume] = client("ec2", account, region).describe_volumes()["Volumes"]
            assert (database["TagList"], volume["Tags"]) == (DAILY, DAILY)


def test_the_next_one_finds_nothing_and_asks_of_no_single_resource(estate: Inventoried, borrowed: Borrowed) -> None:
    go_through(estate, borrowed)
    borrowed.calls.clear()
    taken = go_through(estate, borrowed)
    assert [each.found for each in taken] == [{}, {}, {}]
    regional = len(LISTS) - 1
    assert borrowed.calls.total() == len(ACCOUNTS) * (len(REGIONS) * (regional + 1) + 1)
    assert borrowed.calls["resource-groups-tagging-api:GetResources"] <= len(ACCOUNTS) * len(REGIONS)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_allowed_by_name_and_refused_without_it(name: str, sandbox_host: lifecycle.Sandbox) -> None:
    row, listing = LISTS[name]
    assert sandbox_host
    assert row.tags is not None
    action = listing.action or name
    lists = MemberLists(Borrowed({PAYMENTS: a_role(allow(action), account=PAYMENTS)}))
    lists.page(name, account=PAYMENTS, region=HOME, token=None)
    stranger = a_role(allow("sts:GetCallerIdentity"), account=PAYMENTS).client(row.tags.client)
    code, _ = refusal(getattr(stranger, xform_name(listing.call)))
    assert code in {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
