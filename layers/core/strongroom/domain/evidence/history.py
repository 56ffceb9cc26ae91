"""The chain of one bundle, read: entries stand where they must, and one of the intents is the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, broken_link, read_entry

if TYPE_CHECKING:
    from collections.abc import Sequence


class Act(Struct, frozen=True, kw_only=True):
    """An act of a ceremony, by the entry that announces it and the one that says which job it began."""

    intended: EntryKind
    started: EntryKind


RESTORE: Final = Act(intended=EntryKind.RESTORE_INTENDED, started=EntryKind.RESTORE_STARTED)
COPY_THROUGH: Final = Act(intended=EntryKind.COPY_THROUGH_INTENDED, started=EntryKind.COPY_THROUGH_STARTED)
COPY_BACK: Final = Act(intended=EntryKind.COPY_BACK_INTENDED, started=EntryKind.COPY_BACK_STARTED)


class History(Struct, frozen=True, kw_only=True):
    """What happened: `intent` is the last one before the start, or the last of all where nothing was started.

    `end` is the close; None where only the way to an act was read.
    """

    entries: tuple[ChainEntry, ...]
    end: ChainEntry | None
    intent: ChainEntry | None
    started: ChainEntry | None
    restored: ChainEntry | None

    @property
    def closed(self) -> ChainEntry:
        """The close; MalformedRecordError where only the way to an act was read."""
        if self.end is None:
            raise MalformedRecordError("the end of the ceremony was not read")
        return self.end

    def before_intent(self, kind: EntryKind) -> tuple[ChainEntry, ...]:
        """The entries of that kind before the intent, or all of them where nothing was intended."""
        last = self.intent or self.closed
        return tuple(entry for entry in self.entries[: last.number - 1] if entry.kind == kind)


def read_history(content: Sequence[Any], *, stream: str) -> History:
    """The history of a chain that is whole and ends; MalformedRecordError with the first broken link."""
    entries = _entries(content, stream=stream)
    started = _only(entries, EntryKind.RESTORE_STARTED)
    last = entries[-1]
    if last.kind != EntryKind.CLOSED:
        raise MalformedRecordError(f"{name_of(last)}: it is the last, and not the end of the ceremony")
    return History(
        entries=entries,
        end=last,
        intent=next((each for each in reversed(entries) if each.kind == EntryKind.RESTORE_INTENDED), None),
        started=started,
        restored=_only(entries, EntryKind.RESTORED),
    )


def read_way(content: Sequence[Any], *, stream: str, act: Act) -> History:
    """The history up to the start of an act, or up to its last intent where it was not started yet.

    MalformedRecordError with the first broken link, of the whole chain, or where nothing was intended.
    """
    entries = _entries(content, stream=stream)
    started = _only(entries, act.started)
    before = entries if started is None else entries[: started.number - 1]
    intent = next((each for each in reversed(before) if each.kind == act.intended), None)
    if intent is None:
        raise MalformedRecordError(f"the chain: there is no {act.intended} before anything was begun")
    return History(entries=entries, end=None, intent=intent, started=started, restored=None)


def name_of(entry: ChainEntry) -> str:
    """How an entry is told."""
    return f"entry {entry.number} ({entry.kind[:40]})"


def _entries(content: Sequence[Any], *, stream: str) -> tuple[ChainEntry, ...]:
    """The entries of a chain that is whole, wherever it ends."""
    entries = tuple(_entry(each, number=number) for number, each in enumerate(content, start=1))
    if broken := broken_link(entries, stream=stream) or _disorder(entries):
        raise MalformedRecordError(broken)
    return entries


def _entry(content: Any, *, number: int) -> ChainEntry:
    try:
        return read_entry(canonical_text(content))
    except MalformedRecordError as error:
        raise MalformedRecordError(f"entry {number}: {error}") from error


def _only(entries: Sequence[ChainEntry], kind: EntryKind) -> ChainEntry | None:
    return next((entry for entry in entries if entry.kind == kind), None)


def _disorder(entries: Sequence[ChainEntry]) -> str:
    """What no ceremony leaves behind: begun without intent, restored without start, or gone on with after its end."""
    if not entries:
        return "entry 1: there is none"
    seen: set[str] = set()
    for entry in entries:
        if EntryKind.CLOSED in seen:
            return f"{name_of(entry)}: something follows the end of the ceremony"
        if entry.kind in seen & {EntryKind.RESTORE_STARTED, EntryKind.RESTORED}:
            return f"{name_of(entry)}: it happened before, and happens once"
        if entry.kind == EntryKind.RESTORE_STARTED and EntryKind.RESTORE_INTENDED not in seen:
            return f"{name_of(entry)}: nothing was intended before"
        if entry.kind == EntryKind.RESTORE_INTENDED and EntryKind.RESTORE_STARTED in seen:
            return f"{name_of(entry)}: it was intended after it had begun"
        if entry.kind == EntryKind.RESTORED and EntryKind.RESTORE_STARTED not in seen:
            return f"{name_of(entry)}: nothing was started before"
        seen.add(entry.kind)
    return ""
