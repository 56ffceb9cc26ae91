"""The chain of `strongroom-evidence/2`: what happened in a ceremony, each entry with the hash of the one before."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import count_of, moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_FIRST: Final = "0" * 64
_KEYS: Final = ("at", "facts", "kind", "number", "previous", "stream")


class EntryKind(StrEnum):
    """What can happen, in its order; each at most once, but for steps, and intents, of which the last counts.

    A restore that AWS refused as one too many at once is `restore-throttled`: nothing came of the intents before.
    """

    TICKET_ENTITLES = "ticket-entitles"
    COPY_THROUGH_INTENDED = "copy-through-intended"
    COPY_THROUGH_STARTED = "copy-through-started"
    COPIED_THROUGH = "copied-through"
    COPY_BACK_INTENDED = "copy-back-intended"
    COPY_BACK_STARTED = "copy-back-started"
    COPIED_BACK = "copied-back"
    ACCESS_INTENDED = "access-intended"
    ACCESS_ASKED = "access-asked"
    ACCESS_OPENED = "access-opened"
    RESTORE_INTENDED = "restore-intended"
    RESTORE_THROTTLED = "restore-throttled"
    RESTORE_STARTED = "restore-started"
    RESTORED = "restored"
    TAGGED = "tagged"
    AFTER_STEP = "after-step"
    CLOSED = "closed"


class ChainEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened to the request whose id is `stream`; `at` is in whole seconds."""

    stream: str
    number: int
    at: datetime
    kind: str
    facts: Mapping[str, Any]
    previous: str

    @property
    def text(self) -> str:
        """The canonical text under which the entry is kept."""
        return canonical_text(
            {
                "at": moment_text(self.at),
                "facts": dict(self.facts),
                "kind": self.kind,
                "number": self.number,
                "previous": self.previous,
                "stream": self.stream,
            }
        )


def next_entry(
    last: ChainEntry | None, *, stream: str, kind: str, facts: Mapping[str, Any], at: datetime
) -> ChainEntry:
    """The entry that follows `last`, or the first one."""
    return ChainEntry(
        stream=stream,
        number=last.number + 1 if last else 1,
        # Clocks of two functions may differ by a little, and a chain never goes backwards.
        at=max(at.replace(microsecond=0), last.at) if last else at.replace(microsecond=0),
        kind=kind,
        facts=facts,
        previous=digest_of(last.text) if last else _FIRST,
    )


def read_entry(text: str) -> ChainEntry:
    """The entry of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=_KEYS)
    if not isinstance(content["facts"], dict):
        raise MalformedRecordError("facts is not a record")
    return ChainEntry(
        stream=text_of(content["stream"], of="stream"),
        number=count_of(content["number"], of="number", least=1),
        at=moment_of(content["at"], of="at"),
        kind=text_of(content["kind"], of="kind"),
        facts=content["facts"],
        previous=text_of(content["previous"], of="previous"),
    )


def told_faults(restored: Mapping[str, Any]) -> tuple[str, ...]:
    """What a restore that stands did not do, by the facts of its entry; nobody checks it, and nothing follows of it."""
    told = restored.get("faults", ())
    return tuple(each for each in told if isinstance(each, str)) if isinstance(told, list | tuple) else ()


def broken_link(entries: Iterable[ChainEntry], *, stream: str) -> str:
    """The first broken link of a chain in words; empty when it holds, and for a chain without entries."""
    last: ChainEntry | None = None
    for number, entry in enumerate(entries, start=1):
        name = f"entry {number} ({entry.kind[:40]})"
        if entry.stream != stream or entry.number != number:
            return f"{name}: it is number {entry.number} of {entry.stream[:40]}; an entry is missing or out of place"
        if entry.previous != (digest_of(last.text) if last else _FIRST):
            return f"{name}: it does not carry the hash of the entry before"
        if last and entry.at < last.at:
            return f"{name}: it happened before the entry before it"
        last = entry
    return ""
