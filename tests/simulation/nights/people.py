"""What people see: the topic's mails, the facts on the bus, and Slack."""

from collections.abc import Callable
from dataclasses import dataclass, field

from strongroom.domain.alerts.complaints import Alert
from strongroom.domain.alerts.facts import AlertOpened, AlertResolved
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from tests.simulation.nights.clock import DAY, HOUR
from tests.simulation.nights.functions import Functions


@dataclass(frozen=True, slots=True)
class Mail:
    """What the topic sent, when, and from which run of a function."""

    status: str
    alert: Alert
    ms: int
    sender: str


@dataclass(slots=True)
class People:
    """The topic and the bus; `ring` is told of each alert event on the bus."""

    functions: Functions
    mails: list[Mail] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    ring: Callable[[str], None] = lambda _fingerprint: None

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
        self._mail("opened", alert)

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        self._mail("resolved", alert)

    def publish(self, fact: Fact) -> None:
        fingerprint = fact.fingerprint if isinstance(fact, AlertOpened | AlertResolved) else ""

        def put() -> None:
            self.facts.append(fact)
            if fingerprint:
                self.ring(fingerprint)

        self.functions.effect("PutEvents", fingerprint or type(fact).__name__, put)

    def _mail(self, status: str, alert: Alert) -> None:
        def sent() -> None:
            self._check()
            sender = self.functions.current
            if sender is not None:
                sender.told.add(alert.fingerprint)
            name = "" if sender is None else sender.name
            self.mails.append(Mail(status, alert, self.functions.clock.ms, name))

        self.functions.effect("Publish", alert.fingerprint, sent)

    def _check(self) -> None:
        """The topic is down for hours now and then."""
        chance, ms = self.functions.chance, self.functions.clock.ms
        day = ms // DAY
        if chance.has("topic-down") and chance.happens("topic-down", str(day)):
            begins = day * DAY + chance.between(f"topic down from {day}", 0, 18 * HOUR)
            if begins <= ms < begins + chance.between(f"topic down for {day}", HOUR, 6 * HOUR):
                raise TemporarilyUnavailableError("the topic does not answer")


@dataclass(slots=True)
class Slack:
    """The alerts channel: each message, which alert it is about, and what it shows now."""

    functions: Functions
    shown: dict[str, tuple[str, AlertStatus]] = field(default_factory=dict)

    def show(self, state: AlertState) -> PostedMessage:
        def posted() -> PostedMessage:
            ts, poster = f"{len(self.shown) + 1}.0", self.functions.current
            if poster is not None:
                poster.posted.add(state.alert.fingerprint)
            self.shown[ts] = (state.alert.fingerprint, AlertStatus.OPEN)
            return PostedMessage(channel="C0ALERTS", ts=ts)

        return self.functions.effect("chat.postMessage", state.alert.fingerprint, posted)

    def replace(self, message: PostedMessage, state: AlertState) -> None:
        self._set(message, AlertStatus.OPEN)

    def mark_resolved(self, message: PostedMessage, text: str) -> None:
        self._set(message, AlertStatus.RESOLVED)

    def answer(self, message: PostedMessage, state: AlertState) -> None:
        self.functions.effect("chat.postMessage (thread)", message.ts, lambda: None)

    def last(self, fingerprint: str) -> AlertStatus | None:
        """What the last message about the alert shows; None where there is none."""
        return next((status for each, status in reversed(self.shown.values()) if each == fingerprint), None)

    def _set(self, message: PostedMessage, status: AlertStatus) -> None:
        def set_() -> None:
            self.shown[message.ts] = (self.shown[message.ts][0], status)

        self.functions.effect("chat.update", message.ts, set_)
