"""What a bystander knows of one thing that is owed: its promise, its copies, and what people were told of it when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import replace
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.copies.facts import CopyFact
from strongroom.domain.copies.groups.standing import Member
from strongroom.domain.copies.obstacles import GroupKey, GroupKind
from strongroom.domain.copies.promises import Promise
from strongroom.domain.facts import Fact
from tests.simulation.nights.clock import MINUTE, since
from tests.simulation.nights.history import History
from tests.simulation.nights.people import Mail
from tests.simulation.nights.reached import Stopped
from tests.simulation.nights.truth import Copying, Owed

# A list is read each hour, and may be so old; with some time to do the work.
LEARNT_WITHIN: Final = 80 * MINUTE
_POISON: Final = "poison|"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing that is owed, and everything about it; moments are milliseconds."""

    history: History
    owed: Owed
    promise: Promise
    opened_ms: int
    copies: tuple[Copying, ...]
    mails: tuple[Mail, ...]
    facts: frozenset[type[Fact]]

    @property
    def name(self) -> str:
        """Which night of which resource, and which destination of its rule."""
        return self.owed.name

    @cached_property
    def is_strict(self) -> bool:
        """Whether bounds in time hold: no fault was ours, and its account could be asked."""
        return self.history.is_strict and f"{_POISON}{self.owed.resource.account}" not in self.history.chance.fired

    @cached_property
    def deadline(self) -> int:
        """When the copy was due."""
        return since(self.promise.deadline)

    @cached_property
    def stuck(self) -> int:
        """When a copy that still runs is told."""
        return self.deadline + int(self.history.intent.deadlines.stuck_after.total_seconds() * 1_000)

    @cached_property
    def came(self) -> int | None:
        """When the first good copy arrived."""
        return min((each.ended_ms for each in self.copies if each.was_good and each.ended_ms is not None), default=None)

    @property
    def is_kept(self) -> bool:
        """Whether a good copy is there now."""
        return any(each.is_good for each in self.copies)

    def is_running(self, ms: int) -> bool:
        """Whether a copy of it was on its way then."""
        return any(each.is_active(ms) for each in self.copies)

    def told(self, ms: int) -> str | None:
        """What people were told last by then: opened, resolved, or nothing."""
        return next((mail.status for mail in reversed(self.mails) if mail.ms <= ms), None)

    def is_alarmed(self, ms: int) -> bool:
        """Whether people knew by then of more than a slow copy."""
        last = next((mail for mail in reversed(self.mails) if mail.ms <= ms), None)
        return last is not None and last.status == "opened" and last.alert.kind is not AlertKind.COPY_SLOW

    def first_opened(self) -> Mail | None:
        """The first complaint."""
        return next((mail for mail in self.mails if mail.status == "opened"), None)


def cases_of(history: History) -> Iterator[Case | Owed]:
    """Each thing that is owed; as it is where nothing was promised."""
    mails: defaultdict[str, list[Mail]] = defaultdict(list)
    for mail in history.people.mails:
        mails[mail.alert.fingerprint].append(mail)
    facts: defaultdict[tuple[str, str], set[type[Fact]]] = defaultdict(set)
    for fact in history.people.facts:
        if isinstance(fact, CopyFact):
            facts[fact.recovery_point, fact.destination].add(type(fact))
    for owed in history.aws.owed.values():
        promise = history.outcomes[owed.name]
        if promise is None:
            yield owed
            continue
        yield Case(
            history=history,
            owed=owed,
            promise=promise,
            opened_ms=history.watcher.opened[_key(promise)],
            copies=tuple(history.aws.copies_for(owed)),
            mails=_with_groups(promise, mails, history),
            facts=frozenset(facts[owed.recovery_point, owed.destination]),
        )


def _with_groups(promise: Promise, mails: Mapping[str, list[Mail]], history: History) -> tuple[Mail, ...]:
    """What people were told of the promise, by itself and through groups, as if all had been of itself.

    While a group stops it, that its own alert is over says nothing.
    """
    mark = Member.of(promise).promise
    stopped = [each for each in history.watcher.stopped if each.promise == mark]
    own = mails.get(fingerprint(AlertKind.COPY_MISSING, promise.subject), [])
    seen = [mail for mail in own if mail.status == "opened" or not any(_is_within(mail.ms, each) for each in stopped)]
    for each in stopped:
        alert = alert_of_group(each.group)
        of_group = [mail for mail in mails.get(alert, []) if each.until is None or mail.ms <= each.until + MINUTE]
        before = [mail for mail in of_group if mail.ms < each.since]
        if before and before[-1].status == "opened":
            seen.append(replace(before[-1], ms=each.since))
        seen += [mail for mail in of_group if mail.ms >= each.since]
        if each.until is not None and of_group and of_group[-1].status == "opened":
            seen.append(replace(of_group[-1], status="resolved", ms=each.until))
    return tuple(sorted(seen, key=lambda mail: mail.ms))


def _is_within(ms: int, stopped: Stopped) -> bool:
    return stopped.since <= ms and (stopped.until is None or ms <= stopped.until)


def alert_of_group(pk: str) -> str:
    """The fingerprint of the alert about a group, by the partition key of its item."""
    key = GroupKey.parse(pk.partition("#")[2])
    kind = AlertKind.COPIES_STOPPED_BY_KEY if key.kind is GroupKind.KEY else AlertKind.COPIES_STOPPED_BY_ACCOUNT
    return fingerprint(kind, key.id)


def _key(promise: Promise) -> Key:
    night = "" if promise.night is None else f"#NIGHT#{promise.night}"
    return Key(f"COPY#{promise.recovery_point}", f"TO#{promise.destination}{night}")
