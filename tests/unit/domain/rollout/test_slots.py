"""Whether there is room for our policies beside those of others, before anything is changed."""

from copy import replace

import pytest

from strongroom.domain.backup_policy.quotas import POLICIES_PER_TARGET
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired, governed_targets
from strongroom.domain.rollout.live import LiveAttachment, LiveOrganization
from strongroom.domain.rollout.slots import MOST_SCPS_PER_TARGET
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY
from tests.builders.rollout import a_desired_organization, an_empty_organization
from tests.unit.domain.rollout.plans import codes, findings_of

CODES = {"no-slot", "slots-unknown"}


def crowded(wanted: Desired, live: LiveOrganization, *, kind: str, until: int) -> LiveOrganization:
    """Others attached so many policies to the governed unit that ours would make `until`."""
    [target] = governed_targets(wanted.intent)
    ours = {policy.name for policy in wanted.policies if policy.type == kind and target in policy.targets}
    there = {each.name for each in live.attached[target] if each.type == kind}
    strangers = [
        LiveAttachment(name=f"aws-guardrails-{number}", type=kind) for number in range(until - len(there | ours))
    ]
    return replace(live, attached={**live.attached, target: (*live.attached[target], *strangers)})


def told(wanted: Desired, live: LiveOrganization) -> list[str]:
    return [code for code in codes(findings_of(wanted, live)) if code in CODES]


@pytest.mark.parametrize(
    ("kind", "quota", "until", "expected"),
    [
        pytest.param(SERVICE_CONTROL_POLICY, None, 5, [], id="both limits hold"),
        pytest.param(SERVICE_CONTROL_POLICY, None, 6, ["slots-unknown"], id="the older limit would not"),
        pytest.param(SERVICE_CONTROL_POLICY, None, MOST_SCPS_PER_TARGET, ["slots-unknown"], id="the newer one just"),
        pytest.param(SERVICE_CONTROL_POLICY, None, 11, ["no-slot"], id="no limit would"),
        pytest.param(SERVICE_CONTROL_POLICY, 10, 10, [], id="ten are known to be taken"),
        pytest.param(SERVICE_CONTROL_POLICY, 10, 11, ["no-slot"], id="ten are known to be taken, eleven needed"),
        pytest.param(SERVICE_CONTROL_POLICY, 5, 6, ["no-slot"], id="five are known to be taken"),
        pytest.param(BACKUP_POLICY, None, POLICIES_PER_TARGET, [], id="backup policies just fit"),
        pytest.param(BACKUP_POLICY, None, POLICIES_PER_TARGET + 1, ["no-slot"], id="one backup policy too many"),
    ],
)
def test_slots_that_others_have_taken_are_told(
    wanted: Desired, kind: str, quota: int | None, until: int, expected: list[str]
) -> None:
    live = replace(an_empty_organization(wanted), scps_per_target=quota)
    assert told(wanted, crowded(wanted, live, kind=kind, until=until)) == expected


@pytest.mark.parametrize(("theirs", "expected"), [(3, []), (4, ["no-slot"])])
def test_two_documents_need_two_slots_beside_those_of_others(intent: Intent, theirs: int, expected: list[str]) -> None:
    plain = replace(intent, guardrails=replace(intent.guardrails, tag_required_on=(), landing_zone_role_arns=()))
    wanted = a_desired_organization(replace(plain, guardrails=replace(plain.guardrails, scp_slots=3)))
    [target] = governed_targets(wanted.intent)
    ours = [each for each in wanted.policies if each.type == SERVICE_CONTROL_POLICY and target in each.targets]
    assert len(ours) == 2
    live = replace(an_empty_organization(wanted), scps_per_target=5)
    assert told(wanted, crowded(wanted, live, kind=SERVICE_CONTROL_POLICY, until=theirs + len(ours))) == expected


def test_what_hangs_there_already_needs_no_slot(wanted: Desired, live: LiveOrganization) -> None:
    full = crowded(wanted, replace(live, scps_per_target=5), kind=SERVICE_CONTROL_POLICY, until=8)
    assert told(wanted, full) == []


def test_the_error_names_the_target_and_what_is_there(wanted: Desired) -> None:
    [target] = governed_targets(wanted.intent)
    live = crowded(wanted, an_empty_organization(wanted), kind=SERVICE_CONTROL_POLICY, until=11)
    [finding] = [each for each in findings_of(wanted, live) if each.code == "no-slot"]
    assert finding.path == target
    assert f"{target} would have 11 service control policies, of which are there: FullAWSAccess, " in finding.message
    assert "aws-guardrails-0" in finding.message
    assert "AWS takes 10" in finding.message


def test_a_policy_that_is_replaced_needs_a_slot_of_its_own_for_a_while(wanted: Desired, live: LiveOrganization) -> None:
    [target] = governed_targets(wanted.intent)
    old = LiveAttachment(name="strongroom-protect-backups-9", type=SERVICE_CONTROL_POLICY)
    kept = tuple(each for each in live.attached[target] if each.name != "strongroom-protect-backups")
    there = (*kept, old)
    quota = len([each for each in there if each.type == SERVICE_CONTROL_POLICY])
    renamed = replace(live, attached={**live.attached, target: there}, scps_per_target=quota)
    assert told(wanted, renamed) == ["no-slot"]
