"""What follows from verdicts on resources: they are remembered, said and told."""

from __future__ import annotations

from copy import replace
from functools import partial
from typing import TYPE_CHECKING

from strongroom.domain.errors import StrongroomError
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.remembered import Judged, Remembered
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.copies.expect_backups import first_backups
from strongroom.services.tags.alerting import is_complained_about, shared_subjects, tell_people
from strongroom.services.tags.quarrelling import quarrels_after
from strongroom.services.tags.visiting import wait

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.tags.quarrels import Quarrel
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.services.tags.tagging_needs import TaggingNeeds
    from strongroom.services.tags.visiting import Ended


def conclude(
    ended: Sequence[Ended], *, remembered: Mapping[str, Remembered], needs: TaggingNeeds, now: datetime
) -> None:
    """Remember, then say and tell; of what only the ledger knows, it is known again until that is done.

    What somebody else has judged since it was remembered is judged with what they remembered.
    """
    subjects = shared_subjects(ended, remembered=remembered)
    judging = partial(_judged, subjects=subjects, needs=needs, now=now)
    judged: dict[str, Judged] = {}
    to_remember = ended
    while to_remember:
        some = [judging(each, remembered.get(each.task.arn)) for each in to_remember]
        judged |= {each.verdict.resource: each for each in some}
        since = _remember(some, remembered=remembered, needs=needs, now=now)
        remembered = {**remembered, **since}
        to_remember = [each for each in to_remember if each.task.arn in since]
    try:
        said = [each for each in ended if each.pause is None or each.is_given_up or each.is_fought_over]
        needs.publisher.publish_all([fact_of(each.verdict) for each in said])
        tell_people(ended, subjects=subjects, remembered=remembered, needs=needs, now=now)
    except StrongroomError:
        again = (wait(each.task, "it was not said yet", now=now) for each in ended if each.has_waited)
        needs.resources.record([judging(each, remembered.get(each.task.arn)) for each in again], now=now)
        raise
    mended = [
        replace(judged[each.task.arn], told_in="", expected=())
        for each in ended
        if judged[each.task.arn].told_in and each.pause is None and not is_complained_about(each)
    ]
    needs.resources.record(mended, now=now)


def _remember(
    judged: Sequence[Judged], *, remembered: Mapping[str, Remembered], needs: TaggingNeeds, now: datetime
) -> dict[str, Remembered]:
    """Remember what is news; what is remembered by now of those that somebody else has judged meanwhile."""
    news = [each for each in judged if _is_news(each, remembered.get(each.verdict.resource))]
    left = needs.resources.record(news, now=now, known=remembered)
    found = needs.resources.recall(left, is_latest=True) if left else {}
    newest = {arn: found.get(arn, Remembered()) for arn in left}
    return {arn: each for arn, each in newest.items() if each.event_id != _event_of(remembered.get(arn))}


def _event_of(known: Remembered | None) -> str | None:
    return None if known is None else known.event_id


def _judged(
    ended: Ended, known: Remembered | None, *, subjects: Mapping[str, str], needs: TaggingNeeds, now: datetime
) -> Judged:
    verdict, resource = ended.verdict, ended.task.made.resource
    is_new = verdict.awaits_backups and (known is None or known.tier != verdict.tier or known.is_limited)
    expected = (
        first_backups(
            resource.arn,
            tier=verdict.tier,
            account=resource.account,
            region=resource.region,
            intent=needs.intent,
            now=now,
        )
        if is_new and verdict.tier is not None
        else ()
    )
    waits = ended.pause.task if ended.pause is not None and ended.pause.until is not None else None
    return Judged(
        verdict=verdict,
        event_id=ended.task.event_id,
        expected=tuple(first for _, first in expected),
        waits=waits,
        had=verdict.tier or (None if known is None else known.tier or known.had),
        label=ended.task.made.type.label,
        limits=tuple(each.fact for each in ended.task.made.limits),
        quarrels=_quarrels(ended, known, needs=needs, now=now),
        is_key_untold=ended.is_key_untold or _is_still_untold(ended, known),
        told_in=subjects.get(ended.task.arn, ""),
    )


def _quarrels(ended: Ended, known: Remembered | None, *, needs: TaggingNeeds, now: datetime) -> tuple[Quarrel, ...]:
    """Those that there are now; while it waits, nobody knows yet whether this change has undone anything."""
    if ended.pause is not None and not ended.is_fought_over:
        return () if known is None else known.quarrels
    is_undone = bool(ended.verdict.writes) or ended.is_fought_over
    return quarrels_after(ended.task, known, is_undone=is_undone, needs=needs, now=now)


def _is_still_untold(ended: Ended, known: Remembered | None) -> bool:
    """Whether nobody has said it before, and this event does not name the key."""
    return known is not None and known.is_key_untold and not ended.task.made.keys


def _is_news(judged: Judged, known: Remembered | None) -> bool:
    """Whether the ledger does not say the same already, perhaps with a better reason."""
    verdict = judged.verdict
    if not verdict.found_right or known is None or known.tier != verdict.tier:
        return True
    before = (known.quarrels, known.told_in, known.is_key_untold)
    if before != (judged.quarrels, judged.told_in, judged.is_key_untold):
        return True
    return known.is_limited != (verdict.state is TagState.CANNOT)


def fact_of(verdict: TagVerdict) -> TagEnforced:
    """The verdict as it is published."""
    return TagEnforced(
        account=verdict.account,
        region=verdict.region,
        resource=verdict.resource,
        reason=verdict.reason,
        state=verdict.state,
        tier=verdict.tier,
        previous=verdict.previous,
    )
