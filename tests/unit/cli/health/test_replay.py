"""`strongroom replay` in a terminal."""

import json

import pytest

from strongroom.domain.health.replays import Progress, Replay, ReplayState
from strongroom.services.health.replay_events import ReplayNeeds
from strongroom_cli.health import replay
from strongroom_cli.main import main
from tests.conftest import ROOT

INTENT = ["--intent", str(ROOT / "strongroom.yaml")]


class FakeArchive:
    """An archive whose replay ends at once, in this state."""

    def __init__(self, ends: ReplayState) -> None:
        self.ends = ends
        self.started: list[Replay] = []

    def start(self, replay: Replay) -> Progress:
        self.started.append(replay)
        return Progress(name=replay.name, state=ReplayState.STARTING)

    def progress(self, name: str) -> Progress:
        return Progress(name=name, state=self.ends, reason="so")


@pytest.fixture
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FakeArchive:
    made = FakeArchive(getattr(request, "param", ReplayState.COMPLETED))
    monkeypatch.setattr(replay, "control_plane_clients", lambda *_, **__: None)
    monkeypatch.setattr(replay, "replay_needs", lambda _: ReplayNeeds(archive=made, pause=lambda: None))
    return made


def since(days: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("archive", "code"), [(ReplayState.COMPLETED, 0), (ReplayState.FAILED, 1)], indirect=["archive"]
)
def test_the_end_is_waited_for(archive: FakeArchive, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--since", since(1), "--wait", *INTENT]) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["STARTING", f"{archive.ends}, so"]


def test_json_says_the_same(archive: FakeArchive, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--since", since(1), "--json", *INTENT]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "STARTING"


def test_bad_input_is_one_line_and_nothing_begins(archive: FakeArchive, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--since", since(91), *INTENT]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert archive.started == []
