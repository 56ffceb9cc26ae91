"""A login begins for one statement, in one browser; nobody else is told anything by which to end it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.statements import Decision, read_statement
from strongroom.domain.restores.drafts import Link
from strongroom.services.restores.approving.begin_login import LoginBeginning, begin_login
from tests.fakes.restores.world import PUBLIC_URL, CeremonyWorld


def begin(
    world: CeremonyWorld, request: str, *, decision: Decision = Decision.APPROVE, view: str = "", number: str = ""
) -> LoginBeginning:
    link = view or world.beginning.proposing.drafts.read(request).view
    return begin_login(request, decision, view=link, number=number, needs=world.beginning, now=world.now)


def asked(login: LoginBeginning) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(login.begun.address).query).items()}


def test_the_login_will_sign_the_statement_that_the_page_is_told(world: CeremonyWorld) -> None:
    request = world.open()
    login = begin(world, request)
    statement = read_statement(login.begun.statement)
    assert (statement.decision, statement.request) == (Decision.APPROVE, request)
    assert asked(login)["nonce"] == commitment_of(statement.text)
    assert login.begun.text == world.kept(request).sealed.text


def test_it_is_asked_for_a_fresh_login_by_query_with_pkce(world: CeremonyWorld) -> None:
    login = begin(world, world.open())
    query = asked(login)
    fixed = {
        "response_type": "code",
        "response_mode": "query",
        "client_id": world.issuer.provider.client_id,
        "redirect_uri": f"{PUBLIC_URL}/logins/callback",
        "scope": "openid",
        "code_challenge_method": "S256",
        "max_age": "0",
        "prompt": "login",
    }
    assert query.items() >= fixed.items()
    assert (query["state"], query["code_challenge"]) == (login.secret.state, login.secret.challenge)


def test_attack_29_neither_the_address_nor_the_ledger_holds_what_ends_the_login(world: CeremonyWorld) -> None:
    login = begin(world, world.open())
    for place in (login.begun.address, str(world.ledger.everything())):
        assert login.secret.text not in place
        assert login.secret.verifier not in place
    assert login.secret.text not in repr(login)


def test_no_two_browsers_have_the_same_secret(world: CeremonyWorld) -> None:
    request = world.open()
    assert begin(world, request).secret != begin(world, request).secret


def test_a_login_is_kept_for_five_minutes(world: CeremonyWorld) -> None:
    login = begin(world, world.open())
    kept = world.logins.find(login.secret)
    assert kept is not None
    assert (kept.statement, kept.link) == (login.begun.statement, Link.PAGE)
    world.later(minutes=5)
    assert world.logins.find(login.secret) is None


def test_x05_a_login_from_chat_takes_the_number_that_stands_there(world: CeremonyWorld) -> None:
    request = world.open()
    draft = world.beginning.proposing.drafts.read(request)
    with pytest.raises(PermissionRefusedError, match="not the number"):
        begin(world, request, view=draft.chat_view)
    kept = world.logins.find(begin(world, request, view=draft.chat_view, number=draft.number).secret)
    assert kept is not None
    assert kept.link is Link.CHAT


def test_nothing_begins_by_another_link(world: CeremonyWorld) -> None:
    before = world.ledger.everything()
    with pytest.raises(PermissionRefusedError):
        begin(world, world.open(), view="A" * 22)
    assert [item for item in world.ledger.everything() if item not in before and item["sk"] == "LOGIN"] == []


def test_a_request_is_not_opened_by_a_login_on_the_page(world: CeremonyWorld) -> None:
    with pytest.raises(RestoreRefusedError, match="strongroom restore request"):
        begin(world, world.draft().request_id, decision=Decision.REQUEST)
