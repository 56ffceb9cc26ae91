"""People see what was set, what becomes of each after a restore, and what nobody knows."""

from datetime import UTC, datetime
from typing import Final

import pytest

from strongroom.domain.restores.settings.note import KeptNote, make_note
from strongroom.domain.restores.settings.shown import shown_note

ANYWHERE: Final = "eu-west-1:222222222222:"
TABLE: Final = f"arn:aws:dynamodb:{ANYWHERE}table/orders"
CLUSTER: Final = f"arn:aws:rds:{ANYWHERE}cluster:orders"
BUCKET: Final = "arn:aws:s3:::orders"
AT: Final = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("resource", "what", "comes_back"),
    [
        (TABLE, "table", "restored"),
        (TABLE, "global indexes", "restored"),
        (TABLE, "tags", "done"),
        (TABLE, "alarms", "done"),
        (TABLE, "continuous backups", "done"),
        (TABLE, "time to live", "asked"),
        (TABLE, "stream", "asked"),
        (TABLE, "autoscaling", "asked"),
        (TABLE, "policy", "cannot"),
        (CLUSTER, "cluster", "restored"),
        (CLUSTER, "instances", "done"),
        (CLUSTER, "parameters", "cannot"),
        (BUCKET, "lifecycle", "asked"),
        (BUCKET, "replication", "asked"),
        (BUCKET, "CORS", "cannot"),
        (BUCKET, "alarms", "done"),
        (f"arn:aws:rds:{ANYWHERE}db:orders", "alarms", "done"),
        (f"arn:aws:timestream:{ANYWHERE}database/a/table/b", "tags", "cannot"),
    ],
)
def test_each_setting_says_what_becomes_of_it(resource: str, what: str, comes_back: str) -> None:
    note = make_note(resource, read={what: {"x": 1}}, unread={})
    shown = shown_note(KeptNote(note=note, since=AT, read_at=AT))
    assert shown["settings"] == [{"what": what, "comes_back": comes_back, "value": {"x": 1}}]


def test_what_is_not_known_and_what_was_left_out_is_said() -> None:
    note = make_note(TABLE, read={"a": {"token": "x"}}, unread={"policy": "denied"})
    shown = shown_note(KeptNote(note=note, since=AT, read_at=AT))
    assert shown["unread"] == [{"what": "policy", "reason": "denied"}]
    assert shown["left_out"] == ["a.token"]
