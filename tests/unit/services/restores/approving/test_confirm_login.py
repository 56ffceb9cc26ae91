"""A login signs once whoever made it has said yes, in the browser in which it began, and never twice."""

from copy import replace
from dataclasses import dataclass
from typing import Any

import pytest

from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.domain.restores.drafts import Link, page_of
from strongroom.services.restores.approving.begin_login import begin_login
from strongroom.services.restores.approving.confirm_login import LoginConfirmed, confirm_login
from strongroom.services.restores.approving.take_proof import ProofState
from tests.fakes.restores.world import PUBLIC_URL, CeremonyWorld


@dataclass(frozen=True)
class Back:
    """A browser that comes back from a login with its code."""

    request: str
    secret: BrowserSecret
    code: str
    state: str


def logged_in(
    world: CeremonyWorld,
    person: str = "maria",
    decision: Decision = Decision.APPROVE,
    *,
    request: str = "",
    link: Link = Link.PAGE,
    **claims: Any,
) -> Back:
    request = request or world.open()
    draft = world.beginning.proposing.drafts.read(request)
    view, number = (draft.chat_view, draft.number) if link is Link.CHAT else (draft.view, "")
    login = begin_login(request, decision, view=view, number=number, needs=world.beginning, now=world.now)
    back = world.issuer.log_in(login.begun.address, f"idp|{person}", now=world.now, **claims)
    return Back(request, login.secret, **back)


def confirm(world: CeremonyWorld, back: Back) -> LoginConfirmed:
    return confirm_login(back.secret, state=back.state, code=back.code, needs=world.confirming, now=world.now)


@pytest.mark.parametrize("link", list(Link))
def test_an_approval_by_a_fresh_login_counts_and_leads_back_to_the_page(link: Link, world: CeremonyWorld) -> None:
    back = logged_in(world, link=link)
    confirmed = confirm(world, back)
    assert confirmed.taken is not None
    assert (confirmed.taken.state, confirmed.taken.subject) == (ProofState.COUNTED, "idp|maria")
    assert confirmed.taken.standing == "approved"
    assert confirmed.page == page_of(PUBLIC_URL, world.confirming.drafts.read(back.request), link=link)
    assert len(world.kept(back.request).proofs) == 1


def test_the_code_is_exchanged_with_the_secret_of_client_and_browser(world: CeremonyWorld) -> None:
    back = logged_in(world)
    confirm(world, back)
    [form] = world.issuer.forms
    assert (form["code_verifier"], form["client_secret"]) == (back.secret.verifier, "hush")
    assert form["redirect_uri"] == f"{PUBLIC_URL}/logins/callback"


def test_a_double_click_signs_once(world: CeremonyWorld) -> None:
    back = logged_in(world)
    first, second = confirm(world, back), confirm(world, back)
    assert (first.taken is None, second.taken) == (False, None)
    assert second.page == first.page
    assert (len(world.issuer.forms), len(world.kept(back.request).proofs)) == (1, 1)


def test_x05_somebody_elses_login_signs_nothing_in_this_browser(world: CeremonyWorld) -> None:
    """Maria's answer to Mallory's login, in a browser that began none, and in one that began another."""
    request = world.open()
    mallorys, marias = logged_in(world, request=request), logged_in(world, request=request)
    for secret in (BrowserSecret("A" * 43), marias.secret):
        with pytest.raises(NotAuthenticatedError):
            confirm(world, replace(mallorys, secret=secret))
    assert (world.issuer.forms, world.kept(request).proofs) == ([], ())


def test_attack_29_a_code_of_another_login_is_exchanged_for_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    mine, other = logged_in(world, request=request), logged_in(world, request=request)
    with pytest.raises(NotAuthenticatedError):
        confirm(world, replace(mine, code=other.code))
    assert world.kept(request).proofs == ()


def test_a_login_that_did_not_work_is_begun_again_and_not_repeated(world: CeremonyWorld) -> None:
    back = logged_in(world)
    with pytest.raises(NotAuthenticatedError):
        confirm(world, replace(back, code="guessed"))
    assert confirm(world, back).taken is None
    assert world.kept(back.request).proofs == ()


@pytest.mark.parametrize(
    ("person", "decision", "claims"),
    [
        pytest.param("omar", Decision.APPROVE, {}, id="the requester"),
        pytest.param("piet", Decision.APPROVE, {}, id="no approver"),
        pytest.param("nobody", Decision.APPROVE, {}, id="a stranger"),
        pytest.param("maria", Decision.CANCEL, {}, id="somebody else takes it back"),
        pytest.param("maria", Decision.APPROVE, {"amr": ["pwd"]}, id="a password alone"),
        pytest.param("maria", Decision.APPROVE, {"amr": None}, id="no word about the login"),
        pytest.param("maria", Decision.APPROVE, {"auth_time": 1}, id="an old login"),
        pytest.param("maria", Decision.APPROVE, {"auth_time": None}, id="no word about its time"),
        pytest.param("maria", Decision.APPROVE, {"nonce": "another"}, id="made for another statement"),
        pytest.param("maria", Decision.APPROVE, {"aud": "another"}, id="made for another application"),
    ],
)
def test_what_does_not_count_is_told_with_the_reason_and_kept_nowhere(
    person: str, decision: Decision, claims: dict[str, Any], world: CeremonyWorld
) -> None:
    back = logged_in(world, person, decision, **claims)
    confirmed = confirm(world, back)
    assert confirmed.taken is not None
    assert (confirmed.taken.state, confirmed.taken.proof) == (ProofState.REFUSED, "")
    assert confirmed.taken.reason
    assert world.kept(back.request).proofs == ()


def test_a_refusal_by_login_stops_the_request(world: CeremonyWorld) -> None:
    confirmed = confirm(world, logged_in(world, "sana", Decision.DENY))
    assert confirmed.taken is not None
    assert confirmed.taken.standing == "denied"


def test_the_requester_takes_the_request_back_by_login(world: CeremonyWorld) -> None:
    confirmed = confirm(world, logged_in(world, "omar", Decision.CANCEL))
    assert confirmed.taken is not None
    assert confirmed.taken.standing == "cancelled"


def test_a_login_that_took_too_long_signs_nothing(world: CeremonyWorld) -> None:
    back = logged_in(world)
    world.later(minutes=5)
    with pytest.raises(NotAuthenticatedError):
        confirm(world, back)
    assert world.issuer.forms == []
