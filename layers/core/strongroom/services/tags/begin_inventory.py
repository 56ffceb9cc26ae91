"""Begin an inventory once a day, or when somebody asks for one, and have those accounts gone on with that are left."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.tags.facts import InventoryBegun
from strongroom.domain.tags.inventory.runs import EVERY, MOST_NAMED, STALE, InventoryOrder, Place, Run, count_run
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.tags.inventory.runs import Mark
    from strongroom.ports.accounts import GovernedBook
    from strongroom.ports.facts import ManyPublisher
    from strongroom.ports.tags import InventoryBook


class InventoryBeginNeeds(Struct, frozen=True, kw_only=True):
    """What beginning inventories needs of the world."""

    intent: Intent
    accounts: GovernedBook
    inventories: InventoryBook
    publisher: ManyPublisher


class InventoryVerdict(Struct, frozen=True, kw_only=True):
    """How far each inventory is that had not ended, and which accounts were told to be gone through."""

    runs: tuple[Run, ...]
    sent: tuple[AccountId, ...]


def begin_inventory(order: InventoryOrder, *, needs: InventoryBeginNeeds, now: datetime) -> InventoryVerdict:
    """Begin what is due or asked for, and follow what has begun; a later inventory of all ends an earlier one.

    A tick goes at once through the accounts that came to stand where they do, as no event tells what was there before.
    """
    known = needs.inventories.runs()
    latest = next((run for run in known if run.is_whole), None)
    open_runs = [run for run in known if run.ended_at is None and (not run.is_whole or run is latest)]
    if order.is_asked or latest is None or now - latest.begun_at >= EVERY:
        begun = Run(id=_name(order, now=now), begun_at=now, accounts=tuple(sorted(set(order.accounts))))
        if needs.inventories.find_run(begun.id) is None:
            needs.inventories.keep_run(begun)
            open_runs = [begun, *(run for run in open_runs if not (begun.is_whole and run.is_whole))]
    if not order.is_asked:
        open_runs = [*open_runs, *_first_ones(open_runs, needs=needs, now=now)]
    followed = [_follow(run, needs=needs, now=now) for run in open_runs]
    return InventoryVerdict(
        runs=tuple(run for run, _ in followed),
        sent=tuple(dict.fromkeys(account for _, sent in followed for account in sent)),
    )


def _first_ones(open_runs: Sequence[Run], *, needs: InventoryBeginNeeds, now: datetime) -> tuple[Run, ...]:
    """An inventory of the accounts that had all their pieces since the last look, unless one of all is under way."""
    owed = needs.inventories.owed()[:MOST_NAMED]
    if not owed:
        return ()
    run = Run(id=_name(InventoryOrder(accounts=owed), now=now), begun_at=now, accounts=owed)
    is_needed = not any(each.is_whole for each in open_runs)
    if is_needed:
        needs.inventories.keep_run(run)
    needs.inventories.begin_owed(owed)
    return (run,) if is_needed else ()


def _name(order: InventoryOrder, *, now: datetime) -> str:
    return " ".join((moment_text(now), *(["+".join(sorted(set(order.accounts)))] if order.accounts else [])))


def _follow(run: Run, *, needs: InventoryBeginNeeds, now: datetime) -> tuple[Run, tuple[AccountId, ...]]:
    """Count how far the run is, and tell those accounts again at which nobody is at work."""
    accounts = run.accounts or tuple(sorted(needs.accounts.governed()))
    regions = needs.intent.organization.regions
    marks = {mark.place: mark for mark in needs.inventories.marks(run.id)}
    places = [Place(run.id, account, region) for account in accounts for region in regions]
    counted = count_run(run, (marks[place] for place in places if place in marks), places=len(places), now=now)
    if counted.ended_at is not None:
        needs.inventories.keep_run(counted)
        return counted, ()
    sent = tuple(dict.fromkeys(place.account for place in places if _is_left(place, marks, run=run, now=now)))
    needs.publisher.publish_all([_told(account, run, needs=needs) for account in sent])
    needs.inventories.keep_run(replace(counted, sent_at=now) if sent else counted)
    return counted, sent


def _is_left(place: Place, marks: Mapping[Place, Mark], *, run: Run, now: datetime) -> bool:
    """Whether there is something to do in the place, and nobody does it."""
    mark = marks.get(place)
    if mark is None:
        return run.sent_at is None or now - run.sent_at >= STALE
    return mark.ended_at is None and now - mark.seen_at >= STALE


def _told(account: AccountId, run: Run, *, needs: InventoryBeginNeeds) -> InventoryBegun:
    return InventoryBegun(
        account=account,
        region=needs.intent.organization.home_region,
        resource=account,
        reason=f"the inventory of {moment_text(run.begun_at)} goes through it",
        run=run.id,
    )
