"""What the whole organisation depends on."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.rollout.live import LiveAttachment
from strongroom.services.doctor import look_around
from strongroom.services.doctor.visit import Visit
from tests.builders.doctor import a_trail
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, PRODUCTION
from tests.builders.rollout import a_region_with_opt_ins
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization

type Change = Callable[[FakeOrganization, FakePatient], None]


def _live(**changed: object) -> Change:
    return lambda organization, _: setattr(organization, "live", replace(organization.live, **changed))  # type: ignore[arg-type]


def _others(organization: FakeOrganization, _: FakePatient) -> None:
    theirs = LiveAttachment(name="aws-guardrails", type="SERVICE_CONTROL_POLICY")
    attached = organization.live.attached
    organization.live = replace(organization.live, attached={**attached, PRODUCTION: (*attached[PRODUCTION], theirs)})


def _bare(organization: FakeOrganization, _: FakePatient) -> None:
    organization.live = replace(organization.live, attached=dict.fromkeys(organization.live.attached, ()))


@pytest.mark.parametrize(("check", "look"), look_around.LOOKS, ids=lambda value: getattr(value, "id", ""))
def test_where_all_is_well_everything_holds(check: object, look: Callable[[Visit], object], visit: Visit) -> None:
    assert {line.outcome for line in look(visit)} == {Outcome.HOLDS}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "change", "outcome"),
    [
        ("concurrency", lambda _, patient: setattr(patient, "limit", 10), Outcome.FAILS),
        ("slots", _live(scps_per_target=None), Outcome.UNSEEN),
        ("slots", _live(scps_per_target=2), Outcome.FAILS),
        ("slots", _bare, Outcome.FAILS),
        ("others", _others, Outcome.FAILS),
        ("resource_policy", _live(resource_policy=None), Outcome.FAILS),
        ("trail", lambda _, patient: setattr(patient, "found_trails", (a_trail(is_logging=False),)), Outcome.FAILS),
        ("switches", _live(stack_sets_are_active=False), Outcome.FAILS),
    ],
)
def test_what_is_otherwise_is_told(
    name: str,
    change: Change,
    outcome: Outcome,
    visit: Visit,
    organization: FakeOrganization,
    patient: FakePatient,
) -> None:
    change(organization, patient)
    assert outcome in {line.outcome for line in getattr(look_around, name)(visit)}


@pytest.mark.parametrize("account", ["111111111111", PAYMENTS])
def test_a_type_that_is_off_in_one_place_is_told_there(account: str, visit: Visit, patient: FakePatient) -> None:
    patient.found_opt_ins[account, HOME] = a_region_with_opt_ins(RDS=False)
    failing = [line for line in look_around.opt_ins(visit) if line.outcome is Outcome.FAILS]
    assert [(line.where, line.evidence) for line in failing] == [(f"{account} {HOME}", "not served: RDS")]


def test_quotas_are_those_of_the_control_plane(visit: Visit, patient: FakePatient) -> None:
    list(look_around.concurrency(visit))
    assert patient.asked == [f"concurrency {BACKUP_ACCOUNT} {HOME}"]
