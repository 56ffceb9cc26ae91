"""Answer many events at once: what they name is seen to together, and each has a verdict on each thing it names."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from strongroom.domain.errors import StrongroomError
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_unmade
from strongroom.services.tags.alerting import alert_of
from strongroom.services.tags.concluding import fact_of
from strongroom.services.tags.see_to import see_to
from strongroom.services.tags.tagging_needs import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.tags.judging import Place, Reading
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.domain.tags.waiting import Task
    from strongroom.services.tags.tagging_needs import TaggingNeeds

type Enforced = tuple[EnforcementVerdict | StrongroomError, ...]


class EnforcementVerdict(Struct, frozen=True, kw_only=True):
    """One verdict per resource that an event names, or one on the event itself."""

    verdicts: tuple[TagVerdict, ...]


class Answer(Struct, kw_only=True):
    """What is known of one event so far: the verdicts that need no look, and the resources that may need one."""

    is_again: bool
    ended: tuple[TagVerdict, ...] = ()
    tasks: tuple[Task, ...] = ()
    error: StrongroomError | None = None
    seen: list[TagVerdict] = field(default_factory=list)


class Refine(Protocol):
    """Says what the ledger adds to a task, or the verdict where that leaves nothing to look at."""

    def __call__(self, task: Task, answer: Answer, known: Remembered | None, /) -> Task | TagVerdict:
        """The task, or a verdict."""


class Places(Struct, frozen=True):
    """Where accounts are, each asked for once."""

    needs: TaggingNeeds
    now: datetime
    known: dict[AccountId, Place] = field(default_factory=dict)

    def of(self, account: AccountId) -> Place:
        """Where the account is; TemporarilyUnavailableError where Organizations is too busy to say."""
        if account not in self.known:
            self.known[account] = place_of(account, needs=self.needs, now=self.now)
        return self.known[account]


def tell(reading: Reading, *, subject: str, needs: TaggingNeeds, now: datetime) -> None:
    """Alert people of what an event names and cannot be, and publish it; `subject` is the event."""
    if reading.told:
        said = "; ".join(dict.fromkeys(verdict.reason for verdict in reading.told))
        needs.alerts.complain(replace(alert_of(reading.told[0], subject=subject), reason=said), now=now)
        needs.publisher.publish_all([fact_of(verdict) for verdict in reading.told])


def answer_all(
    answers: Sequence[Answer], *, places: Places, refine: Refine, needs: TaggingNeeds, now: datetime
) -> Enforced:
    """See to all that the events name; what ends it for all is the answer to each that named something."""
    try:
        _see_to_all(answers, places=places, refine=refine, needs=needs, now=now)
    except StrongroomError as error:
        for each in answers:
            each.error = each.error or (error if each.tasks else None)
    return tuple(each.error or EnforcementVerdict(verdicts=(*each.seen, *each.ended)) for each in answers)


def judge_known_event(task: Task, answer: Answer, known: Remembered | None) -> TagVerdict | None:
    """The verdict on what was seen to for this very event, unless it comes again because nobody could deal with it."""
    if known is None or known.event_id != task.event_id or answer.is_again:
        return None
    return judge_unmade(task.made.resource, TagState.IGNORED, "the event was acted on before")


def _see_to_all(
    answers: Sequence[Answer], *, places: Places, refine: Refine, needs: TaggingNeeds, now: datetime
) -> None:
    named = [arn for task in _tasks(answers) for arn in (task.arn, *task.made.origins)]
    if not named:
        return
    remembered = needs.resources.recall(named)
    tasks: dict[str, Task] = {}
    settled: dict[int, TagVerdict] = {}
    for each in answers:
        for task in each.tasks:
            refined = refine(task, each, remembered.get(task.arn))
            if isinstance(refined, TagVerdict):
                settled[id(task)] = refined
            elif task.arn not in tasks or refined.says_more_than(tasks[task.arn]):
                tasks[task.arn] = refined
    verdicts = see_to([*tasks.values()], places=places.known, remembered=remembered, needs=needs, now=now)
    for each in answers:
        each.seen += [settled.get(id(task)) or verdicts[task.arn] for task in each.tasks]


def _tasks(answers: Sequence[Answer]) -> Iterator[Task]:
    return (task for each in answers for task in each.tasks)
