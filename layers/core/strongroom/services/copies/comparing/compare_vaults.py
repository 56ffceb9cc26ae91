"""Go round the copies of the last thirty days, and what was noted of older ones, each week: all that was verified."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.domain.copies.comparing.kept import OLDER
from strongroom.domain.copies.comparing.rounds import (
    RECENT,
    after_step,
    before_the_first,
    passed_over,
    refused_by,
    round_at,
    step_of,
    too_late_for,
)
from strongroom.services.copies.comparing.compare_step import ReadingTime, StepNeeds, compare_listed, compare_noted
from strongroom.services.copies.comparing.tell_comparison import tell_round, tell_too_late

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.copies.comparing.rounds import Comparison
    from strongroom.domain.copies.reconciling import Window
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import RoundBook
    from strongroom.services.copies.comparing.compare_step import Found, WorkOff

type _Compare = Callable[[Window, str | None], Found]


class VaultComparisonNeeds(StepNeeds, frozen=True, kw_only=True):
    """What the comparison needs of the world: all that its steps do, and how far each round has come."""

    rounds: RoundBook
    older: RoundBook


def compare_vaults(
    *,
    needs: VaultComparisonNeeds,
    regions: tuple[Region, ...],
    now: datetime,
    ends: datetime,
    clock: Callable[[], datetime],
    work_off: WorkOff,
) -> int:
    """How many verified copies neither their vault's list nor their vault itself shows, as far as time allows.

    Each of them is looked at once more by the next sweep, which tells of one that is gone. A copy job that is not known
    is worked off by `work_off`. A day that cannot be compared, or not in most of the time of a reading, is passed over,
    and tried again once all others were compared; that a round is not over after a day is told, and so is a vault that
    nobody may list.
    """
    time = ReadingTime(clock, now, ends)
    recent = partial(compare_listed, regions=regions, time=time, needs=needs, work_off=work_off)
    older = partial(compare_noted, time=time, needs=needs)
    doubted = _go_on(RECENT, needs.rounds, compare=recent, time=time, needs=needs, now=now)
    return doubted + _go_on(OLDER, needs.older, compare=older, time=time, needs=needs, now=now)


def _go_on(
    of: Comparison,
    rounds: RoundBook,
    *,
    compare: _Compare,
    time: ReadingTime,
    needs: VaultComparisonNeeds,
    now: datetime,
) -> int:
    """How many copies are doubted by the round that there is, as far as time allows."""
    known, doubted = rounds.find(), 0
    if known is None:
        rounds.keep(before_the_first(now), was=None)
        return 0
    begun = round_at(known, now=now, of=of)
    # What was left before: what this reading leaves is for the next one.
    tries, is_too_late = len(begun.left) if begun else 0, False
    while time.left() and (current := round_at(known, now=now, of=of)) and (not current.has_seen_all or tries):
        if (span := too_late_for(current, now=now, of=of)) is not None:
            tell_too_late(span, of, home=_home(needs.intent), alerts=needs.alerts, now=now)
            is_too_late = True
        step, had_most = step_of(current, now=now, of=of), time.is_most_left()
        found = compare(step, current.turn.vault)
        doubted += found.doubted
        if found.is_whole:
            following = after_step(current, step)
            if found.refused:
                following = refused_by(current, step, vaults=found.refused)
        elif time.left():
            following = passed_over(current, step)
        elif had_most:
            following = passed_over(current, step, in_halves=of.in_halves)
        else:
            break  # with all the time of another reading it may be done
        if not rounds.keep(following, was=known):
            return doubted
        known = following
        # Another day of the same vault is no other try.
        tries -= current.has_seen_all and not (found.is_whole and not found.refused and step.until < current.turn.ends)
    if not is_too_late:
        tell_round(known, of, home=_home(needs.intent), alerts=needs.alerts, now=now)
    return doubted


def _home(intent: Intent) -> tuple[AccountId, Region]:
    return intent.organization.backup_account, intent.organization.home_region
