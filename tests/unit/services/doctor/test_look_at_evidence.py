"""The log is looked at in the audit account, by the keys that the intent names."""

from copy import replace

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.services.doctor.look_at_evidence import evidence_log
from strongroom.services.doctor.visit import Visit
from tests.builders.doctor import NOW
from tests.builders.places import HOME
from tests.builders.proving.ceremony import LOG_ORIGIN, THE_LOG, THE_WITNESS
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization

AUDIT = AccountId("888888888888")
LOG = EvidenceLog(origin=LOG_ORIGIN, log_key=THE_LOG.key.text, witness=THE_WITNESS.key.text)


def a_visit(organization: FakeOrganization, patient: FakePatient, intent: Intent) -> Visit:
    desired = replace(organization.wanted, intent=intent)
    return Visit(desired, needs=patient.needs(organization.needs), now=NOW)


def with_log(intent: Intent, log: EvidenceLog | None) -> Intent:
    place = replace(intent.organization, audit_account=AUDIT)
    return replace(intent, organization=place, evidence=log)


def test_the_log_is_judged_by_the_keys_of_the_intent(
    organization: FakeOrganization, patient: FakePatient, intent: Intent
) -> None:
    [line] = evidence_log(a_visit(organization, patient, with_log(intent, LOG)))
    assert (line.outcome, line.where) == (Outcome.HOLDS, f"{AUDIT} {HOME}")
    patient.found_log = replace(patient.found_log, checkpoint=None)
    [line] = evidence_log(a_visit(organization, patient, with_log(intent, LOG)))
    assert line.is_alarming


def test_an_intent_that_names_no_keys_is_told(
    organization: FakeOrganization, patient: FakePatient, intent: Intent
) -> None:
    for log in (None, replace(LOG, witness=None), replace(LOG, log_key=None)):
        [line] = evidence_log(a_visit(organization, patient, with_log(intent, log)))
        assert line.outcome is Outcome.UNSEEN


def test_without_a_ceremony_there_is_nothing_to_look_at(
    organization: FakeOrganization, patient: FakePatient, intent: Intent
) -> None:
    [line] = evidence_log(a_visit(organization, patient, replace(with_log(intent, LOG), restores=None)))
    assert line.outcome is Outcome.HOLDS
    assert patient.asked == []
