"""Candidates in words: what approvers read are the rows that `restore find` prints, with the chosen one marked."""

from typing import Any

import pytest

from strongroom.domain.restores.choosing.kept import KeptCandidates
from strongroom.domain.restores.showing.candidates import span, time_back, told_candidates
from tests.builders.deciding.candidates import a_kept_row, a_kept_way, kept_candidates
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, POINT, a_request

FIRST = "1. backup begun 2026-11-23 02:00 UTC, state of 2026-11-23 02:00 UTC: loses 12 h, back in about 15 min"
ASKED = "What it could be restored from, not later than 2026-11-23 14:00 UTC:"
OTHER = a_kept_row(
    ways=(a_kept_way(recovery_point="arn:aws:rds:eu-west-1:222222222222:snapshot:other", minutes=None),),
    scan="clean",
    scanned_at=NOW,
    verified=None,
    marks=("newest clean",),
)


def told(kept: KeptCandidates | None, **changes: Any) -> tuple[str, ...]:
    return told_candidates(a_request(candidates=kept, **changes))


def test_the_chosen_row_is_marked_and_a_list_that_could_not_be_read_is_said() -> None:
    assert told(kept_candidates(rows=(a_kept_row(), OTHER))) == (
        ASKED,
        f"{FIRST}  [chosen, least loss, soonest]",
        "   local from local-prod-vault, warm; copy verified; not scanned",
        "   or copy-back from central-backup-vault, warm: back in about 42 min",
        "2. state of 2026-11-23 02:00 UTC: loses 12 h, back in an unknown time  [newest clean]",
        "   local from local-prod-vault, warm; not known to be verified; scanned clean on 2026-11-23 14:20 UTC",
        "3 more could be restored as well.",
        "Could not be read, so that there may be more:",
        "replica-backup-vault: there is no such vault",
    )


def test_the_way_that_was_chosen_is_marked_where_it_is_not_the_best_one() -> None:
    lines = told(kept_candidates(), recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT)
    assert lines[1].endswith("  [chosen, least loss, soonest]")
    assert lines[3] == "   or copy-back from central-backup-vault, warm: back in about 42 min  [chosen]"


@pytest.mark.parametrize(
    "row",
    [
        a_kept_row(why_not="malware was found in it", minutes_lost=None, scan="threats"),
        a_kept_row(why_not="it is still being written", instant=None, minutes_lost=None),
    ],
    ids=["infected", "unfinished"],
)
def test_a_chosen_backup_that_is_not_offered_says_why(row: Any) -> None:
    when = "state of 2026-11-23 02:00 UTC" if row.instant else "of an unknown time"
    assert (
        f"1. backup begun 2026-11-23 02:00 UTC, {when}: not offered, {row.why_not}  [chosen, least loss, soonest]"
        in told(kept_candidates(rows=(row,)))
    )


def test_no_row_is_marked_by_a_point_of_the_same_name_in_another_vault() -> None:
    assert not any("chosen" in line for line in told(kept_candidates(), recovery_point=POINT, vault=CENTRAL_VAULT))


def test_what_was_not_read_at_all_is_said_without_rows() -> None:
    assert told(kept_candidates(rows=(), more=0, unread=())) == (ASKED,)


def test_of_a_request_of_before_nothing_is_told() -> None:
    assert told(None) == ()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min"), (1440, "1 d"), (1500, "1 d 1 h"), (1441, "1 d")],
)
def test_a_span_has_two_parts_at_most(minutes: int, said: str) -> None:
    assert span(minutes) == said


def test_an_estimate_is_called_one() -> None:
    assert time_back(15, measured=False) == "back in about 15 min"
    assert time_back(15, measured=True) == "back in 15 min"
    assert time_back(None, measured=False) == "back in an unknown time"
