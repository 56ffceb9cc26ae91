"""Whoever comes back from a login sees what it will sign, in the browser in which it began; nothing is used up."""

from typing import Any

import pytest

from strongroom.domain.errors import NotAuthenticatedError, RestoreRefusedError
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.services.restores.approving.begin_login import LoginBeginning, begin_login
from strongroom.services.restores.approving.show_login import LoginShown, show_login
from tests.fakes.restores.world import CeremonyWorld


def begun(world: CeremonyWorld, request: str, decision: Decision = Decision.APPROVE) -> LoginBeginning:
    view = world.beginning.proposing.drafts.read(request).view
    return begin_login(request, decision, view=view, needs=world.beginning, now=world.now)


def show(world: CeremonyWorld, secret: BrowserSecret, *, state: str | None = None) -> LoginShown:
    return show_login(secret, state=secret.state if state is None else state, needs=world.coming_back, now=world.now)


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.DENY, Decision.CANCEL])
def test_it_says_who_asked_for_what_and_what_is_decided(decision: Decision, world: CeremonyWorld) -> None:
    request = world.open()
    shown = show(world, begun(world, request, decision).secret)
    sealed = world.kept(request).sealed
    assert (shown.decision, shown.requester, shown.mark) == (decision, "Omar Haddad", sealed.mark)
    assert (shown.what, shown.account) == ("payments-db becomes payments-db-0200", "222222222222")
    assert (shown.reason, shown.ticket) == (sealed.request.reason, "OPS-123")


def test_looking_changes_nothing_however_often_it_is_done(world: CeremonyWorld) -> None:
    """Attacks 7 and 29: whatever fetches a link in advance, or a relayed one, approves nothing."""
    request = world.open()
    secret = begun(world, request).secret
    before = (world.ledger.everything(), world.table.everything(), dict(world.shelf.kept))
    assert show(world, secret) == show(world, secret)
    assert before == (world.ledger.everything(), world.table.everything(), dict(world.shelf.kept))


@pytest.mark.parametrize(
    "state", ["", "A" * 43, "é", "\ud800"], ids=["none", "another", "no ASCII", "half a character"]
)
def test_attack_29_the_answer_to_another_login_is_refused(state: str, world: CeremonyWorld) -> None:
    with pytest.raises(NotAuthenticatedError, match="no login began in this browser"):
        show(world, begun(world, world.open()).secret, state=state)


def test_x05_a_relayed_answer_is_nothing_in_another_browser(world: CeremonyWorld) -> None:
    """Mallory began the login, Maria made it: her browser has begun none, or one of its own."""
    request = world.open()
    mallorys, marias = begun(world, request).secret, begun(world, request).secret
    with pytest.raises(NotAuthenticatedError, match="tell security"):
        show(world, marias, state=mallorys.state)
    with pytest.raises(NotAuthenticatedError):
        show(world, BrowserSecret("A" * 43), state=mallorys.state)


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "é" * 43, "A" * 42 + "=", "A" * 43 + "\n"])
def test_a_secret_of_another_form_is_none(text: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        BrowserSecret(text)


def test_a_login_that_took_too_long_is_over(world: CeremonyWorld) -> None:
    secret = begun(world, world.open()).secret
    world.later(minutes=5)
    with pytest.raises(NotAuthenticatedError):
        show(world, secret)


def test_what_is_over_is_not_shown_to_be_decided(world: CeremonyWorld) -> None:
    secret = begun(world, world.open()).secret
    ends: Any = world.coming_back.drafts.read(world.logins.find(secret).request_id).sealed.request.act_before  # type: ignore[union-attr]
    with pytest.raises(RestoreRefusedError, match="over"):
        show_login(secret, state=secret.state, needs=world.coming_back, now=ends)
