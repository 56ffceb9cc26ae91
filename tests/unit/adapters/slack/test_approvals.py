"""The message that approvers see: no markup of anybody's, nothing to vote with, no button once it is over."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from strongroom.adapters.slack.approvals import SlackApprovals, approval_blocks
from strongroom.adapters.slack.markup import Block
from strongroom.domain.chat import PostedMessage
from strongroom.domain.restores.requests import seal_request
from tests.builders.restores import WORKLOAD_KEY, a_request


class FakeSlack:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []

    def post(self, channel: str, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        self.calls.append(("post", text, json.dumps(blocks)))
        return PostedMessage(channel=channel, ts="1.1")

    def reply(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        self.calls.append(("reply", text, ""))
        return message

    def update(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> None:
        self.calls.append(("update", text, json.dumps(blocks)))


PAGE = "https://restore.example.com/v1/approvals/r-abcdefgh2345?view=the-right-to-look"


def name_of(subject: str) -> str:
    return f"<{subject}> of the intent"


def blocks_of(**changes: Any) -> list[Block]:
    return approval_blocks(seal_request(a_request(**changes)), page=PAGE, number="47", name_of=name_of)


def fields_of(**changes: Any) -> dict[str, Any]:
    """What is said of the request, by its name."""
    return {field["text"].partition(": ")[0]: field for field in blocks_of(**changes)[1]["fields"]}


@pytest.mark.parametrize("hostile", ["<!channel> go", "*bold*", "<https://evil.example|Approve>", "`x`"])
def test_what_a_person_typed_is_plain_text(hostile: str) -> None:
    fields = fields_of(reason=hostile, ticket=hostile)
    for name in ("Reason", "Ticket"):
        assert fields[name] == {"type": "plain_text", "text": f"{name}: {hostile}", "emoji": False}
    assert "mrkdwn" not in json.dumps(blocks_of(reason=hostile, ticket=hostile))


def test_approvers_see_who_asks_by_the_name_that_people_know() -> None:
    asked = {"type": "plain_text", "text": "Asked by: <idp|omar> of the intent", "emoji": False}
    assert fields_of()["Asked by"] == asked


@pytest.mark.parametrize(
    ("name", "said"),
    {
        "What": "payments-db (RDS)",
        "State of": "2026-11-23 02:00 UTC",
        "Becomes": "payments-db-0200, a new resource in account 222222222222, eu-west-1",
        "From": "local-prod-vault (local)",
        "Ticket": "OPS-123",
        "Reason": "UPDATE without WHERE at 14:00",
        "Approve before": "2026-11-23 18:20:00 UTC",
    }.items(),
)
def test_approvers_see_what_becomes_of_what_and_until_when(name: str, said: str) -> None:
    assert fields_of()[name]["text"] == f"{name}: {said}"


def test_approvers_see_every_setting_of_the_restore() -> None:
    metadata = (("DBInstanceIdentifier", "payments-db-0200"), ("VpcSecurityGroupIds", "sg-open-to-all"))
    shown = fields_of(metadata=metadata)["Settings"]["text"]
    assert shown == "Settings: DBInstanceIdentifier=payments-db-0200, VpcSecurityGroupIds=sg-open-to-all"


def test_approvers_see_the_mark_in_the_groups_in_which_the_page_shows_it() -> None:
    mark = seal_request(a_request()).mark
    assert fields_of()["Mark"]["text"] == f"Mark: {mark[:4]} {mark[4:8]} {mark[8:]}"


def test_approvers_see_the_key_that_the_restored_database_will_live_under() -> None:
    key = {"type": "plain_text", "text": f"It will live under {WORKLOAD_KEY}.", "emoji": False}
    assert {"type": "section", "text": key} in blocks_of()


def test_settings_too_long_to_show_say_that_there_are_more() -> None:
    metadata = tuple((f"Key{number}", "x" * 900) for number in range(3))
    fields = fields_of(metadata=metadata)
    assert fields["Settings"]["text"].endswith("… and more: read all with `strongroom restore show r-abcdefgh2345`")
    assert max(len(each["text"]) for each in fields.values()) <= 2000
    assert len(fields) <= 10


def test_approvers_see_the_number_that_the_page_asks_them_for() -> None:
    text = {"type": "plain_text", "text": "The page asks whoever approves for this number: 47", "emoji": False}
    assert blocks_of()[-2] == {"type": "section", "text": text}


def test_the_one_button_leads_to_the_page_and_decides_nothing() -> None:
    sealed = seal_request(a_request())
    blocks = blocks_of()
    [button] = blocks[-1]["elements"]
    assert (button["text"]["text"], button["url"]) == ("Review and decide", PAGE)
    assert (button["action_id"], button["value"]) == ("review", f"r-abcdefgh2345.{sealed.mark}")
    assert json.dumps(blocks).count("the-right-to-look") == 1


def test_an_open_request_is_posted_where_approvers_are() -> None:
    slack = FakeSlack()
    posted = SlackApprovals(slack, channel="C0RESTORE", name_of=name_of).post(
        seal_request(a_request()), page=PAGE, number="47"
    )
    assert posted == PostedMessage(channel="C0RESTORE", ts="1.1")
    assert slack.calls == [
        ("post", "Restore r-abcdefgh2345 awaits approval: payments-db-0200", json.dumps(blocks_of()))
    ]


def test_a_closed_request_has_no_button_and_its_thread_is_told() -> None:
    slack = FakeSlack()
    board = SlackApprovals(slack, channel="C0RESTORE", name_of=name_of)
    sealed = seal_request(a_request())
    board.close(board.post(sealed, page=PAGE, number="47"), sealed, text="Restore r: restored. <!here>")
    assert [call[0] for call in slack.calls] == ["post", "update", "reply"]
    assert '"button"' in slack.calls[0][2]
    assert '"button"' not in slack.calls[1][2]
    assert "&lt;!here&gt;" in slack.calls[2][1]
    assert (
        json.dumps({"type": "plain_text", "text": "Restore r: restored. <!here>", "emoji": False}) in slack.calls[1][2]
    )
    assert "the-right-to-look" not in slack.calls[1][2]
