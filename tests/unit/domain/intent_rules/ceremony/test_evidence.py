"""The keys of the log and its witness are what they say, so that nobody pins a key that never signs."""

from typing import Any, Final

import pytest

from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.intent_rules.ceremony.evidence import find_evidence_contradictions

LOG: Final = "strongroom.example/o-strongroom1+2d4f4381+AalAzhxcDDS1L+qVVdr5N6gW+BOJEOeIKCHBqQi3J6BT"
WITNESS: Final = "strongroom.example/audit+573f94c4+BP5ejg6q/U4EBok6lqmHUM84eEml/Nz6pEPaMxDPYQ9W"
WHOLE: Final[dict[str, Any]] = {"origin": "strongroom.example/o-strongroom1", "log_key": LOG, "witness": WITNESS}

GOOD: dict[str, dict[str, Any]] = {
    "whole": WHOLE,
    "before its keys are known": {"retention_days": 2557},
    "a witness that need not sign": {**WHOLE, "witness": None, "witness_required": False},
}


@pytest.mark.parametrize("given", GOOD.values(), ids=GOOD)
def test_a_log_with_its_keys_is_taken(given: dict[str, Any]) -> None:
    assert list(find_evidence_contradictions(EvidenceLog(**given))) == []


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "the witness's key for the log's": (
        {**WHOLE, "origin": "strongroom.example/audit", "log_key": WITNESS},
        "log_key",
        "no Ed25519 key of type 1, which a log has",
    ),
    "the log's key for the witness's": ({**WHOLE, "witness": LOG}, "witness", "of type 4, which a witness has"),
    "a letter of the key": (
        {**WHOLE, "log_key": LOG.replace("J6BT", "J6BU")},
        "log_key",
        "not that of this name and key",
    ),
    "a letter of the name": (
        {**WHOLE, "log_key": LOG.replace("strongroom1", "strongroom2"), "origin": "strongroom.example/o-strongroom2"},
        "log_key",
        "not that of this name and key",
    ),
    "no base64": ({**WHOLE, "log_key": LOG[:-1]}, "log_key", "its last part is not base64"),
    "another origin": (
        {**WHOLE, "origin": "strongroom.example"},
        "origin",
        "must be strongroom.example/o-strongroom1",
    ),
    "no origin": ({**WHOLE, "origin": None}, "origin", "must be strongroom.example/o-strongroom1"),
    "no witness": ({**WHOLE, "witness": None}, "witness", "nothing is done before it has signed"),
}


@pytest.mark.parametrize(("given", "path", "said"), WRONG.values(), ids=WRONG)
def test_a_key_that_never_signs_is_told(given: dict[str, Any], path: str, said: str) -> None:
    [found] = find_evidence_contradictions(EvidenceLog(**given))
    assert found.path == f"evidence.{path}"
    assert said in found.message
