"""The whole visit: in order, as found, and not stopped by what it cannot see."""

from copy import replace

import pytest

from strongroom.domain.doctor.checks import CHECKS, ORGANIZATION, TRAIL
from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.errors import (
    AccessRefusedError,
    CredentialsUnknownError,
    TemporarilyUnavailableError,
    WrongAccountError,
)
from strongroom.services.doctor.examine_organization import ensure_organization, examine_organization
from tests.builders.doctor import NOW, a_point, a_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, LOCAL_VAULT, PAYMENTS
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization


def test_every_check_is_told_in_its_order(organization: FakeOrganization, patient: FakePatient) -> None:
    patient.contents[LOCAL_VAULT] = a_vault(a_point())
    needs = patient.needs(organization.needs)
    lines = [
        ensure_organization(organization.wanted, needs=needs),
        *examine_organization(organization.wanted, needs=needs, now=NOW),
    ]
    assert list(dict.fromkeys(line.check for line in lines)) == [check.id for check in CHECKS]
    assert not any(line.is_alarming for line in lines)
    assert organization.acts == []


def test_nothing_is_read_before_its_line_is_asked_for(organization: FakeOrganization, patient: FakePatient) -> None:
    lines = examine_organization(organization.wanted, needs=patient.needs(organization.needs), now=NOW)
    assert patient.asked == []
    next(lines)
    assert patient.asked == [f"concurrency {BACKUP_ACCOUNT} {HOME}"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AccessRefusedError("x"), "no rights: x"),
        (TemporarilyUnavailableError("Rate exceeded"), "AWS throttles or does not answer: Rate exceeded"),
        (CredentialsUnknownError("x"), "the Region is off in that account: x"),
    ],
)
def test_what_cannot_be_seen_is_a_line_and_the_rest_goes_on(
    error: Exception, said: str, organization: FakeOrganization, patient: FakePatient
) -> None:
    patient.ails = {"trails": error, f"rules {PAYMENTS} {HOME}": error}  # type: ignore[dict-item]
    lines = list(examine_organization(organization.wanted, needs=patient.needs(organization.needs), now=NOW))
    unseen = {(line.check, line.where): line.evidence for line in lines if said in line.evidence}
    assert set(unseen) == {(TRAIL.id, "the organisation"), ("forwarders", f"{PAYMENTS} {HOME}")}
    assert [line.check for line in lines][-1] == CHECKS[-1].id


def test_an_organization_without_all_features_is_refused(organization: FakeOrganization, patient: FakePatient) -> None:
    switches = replace(organization.live.switches, feature_set="CONSOLIDATED_BILLING")
    organization.live = replace(organization.live, switches=switches)
    with pytest.raises(WrongAccountError, match="organizations:EnableAllFeatures"):
        ensure_organization(organization.wanted, needs=patient.needs(organization.needs))


def test_the_first_line_says_which_organization_it_is(organization: FakeOrganization, patient: FakePatient) -> None:
    first = ensure_organization(organization.wanted, needs=patient.needs(organization.needs))
    assert (first.check, first.outcome, first.where) == (ORGANIZATION.id, Outcome.HOLDS, "o-strongroom1")
