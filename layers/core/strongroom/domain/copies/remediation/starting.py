"""Whether a copy is started again, decided by who reads everything once more just before."""

from enum import StrEnum

from msgspec import Struct

from strongroom.domain.copies.deadlines import has_come_to_nothing, queue_of, why_not_again
from strongroom.domain.copies.found import CopyJob
from strongroom.domain.copies.promises import Promise, PromiseState


class Remedy(StrEnum):
    """What to do about a copy that did not come about: start it, find out what stops it, or leave it alone."""

    START = "start"
    DIAGNOSE = "diagnose"
    LEAVE = "leave"


class RemedyDecision(Struct, frozen=True, kw_only=True):
    """What to do, and why."""

    remedy: Remedy
    reason: str


def decide_remedy(promise: Promise, *, jobs: tuple[CopyJob, ...], has_arrived: bool) -> RemedyDecision:
    """Start only what is known to be owed, with nothing there, on its way or in the queue, and for the first time.

    `jobs` are the copy jobs of its resource, oldest first. Of what may still show itself nothing is decided: the looks
    at the promise go on.
    """
    if promise.state not in {PromiseState.MISSING, PromiseState.FAILED}:
        return RemedyDecision(remedy=Remedy.LEAVE, reason=f"the promise is {promise.state}")
    queue = queue_of(promise, jobs)
    if queue.active is not None:
        return RemedyDecision(remedy=Remedy.LEAVE, reason=f"copy job {queue.active.id} is {queue.active.state}")
    reason = why_not_again(promise, queue, jobs=jobs, has_arrived=has_arrived)
    if not has_come_to_nothing(queue, jobs=jobs, has_arrived=has_arrived):
        return RemedyDecision(remedy=Remedy.LEAVE, reason=reason or "it may still show itself")
    if reason is not None:
        return RemedyDecision(remedy=Remedy.DIAGNOSE, reason=reason)
    return RemedyDecision(remedy=Remedy.START, reason="nothing is there, and nothing is on its way")
