"""The answer to a click: a link to prove it with, or why it does not count, and nothing that a name smuggles in."""

import pytest

from strongroom.adapters.slack.clicks import SlackClickAnswers
from strongroom.domain.restores.clicks import SlackClick
from strongroom.domain.restores.votes import VoteAnswer

CLICK = SlackClick(
    user="U0MARIA",
    user_team="T0STRONG",
    team="T0STRONG",
    app="A0STRONG",
    action="approve",
    value="r-abcdefgh2345.000000000000",
    response_url="https://hooks.slack.com/actions/1",
)


class FakeSlack:
    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def answer(self, response_url: str, *, text: str) -> None:
        self.said.append((response_url, text))


@pytest.mark.parametrize(
    ("reason", "url", "text"),
    [
        (
            "counts",
            "https://s.example/p/1",
            "Your vote counts: <https://s.example/p/1|prove it now>, within five minutes.",
        ),
        ("only members of <!here> & co", "", "Not counted: only members of &lt;!here&gt; &amp; co."),
    ],
    ids=["awaiting", "refused"],
)
def test_the_one_who_clicked_is_told_at_the_address_of_the_click(reason: str, url: str, text: str) -> None:
    slack = FakeSlack()
    answer = VoteAnswer(request_id="r-abcdefgh2345", state="any", reason=reason, presence_url=url)
    SlackClickAnswers(slack).answer(CLICK, answer)
    assert slack.said == [(CLICK.response_url, text)]
