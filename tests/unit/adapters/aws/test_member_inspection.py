"""What is seen inside a member account."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.domain.accounts.readiness import Inspection, RegionInspection
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from tests.builders.accounts import a_complete_inspection, a_complete_region
from tests.builders.places import BUS, HOME, LOCAL_NAME, REPLICA_REGION, REPORTS
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.member_account import OUR_STACK, FakeMemberAccount

GLOBAL = Region("us-east-1")


@dataclass
class RefusingSts:
    """A role that nobody may assume."""

    def assume_role(self, **_: str) -> dict[str, Any]:
        raise refusal("AccessDenied", "AssumeRole")


@pytest.fixture
def inspect(fake_clients: FakeClients, intent: Intent) -> Callable[[FakeMemberAccount], Inspection]:
    def look(member: FakeMemberAccount, intent: Intent = intent) -> Inspection:
        for service in ("account", "iam", "backup", "cloudformation", "events", "kms"):
            fake_clients.member[REPORTS, service] = member
        clients = MemberClients(
            "arn:aws:iam::{}:role/strongroom/strongroom-inspection".format, now=lambda: datetime.now(UTC)
        )
        return MemberInspection(clients, intent=intent).inspect(REPORTS)

    return look


CASES: dict[str, tuple[dict[str, Any], Inspection]] = {
    "everything": ({}, a_complete_inspection()),
    "no roles": ({"roles": set()}, a_complete_inspection(role_arns=frozenset())),
    "no vault": (
        {"vaults": set()},
        a_complete_inspection(regions=(a_complete_region(vaults={}),)),
    ),
    "no vault, answered as a refusal": (
        {"refuses": {"DescribeBackupVault": "AccessDeniedException"}},
        a_complete_inspection(regions=(a_complete_region(vaults={}),)),
    ),
    "a vault that its account's credentials do not open": (
        {"refuses": {"DescribeBackupVault": "UnrecognizedClientException"}},
        Inspection(refusal="DescribeBackupVault answered UnrecognizedClientException"),
    ),
    "AWS's own key": (
        {"key_manager": "AWS"},
        a_complete_inspection(regions=(a_complete_region(vaults={LOCAL_NAME: "AWS"}),)),
    ),
    "a key that was deleted": (
        {"refuses": {"DescribeKey": "NotFoundException"}},
        a_complete_inspection(regions=(a_complete_region(vaults={LOCAL_NAME: None}),)),
    ),
    "a disabled forwarder": (
        {"rule_state": "DISABLED"},
        a_complete_inspection(regions=(a_complete_region(forwarder_enabled=False),)),
    ),
    "no forwarder": (
        {"rule_state": None},
        a_complete_inspection(regions=(a_complete_region(forwarder_enabled=False, forwarder_targets=()),)),
    ),
    "a type that is switched off": (
        {"opt_ins": {"RDS": True, "EFS": False}},
        a_complete_inspection(regions=(a_complete_region(types_switched_off=("EFS",)),)),
    ),
    "a type that AWS Backup manages in part": (
        {"management": {"DynamoDB": False, "EFS": True}},
        a_complete_inspection(regions=(a_complete_region(types_managed_in_part=("DynamoDB",)),)),
    ),
    "a stack whose last update was rolled back": (
        {"stacks": {OUR_STACK: "UPDATE_ROLLBACK_COMPLETE"}},
        a_complete_inspection(
            regions=(a_complete_region(stacks_behind={"strongroom-member-vault": "UPDATE_ROLLBACK_COMPLETE"}),)
        ),
    ),
    "a stack that is being updated, which is there as it was": (
        {"stacks": {OUR_STACK: "UPDATE_IN_PROGRESS"}},
        a_complete_inspection(),
    ),
    "a stack that could not be made, where a vault was kept": (
        {"stacks": {OUR_STACK: "ROLLBACK_COMPLETE"}},
        a_complete_inspection(),
    ),
    "a stack of somebody else's that failed": (
        {"stacks": {"payments": "UPDATE_ROLLBACK_COMPLETE", "StackSet-baseline-1": "UPDATE_FAILED"}},
        a_complete_inspection(),
    ),
    "a refusal to list stacks": (
        {"refuses": {"ListStacks": "AccessDenied"}},
        Inspection(refusal="ListStacks answered AccessDenied"),
    ),
    "a refusal": (
        {"refuses": {"GetRole": "AccessDenied"}},
        Inspection(refusal="GetRole answered AccessDenied"),
    ),
    "a refusal about the settings": (
        {"refuses": {"DescribeRegionSettings": "AccessDeniedException"}},
        Inspection(refusal="DescribeRegionSettings answered AccessDeniedException"),
    ),
}


@pytest.mark.parametrize(("changed", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_there_is_seen(
    changed: dict[str, Any], expected: Inspection, inspect: Callable[[FakeMemberAccount], Inspection]
) -> None:
    elsewhere = [RegionInspection(region=GLOBAL, stacks_behind=seen.stacks_behind) for seen in expected.regions]
    assert inspect(FakeMemberAccount(REPORTS, [BUS], **changed)) == replace(
        expected, regions=(*expected.regions, *elsewhere)
    )


def test_the_vaults_of_a_second_region_are_looked_for_there_and_nothing_else(
    inspect: Callable[..., Inspection], intent: Intent
) -> None:
    second = Vault(name="second", account="own", region=REPLICA_REGION)
    member = FakeMemberAccount(REPORTS, [BUS], vaults={LOCAL_NAME, "second"})
    assert inspect(member, replace(intent, vaults=intent.vaults | {"second": second})).regions == (
        a_complete_region(),
        RegionInspection(region=REPLICA_REGION, vaults={"second": "CUSTOMER"}),
        RegionInspection(region=GLOBAL),
    )


MILAN = Region("eu-south-1")


def governing_milan(intent: Intent) -> Intent:
    return replace(intent, organization=replace(intent.organization, governed_regions=(HOME, MILAN)))


@pytest.mark.parametrize("status", ["DISABLED", "ENABLING", "DISABLING"])
def test_nobody_looks_into_a_region_that_is_off_and_the_others_are_seen(
    status: str, inspect: Callable[..., Inspection], intent: Intent, fake_clients: FakeClients
) -> None:
    member = FakeMemberAccount(REPORTS, [BUS], opt_statuses={MILAN: status})
    found = inspect(member, governing_milan(intent))
    assert found.regions == (
        a_complete_region(),
        RegionInspection(region=MILAN, opt_status=status),
        RegionInspection(region=GLOBAL),
    )
    assert fake_clients.made.count("cloudformation") == len((HOME, GLOBAL))


@pytest.mark.parametrize("status", ["ENABLED", "ENABLED_BY_DEFAULT"])
def test_a_region_that_was_enabled_is_looked_into(
    status: str, inspect: Callable[..., Inspection], intent: Intent
) -> None:
    member = FakeMemberAccount(REPORTS, [BUS], opt_statuses={MILAN: status})
    assert inspect(member, governing_milan(intent)).regions[:2] == (
        a_complete_region(),
        a_complete_region(region=MILAN),
    )


MAY_NOT_ASK = {"GetRegionOptStatus": "AccessDeniedException"}


def test_whose_stack_is_of_before_the_question_is_looked_into_as_ever(
    inspect: Callable[..., Inspection], intent: Intent
) -> None:
    found = inspect(FakeMemberAccount(REPORTS, [BUS], refuses=MAY_NOT_ASK), governing_milan(intent))
    assert found == a_complete_inspection(
        regions=(a_complete_region(), a_complete_region(region=MILAN), RegionInspection(region=GLOBAL))
    )


def test_whose_region_nobody_may_ask_about_and_refuses_each_call_says_so(
    inspect: Callable[..., Inspection], intent: Intent
) -> None:
    unknown = {"DescribeRule": "UnrecognizedClientException"}
    found = inspect(FakeMemberAccount(REPORTS, [BUS], refuses=MAY_NOT_ASK | unknown), governing_milan(intent))
    assert found == Inspection(refusal="DescribeRule answered UnrecognizedClientException")


def test_a_region_that_is_on_in_every_account_is_not_asked_about(
    inspect: Callable[[FakeMemberAccount], Inspection],
) -> None:
    member = FakeMemberAccount(REPORTS, [BUS], opt_statuses={HOME: "DISABLED", GLOBAL: "DISABLED"})
    assert {each.opt_status for each in inspect(member).regions} == {"ENABLED"}


def test_a_role_that_cannot_be_assumed_is_part_of_the_answer(
    inspect: Callable[[FakeMemberAccount], Inspection], fake_clients: FakeClients
) -> None:
    fake_clients.own["sts"] = RefusingSts()
    found = inspect(FakeMemberAccount(REPORTS, [BUS]))
    assert found.refusal is not None
    assert "strongroom-inspection cannot be assumed: AssumeRole answered AccessDenied" in found.refusal
