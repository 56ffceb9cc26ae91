"""What nights of backups left."""

from copy import replace

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.rollout.surroundings.keys import SourceFound
from strongroom.services.doctor import look_at_backups
from strongroom.services.doctor.visit import Visit
from tests.builders.air_gaps import with_own_gap
from tests.builders.doctor import NOW, a_job, a_key, a_point, a_vault
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization


def test_copies_are_looked_at_where_they_arrive(visit: Visit, patient: FakePatient) -> None:
    patient.contents[CENTRAL_VAULT] = a_vault(a_point(key="arn:other"), arn=CENTRAL_VAULT)
    outcomes = {line.where: line.outcome for line in look_at_backups.copy_keys(visit)}
    assert outcomes == {f"RDS in {CENTRAL_VAULT}": Outcome.FAILS, REPLICA_VAULT: Outcome.UNSEEN}


def test_plans_are_named_where_they_work(visit: Visit, patient: FakePatient) -> None:
    patient.contents[LOCAL_VAULT] = a_vault(a_point())
    assert [(line.where, line.outcome) for line in look_at_backups.origins(visit)] == [
        (f"RDS in {LOCAL_VAULT}", Outcome.HOLDS)
    ]


def test_the_last_jobs_are_those_of_every_account(visit: Visit, patient: FakePatient) -> None:
    patient.found_jobs = (a_job(), a_job("copy", state="FAILED"))
    assert [line.where for line in look_at_backups.jobs(visit) if line.is_alarming] == ["copy jobs of RDS"]


def test_keys_of_sources_are_looked_at_in_every_account(visit: Visit, patient: FakePatient) -> None:
    [nothing] = look_at_backups.source_keys(visit)
    assert (nothing.outcome, nothing.where) == (Outcome.UNSEEN, f"{PAYMENTS} {HOME}")
    patient.found_sources = (
        SourceFound(name="db-1", type="RDS", key=a_key()),
        SourceFound(name="vol-1", type="EBS", key=a_key(manager="AWS")),
    )
    assert [line.outcome for line in look_at_backups.source_keys(visit)] == [Outcome.HOLDS, Outcome.FAILS]


def test_expiry_is_looked_at_in_every_vault(visit: Visit, patient: FakePatient) -> None:
    patient.contents[LOCAL_VAULT] = a_vault(a_point(status="EXPIRED"))
    outcomes = {line.where: line.outcome for line in look_at_backups.expiry(visit)}
    assert outcomes == {
        LOCAL_VAULT: Outcome.FAILS,
        CENTRAL_VAULT: Outcome.UNSEEN,
        REPLICA_VAULT: Outcome.UNSEEN,
    }


def test_what_went_on_into_an_air_gapped_vault_is_not_gone_before_its_time(
    organization: FakeOrganization, patient: FakePatient
) -> None:
    patient.found_jobs = tuple(a_job(type=kind, point=f"gone-{kind}") for kind in ("EBS", "RDS"))
    wanted = organization.wanted
    for intent, gone in ((wanted.intent, {"gone-EBS", "gone-RDS"}), (with_own_gap(wanted.intent), {"gone-RDS"})):
        visit = Visit(replace(wanted, intent=intent), needs=patient.needs(organization.needs), now=NOW)
        (local,) = (line for line in look_at_backups.expiry(visit) if line.where == LOCAL_VAULT)
        assert {point for point in ("gone-EBS", "gone-RDS") if point in local.evidence} == gone
