"""Note what is set on a resource whose copy was verified: once it is gone, nobody else can say."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.restores.settings.note import KeptNote, with_what_was_known

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.ports.restores import ResourceSettings, SettingsNotes

# A week, less what one night may be earlier than another.
READ_EVERY: Final = timedelta(days=6, hours=12)


class NotedState(StrEnum):
    """What became of it."""

    NOTED = "NOTED"
    UNCHANGED = "UNCHANGED"
    RECENT = "RECENT"
    UNREAD = "UNREAD"


class SettingsNoted(Struct, frozen=True, kw_only=True):
    """Whether the settings of a resource were noted, and why not; never what they are."""

    state: NotedState
    reason: str
    resource: str
    digest: str = ""


class SettingsNotingNeeds(Struct, frozen=True, kw_only=True):
    """What noting settings needs of the world."""

    settings: ResourceSettings
    notes: SettingsNotes


def note_settings(
    resource: str, *, account: AccountId, region: Region, needs: SettingsNotingNeeds, now: datetime
) -> SettingsNoted:
    """Read what is set on a resource, once in a week, and keep it where it is not as it was.

    What cannot be read today is read at the next verified copy; nothing waits for it.
    """
    known = needs.notes.find(resource)
    if known is not None and now - known.read_at < READ_EVERY:
        return _noted(resource, NotedState.RECENT, "it was read within the week", digest=known.note.digest)
    try:
        read = needs.settings.read(resource, account=account, region=region)
    except (AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError) as error:
        return _noted(resource, NotedState.UNREAD, str(error))
    if not read.settings:
        return _noted(resource, NotedState.UNREAD, "; ".join(sorted(set(read.unread.values()))))
    note = read if known is None else with_what_was_known(read, known=known)
    is_same = known is not None and known.note.digest == note.digest
    since = known.since if known is not None and is_same else now
    needs.notes.keep(KeptNote(note=note, since=since, read_at=now), was=known)
    said = f"{len(note.settings)} settings are known, {len(note.unread)} are not"
    return _noted(resource, NotedState.UNCHANGED if is_same else NotedState.NOTED, said, digest=note.digest)


def _noted(resource: str, state: NotedState, reason: str, *, digest: str = "") -> SettingsNoted:
    return SettingsNoted(state=state, reason=reason, resource=resource, digest=digest)
