"""What follows a restore on what it made."""

from dataclasses import dataclass, field

from strongroom.domain.errors import (
    StrongroomError,
)
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.settings.note import SettingsNote


@dataclass
class FakeFinishing:
    """What was restored: each step that was taken on it, and what is in the way of some."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, StrongroomError] = field(default_factory=dict)
    outcomes: dict[str, StepOutcome] = field(default_factory=dict)
    notes: list[SettingsNote | None] = field(default_factory=list)

    def take(self, step: MachineStep, *, created: str, request: RestoreRequest, note: SettingsNote | None) -> StepTaken:
        self.notes.append(note)
        if step in self.errors:
            raise self.errors[step]
        self.taken.append((step, created))
        return StepTaken(step=step, outcome=self.outcomes.get(step, StepOutcome.DONE), reason="it is so")
