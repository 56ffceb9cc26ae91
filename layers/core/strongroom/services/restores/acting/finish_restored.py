"""Do on what was restored what its approvers have read; each step is written down, however it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedRecordError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.kinds.finishing import SETTINGS, TAGS, StepOutcome, StepTaken, due_steps
from strongroom.domain.restores.settings.compared import compare_settings, step_of
from strongroom.domain.restores.settings.note import SettingsNote
from strongroom.domain.restores.settings.table import ALARMS

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import Finishing, ResourceSettings, SettingsNotes
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony


def finish_restored(
    kept: KeptCeremony,
    *,
    created: str,
    finishing: Finishing,
    settings: ResourceSettings,
    notes: SettingsNotes,
    keeper: EvidenceKeeper,
    now: datetime,
) -> str:
    """Take each step that is not written down yet; why some could not be taken yet, empty where all are over.

    A step that cannot be done is written down as failed, and keeps no other from being taken. When all are over, what
    is set on what was created is held against what was noted of the original, once.
    """
    waiting, request = [], kept.sealed.request
    taken_already = {each.step for each in kept.steps()}
    due = [step for step in due_steps(request.steps) if step not in taken_already]
    is_to_compare = _is_to_compare(kept, created=created)
    is_noted = due or is_to_compare
    note, unreadable = _noted(request, notes=notes) if is_noted else (None, None)
    for step in due:
        try:
            taken = finishing.take(step, created=created, request=request, note=note)
        except TemporarilyUnavailableError as error:
            waiting.append(f"{step}: {error}")
            continue
        except (AccessRefusedError, CallRefusedError, NotFoundError) as error:
            taken = StepTaken(step=step, outcome=StepOutcome.FAILED, reason=str(error))
        kept = _written(kept, taken, keeper=keeper, now=now)
    if note is not None and is_to_compare and not waiting:
        try:
            compared = unreadable or _compared(kept, note, created=created, settings=settings)
        except TemporarilyUnavailableError as error:
            return f"{SETTINGS}: {error}"
        _written(kept, compared, keeper=keeper, now=now)
    return "; ".join(waiting)


def _is_to_compare(kept: KeptCeremony, *, created: str) -> bool:
    """Whether what was restored is new, and how it compares with what was noted is not written down yet."""
    request = kept.sealed.request
    is_new = not request.goes_into_what_lives and created != request.resource
    return is_new and SETTINGS not in {each.step for each in kept.steps()}


def _noted(request: RestoreRequest, *, notes: SettingsNotes) -> tuple[SettingsNote | None, StepTaken | None]:
    """What was noted of the original when it was backed up, or the step that failed where nobody can read that."""
    try:
        known = notes.as_of(request.resource, at=request.recovery_point_created_at)
    except MalformedRecordError as error:
        unknown = SettingsNote(resource=request.resource, settings={}, unread={ALARMS: str(error)})
        return unknown, _uncompared(str(error))
    return (known.note if known else None), None


def _uncompared(reason: str) -> StepTaken:
    return StepTaken(step=SETTINGS, outcome=StepOutcome.FAILED, reason=f"nothing could be compared: {reason}")


def _compared(kept: KeptCeremony, note: SettingsNote, *, created: str, settings: ResourceSettings) -> StepTaken:
    """The note against what is set now; TemporarilyUnavailableError where that is to be read later."""
    request = kept.sealed.request
    try:
        found = settings.read(created, account=request.account, region=request.region)
    except (AccessRefusedError, CallRefusedError, NotFoundError) as error:
        return _uncompared(str(error))
    done = {each.step for each in kept.steps() if each.outcome == StepOutcome.DONE}
    tagged = (kept.last(EntryKind.TAGGED) or {}).get("keys", ())
    return step_of(compare_settings(note, found, request=request, done=done, tagged=tagged))


def give_up_steps(
    kept: KeptCeremony,
    *,
    created: str,
    error: str,
    reason: str,
    is_tagged: bool,
    notes: SettingsNotes,
    keeper: EvidenceKeeper,
    now: datetime,
) -> KeptCeremony:
    """Write down as failed whatever of it nobody has done before the end, the tags among them.

    Where an `error` ended it so is the comparison, if there is a note of the original.
    """
    why = reason or "nobody has done it"
    due = (*(() if is_tagged else (TAGS,)), *due_steps(kept.sealed.request.steps))
    for step in due:
        if step not in {each.step for each in kept.steps()}:
            failed = StepTaken(step=step, outcome=StepOutcome.FAILED, reason=why)
            kept = _written(kept, failed, keeper=keeper, now=now)
    if error and _is_to_compare(kept, created=created):
        note, unreadable = _noted(kept.sealed.request, notes=notes)
        if note is not None:
            kept = _written(kept, unreadable or _uncompared(why), keeper=keeper, now=now)
    return kept


def left_to_people(kept: KeptCeremony) -> tuple[StepTaken, ...]:
    """The steps that a person must see to: those that failed, and those that the machine left."""
    return tuple(each for each in kept.steps() if each.outcome != StepOutcome.DONE)


def _written(kept: KeptCeremony, taken: StepTaken, *, keeper: EvidenceKeeper, now: datetime) -> KeptCeremony:
    facts: dict[str, Any] = {"step": taken.step, "outcome": taken.outcome, "reason": taken.reason}
    facts |= {"parts": list(taken.parts)} if taken.parts else {}
    return keeper.record(kept, EntryKind.AFTER_STEP, facts=facts, at=now)
