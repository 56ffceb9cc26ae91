"""An urgent restore that nobody has reviewed is an alert from its end on, and one more after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import ApprovalVoidError, NotFoundError
from strongroom.services.restores.deciding.break_glass import needs_review, review_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.restores.deciding.judge_approval import JudgingNeeds

_A_DAY: Final = timedelta(days=1)


def remind_reviewers(request_id: str, *, judging: JudgingNeeds, alerts: AlertNotifier, now: datetime) -> None:
    """Complain while the urgent restore is not reviewed, once at its end and once a day later; settle both then."""
    try:
        kept = judging.keeper.read(request_id)
    except (ApprovalVoidError, NotFoundError):
        return  # whoever wants to open the next one is told so
    if not needs_review(kept) or not kept.chain:
        return
    first, second = (_alert(kept.sealed.request, when=when) for when in ("", ", a day later"))
    reviewed = review_of(kept, evidence=judging.judge.evidence, now=now)
    if reviewed is not None:
        for alert in (first, second):
            alerts.settle(alert.fingerprint, reason=f"reviewed by {reviewed.subject}: {reviewed.finding}", now=now)
        return
    alerts.complain(first, now=now)
    if now - kept.chain[-1].at >= _A_DAY:
        alerts.complain(second, now=now)


def _alert(request: RestoreRequest, *, when: str) -> Alert:
    return Alert(
        kind=AlertKind.BREAK_GLASS_UNREVIEWED,
        subject=f"{request.id}{when}",
        account=request.account,
        region=request.region,
        reason=(
            f"{request.resource} was restored urgently, for {request.incident}; somebody who took no part in it must "
            f"review it, and there is no other urgent restore before: strongroom restore review {request.id}"
        ),
    )
