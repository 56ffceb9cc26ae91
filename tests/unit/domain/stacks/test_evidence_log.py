"""The log and its witness are called as the intent says, for their names stand in every piece of evidence."""

from copy import replace

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.stacks.evidence_log import LogNames, log_names
from tests.builders.proving.ceremony import THE_WITNESS

OWN = "strongroom-888888888888-eu-west-1"


def names(intent: Intent, log: EvidenceLog | None) -> LogNames:
    """Under that section."""
    place = replace(intent.organization, audit_account=AccountId("888888888888"))
    return log_names(replace(intent, organization=place, evidence=log))


def test_without_a_name_they_are_called_by_account_and_region(intent: Intent) -> None:
    assert names(intent, None) == LogNames(origin=f"{OWN}/log", witness=f"{OWN}/witness")
    assert names(intent, EvidenceLog()) == names(intent, None)


def test_an_origin_that_is_given_is_the_log_s(intent: Intent) -> None:
    named = names(intent, EvidenceLog(origin="example.com/restores"))
    assert named == LogNames(origin="example.com/restores", witness=f"{OWN}/witness")


def test_a_witness_s_key_that_is_given_names_it(intent: Intent) -> None:
    named = names(intent, EvidenceLog(origin="example.com/restores", witness=THE_WITNESS.key.text))
    assert named == LogNames(origin="example.com/restores", witness=THE_WITNESS.key.name)
