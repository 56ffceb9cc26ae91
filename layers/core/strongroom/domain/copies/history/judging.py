"""Which properties a history breaks; what happened too near to its end is left open."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from strongroom.domain.alerts.complaints import AlertKind, is_news_beside
from strongroom.domain.copies.found import is_continuous
from strongroom.domain.copies.history.events import (
    FAILED,
    JOB_COMPLETED,
    JOB_FAILED,
    MISSING,
    OPENED,
    VERIFIED,
    AlertEvent,
    CopyEvent,
    Violation,
)

# AWS's lists are read each hour and reach back for one: by then each end of a copy is known, whatever events were lost.
KNOWN_WITHIN: Final = timedelta(hours=3)


def judge_history(copies: Iterable[CopyEvent], alerts: Iterable[AlertEvent], *, until: datetime) -> list[Violation]:
    """Every violation in the order of time; `until` is where the archive ends."""
    every = sorted(copies, key=lambda each: each.at)
    found = [*_ends_unknown(every, until=until), *_good_turned_bad(every), *_told_wrongly(alerts)]
    return sorted(found, key=lambda each: (each.at, each.property, each.subject))


def still_open(copies: Iterable[CopyEvent]) -> list[CopyEvent]:
    """The copies that were missing or failed, and not verified until the archive ends: the last word on each."""
    last = {
        each.pair: each for each in sorted(copies, key=lambda each: each.at) if each.kind in {VERIFIED, FAILED, MISSING}
    }
    return [each for each in last.values() if each.kind != VERIFIED]


def _ends_unknown(copies: Sequence[CopyEvent], *, until: datetime) -> Iterator[Violation]:
    """Copy jobs into our vaults that ended, and no fact said so in time.

    Ours are the vaults of which any fact speaks; a job that failed may as well be followed by a good copy.
    """
    facts = [each for each in copies if each.kind in {VERIFIED, FAILED, MISSING}]
    ours = {each.destination for each in facts}
    told: dict[tuple[str, str], list[CopyEvent]] = {}
    for fact in facts:
        told.setdefault(fact.pair, []).append(fact)
    for job in copies:
        if job.kind not in {JOB_COMPLETED, JOB_FAILED} or job.destination not in ours or until - job.at < KNOWN_WITHIN:
            continue
        if not any(_answers(fact, job) for fact in told.get(job.pair, [])):
            name = "a finished copy is verified" if job.kind == JOB_COMPLETED else "a failed copy is told"
            yield _violation(name, job, "no fact about it within three hours")


def _answers(fact: CopyEvent, job: CopyEvent) -> bool:
    """Whether the fact tells how the job ended; a copy that was found by a look is verified before its event comes."""
    is_in_time = fact.at - job.at <= KNOWN_WITHIN
    return is_in_time and (fact.kind == VERIFIED or (fact.kind == FAILED and fact.at >= job.at))


def _good_turned_bad(copies: Iterable[CopyEvent]) -> Iterator[Violation]:
    """Copies that were verified and later called missing or failed; a continuous backup has a new one each night."""
    verified: set[tuple[str, str]] = set()
    for each in copies:
        if each.kind in {MISSING, FAILED} and each.pair in verified and not is_continuous(each.recovery_point):
            yield _violation("a verified copy stays verified", each, f"{each.kind} after it was verified")
        if each.kind == VERIFIED:
            verified.add(each.pair)


def _told_wrongly(alerts: Iterable[AlertEvent]) -> Iterator[Violation]:
    """Alerts that were told as opened or as resolved twice in a row; one that was open before the archive may begin.

    One that has become worse, or a backup that ended badly in another way, is told as opened beside the first.
    """
    ordered = sorted(alerts, key=lambda each: (each.fingerprint, each.at))
    for _, told in groupby(ordered, key=lambda each: each.fingerprint):
        before = None
        for each in told:
            if before is not None and each.kind == before.kind and not _is_news(each, before):
                yield Violation(
                    property="opened and resolved alternate",
                    at=each.at,
                    subject=each.subject,
                    reason=f"{each.kind} twice in a row",
                )
            before = each


def _is_news(event: AlertEvent, before: AlertEvent) -> bool:
    kinds = {kind.value: kind for kind in AlertKind}
    told, known = kinds.get(event.alert), kinds.get(before.alert)
    return event.kind == OPENED and told is not None and known is not None and is_news_beside(told, known)


def _violation(name: str, event: CopyEvent, reason: str) -> Violation:
    return Violation(
        property=name, at=event.at, subject=f"{event.recovery_point} to {event.destination}", reason=reason
    )
