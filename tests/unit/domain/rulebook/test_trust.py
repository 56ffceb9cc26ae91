"""What a verifier is told out of the reviewed file: keys, pages and rules, each with its time."""

from copy import replace
from datetime import UTC, datetime

from sandbox.passkeys import PASSKEYS
from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.proofs.trust import Period, Periods
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.rulebook.trust import InForce, ceremony_trust, proof_trust
from strongroom.domain.written import bytes_of
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.proving.passkeys import with_passkeys

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
SOON = datetime(2026, 12, 1, tzinfo=UTC)
LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)
LOG = "strongroom.example/o-strongroom1+2d4f4381+AalAzhxcDDS1L+qVVdr5N6gW+BOJEOeIKCHBqQi3J6BT"
WITNESS = "strongroom.example/audit+573f94c4+BP5ejg6q/U4EBok6lqmHUM84eEml/Nz6pEPaMxDPYQ9W"


def test_the_trust_of_an_intent_is_plain_values(intent: Intent) -> None:
    log = EvidenceLog(origin="strongroom.example/o-strongroom1", log_key=LOG, witness=WITNESS)
    signed = replace(with_passkeys(intent, "maria", until=SOON), evidence=log)
    now, then = (each.digest for each in rules_from(signed, at=NOW))
    keys: dict[str, Period | Periods] = {"b": Period(), "a": Periods((Period(until=NOW), Period(since=SOON)))}
    trust = ceremony_trust(signed, at=NOW, since=NOW, issuer_keys=keys)
    assert trust == {
        "issuer_keys": [["a", None, "2026-11-26T14:00:00Z"], ["a", "2026-12-01T00:00:00Z", None], "b"],
        "log_keys": [LOG, WITNESS],
        "origin": "strongroom.example/o-strongroom1",
        "origins": ["http://localhost:4566"],
        "passkeys": {PASSKEYS["maria"].id: ["idp|maria", PASSKEYS["maria"].public_key, None, "2026-12-01T00:00:00Z"]},
        "policies": [
            [now, "2026-11-26T14:00:00Z", "2026-12-01T00:00:00Z"],
            [then, "2026-12-01T00:00:00Z", None],
        ],
        "rp_id": "localhost",
        "witness": "strongroom.example/audit",
    }
    assert read_canonical(canonical_text(trust)) == trust


def test_what_was_written_down_when_rules_were_applied_stands_in_place_of_the_rules_of_today(intent: Intent) -> None:
    recorded = (InForce("0" * 64, since=LAST_YEAR, until=NOW), InForce("1" * 64, since=NOW))
    assert ceremony_trust(with_passkeys(intent), at=NOW, since=SOON, recorded=recorded)["policies"] == [
        ["0" * 64, "2025-06-01T00:00:00Z", "2026-11-26T14:00:00Z"],
        ["1" * 64, "2026-11-26T14:00:00Z", None],
    ]


def test_rules_of_which_nobody_says_since_when_count_from_the_beginning(intent: Intent) -> None:
    [[_, since, until]] = ceremony_trust(with_passkeys(intent, "maria"), at=NOW)["policies"]
    assert (since, until) == (None, None)


def test_without_a_page_and_a_log_nothing_is_trusted(intent: Intent) -> None:
    trust = ceremony_trust(an_intent_without_ceremony(intent), at=NOW)
    assert {name for name, value in trust.items() if value} == set()


def test_proofs_are_judged_by_the_same_keys(intent: Intent) -> None:
    trust = proof_trust(with_passkeys(intent, "maria", until=SOON), issuer_keys={"a": Period()})
    [(id_, enrolled)] = trust.passkeys.items()
    assert (id_, enrolled.subject, enrolled.period) == (PASSKEYS["maria"].id, "idp|maria", Period(None, SOON))
    assert enrolled.public_key == bytes_of(PASSKEYS["maria"].public_key, of="key")
    assert (trust.rp_id, trust.origins, trust.issuer_keys) == (
        "localhost",
        ("http://localhost:4566",),
        {"a": Period()},
    )
