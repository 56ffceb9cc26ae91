"""People see what was set, what becomes of each after a restore, and what nobody knows."""

from datetime import UTC, datetime
from typing import Final

import pytest

from strongroom.domain.restores.left_off.steps import CALLS
from strongroom.domain.restores.settings.note import KeptNote, make_note
from strongroom.domain.restores.settings.reading import Afterwards
from strongroom.domain.restores.settings.shown import shown_note
from strongroom.domain.restores.settings.table import KINDS

ANYWHERE: Final = "eu-west-1:222222222222:"
TABLE: Final = f"arn:aws:dynamodb:{ANYWHERE}table/orders"
CLUSTER: Final = f"arn:aws:rds:{ANYWHERE}cluster:orders"
BUCKET: Final = "arn:aws:s3:::orders"
AT: Final = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("resource", "what", "comes_back", "step"),
    [
        (TABLE, "table", "restored", ""),
        (TABLE, "global indexes", "restored", ""),
        (TABLE, "tags", "done", ""),
        (TABLE, "alarms", "done", ""),
        (TABLE, "continuous backups", "done", ""),
        (TABLE, "time to live", "asked", "time-to-live"),
        (TABLE, "stream", "asked", "stream"),
        (TABLE, "replicas", "asked", ""),
        (TABLE, "policy", "cannot", ""),
        (CLUSTER, "cluster", "restored", ""),
        (CLUSTER, "instances", "done", ""),
        (CLUSTER, "parameters", "cannot", ""),
        (BUCKET, "lifecycle", "asked", "lifecycle"),
        (BUCKET, "CORS", "cannot", ""),
        (BUCKET, "alarms", "done", ""),
        (f"arn:aws:rds:{ANYWHERE}db:orders", "alarms", "done", ""),
        (f"arn:aws:timestream:{ANYWHERE}database/a/table/b", "tags", "cannot", ""),
    ],
)
def test_each_setting_says_what_becomes_of_it(resource: str, what: str, comes_back: str, step: str) -> None:
    note = make_note(resource, read={what: {"x": 1}}, unread={})
    shown = shown_note(KeptNote(note=note, since=AT, read_at=AT))
    assert shown["settings"] == [{"what": what, "value": {"x": 1}, "comes_back": comes_back, "step": step}]


def test_every_step_that_is_asked_for_is_named_beside_its_setting() -> None:
    """A note calls it as the step is called, so that whoever reads the note can ask for it."""
    noted = {each.what for kind in KINDS for each in kind.readings if each.afterwards is Afterwards.ASKED}
    assert {call.noted_as for call in CALLS.values()} <= noted


def test_what_is_not_known_and_what_was_left_out_is_said() -> None:
    note = make_note(TABLE, read={"a": {"token": "x"}}, unread={"policy": "denied"})
    shown = shown_note(KeptNote(note=note, since=AT, read_at=AT))
    assert shown["unread"] == [{"what": "policy", "reason": "denied"}]
    assert shown["left_out"] == ["a.token"]
