"""Open and resolve alerts: written first, then told, and what broke off is told by whoever comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.complaints import Severity
from strongroom.domain.alerts.facts import AlertOpened, AlertResolved
from strongroom.domain.alerts.lifecycle import (
    AlertStatus,
    NextStep,
    Step,
    held,
    judge_complaint,
    judge_end,
    judge_mending,
    left,
    never_told,
    told,
)
from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.domain.alerts.quiet_hours import QuietHours
    from strongroom.ports.alerts import AlertBook, Announcer, Links, Owners
    from strongroom.ports.facts import Publisher

# So often another one may come between a look and the write that follows from it.
_TRIES: Final = 4


class AlertNotifier(Struct, frozen=True):
    """Opens and resolves alerts; services that may have to complain take one of these.

    Each returns True when people were told now, and raises TemporarilyUnavailableError while somebody else is telling,
    unless that is the same, and has no count.
    What is not critical waits for the end of the quiet hours, if there are any, and is told by `finish` then.
    """

    book: AlertBook
    announcer: Announcer
    publisher: Publisher
    owners: Owners | None = None
    quiet_hours: QuietHours | None = None
    links: Links | None = None

    def complain(self, alert: Alert, *, now: datetime, version: int | None = None, is_same: bool = False) -> bool:
        """Open the alert and tell it, once however often it is seen; `version` numbers the change of its subject.

        Where it `is_same` a later number is no news to those who know that it is open.
        """
        return self._proceed(
            alert.fingerprint,
            lambda kept: judge_complaint(kept, alert, version=version, now=now, is_same=is_same),
            now=now,
        )

    def settle(self, fingerprint: str, *, reason: str, now: datetime, version: int | None = None) -> bool:
        """Resolve the alert, and tell that if its opening was told, or may have been."""
        return self._proceed(
            fingerprint, lambda kept: judge_end(kept, reason=reason, version=version, now=now), now=now
        )

    def mend(self, fingerprint: str, resources: Collection[str], *, reason: str, now: datetime) -> bool:
        """Take the resources out of the alert; it is resolved where nothing that it is about is left."""
        return self._proceed(fingerprint, lambda kept: judge_mending(kept, resources, reason=reason, now=now), now=now)

    def resolve(self, alert: Alert, *, reason: str, version: int, now: datetime) -> bool:
        """The same for a subject that counts its changes: a complaint with an earlier number comes too late then."""

        def judge(kept: AlertState | None) -> NextStep:
            if kept is None:
                silent = never_told(alert, reason=reason, version=version, now=now)
                return NextStep(step=Step.SILENT, state=silent)
            return judge_end(kept, reason=reason, version=version, now=now)

        return self._proceed(alert.fingerprint, judge, now=now)

    def finish(self, *, now: datetime) -> int:
        """Tell what others began to tell and did not live to; how many there were."""
        return sum(self._finish(fingerprint, now=now) for fingerprint in [*self.book.untold(now)])

    def _finish(self, fingerprint: str, *, now: datetime) -> bool:
        kept = self.book.find(fingerprint)
        if kept is None or kept.is_told or kept.is_held(now):
            return False
        if kept.status is AlertStatus.OPEN:
            return self.complain(kept.alert, now=now, version=kept.version)
        return self.resolve(kept.alert, reason=kept.resolution, now=now, version=kept.version)

    def _proceed(self, fingerprint: str, judge: Callable[[AlertState | None], NextStep], *, now: datetime) -> bool:
        for _ in range(_TRIES):
            kept = self.book.find(fingerprint)
            following = judge(kept)
            if following.step is Step.BUSY:
                break
            if following.state is None:
                return False
            state = self._addressed(following.state)
            wait = self._wait(following, now=now)
            if self.book.keep(state if wait is None else held(state, until=wait), was=kept):
                is_to_tell = following.step is Step.TELL and wait is None
                return is_to_tell and self._tell(state, owed=following.is_opening_owed, now=now)
        raise TemporarilyUnavailableError(f"alert {fingerprint} is being told by somebody else")

    def _addressed(self, state: AlertState) -> AlertState:
        """The same with whom it concerns, as far as that is known and was not asked before."""
        if self.owners is None or state.alert.whose is not None:
            return state
        return replace(state, alert=replace(state.alert, whose=self.owners.of(state.alert.account)))

    def _wait(self, following: NextStep, *, now: datetime) -> datetime | None:
        """Until when what is to be told can wait; None where it cannot, or need not."""
        state = following.state
        if self.quiet_hours is None or state is None or following.step is not Step.TELL:
            return None
        return None if state.alert.severity is Severity.CRITICAL else self.quiet_hours.end_after(now)

    def _tell(self, claimed: AlertState, *, owed: bool, now: datetime) -> bool:
        is_told = False
        try:
            if claimed.status is AlertStatus.OPEN or owed:
                self._tell_opened(claimed.alert, link=self._link_to(claimed, now=now))
            if claimed.status is AlertStatus.RESOLVED:
                self._tell_resolved(claimed.alert, reason=claimed.resolution)
            is_told = True
        finally:
            # Where somebody else has written it meanwhile, it is theirs to tell.
            self.book.keep(told(claimed) if is_told else left(claimed), was=claimed)
        return True

    def _link_to(self, state: AlertState, *, now: datetime) -> str:
        """The link by which somebody can look after it; none to what is over."""
        if self.links is None or state.status is not AlertStatus.OPEN:
            return ""
        return self.links.to(state.alert.fingerprint, version=state.version, now=now)

    def _tell_opened(self, alert: Alert, *, link: str) -> None:
        self.announcer.announce_opened(alert, link=link)
        self.publisher.publish(
            AlertOpened(
                account=alert.account,
                region=alert.region,
                resource=alert.subject,
                reason=alert.reason,
                fingerprint=alert.fingerprint,
                kind=alert.kind,
                severity=alert.severity,
            )
        )

    def _tell_resolved(self, alert: Alert, *, reason: str) -> None:
        self.announcer.announce_resolved(alert, reason=reason)
        self.publisher.publish(
            AlertResolved(
                account=alert.account,
                region=alert.region,
                resource=alert.subject,
                reason=reason,
                fingerprint=alert.fingerprint,
                kind=alert.kind,
            )
        )
