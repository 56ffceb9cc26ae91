"""What is read before a plan is made, and that nothing else happens."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, StackPlace
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy, LiveShare, LiveStack, ProfileValue
from strongroom.domain.rollout.members import LiveMembers
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.domain.rollout.surroundings.keys import FoundKey, SourceFound
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom.services.rollout.plan_rollout import plan_rollout, read_at_rest, read_organization
from tests.builders.air_gaps import CENTRAL_GAP, TEAM, with_central_gap
from tests.builders.doctor import a_key, a_trail
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS, REPORTS
from tests.builders.rollout import (
    NOW,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_stack,
)
from tests.fakes.rollout import FakeOrganization
from tests.unit.domain.rollout.plans import codes

UNIT = "ou-strg-prod0001"


@pytest.fixture
def organization(intent: Intent) -> FakeOrganization:
    """An organisation in accord with the example, without governed accounts."""
    wanted = a_desired_organization(intent)
    return FakeOrganization(wanted, a_settled_organization(wanted))


def plan(organization: FakeOrganization) -> RolloutPlan:
    return plan_rollout(
        organization.wanted,
        needs=organization.needs,
        now=NOW,
        confirmed_days=None,
        has_bucket=False,
        accepts_loosening=False,
    )


def test_every_fact_is_read(organization: FakeOrganization) -> None:
    assert read_organization(organization.wanted, needs=organization.needs) == organization.live


@pytest.mark.parametrize("changes", [{}, {"existing": True}], ids=["made here", "existing"])
def test_with_whom_a_vault_is_shared_is_read_also_where_a_team_opens_it(
    changes: dict[str, Any], intent: Intent
) -> None:
    wanted = a_desired_organization(with_central_gap(intent, approval_team=TEAM, **changes))
    share = LiveShare(arn="arn:ours", name="strongroom-central-gapped", principals=frozenset({PAYMENTS}))
    live = replace(a_settled_organization(wanted), shares={CENTRAL_GAP: (share,)})
    found = read_organization(wanted, needs=FakeOrganization(wanted, live).needs)
    assert found.shares == {CENTRAL_GAP: (share,)}


@pytest.mark.parametrize("key", [a_key(statements=()), "no rights to look"], ids=["read", "unread"])
def test_the_key_of_its_owners_that_an_air_gapped_vault_lies_under_is_read(key: FoundKey, intent: Intent) -> None:
    wanted = a_desired_organization(with_central_gap(intent, existing=True))
    settled = a_settled_organization(wanted)
    lies = replace(settled.vaults[CENTRAL_GAP], key="arn:aws:kms:eu-west-1:999999999999:key/others")
    live = replace(settled, vaults={**settled.vaults, CENTRAL_GAP: lies}, gap_keys={CENTRAL_GAP: key})
    organization = FakeOrganization(wanted, live)
    assert read_organization(wanted, needs=organization.needs).gap_keys == {CENTRAL_GAP: key}


def test_a_plan_changes_nothing(intent: Intent) -> None:
    wanted = a_desired_organization(intent)
    organization = FakeOrganization(wanted, an_empty_organization(wanted))
    assert plan(organization).steps
    assert organization.acts == []


def governing(live: LiveOrganization, *accounts: AccountId) -> LiveOrganization:
    return replace(live, members=LiveMembers(accounts={UNIT: accounts}))


def test_config_is_looked_at_in_every_governed_account_and_region(organization: FakeOrganization) -> None:
    organization.live = replace(
        governing(organization.live, PAYMENTS), unrecorded={(PAYMENTS, HOME): frozenset({"AWS::Backup::BackupPlan"})}
    )
    assert codes(plan(organization).findings) == ["config-recording-off"]


def test_where_a_region_may_be_off_each_account_that_has_a_stack_there_is_asked(
    organization: FakeOrganization,
) -> None:
    milan = Region("eu-south-1")
    template = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME, milan))
    organization.bind(StackSet(name="strongroom-member", template=template, units=(UNIT,)))
    members = LiveMembers(accounts={UNIT: (PAYMENTS,)}, opt_statuses={(PAYMENTS, milan): "DISABLED"})
    organization.live = replace(organization.live, members=members)
    found = read_organization(organization.wanted, needs=organization.needs).members.opt_statuses
    management = organization.wanted.intent.organization.management_account
    assert found == {(management, milan): "ENABLED", (PAYMENTS, milan): "DISABLED"}


def test_config_is_not_looked_at_where_no_framework_is_wanted(intent: Intent) -> None:
    wanted = a_desired_organization(replace(intent, audit=replace(intent.audit, framework=False)))
    organization = FakeOrganization(wanted, governing(a_settled_organization(wanted), PAYMENTS))
    assert read_organization(wanted, needs=organization.needs).unrecorded == {}


def test_what_restore_profiles_name_is_looked_up(intent: Intent) -> None:
    profile = AccountProfile(account=PAYMENTS, region=HOME, subnets=("subnet-1",))
    wanted = a_desired_organization(with_restores(intent, profiles=(profile,)))
    gone = ProfileValue(field="subnets", name="subnet-1", is_there=False)
    live = replace(a_settled_organization(wanted), profiles={(PAYMENTS, HOME): (gone,)})
    assert codes(plan(FakeOrganization(wanted, live)).findings) == ["profile-missing"]


def test_a_trail_that_leaves_out_keys_is_told(organization: FakeOrganization) -> None:
    organization.live = replace(organization.live, trails=(a_trail(excluded=frozenset({"kms.amazonaws.com"})),))
    assert codes(plan(organization).findings) == ["trail-blind"]


def test_a_source_whose_key_lets_nobody_copy_is_told(organization: FakeOrganization) -> None:
    closed = SourceFound(name="payments", type="DBInstance", key=a_key(statements=()))
    sources = {(PAYMENTS, HOME): (closed,), (REPORTS, HOME): ()}
    organization.live = replace(
        governing(organization.live, PAYMENTS, REPORTS),
        unrecorded=dict.fromkeys(sources, frozenset()),
        sources=sources,
    )
    assert codes(plan(organization).findings) == ["source-key-closed"]


def test_where_nobody_may_look_at_trails_and_keys_the_rest_is_planned(organization: FakeOrganization) -> None:
    organization.live = replace(
        governing(organization.live, PAYMENTS),
        unrecorded={(PAYMENTS, HOME): frozenset()},
        trails=None,
        sources={(PAYMENTS, HOME): None},
    )
    found = plan(organization)
    assert (codes(found.findings), found.errors) == (["trail-unknown", "source-keys-unknown"], ())


def test_the_place_of_a_strangers_policy_is_looked_up(organization: FakeOrganization) -> None:
    stranger = LivePolicy(id="p-stranger", name="theirs", type="BACKUP_POLICY", targets=(PAYMENTS,))
    organization.live = replace(
        organization.live,
        policies=(*organization.live.policies, stranger),
        paths={**organization.live.paths, PAYMENTS: ("r-strg", UNIT, PAYMENTS)},
    )
    assert codes(plan(organization).findings) == ["foreign-backup-policy"]


def test_what_nothing_renders_any_more_is_read_and_told(intent: Intent) -> None:
    before = a_desired_organization(intent)
    kept = tuple(each for each in before.policies if each.name != "strongroom-monthly-prod")
    fewer = replace(before, rendered=replace(before.rendered, policies=kept))
    live = with_stack(a_settled_organization(before), MANAGEMENT_STACK, template="the one before")
    [found] = plan(FakeOrganization(fewer, live)).errors
    assert (found.code, found.path) == ("protection-shrinks", "strongroom-monthly-prod")


def test_who_waits_plans_once_no_stack_is_changed_any_more(organization: FakeOrganization) -> None:
    """Halfway, the vault of a stack that was not there a moment ago looks like nobody's."""
    at_rest = organization.live
    seen = iter(["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"])

    def pause() -> None:
        status = next(seen, None)
        organization.live = at_rest if status is None else with_stack(at_rest, MANAGEMENT_STACK, status=status)

    organization.live = with_stack(at_rest, MANAGEMENT_STACK, status="CREATE_IN_PROGRESS")
    assert read_at_rest(organization.wanted, needs=replace(organization.needs, pause=pause)) == at_rest
    assert next(seen, None) is None


def test_what_was_read_while_a_stack_moved_is_read_again(organization: FakeOrganization) -> None:
    at_rest = organization.live
    organization.live = replace(at_rest, stacks={})
    needs = replace(organization.needs, stacks=Moving(organization, at_rest))
    assert read_at_rest(organization.wanted, needs=needs) == at_rest


class Moving(FakeOrganization):
    """CloudFormation in which somebody ends what they are at, once it was looked at all stacks."""

    def __init__(self, organization: FakeOrganization, later: LiveOrganization) -> None:
        super().__init__(organization.wanted, later)
        self.organization = organization

    def find(self, place: StackPlace) -> LiveStack | None:
        found = self.organization.live.stacks.get(place.name)
        if place == self.wanted.control_plane:
            self.organization.live = self.live
        return found

    def stack_sets_are_active(self) -> bool:
        return self.organization.live.stack_sets_are_active
