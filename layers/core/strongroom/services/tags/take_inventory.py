"""Go through an account by the lists of its services, and see to whatever no event had told of."""

from __future__ import annotations

from collections import Counter
from copy import replace
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.tags.inventory.lists import keys_that_choose
from strongroom.domain.tags.inventory.news import first_mark, is_settled, is_untold, wants_key, wants_look
from strongroom.domain.tags.inventory.runs import (
    Mark,
    Place,
    Tally,
    after_failure,
    after_page,
    after_try,
    left_alone,
    refused_for_long,
    refused_since,
)
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.standing import Known, judge_resource
from strongroom.domain.tags.verdicts import TagState
from strongroom.domain.tags.waiting import Task
from strongroom.services.tags.concluding import conclude
from strongroom.services.tags.judging_keys import judge_keys
from strongroom.services.tags.see_to import see_to
from strongroom.services.tags.tagging_needs import TaggingNeeds, place_of
from strongroom.services.tags.visiting import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Target
    from strongroom.domain.tags.inventory.lists import Item
    from strongroom.domain.tags.inventory.runs import Run
    from strongroom.domain.tags.judging import Place as Standing
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.ports.tags import InventoryBook, ResourceLists

# Less than the function has time for, by more than one page takes.
LASTS: Final = timedelta(minutes=3)
# So many are seen to, and said, before the next are begun.
_SLICE: Final = 100


class InventoryTakingNeeds(TaggingNeeds, frozen=True, kw_only=True):
    """What going through an account needs of the world: all that seeing to resources takes, lists, and marks."""

    lists: ResourceLists
    inventories: InventoryBook


class InventoryTaken(Struct, frozen=True, kw_only=True):
    """How far an account is gone through: by state how much was listed, and what of it no event had told.

    `unread` are lists that could not be read, by Region. What is not complete is gone on with later.
    """

    run: str
    account: AccountId
    is_complete: bool
    states: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    reason: str = ""


class _Round(Struct, frozen=True, kw_only=True):
    """What one round through an account goes by, and what it came to."""

    run: Run
    account: AccountId
    target: Target | None
    standings: Mapping[AccountId, Standing]
    needs: InventoryTakingNeeds
    clock: Callable[[], datetime]
    ends: datetime
    states: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    unread: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    tagged: dict[Region, dict[str, Mapping[str, str]]] = field(default_factory=dict)


def take_inventory(
    run_id: str, account: AccountId, *, needs: InventoryTakingNeeds, now: datetime, clock: Callable[[], datetime]
) -> InventoryTaken:
    """Go on where the account was left, for `LASTS` by the clock; what is left over is gone on with by another round.

    An inventory that a later one has replaced ends itself.
    """
    run = needs.inventories.find_run(run_id)
    if run is None or _is_replaced(run, needs=needs):
        return InventoryTaken(run=run_id, account=account, is_complete=True, reason="a later inventory has replaced it")
    standing = place_of(account, needs=needs, now=now)
    around = _Round(
        run=run,
        account=account,
        target=standing.target,
        standings={account: standing},
        needs=needs,
        clock=clock,
        ends=now + LASTS,
    )
    complete = [_go_through(region, around) for region in needs.intent.organization.regions]
    if all(complete):
        _tell_refusals(around, now=clock())
    return InventoryTaken(
        run=run_id,
        account=account,
        is_complete=all(complete),
        states=dict(around.states),
        found=dict(around.found),
        unread=around.unread,
    )


def _is_replaced(run: Run, *, needs: InventoryTakingNeeds) -> bool:
    latest = next((each for each in needs.inventories.runs() if each.is_whole), run)
    return run.is_whole and latest.id != run.id


def _go_through(region: Region, around: _Round) -> bool:
    """Whether the Region is gone through to its end; somebody else who goes through it ends this round."""
    needs, regions = around.needs, around.needs.intent.organization.regions
    place = Place(around.run.id, around.account, region)
    known = needs.inventories.find(place)
    mark = known or first_mark(place, is_last=region == regions[-1], now=around.clock())
    tried: set[str] = set()
    while mark.ended_at is None and (now := around.clock()) < around.ends:
        following = _following(mark, tried, around, now=now)
        if following is None:
            break
        if not needs.inventories.keep(following, was=known):
            return False
        has_tried_all = following.tries > mark.tries
        mark = known = following
        if has_tried_all:
            break
    around.unread.update({f"{name} in {region}": why for name, why in mark.unread.items()})
    around.refused.extend(f"{name} in {region}" for name in mark.refused)
    return mark.ended_at is not None


def _following(mark: Mark, tried: set[str], around: _Round, *, now: datetime) -> Mark | None:
    """The mark after one page, or after what kept it from being read; None where time is over within the page."""
    if around.target is None:
        return left_alone(mark, "its account is in no governed organisational unit", now=now)
    name, region = mark.left[0], mark.place.region
    if name in tried:
        return after_try(mark, now=now)
    try:
        items, token = around.needs.lists.page(name, account=around.account, region=region, token=mark.token)
        items = tuple(_with_tags(item, around) for item in items)
    except TemporarilyUnavailableError as error:
        tried.add(name)
        return after_failure(mark, str(error), may_mend=True, now=now)
    except (AccessRefusedError, CallRefusedError, NotFoundError) as error:
        # A page may be refused because its token is too old: then the list is read from its beginning, later.
        tried.add(name)
        is_refused = isinstance(error, AccessRefusedError)
        return after_failure(mark, str(error), may_mend=mark.token is not None, is_refused=is_refused, now=now)
    tally = _work_off(items, around, now=now)
    return None if tally is None else after_page(mark, tally, token=token, now=now)


def _tell_refusals(around: _Round, *, now: datetime) -> None:
    """Alert people of an account of which something stays refused, until it is read again."""
    needs, account = around.needs, around.account
    before = needs.inventories.refused(account)
    since = refused_since(around.refused, before=before, run=around.run)
    lasting = refused_for_long(since, now=now)
    if lasting:
        needs.alerts.complain(_alert_of_refusals(lasting, since, around), now=now)
    elif before:
        over = fingerprint(AlertKind.INVENTORY_REFUSED, account)
        needs.alerts.settle(over, reason=f"what was refused in {account} is listed again", now=now)
    if since != before:
        needs.inventories.keep_refused(account, since)


def _alert_of_refusals(lasting: Sequence[str], since: Mapping[str, datetime], around: _Round) -> Alert:
    began, whys = min(since[name] for name in lasting), sorted({around.unread[name] for name in lasting})
    return Alert(
        kind=AlertKind.INVENTORY_REFUSED,
        subject=around.account,
        account=around.account,
        region=around.needs.intent.organization.home_region,
        reason=(
            f"the inventory is refused {', '.join(lasting)}, since the one of {began:%Y-%m-%d %H:%M} UTC:"
            f" {'; '.join(whys)}"
        ),
    )


def _with_tags(item: Item, around: _Round) -> Item:
    """The item with its tags: its list shows them, or the one listing of what has a tag of ours there."""
    region = item.resource.region
    if item.tags is not None or region not in around.needs.intent.organization.regions:
        return item
    if region not in around.tagged:
        keys = keys_that_choose(around.needs.intent)
        around.tagged[region] = around.needs.lists.tagged(keys, account=around.account, region=region)
    return replace(item, tags=around.tagged[region].get(item.resource.arn, {}))


def _work_off(items: Sequence[Item], around: _Round, *, now: datetime) -> Tally | None:
    """See to what a page lists, some at a time; None where time is over before its end."""
    states: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for number, some in enumerate(batched(items, _SLICE, strict=False)):
        if number and around.clock() >= around.ends:
            return None
        for item, state, is_found in _see_to(some, around, now=now):
            states[state] += 1
            found[item.type.label] += is_found
    around.states.update(states)
    around.found.update(+found)
    return Tally(listed=len(items), states=dict(states), found=dict(+found))


def _see_to(items: Sequence[Item], around: _Round, *, now: datetime) -> Iterator[tuple[Item, str, bool]]:
    """Judge each; only what the ledger does not say already is seen to. What it comes to, and whether no event told."""
    needs, run = around.needs, around.run
    remembered = needs.resources.recall(map(_arn, items))
    judged = [(item, _judge(item, around, now=now)) for item in items]
    news = [(item, verdict) for item, verdict in judged if not is_settled(item, verdict, remembered.get(_arn(item)))]
    tasks = [_task(item, run, now=now) for item, verdict in news if _is_looked_at(item, verdict, remembered)]
    seen = see_to(tasks, places=around.standings, remembered=remembered, needs=needs, now=now) if tasks else {}
    fresh = {_arn(item) for item, _ in news}
    listed = [(item, verdict) for item, verdict in news if _arn(item) not in seen]
    said = [*_by_keys(listed, around, now=now), *_told_now(judged, fresh, remembered, around, now=now)]
    conclude(said, remembered=remembered, needs=needs, now=now)
    limited = {each.task.arn: each.verdict for each in said if each.verdict.state is TagState.CANNOT}
    for item, verdict in judged:
        arn, known = _arn(item), remembered.get(_arn(item))
        is_ours = known is not None and known.event_id == run.event_id
        last = seen.get(arn) or limited.get(arn) or verdict
        is_found = (arn in fresh or is_ours) and is_untold(last, known, item=item, run=run, now=now)
        yield item, str(last.state if arn in seen or arn in limited else _state(verdict, known, run=run)), is_found


def _told_now(
    judged: Sequence[tuple[Item, TagVerdict]],
    fresh: Collection[str],
    remembered: Mapping[str, Remembered],
    around: _Round,
    *,
    now: datetime,
) -> Iterator[Ended]:
    """What is settled but for its key, and for that, too, now that KMS has said who manages it."""
    settled = [(item, verdict) for item, verdict in judged if _arn(item) not in fresh]
    asked = [(item, verdict) for item, verdict in settled if wants_key(item, remembered.get(_arn(item)))]
    return (each for each in _by_keys(asked, around, now=now) if not each.is_key_untold)


def _by_keys(judged: Sequence[tuple[Item, TagVerdict]], around: _Round, *, now: datetime) -> list[Ended]:
    ended = [Ended(_task(item, around.run, now=now), verdict) for item, verdict in judged]
    return judge_keys(ended, needs=around.needs)


def _judge(item: Item, around: _Round, *, now: datetime) -> TagVerdict:
    known = Known(
        resource=item.resource,
        type=item.type,
        target=around.target,
        tags=item.tags or {},
        cover=item.cover,
        attached_to=item.attached_to,
        limits=item.limits,
    )
    return judge_resource(known, intent=around.needs.intent, today=now.date())


def _is_looked_at(item: Item, verdict: TagVerdict, remembered: Mapping[str, Remembered]) -> bool:
    known = remembered.get(_arn(item))
    return wants_look(item, verdict) or (known is not None and known.is_limited)


def _state(verdict: TagVerdict, known: Remembered | None, *, run: Run) -> str:
    """How it stands with what nobody looked at: by the ledger, where a list shows less than that."""
    if known is None or known.state is None:
        return verdict.state
    is_told_better = known.waits or known.is_limited or known.event_id == run.event_id
    return known.state if is_told_better else verdict.state


def _task(item: Item, run: Run, *, now: datetime) -> Task:
    made = Made(resource=item.resource, kind=Kind.DISCOVERY, type=item.type, limits=item.limits, keys=item.keys)
    return Task(made=made, event_id=run.event_id, made_at=item.made_at or run.begun_at, since=now)


def _arn(item: Item) -> str:
    return item.resource.arn
