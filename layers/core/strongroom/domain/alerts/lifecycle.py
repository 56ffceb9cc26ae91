"""An alert's life: opened and resolved in the ledger first, then told, by one teller at a time.

What an alert is about (a promise, say) counts its own changes, and gives the alert its number: a teller who comes with
an older one stops. Whoever has no such count leaves the number to the alert.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.complaints import Alert, is_news_beside, is_worse

# Longer than telling takes and than the clocks of two functions differ, shorter than any queue keeps trying.
CLAIM_LASTS: Final = timedelta(minutes=5)


class AlertStatus(StrEnum):
    """Whether what is complained about stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class AlertState(Struct, frozen=True, kw_only=True):
    """An alert as the ledger has it: what it says, its number, and which number in which status people were told.

    While somebody tells it, or died over that, it is `claimed_until` some moment. What can wait is `held_until` the
    quiet hours end. That somebody looks after it is a mark of one version: a later one is another's to look after.
    `ticket` is the key of the one that tells it since it opened, `ticket_asked_at` when one was last asked for.
    """

    alert: Alert
    status: AlertStatus
    version: int
    opened_at: datetime
    last_seen_at: datetime
    count: int = 1
    resolution: str = ""
    told_version: int = 0
    told_status: AlertStatus | None = None
    claimed_until: datetime | None = None
    held_until: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    ticket: str = ""
    ticket_asked_at: datetime | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Whether somebody has said of the alert, as it stands, that they look after it."""
        return self.acknowledged_at is not None

    @property
    def is_told(self) -> bool:
        """Whether people know it as it stands."""
        return (self.told_version, self.told_status) == (self.version, self.status)

    @property
    def is_open_for_people(self) -> bool:
        """Whether the last thing that people were told, for all that is known, is that it opened."""
        return self.told_status is AlertStatus.OPEN

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody is telling it, as far as can be known."""
        return self.claimed_until is not None and self.claimed_until > now

    def is_held(self, now: datetime) -> bool:
        """Whether it waits for the end of the quiet hours."""
        return self.held_until is not None and self.held_until > now


class Step(StrEnum):
    """What a complaint, or its end, leads to."""

    TELL = "TELL"
    KNOWN = "KNOWN"
    SUPERSEDED = "SUPERSEDED"
    BUSY = "BUSY"
    SILENT = "SILENT"


class NextStep(Struct, frozen=True, kw_only=True):
    """What to do, and what to write before that; nothing is written where `state` is None.

    `is_opening_owed`: the alert is over, and whether its opening was told nobody knows, so that both are to be told.
    """

    step: Step
    state: AlertState | None = None
    is_opening_owed: bool = False


def judge_complaint(
    kept: AlertState | None, alert: Alert, *, version: int | None, now: datetime, is_same: bool = False
) -> NextStep:
    """Somebody complains, with the number of the subject's change, or with None where it has no count.

    What `is_same` whatever its number, and no other news, is not told again to those who know that it is open; an end
    with an older number comes too late from then on. The reason of another kind is not taken for that of what stands.
    """
    if kept is None:
        first = AlertState(alert=alert, status=AlertStatus.OPEN, version=version or 1, opened_at=now, last_seen_at=now)
        return _claim(first, now=now)
    if version is not None and version < kept.version:
        return NextStep(step=Step.SUPERSEDED)
    is_louder = is_worse(alert.kind, kept.alert.kind)
    # One that has no count and is worse is news beside what stands; one that has is told with its own number.
    is_same_number = not is_louder if version is None else version == kept.version
    is_standing = kept.status is AlertStatus.OPEN and is_same_number
    if is_standing and kept.is_told:
        return NextStep(step=Step.KNOWN, state=replace(kept, last_seen_at=now, count=kept.count + 1))
    is_known = is_same and not is_news_beside(alert.kind, kept.alert.kind)
    if is_known and kept.status is AlertStatus.OPEN and kept.is_told and version is not None:
        is_alike = alert.kind is kept.alert.kind
        said = replace(kept.alert, reason=alert.reason) if is_alike else kept.alert
        later = replace(kept, alert=said, version=version, last_seen_at=now, count=kept.count + 1)
        return NextStep(step=Step.KNOWN, state=told(later))
    if kept.is_claimed(now):
        return _being_told(is_same=is_standing, version=version)
    if is_standing:
        return _claim(replace(kept, last_seen_at=now, count=kept.count + 1), now=now)
    is_new = kept.status is AlertStatus.RESOLVED
    opened = replace(
        kept,
        alert=alert,
        status=AlertStatus.OPEN,
        version=version if version is not None else kept.version + 1,
        opened_at=now if is_new else kept.opened_at,
        last_seen_at=now,
        count=1 if is_new else kept.count + 1,
        resolution="",
        acknowledged_by="",
        acknowledged_at=None,
        ticket="" if is_new else kept.ticket,
        ticket_asked_at=None if is_new else kept.ticket_asked_at,
    )
    return _claim(opened, now=now)


def judge_mending(kept: AlertState | None, mended: Collection[str], *, reason: str, now: datetime) -> NextStep:
    """Some of what was complained about is mended; the alert goes on with what is left, and ends with the last."""
    left = () if kept is None else tuple(each for each in kept.alert.resources if each not in mended)
    if kept is None or not left:
        return judge_end(kept, reason=reason, now=now, version=None)
    if kept.status is AlertStatus.RESOLVED or left == kept.alert.resources:
        return NextStep(step=Step.KNOWN)
    if kept.is_claimed(now):
        return NextStep(step=Step.BUSY)
    narrowed = replace(kept, alert=replace(kept.alert, resources=left), last_seen_at=now, count=kept.count + 1)
    return NextStep(step=Step.KNOWN, state=narrowed)


def judge_end(kept: AlertState | None, *, reason: str, now: datetime, version: int | None) -> NextStep:
    """What was complained about is mended, with the number of that change, or with None where there is no count."""
    if kept is None:
        return NextStep(step=Step.SILENT)
    if version is not None and version < kept.version:
        return NextStep(step=Step.SUPERSEDED)
    is_over = kept.status is AlertStatus.RESOLVED and version in {None, kept.version}
    if is_over and kept.is_told:
        return NextStep(step=Step.KNOWN)
    if kept.is_claimed(now):
        return _being_told(is_same=is_over, version=version)
    over = replace(
        kept,
        status=AlertStatus.RESOLVED,
        version=kept.version if is_over else version if version is not None else kept.version + 1,
        resolution=kept.resolution if is_over else reason,
    )
    is_known_over = kept.status is AlertStatus.RESOLVED and kept.is_told
    if is_known_over or (kept.held_until is not None and not kept.is_open_for_people):
        # A later number of what people know to be over, or over before the quiet hours were, so that nobody was told.
        return NextStep(step=Step.SILENT, state=told(over))
    return replace(_claim(over, now=now), is_opening_owed=not kept.is_open_for_people)


def never_told(alert: Alert, *, reason: str, version: int, now: datetime) -> AlertState:
    """An alert that was over before anybody was told: written all the same, so that a late complaint finds its end."""
    state = AlertState(
        alert=alert,
        status=AlertStatus.RESOLVED,
        version=version,
        opened_at=now,
        last_seen_at=now,
        resolution=reason,
    )
    return told(state)


def told(state: AlertState) -> AlertState:
    """The same, once people were told of it."""
    return replace(state, told_version=state.version, told_status=state.status, claimed_until=None, held_until=None)


def held(state: AlertState, *, until: datetime) -> AlertState:
    """The same, to be told once the quiet hours end."""
    return replace(state, claimed_until=None, held_until=until)


def left(state: AlertState) -> AlertState:
    """The same, where telling it failed: whoever comes next may tell it."""
    return replace(state, claimed_until=None)


def _being_told(*, is_same: bool, version: int | None) -> NextStep:
    """Somebody is telling it. Who says the same without a count need not wait: if the teller dies, the sweep tells."""
    return NextStep(step=Step.KNOWN if is_same and version is None else Step.BUSY)


def _claim(state: AlertState, *, now: datetime) -> NextStep:
    return NextStep(step=Step.TELL, state=replace(state, claimed_until=now + CLAIM_LASTS, held_until=None))
