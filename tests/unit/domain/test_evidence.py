"""A chain of evidence: whatever is changed, moved, left out or forged breaks it at that link."""

from dataclasses import replace

import pytest
from strongroom.domain.evidence import EvidenceEntry, append_entry, find_break, head_message
from strongroom.domain.restores import seal_request

from tests import builders_restores as a

STREAM = "restore-r-abcdefgh2345"


def _chain() -> list[EvidenceEntry]:
    sealed = seal_request(a.request())
    entries: list[EvidenceEntry] = []
    for kind, facts in (
        ("requested", {"request": sealed.text, "digest": sealed.digest}),
        ("vote-counted", {"person": "maria"}),
        ("closed", {"outcome": "restored"}),
    ):
        last = entries[-1] if entries else None
        entries.append(append_entry(last, stream=STREAM, kind=kind, facts=facts, at=a.NOW))
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


def test_an_entry_of_another_stream_breaks_the_chain() -> None:
    assert find_break(_chain(), stream="restore-r-other")


def test_a_request_that_is_not_what_its_digest_says_breaks_the_chain() -> None:
    sealed = seal_request(a.request())
    facts = {"request": sealed.text.replace("0200", "0300"), "digest": sealed.digest}
    entry = append_entry(None, stream=STREAM, kind="requested", facts=facts, at=a.NOW)
    assert "request is not" in find_break([entry], stream=STREAM)


def test_the_signed_head_tells_stream_number_and_hash() -> None:
    message = head_message(stream=STREAM, number=3, digest="d").decode()
    assert all(text in message for text in (STREAM, ":3", '"d"'))
