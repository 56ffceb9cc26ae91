"""Every state that a small ceremony can come to, by the real services, the real machine and the real judge.

At most one restore is started, and only through its gates; and from wherever it has come to, it ends by itself, told.
"""

import os
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import pytest

from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import RestoreWish, open_seal
from tests.builders.intents import with_restores
from tests.builders.restores import CENTRAL_POINT, NOW, a_proving_intent, a_wish, an_urgent_intent, an_urgent_wish
from tests.fakes.remembering.reading_once import read_texts_once
from tests.search.moments import Moment
from tests.search.moves import Game, Move
from tests.search.telling import is_at_its_end, is_listed, outcome_of
from tests.search.world import world_of

IS_DEEP: Final = os.environ.get("SEARCH") == "deep"
MINUTES: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)


@dataclass
class Searched:
    """The states that were found, how each was come to, and which of them lead to which by themselves."""

    came_by: dict[Moment, tuple[Moment | None, str]] = field(default_factory=dict)
    led_to: dict[Moment, list[Moment]] = field(default_factory=dict)
    shapes: set[object] = field(default_factory=set)
    moves: int = 0

    def way_to(self, moment: Moment) -> list[str]:
        """What happened until then."""
        before, label = self.came_by[moment]
        return [*(self.way_to(before) if before else ()), label]

    def stuck(self, is_end: Callable[[Moment], bool]) -> list[Moment]:
        """The open requests that do not come to an end by themselves any more."""
        ends = [moment for moment in self.came_by if is_end(moment)]
        ending, queue = set(ends), deque(ends)
        while queue:
            for before in self.led_to.get(queue.popleft(), ()):
                if before not in ending:
                    ending.add(before)
                    queue.append(before)
        return [moment for moment in self.came_by if moment not in ending and is_listed(moment)]


def search(game: Game, start: Moment) -> Searched:
    """Everything that can be come to."""
    found = Searched(came_by={start: (None, "a draft")})
    queue = deque([start])
    while queue:
        moment = queue.popleft()
        for move in _checked(game, moment, found):
            found.moves += 1
            if move.is_fair:
                found.led_to.setdefault(move.after, []).append(moment)
            if move.after not in found.came_by:
                found.came_by[move.after] = (moment, move.label)
                queue.append(move.after)
    return found


def _checked(game: Game, moment: Moment, found: Searched) -> Iterator[Move]:
    try:
        game.check(moment)
        if (shape := game.shape(moment)) not in found.shapes:
            found.shapes.add(shape)
            game.strangers_gain_nothing(moment)
        yield from game.moves(moment)
    except AssertionError as error:
        raise AssertionError(f"{error}, after: {'; '.join(found.way_to(moment))}") from error


@pytest.fixture(autouse=True)
def _texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_texts_once(monkeypatch)


LOCAL, CENTRAL, URGENT = a_wish(), a_wish(recovery_point=CENTRAL_POINT), an_urgent_wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of trouble, searched whole: how many must approve, who may sign what, and how much may go wrong.

    `marks` are when something can happen besides now, `floor` how many states there are at least: fewer are searched
    less. `delay` is how long an act waits after the last approval.
    """

    needed: int
    votes: tuple[tuple[str, Decision], ...]
    marks: tuple[str, ...]
    floor: int
    deaths: int = 0
    blows: int = 0
    changes: int = 0
    wish: RestoreWish = LOCAL
    delay: timedelta = timedelta()

    def trouble(self, moment: Moment) -> Moment:
        """The moment with all of the trouble to come."""
        return replace(moment, deaths=self.deaths, blows=self.blows, changes=self.changes)


MARIA, SANA = ("maria", Decision.APPROVE), ("sana", Decision.APPROVE)
ADA, PIET = ("ada", Decision.APPROVE), ("piet", Decision.APPROVE)
NO, BACK, STOP = ("sana", Decision.DENY), ("omar", Decision.CANCEL), ("piet", Decision.DENY)
DELAY: Final = 30 * MINUTES
KINDS: Final = {
    "three people": Kind(needed=2, votes=(MARIA, SANA, NO, BACK), marks=("late", "over"), floor=5_000),
    "a death": Kind(needed=1, votes=(MARIA, NO), marks=("after", "end"), deaths=1, floor=2_300),
    "a late death": Kind(needed=1, votes=(MARIA,), marks=("token", "after", "end"), deaths=1, floor=4_000),
    "an outage": Kind(needed=1, votes=(MARIA, BACK), marks=("late", "after", "end"), changes=1, floor=10_000),
    "a stranger": Kind(needed=1, votes=(MARIA, NO), marks=("over", "after", "end"), blows=1, floor=4_000),
    "a delay": Kind(needed=1, votes=(MARIA, NO), marks=("delayed", "over"), delay=DELAY, floor=600),
    "what cannot wait": Kind(needed=2, votes=(ADA, PIET, STOP, BACK), marks=("late", "over"), wish=URGENT, floor=650),
    "a copy back": Kind(needed=1, votes=(MARIA, NO), marks=("over",), wish=CENTRAL, floor=360),
}
DEEP: Final = {
    "a death in a delay": Kind(
        needed=1, votes=(MARIA, NO), marks=("delayed", "after", "end"), delay=DELAY, deaths=1, floor=30_000
    ),
    "a death in what cannot wait": Kind(
        needed=2, votes=(ADA, PIET, STOP), marks=("over", "after", "end"), wish=URGENT, deaths=1, floor=35_000
    ),
    "a death while it is copied back": Kind(
        needed=1, votes=(MARIA, NO), marks=("after", "end"), wish=CENTRAL, deaths=1, floor=11_000
    ),
    "one of three people": Kind(needed=1, votes=(MARIA, SANA, NO, BACK), marks=("token", "late", "over"), floor=10_000),
    "a death at any time": Kind(
        needed=1, votes=(MARIA, NO), marks=("token", "late", "over", "after", "end"), deaths=1, floor=20_000
    ),
    "two deaths": Kind(needed=1, votes=(MARIA, NO), marks=("token", "after", "end"), deaths=2, floor=20_000),
    "a death in an outage": Kind(
        needed=1, votes=(MARIA,), marks=("late", "after", "end"), deaths=1, changes=1, floor=20_000
    ),
    "a stranger in an outage": Kind(
        needed=1, votes=(MARIA,), marks=("late", "after", "end"), blows=1, changes=1, floor=10_000
    ),
    "two blows and a death": Kind(needed=1, votes=(MARIA,), marks=("after", "end"), blows=2, deaths=1, floor=20_000),
}
SEARCHED: Final = KINDS | (DEEP if IS_DEEP else {})


def a_game(intent: Intent, kind: Kind) -> tuple[Game, Moment]:
    """A draft of Omar's that so many of two must approve."""
    rule = ApprovalRule(unit="Production", group="approvers", needed=kind.needed, delay=kind.delay or None)
    proving = an_urgent_intent(intent) if kind.wish.incident else a_proving_intent(intent)
    proving = with_restores(proving, rules=(rule,))
    world = world_of(Moment(), proving)
    request = open_seal(world.draft(kind.wish).text).request
    late, over = request.approve_before, request.act_before
    at = {
        "delayed": NOW + kind.delay,
        "token": NOW + 11 * MINUTES,
        "late": late,
        "over": over,
        "after": over + 15 * MINUTES,
        "end": over + 30 * MINUTES,
    }
    marks = tuple(at[name] for name in kind.marks)
    game = Game(
        intent=proving,
        wish=kind.wish,
        request=request.id,
        needed=kind.needed,
        delay=kind.delay,
        marks=marks,
        votes=kind.votes,
    )
    return game, world.become()


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", SEARCHED)
def test_every_state_ends_and_no_state_restores_unasked(
    name: str, intent: Intent, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = SEARCHED[name]
    game, start = a_game(intent, kind)
    found = search(game, kind.trouble(start))
    ended = Counter(outcome_of(moment) or "open" for moment in found.came_by)
    with capsys.disabled():
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(ended.items()))
        sys.stdout.write(f"\n{name}: {len(found.came_by):,} states by {found.moves:,} moves, {told}\n")
    assert len(found.came_by) >= kind.floor
    # What never restores anything shows nothing of what may.
    assert ended["restored"], "no way led to a restore"
    assert [found.way_to(moment) for moment in found.stuck(is_at_its_end)][:3] == []
