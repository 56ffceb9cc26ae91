"""StackSets as CloudFormation runs them: who is reached in which order, what is tolerated, and what stays."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.settings import (
    BACKUP_ACCOUNT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRE_PRODUCTION,
    OU_SANDBOX,
    REPLICA_REGION,
    REPORTS_ACCOUNT,
    ROOT_ID,
    SANDBOX_ACCOUNTS,
)
from tests.integration.suspension import suspended

ALICE, BOB = SANDBOX_ACCOUNTS
CAROL, DAVE, ERIN, FRANK = (f"60000000000{number}" for number in range(3, 7))
PRE_PRODUCTION = ("222222222223", "333333333334", "444444444445", REPORTS_ACCOUNT, "555555555556", "666666666661")
MILAN = "eu-south-1"
LATE = {
    "Type": "AWS::Backup::BackupVault",
    "DependsOn": "Queue",
    "Properties": {"BackupVaultName": {"Ref": "Purpose"}},
}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Purpose"}}}
CARRIED = json.dumps({"Parameters": {"Purpose": {"Type": "String"}}, "Resources": {"Queue": QUEUE, "Vault": LATE}})

type Told = dict[tuple[str, str], tuple[str, str, str]]


@dataclass
class StackSets:
    """StackSets by stacks of the management account, and what CloudFormation tells of them."""

    url: str
    cloudformation: Any
    organizations: Any

    def template(self, name: str, **properties: Any) -> str:
        """A stack with one StackSet, which carries a queue and then a vault, both named by its parameter."""
        group = {
            "DeploymentTargets": properties.pop("targets", {"OrganizationalUnitIds": [OU_PRE_PRODUCTION]}),
            "Regions": properties.pop("regions", [HOME_REGION]),
        }
        stack_set = {
            "StackSetName": name,
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
            "StackInstancesGroup": [group],
            "Parameters": [{"ParameterKey": "Purpose", "ParameterValue": name}],
            "TemplateBody": CARRIED,
            **properties,
        }
        return json.dumps(
            {"Resources": {"StackSet": {"Type": "AWS::CloudFormation::StackSet", "Properties": stack_set}}}
        )

    def deploy(self, name: str, **properties: Any) -> tuple[str, str]:
        """How the stack ended, and its first reason."""
        template = self._given(name, self.template(name, **properties))
        try:
            self.cloudformation.describe_stacks(StackName=name)
            self.cloudformation.update_stack(StackName=name, **template)
        except ClientError:
            self.cloudformation.create_stack(StackName=name, **template)
        while True:
            [found] = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(0.05)
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [each["ResourceStatusReason"] for each in events if each.get("ResourceStatus", "").endswith("_FAILED")]
        return found["StackStatus"], failed[-1] if failed else ""

    def _given(self, name: str, template: str) -> dict[str, str]:
        """The template as a request takes it: in a bucket where it is too long for one."""
        if len(template) <= 51_200:
            return {"TemplateBody": template}
        s3 = client("s3", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="template.json", Body=template.encode())
        return {"TemplateURL": f"{s3.meta.endpoint_url}/{name}/template.json"}

    def told(self, name: str) -> Told:
        """Status, detailed status and reason of each instance, by account and Region."""
        listed = self.cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
        return {
            (each["Account"], each["Region"]): (
                each["Status"],
                each["StackInstanceStatus"]["DetailedStatus"],
                each.get("StatusReason", ""),
            )
            for each in listed
        }

    def until(self, name: str, holds: Callable[[Told], object]) -> Told:
        """What is told once it is as wanted."""
        deadline = time.monotonic() + 60
        while not holds(told := self.told(name)):
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
        return told

    def until_alice_is(self, name: str, *, inside: bool) -> Told:
        """What is told once Alice's account has an instance, or none."""
        return self.until(name, lambda told: ((ALICE, HOME_REGION) in told) is inside)

    def gather(self, *accounts: str) -> None:
        """Let these accounts lie in the Sandbox unit."""
        for account in accounts:
            [parent] = every(self.organizations, "list_parents", ChildId=account)
            if parent["Id"] != OU_SANDBOX:
                self.move(account, parent["Id"], OU_SANDBOX)

    def move(self, account: str, source: str, destination: str) -> None:
        self.organizations.move_account(AccountId=account, SourceParentId=source, DestinationParentId=destination)

    def habit(self, **wanted: bool) -> None:
        requests.post(f"{self.url}/_sandbox/stack-sets/habits", json=wanted, timeout=60).raise_for_status()

    def put_region(self, account: str, status: str) -> None:
        order = {"account": account, "region": MILAN, "status": status}
        requests.post(f"{self.url}/_sandbox/organization/regions", json=order, timeout=60).raise_for_status()


@pytest.fixture
def name() -> str:
    """A name of its own."""
    return f"s-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def sets(sandbox_host: lifecycle.Sandbox) -> Iterator[StackSets]:
    """StackSets, trusted; afterwards no habit is left, and everybody who moved is back."""
    cloudformation = client("cloudformation", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    cloudformation.activate_organizations_access()
    made = StackSets(sandbox_host.url, cloudformation, client("organizations", MANAGEMENT_ACCOUNT))
    made.gather(ALICE, BOB, CAROL, DAVE, ERIN, FRANK)
    yield made
    made.habit(skips_suspended=False, finds_kept_stacks=False)
    for stack in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=stack["StackName"])
        waiter = cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=stack["StackName"], WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})
    made.habit(follows_left_out=True)
    made.gather(ALICE, BOB, CAROL, DAVE)


def occupy(account: str, name: str, region: str = HOME_REGION) -> None:
    """Take the name of the vault, so that the StackSet fails there, late."""
    client("backup", account, region).create_backup_vault(BackupVaultName=name)


def test_the_accounts_of_a_unit_get_their_stacks_and_so_do_those_that_move_in(
    sets: StackSets, name: str, listen: Callable[..., Any]
) -> None:
    assert sets.deploy(name) == ("CREATE_COMPLETE", "")
    assert sets.told(name) == {(account, HOME_REGION): ("CURRENT", "SUCCEEDED", "") for account in PRE_PRODUCTION}
    ear = listen(ALICE, {"source": ["aws.cloudformation"], "detail-type": ["CloudFormation Stack Status Change"]})
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    event = ear.wait()
    assert event["detail"]["status-details"]["status"] == "CREATE_COMPLETE"
    assert f"StackSet-{name}-" in event["detail"]["stack-id"]
    assert client("sqs", ALICE).get_queue_url(QueueName=name)


def test_it_carries_51_200_characters_and_not_one_more(sets: StackSets, name: str) -> None:
    """Template Reference Guide, AWS::CloudFormation::StackSet; landing-zone-accelerator-on-aws #51 for the words."""
    assert sets.deploy(name, TemplateBody=CARRIED.ljust(51_200)) == ("CREATE_COMPLETE", "")
    status, reason = sets.deploy(name, TemplateBody=CARRIED.ljust(51_201))
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert "#/TemplateBody: expected maxLength: 51200, actual: 51201" in reason


def test_single_accounts_are_reached_and_the_ones_that_are_lost_are_left(sets: StackSets, name: str) -> None:
    first, second = PRE_PRODUCTION[:2]
    for accounts in ([first, second], [second]):
        targets = {"OrganizationalUnitIds": [ROOT_ID], "Accounts": accounts, "AccountFilterType": "INTERSECTION"}
        sets.deploy(name, targets=targets, AutoDeployment={"Enabled": False})
        assert {account for account, _ in sets.told(name)} == set(accounts)


def left_out(*accounts: str) -> dict[str, Any]:
    return {
        "OrganizationalUnitIds": [OU_PRE_PRODUCTION],
        "Accounts": list(accounts),
        "AccountFilterType": "DIFFERENCE",
    }


def test_accounts_that_are_left_out_lose_what_they_have_and_the_others_keep_it(sets: StackSets, name: str) -> None:
    """AltStackInstancesCalculator of AWS's handler: from NONE to DIFFERENCE, and from one DIFFERENCE to another."""
    first, second, *others = PRE_PRODUCTION
    for targets, reached in (
        ({"OrganizationalUnitIds": [OU_PRE_PRODUCTION]}, {*PRE_PRODUCTION}),
        (left_out(first), {second, *others}),
        (left_out(first, second), {*others}),
        (left_out(second), {first, *others}),
    ):
        assert sets.deploy(name, targets=targets)[1] == ""
        assert {account for account, _ in sets.told(name)} == reached


@pytest.mark.parametrize(
    ("follows", "other"), [(True, CAROL), (False, DAVE)], ids=["all of the unit", "those that it reaches"]
)
def test_automatic_deployment_may_follow_an_account_that_is_left_out(
    sets: StackSets,
    name: str,
    follows: bool,  # noqa: FBT001
    other: str,
) -> None:
    sets.habit(follows_left_out=follows)
    sets.deploy(name, targets=left_out(ALICE))
    for account in (ALICE, other):
        sets.move(account, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.until(name, lambda told: told.get((other, HOME_REGION)) == ("CURRENT", "SUCCEEDED", ""))
    assert ((ALICE, HOME_REGION) in sets.told(name)) is follows


def test_a_filter_that_awss_handler_refuses_is_refused(sets: StackSets, name: str) -> None:
    """aws-cloudformation-resource-providers-cloudformation #100: UNION is documented, and not taken."""
    status, reason = sets.deploy(name, targets=left_out(ALICE) | {"AccountFilterType": "UNION"})
    assert (status, "AccountFilterType UNION" in reason) == ("ROLLBACK_COMPLETE", True)


def test_service_managed_stacks_never_reach_the_management_account(sets: StackSets, name: str) -> None:
    """User Guide, "Create CloudFormation StackSets with service-managed permissions": "doesn't deploy stacks to the
    organization's management account, even if it is in your organization or in an OU"."""
    sets.deploy(name, targets={"OrganizationalUnitIds": [ROOT_ID]})
    reached = {account for account, _ in sets.told(name)}
    assert BACKUP_ACCOUNT in reached
    assert MANAGEMENT_ACCOUNT not in reached


def test_nothing_is_deployed_before_stack_sets_are_trusted(sets: StackSets, name: str) -> None:
    """User Guide, "Activate trusted access for StackSets with AWS Organizations"."""
    sets.organizations.disable_aws_service_access(ServicePrincipal="member.org.stacksets.cloudformation.amazonaws.com")
    status, reason = sets.deploy(name)
    assert (status, "enable organizations access" in reason) == ("ROLLBACK_COMPLETE", True)


def test_no_member_deploys_into_the_organization(sets: StackSets, name: str) -> None:
    """User Guide, "Create CloudFormation StackSets with service-managed permissions"."""
    outsider = replace(sets, cloudformation=client("cloudformation", BACKUP_ACCOUNT, ORGANIZATIONS_REGION))
    status, reason = outsider.deploy(name)
    assert (status, "management account or delegated administrator" in reason) == ("ROLLBACK_COMPLETE", True)


def test_one_account_that_fails_takes_all_with_it_where_nothing_is_tolerated(sets: StackSets, name: str) -> None:
    """API reference, StackSetOperationPreferences: ten per cent of five accounts is none; aws-cloudformation-resource-
    providers-cloudformation: an operation that FAILED fails the resource."""
    occupy(PRE_PRODUCTION[4], name)
    status, reason = sets.deploy(name, OperationPreferences={"FailureTolerancePercentage": 10})
    assert (status, PRE_PRODUCTION[4] in reason) == ("ROLLBACK_COMPLETE", True)
    for account in PRE_PRODUCTION:
        assert client("sqs", account).list_queues(QueueNamePrefix=name).get("QueueUrls", []) == []


@pytest.mark.parametrize("whose", [PRE_PRODUCTION[2], MANAGEMENT_ACCOUNT], ids=["its own", "the management account's"])
def test_no_stack_comes_into_a_region_that_is_off(whose: str, sets: StackSets, name: str) -> None:
    """CloudFormation User Guide, "Performing stack set operations involving Regions that are disabled by default"."""
    account = PRE_PRODUCTION[2]
    sets.put_region(whose, "DISABLED")
    preferences = {"FailureTolerancePercentage": 100}
    assert sets.deploy(name, regions=[MILAN], OperationPreferences=preferences)[0] == "CREATE_COMPLETE"
    status, detail, reason = sets.told(name)[account, MILAN]
    sets.put_region(whose, "ENABLED")
    assert (status, detail) == ("OUTDATED", "FAILED")
    assert reason == f"Account {whose} does not have the Region {MILAN} enabled"


def test_what_is_tolerated_is_told_by_instance_and_by_operation(sets: StackSets, name: str) -> None:
    """API reference, StackInstanceSummary and StackSetOperationResultSummary."""
    failing = PRE_PRODUCTION[2]
    occupy(failing, name)
    assert sets.deploy(name, OperationPreferences={"FailureTolerancePercentage": 100})[0] == "CREATE_COMPLETE"
    told = sets.told(name)
    status, detail, reason = told.pop((failing, HOME_REGION))
    assert (status, detail) == ("OUTDATED", "FAILED")
    assert reason.startswith("ResourceLogicalId:Vault, ResourceType:AWS::Backup::BackupVault, ResourceStatusReason:")
    assert {each[0] for each in told.values()} == {"CURRENT"}
    [operation] = sets.cloudformation.list_stack_set_operations(StackSetName=name)["Summaries"]
    about = {"StackSetName": name, "OperationId": operation["OperationId"]}
    described = sets.cloudformation.describe_stack_set_operation(**about)["StackSetOperation"]
    assert (described["Status"], described["StatusDetails"]["FailedStackInstancesCount"]) == ("SUCCEEDED", 1)
    results = sets.cloudformation.list_stack_set_operation_results(**about)["Summaries"]
    assert {each["Account"]: each["Status"] for each in results if each["Status"] != "SUCCEEDED"} == {failing: "FAILED"}


def test_an_operation_that_stops_in_a_region_goes_into_no_other(sets: StackSets, name: str) -> None:
    """API reference, StackSetOperation: FAILED "in turn sets the status of the operation as a whole to FAILED, and
    CloudFormation cancels the operation in any remaining Regions"."""
    preferences = {"FailureTolerancePercentage": 100, "RegionOrder": [HOME_REGION, REPLICA_REGION]}
    both: dict[str, Any] = {"regions": [HOME_REGION, REPLICA_REGION], "OperationPreferences": preferences}
    sets.deploy(name, **both)
    again = both | {"OperationPreferences": preferences | {"FailureTolerancePercentage": 0}}
    for account in PRE_PRODUCTION:
        occupy(account, f"{name}-2")
    again["Parameters"] = [{"ParameterKey": "Purpose", "ParameterValue": f"{name}-2"}]
    sets.cloudformation.update_stack(StackName=name, TemplateBody=sets.template(name, **again), DisableRollback=True)
    elsewhere = {(account, REPLICA_REGION) for account in PRE_PRODUCTION}
    told = sets.until(name, lambda told: {told[place][:2] for place in elsewhere} == {("OUTDATED", "CANCELLED")})
    assert "FAILED" in {told[account, HOME_REGION][1] for account in PRE_PRODUCTION}


def test_what_failed_is_tried_again_and_nothing_else(sets: StackSets, name: str) -> None:
    """API reference, UpdateStackSet: without a change "updates the stack instances in the specified accounts"."""
    failing = PRE_PRODUCTION[0]
    occupy(failing, name)
    sets.deploy(name, OperationPreferences={"FailureTolerancePercentage": 100})
    client("backup", failing).delete_backup_vault(BackupVaultName=name)
    targets = {
        "OrganizationalUnitIds": [OU_PRE_PRODUCTION],
        "Accounts": [failing],
        "AccountFilterType": "INTERSECTION",
    }
    request = {
        "StackSetName": name,
        "UsePreviousTemplate": True,
        "DeploymentTargets": targets,
        "Regions": [HOME_REGION],
    }
    with pytest.raises(ClientError, match=r"Parameters: \[Purpose\] must have values"):
        sets.cloudformation.update_stack_set(**request)
    previous = [{"ParameterKey": "Purpose", "UsePreviousValue": True}]
    begun = sets.cloudformation.update_stack_set(Parameters=previous, **request)["OperationId"]
    sets.until(name, lambda told: told[failing, HOME_REGION][0] == "CURRENT")
    results = sets.cloudformation.list_stack_set_operation_results(StackSetName=name, OperationId=begun)["Summaries"]
    assert [each["Account"] for each in results] == [failing]


@pytest.mark.parametrize("is_skipped", [False, True], ids=["fails", "is skipped"])
def test_a_suspended_account_does_not_get_its_stack(sets: StackSets, name: str, is_skipped: bool) -> None:  # noqa: FBT001
    """cloudformation-coverage-roadmap #1177; or API reference, StackInstanceComprehensiveStatus."""
    sets.move(BOB, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.habit(skips_suspended=is_skipped)
    with suspended(BOB):
        status, _ = sets.deploy(name)
        if not is_skipped:
            assert status == "ROLLBACK_COMPLETE"
            return
        detail = "SKIPPED_SUSPENDED_ACCOUNT"
        assert sets.told(name)[BOB, HOME_REGION][:2] == ("OUTDATED", detail)


def test_the_stack_of_a_closed_account_cannot_be_deleted(sets: StackSets, name: str) -> None:
    """re:Post, "How do I delete a stack instance in a closed or suspended account": it becomes INOPERABLE."""
    sets.move(BOB, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.deploy(name)
    with suspended(BOB):
        sets.move(BOB, OU_PRE_PRODUCTION, OU_SANDBOX)
        told = sets.until(name, lambda told: told[BOB, HOME_REGION][0] == "INOPERABLE")
    assert "suspended" in told[BOB, HOME_REGION][2]


def test_automatic_deployment_heeds_no_order_but_what_depends_on_what(sets: StackSets, name: str) -> None:
    """cloudformation-coverage-roadmap #1208; API reference, AutoDeployment: DependsOn."""
    regions = {"regions": [HOME_REGION, REPLICA_REGION]}
    first, second = f"{name}-1", f"{name}-2"
    for each in (first, second):
        sets.deploy(each, **regions)
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.until(first, lambda told: len([one for one in told if one[0] == ALICE]) == 2)
    assert made_at(sets, second, (ALICE, REPLICA_REGION)) < made_at(sets, second, (ALICE, HOME_REGION))
    assert made_at(sets, second, (ALICE, HOME_REGION)) < made_at(sets, first, (ALICE, REPLICA_REGION))
    arn = sets.cloudformation.describe_stack_set(StackSetName=first)["StackSet"]["StackSetARN"]
    sets.deploy(second, AutoDeployment={"Enabled": True, "DependsOn": [arn]}, **regions)
    sets.move(BOB, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.until(second, lambda told: len([one for one in told if one[0] == BOB]) == 2)
    assert made_at(sets, first, (BOB, HOME_REGION)) < made_at(sets, second, (BOB, REPLICA_REGION))


def test_an_account_that_leaves_loses_its_stack_or_keeps_it_for_itself(sets: StackSets, name: str) -> None:
    """API reference, AutoDeployment; StackSetOperation: "You can't re-associate a retained stack"."""
    keeping = {"AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": True}}
    kept, lost = f"{name}-1", f"{name}-2"
    sets.deploy(kept, **keeping)
    sets.deploy(lost)
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    for each in (kept, lost):
        sets.until_alice_is(each, inside=True)
    sets.move(ALICE, OU_PRE_PRODUCTION, OU_SANDBOX)
    for each in (kept, lost):
        sets.until_alice_is(each, inside=False)
    vaults = {each["BackupVaultName"] for each in client("backup", ALICE).list_backup_vaults()["BackupVaultList"]}
    assert {kept, lost} & vaults == {kept}
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    assert sets.until_alice_is(lost, inside=True)[ALICE, HOME_REGION][0] == "CURRENT"
    told = sets.until_alice_is(kept, inside=True)
    assert (told[ALICE, HOME_REGION][0], "already exists" in told[ALICE, HOME_REGION][2]) == ("OUTDATED", True)


def test_an_account_that_returns_may_find_the_stack_that_it_kept(sets: StackSets, name: str) -> None:
    sets.habit(finds_kept_stacks=True)
    sets.deploy(name, AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": True})
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    sets.until_alice_is(name, inside=True)
    sets.move(ALICE, OU_PRE_PRODUCTION, OU_SANDBOX)
    sets.until_alice_is(name, inside=False)
    sets.move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    told = sets.until_alice_is(name, inside=True)
    assert told[ALICE, HOME_REGION][0] == "CURRENT"


def test_stack_sets_are_told_of_where_they_live_and_in_pages(sets: StackSets, name: str) -> None:
    sets.deploy(name)
    for account, region in ((MANAGEMENT_ACCOUNT, HOME_REGION), (BACKUP_ACCOUNT, ORGANIZATIONS_REGION)):
        with pytest.raises(ClientError, match="StackSetNotFoundException"):
            client("cloudformation", account, region).list_stack_instances(StackSetName=name)
    page = sets.cloudformation.list_stack_instances(StackSetName=name, MaxResults=3)
    rest = sets.cloudformation.list_stack_instances(StackSetName=name, NextToken=page["NextToken"])
    assert [each["Account"] for each in (*page["Summaries"], *rest["Summaries"])] == list(PRE_PRODUCTION)


def made_at(sets: StackSets, name: str, place: tuple[str, str]) -> Any:
    """When the stack of a place began to be made."""
    account, region = place
    stack = next(
        each["StackId"]
        for each in sets.cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
        if (each["Account"], each["Region"]) == place
    )
    events = client("cloudformation", account, region).describe_stack_events(StackName=stack)["StackEvents"]
    return events[-1]["Timestamp"]
