"""Bundles that are judged by nothing but their own word."""

from collections.abc import Callable
from typing import Final

from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.ceremony import (
    MARIA,
    OMAR,
    SANA,
    START,
    Play,
    a_restored_play,
    a_signed_proof,
    an_approved_play,
)
from tests.unit.domain.evidence.forged.cases import BROKEN, WHOLE, finished


def signed_on(origin: str, rp_id: str, *, last: str | None = None) -> str:
    """All that people sign is signed there, but for the last approval, which may be elsewhere."""
    play = Play()
    play.opened_by = a_signed_proof(play.asked, OMAR, Decision.REQUEST, at=START, origin=origin, rp_id=rp_id)
    made = an_approved_play(MARIA, play=play)
    made.proofs.clear()
    made.logged.pop()
    made.say(MARIA, origin=origin, rp_id=rp_id)
    made.say(SANA, origin=last or origin, rp_id=rp_id)
    return finished(made).bundle()


OWN_WORD: Final[dict[str, tuple[Callable[[], str], int]]] = {
    "on our page": (lambda: a_restored_play().bundle(), WHOLE),
    "on this machine": (lambda: signed_on("http://localhost:4566", "localhost"), WHOLE),
    "on a name of this machine": (lambda: signed_on("http://a.localhost:4566", "a.localhost"), WHOLE),
    "on a page that anybody on the way can change": (lambda: signed_on("http://a.example", "a.example"), BROKEN),
    "on a page of this machine that is no page": (lambda: signed_on("file://localhost", "localhost"), BROKEN),
    "on no page at all": (lambda: signed_on("x", "localhost"), BROKEN),
    "on two ports of one host": (
        lambda: signed_on("https://a.example", "a.example", last="https://a.example:8443"),
        WHOLE,
    ),
    "on two hosts": (lambda: signed_on("https://a.example", "a.example", last="https://b.example"), BROKEN),
}
