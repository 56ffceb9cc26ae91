"""The card that approvers see: who is called, no markup of anybody's, and no button once it is over."""

import json
from collections.abc import Iterator, Sequence
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox.standins.slack.blocks import problems_of
from strongroom.adapters.slack.approvals import SlackApprovals, card_blocks
from strongroom.adapters.slack.markup import Block
from strongroom.domain.canonical import canonical_text
from strongroom.domain.chat import PostedMessage
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.choosing.kept import KeptCandidates, Unread
from strongroom.domain.restores.drafts import Draft
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.showing.card import (
    Card,
    Ending,
    Standing,
    closed_card,
    nobody_signed,
    open_card,
)
from tests.builders.deciding.candidates import a_kept_row, a_kept_way, kept_candidates
from tests.builders.restores import NOW, POINT, POLICY, WORKLOAD_KEY, a_request

PAGE = "https://restore.example.com/v1/approvals/r-abcdefgh2345?view=the-right-to-look"
# Whatever somebody types: none of it may become markup, another line, or another direction.
HOSTILE = {
    "everybody": "<!channel> <!here> go",
    "somebody": "<@U0ADA>",
    "a link": "<https://evil.example|Approve>",
    "bold": "*approved* by _Sana_ `x`",
    "an emoji": ":white_check_mark: approved",
    "another row": "x\nMark: 0000 0000 0000\r\nApprovals: 2 of 2",
    "another direction": "restore \u202edevorppa\u202c \u2066x\u2069",
    "something unseen": "pay\u200bments\x00\x1b[31m",
    "entities": "&lt;!channel&gt; & <",
}


class FakeSlack:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, list[Block]]] = []

    def post(self, channel: str, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        self.calls.append(("post", text, list(blocks)))
        return PostedMessage(channel=channel, ts="1.1")

    def reply(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        self.calls.append(("reply", text, list(blocks)))
        return message

    def update(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> None:
        self.calls.append(("update", text, list(blocks)))


@pytest.fixture
def ceremony(intent: Intent) -> Ceremony:
    return ceremony_of(intent)


def a_card(ceremony: Ceremony, standing: Standing | None = None, **changes: Any) -> Card:
    draft = Draft(sealed=seal_request(a_request(**changes)), view="v", account_name="payments")
    return open_card(draft, standing or nobody_signed(draft.sealed.asked), ceremony=ceremony, now=NOW)


def a_closed_card(ceremony: Ceremony, *, text: str = "Restore r: denied.", **changes: Any) -> Card:
    ending = Ending(outcome="denied", text=text, handled_by=("idp|maria",))
    return closed_card(seal_request(a_request(**changes)), ending, ceremony=ceremony, account_name="payments")


def test_of_a_long_end_it_is_said_that_there_is_more(ceremony: Ceremony) -> None:
    card = a_closed_card(ceremony, text=f"Restore r: restored. {'alarm ' * 1_000}")
    assert f"… and more: read all with `strongroom restore show {card.request_id}`" in plain_of(
        card_blocks(card, page="")
    )


def texts_of(blocks: Any) -> Iterator[dict[str, Any]]:
    """Every text object of a message, however deep."""
    if isinstance(blocks, dict):
        if blocks.get("type") in ("plain_text", "mrkdwn"):
            yield blocks
        blocks = list(blocks.values())
    for each in blocks if isinstance(blocks, list) else []:
        yield from texts_of(each)


def plain_of(blocks: list[Block]) -> str:
    return "\n".join(text["text"] for text in texts_of(blocks) if text["type"] == "plain_text")


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_attack_23_what_a_person_typed_is_plain_text_on_one_line_in_one_direction(
    hostile: str, ceremony: Ceremony
) -> None:
    typed: dict[str, Any] = {"reason": hostile, "target_name": hostile, "metadata": (("Port", hostile),)}
    for card in (a_card(ceremony, **typed), a_closed_card(ceremony, text=hostile, **typed)):
        blocks = card_blocks(card, page=PAGE)
        marked = [text["text"] for text in texts_of(blocks) if text["type"] == "mrkdwn"]
        assert all(text.get("emoji", False) is False for text in texts_of(blocks))
        assert not any(hostile in text or "evil" in text or "<!" in text for text in marked)
        rows = [row["text"] for block in blocks for row in block.get("fields", [])]
        assert [row.partition(":")[0] for row in rows] == [name for name, _ in card.rows]
        assert not any(letter in plain_of(blocks) for letter in "\u202e\u2066\u200b\x00\x1b\r")
        assert problems_of(blocks) == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_attack_23_neither_the_notification_nor_the_thread_calls_anybody(hostile: str, ceremony: Ceremony) -> None:
    slack = FakeSlack()
    board = SlackApprovals(slack, channel="C0RESTORE")
    message = board.post(a_card(ceremony, target_name=hostile), page=PAGE)
    board.close(message, a_closed_card(ceremony, text=hostile, target_name=hostile))
    for _, text, _ in slack.calls:
        assert not set("<>\u202e\u200b\n") & set(text)


def test_attack_23_the_card_shows_the_mark_in_the_groups_in_which_the_page_shows_it(ceremony: Ceremony) -> None:
    mark = seal_request(a_request()).mark
    assert f"Mark: {mark[:4]} {mark[4:8]} {mark[8:]}" in plain_of(card_blocks(a_card(ceremony), page=PAGE))


@pytest.mark.parametrize("user", ["!channel", "U0MARIA> <!here", "u0maria", "", "U"])
def test_attack_23_only_what_is_spelled_as_an_id_of_slack_s_calls_somebody(user: str, ceremony: Ceremony) -> None:
    card = replace(a_card(ceremony), called=(user,))
    assert "can decide on it" not in json.dumps(card_blocks(card, page=PAGE))


def test_those_who_can_decide_are_called(ceremony: Ceremony) -> None:
    calls = card_blocks(a_card(ceremony), page=PAGE)[1]
    assert calls["text"] == {"type": "mrkdwn", "text": "<@U0MARIA> <@U0SANA> can decide on it.", "verbatim": True}


def test_nobody_is_called_once_it_is_decided(ceremony: Ceremony) -> None:
    verdict = Verdict(state=DecisionState.APPROVED, reason="", people=("idp|maria",), needed=1)
    assert "<@" not in json.dumps(card_blocks(a_card(ceremony, Standing(verdict=verdict)), page=PAGE))


@pytest.mark.parametrize(
    "said",
    [
        "What: payments-db (RDS)",
        "Backup begun: 2026-11-23 02:00 UTC",
        "Becomes: payments-db-0200, a new resource in account payments (222222222222), eu-west-1",
        "From: local-prod-vault (local)",
        "Asked by: Omar Haddad",
        "Ticket: OPS-123",
        "Reason: UPDATE without WHERE at 14:00",
        "Approve before: 2026-11-23 18:20:00 UTC (more than 4 h left)",
        "Approvals: 0 of 1; still needed: one of approvers",
        f"It will live under {WORKLOAD_KEY}.",
        "Settings: DBInstanceClass=db.t3.small, DBInstanceIdentifier=payments-db-0200",
    ],
)
def test_approvers_see_what_becomes_of_what_and_until_when(said: str, ceremony: Ceremony) -> None:
    assert said in plain_of(card_blocks(a_card(ceremony), page=PAGE)).splitlines()


def test_what_differs_from_the_backup_stands_in_red_and_alone(ceremony: Ceremony) -> None:
    metadata = (("DBInstanceClass", "db.r6g.large"), ("DBInstanceIdentifier", "payments-db-0200"), ("Port", "5433"))
    original = (("DBInstanceClass", "db.t3.small"), ("MultiAZ", "true"))
    lines = plain_of(card_blocks(a_card(ceremony, metadata=metadata, original=original), page=PAGE)).splitlines()
    assert [line for line in lines if line.startswith("🔴")] == [
        "🔴 Otherwise than at backup:",
        "🔴 DBInstanceClass: db.t3.small → db.r6g.large",
        "🔴 Port: not set → 5433",
    ]


def _red_lines(ceremony: Ceremony, *, settings: int, long: int) -> list[str]:
    metadata = tuple((f"Key{number:03}", "x" * long) for number in range(settings))
    blocks = card_blocks(a_card(ceremony, metadata=metadata, original=()), page=PAGE)
    assert problems_of(blocks) == []
    return [line for line in plain_of(blocks).splitlines() if line.startswith("🔴")]


@pytest.mark.parametrize(("settings", "long"), [(90, 20), (61, 100), (300, 5), (5, 900)])
def test_more_differences_than_slack_takes_are_counted_and_said_where_to_read(
    settings: int, long: int, ceremony: Ceremony
) -> None:
    _, *shown, rest = _red_lines(ceremony, settings=settings, long=long)
    left = settings - len(shown)
    assert rest == f"🔴 … and {left} more: read all with `strongroom restore show r-abcdefgh2345`"
    assert len("\n".join(shown)) > 1500, "hardly any was shown"
    assert 0 < left < settings


def test_as_many_differences_as_slack_takes_are_all_shown(ceremony: Ceremony) -> None:
    lines = _red_lines(ceremony, settings=50, long=25)
    assert len(lines) == 51
    assert "more: read all" not in lines[-1]


def test_a_difference_that_is_long_says_that_it_goes_on(ceremony: Ceremony) -> None:
    [_, line] = _red_lines(ceremony, settings=1, long=2000)
    assert line.startswith("🔴 Key000: not set → xxx")
    assert line.endswith("x…")


def test_a_consequence_that_is_long_says_where_to_read_it(ceremony: Ceremony) -> None:
    blocks = card_blocks(replace(a_card(ceremony), consequences=("y" * 4000,)), page=PAGE)
    assert "y… and more: read all with `strongroom restore show r-abcdefgh2345`" in plain_of(blocks)
    assert problems_of(blocks) == []


def test_without_differences_nothing_is_red(ceremony: Ceremony) -> None:
    assert "🔴" not in plain_of(card_blocks(a_card(ceremony), page=PAGE))


def test_the_ticket_is_a_link_to_where_people_see_it(ceremony: Ceremony) -> None:
    text = f"Ticket: <{ceremony.tickets.url}/browse/OPS-123|OPS-123>"
    links = [each for each in texts_of(card_blocks(a_card(ceremony), page=PAGE)) if "/browse/" in each["text"]]
    assert links == [{"type": "mrkdwn", "text": text, "verbatim": True}]


def test_settings_too_long_to_show_say_that_there_are_more(ceremony: Ceremony) -> None:
    metadata = tuple((f"Key{number}", "x" * 900) for number in range(5))
    blocks = card_blocks(a_card(ceremony, metadata=metadata), page=PAGE)
    assert "… and more: read all with `strongroom restore show r-abcdefgh2345`" in plain_of(blocks)
    assert problems_of(blocks) == []


def test_attack_07_approvers_see_the_number_that_the_page_asks_them_for_while_they_are_asked(
    ceremony: Ceremony,
) -> None:
    card, said = a_card(ceremony), "The page asks whoever approves for this number: "
    assert card_blocks(card, page=PAGE)[-2]["text"]["text"] == f"{said}{card.number}"
    verdict = Verdict(state=DecisionState.APPROVED, reason="", people=("idp|maria",), needed=1)
    for over in (a_card(ceremony, Standing(verdict=verdict)), a_closed_card(ceremony)):
        assert said not in plain_of(card_blocks(over, page=PAGE))


def test_what_cannot_wait_names_its_incident_and_no_ticket(ceremony: Ceremony) -> None:
    rules = canonical_text(json.loads(POLICY) | {"ticket": "none"})
    blocks = card_blocks(a_card(ceremony, ticket="", incident="INC-77", policy=rules), page=PAGE)
    assert "Urgent, incident: INC-77" in plain_of(blocks).splitlines()
    assert "Ticket: " not in plain_of(blocks)


def test_the_one_button_leads_to_the_page_and_decides_nothing(ceremony: Ceremony) -> None:
    blocks = card_blocks(a_card(ceremony), page=PAGE)
    [button] = blocks[-1]["elements"]
    assert (button["text"]["text"], button["url"]) == ("Review and decide", PAGE)
    assert (button["action_id"], button["value"]) == ("review", f"r-abcdefgh2345.{seal_request(a_request()).mark}")
    assert json.dumps(blocks).count("the-right-to-look") == 1


def test_an_open_request_is_posted_where_approvers_are_and_updated_there(ceremony: Ceremony) -> None:
    slack, card = FakeSlack(), a_card(ceremony)
    board = SlackApprovals(slack, channel="C0RESTORE")
    posted = board.post(card, page=PAGE)
    board.update(posted, replace(card, headline="Restore r-1 is approved"), page=PAGE)
    assert posted == PostedMessage(channel="C0RESTORE", ts="1.1")
    assert [call[:2] for call in slack.calls] == [
        ("post", "Restore r-abcdefgh2345 awaits approval: payments-db-0200"),
        ("update", "Restore r-1 is approved"),
    ]


def test_a_closed_card_says_so_first_who_handled_it_and_has_no_button(ceremony: Ceremony) -> None:
    slack = FakeSlack()
    board = SlackApprovals(slack, channel="C0RESTORE")
    board.close(board.post(a_card(ceremony), page=PAGE), a_closed_card(ceremony))
    (_, _, before), (_, headline, blocks), (how, told, _) = slack.calls
    assert '"button"' in json.dumps(before)
    assert headline == blocks[0]["text"]["text"] == "Closed, denied: payments-db-0200 (r-abcdefgh2345)"
    assert "Handled by: Maria Lindqvist" in plain_of(blocks).splitlines()
    assert not any(word in json.dumps(blocks) for word in ('"button"', "<@", "awaits", "the-right-to-look"))
    assert (how, told) == ("reply", "Restore r: denied.")


def test_how_long_there_is_left_comes_with_the_card(ceremony: Ceremony) -> None:
    late = a_card(ceremony, approve_before=NOW + timedelta(minutes=31), act_before=NOW + timedelta(hours=5))
    assert "more than 30 min left" in plain_of(card_blocks(late, page=PAGE))


def _numbered(rows: int, *, ways: int = 1) -> KeptCandidates:
    """So many rows, the first of them the one that was chosen."""
    others = [a_kept_way(recovery_point=f"{POINT}-{number}") for number in range(rows * ways)]
    made = [a_kept_row(ways=tuple(others[place * ways : (place + 1) * ways]), marks=()) for place in range(rows)]
    return kept_candidates(rows=(a_kept_row(), *made[1:]))


def test_approvers_see_what_there_was_to_choose_from_with_the_chosen_one_marked(ceremony: Ceremony) -> None:
    blocks = card_blocks(a_card(ceremony, candidates=_numbered(5)), page=PAGE)
    lines = plain_of(blocks).splitlines()
    rows = [line for line in lines if line[:3] in {f"{number}. " for number in range(1, 7)}]
    assert len(rows) == 5
    assert [line.partition("[")[2] for line in rows if "[" in line] == ["chosen, least loss, soonest]"]
    assert "   local from local-prod-vault, warm; copy verified; not scanned" in lines
    assert "replica-backup-vault: there is no such vault" in lines
    assert problems_of(blocks) == []


def test_a_card_of_a_request_of_before_has_no_section_more(ceremony: Ceremony) -> None:
    with_rows, without = (card_blocks(a_card(ceremony, candidates=kept), page=PAGE) for kept in (_numbered(1), None))
    assert len(with_rows) == len(without) + 1
    assert "restored from" not in plain_of(without)


def test_candidates_too_long_to_show_say_that_there_are_more(ceremony: Ceremony) -> None:
    blocks = card_blocks(a_card(ceremony, candidates=_numbered(6, ways=12)), page=PAGE)
    assert "… and more: read all with `strongroom restore show r-abcdefgh2345`" in plain_of(blocks)
    assert problems_of(blocks) == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_attack_23_what_a_list_answers_is_plain_text_in_one_direction(hostile: str, ceremony: Ceremony) -> None:
    row = a_kept_row(ways=(a_kept_way(plan=hostile, vault=hostile, storage=hostile),), scan=hostile, why_not=hostile)
    kept = kept_candidates(rows=(row,), unread=(Unread(vault=hostile, reason=hostile),))
    blocks = card_blocks(a_card(ceremony, candidates=kept), page=PAGE)
    marked = [text["text"] for text in texts_of(blocks) if text["type"] == "mrkdwn"]
    assert not any("evil" in text or "<!" in text for text in marked)
    assert not any(letter in plain_of(blocks) for letter in "\u202e\u2066\u200b\x00\x1b\r")
    assert problems_of(blocks) == []


def test_a_closed_card_still_shows_what_was_chosen(ceremony: Ceremony) -> None:
    assert "[chosen, " in plain_of(card_blocks(a_closed_card(ceremony, candidates=_numbered(2)), page=""))
