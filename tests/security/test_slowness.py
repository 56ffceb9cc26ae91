"""Slack or the identity provider is slow: whoever asks gives up in time, says so, and goes on when it is back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest

from strongroom.adapters.identity import oidc
from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.slack import web_api
from strongroom.adapters.slack.approvals import SlackApprovals
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.wire import HttpAnswer, Wire
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.showing.reach import Whom
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.runtime.platform import current_platform
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.refresh_cards import refresh_cards
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.asking.show_restores import show_restore
from strongroom.wiring.restores.listing import restore_view
from tests.builders.restores import AUTHENTICATORS
from tests.contract.templates import template_of
from tests.contract.test_words_for_people import CLASS_NAME
from tests.fakes.ceremony import Functions, proof_body
from tests.fakes.restores.world import CeremonyWorld
from tests.functions.restores.by_login.test_login_on_the_page import Browser

# API Gateway's own, and what its functions still do besides ("Amazon API Gateway quotas", integration timeout).
API_GATEWAY: Final = 29.0
BESIDES: Final = 4.0
FUNCTION: Final = float(template_of("template.yaml")["Globals"]["Function"]["Timeout"])
IN_TIME, TOO_LATE = 0.9, 1.5


@dataclass
class Slow:
    """Somebody who answers after so much of the time that is waited for them, and a wire that waits no longer."""

    wire: Wire
    answer: Callable[[str, bytes | None], Mapping[str, Any]]
    pace: float = TOO_LATE
    spent: list[float] = field(default_factory=list)

    def request(self, _: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        within = self.wire.within.total_seconds()
        self.spent.append(min(self.pace, 1) * within)
        if self.pace > 1:
            raise TemporarilyUnavailableError(f"it took longer than {within:.0f} seconds")
        return HttpAnswer(200, "application/json", json.dumps(self.answer(url, body)).encode())


# --- Slack --------------------------------------------------------------------


@pytest.fixture
def slack(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Slack as it is spoken to, slower than anybody waits for."""
    slow = Slow(web_api._WIRE, lambda _url, _body: {"ok": True, "channel": "C0RESTORE", "ts": "1.2"})  # noqa: SLF001
    monkeypatch.setattr(web_api, "_WIRE", slow)
    board: Any = SlackApprovals(Slack(token="xoxb-1", api_url="https://slack.com/api/"), channel="C0RESTORE")
    world.board = board
    return slow


def test_x_07_a_slow_slack_keeps_no_restore_waiting(world: CeremonyWorld, slack: Slow) -> None:
    """Slack answers too late all day, and the request says since when, is signed on its page, restored and told."""
    request, since = world.open(), world.now
    world.read_ticket(request)
    with pytest.raises(TemporarilyUnavailableError):
        tell_approvers(request, needs=world.telling, now=world.now)
    world.later(minutes=2)
    shown = show_restore(request, needs=world.showing, now=world.now)
    [missed] = shown.unreached
    assert (shown.state, missed.whom, missed.since) == ("pending", Whom.CHAT, since)
    assert not CLASS_NAME.search(missed.why)
    world.sign(request, "maria")
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    ended = world.close(request)
    assert (ended.outcome, ended.untold) == (RestoreOutcome.RESTORED, ())
    assert [type(fact) for fact in world.published].count(RestoreClosed) == 1


def test_x_07_a_slow_slack_is_told_of_what_it_missed_once_it_is_fast_enough(world: CeremonyWorld, slack: Slow) -> None:
    """Slack is too slow when the request is opened and when it ends, and hears of both when it answers in time."""
    request = world.open()
    world.read_ticket(request)
    with pytest.raises(TemporarilyUnavailableError):
        tell_approvers(request, needs=world.telling, now=world.now)
    slack.pace = IN_TIME
    tell_approvers(request, needs=world.telling, now=world.now)
    assert show_restore(request, needs=world.showing, now=world.now).unreached == ()
    slack.pace = TOO_LATE
    world.later(hours=5)
    assert world.close(request).untold == (Whom.CHAT,)
    world.break_off(request)
    slack.pace = IN_TIME
    assert world.close_again(request).untold == ()


def test_x_07_a_slow_slack_is_asked_once_for_all_open_requests(world: CeremonyWorld, slack: Slow) -> None:
    """The clock that keeps cards up to date gives up at the first, so that it comes to its end."""
    slack.pace = IN_TIME
    for request in (world.open(), world.open_another()):
        tell_approvers(request, needs=world.telling, now=world.now)
        world.sign(request, "maria")
    slack.pace = TOO_LATE
    slack.spent.clear()
    world.later(minutes=1)
    refresh_cards(needs=world.refreshing, now=world.now)
    assert len(slack.spent) == 1


@pytest.mark.parametrize("pace", [IN_TIME, TOO_LATE], ids=["just in time", "too late"])
def test_x_07_a_slow_slack_lets_every_step_come_to_its_end(pace: float, world: CeremonyWorld, slack: Slow) -> None:
    """However slow Slack is, opening and closing wait for it shorter than their functions may take."""
    slack.pace = IN_TIME
    request = world.open()
    tell_approvers(request, needs=world.telling, now=world.now)
    assert sum(slack.spent) + BESIDES < FUNCTION
    slack.spent.clear()
    slack.pace = pace
    world.later(hours=5)
    world.close(request)
    assert 0 < sum(slack.spent) + BESIDES < FUNCTION


# --- The identity provider ----------------------------------------------------


@pytest.fixture
def provider(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """The identity provider as it is asked, just in time."""
    issuer = functions.issuer

    def answer(url: str, body: bytes | None) -> Mapping[str, Any]:
        said: Mapping[str, Any] = issuer.get(url) if body is None else issuer.post(url, _form(body))
        return said

    slow = Slow(oidc._WIRE, answer, pace=IN_TIME)  # noqa: SLF001
    web = Web(slow)
    monkeypatch.setattr(Web, "get", lambda _, url: GET(web, url))
    monkeypatch.setattr(Web, "post", lambda _, url, form: POST(web, url, form))
    return slow


GET, POST = Web.get, Web.post


def _form(body: bytes) -> Mapping[str, str]:
    return dict(parse_qsl(body.decode()))


def test_x_07_a_slow_identity_provider_lets_people_sign_before_their_browser_gives_up(
    functions: Functions, provider: Slow
) -> None:
    """Each of its answers takes nearly as long as is waited for one, and a login signs all the same, in time."""
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    assert sum(provider.spent) + BESIDES < API_GATEWAY
    provider.spent.clear()
    assert browser.confirm(back)["statusCode"] == 303
    assert 0 < sum(provider.spent) / IN_TIME + BESIDES < API_GATEWAY
    assert len(functions.world.kept(request).proofs) == 1


def test_x_07_a_slow_identity_provider_signs_nothing_and_says_so(functions: Functions, provider: Slow) -> None:
    """The login's code is exchanged too late, and Maria reads that nothing was signed, and signs again later."""
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    provider.pace = TOO_LATE
    answer = browser.confirm(back)
    assert answer["statusCode"] == 503
    assert not CLASS_NAME.search(answer["body"])
    assert functions.world.kept(request).proofs == ()
    provider.pace = IN_TIME
    assert browser.confirm(browser.log_in(request))["statusCode"] == 303
    assert len(functions.world.kept(request).proofs) == 1


@pytest.mark.parametrize(
    ("function", "route", "content"),
    [
        ("request_restore", "POST /restores", {"account": "222222222222"}),
        ("show_restores", "GET /restores", None),
        ("take_proof", "POST /restores/{id}/statements", {"decision": "approve"}),
    ],
)
def test_x_07_a_slow_identity_provider_lets_nobody_in_and_says_so(
    function: str, route: str, content: Any, functions: Functions, provider: Slow
) -> None:
    """Whoever comes with a bearer is not known in time, and is told to try again, in words."""
    request = functions.world.open()
    parameters = {"id": request} if "{id}" in route else {}
    provider.pace = TOO_LATE
    status, answer = functions.ask(function, route, content, person="maria", **parameters)
    assert (status, len(provider.spent)) == (503, 1)
    assert "try again later" in answer["error"]
    assert not CLASS_NAME.search(json.dumps(answer))
    provider.pace = IN_TIME
    assert functions.ask(function, route, content, person="maria", **parameters)[0] != 503


def test_x_07_a_slow_identity_provider_keeps_no_passkey_waiting(functions: Functions, provider: Slow) -> None:
    """Omar and Maria sign by passkeys, which ask nobody, and the restore is approved while it is slow."""
    provider.pace = IN_TIME
    request = functions.world.open()
    functions.step("snapshot_ticket", request)
    _, statement = functions.ask(
        "take_proof", "POST /restores/{id}/statements", {"decision": "approve"}, person="maria", id=request
    )
    provider.pace = TOO_LATE
    provider.spent.clear()
    body = proof_body(statement["statement"], AUTHENTICATORS["maria"].sign(statement["statement"]))
    assert functions.ask("take_proof", "POST /restores/{id}/proofs", body, id=request)[0] == 200
    assert functions.step("judge_approval", request)["state"] == DecisionState.APPROVED
    assert provider.spent == []


def test_x_07_a_slow_identity_provider_decides_nothing_and_the_request_says_that_it_waits_for_it(
    functions: Functions, provider: Slow
) -> None:
    """Maria signed by a login whose key nobody has kept yet: her approval waits for the provider, and then counts."""
    request, browser = functions.world.open(), Browser(functions)
    functions.step("snapshot_ticket", request)
    assert browser.confirm(browser.log_in(request))["statusCode"] == 303
    provider.pace = TOO_LATE
    with pytest.raises(TemporarilyUnavailableError):
        functions.step("judge_approval", request)
    shown = show_restore(request, needs=restore_view(current_platform()), now=functions.now())
    assert (shown.state, [each.whom for each in shown.unreached]) == ("pending", [Whom.IDENTITY_PROVIDER])
    assert not CLASS_NAME.search(shown.reason)
    provider.pace = IN_TIME
    assert functions.step("judge_approval", request)["state"] == DecisionState.APPROVED
