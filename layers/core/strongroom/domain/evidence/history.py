"""The chain of one bundle, read: entries stand where they must, and one of the intents is the one that counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, broken_link, read_entry

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened: `intent` is the last one before the start, or the last of all where nothing was started."""

    entries: tuple[ChainEntry, ...]
    closed: ChainEntry
    intent: ChainEntry | None
    started: ChainEntry | None
    restored: ChainEntry | None

    def before_intent(self, kind: EntryKind) -> tuple[ChainEntry, ...]:
        """The entries of that kind before the intent, or all of them where nothing was intended."""
        last = self.intent or self.closed
        return tuple(entry for entry in self.entries[: last.number - 1] if entry.kind == kind)


def read_history(content: Sequence[Any], *, stream: str) -> History:
    """The history of a chain that is whole and ends; MalformedRecordError with the first broken link."""
    entries = tuple(_entry(each, number=number) for number, each in enumerate(content, start=1))
    if broken := broken_link(entries, stream=stream) or _disorder(entries):
        raise MalformedRecordError(broken)
    started = _only(entries, EntryKind.RESTORE_STARTED)
    return History(
        entries=entries,
        closed=entries[-1],
        intent=next((each for each in reversed(entries) if each.kind == EntryKind.RESTORE_INTENDED), None),
        started=started,
        restored=_only(entries, EntryKind.RESTORED),
    )


def name_of(entry: ChainEntry) -> str:
    """How an entry is told."""
    return f"entry {entry.number} ({entry.kind[:40]})"


def _entry(content: Any, *, number: int) -> ChainEntry:
    try:
        return read_entry(canonical_text(content))
    except MalformedRecordError as error:
        raise MalformedRecordError(f"entry {number}: {error}") from error


def _only(entries: Sequence[ChainEntry], kind: EntryKind) -> ChainEntry | None:
    return next((entry for entry in entries if entry.kind == kind), None)


def _disorder(entries: Sequence[ChainEntry]) -> str:
    """What a whole ceremony does not leave behind: begun without intent, restored without start, or not ended once."""
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
    last = entries[-1]
    return "" if last.kind == EntryKind.CLOSED else f"{name_of(last)}: it is the last, and not the end of the ceremony"
