"""Tell people of what is left in no tier: each resource by an alert of its own, what one call took out by one for all.

An alert about several names what is left of them, and is over once nothing is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.services.tags.quarrelling import alert_of_quarrel, settle_quarrels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.tags.remembered import Remembered
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.services.tags.tagging_needs import TaggingNeeds
    from strongroom.services.tags.visiting import Ended

# So many are named in the text of an alert; it is about all.
_NAMED: Final = 20


def shared_subjects(ended: Sequence[Ended], *, remembered: Mapping[str, Remembered]) -> dict[str, str]:
    """By ARN the subject of the alert that tells of the resource and of others; people are told of each once."""
    subjects = {arn: known.told_in for arn, known in remembered.items() if known.told_in}
    told = {arn for arn, known in remembered.items() if known.is_told}
    untold = [each for each in ended if is_complained_about(each) and each.task.arn not in told]
    calls = Counter(each.task.event_id for each in untold if each.task.drift is not None)
    return subjects | {each.task.arn: _subject(each) for each in untold if calls[each.task.event_id] > 1}


def tell_people(
    ended: Sequence[Ended],
    *,
    subjects: Mapping[str, str],
    remembered: Mapping[str, Remembered],
    needs: TaggingNeeds,
    now: datetime,
) -> None:
    """Complain about what is left, and settle what is not; the ledger has the verdicts by now."""
    told: defaultdict[str, list[TagVerdict]] = defaultdict(list)
    mended: defaultdict[str, list[TagVerdict]] = defaultdict(list)
    for each in ended:
        verdict, known = each.verdict, remembered.get(each.task.arn)
        if each.is_fought_over:
            needs.alerts.complain(alert_of_quarrel(verdict), now=now)
        elif each.pause is None and known is not None:
            settle_quarrels(known.quarrels, verdict, needs=needs, now=now)
        if is_complained_about(each):
            told[subjects.get(each.task.arn, verdict.resource)].append(verdict)
        elif each.pause is None and known is not None and known.is_told:
            mended[known.told_in or verdict.resource].append(verdict)
    for subject, verdicts in told.items():
        needs.alerts.complain(alert_of(*verdicts, subject=subject), now=now)
    for subject, verdicts in mended.items():
        over, arns = fingerprint(AlertKind.RESOURCE_NOT_TAGGED, subject), [each.resource for each in verdicts]
        needs.alerts.mend(over, arns, reason=verdicts[-1].reason, now=now)


def alert_of(verdict: TagVerdict, *others: TagVerdict, subject: str) -> Alert:
    """The alert about a resource, about several, or about something else that the verdict is on."""
    reason, arns = verdict.reason, tuple(each.resource for each in (verdict, *others))
    if others:
        more = f" and {len(arns) - _NAMED} more" if len(arns) > _NAMED else ""
        reason = f"one call took {len(arns)} resources out of their tiers: {', '.join(arns[:_NAMED])}{more}; {reason}"
    return Alert(
        kind=AlertKind.RESOURCE_NOT_TAGGED,
        subject=subject,
        account=verdict.account,
        region=verdict.region,
        reason=reason,
        resources=arns if others else (),
        wants_ticket=any(each.wants_ticket for each in (verdict, *others)),
    )


def is_complained_about(ended: Ended) -> bool:
    """Whether people are told of it."""
    return ended.verdict.is_alarming or ended.is_given_up or ended.is_refused


def _subject(ended: Ended) -> str:
    act = "" if ended.task.drift is None else ended.task.drift.act
    return f"{ended.verdict.account} {act} {ended.task.event_id}"
