"""What a note of settings says of a step, as the parameter of its call: for a person who writes it, and signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.asked.settings import read_setting
from strongroom.domain.restores.deciding.reading import write_json
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# What the table of readings calls each.
_NOTED: Final = {
    AskedStep.TIME_TO_LIVE: "time to live",
    AskedStep.STREAM: "stream",
    AskedStep.LIFECYCLE: "lifecycle",
    AskedStep.NOTIFICATIONS: "notifications",
    AskedStep.REPLICATION: "replication",
}


def noted_parameters(
    step: AskedStep, settings: Mapping[str, Any], *, left_out: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """The parameter by what was noted, by the names of the table of readings; `left_out` are the paths of secrets.

    RestoreRefusedError where nothing of it was noted, not all, or what may not be asked for.
    """
    what = _NOTED[step]
    if any(path == what or path.startswith(f"{what}.") for path in left_out):
        raise RestoreRefusedError(f"the note leaves something of {what} out: write it in a file")
    content = _content(step, settings.get(what))
    if not content:
        raise RestoreRefusedError(f"the note has no {CALLS[step].label} that are on: write them in a file")
    return read_setting(step, {CALLS[step].parameter: write_json(content)})


def _content(step: AskedStep, noted: Any) -> Any:
    """As the call takes it; nothing where it was off."""
    match step:
        case AskedStep.LIFECYCLE:
            return {"Rules": noted} if noted else None
        case AskedStep.NOTIFICATIONS | AskedStep.REPLICATION:
            return noted
        case AskedStep.STREAM:
            return noted.get("StreamSpecification") if isinstance(noted, dict) else None
        case AskedStep.TIME_TO_LIVE:
            is_on = isinstance(noted, dict) and noted.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
            return {"AttributeName": noted.get("AttributeName"), "Enabled": True} if is_on else None
