"""`strongroom apply`: its output, its exit codes, and that it refuses before it changes anything."""

from dataclasses import replace

import pytest

from strongroom.domain.rollout.desired import MANAGEMENT_STACK
from strongroom.domain.rollout.members import LiveInstance, LiveMembers
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom_cli.main import main
from tests.builders.places import HOME, PAYMENTS
from tests.builders.rollout import (
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_policy,
    with_stack,
)
from tests.fakes.rollout import FakeOrganization
from tests.unit.cli.rollout.test_plan import EXAMPLE

CONFIRMED = ["apply", EXAMPLE, "--confirm-retention", "2555"]
OURS = "strongroom-daily-prod"


def test_nothing_to_do_is_0(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CONFIRMED) == 0
    assert capsys.readouterr().out == "nothing to change\n"
    assert organization.acts == []


def test_each_step_is_told_when_it_begins_and_when_it_is_done(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = with_policy(organization.live, OURS, targets=())
    assert main(CONFIRMED) == 0
    begun, done = capsys.readouterr().out.splitlines()
    assert begun.startswith("repair")
    assert done.split() == ["done", f"attach-{OURS}-ou-strg-prod0001"]
    assert len(organization.acts) == 1


def test_a_plan_with_errors_is_2_and_changes_nothing(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    assert main(["apply", EXAMPLE]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line for line in printed.err.splitlines() if "--confirm-retention 2555" in line]
    assert organization.acts == []


def test_a_loosening_is_refused_until_it_is_accepted(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    intent = organization.wanted.intent
    tiers = {**intent.tiers, "daily-prod": replace(intent.tiers["daily-prod"], local_retention_days=36)}
    live = a_settled_organization(a_desired_organization(replace(intent, tiers=tiers)))
    organization.live = with_stack(live, MANAGEMENT_STACK, template="the one before")
    assert main(CONFIRMED) == 2
    said = "strongroom-daily-prod: the backup plan strongroom-daily-prod would keep backups for 35 days in place of 36"
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"{EXAMPLE}: error: {said}\nstrongroom: with --accept-loosening what is protected less is no error\n"
    )
    assert organization.acts == []
    assert main([*CONFIRMED, "--accept-loosening"]) == 0
    assert capsys.readouterr().err == f"{EXAMPLE}: warning: {said}\n"
    assert organization.acts


def test_a_step_that_fails_is_1_and_one_line(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    organization.fails = {"enable BACKUP_POLICY"}
    assert main(CONFIRMED) == 1
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()] == ["switch", "done", "switch"]
    assert printed.err == ("strongroom: stopped at policy-type-BACKUP_POLICY: enable BACKUP_POLICY was refused\n")
    assert organization.acts == ["trust backup.amazonaws.com"]


def test_accounts_that_are_not_current_afterwards_are_told_and_it_is_1(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = LiveInstance(account=PAYMENTS, region=HOME, status="OUTDATED", reason="Rate exceeded")
    with_members(organization, failed)
    organization.still_fails.add("strongroom-member")
    assert main(CONFIRMED) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].split() == ["done", "outdated-strongroom-member"]
    assert f"the stack of strongroom-member in account {PAYMENTS}, {HOME}, is OUTDATED: Rate exceeded" in printed.err
    assert "run again" in printed.err.splitlines()[-1]
    organization.still_fails.clear()
    assert main(CONFIRMED) == 0


def test_a_stack_whose_name_is_taken_is_told_and_keeps_nothing_waiting(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    with_members(
        organization, LiveInstance(account=PAYMENTS, region=HOME, status="OUTDATED", reason="it already exists")
    )
    assert main(CONFIRMED) == 0
    printed = capsys.readouterr()
    assert (printed.out, "import its stack" in printed.err) == ("nothing to change\n", True)


def with_members(organization: FakeOrganization, *instances: LiveInstance) -> None:
    template = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME,))
    [unit] = organization.live.members.accounts
    stack_set = StackSet(name=template.name, template=template, units=(unit,))
    organization.bind(stack_set)
    members = LiveMembers(accounts={unit: (PAYMENTS,)}, instances={template.name: instances})
    organization.live = replace(organization.live, members=members)
