"""Start a copy again that did not come about, once everything was read anew and nothing speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.copies.facts import CopyRestarted
from strongroom.domain.copies.remediation.starting import Remedy, RemedyDecision, decide_remedy
from strongroom.domain.copies.transitions import restarted
from strongroom.services.copies.conclude import change
from strongroom.services.copies.look_at_promise import arrivals
from strongroom.services.copies.verify_copy import CopyVerificationNeeds

if TYPE_CHECKING:
    from strongroom.domain.copies.promises import Promise, PromiseKey
    from strongroom.ports.copies import CopyStarter


class CopyStartNeeds(CopyVerificationNeeds, frozen=True, kw_only=True):
    """What starting a copy needs of the world: all that looking for it takes, and a way to start it."""

    starter: CopyStarter


class StartVerdict(Struct, frozen=True, kw_only=True):
    """What was done about one copy (`start`, `diagnose` or `leave`), and why."""

    remedy: Remedy
    reason: str
    recovery_point: str
    destination: str
    copy_job: str | None = None


def start_copy(key: PromiseKey, *, needs: CopyStartNeeds) -> StartVerdict:
    """Start the copy, leave it alone, or say that somebody must find out what stops it.

    The attempt is counted after the call: whoever repeats it before that starts the same job. Raises what keeps the
    account from being asked, and what AWS answers to the start.
    """
    promise = needs.promises.current(key)
    if promise is None:
        return _verdict(key, RemedyDecision(remedy=Remedy.LEAVE, reason="no such copy is owed"))
    jobs, found = needs.jobs.of_promise(promise), arrivals(promise, needs=needs)
    decision = decide_remedy(promise, jobs=jobs, has_arrived=bool(found))
    if decision.remedy is not Remedy.START:
        return _verdict(key, decision)
    copy_job = needs.starter.start(promise, attempt=promise.restarts + 1)
    started = change(promise, restarted, promises=needs.promises)
    if started is not None:
        _tell(started, copy_job=copy_job, needs=needs)
    return _verdict(key, decision, copy_job=copy_job)


def _tell(promise: Promise, *, copy_job: str, needs: CopyStartNeeds) -> None:
    needs.publisher.publish(
        CopyRestarted(
            account=promise.account,
            region=promise.region,
            resource=promise.resource,
            reason=f"the copy was started again, attempt {promise.restarts}",
            recovery_point=promise.recovery_point,
            destination=promise.destination,
            tier=promise.tier,
            copy_job=copy_job,
        )
    )


def _verdict(key: PromiseKey, decision: RemedyDecision, *, copy_job: str | None = None) -> StartVerdict:
    return StartVerdict(
        remedy=decision.remedy,
        reason=decision.reason,
        recovery_point=key.recovery_point,
        destination=key.destination,
        copy_job=copy_job,
    )
