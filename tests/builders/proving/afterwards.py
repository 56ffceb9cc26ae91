"""Bundles of restores of which somebody asked for a step since their end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.evidence.entries import EntryKind, next_entry, read_entry
from tests.builders.proving.ceremony import a_restored_play

_FACTS: Final = {"step": "time-to-live", "outcome": "done", "reason": "it is on", "by": "idp|omar"}


def a_followed_bundle(*, kind: EntryKind = EntryKind.AFTER_STEP, **changes: Any) -> str:
    """The bundle of a restore with one entry since its end; `changes` are made in that entry's record."""
    content: Any = read_canonical(a_restored_play().bundle())
    last = read_entry(canonical_text(content["chain"][-1]))
    entry = next_entry(last, stream=last.stream, kind=kind, facts=_FACTS, at=last.at + timedelta(hours=1))
    said: Mapping[str, Any] = read_canonical(entry.text)
    return canonical_text(content | {"after": [{**said, **changes}]})
