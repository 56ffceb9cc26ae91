"""A replay is begun, and followed for as long as somebody waits."""

from dataclasses import dataclass, field

from strongroom.domain.health.replays import Progress, Replay, ReplayState
from strongroom.services.health.replay_events import ReplayNeeds, replay_events
from tests.builders.health import BEAT_DUE, HEARD_AT

REPLAY = Replay(name="r-1", since=HEARD_AT, until=BEAT_DUE, rules=("CopyJobsRule",))


@dataclass
class FakeArchive:
    """An archive whose replay goes through these states."""

    states: list[ReplayState]
    started: list[Replay] = field(default_factory=list)

    def start(self, replay: Replay) -> Progress:
        self.started.append(replay)
        return Progress(name=replay.name, state=ReplayState.STARTING)

    def progress(self, name: str) -> Progress:
        return Progress(name=name, state=self.states.pop(0))


def states_of(archive: FakeArchive, *, waits: bool) -> list[str]:
    needs = ReplayNeeds(archive=archive, pause=lambda: None)
    return [progress.state for progress in replay_events(REPLAY, needs=needs, waits=waits)]


def test_who_does_not_wait_hears_that_it_began() -> None:
    archive = FakeArchive([])
    assert states_of(archive, waits=False) == ["STARTING"]
    assert archive.started == [REPLAY]


def test_who_waits_hears_each_change_up_to_the_end() -> None:
    archive = FakeArchive([ReplayState.STARTING, ReplayState.RUNNING, ReplayState.RUNNING, ReplayState.COMPLETED])
    assert states_of(archive, waits=True) == ["STARTING", "RUNNING", "COMPLETED"]
