"""Urgent restores and what was signed about them afterwards: whose review counts, as both readers must say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from strongroom.domain.proofs.reviews import ReviewFinding
from tests.browser.verifier_page.cases.plays import asking
from tests.builders.proving.ceremony import MARIA, OMAR, SANA, Play, a_policy_content, a_restored_play

URGENT: Final = a_policy_content(
    groups={"incident": [MARIA], "oncall": [OMAR], "review:security": [MARIA, OMAR, SANA]},
    issuer=None,
    rules=[{"group": "incident", "needed": 1}],
    ticket="none",
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A bundle that is proven, and whose review is told, with its finding; both empty where none counts."""

    name: str
    made: Callable[[], Play]
    subject: str = ""
    finding: str = ""

    def __str__(self) -> str:
        """The name, for pytest."""
        return self.name


def urgent(*reviews: Callable[[Play], None]) -> Play:
    """An urgent restore that Maria approved, and what was signed about it after its end, a minute apart."""
    play = a_restored_play(MARIA, play=asking(URGENT, incident="INC-77", ticket=None))
    for review in reviews:
        play.wait(minutes=1)
        review(play)
    return play


def by(person: str, finding: ReviewFinding = ReviewFinding.IN_ORDER, **changes: str) -> Callable[[Play], None]:
    """That person reviews, about something else by these changes."""
    return lambda play: play.review(person, finding, **changes)


REVIEWS: Final[Iterable[Reviewed]] = [
    Reviewed("nobody has", urgent),
    Reviewed("who took no part", lambda: urgent(by(SANA)), SANA, "in-order"),
    Reviewed("a misuse", lambda: urgent(by(SANA, ReviewFinding.MISUSE)), SANA, "misuse"),
    Reviewed("of several the first", lambda: urgent(by(SANA), by(SANA, ReviewFinding.MISUSE)), SANA, "in-order"),
    Reviewed("who approved", lambda: urgent(by(MARIA))),
    Reviewed("who asked", lambda: urgent(by(OMAR))),
    Reviewed("who approved, and who took no part", lambda: urgent(by(MARIA), by(SANA)), SANA, "in-order"),
    Reviewed("of another end", lambda: urgent(by(SANA, closed="0" * 64))),
    Reviewed("of another request", lambda: urgent(by(SANA, request="r-bbbbbbbbbbbb"))),
    Reviewed("of another request's text", lambda: urgent(by(SANA, request_digest="0" * 64))),
    Reviewed("under other rules", lambda: urgent(by(SANA, policy="0" * 64))),
    Reviewed("a vote", lambda: urgent(lambda play: play.reviews.append(play.proofs[0]))),
    Reviewed("junk", lambda: urgent(lambda play: play.reviews.append("7"))),
]
