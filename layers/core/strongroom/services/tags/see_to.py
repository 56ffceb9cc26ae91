"""See to resources: read their tags, write what is owed, and believe it once it shows; what cannot be done yet waits.

Those of one account, Region and service are read, written and read back together, as far as the service can.
"""

from __future__ import annotations

from collections import defaultdict
from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.rows import row_of
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.standing import Known, judge_unread
from strongroom.domain.tags.waiting import Pause
from strongroom.services.tags.concluding import conclude
from strongroom.services.tags.judging_keys import judge_keys
from strongroom.services.tags.quarrelling import find_quarrel
from strongroom.services.tags.visiting import Ended, Group, group_of, visit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Target
    from strongroom.domain.tags.judging import Place
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.domain.tags.waiting import Task
    from strongroom.services.tags.tagging_needs import TaggingNeeds


def see_to(
    tasks: Sequence[Task],
    *,
    places: Mapping[AccountId, Place],
    remembered: Mapping[str, Remembered],
    needs: TaggingNeeds,
    now: datetime,
) -> dict[str, TagVerdict]:
    """The verdict on each resource, by its ARN; it is remembered, said and told. Each task is of another resource."""
    ended = [*_see_to(tasks, places=places, remembered=remembered, needs=needs, now=now)]
    ended = [_named(each) for each in ended]
    volumes = [*_brought_along(ended, places=places)]
    if volumes:
        ended += _see_to(volumes, places=places, remembered=remembered, needs=needs, now=now)
    ended = judge_keys(ended, needs=needs)
    conclude(ended, remembered=remembered, needs=needs, now=now)
    return {each.task.arn: each.verdict for each in ended}


def _see_to(
    tasks: Sequence[Task],
    *,
    places: Mapping[AccountId, Place],
    remembered: Mapping[str, Remembered],
    needs: TaggingNeeds,
    now: datetime,
) -> Iterator[Ended]:
    groups: defaultdict[Group, list[tuple[Task, Known]]] = defaultdict(list)
    for task in tasks:
        target = places[task.made.resource.account].target
        known = _known(task, target=target, remembered=remembered, needs=needs, now=now)
        unread = judge_unread(known, intent=needs.intent, today=now.date())
        if unread is not None:
            yield Ended(task, unread)
        else:
            groups[group_of(task.made.resource)].append((task, known))
    for group, members in groups.items():
        yield from visit(group, members, needs=needs, now=now)


def _known(
    task: Task, *, target: Target | None, remembered: Mapping[str, Remembered], needs: TaggingNeeds, now: datetime
) -> Known:
    made, before = task.made, remembered.get(task.arn)
    tiers = {arn: _tier_of(arn, remembered=remembered, needs=needs) for arn in made.origins}
    return Known(
        resource=made.resource,
        type=made.type,
        target=target,
        sources={arn: tier for arn, tier in tiers.items() if tier is not None},
        invoked_by=made.invoked_by,
        limits=made.limits,
        had=None if before is None or made.kind is not Kind.DISCOVERY else before.had,
        quarrel=find_quarrel(task, before, needs=needs, now=now),
    )


def _named(ended: Ended) -> Ended:
    """The same with the name of who changed the tags, and with the end of the quarrel that keeps us from writing."""
    verdict, drift = ended.verdict, ended.task.drift
    if drift is not None:
        verdict = replace(verdict, reason=f"{verdict.reason}; {drift.said}")
    if verdict.until is None or verdict.quarrels_with is None:
        return replace(ended, verdict=verdict)
    later = replace(ended.task, since=verdict.until, looks=ended.task.looks + 1)
    return replace(ended, verdict=verdict, pause=Pause(task=later, until=verdict.until))


def _tier_of(arn: str, *, remembered: Mapping[str, Remembered], needs: TaggingNeeds) -> str | None:
    known = remembered.get(arn)
    return needs.resources.tier_of(arn) if known is None else known.tier


def _brought_along(ended: Sequence[Ended], *, places: Mapping[AccountId, Place]) -> Iterator[Task]:
    """The volumes of the instances among them, where such volumes have tiers of their own."""
    for each in ended:
        resource, target = each.task.made.resource, places[each.task.made.resource.account].target
        has_tiers = target is not None and target.attached_volumes
        for arn in each.volumes if has_tiers and each.task.drift is None else ():
            row = row_of(arn)
            if row is not None:
                volume = replace(resource, arn=arn, label=row.label)
                made = Made(resource=volume, kind=each.task.made.kind, type=row, origins=each.task.made.origins)
                yield replace(each.task, made=made, looks=0, written=None)
