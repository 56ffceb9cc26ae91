"""The world as the reader of an explanation tells it, behind the ports of the use cases; what they do is noted down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount
from strongroom.domain.alerts.complaints import Alert
from strongroom.domain.alerts.lifecycle import AlertState
from strongroom.domain.catalogue.facets.tagging import Pace
from strongroom.domain.errors import NotFoundError, StrongroomError
from strongroom.domain.facts import Fact
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.remembered import Judged, Remembered
from strongroom.domain.tags.seen import Seen
from strongroom.domain.tags.verdicts import TagState
from strongroom.domain.tags.waiting import Task
from strongroom.services.alerts.tell_alerts import AlertNotifier


@dataclass(slots=True)
class Notes:
    """What would have been done: to a resource, or to what else an alert is about."""

    done: list[tuple[str, str]] = field(default_factory=list)

    def add(self, subject: str, act: str) -> None:
        """Note an act."""
        self.done.append((subject, act))

    def about(self, subject: str) -> tuple[str, ...]:
        """What would be done about it, each once."""
        return tuple(dict.fromkeys(act for each, act in self.done if each == subject))

    def all(self) -> tuple[str, ...]:
        """Everything that would be done, each once."""
        return tuple(dict.fromkeys(act for _, act in self.done))


@dataclass(frozen=True, slots=True)
class ToldOrganization:
    """Where the account lies; None of one that is not in the organisation."""

    units: tuple[str, ...] | None

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        """The units that were told."""
        if self.units is None:
            raise NotFoundError(f"account {account} is not in the organisation")
        return self.units


@dataclass(frozen=True, slots=True)
class NoAccountsYet:
    """A ledger that remembers no account."""

    def find(self, account: AccountId) -> KnownAccount | None:
        """Nothing is known of it."""

    def record(
        self,
        verdict: AccountVerdict,
        *,
        not_ready_since: datetime | None,
        now: datetime,
        again_at: datetime | None = None,
    ) -> bool:
        """Let it go."""
        del verdict, not_ready_since, now, again_at
        return True

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        """Let it go."""

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        """None."""
        del until
        return iter(())


@dataclass(frozen=True, slots=True)
class ToldTags:
    """Tags that are those which were told, and then those that would have been added."""

    tags: Mapping[str, str]
    notes: Notes
    added: dict[str, dict[str, str]] = field(default_factory=dict)

    def look(self, arns: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Seen | StrongroomError]:
        """Each resource with its tags now."""
        del account, region
        return {arn: Seen(tags=self._tags(arn)) for arn in arns}

    def put(
        self, tags: Mapping[str, Mapping[str, str]], *, account: AccountId, region: Region
    ) -> dict[str, StrongroomError]:
        """Note them."""
        for arn, wanted in tags.items():
            written = " and ".join(f"{key}={value}" for key, value in wanted.items())
            self.notes.add(arn, f"write {written} in account {account}, {region}, and read it back")
            self.added.setdefault(arn, {}).update(wanted)
        return {}

    def shown(
        self, arns: Sequence[str], *, account: AccountId, region: Region
    ) -> dict[str, Mapping[str, str] | StrongroomError]:
        """The tags now."""
        del account, region
        return {arn: self._tags(arn) for arn in arns}

    def _tags(self, arn: str) -> dict[str, str]:
        return {**self.tags, **self.added.get(arn, {})}


@dataclass(frozen=True, slots=True)
class UntoldKeys:
    """A KMS that nobody asks."""

    def manager(self, key: str, *, account: AccountId, region: Region) -> NoReturn:
        """Say that it is not known here."""
        del key, account, region
        raise NotFoundError("kms:DescribeKey is not asked here")


@dataclass(frozen=True, slots=True)
class NoPaces:
    """Services that take everything at once."""

    def take(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> None:
        """Go on."""

    def refused(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> None:
        """Nobody is."""


@dataclass(frozen=True, slots=True)
class NotedResources:
    """A ledger that is told of verdicts, and remembers what was written and is to be read back."""

    notes: Notes
    written: list[Task] = field(default_factory=list)

    def recall(self, arns: Iterable[str], *, is_latest: bool = False) -> dict[str, Remembered]:
        """Nothing is remembered."""
        del arns, is_latest
        return {}

    def record(
        self, judged: Sequence[Judged], *, now: datetime, known: Mapping[str, Remembered] | None = None
    ) -> tuple[str, ...]:
        """Note it; nobody else is there who could be in the way."""
        del now, known
        for each in judged:
            self.notes.add(each.verdict.resource, f"remember {each.verdict.state} in the ledger")
            if each.waits is not None and each.waits.written is not None:
                self.written.append(each.waits)
            for expected in each.expected:
                first = "" if expected.firing is None else f" of {expected.firing:%Y-%m-%d %H:%M} UTC"
                self.notes.add(expected.resource, f"expect the backup{first} by {expected.tier}/{expected.rule}")
        return ()

    def waiting(self, now: datetime, *, most: int) -> tuple[Task, ...]:
        """What was written and not yet read back."""
        del now
        due = tuple(self.written[:most])
        self.written.clear()
        return due

    def tier_of(self, arn: str) -> None:
        """It remembers no tier."""


@dataclass(frozen=True, slots=True)
class JudgedBefore(NotedResources):
    """The same, where every resource was judged once, nobody tells as what."""

    def recall(self, arns: Iterable[str], *, is_latest: bool = False) -> dict[str, Remembered]:
        """That each was judged."""
        del is_latest
        return {arn: Remembered(state=TagState.COMPLIANT) for arn in arns}


@dataclass(frozen=True, slots=True)
class NotedFacts:
    """A bus that notes what is put on it."""

    notes: Notes

    def publish_all(self, facts: Sequence[Fact]) -> None:
        """Note them."""
        for fact in facts:
            self.notes.add(fact.resource, f"say {type(fact).__name__} on the bus")


@dataclass(frozen=True, slots=True)
class NoAlertsYet:
    """A ledger without an alert."""

    def find(self, fingerprint: str) -> AlertState | None:
        """There is none."""

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        """Take it."""
        del state, was
        return True

    def untold(self, now: datetime) -> Iterator[str]:
        """None."""
        del now
        return iter(())

    def open(self) -> Iterator[AlertState]:
        """None."""
        return iter(())


@dataclass(frozen=True, slots=True)
class NotedAlerts:
    """A topic that notes what is told."""

    notes: Notes

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
        """Note it; from here no link leads anywhere."""
        del link
        self.notes.add(alert.subject, f"open the alert {alert.kind} ({alert.severity})")
        if alert.wants_ticket:
            self.notes.add(alert.subject, "open a ticket about it")

    def announce_resolved(self, alert: Alert, *, reason: str) -> NoReturn:
        """Never: where no alert is known none is over."""
        raise NotFoundError(f"{alert.fingerprint}: no alert was open: {reason}")


def noted_alerts(notes: Notes) -> AlertNotifier:
    """Alerts as the use cases open them, told to nobody."""
    return AlertNotifier(book=NoAlertsYet(), announcer=NotedAlerts(notes), publisher=_Silent())


@dataclass(frozen=True, slots=True)
class _Silent:
    def publish(self, fact: Fact) -> None:
        """Say nothing: the alert is noted."""
