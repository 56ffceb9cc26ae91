"""A note of settings as people are shown it: what was set, and what becomes of each of it after a restore."""

from typing import Any

from strongroom.domain.catalogue.rows import row_of
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.left_off.steps import step_of_setting
from strongroom.domain.restores.settings.note import KeptNote
from strongroom.domain.restores.settings.reading import Afterwards
from strongroom.domain.restores.settings.table import settings_kind


def shown_note(kept: KeptNote) -> dict[str, Any]:
    """What the note has, by name, with how each comes back; what nobody knows and why, and what was left out.

    Of what is asked for after a restore its `step` is how people name it then, empty where nobody asks for it so.
    """
    note = kept.note
    return {
        "resource": note.resource,
        "since": kept.since.isoformat(),
        "read_at": kept.read_at.isoformat(),
        "settings": [
            {"what": what, "value": value, **_afterwards(what, note.resource)}
            for what, value in sorted(note.settings.items())
        ],
        "unread": [{"what": what, "reason": reason} for what, reason in sorted(note.unread.items())],
        "left_out": list(note.secrets),
    }


def _afterwards(what: str, resource: str) -> dict[str, str]:
    kind, row = settings_kind(Arn.parse(resource)), row_of(resource)
    afterwards = Afterwards.CANNOT if kind is None else kind.afterwards(what)
    is_asked = afterwards is Afterwards.ASKED and row is not None
    step = step_of_setting(what, resource_type=row.name) if is_asked and row else None
    return {"comes_back": afterwards.value, "step": step or ""}
