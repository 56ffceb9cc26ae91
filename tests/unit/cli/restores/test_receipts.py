"""Whoever signs in a terminal sees that it counts, and checks there that the log has the very bytes that were sent."""

from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.proof import KeptToken, proof_text
from strongroom.domain.rulebook.trust import log_trust
from strongroom_cli.api_client import ApiError
from strongroom_cli.restores import receipts
from strongroom_cli.restores.receipts import Receipt, fetch_receipt
from strongroom_cli.restores.telling import receipt
from tests.builders.restores import NOW
from tests.fakes.evidence.bucket import LOG
from tests.fakes.evidence.log import ORIGIN, WITNESS, LogWorld, MemorySigner

ID = "r-abcdefgh2345"
MINE = "header.claims.signature"
SENT = {"statement": "what is said", "id_token": {"token": MINE}}
JWK = {"kty": "RSA", "kid": "one", "n": "n", "e": "AQAB"}
SHOWN = {"recorded": [], "request_id": ID, "state": "pending", "reason": "", "gates": [], "unreached": []}
BUSY, LOGGED_OUT = ApiError("it is busy", is_passing=True), ApiError("your login has ended")


def kept_text(token: str = MINE) -> str:
    return proof_text("what is said", signed=KeptToken(token=token, jwk=JWK))


PROOF = digest_of(kept_text())


def logged(text: str, *, world: LogWorld | None = None) -> dict[str, Any]:
    """What the API answers of a text that lies in the evidence, once the log has seen it."""
    world, key = world or LogWorld(), proof_key(ID, digest_of(text))
    world.bucket.kept[key] = [text.encode()]
    return {"logged": world.run(ID, now=NOW).proofs[key], "jwk": JWK}


class Forger(MemorySigner):
    """Calls itself by the name of the key, and does not have it."""

    def sign(self, message: bytes) -> bytes:
        return bytes(len(super().sign(message)))


def by_others() -> LogWorld:
    return replace(LogWorld(), log_key=Forger(ORIGIN, LOG_TYPE), witness_key=Forger(WITNESS, WITNESS_TYPE))


@dataclass
class FakeApi:
    """Answers each look in turn, the last answer for good."""

    shown: list[Any] = field(default_factory=lambda: [SHOWN | {"counted": [PROOF]}])
    kept: list[Any] = field(default_factory=lambda: [logged(kept_text())])
    asked: list[Any] = field(default_factory=list)

    def get(self, *path: str) -> Any:
        return self._answer(self.shown, path)

    def post(self, *path: str, body: Any) -> Any:
        return self._answer(self.kept, (*path, body["proof"]))

    def _answer(self, answers: list[Any], path: tuple[str, ...]) -> Any:
        self.asked.append(path)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, ApiError):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "_LOOK_AGAIN", 0.0)


def fetched(api: FakeApi, intent: Intent) -> Receipt:
    trust = log_trust(replace(intent, evidence=LOG))
    return fetch_receipt(api, ID, PROOF, signed=SENT, log=trust)  # type: ignore[arg-type]


def told(known: Receipt) -> str:
    return "\n".join(receipt({"request_id": ID, "proof": PROOF}, known))


def test_what_counts_and_is_in_the_log_is_told_with_when_its_witness_saw_it(intent: Intent) -> None:
    api = FakeApi()
    known = fetched(api, intent)
    assert known.is_whole
    assert told(known).endswith(f"proof {PROOF}: the log has it, seen by its witness on {NOW:%Y-%m-%d %H:%M:%S} UTC")
    assert api.asked == [("restores", ID), ("approvals", ID, "receipt", PROOF)]


def test_the_log_is_given_time(intent: Intent) -> None:
    not_yet = {"logged": "", "jwk": JWK}
    assert fetched(FakeApi(kept=[not_yet, BUSY, not_yet, logged(kept_text())]), intent).is_whole


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"logged": "", "jwk": {}}, id="nothing"),
        pytest.param({"logged": "c2sp.org/tlog-proof@v1", "jwk": JWK}, id="no proof"),
        pytest.param(logged(kept_text("another.persons.token")), id="of what somebody else sent"),
        pytest.param(logged(kept_text(), world=by_others()), id="signed by nobody we know"),
        pytest.param(logged(kept_text()) | {"jwk": JWK | {"kid": "two"}}, id="under another key"),
        pytest.param(logged(kept_text()) | {"jwk": None}, id="under no key"),
    ],
)
def test_a_vote_that_the_log_does_not_have_is_a_cry_for_help(answer: Any, intent: Intent) -> None:
    known = fetched(FakeApi(kept=[answer]), intent)
    assert known.counts
    assert not known.is_whole
    assert ": not recorded (" in told(known)
    assert "call the security team, and tell the others who decide" in told(known)


@pytest.mark.parametrize("away", [BUSY, LOGGED_OUT])
def test_a_log_that_nobody_can_ask_is_no_cry_for_help(away: ApiError, intent: Intent) -> None:
    known = fetched(FakeApi(kept=[away]), intent)
    assert not known.is_whole
    assert told(known).endswith(f"whether the log has it cannot be told at the moment ({away})")


def test_what_was_once_missed_is_not_excused_by_an_api_that_goes_away(intent: Intent) -> None:
    nothing = {"logged": "", "jwk": {}}
    known = fetched(FakeApi(shown=[SHOWN | {"counted": []}, BUSY], kept=[nothing, BUSY]), intent)
    assert (known.counts, known.logged.is_there if known.logged else None) == (False, False)
    assert told(known).count("call the security team") == 2


def test_what_cannot_be_judged_at_first_is_looked_at_again(intent: Intent) -> None:
    api = FakeApi(shown=[BUSY, SHOWN | {"counted": None}, SHOWN | {"counted": []}, SHOWN | {"counted": [PROOF]}])
    assert fetched(api, intent).is_whole


def test_without_a_log_in_the_intent_only_what_counts_is_looked_at() -> None:
    api = FakeApi(kept=[])
    known = fetch_receipt(api, ID, PROOF, signed=SENT, log=None)  # type: ignore[arg-type]
    assert known.is_whole
    assert told(known).endswith(
        ": nobody looked for it in the log, for the intent does not name the log and its witness"
    )
