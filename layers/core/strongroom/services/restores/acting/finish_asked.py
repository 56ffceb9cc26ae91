"""Take a step that deletes, because somebody asks for it by name after the restore, or leave it off for good."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
)
from strongroom.domain.restores.kinds.asked_steps import AskedState, AskedStep, standing_named, told_asked
from strongroom.domain.restores.kinds.finishing import StepOutcome, StepTaken
from strongroom.domain.restores.requests import parse_request_id
from strongroom.services.restores.acting.tag_restored import describe_created
from strongroom.services.restores.asking.asked_of import asked_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.kinds.asked_steps import AskedStanding
    from strongroom.ports.restores import AskedFinishing, RestoreJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony

# What cannot be done is tried by people, who look at why between two tries.
_MOST_ENTRIES: Final = 40


class AskedFinished(Struct, frozen=True, kw_only=True):
    """How it went, on what, and who asked; an `outcome` that is no `done` says in `reason` what to do."""

    request_id: str
    step: str
    outcome: str
    reason: str
    resource: str
    asked_by: str


class AskedFinishingNeeds(Struct, frozen=True, kw_only=True):
    """What taking a step that was asked for needs of the world."""

    ceremony: Ceremony
    keeper: EvidenceKeeper
    jobs: RestoreJobs
    finishing: AskedFinishing


def finish_asked(
    request_id: str, step: str, *, is_left_off: bool, asker: str, needs: AskedFinishingNeeds, now: datetime
) -> AskedFinished:
    """Take the step once, or leave it off; what was decided is answered again, whoever asks.

    `asker` is a subject. Who asked is written down first, and how it went then: a try that nobody saw the end of is
    made again by the next one. PermissionRefusedError, NotFoundError and RestoreRefusedError say why nothing is done.
    """
    if not needs.ceremony.may_ask(asker):
        raise PermissionRefusedError(
            f"only members of {needs.ceremony.restores.requesters} ask for it, and you are none"
        )
    kept = needs.keeper.read(parse_request_id(request_id))
    standing = standing_named(step, found=asked_of(kept, now=now))
    if not standing.is_open:
        return _answered(kept, _decided(standing), resource="", needs=needs)
    if len(kept.after) >= _MOST_ENTRIES:
        raise RestoreRefusedError(f"{step} was asked for often enough: set it by hand")
    if is_left_off:
        left = StepTaken(step=step, outcome=StepOutcome.DECLINED, reason="it stays off", by=asker)
        needs.keeper.record_asked(kept, left, at=now)
        return _answered(kept, left, resource="", needs=needs)
    if not standing.can_be_asked:
        raise RestoreRefusedError(told_asked(standing, request_id=request_id))
    created = describe_created(kept, jobs=needs.jobs)
    asked = StepTaken(step=step, outcome=StepOutcome.ASKED, reason=standing.sentence, by=asker)
    kept = needs.keeper.record_asked(kept, asked, at=now)
    taken = replace(_take(kept, AskedStep(step), created=created, asker=asker, needs=needs), by=asker)
    needs.keeper.record_asked(kept, taken, at=now)
    return _answered(kept, taken, resource=created, needs=needs)


def _take(kept: KeptCeremony, step: AskedStep, *, created: str, asker: str, needs: AskedFinishingNeeds) -> StepTaken:
    request = kept.sealed.request
    wanted = dict(request.left_off)[step]
    try:
        return needs.finishing.take(step, wanted, created=created, request=request, subject=asker)
    except (AccessRefusedError, CallRefusedError, NotFoundError) as error:
        return StepTaken(step=step, outcome=StepOutcome.FAILED, reason=str(error))


def _decided(standing: AskedStanding) -> StepTaken:
    outcome = StepOutcome.DONE if standing.state is AskedState.DONE else StepOutcome.DECLINED
    return StepTaken(step=standing.step, outcome=outcome, reason=standing.reason, by=standing.by)


def _answered(kept: KeptCeremony, taken: StepTaken, *, resource: str, needs: AskedFinishingNeeds) -> AskedFinished:
    return AskedFinished(
        request_id=kept.sealed.request.id,
        step=taken.step,
        outcome=taken.outcome,
        reason=taken.reason,
        resource=resource,
        asked_by=needs.ceremony.name_of(taken.by),
    )
