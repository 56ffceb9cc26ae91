"""What the auditors cannot be told at this moment stays a finding, and is no obstacle of what it is about."""

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from tests.fakes.evidence.watching import WatchWorld
from tests.unit.services.evidence.test_explain_jobs import a_job


@pytest.fixture
def silenced(watch: WatchWorld, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The topic takes nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise TemporarilyUnavailableError("Rate exceeded")

    monkeypatch.setattr(watch.alerts, "announce_opened", refuse)
    return monkeypatch


def test_what_a_round_could_not_tell_is_told_by_the_next(watch: WatchWorld, silenced: pytest.MonkeyPatch) -> None:
    watch.list_job(a_job())
    found = watch.look()
    assert (found.unexplained, found.unread, found.untold) == (("by-hand",), (), ("by-hand",))
    silenced.undo()
    assert watch.look().untold == ()
    assert [alert.subject for alert in watch.alerts.told] == ["by-hand"]


def test_an_event_whose_finding_could_not_be_told_stays_on_its_queue(
    watch: WatchWorld, silenced: pytest.MonkeyPatch
) -> None:
    watch.list_job(a_job())
    with pytest.raises(TemporarilyUnavailableError, match="by-hand could not be told"):
        watch.look("by-hand")
    silenced.undo()
    assert watch.look("by-hand").unexplained == ("by-hand",)
    assert [alert.subject for alert in watch.alerts.told] == ["by-hand"]


def test_an_end_that_could_not_be_told_is_told_by_the_next_round(
    watch: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.shut("222222222222")
    watch.look()
    watch.jobs.closed.clear()

    def refuse(*_: object, **__: object) -> None:
        raise TemporarilyUnavailableError("somebody else is telling it")

    with monkeypatch.context() as patched:
        patched.setattr(watch.alerts, "announce_resolved", refuse)
        found = watch.look()
    assert (found.unread, len(found.untold)) == ((), 1)
    assert watch.look().unread == ()
