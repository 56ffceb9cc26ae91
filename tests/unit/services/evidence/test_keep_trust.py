"""Whom the watch believes: people and rules of the intent that it carries, and the log by its own keys."""

from copy import replace
from datetime import timedelta

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rulebook.in_force import FORMAT
from strongroom.domain.rulebook.trust import proof_trust
from strongroom.domain.written import moment_text
from tests.builders.restores import NOW, POLICY
from tests.fakes.evidence.watching import WatchWorld

EARLIER = read_policy(POLICY).digest


def _in_force(watch: WatchWorld) -> str:
    return read_policy(watch.ceremony.policy_of(watch.ceremony.draft_account(), "Production")).digest


def test_the_rules_of_the_intent_are_in_force_and_its_people_are_believed(watch: WatchWorld) -> None:
    trust = watch.trust.at(NOW)
    assert trust.was_in_force(_in_force(watch), at=NOW)
    assert trust.proofs.passkeys == proof_trust(watch.intent).passkeys
    assert trust.log == watch.log_trust


def _record(watch: WatchWorld, *, days: int, policies: list[list[str | None]]) -> None:
    """Whoever deploys writes down which rules hold from that day on."""
    at = moment_text(NOW + timedelta(days=days))
    text = canonical_text({"at": at, "format": FORMAT, "policies": policies})
    watch.ceremony.shelf.put_new(policy_key(digest_of(text)), text)


def test_the_record_says_which_rules_were_in_force_when_and_the_intent_does_no_more(watch: WatchWorld) -> None:
    now = _in_force(watch)
    _record(watch, days=-9, policies=[[EARLIER, None, None]])
    _record(watch, days=-1, policies=[[now, None, None]])
    trust = watch.trust.at(NOW)
    assert trust.was_in_force(EARLIER, at=NOW - timedelta(days=2))
    assert trust.had_begun(EARLIER, at=NOW)
    assert not trust.was_in_force(EARLIER, at=NOW)
    assert trust.was_in_force(now, at=NOW)
    assert not trust.was_in_force(now, at=NOW - timedelta(days=2))


def test_attack_26_rules_of_the_intent_that_were_ended_count_no_longer(watch: WatchWorld) -> None:
    _record(watch, days=-1, policies=[[EARLIER, None, None]])
    assert not watch.trust.at(NOW).was_in_force(_in_force(watch), at=NOW)


def test_attack_26_rules_that_nobody_has_put_into_force_never_count(watch: WatchWorld) -> None:
    watch.ceremony.shelf.put_new(policy_key(EARLIER), POLICY)
    assert not watch.trust.at(NOW).had_begun(EARLIER, at=NOW)


def test_rules_turn_when_a_passkey_does(intent: Intent) -> None:
    watch = WatchWorld(intent)
    maria = watch.intent.people["maria"]
    until = NOW + timedelta(hours=1)
    people = watch.intent.people | {
        "maria": replace(maria, passkeys=(replace(maria.passkeys[0], until=until),)),
    }
    watch.intent = watch.ceremony.intent = replace(watch.intent, people=people)
    before = _in_force(watch)
    watch.ceremony.now = until + timedelta(seconds=1)
    after = _in_force(watch)
    trust = watch.trust.at(NOW)
    assert before != after
    assert trust.was_in_force(before, at=NOW)
    assert trust.was_in_force(after, at=until + timedelta(seconds=1))
    assert not trust.was_in_force(before, at=until + timedelta(seconds=1))
