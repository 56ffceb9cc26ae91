"""Rules are kept as evidence before anybody decides by them, and when they were in force stands beside them."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import digest_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.kept_rules import unkept_rules
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import KeepRules, Step
from strongroom.domain.rulebook.agreement import RulesEvidence
from strongroom.domain.rulebook.in_force import read_record
from strongroom.domain.rulebook.policy_texts import policy_text
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.proving.passkeys import with_passkeys
from tests.builders.rollout import NOW, a_desired_organization, a_settled_organization, an_archive_of
from tests.unit.domain.rollout.plans import steps_of

LATER = NOW + timedelta(days=1)
EVIDENCE = RulesEvidence(text="what two governors signed", signatures=CryptographySignatures())


def rules(intent: Intent) -> str:
    return policy_text(intent, unit="Production", at=NOW)


def stricter(intent: Intent) -> Intent:
    return with_restores(intent, presence_max_age=timedelta(minutes=1))


def carrying(wanted: Desired, *carried: Intent) -> LiveOrganization:
    """An organisation whose functions carry these, whose rules are kept as they were applied."""
    found = tuple(a_desired_organization(each).compiled for each in carried)
    return replace(a_settled_organization(wanted), carried=found, kept_rules=an_archive_of(*carried))


def step_of(wanted: Desired, live: LiveOrganization, evidence: RulesEvidence | None = None) -> Step | None:
    return unkept_rules(wanted, live, now=LATER, evidence=evidence)


def texts_of(step: Step | None) -> tuple[str, ...]:
    assert step is not None
    assert isinstance(step.act, KeepRules)
    return step.act.texts


def test_rules_that_are_kept_are_no_step(intent: Intent) -> None:
    wanted = a_desired_organization(intent)
    assert step_of(wanted, carrying(wanted, intent)) is None


def test_new_rules_are_kept_and_both_are_in_force_until_the_functions_have_them(intent: Intent) -> None:
    wanted = a_desired_organization(stricter(intent))
    text, record = texts_of(step_of(wanted, carrying(wanted, intent)))
    assert text == rules(stricter(intent))
    held = read_record(record)
    assert (held.at, held.agreed) == (LATER, "")
    assert {each.digest for each in held.policies} == {digest_of(rules(each)) for each in (intent, stricter(intent))}


def test_the_step_names_the_rules_of_each_place_by_their_digest(intent: Intent) -> None:
    wanted = a_desired_organization(stricter(intent))
    step = step_of(wanted, carrying(wanted, intent))
    assert step is not None
    before, after = (digest_of(rules(each)) for each in (intent, stricter(intent)))
    assert (step.account, step.region) == ("888888888888", "eu-west-1")
    assert (step.before, step.after) == (before, f"Production {before}, {after}")


def test_once_the_functions_have_them_the_former_rules_end(intent: Intent) -> None:
    wanted = a_desired_organization(stricter(intent))
    live = replace(carrying(wanted, stricter(intent)), kept_rules=an_archive_of(intent, stricter(intent)))
    [record] = texts_of(step_of(wanted, live))
    assert [each.digest for each in read_record(record).policies] == [digest_of(rules(stricter(intent)))]


def test_what_is_carried_and_was_never_kept_is_kept_first_of_all(intent: Intent) -> None:
    wanted = a_desired_organization(stricter(intent))
    first, second, _ = texts_of(step_of(wanted, replace(carrying(wanted, intent), kept_rules={})))
    assert (first, second) == (rules(intent), rules(stricter(intent)))


def test_a_text_that_is_gone_is_put_again_though_it_was_recorded(intent: Intent) -> None:
    wanted, lost = a_desired_organization(intent), digest_of(rules(intent))
    live = carrying(wanted, intent)
    kept = {digest: text for digest, text in live.kept_rules.items() if digest != lost}
    assert texts_of(step_of(wanted, replace(live, kept_rules=kept))) == (rules(intent),)


def test_a_passkey_that_ends_by_itself_is_no_step(intent: Intent) -> None:
    signed = with_passkeys(intent, "maria", until=NOW + timedelta(hours=1))
    wanted = a_desired_organization(signed)
    assert step_of(wanted, carrying(wanted, signed)) is None


def test_what_governors_signed_is_kept_beside_looser_rules(intent: Intent) -> None:
    signed = with_passkeys(intent)
    wanted = a_desired_organization(with_restores(signed, presence_max_age=timedelta(minutes=20)))
    text, evidence, record = texts_of(step_of(wanted, carrying(wanted, signed), EVIDENCE))
    assert (text, evidence) == (rules(wanted.intent), EVIDENCE.text)
    assert read_record(record).agreed == digest_of(EVIDENCE.text)


@pytest.mark.parametrize("is_signed", [True, False], ids=["stricter", "signed by nobody yet"])
def test_evidence_that_nothing_needs_is_not_kept(intent: Intent, is_signed: object) -> None:
    before = with_passkeys(intent) if is_signed else intent
    wanted = a_desired_organization(stricter(before))
    _, record = texts_of(step_of(wanted, carrying(wanted, before), EVIDENCE))
    assert read_record(record).agreed == ""


def test_rules_that_cannot_be_kept_or_do_not_exist_are_no_step(intent: Intent) -> None:
    without = a_desired_organization(an_intent_without_ceremony(intent))
    assert step_of(without, replace(carrying(without), kept_rules={})) is None
    nowhere = replace(intent, organization=replace(intent.organization, audit_account=None))
    wanted = a_desired_organization(nowhere)
    assert step_of(wanted, replace(carrying(wanted), kept_rules={})) is None


def test_that_the_ceremony_ends_is_recorded(intent: Intent) -> None:
    wanted = a_desired_organization(an_intent_without_ceremony(intent))
    wanted = replace(wanted, intent=replace(wanted.intent, organization=intent.organization))
    assert step_of(wanted, carrying(wanted, intent)) is None, "it is in force until the functions forget it"
    [record] = texts_of(step_of(wanted, replace(carrying(wanted, wanted.intent), kept_rules=an_archive_of(intent))))
    assert read_record(record).policies == ()


def test_rules_are_kept_before_anything_else_of_the_ceremony_changes(intent: Intent) -> None:
    wanted = a_desired_organization(stricter(intent))
    live = carrying(wanted, intent)
    assert list(steps_of(wanted, live)) == ["rules", "control-plane"]
