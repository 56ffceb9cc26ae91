"""What is said of a kind of alert leads to its cause."""

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.alerts.meanings import MEANING_OF

WINDOWS = ("start_window", "complete_window")


@pytest.mark.parametrize(
    ("kind", "windows"),
    [
        pytest.param(AlertKind.BACKUP_EXPIRED, WINDOWS, id="it did not begin, or not end, in time"),
        pytest.param(AlertKind.BACKUP_ABORTED, (), id="it was stopped"),
    ],
)
def test_a_window_is_named_where_it_may_have_been_too_short(kind: AlertKind, windows: tuple[str, ...]) -> None:
    """AWS Backup says EXPIRED, too, where a job that began does not end: "Backup job expired before completion."."""
    assert tuple(window for window in WINDOWS if window in MEANING_OF[kind].to_do) == windows
