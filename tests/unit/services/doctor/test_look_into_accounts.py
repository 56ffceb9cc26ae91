"""What the rollout made, in every account."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.regions import enabling
from strongroom.domain.rollout.live import LiveShare, LiveVault
from strongroom.domain.rollout.members import LiveMembers
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom.services.doctor import look_into_accounts
from strongroom.services.doctor.visit import Visit
from tests.builders.air_gaps import CENTRAL_GAP, TEAM, with_central_gap
from tests.builders.doctor import NOW, a_bus, a_key
from tests.builders.intents import with_restores, with_vault
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    MANAGEMENT,
    PAYMENTS,
    PRODUCTION,
    REPLICA_VAULT,
    TEMPORARY_VAULT,
    VAULT_ACCOUNT,
)
from tests.builders.restores import PROFILE
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization


@pytest.mark.parametrize(("check", "look"), look_into_accounts.LOOKS, ids=lambda value: getattr(value, "id", ""))
def test_where_all_is_well_everything_holds(check: object, look: Callable[[Visit], object], visit: Visit) -> None:
    assert {line.outcome for line in look(visit)} == {Outcome.HOLDS}  # type: ignore[attr-defined]


def test_a_stack_set_that_is_gone_is_told(visit: Visit, organization: FakeOrganization) -> None:
    organization.live = replace(organization.live, members=LiveMembers())
    [line] = look_into_accounts.instances(visit)
    assert (line.outcome, line.where) == (Outcome.FAILS, "strongroom-member")


MILAN = Region("eu-south-1")


@pytest.mark.parametrize(
    ("status", "outcome", "told"),
    [
        ("ENABLED", Outcome.HOLDS, ""),
        ("DISABLED", Outcome.FAILS, enabling(MILAN, PAYMENTS, opt_status="DISABLED", management=MANAGEMENT)),
        ("DISABLING", Outcome.FAILS, enabling(MILAN, PAYMENTS, opt_status="DISABLING", management=MANAGEMENT)),
        (None, Outcome.UNSEEN, "account:GetRegionOptStatus"),
    ],
    ids=["on", "off", "going off", "not seen"],
)
def test_a_region_that_an_account_has_off_is_told_with_what_enables_it(
    status: str | None, outcome: Outcome, told: str, organization: FakeOrganization, visit: Visit
) -> None:
    template = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME, MILAN))
    organization.bind(StackSet(name="strongroom-member", template=template, units=(PRODUCTION,)))
    statuses = {(PAYMENTS, MILAN): status}
    organization.live = replace(organization.live, members=replace(organization.live.members, opt_statuses=statuses))
    again = Visit(organization.wanted, needs=visit.needs, now=NOW)
    [line] = [line for line in look_into_accounts.regions(again) if line.where == f"{PAYMENTS} {MILAN}"]
    assert line.outcome is outcome
    assert told in line.remedy


def test_members_are_read_once_for_regions_and_stacks(visit: Visit, organization: FakeOrganization) -> None:
    assert {line.outcome for line in look_into_accounts.regions(visit)} == {Outcome.HOLDS}
    organization.live = replace(organization.live, members=LiveMembers())
    assert {line.outcome for line in look_into_accounts.instances(visit)} == {Outcome.HOLDS}


def test_recorders_do_not_matter_without_a_framework(visit: Visit, organization: FakeOrganization) -> None:
    intent = replace(visit.intent, audit=replace(visit.intent.audit, framework=False))
    without = Visit(replace(visit.desired, intent=intent), needs=visit.needs, now=visit.now)
    [line] = look_into_accounts.recorders(without)
    assert (line.outcome, line.where) == (Outcome.HOLDS, "audit.framework")


def test_a_recorder_that_nobody_saw_is_unseen(visit: Visit, organization: FakeOrganization) -> None:
    organization.live = replace(organization.live, unrecorded={})
    assert [line.outcome for line in look_into_accounts.recorders(visit)] == [Outcome.UNSEEN]


def test_every_vault_has_its_key_looked_at(visit: Visit, patient: FakePatient) -> None:
    patient.found_key = a_key(state="PendingDeletion")
    lines = list(look_into_accounts.vault_keys(visit))
    assert {line.where for line in lines} == {CENTRAL_VAULT, REPLICA_VAULT, LOCAL_VAULT}
    assert {line.outcome for line in lines} == {Outcome.FAILS}


def let(account: str) -> dict[str, Any]:
    """A statement that lets the account use a key."""
    return {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}}


@pytest.fixture
def gapped(organization: FakeOrganization, patient: FakePatient) -> Visit:
    """The backup account has an air-gapped vault besides."""
    wanted = replace(organization.wanted, intent=with_central_gap(organization.wanted.intent))
    return Visit(wanted, needs=patient.needs(organization.needs), now=NOW)


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        pytest.param({}, Outcome.HOLDS, id="it serves"),
        pytest.param({"statements": ()}, Outcome.FAILS, id="closed"),
        pytest.param({"state": "Disabled"}, Outcome.FAILS, id="disabled"),
        pytest.param({"statements": (let(PAYMENTS),)}, Outcome.FAILS, id="for a governed account alone"),
        pytest.param({"statements": (let(BACKUP_ACCOUNT),)}, Outcome.FAILS, id="for its own account alone"),
        pytest.param({"statements": (let(PAYMENTS), let(BACKUP_ACCOUNT))}, Outcome.HOLDS, id="for both"),
    ],
)
def test_a_key_of_its_owners_that_an_air_gapped_vault_lies_under_is_looked_at(
    gapped: Visit, organization: FakeOrganization, patient: FakePatient, changed: dict[str, Any], outcome: Outcome
) -> None:
    patient.found_key = a_key(**changed)
    lies = LiveVault(is_locked=True, key=patient.found_key.arn)
    organization.live = replace(organization.live, vaults={**organization.live.vaults, CENTRAL_GAP: lies})
    told = {line.where: line.outcome for line in look_into_accounts.vault_keys(gapped)}
    assert told[CENTRAL_GAP] is outcome


def test_the_key_of_aws_that_an_air_gapped_vault_lies_under_is_not_looked_at(gapped: Visit) -> None:
    assert CENTRAL_GAP in gapped.copy_vaults
    assert {line.where for line in look_into_accounts.vault_keys(gapped)} == {CENTRAL_VAULT, REPLICA_VAULT, LOCAL_VAULT}


def test_b_7_the_key_of_a_temporary_vault_lets_the_backup_account_copy_and_is_one_of_the_profile(
    organization: FakeOrganization, patient: FakePatient
) -> None:
    def told(key: str) -> tuple[Outcome, str]:
        profiles = (replace(PROFILE, keys=(key,)), replace(PROFILE, account=VAULT_ACCOUNT))
        wanted = replace(organization.wanted, intent=with_restores(organization.wanted.intent, profiles=profiles))
        visit = Visit(wanted, needs=patient.needs(organization.needs), now=NOW)
        lines = [line for line in look_into_accounts.vault_keys(visit) if "strongroom-restores" in line.where]
        assert [line.where for line in lines] == [TEMPORARY_VAULT], "of what is not governed nothing is read"
        return lines[0].outcome, lines[0].evidence

    assert told(patient.found_key.arn)[0] is Outcome.HOLDS
    assert told("arn:aws:kms:eu-west-1:222222222222:key/other")[0] is Outcome.FAILS
    patient.found_key = a_key(statements=())
    outcome, evidence = told(patient.found_key.arn)
    assert (outcome, f"does not grant {BACKUP_ACCOUNT}" in evidence) == (Outcome.FAILS, True)


def test_a_vault_that_is_gone_stops_none_of_the_others(visit: Visit, patient: FakePatient) -> None:
    patient.missing_vaults.add(CENTRAL_VAULT)
    outcomes = {line.where: line.outcome for line in look_into_accounts.vault_keys(visit)}
    assert outcomes[CENTRAL_VAULT] is Outcome.UNSEEN
    assert outcomes[LOCAL_VAULT] is Outcome.HOLDS


def test_a_lock_that_was_taken_off_is_told(visit: Visit, organization: FakeOrganization) -> None:
    vaults = organization.live.vaults
    organization.live = replace(
        organization.live, vaults={**vaults, CENTRAL_VAULT: replace(vaults[CENTRAL_VAULT], is_locked=False)}
    )
    assert [line.where for line in look_into_accounts.locks(visit) if line.is_alarming] == [CENTRAL_VAULT]


def test_a_bus_without_policy_is_told(visit: Visit, patient: FakePatient) -> None:
    patient.found_bus = a_bus(statements=())
    assert [line.outcome for line in look_into_accounts.bus(visit)] == [Outcome.FAILS]


def test_forwarders_are_looked_at_wherever_events_come_from(visit: Visit, patient: FakePatient) -> None:
    list(look_into_accounts.forwarders(visit))
    assert sorted(patient.asked) == [
        "rules 111111111111 us-east-1",
        f"rules {PAYMENTS} {HOME}",
        f"rules {PAYMENTS} us-east-1",
        f"rules {BACKUP_ACCOUNT} us-east-1",
    ]


def test_forwarders_of_an_account_of_vaults_are_looked_at_where_they_stand(
    organization: FakeOrganization, patient: FakePatient
) -> None:
    far = with_vault(organization.wanted.intent, "far", Vault(name="far", account=VAULT_ACCOUNT, region="eu-north-1"))
    wider = Visit(replace(organization.wanted, intent=far), needs=patient.needs(organization.needs), now=NOW)
    told = {line.where: line.outcome for line in look_into_accounts.forwarders(wider) if VAULT_ACCOUNT in line.where}
    north = f"{VAULT_ACCOUNT} eu-north-1"
    assert told == dict.fromkeys((north, f"{north} to the audit account", f"{VAULT_ACCOUNT} us-east-1"), Outcome.HOLDS)


@pytest.mark.parametrize(
    ("name", "principals", "outcome", "told"),
    [
        ("strongroom-central-gapped", {PAYMENTS}, Outcome.HOLDS, f"shared with {PAYMENTS}"),
        ("strongroom-central-gapped", set(), Outcome.FAILS, f"not shared with {PAYMENTS}"),
        (
            "strongroom-central-gapped",
            {PAYMENTS, "123456789012"},
            Outcome.FAILS,
            "shared with 123456789012, which is not to restore",
        ),
        ("mine", {"123456789012"}, Outcome.FAILS, "mine shares it with 123456789012"),
    ],
    ids=["shared", "not shared", "one too many", "by somebody else"],
)
def test_with_whom_an_air_gapped_vault_is_shared_is_told(
    name: str, principals: set[str], outcome: Outcome, told: str, visit: Visit, organization: FakeOrganization
) -> None:
    visit.desired = replace(visit.desired, intent=with_central_gap(visit.intent))
    assert_shares_are_told(visit, organization, name=name, principals=principals, outcome=outcome, told=told)


@pytest.mark.parametrize(
    ("name", "principals", "outcome", "told"),
    [
        ("strongroom-central-gapped", set(), Outcome.HOLDS, "shared with none"),
        ("strongroom-central-gapped", {PAYMENTS}, Outcome.FAILS, f"shared with {PAYMENTS}, which is not to restore"),
        ("mine", {"123456789012"}, Outcome.FAILS, "mine shares it with 123456789012"),
    ],
    ids=["not shared", "still shared", "by somebody else"],
)
def test_a_vault_that_a_team_opens_is_told_where_it_is_shared(
    name: str, principals: set[str], outcome: Outcome, told: str, visit: Visit, organization: FakeOrganization
) -> None:
    visit.desired = replace(visit.desired, intent=with_central_gap(visit.intent, approval_team=TEAM))
    assert_shares_are_told(visit, organization, name=name, principals=principals, outcome=outcome, told=told)


def test_a_second_share_of_our_name_is_told(visit: Visit, organization: FakeOrganization) -> None:
    visit.desired = replace(visit.desired, intent=with_central_gap(visit.intent))
    shares = tuple(
        LiveShare(arn=f"arn:{each}", name="strongroom-central-gapped", principals=frozenset({PAYMENTS}))
        for each in "ab"
    )
    organization.live = replace(organization.live, shares={CENTRAL_GAP: shares})
    [line] = look_into_accounts.shares(visit)
    assert line.outcome is Outcome.FAILS
    assert "2 shares are called strongroom-central-gapped" in line.evidence


def assert_shares_are_told(
    visit: Visit, organization: FakeOrganization, *, name: str, principals: set[str], outcome: Outcome, told: str
) -> None:
    share = LiveShare(arn="arn:share", name=name, principals=frozenset(principals))
    organization.live = replace(organization.live, shares={CENTRAL_GAP: (share,)})
    [line] = look_into_accounts.shares(visit)
    assert (line.where, line.outcome) == (CENTRAL_GAP, outcome)
    assert told in line.evidence
