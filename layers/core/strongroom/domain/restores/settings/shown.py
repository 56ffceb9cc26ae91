"""A note of settings as people are shown it: what was set, and what becomes of each of it after a restore."""

from typing import Any

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.settings.note import KeptNote
from strongroom.domain.restores.settings.table import settings_kind


def shown_note(kept: KeptNote) -> dict[str, Any]:
    """What the note has, by name, with how each comes back; what nobody knows and why, and what was left out."""
    note = kept.note
    kind = settings_kind(Arn.parse(note.resource))
    return {
        "resource": note.resource,
        "since": kept.since.isoformat(),
        "read_at": kept.read_at.isoformat(),
        "settings": [
            {"what": what, "comes_back": "cannot" if kind is None else kind.afterwards(what).value, "value": value}
            for what, value in sorted(note.settings.items())
        ],
        "unread": [{"what": what, "reason": reason} for what, reason in sorted(note.unread.items())],
        "left_out": list(note.secrets),
    }
