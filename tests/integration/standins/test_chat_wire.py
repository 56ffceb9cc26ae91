"""A Slack that is slow, silent, lies or sends elsewhere is given up in time, and told later."""

import time
from datetime import timedelta

import pytest

from strongroom.adapters.slack import answers, web_api
from strongroom.adapters.slack.answers import SlackAnswers
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.wire import Wire
from strongroom.domain.restores.showing.reach import AWAY
from tests.integration.standins.misbehaving import MISBEHAVIOURS, answer, serving

TOKEN = "xoxb-very-secret"
LIES = {
    "no message": answer(b'{"ok": true}'),
    "a message without a name": answer(b'{"ok": true, "channel": "C1", "ts": 7}'),
    "a refusal without a reason": answer(b'{"ok": false}'),
    "a yes that is none": answer(b'{"ok": "true", "channel": "C1", "ts": "1.2"}'),
    "a page with a status": answer(b"<html>canary</html>", status=502),
}


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same clock, shorter."""
    for each in (web_api, answers):
        monkeypatch.setattr(each, "_WIRE", Wire("Slack", within=timedelta(seconds=1)))


@pytest.mark.parametrize("behave", [*MISBEHAVIOURS, *LIES])
def test_a_chat_that_misbehaves_is_away(behave: str) -> None:
    """As in its every other absence, which no ceremony waits for."""
    with serving((MISBEHAVIOURS | LIES)[behave]) as site:
        began = time.monotonic()
        with pytest.raises(AWAY) as raised:
            Slack(token=TOKEN, api_url=f"{site.url}/api/").post("C1", text="hello")
        took = time.monotonic() - began
    assert took < 3
    assert site.heard == ["/api/chat.postMessage"]
    assert not any(each in str(raised.value) for each in (TOKEN, "canary"))


@pytest.mark.parametrize("behave", ["a drip of headers", "silence", "no answer", "elsewhere"])
def test_an_answer_to_a_click_that_is_not_taken_is_given_up(behave: str) -> None:
    with serving(MISBEHAVIOURS[behave]) as site:
        began = time.monotonic()
        with pytest.raises(AWAY):
            SlackAnswers(api_url=f"{site.url}/api/").answer(f"{site.url}/answers/1", text="hello")
        took = time.monotonic() - began
    assert took < 3
    assert site.heard == ["/answers/1"]
