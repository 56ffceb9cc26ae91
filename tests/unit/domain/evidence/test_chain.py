"""A chain of evidence: whatever is changed, moved, left out or forged breaks it at that link."""

from copy import replace

import pytest

from strongroom.domain.evidence.chain import EvidenceEntry, append_entry, find_break, find_disorder, head_message
from strongroom.domain.restores.requests import seal_request
from tests.builders.restores import NOW, a_request

STREAM = "restore-r-abcdefgh2345"


def _chain() -> list[EvidenceEntry]:
    sealed = seal_request(a_request())
    entries: list[EvidenceEntry] = []
    for kind, facts in (
        ("requested", {"request": sealed.text, "digest": sealed.digest}),
        ("vote-counted", {"person": "maria"}),
        ("closed", {"outcome": "restored"}),
    ):
        last = entries[-1] if entries else None
        entries.append(append_entry(last, stream=STREAM, kind=kind, facts=facts, at=NOW))
    return entries


def test_a_whole_chain_holds() -> None:
    assert find_break(_chain(), stream=STREAM) == ""


def test_an_empty_chain_does_not_hold() -> None:
    assert find_break([], stream=STREAM) != ""


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "change", [{"kind": "other"}, {"at": "2026"}, {"facts": {"person": "omar"}}, {"digest": "0" * 64}], ids=str
)
def test_a_changed_entry_breaks_the_chain_there(place: int, change: dict[str, object]) -> None:
    entries = _chain()
    entries[place] = replace(entries[place], **change)  # type: ignore[arg-type]
    assert find_break(entries, stream=STREAM).startswith(f"entry {place + 1} ")


def test_a_missing_entry_breaks_the_chain() -> None:
    entries = _chain()
    assert find_break([entries[0], entries[2]], stream=STREAM).startswith("entry 2 ")


def test_entries_in_another_order_break_the_chain() -> None:
    entries = _chain()
    assert find_break([entries[0], entries[2], entries[1]], stream=STREAM).startswith("entry 2 ")


def test_an_entry_that_was_hashed_after_another_one_breaks_the_chain() -> None:
    entries = _chain()
    elsewhere = replace(entries[0], digest="1" * 64)
    entries[1] = append_entry(elsewhere, stream=STREAM, kind="vote-counted", facts={"person": "maria"}, at=NOW)
    assert find_break(entries[:2], stream=STREAM) == (
        "entry 2 (vote-counted): it does not carry the hash of the entry before"
    )


def _made_of(*parts: tuple[str, dict[str, str]]) -> list[EvidenceEntry]:
    entries: list[EvidenceEntry] = []
    for kind, facts in parts:
        last = entries[-1] if entries else None
        entries.append(append_entry(last, stream=STREAM, kind=kind, facts=facts, at=NOW))
    assert find_break(entries, stream=STREAM) == ""
    return entries


SEALED = seal_request(a_request())
REQUEST = ("requested", {"request": SEALED.text, "digest": SEALED.digest})
OTHER = seal_request(a_request(id="r-aaaaaaaaaaaa"))
OTHERS = ("requested", {"request": OTHER.text, "digest": OTHER.digest})
END = ("closed", {"outcome": "restored"})


def test_a_whole_ceremony_is_in_order() -> None:
    assert find_disorder(_chain(), stream=STREAM) == ""


@pytest.mark.parametrize(
    ("parts", "link"),
    [
        ((REQUEST, ("restored", {})), "entry 2 (restored): it is the last"),
        ((REQUEST,), "entry 1 (requested): it is the last"),
        ((REQUEST, END, ("tagged", {})), "entry 2 (closed): something follows"),
        ((REQUEST, END, END), "entry 2 (closed): something follows"),
        ((END,), "entry 1 (closed): a ceremony begins"),
        ((OTHERS, END), "entry 1 (requested): a ceremony begins"),
        ((REQUEST, OTHERS, END), "entry 2 (requested): it is about another"),
        ((REQUEST, ("vote-counted", {"digest": OTHER.digest}), END), "entry 2 (vote-counted): it is about another"),
    ],
    ids=[
        "the tail is cut off",
        "only the request",
        "something after the end",
        "two ends",
        "no request",
        "another ceremony's request",
        "two requests",
        "a vote on another request",
    ],
)
def test_a_chain_that_holds_and_is_no_whole_ceremony(parts: tuple[tuple[str, dict[str, str]], ...], link: str) -> None:
    assert find_disorder(_made_of(*parts), stream=STREAM).startswith(link)


def test_an_entry_of_another_stream_breaks_the_chain() -> None:
    assert find_break(_chain(), stream="restore-r-other")


def test_a_request_that_is_not_what_its_digest_says_breaks_the_chain() -> None:
    sealed = seal_request(a_request())
    facts = {"request": sealed.text.replace("0200", "0300"), "digest": sealed.digest}
    entry = append_entry(None, stream=STREAM, kind="requested", facts=facts, at=NOW)
    assert "request is not" in find_break([entry], stream=STREAM)


def test_the_signed_head_tells_stream_number_and_hash() -> None:
    message = head_message(stream=STREAM, number=3, digest="d").decode()
    assert all(text in message for text in (STREAM, ":3", '"d"'))
