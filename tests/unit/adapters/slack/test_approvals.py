"""The message that approvers see: no markup of the requester's, no secret, no buttons once it is over."""

import json
from collections.abc import Sequence

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


@pytest.mark.parametrize("hostile", ["<!channel> go", "*bold*", "<https://evil.example|Approve>", "`x`"])
def test_what_a_person_typed_is_plain_text(hostile: str) -> None:
    blocks = approval_blocks(seal_request(a_request(reason=hostile)))
    [shown] = [each for each in blocks[1]["fields"] if each["text"].startswith("Reason")]
    assert shown == {"type": "plain_text", "text": f"Reason: {hostile}", "emoji": False}
    assert "mrkdwn" not in json.dumps(blocks)


def test_approvers_see_every_setting_of_the_restore() -> None:
    metadata = (("DBInstanceIdentifier", "payments-db-0200"), ("VpcSecurityGroupIds", "sg-open-to-all"))
    shown = json.dumps(approval_blocks(seal_request(a_request(metadata=metadata))))
    assert "Settings: DBInstanceIdentifier=payments-db-0200, VpcSecurityGroupIds=sg-open-to-all" in shown


def test_approvers_see_the_key_that_the_restored_database_will_live_under() -> None:
    key = {"type": "plain_text", "text": f"It will live under {WORKLOAD_KEY}.", "emoji": False}
    assert {"type": "section", "text": key} in approval_blocks(seal_request(a_request()))


def test_settings_too_long_to_show_say_that_there_are_more() -> None:
    metadata = tuple((f"Key{number}", "x" * 900) for number in range(3))
    fields = approval_blocks(seal_request(a_request(metadata=metadata)))[1]["fields"]
    [shown] = [each["text"] for each in fields if each["text"].startswith("Settings")]
    assert shown.endswith("… and more: read all with `strongroom restore show r-abcdefgh2345`")
    assert max(len(each["text"]) for each in fields) <= 2000
    assert len(fields) <= 10


def test_buttons_carry_the_request_and_its_mark_and_nothing_else() -> None:
    sealed = seal_request(a_request())
    buttons = approval_blocks(sealed)[-1]["elements"]
    assert [(each["action_id"], each["value"]) for each in buttons] == [
        ("approve", f"r-abcdefgh2345.{sealed.digest[:12]}"),
        ("deny", f"r-abcdefgh2345.{sealed.digest[:12]}"),
    ]


def test_a_closed_request_has_no_buttons_and_its_thread_is_told() -> None:
    slack = FakeSlack()
    board = SlackApprovals(slack, channel="C0RESTORE")
    sealed = seal_request(a_request())
    board.close(board.post(sealed), sealed, text="Restore r: restored. <!here>")
    assert [call[0] for call in slack.calls] == ["post", "update", "reply"]
    assert '"button"' in slack.calls[0][2]
    assert '"button"' not in slack.calls[1][2]
    assert "&lt;!here&gt;" in slack.calls[2][1]
