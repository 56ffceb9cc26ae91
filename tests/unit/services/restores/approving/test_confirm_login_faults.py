"""X7, attack 29: whichever call of a login, a review or a card goes wrong, it is done once by who tries again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.errors import NotAuthenticatedError, RestoreRefusedError, StrongroomError
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.begin_login import begin_login
from strongroom.services.restores.approving.confirm_login import confirm_login
from strongroom.services.restores.approving.refresh_cards import refresh_cards
from strongroom.services.restores.approving.review_restore import ReviewTaken, propose_review, take_review
from strongroom.services.restores.approving.take_proof import ProofState
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.deciding.break_glass import review_of
from tests.builders.intents import with_restores
from tests.builders.restores import AUTHENTICATORS, a_proving_intent, an_urgent_intent, an_urgent_wish
from tests.fakes.carrying.faults import Faults, Faulty, FaultyWorld
from tests.fakes.carrying.machine import KilledError

WRONG: Final = ("throttled", "timed out", "answered late", "killed before", "killed after", "refused")
_TRIES: Final = 3


def _points(run: Callable[[Faults], FaultyWorld], *, least: int) -> range:
    """Each call of the world where nothing goes wrong; there are so many at the least."""
    calls = run(Faults()).faults.calls
    assert calls >= least, f"only {calls} calls may go wrong"
    return range(calls)


def _tried(act: Callable[[], bool]) -> int:
    """Which try did it; people try again."""
    for number in range(1, _TRIES + 1):
        try:
            if act():
                return number
        except (KilledError, StrongroomError):
            continue
    raise AssertionError("it does not work any more")


@dataclass
class Browser:
    """Maria's: each login that she began, and what it came back with."""

    world: FaultyWorld
    request: str
    came_back: list[tuple[BrowserSecret, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._issuer = self.world.issuer
        drafts = CeremonyDrafts(self.world.table)
        self._view = drafts.read(self.request).view
        issuer: Any = Faulty(self._issuer, "issuer", self.world)
        self.world.spoil()
        self.world.issuer = issuer

    def sign(self) -> bool:
        """Log in and say yes; what was said is asked for once more where no answer came."""
        world = self.world
        login = begin_login(self.request, Decision.APPROVE, view=self._view, needs=world.beginning, now=world.now)
        back = self._issuer.log_in(login.begun.address, "idp|maria", now=world.now)
        self.came_back.append((login.secret, back))
        taken = self.confirm(login.secret, back)
        return taken is ProofState.COUNTED

    def confirm(self, secret: BrowserSecret, back: dict[str, str]) -> ProofState | None:
        confirmed = confirm_login(secret, **back, needs=self.world.confirming, now=self.world.now)
        return confirmed.taken.state if confirmed.taken else None


@pytest.fixture
def of_two(intent: Intent) -> Intent:
    """Where two approvers are needed, so that one who counts twice would be seen."""
    return with_restores(
        a_proving_intent(intent), rules=(ApprovalRule(unit="Production", group="approvers", needed=2),)
    )


def _logged_in(intent: Intent, faults: Faults) -> Browser:
    world = FaultyWorld(intent, faults=faults)
    browser = Browser(world, world.open())
    _tried(browser.sign)
    world.faults.is_armed = False
    return browser


@pytest.mark.parametrize("kind", WRONG)
def test_x07_a_login_that_was_interrupted_is_made_again_and_counts_for_one_person(kind: str, of_two: Intent) -> None:
    for at in _points(lambda faults: _logged_in(of_two, faults).world, least=15):
        browser = _logged_in(of_two, Faults(at=at, kind=kind))
        world, kept = browser.world, browser.world.kept(browser.request)
        verdict = world.judge.decide(kept, now=world.now)
        assert (verdict.state, verdict.people, verdict.missing) == ("pending", ("idp|maria",), ("approvers",)), at


@pytest.mark.parametrize("kind", WRONG)
def test_attack_29_whatever_is_left_of_an_interrupted_login_signs_nothing(kind: str, of_two: Intent) -> None:
    """Mallory has a browser of his own and every address that Maria came back by, and later her browser, too."""
    for at in _points(lambda faults: _logged_in(of_two, faults).world, least=15):
        browser = _logged_in(of_two, Faults(at=at, kind=kind))
        world, before = browser.world, browser.world.kept(browser.request).proofs
        for _, back in browser.came_back:
            with pytest.raises(NotAuthenticatedError):
                browser.confirm(BrowserSecret("M" * 43), back)
        world.later(minutes=6)
        for secret, back in browser.came_back:
            with pytest.raises(NotAuthenticatedError):
                browser.confirm(secret, back)
        assert world.kept(browser.request).proofs == before


def _review(world: FaultyWorld, request: str) -> ReviewTaken:
    needs, now = world.reviewing, world.now
    proposed = propose_review(request, ReviewFinding.IN_ORDER, view=None, needs=needs, now=now)
    signed = AUTHENTICATORS["sana"].sign(proposed.statement)
    return take_review(request, statement=proposed.statement, signed=signed, needs=needs, now=now)


def _reviewed(intent: Intent, faults: Faults) -> FaultyWorld:
    world = FaultyWorld(an_urgent_intent(intent), faults=faults)
    first, another = world.come_to_urgent_end(), an_urgent_wish(target_name="another-db")
    with pytest.raises(RestoreRefusedError, match="nobody has reviewed"):
        world.open(another)
    before = world.kept(first)
    world.spoil()
    _tried(lambda: _review(world, first).state is ProofState.COUNTED)
    world.faults.is_armed = False
    kept = world.kept(first)
    found = review_of(kept, evidence=world.judge.evidence, now=world.now)
    assert found is not None
    assert (found.subject, found.finding) == ("idp|sana", ReviewFinding.IN_ORDER)
    assert (kept.chain, kept.proofs[: len(before.proofs)] != ()) == (before.chain, True)
    assert world.open(another)
    return world


@pytest.mark.parametrize("kind", WRONG)
def test_x07_a_review_that_was_interrupted_is_made_again_and_frees_the_next(kind: str, intent: Intent) -> None:
    for at in _points(lambda faults: _reviewed(intent, faults), least=8):
        _reviewed(intent, Faults(at=at, kind=kind))


def _refreshed(intent: Intent, faults: Faults) -> FaultyWorld:
    """A card that Maria's signature changes, and one that nobody could post before."""
    world = FaultyWorld(a_proving_intent(intent), faults=faults)
    request = world.open()
    world.read_ticket(request)
    tell_approvers(request, needs=world.telling, now=world.now)
    world.sign(request, "maria")
    before = dict(world.shelf.kept)
    board, shelf = world.board, world.shelf
    world.spoil()
    for _ in range(_TRIES):
        try:
            refresh_cards(needs=world.refreshing, now=world.now)
        except (KilledError, StrongroomError):
            continue
    world.faults.is_armed = False
    assert shelf.kept == before
    assert {card.headline for card in board.updated} == {
        f"Restore {request} is approved, and about to begin: payments-db-0200"
    }
    assert len(board.shown) == 1
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    return world


@pytest.mark.parametrize("kind", WRONG)
def test_x07_a_card_that_could_not_be_shown_is_shown_at_the_next_look(kind: str, intent: Intent) -> None:
    for at in _points(lambda faults: _refreshed(intent, faults), least=8):
        _refreshed(intent, Faults(at=at, kind=kind))
