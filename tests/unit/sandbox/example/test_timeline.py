"""The timeline: a wait ends when the thing waited for happened, and a scene ends when it never does."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from sandbox.example.timeline import PATIENCE_SECONDS, Scene, SceneFailedError, Timeline


@pytest.fixture
def scene() -> Scene:
    return Scene(name="A scene", console=Console(file=io.StringIO()))


def test_a_wait_ends_at_the_first_look_that_sees_something(scene: Scene) -> None:
    looks = iter([None, "", "seen"])
    assert scene.until("it comes", lambda: next(looks), detail=lambda seen: seen) == "seen"
    assert next(looks, "nothing more was asked") == "nothing more was asked"
    assert scene.ok


def test_what_never_comes_stops_the_scene_and_is_recorded_as_failed(scene: Scene) -> None:
    with pytest.raises(SceneFailedError, match="it comes"):
        scene.until("it comes", lambda: None, patience=0.0)
    assert [check.ok for check in scene.checks] == [False]


def test_a_busy_machine_is_given_minutes() -> None:
    assert PATIENCE_SECONDS >= 60.0


def test_a_scene_that_stops_does_not_stop_the_day_and_is_written_down(tmp_path: Path) -> None:
    timeline = Timeline(Console(file=io.StringIO()))
    with timeline.scene("First", "fails") as first:
        first.need("there is ground to stand on", ok=False)
    with timeline.scene("Second", "holds") as second:
        second.check("it holds", ok=True)
    timeline.write(tmp_path / "day.json")
    written = json.loads((tmp_path / "day.json").read_text(encoding="utf-8"))
    assert [scene["ok"] for scene in written["scenes"]] == [False, True]
    assert written["ok"] is False
