"""Rules that change by themselves, because a passkey begins or ends, are told with the day."""

from datetime import UTC, datetime

from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rulebook.periods import rules_from, turns
from tests.builders.proving.passkeys import with_passkeys

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
SOON, LATER = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def test_what_never_changes_is_held_once(intent: Intent) -> None:
    [held] = rules_from(with_passkeys(intent), at=NOW)
    assert (held.place.name, held.since) == ("Production", None)


def test_a_passkey_that_begins_and_ends_makes_three_sets_of_rules(intent: Intent) -> None:
    held = rules_from(with_passkeys(intent, "maria", since=SOON, until=LATER), at=NOW)
    assert [(each.since, sorted(read_policy(each.text).people)) for each in held] == [
        (None, []),
        (SOON, ["idp|maria"]),
        (LATER, []),
    ]
    first, second, third = (each.digest for each in held)
    assert first == third != second


def test_a_passkey_of_somebody_who_is_not_asked_there_changes_nothing(intent: Intent) -> None:
    assert len(rules_from(with_passkeys(intent, "ada", since=SOON, until=LATER), at=NOW)) == 1


def test_turns_that_are_over_are_none(intent: Intent) -> None:
    enrolled = with_passkeys(intent, since=SOON, until=LATER)
    assert turns(enrolled, after=NOW) == (SOON, LATER)
    assert turns(enrolled, after=SOON) == (LATER,)
    assert turns(enrolled, after=LATER) == ()
