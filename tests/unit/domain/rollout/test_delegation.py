"""The organisation has one resource policy: ours, or somebody else's into which ours must be merged."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization, LiveResourcePolicy
from strongroom.domain.rollout.steps import DeployStack
from strongroom.domain.stacks.delegation import DELEGATION, delegation_statements
from tests.builders.rollout import a_desired_organization, a_settled_organization, an_empty_organization, with_stack
from tests.unit.domain.rollout.plans import codes, findings_of, steps_of

THEIRS: dict[str, Any] = {
    "Sid": "TagPoliciesForTheNetworkTeam",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::777777777777:root"},
    "Action": "organizations:DescribePolicy",
    "Resource": "*",
}


@pytest.fixture
def theirs(wanted: Desired) -> Desired:
    """The intent leaves the resource policy to somebody else."""
    place = replace(wanted.intent.organization, owns_resource_policy=False)
    return a_desired_organization(replace(wanted.intent, organization=place))


def codes_of(wanted: Desired, live: LiveOrganization) -> list[str]:
    return codes(findings_of(wanted, live))


def with_statements(live: LiveOrganization, *statements: Any) -> LiveOrganization:
    return replace(live, resource_policy=LiveResourcePolicy(statements=statements))


def test_one_that_is_there_already_stops_the_first_rollout_and_is_shown(wanted: Desired) -> None:
    live = with_statements(an_empty_organization(wanted), THEIRS)
    [finding] = [each for each in findings_of(wanted, live) if each.code == "resource-policy-taken"]
    assert finding.level is Level.ERROR
    assert '"Sid":"TagPoliciesForTheNetworkTeam"' in finding.message
    assert '"Sid":"BackupAccountReads"' in finding.message
    assert "owns_resource_policy to false" in finding.message


def test_the_stacks_own_is_in_nobodys_way(wanted: Desired, live: LiveOrganization) -> None:
    assert codes_of(wanted, live) == []


def test_one_of_somebody_else_is_told_what_it_lacks(theirs: Desired) -> None:
    live = with_statements(a_settled_organization(theirs), THEIRS)
    [finding] = findings_of(theirs, live)
    assert (finding.code, finding.level) == ("delegation-missing", Level.WARNING)
    assert '"Sid":"BackupAccountReads"' in finding.message
    assert "TagPolicies" not in finding.message


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="as rendered"),
        pytest.param({"Sid": "Merged", "Principal": {"AWS": ["777777777777", "999999999999"]}}, [], id="by account id"),
        pytest.param({"Action": ["organizations:Describe*", "organizations:List*"]}, [], id="with wildcards"),
        pytest.param({"Action": "organizations:ListAccounts"}, ["delegation-missing"], id="some actions"),
        pytest.param({"Effect": "Deny"}, ["delegation-missing"], id="a denial"),
        pytest.param({"Principal": {"AWS": "777777777777"}}, ["delegation-missing"], id="somebody else"),
        pytest.param(
            {"Resource": "arn:aws:organizations::1:ou/o-1/ou-1"},
            ["delegation-missing"],
            id="a part of the organization",
        ),
        pytest.param(
            {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, ["delegation-missing"], id="under a condition"
        ),
    ],
)
def test_what_is_merged_by_hand_is_taken_for_what_it_grants(
    theirs: Desired, changed: dict[str, Any], expected: list[str]
) -> None:
    [ours] = delegation_statements(theirs.intent)
    live = with_statements(a_settled_organization(theirs), THEIRS, {**ours, **changed})
    assert codes_of(theirs, live) == expected


def test_ours_that_was_narrowed_by_hand_is_told(wanted: Desired, live: LiveOrganization) -> None:
    assert codes_of(wanted, with_statements(live, THEIRS)) == ["delegation-missing"]
    assert steps_of(wanted, with_statements(live, THEIRS)) == {}


def test_ours_that_was_deleted_is_forgotten_by_its_stack_and_then_made_again(
    wanted: Desired, live: LiveOrganization
) -> None:
    gone = replace(live, resource_policy=None)
    steps = steps_of(wanted, gone)
    assert list(steps) == ["forget-deleted-policies", f"stack-{MANAGEMENT_STACK}"]
    assert steps["forget-deleted-policies"].act == DeployStack(MANAGEMENT_STACK, without=frozenset({DELEGATION}))
    assert codes_of(wanted, gone) == []


def test_the_intent_that_leaves_it_to_others_lets_the_stacks_own_stand(theirs: Desired) -> None:
    assert codes_of(theirs, a_settled_organization(theirs)) == []


def test_a_stack_that_failed_before_it_made_one_has_none(wanted: Desired, live: LiveOrganization) -> None:
    failed = with_stack(with_statements(live, THEIRS), MANAGEMENT_STACK, resource_policy_id=None)
    assert "resource-policy-taken" in codes_of(wanted, failed)
