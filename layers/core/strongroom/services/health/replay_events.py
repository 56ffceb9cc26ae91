"""Hand what happened since some moment in again, to the functions that handle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.domain.health.replays import Progress, Replay
    from strongroom.ports.health import EventArchive


class ReplayNeeds(Struct, frozen=True, kw_only=True):
    """What a replay needs of the world; `pause` waits a moment between two looks at it."""

    archive: EventArchive
    pause: Callable[[], None]


def replay_events(replay: Replay, *, needs: ReplayNeeds, waits: bool) -> Iterator[Progress]:
    """How far the replay is, each time that changes: its beginning alone, or with `waits` up to its end."""
    told = needs.archive.start(replay)
    yield told
    while waits and not told.state.has_ended:
        needs.pause()
        found = needs.archive.progress(replay.name)
        if found != told:
            yield found
        told = found
