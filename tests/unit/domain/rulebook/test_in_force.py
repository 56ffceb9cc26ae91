"""Which rules were in force when is told by what was written down each time that they were applied."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.intent.model import Intent
from strongroom.domain.rulebook.in_force import (
    RulesRecord,
    is_recorded,
    periods_of,
    read_record,
    record_text,
    records_among,
    texts_in_force,
)
from strongroom.domain.rulebook.policy_texts import policy_text
from strongroom.domain.rulebook.trust import InForce
from tests.builders.intents import with_restores
from tests.builders.proving.passkeys import with_passkeys

FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND, THIRD, FOURTH = (FIRST + timedelta(days=each) for each in (1, 2, 3))
FIFTH = FIRST + timedelta(days=4)


def stricter(intent: Intent) -> Intent:
    return with_restores(intent, presence_max_age=timedelta(minutes=1))


def record(at: datetime, *held: InForce) -> RulesRecord:
    text = canonical_text(
        {
            "at": at.isoformat().replace("+00:00", "Z"),
            "format": "strongroom-rules-in-force/1",
            "policies": [each.written for each in held],
        }
    )
    return read_record(text)


def test_a_record_holds_the_rules_of_every_place_once(intent: Intent) -> None:
    found = read_record(record_text([intent, stricter(intent), intent], at=FIRST, agreed="0" * 64))
    digests = {digest_of(policy_text(each, unit="Production", at=FIRST)) for each in (intent, stricter(intent))}
    assert (found.at, found.agreed) == (FIRST, "0" * 64)
    assert len(found.policies) == 2
    assert {each.digest for each in found.policies} == digests
    assert texts_in_force([intent, stricter(intent)], at=FIRST).keys() == digests


def test_what_a_passkey_will_change_by_itself_is_no_news_when_it_has(intent: Intent) -> None:
    signed = with_passkeys(intent, "maria", until=SECOND)
    written = read_record(record_text([signed], at=FIRST))
    assert is_recorded([signed], written)
    assert [(each.since, each.until) for each in written.policies] == [(None, SECOND), (SECOND, None)]


def test_other_rules_are_news_and_so_are_any_where_nothing_was_written(intent: Intent) -> None:
    written = read_record(record_text([intent], at=FIRST))
    assert not is_recorded([stricter(intent)], written)
    assert not is_recorded([intent, stricter(intent)], written)
    assert not is_recorded([intent], None)


def test_the_rules_of_an_intent_without_a_ceremony_are_none(intent: Intent) -> None:
    without = replace(intent, restores=None)
    assert read_record(record_text([without], at=FIRST)).policies == ()
    assert texts_in_force([without], at=FIRST) == {}


def test_records_are_found_among_what_else_is_kept_and_ordered(intent: Intent) -> None:
    rules = policy_text(intent, unit="Production", at=FIRST)
    later, earlier = (record_text([intent], at=at) for at in (SECOND, FIRST))
    assert [each.at for each in records_among([later, rules, "no JSON", earlier])] == [FIRST, SECOND]


@pytest.mark.parametrize(
    "content",
    [
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/2", "policies": []},
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/1", "policies": {}},
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/1", "policies": [["a", None]]},
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/1", "policies": [["", None, None]]},
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/1", "policies": ["a"]},
        {"at": "2026-11-01T12:00:00Z", "format": "strongroom-rules-in-force/1", "policies": [], "agreed": ""},
        {"at": "yesterday", "format": "strongroom-rules-in-force/1", "policies": []},
    ],
    ids=["another format", "no list", "no end", "no digest", "no period", "nothing agreed", "no time"],
)
def test_what_is_no_record_is_refused(content: object) -> None:
    with pytest.raises(MalformedRecordError):
        read_record(canonical_text(content))


A, B = "a" * 64, "b" * 64
PERIODS: dict[str, tuple[list[RulesRecord], list[InForce]]] = {
    "one record has no end": ([record(FIRST, InForce(A))], [InForce(A, FIRST, None)]),
    "while both are carried both hold": (
        [record(FIRST, InForce(A)), record(SECOND, InForce(A), InForce(B)), record(THIRD, InForce(B))],
        [InForce(A, FIRST, THIRD), InForce(B, SECOND, None)],
    ),
    "what comes back has two periods": (
        [record(FIRST, InForce(A)), record(SECOND, InForce(B)), record(THIRD, InForce(A))],
        [InForce(A, FIRST, SECOND), InForce(A, THIRD, None), InForce(B, SECOND, THIRD)],
    ),
    "rules that change by themselves": (
        [record(FIRST, InForce(A, until=THIRD), InForce(B, since=THIRD)), record(FOURTH, InForce(B))],
        [InForce(A, FIRST, THIRD), InForce(B, THIRD, None)],
    ),
    "rules that never came": (
        [record(FIRST, InForce(A, until=THIRD), InForce(B, since=THIRD)), record(SECOND, InForce(A))],
        [InForce(A, FIRST, None)],
    ),
    "of two places the longer one": (
        [record(FIRST, InForce(A, until=SECOND), InForce(A, until=FOURTH)), record(FIFTH)],
        [InForce(A, FIRST, FOURTH)],
    ),
    "nothing was written": ([], []),
}


@pytest.mark.parametrize(("records", "expected"), PERIODS.values(), ids=PERIODS)
def test_when_rules_were_in_force(records: list[RulesRecord], expected: list[InForce]) -> None:
    assert list(periods_of(records)) == expected
