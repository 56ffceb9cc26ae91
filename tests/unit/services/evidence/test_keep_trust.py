"""Whom the watch believes: people and rules of the intent that it carries, and the log by its own keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rulebook.trust import proof_trust
from tests.builders.restores import NOW, POLICY
from tests.fakes.evidence.watching import WatchWorld

EARLIER = read_policy(POLICY).digest


def _in_force(watch: WatchWorld) -> str:
    return read_policy(watch.ceremony.policy_of(watch.ceremony.draft_account(), "Production")).digest


def test_the_rules_of_the_intent_are_in_force_and_its_people_are_believed(watch: WatchWorld) -> None:
    trust = watch.trust.at(NOW, with_earlier=False)
    assert trust.was_in_force(_in_force(watch), at=NOW)
    assert trust.proofs.passkeys == proof_trust(watch.intent).passkeys
    assert trust.log == watch.log_trust


@pytest.mark.parametrize(("with_earlier", "counts"), [(True, True), (False, False)])
def test_replaced_rules_had_begun_and_count_as_in_force_only_where_that_is_asked(
    with_earlier: bool,  # noqa: FBT001 - a case of the table
    counts: bool,  # noqa: FBT001
    watch: WatchWorld,
) -> None:
    watch.ceremony.shelf.put_new(policy_key(EARLIER), POLICY)
    trust = watch.trust.at(NOW, with_earlier=with_earlier)
    assert trust.was_in_force(EARLIER, at=NOW) is counts
    assert trust.had_begun(EARLIER, at=NOW)


def test_attack_26_rules_that_nobody_has_put_into_force_never_count(watch: WatchWorld) -> None:
    trust = watch.trust.at(NOW, with_earlier=True)
    assert not trust.had_begun(EARLIER, at=NOW)


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
    trust = watch.trust.at(NOW, with_earlier=False)
    assert before != after
    assert trust.was_in_force(before, at=NOW)
    assert trust.was_in_force(after, at=until + timedelta(seconds=1))
    assert not trust.was_in_force(before, at=until + timedelta(seconds=1))
