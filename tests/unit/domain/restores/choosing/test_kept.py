"""Candidates are written with a request and read as they were, or not at all."""

from copy import deepcopy
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.restores.choosing.kept import KeptCandidates, KeptRow, read_candidates, written_candidates
from tests.builders.deciding.candidates import BEFORE, a_kept_row, a_kept_way, kept_candidates
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT

NOTHING_KNOWN = a_kept_row(
    ways=(a_kept_way(minutes=None, measured=True),),
    instant=None,
    minutes_lost=None,
    verified=None,
    marks=(),
    why_not="it is still being written",
)
SCANNED = a_kept_row(scan="clean", scanned_at=NOW, verified=False, minutes_lost=0)


@pytest.mark.parametrize(
    "kept",
    [
        kept_candidates(),
        kept_candidates(rows=(SCANNED, NOTHING_KNOWN)),
        kept_candidates(rows=(), more=0, unread=()),
    ],
    ids=["one row", "all and nothing known", "none"],
)
def test_what_is_written_in_a_canonical_text_is_read_as_it_was(kept: KeptCandidates) -> None:
    assert read_candidates(read_canonical(canonical_text(written_candidates(kept)))) == kept


def test_a_moment_is_kept_to_the_second() -> None:
    assert written_candidates(kept_candidates(before=BEFORE.replace(microsecond=7)))["before"] == "2026-11-23T14:00:00Z"


def test_what_is_not_known_is_left_out() -> None:
    [row] = written_candidates(kept_candidates(rows=(NOTHING_KNOWN,)))["rows"]
    assert sorted(row) == ["scan", "ways", "why_not"]
    assert sorted(row["ways"][0]) == ["measured", "plan", "recovery_point", "storage", "vault"]


def test_a_row_is_of_a_point_that_is_one_of_its_ways_in_that_vault() -> None:
    row = a_kept_row()
    assert row.way_of(POINT, LOCAL_VAULT) == row.ways[0]
    assert row.way_of(CENTRAL_POINT, CENTRAL_VAULT) == row.ways[1]
    assert row.way_of(POINT, CENTRAL_VAULT) is None


def _spoiled(place: tuple[Any, ...], value: Any) -> Any:
    content = deepcopy(written_candidates(kept_candidates()))
    part: Any = content
    for name in place[:-1]:
        part = part[name]
    if value is None:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return content


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("before",), "14:00"),
        (("before",), None),
        (("more",), -1),
        (("more",), True),
        (("rows",), {}),
        (("unread",), "none"),
        (("unread", 0, "reason"), ""),
        (("unread", 0, "vault"), None),
        (("chosen",), 1),
        (("rows", 0, "ways"), None),
        (("rows", 0, "ways"), []),
        (("rows", 0, "scan"), 1),
        (("rows", 0, "verified"), "yes"),
        (("rows", 0, "instant"), "2026-11-23T02:00:00"),
        (("rows", 0, "minutes_lost"), "720"),
        (("rows", 0, "marks"), "soonest"),
        (("rows", 0, "why_not"), ""),
        (("rows", 0, "dollars"), 1),
        (("rows", 0, "ways", 0, "plan"), ""),
        (("rows", 0, "ways", 0, "measured"), 0),
        (("rows", 0, "ways", 0, "minutes"), -1),
        (("rows", 0, "ways", 0, "more"), "x"),
    ],
    ids=str,
)
def test_anything_else_is_not_read(place: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(MalformedRecordError):
        read_candidates(_spoiled(place, value))


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("before",), "14:00", "before is not a moment like"),
        (("rows",), {}, "rows is not a list of at least 0"),
        (("more",), -1, "more is not a number of at least 0"),
        (("unread",), {}, "unread is not a list of at least 0"),
        (("unread", 0, "vault"), "", "vault is not a text"),
        (("unread", 0, "reason"), "", "reason is not a text"),
        (("rows", 0, "ways"), [], "ways is not a list of at least 1"),
        (("rows", 0, "scan"), 1, "scan is not a text"),
        (("rows", 0, "instant"), "x", "instant is not a moment like"),
        (("rows", 0, "minutes_lost"), "720", "minutes_lost is not a number of at least 0"),
        (("rows", 0, "verified"), "yes", "verified is neither true nor false"),
        (("rows", 0, "scanned_at"), "x", "scanned_at is not a moment like"),
        (("rows", 0, "marks"), "soonest", "marks is not a list"),
        (("rows", 0, "why_not"), "", "why_not is not a text"),
        (("rows", 0, "ways", 0, "minutes"), -1, "minutes is not a number of at least 0"),
        (("rows", 0, "ways", 0, "measured"), 0, "measured is neither true nor false"),
    ],
    ids=str,
)
def test_what_is_wrong_is_called_by_its_name(place: tuple[Any, ...], value: Any, said: str) -> None:
    with pytest.raises(MalformedRecordError, match=rf"^{said}( 2026-11-26T14:00:00Z)?$"):
        read_candidates(_spoiled(place, value))


def test_of_what_is_offered_nothing_says_why_not() -> None:
    assert KeptRow(ways=(a_kept_way(),), scan="never").why_not == ""


@pytest.mark.parametrize("content", [None, [], "x"], ids=str)
def test_what_is_no_record_is_not_read(content: Any) -> None:
    with pytest.raises(MalformedRecordError):
        read_candidates(content)
