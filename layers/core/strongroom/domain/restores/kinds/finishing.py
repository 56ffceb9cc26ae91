"""What the machine does on what was restored, in the words that were approved, and how each step went."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

TAGS: Final = "tags"
SETTINGS: Final = "settings"
"""The step in which what was noted of the original is held against what is set on what was restored."""
BEFORE: Final = "Before it is restored: "
"""How a sentence begins that tells of a step before the act; every other one tells of what comes after it."""

LOOK_AT_TABLE: Final = "Look at the new table, and give it the rights and the name that applications expect."


class MachineStep(StrEnum):
    """A step that deletes nothing and calls nobody, in the order in which they are taken."""

    DELETION_PROTECTION = "deletion-protection"
    CONTINUOUS_BACKUPS = "continuous-backups"
    WRITER = "writer"
    READERS = "readers"
    ALARMS = "alarms"


# What approvers read and sign is what is done: a request in which a sentence does not stand does not have its step.
SENTENCES: Final[Mapping[MachineStep, str]] = {
    MachineStep.DELETION_PROTECTION: "The machine protects it from deletion.",
    MachineStep.CONTINUOUS_BACKUPS: "The machine makes it continuous again.",
    MachineStep.WRITER: "The machine makes its writer, of the class of the original's, if that is still there.",
    MachineStep.READERS: "The machine makes its readers, as many as the original has, if that is still there.",
    MachineStep.ALARMS: "The machine makes its alarms anew, with their actions off: the original's, or the noted ones.",
}


OF_WHAT_IS_NEW: Final = frozenset({SENTENCES[MachineStep.ALARMS]})
"""What is left out where a restore goes into what lives, which has its own."""


class StepOutcome(StrEnum):
    """It is so now, it could not be done, it was left to a person, or what is set is not as it was."""

    DONE = "done"
    DIFFERENT = "different"
    FAILED = "failed"
    SKIPPED = "skipped"


class StepTaken(Struct, frozen=True, kw_only=True):
    """How a step went; `step` is a machine's step, the tags where they could not be set, or the settings.

    `parts` are what the reason is made of, a sentence each.
    """

    step: str
    outcome: str
    reason: str
    parts: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In words."""
        return "; ".join((f"{self.step} {self.outcome}: {self.reason}", *self.parts))


def settings_outcome(steps: Iterable[StepTaken]) -> str:
    """How the comparison of what is set with what was noted came out, by the steps; empty where there was none."""
    return next((each.outcome for each in steps if each.step == SETTINGS), "")


def due_steps(approved: Iterable[str]) -> tuple[MachineStep, ...]:
    """The machine's steps among the sentences of a request."""
    sentences = set(approved)
    return tuple(step for step in MachineStep if SENTENCES[step] in sentences)


def told_step(facts: Mapping[str, Any]) -> StepTaken:
    """The step of an entry of the chain; nobody checks it, and nothing follows of it."""
    step, outcome, reason = (str(facts.get(name, "")) for name in ("step", "outcome", "reason"))
    parts = facts.get("parts", ())
    told = tuple(map(str, parts)) if isinstance(parts, list | tuple) else ()
    return StepTaken(step=step, outcome=outcome, reason=reason, parts=told)
