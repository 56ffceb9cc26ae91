"""What is about to be done waits for the log and the witness of the intent, and takes nobody else's word."""

from collections.abc import Mapping
from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import NotWitnessedYetError
from strongroom.domain.evidence.entries import ChainEntry
from strongroom.domain.evidence.log.notes import NoteKey
from strongroom.domain.evidence.object_keys import entry_key, proof_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.evidence.witnessing import demand_witnessed, first_seen
from tests.builders.proving.ceremony import (
    START,
    THE_LOG,
    THE_WITNESS,
    NoteSigner,
    Play,
    a_started_play,
    an_approved_play,
)
from tests.builders.proving.signing import RememberedSignatures

OURS = LogTrust(origin=THE_LOG.key.name, witness=THE_WITNESS.key.name, keys=(THE_LOG.key, THE_WITNESS.key))


def shown(play: Play) -> tuple[ChainEntry, str]:
    """The intent of that play, and the log's proof of it."""
    [place] = [place for place, each in enumerate(play.chain) if each.kind == "restore-intended"]
    intent = play.chain[place]
    [logged] = [number for number, each in enumerate(play.logged) if each.text == intent.text]
    return intent, play.log_proof(logged)


def demand(play: Play, *, trust: LogTrust = OURS, text: str = "", key: str = "") -> None:
    intent, proof = shown(play)
    named = entry_key(intent.stream, intent.number)
    demand_witnessed(key or named, text or intent.text, {named: proof}, trust=trust, signatures=RememberedSignatures())


def signed_by(*signers: NoteSigner) -> Play:
    return a_started_play(play=Play(signers=signers))


def known(*keys: NoteKey) -> LogTrust:
    return replace(OURS, keys=keys)


def test_what_log_and_witness_signed_is_witnessed() -> None:
    demand(a_started_play())


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        (known(THE_LOG.key), "not signed by both"),
        (known(THE_WITNESS.key), "not signed by both"),
        (replace(OURS, origin=""), "not signed by both"),
        (replace(OURS, origin="another.example/log"), "our keys signed it for another log"),
    ],
    ids=["the witness is unknown", "the log is unknown", "the intent names no log", "it is another log"],
)
def test_a_word_that_the_intent_does_not_name_is_none(trust: LogTrust, said: str) -> None:
    with pytest.raises(NotWitnessedYetError, match=said):
        demand(a_started_play(), trust=trust)


@pytest.mark.parametrize("signers", [(THE_LOG,), (THE_WITNESS,)], ids=["the log alone", "the witness alone"])
def test_one_of_them_is_not_enough(signers: tuple[NoteSigner, ...]) -> None:
    with pytest.raises(NotWitnessedYetError):
        demand(signed_by(*signers))


def test_a_proof_of_another_text_is_none() -> None:
    with pytest.raises(NotWitnessedYetError, match="does not lead to the root"):
        demand(a_started_play(), text="another text")


def test_no_proof_at_all_is_not_witnessed_yet() -> None:
    with pytest.raises(NotWitnessedYetError, match="does not show ceremonies/none"):
        demand(a_started_play(), key="ceremonies/none")


def when_seen(play: Play, *, trust: LogTrust = OURS, shown: Mapping[str, str] = {}) -> dict[str, timedelta]:
    """How long after the start each of the texts was first seen; `shown` stands in place of the log's proofs."""
    stream, texts = play.request["id"], play.proofs
    proofs = {
        proof_key(stream, digest_of(each.text)): play.log_proof(place)
        for place, each in enumerate(play.logged)
        if each.text in texts
    }
    seen = first_seen(texts, proofs | dict(shown), stream=stream, trust=trust, signatures=RememberedSignatures())
    return {digest: at - START for digest, at in seen.items()}


def test_what_people_signed_was_seen_when_the_witness_says() -> None:
    play = an_approved_play()
    maria, sana = map(digest_of, play.proofs)
    assert when_seen(play) == {maria: timedelta(seconds=72), sana: timedelta(seconds=132)}


def test_what_the_log_does_not_show_was_not_seen() -> None:
    play = an_approved_play()
    maria, sana = map(digest_of, play.proofs)
    key = proof_key(play.request["id"], maria)
    assert set(when_seen(play, shown={key: ""})) == {sana}
    another = play.log_proof(next(place for place, each in enumerate(play.logged) if digest_of(each.text) == sana))
    assert set(when_seen(play, shown={key: another})) == {sana}


@pytest.mark.parametrize("key", [THE_LOG.key, THE_WITNESS.key], ids=["the log alone", "the witness alone"])
def test_what_one_of_them_signed_was_not_seen(key: NoteKey) -> None:
    assert when_seen(an_approved_play(), trust=known(key)) == {}
