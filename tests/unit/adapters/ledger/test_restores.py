"""What the ceremony's table keeps of a request, and what it never lets happen twice."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.restores import (
    CeremonyBells,
    CeremonyDrafts,
    CeremonyMessages,
    CeremonyRequests,
    CeremonyWords,
)
from strongroom.adapters.ledger.table import Item, Table
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import ApprovalVoidError, NotFoundError
from strongroom.domain.restores.drafts import Draft, OpenRequest, line_of
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.showing.reach import Telling, Whom
from tests.builders.restores import NOW, a_request

ID = a_request().id
DRAFT = Draft(sealed=seal_request(a_request()), view="the-right-to-look")


def a_line(number: int = 1, **changes: Any) -> OpenRequest:
    """The request of that number, a second later than the one before."""
    letter = "abcdefgh"[number]
    made = line_of(seal_request(a_request(id=f"r-{letter * 12}", requested_at=NOW + timedelta(seconds=number))))
    return replace(made, **changes)


FIRST, SECOND = a_line(1), a_line(2)


@pytest.fixture
def drafts(ledger_table: Table) -> CeremonyDrafts:
    return CeremonyDrafts(ledger_table)


@pytest.fixture
def requests(ledger_table: Table) -> CeremonyRequests:
    return CeremonyRequests(ledger_table)


def ids(requests: CeremonyRequests, *, limit: int = 9) -> list[str]:
    return [line.id for line in requests.latest(limit=limit, now=NOW)]


def content(table: Table) -> list[Item]:
    """All that requests leave behind."""
    return [item for pk in ("OPEN", f"TICKET#{FIRST.ticket}", "TICKET#") for item in table.under(pk)]


# Drafts


def test_a_draft_is_read_as_it_was_kept_and_never_replaced(drafts: CeremonyDrafts) -> None:
    drafts.keep(DRAFT)
    drafts.keep(Draft(sealed=seal_request(a_request(target_name="other")), view="mine"))
    assert drafts.read(ID) == DRAFT


def test_an_unknown_draft_is_not_found(drafts: CeremonyDrafts) -> None:
    drafts.keep(DRAFT)
    with pytest.raises(NotFoundError, match="r-bbbbbbbbbbbb"):
        drafts.read("r-bbbbbbbbbbbb")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DRAFT.sealed.text.replace('":"', '": "', 1), id="another spelling"),
        pytest.param(DRAFT.sealed.text.replace(',"target_name":"payments-db-0200"', ""), id="without a target"),
        pytest.param("{}", id="nothing"),
        pytest.param("", id="no text"),
    ],
)
def test_a_draft_whose_text_no_request_has_is_void(text: str, drafts: CeremonyDrafts, ledger_table: Table) -> None:
    drafts.keep(DRAFT)
    item = ledger_table.get(Key(f"REQUEST#{ID}", "DRAFT"))
    assert item is not None
    assert text != item["text"]
    ledger_table.put(item | {"text": text})
    with pytest.raises(ApprovalVoidError):
        drafts.read(ID)


# Requests and their tickets


def test_an_open_request_is_listed_as_it_is(requests: CeremonyRequests) -> None:
    assert requests.open(FIRST)
    assert requests.latest(limit=9, now=NOW) == (FIRST,)


def test_the_latest_requests_come_first_and_no_more_than_are_asked_for(requests: CeremonyRequests) -> None:
    for number in (3, 1, 2):  # as clocks of several functions may have it
        assert requests.open(a_line(number, ticket=f"OPS-{number}"))
    assert ids(requests) == [a_line(number).id for number in (3, 2, 1)]
    assert ids(requests, limit=2) == [a_line(number).id for number in (3, 2)]


def test_a_ticket_serves_one_request_and_the_second_leaves_no_trace(
    requests: CeremonyRequests, ledger_table: Table
) -> None:
    assert requests.open(FIRST)
    before = content(ledger_table)
    assert not requests.open(SECOND)
    assert content(ledger_table) == before
    assert ids(requests) == [FIRST.id]


def test_opening_once_more_changes_nothing(requests: CeremonyRequests, ledger_table: Table) -> None:
    assert requests.open(FIRST)
    before = content(ledger_table)
    assert requests.open(FIRST)
    assert content(ledger_table) == before


@pytest.mark.parametrize("is_ticket_free", [True, False])
def test_x07_what_has_ended_is_not_opened_again_and_takes_its_ticket_from_nobody(
    requests: CeremonyRequests, *, is_ticket_free: bool
) -> None:
    requests.open(FIRST)
    requests.close(FIRST, outcome="cancelled", is_ticket_free=is_ticket_free)
    assert not requests.open(FIRST)
    assert requests.latest(limit=9, now=NOW) == (replace(FIRST, outcome="cancelled", is_ticket_free=is_ticket_free),)
    assert requests.open(SECOND) is is_ticket_free


def test_what_has_not_ended_is_found_and_so_is_an_end_that_somebody_does_not_know(requests: CeremonyRequests) -> None:
    lines = [a_line(number, ticket="") for number in range(1, 5)]
    for line in lines:
        requests.open(line)
    requests.close(lines[0], outcome="denied", is_ticket_free=False, untold=("chat", "ticket"))
    requests.close(lines[1], outcome="denied", is_ticket_free=False)
    requests.close(lines[2], outcome="denied", is_ticket_free=False, untold=("chat",))
    requests.tell(lines[2], untold=())
    assert [(line.id, line.untold) for line in requests.unended(now=NOW)] == [
        (lines[3].id, ()),
        (lines[0].id, ("chat", "ticket")),
    ]
    requests.tell(lines[0], untold=("ticket",))
    assert requests.unended(now=NOW)[-1].untold == ("ticket",)


def test_a_request_is_found_by_its_id_while_it_can_still_matter(requests: CeremonyRequests) -> None:
    requests.open(FIRST)
    assert requests.find(FIRST.id, now=NOW) == FIRST
    assert requests.find(SECOND.id, now=NOW) is None
    assert requests.find(FIRST.id, now=NOW + timedelta(days=61)) is None
    assert requests.unended(now=NOW + timedelta(days=61)) == ()


@dataclass
class CountingTable(MemoryTable):
    """Counts the items that are read of a partition."""

    read: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def newest(self, pk: str) -> Iterator[Item]:
        for item in super().newest(pk):
            self.read += 1
            yield item


def test_x07_a_long_list_is_read_no_further_than_what_is_asked_for() -> None:
    table = CountingTable()
    requests = CeremonyRequests(table)
    for day in range(100):
        letters = f"{day:012d}".translate(str.maketrans("0123456789", "abcdefghij"))
        requests.open(replace(FIRST, id=f"r-{letters}", ticket="", requested_at=NOW + timedelta(days=day)))
    assert len(requests.latest(limit=5, now=NOW + timedelta(days=99))) == 5
    assert table.read == 5
    table.read = 0
    assert len(requests.unended(now=NOW + timedelta(days=99))) == 61
    assert table.read == 62


def test_a_line_that_was_not_written_as_one_is_named_and_passed_by(
    requests: CeremonyRequests, ledger_table: Table
) -> None:
    requests.open(FIRST)
    [line] = ledger_table.under("OPEN")
    for place, changes in (("9", {}), (line["sk"] + "x", {"request_id": f"{FIRST.id}x"}), ("0", {})):
        ledger_table.put(line | {"sk": place} | changes)
    assert [each.id for each in requests.latest(limit=9, now=NOW)] == [FIRST.id]
    assert requests.foreign(now=NOW) == ("9", line["sk"] + "x")  # the last is older than anybody looks back
    assert requests.find(FIRST.id, now=NOW) == FIRST


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        pytest.param({"account": "payments"}, False, id="no account"),
        pytest.param({"account": "1" * 13}, False, id="a longer account"),
        pytest.param({"resource": "payments-db"}, False, id="no resource"),
        pytest.param({"resource": "arn:aws:rds"}, False, id="half a resource"),
        pytest.param({"resource": "arn:aws:s3:::ledger"}, True, id="a bucket"),
        pytest.param({"requested_at": NOW + timedelta(minutes=5)}, True, id="a clock that is ahead"),
        pytest.param({"requested_at": NOW + timedelta(minutes=6)}, False, id="not asked for yet"),
        pytest.param({"requested_at": datetime.max.replace(tzinfo=UTC)}, False, id="the end of time"),
        pytest.param({"ticket": "", "incident": "INC-1"}, True, id="an urgent one"),
    ],
)
def test_a_line_of_no_resource_or_of_a_time_to_come_is_foreign(
    changes: dict[str, Any],
    is_one: bool,  # noqa: FBT001
    requests: CeremonyRequests,
) -> None:
    line = replace(FIRST, **changes)
    requests.open(line)
    listed = (line,) if is_one else ()
    assert (requests.unended(now=NOW), requests.latest(limit=9, now=NOW)) == (listed, listed)
    assert len(requests.foreign(now=NOW)) == (0 if is_one else 1)


def test_a_ticket_is_not_used_where_its_request_cannot_be_listed(
    requests: CeremonyRequests, ledger_table: Table
) -> None:
    assert requests.open(FIRST)
    [line] = ledger_table.under("OPEN")
    ledger_table.put(line | {"request_id": "r-somebodyelse"})
    assert not requests.open(replace(FIRST, ticket="OPS-999"))
    assert ledger_table.get(Key("TICKET#OPS-999", "USE")) is None


def test_requests_without_a_ticket_do_not_share_one(requests: CeremonyRequests, ledger_table: Table) -> None:
    for number in (1, 2):
        line = a_line(number, ticket="")
        assert requests.open(line)
        requests.close(line, outcome="denied", is_ticket_free=True)
    assert {item["pk"] for item in content(ledger_table)} == {"OPEN"}


def test_a_ticket_that_is_given_back_serves_one_other_request(requests: CeremonyRequests) -> None:
    requests.open(FIRST)
    requests.close(FIRST, outcome="denied", is_ticket_free=True)
    assert requests.latest(limit=9, now=NOW) == (replace(FIRST, outcome="denied", is_ticket_free=True),)
    assert requests.open(SECOND)
    assert not requests.open(a_line(3))


@pytest.mark.parametrize("kept", [{}, {"is_ticket_free": "yes"}], ids=["of before", "of somebody else"])
def test_of_an_end_that_does_not_say_whether_its_ticket_is_free_nobody_knows(
    kept: dict[str, Any], requests: CeremonyRequests, ledger_table: Table
) -> None:
    requests.open(FIRST)
    [line] = ledger_table.under("OPEN")
    ledger_table.put(line | {"outcome": "failed"} | kept)
    assert requests.latest(limit=9, now=NOW) == (replace(FIRST, outcome="failed", is_ticket_free=None),)


def test_a_ticket_of_which_something_came_stays_used(requests: CeremonyRequests) -> None:
    requests.open(FIRST)
    requests.close(FIRST, outcome="restored", is_ticket_free=False)
    assert requests.latest(limit=9, now=NOW) == (replace(FIRST, outcome="restored", is_ticket_free=False),)
    assert not requests.open(SECOND)


def test_an_end_that_is_told_once_more_takes_the_ticket_from_nobody(requests: CeremonyRequests) -> None:
    requests.open(FIRST)
    requests.close(FIRST, outcome="denied", is_ticket_free=True)
    requests.open(SECOND)
    requests.close(FIRST, outcome="denied", is_ticket_free=True)
    assert not requests.open(a_line(3))


def test_the_end_of_a_request_that_was_never_listed_leaves_nothing(
    requests: CeremonyRequests, ledger_table: Table
) -> None:
    requests.close(FIRST, outcome="failed", is_ticket_free=True)
    assert content(ledger_table) == []
    requests.open(FIRST)
    requests.close(SECOND, outcome="failed", is_ticket_free=True)
    assert requests.latest(limit=9, now=NOW) == (FIRST,)
    assert not requests.open(SECOND)


# Bells and messages


def test_the_bell_of_the_last_round_is_rung(ledger_table: Table) -> None:
    bells = CeremonyBells(ledger_table)
    assert bells.token(ID) is None
    bells.hang(ID, "one")
    bells.hang(ID, "two")
    assert (bells.token(ID), bells.token("r-bbbbbbbbbbbb")) == ("two", None)


def test_the_first_message_of_a_request_stands(ledger_table: Table) -> None:
    messages = CeremonyMessages(ledger_table)
    assert messages.find(ID) is None
    first = PostedMessage(channel="C", ts="1.1")
    messages.keep(ID, first)
    messages.keep(ID, PostedMessage(channel="C", ts="2.2"))
    assert (messages.find(ID), messages.find("r-bbbbbbbbbbbb")) == (first, None)


def test_who_was_told_is_kept_beside_the_message(ledger_table: Table) -> None:
    messages = CeremonyMessages(ledger_table)
    assert messages.telling(ID) == Telling()
    telling = Telling(shown="a", account_name="payments").having_missed(Whom.CHAT, at=NOW, why="not_in_channel")
    telling = telling.having_told(Whom.TICKET)
    messages.remember(ID, telling)
    assert messages.telling(ID) == telling
    assert messages.find(ID) is None


def test_the_first_word_with_a_proof_stands_and_others_hear_of_their_own_only(ledger_table: Table) -> None:
    words, proof = CeremonyWords(ledger_table), "a" * 64
    for said in ("wrong database", "something else"):
        words.keep(ID, proof, said=said)
    assert (words.of(ID), words.of("r-bbbbbbbbbbbb")) == ({proof: "wrong database"}, {})


@pytest.mark.parametrize(
    "forged", [{}, {"channel": "C"}, {"channel": 1, "ts": "1.1"}, {"channel": [], "ts": {}}], ids=str
)
def test_a_message_that_nobody_of_us_kept_stands_in_nobodys_way(forged: Item, ledger_table: Table) -> None:
    ledger_table.put({"pk": f"MESSAGE#{ID}", "sk": "MESSAGE"} | forged)
    messages = CeremonyMessages(ledger_table)
    assert messages.find(ID) is None
    posted = PostedMessage(channel="C", ts="1.1")
    messages.keep(ID, posted)
    messages.keep(ID, PostedMessage(channel="C", ts="2.2"))
    assert messages.find(ID) == posted


@pytest.mark.parametrize(
    "forged",
    [
        {"told": "chat"},
        {"told": [1]},
        {"missed": ["chat"]},
        {"missed": {"nobody": {"since": "2026-09-01T00:00:00Z", "why": ""}}},
        {"missed": {"chat": {"why": ""}}},
        {"missed": {"chat": {"since": "yesterday", "why": ""}}},
        {"shown": 7},
    ],
    ids=str,
)
def test_who_is_forged_as_told_or_missed_is_told_again(forged: Item, ledger_table: Table) -> None:
    ledger_table.put({"pk": f"MESSAGE#{ID}", "sk": "TELLING"} | forged)
    assert CeremonyMessages(ledger_table).telling(ID) == Telling()


def test_a_word_that_is_none_silences_no_other(ledger_table: Table) -> None:
    words = CeremonyWords(ledger_table)
    ledger_table.put({"pk": f"WORD#{ID}", "sk": "a" * 64})
    ledger_table.put({"pk": f"WORD#{ID}", "sk": "b" * 64, "said": ["why"]})
    words.keep(ID, "c" * 64, said="wrong database")
    assert words.of(ID) == {"c" * 64: "wrong database"}


def test_every_family_has_partitions_of_its_own_which_is_all_that_iam_tells_apart() -> None:
    kept: dict[str, set[str]] = {}
    for family in ("drafts", "requests", "bells", "messages", "words"):
        table = MemoryTable()
        match family:
            case "drafts":
                CeremonyDrafts(table).keep(DRAFT)
            case "requests":
                CeremonyRequests(table).open(line_of(DRAFT.sealed))
            case "bells":
                CeremonyBells(table).hang(ID, "token")
            case "words":
                CeremonyWords(table).keep(ID, "a" * 64, said="why")
            case _:
                CeremonyMessages(table).keep(ID, PostedMessage(channel="C", ts="1.1"))
        kept[family] = {item["pk"] for item in table.everything()}
    assert kept == {
        "drafts": {f"REQUEST#{ID}"},
        "requests": {"OPEN", "TICKET#OPS-123"},
        "bells": {f"BELL#{ID}"},
        "messages": {f"MESSAGE#{ID}"},
        "words": {f"WORD#{ID}"},
    }
