"""The first inventory of an account: how far it is since the account began to be looked into, and what keeps it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.news import first_mark
from strongroom.domain.tags.inventory.runs import Mark, Run

# Where nothing at all could be listed, it is tried anew after so long.
AGAIN: Final = timedelta(hours=1)


class FirstInventory(Struct, frozen=True, kw_only=True):
    """What of it is missing, by name, and whether an inventory that is under way will go through it."""

    missing: tuple[str, ...]
    is_begun: bool


def covering(runs: Iterable[Run], account: AccountId, *, since: datetime) -> tuple[Run, ...]:
    """The inventories that may have gone through the account since then or still may, the latest first.

    Of those of all accounts the latest alone is gone on with.
    """
    known = tuple(runs)
    latest = next((run for run in known if run.is_whole), None)
    return tuple(
        run
        for run in known
        if (run is latest or account in run.accounts) and (run.ended_at is None or run.ended_at >= since)
    )


def judge_first(
    runs: Sequence[Run], marks: Iterable[Mark], *, regions: Sequence[Region], since: datetime, now: datetime
) -> FirstInventory:
    """By those that cover the account, and its marks in them, the latest first.

    A Region is gone through once an inventory has ended there since then and could read any list of it. A list that is
    refused for long is an alert of its own, so that no service that an organisation forbids keeps an account back.
    """
    known = tuple(marks)
    missing = [
        told
        for region in regions
        if (told := _missing(region, [mark for mark in known if mark.place.region == region], since=since))
    ]
    is_begun = any(_goes_on(run, known, regions=regions) for run in runs)
    was_tried = any(mark.ended_at is not None and now - mark.ended_at < AGAIN and _is_blind(mark) for mark in known)
    return FirstInventory(missing=tuple(missing), is_begun=is_begun or was_tried)


def _missing(region: Region, marks: Sequence[Mark], *, since: datetime) -> str | None:
    seen = [mark for mark in marks if mark.ended_at is None or mark.ended_at >= since]
    if any(mark.ended_at is not None and not _is_blind(mark) for mark in seen):
        return None
    if not seen:
        return f"first inventory in {region}"
    mark = seen[0]
    whys = "; ".join(f"{name}: {why}" for name, why in mark.unread.items())
    if mark.ended_at is not None:
        return f"first inventory in {region} (nothing could be listed: {'; '.join(sorted({*mark.unread.values()}))})"
    left = f"to be listed: {', '.join(mark.left)}"
    return f"first inventory in {region} ({left}{f'; {whys}' if whys else ''})"


def _is_blind(mark: Mark) -> bool:
    """Whether not one list of the Region could be read."""
    return set(first_mark(mark.place, is_last=False, now=mark.seen_at).left) <= mark.unread.keys()


def _goes_on(run: Run, marks: Sequence[Mark], *, regions: Sequence[Region]) -> bool:
    """Whether the run has not ended, and has not gone through the account already."""
    passed = [mark for mark in marks if mark.place.run == run.id and mark.ended_at is not None]
    return run.ended_at is None and len(passed) < len(regions)
