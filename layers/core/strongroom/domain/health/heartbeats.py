"""Whether each forwarder is still heard: an event of its own clock, each quarter of an hour, by the way of all others.

A rule may have a pattern and a schedule (EventBridge API reference, PutRule). What AWS Backup does in an account sends
no event when the way is cut; the heartbeat that does not come is what tells it.
"""

from collections.abc import Iterable
from copy import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import vault_forwarders
from strongroom.domain.intent.model import Intent
from strongroom.domain.written import moment_text

# When to come back for what was written and not told.
RETELL_AFTER: Final = timedelta(minutes=5)


class BeatState(StrEnum):
    """Whether a forwarder is heard; of one that is ENDED nothing is expected."""

    BEATING = "BEATING"
    SILENT = "SILENT"
    ENDED = "ENDED"


class BeatKey(Struct, frozen=True):
    """Which forwarder: that of an account in a Region."""

    account: AccountId
    region: Region


class BeatHeard(Struct, frozen=True, kw_only=True):
    """A forwarder's heartbeat, and when it was sent."""

    account: AccountId
    region: Region
    sent_at: datetime


class Heartbeat(Struct, frozen=True, kw_only=True):
    """The next beat of a forwarder that must be heard, by `due_at`; `heard_at` is when the last one was sent.

    One that `is_doubted` was due, and has been given time for what may still be on its way. `version` counts the
    states, and `revision` every write. While it is `untold` people have yet to be told: that the forwarder is silent,
    or that this is over.
    """

    account: AccountId
    region: Region
    expected_since: datetime
    state: BeatState = BeatState.BEATING
    reason: str = ""
    heard_at: datetime | None = None
    due_at: datetime | None = None
    is_doubted: bool = False
    untold: bool = False
    version: int = 1
    revision: int = 1

    @property
    def key(self) -> BeatKey:
        """Which forwarder it is about."""
        return BeatKey(self.account, self.region)

    @property
    def alert(self) -> Alert:
        """The alert about it: one, whatever becomes of it."""
        return Alert(
            kind=AlertKind.FORWARDER_SILENT,
            subject=f"forwarder of {self.account} in {self.region}",
            account=self.account,
            region=self.region,
            reason=self.reason,
        )

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look at it."""
        return self.due_at is not None and self.due_at <= now


def own_forwarder(intent: Intent) -> BeatKey:
    """The control plane's own: as long as that is not heard, the silence of others says nothing about them."""
    return BeatKey(intent.organization.backup_account, intent.organization.home_region)


def forwarders_at_home(intent: Intent) -> tuple[BeatKey, ...]:
    """Those of the accounts that are no target: the backup and the management account's, and those of vaults."""
    place, far = intent.organization, intent.global_region
    ours = (own_forwarder(intent), BeatKey(place.backup_account, far), BeatKey(place.management_account, far))
    return tuple(dict.fromkeys((*ours, *(BeatKey(*each) for each in vault_forwarders(intent)))))


def forwarders_of(account: AccountId, intent: Intent) -> tuple[BeatKey, ...]:
    """Those of a governed account: where plans run, and where global services tell what is called anywhere."""
    regions = (*intent.organization.regions, intent.global_region)
    return tuple(BeatKey(account, region) for region in dict.fromkeys(regions))


def unheard(keys: Iterable[BeatKey], beats: Iterable[Heartbeat], *, since: datetime) -> tuple[str, ...]:
    """The forwarders of which no beat was sent since then, by name."""
    heard_of = {beat.key for beat in beats if beat.heard_at is not None and beat.heard_at >= since}
    return tuple(f"heartbeat of the forwarder in {key.region}" for key in keys if key not in heard_of)


def begun(known: Heartbeat | None, key: BeatKey, *, within: timedelta, now: datetime) -> Heartbeat | None:
    """A beat that is expected from now on; None where it is already."""
    if known is None:
        return Heartbeat(account=key.account, region=key.region, expected_since=now, due_at=now + within)
    if known.state is not BeatState.ENDED:
        return None
    return _moved(
        known, BeatState.BEATING, expected_since=now, heard_at=None, due_at=now + within, untold=known.untold, reason=""
    )


def heard(known: Heartbeat, *, sent_at: datetime, within: timedelta, now: datetime) -> Heartbeat | None:
    """The same once a beat was heard; None where that says nothing new.

    One that was long on its way says that the forwarder was well then, and not that it is.
    """
    if known.state is BeatState.ENDED or (known.heard_at is not None and sent_at <= known.heard_at):
        return None
    following = sent_at + within
    if following <= now:
        return _written(known, heard_at=sent_at)
    if known.state is BeatState.SILENT:
        reason = f"it was heard again at {moment_text(sent_at)}"
        return _moved(known, BeatState.BEATING, reason=reason, heard_at=sent_at, due_at=now + RETELL_AFTER, untold=True)
    due_at = known.due_at if known.untold else following
    return _written(known, heard_at=sent_at, due_at=due_at, is_doubted=False)


def doubted(known: Heartbeat, *, again: datetime) -> Heartbeat:
    """The same, given time until then: what was sent may still be on its way."""
    return _written(known, is_doubted=True, due_at=again)


def postponed(known: Heartbeat, *, again: datetime) -> Heartbeat:
    """The same, to be looked at then."""
    return _written(known, due_at=again)


def silent(known: Heartbeat, *, now: datetime) -> Heartbeat:
    """The same once nobody can say any more that the beat is on its way."""
    last = (
        f"no heartbeat has come since {moment_text(known.heard_at)}"
        if known.heard_at
        else f"no heartbeat has ever come, and one was expected since {moment_text(known.expected_since)}"
    )
    reason = (
        f"nothing that happens in account {known.account}, {known.region} is heard: {last}. Backups and copies are "
        "found within the hour by AWS's own lists; new resources and attacks are not"
    )
    return _moved(known, BeatState.SILENT, reason=reason, due_at=now + RETELL_AFTER, untold=True)


def ended(known: Heartbeat, *, reason: str, now: datetime) -> Heartbeat | None:
    """The same once nothing is expected of it any more; None where that is so already."""
    if known.state is BeatState.ENDED:
        return None
    is_told = known.state is BeatState.SILENT or known.untold
    due_at = now + RETELL_AFTER if is_told else None
    return _moved(known, BeatState.ENDED, reason=reason, due_at=due_at, untold=is_told)


def told(known: Heartbeat, *, within: timedelta) -> Heartbeat:
    """The same, once people were told of it as it stands."""
    following = (known.heard_at or known.expected_since) + within if known.state is BeatState.BEATING else None
    return _written(known, untold=False, due_at=following)


def _moved(known: Heartbeat, state: BeatState, *, reason: str, untold: bool, **more: datetime | None) -> Heartbeat:
    return replace(
        _written(known, **more), state=state, reason=reason, untold=untold, is_doubted=False, version=known.version + 1
    )


def _written(known: Heartbeat, **changes: datetime | bool | None) -> Heartbeat:
    return replace(known, revision=known.revision + 1, **changes)  # type: ignore[arg-type]
