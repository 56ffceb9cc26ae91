"""The replay of a bundle: honest ones are proven, and every forgery is named."""

import random
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.findings import Finding, FindingState
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.trust import read_trust
from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.ceremony import (
    LENA,
    OMAR,
    PROVIDER,
    SANA,
    START,
    THE_WITNESS,
    NoteSigner,
    Play,
    a_restored_play,
    a_signed_proof,
)
from tests.unit.domain.evidence.forged.cases import BROKEN, PROVEN, UNREADABLE, WHOLE, Told
from tests.unit.domain.evidence.forged.honest import HONEST
from tests.unit.domain.evidence.forged.logged import MY_WITNESS
from tests.unit.domain.evidence.forged.own_word import OWN_WORD
from tests.unit.domain.evidence.forged.table import ALL

STATES = {PROVEN: FindingState.PROVEN, BROKEN: FindingState.BROKEN, WHOLE: FindingState.UNVOUCHED}


def _replayed(told: Told) -> Finding:
    return replay(read_bundle(told.bundle), trust=read_trust(told.trust), signatures=CryptographySignatures())


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.code != UNREADABLE])
def test_a_bundle_comes_to_what_it_is(name: str) -> None:
    told = ALL[name].told()
    finding = _replayed(told)
    assert (finding.state, finding.broken) == (STATES[told.code], finding.broken if told.code == BROKEN else "")
    assert told.link in finding.broken


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.code == UNREADABLE])
def test_what_is_no_bundle_or_no_trust_is_not_read(name: str) -> None:
    told = ALL[name].told()
    with pytest.raises(MalformedRecordError):
        _replayed(told)


@pytest.mark.parametrize("name", HONEST)
def test_a_bundle_is_only_whole_by_its_own_word(name: str) -> None:
    bundle = read_bundle(HONEST[name].told().bundle)
    finding = replay(bundle, trust=None, signatures=CryptographySignatures())
    assert (finding.state, finding.broken) == (FindingState.UNVOUCHED, "")


@pytest.mark.parametrize("name", OWN_WORD)
def test_without_trust_a_page_is_believed_that_can_have_passkeys(name: str) -> None:
    make, code = OWN_WORD[name]
    finding = replay(read_bundle(make()), trust=None, signatures=CryptographySignatures())
    assert finding.state == STATES[code]


@pytest.mark.parametrize(("signer", "state"), [(THE_WITNESS, PROVEN), (MY_WITNESS, WHOLE)])
def test_the_witness_that_is_named_must_have_signed(signer: NoteSigner, state: int) -> None:
    """Whatever other witness is trusted."""
    play = a_restored_play()
    bundle, trust = read_bundle(play.bundle()), read_trust(play.trust())
    finding = replay(bundle, trust=trust, signatures=CryptographySignatures(), witness=signer.key)
    assert finding.state == STATES[state]
    mine = a_restored_play(play=Play(witness=signer))
    renamed = read_trust(play.trust(witness="elsewhere"))
    finding = replay(read_bundle(mine.bundle()), trust=renamed, signatures=CryptographySignatures(), witness=signer.key)
    assert finding.state == FindingState.PROVEN


def test_a_witness_alone_proves_nothing() -> None:
    bundle = read_bundle(a_restored_play().bundle())
    finding = replay(bundle, trust=None, signatures=CryptographySignatures(), witness=THE_WITNESS.key)
    assert (finding.state, finding.broken) == (FindingState.UNVOUCHED, "")


@pytest.mark.parametrize("people", [(), (SANA, LENA)], ids=["passkeys", "a passkey and an ID token"])
def test_no_letter_of_a_bundle_can_be_another_and_the_bundle_still_proven(people: tuple[str, ...]) -> None:
    chosen = random.Random(f"letters {people}")  # noqa: S311 - the same letters each time
    play = Play()
    if people:
        play.opened_by = a_signed_proof(play.asked, OMAR, Decision.REQUEST, at=START, by=PROVIDER)
    made = a_restored_play(*people, play=play)
    bundle, trust, signatures = made.bundle(), read_trust(made.trust()), CryptographySignatures()
    for _ in range(1_950):
        place = chosen.randrange(len(bundle))
        letter = chosen.choice([each for each in 'AZaz09_-+/={}[],:"\\ é\n' if each != bundle[place]])
        try:
            changed = read_bundle(bundle[:place] + letter + bundle[place + 1 :])
        except MalformedRecordError:
            continue
        finding = replay(changed, trust=trust, signatures=signatures)
        assert finding.state != FindingState.PROVEN, (place, bundle[place], letter)


JUNK: list[Any] = [None, True, 0, 2**53 - 1, "", "x", "\x00", "9999-12-31T23:59:59Z", [], [[]], {}, {"x": {}}, ["x"]]


def _places(content: Any) -> list[tuple[Any, Any]]:
    """Every place of a record or a list, with what holds it."""
    held = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [place for name, each in held for place in ((content, name), *_places(each))]


def _spoiled(text: str, chosen: random.Random) -> str:
    """The record with junk somewhere, or in a record that stands in one of its texts."""
    content = read_canonical(text)
    holder, name = chosen.choice(_places(content))
    inner = holder[name]
    if isinstance(inner, str) and inner.startswith("{") and chosen.random() < 0.9:
        holder[name] = _spoiled(inner, chosen)
    elif isinstance(holder, dict) and chosen.random() < 0.2:
        del holder[name]
    else:
        holder[name] = chosen.choice(JUNK)
    return canonical_text(content)


@pytest.mark.parametrize("people", [(), (SANA, LENA)], ids=["passkeys", "a passkey and an ID token"])
def test_whatever_stands_anywhere_a_bundle_is_judged(people: tuple[str, ...]) -> None:
    chosen = random.Random(f"junk {people}")  # noqa: S311 - the same junk each time
    play = a_restored_play(*people)
    whole, trusted = play.bundle(), play.trust()
    signatures, seen = CryptographySignatures(), set()
    for _ in range(1_000):
        bundle, trust = whole, trusted
        if chosen.random() < 0.9:
            bundle = _spoiled(bundle, chosen)
        else:
            trust = _spoiled(trust, chosen)
        try:
            finding = replay(read_bundle(bundle), trust=read_trust(trust), signatures=signatures)
            own = replay(read_bundle(bundle), trust=None, signatures=signatures)
        except MalformedRecordError:
            seen.add("unreadable")
            continue
        seen |= {finding.state, own.state}
    assert seen >= {"unreadable", FindingState.BROKEN, FindingState.UNVOUCHED}
