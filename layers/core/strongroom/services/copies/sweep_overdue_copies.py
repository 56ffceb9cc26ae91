"""Look at all that is overdue: copies promised, backups to be made, forwarders to be heard, and groups to be told."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.copies.deadlines import OverdueState
from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup
from strongroom.domain.copies.groups.standing import Group
from strongroom.domain.copies.obstacles import GroupKey
from strongroom.domain.copies.promises import measures_of
from strongroom.domain.copies.turns import in_turn
from strongroom.domain.copies.verification import CopyVerdict
from strongroom.domain.errors import (
    CallRefusedError,
    ItemUnreadableError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
from strongroom.domain.health.metrics import Metric
from strongroom.services.copies.look_at_backup import BackupLook, Whereabouts, leave_backup, look_at_backup
from strongroom.services.copies.look_at_promise import PromiseLookNeeds, leave_promise, look_at_promise
from strongroom.services.copies.tell_groups import postpone_group, tell_group
from strongroom.services.health.look_at_heartbeat import leave_heartbeat, look_at_heartbeat

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.deadlines import OverdueVerdict
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.copies.turns import DueKey
    from strongroom.domain.identifiers import AccountId
    from strongroom.ports.copies import DueList
    from strongroom.services.copies.tell_groups import GroupLook
    from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
    from strongroom.services.health.look_at_heartbeat import BeatLook

type Look = CopyVerdict | OverdueVerdict | BackupLook | BeatLook | GroupLook | Unread
type Overdue = Promise | ExpectedBackup | Heartbeat | Group

LIMIT = 200
# So many accounts with more of what is due than their share fill a sweep.
_SHARES = 4
# So often an account is too busy to answer before a sweep asks it no more.
_PATIENCE = 3
# So many of its items that cannot be read take nothing of an account's share: reading each takes time of all others.
_READ_IN_VAIN = 1_000


class Unread(Struct, frozen=True, kw_only=True):
    """Something that is due, and stays so, as its item cannot be read; `reason` names it."""

    account: AccountId
    reason: str
    state: OverdueState = OverdueState.UNREACHABLE


class SweepVerdict(Struct, frozen=True, kw_only=True):
    """What one sweep found: how much in which state, the verdict on each, and how long the oldest had been due.

    `outside` says whether the address outside was called; nothing where there is none.
    """

    counts: dict[str, int]
    verdicts: tuple[Look, ...]
    oldest: timedelta = timedelta()
    outside: str = ""

    @property
    def measures(self) -> dict[Metric, float]:
        """What no event had told, and how far behind the looks are."""
        learnt = (verdict.learnt for verdict in self.verdicts if isinstance(verdict, CopyVerdict | BackupLook))
        return measures_of(learnt) | {Metric.OLDEST_DUE: self.oldest.total_seconds()}


class OverdueSweepNeeds(PromiseLookNeeds, frozen=True, kw_only=True):
    """What a sweep needs of the world: all that its looks take, and what is due."""

    due: DueList
    whereabouts: Whereabouts
    heartbeats: HeartbeatNeeds


def sweep_overdue_copies(*, needs: OverdueSweepNeeds, now: datetime, limit: int = LIMIT) -> SweepVerdict:
    """Look at up to `limit` overdue promises, backups and heartbeats; what is left over is still due at the next sweep.

    No account takes more than its share while others wait, and one that is too busy to answer is left in peace. What
    cannot be read is passed over, takes nothing of the share of what can, and is the oldest until somebody sees to it;
    `limit` of it is told.
    """
    needs.alerts.finish(now=now)
    verdicts: list[Look] = []
    unread: list[Look] = []
    oldest = timedelta()
    silent: Counter[AccountId] = Counter()
    taken: Counter[AccountId] = Counter()
    in_vain: Counter[AccountId] = Counter()
    for listed in in_turn(needs.due.due(now), share=max(1, limit // _SHARES), most=limit, taken=taken):
        if len(verdicts) == limit:
            break
        if silent[listed.account] >= _PATIENCE:
            continue
        try:
            subject = _read(listed, needs=needs)
        except ItemUnreadableError as error:
            oldest = max(oldest, now - (error.due_at or now))
            unread.append(Unread(account=listed.account, reason=str(error)))
            in_vain[listed.account] += 1
            taken[listed.account] += in_vain[listed.account] > _READ_IN_VAIN
            continue
        taken[listed.account] += 1
        if subject is not None and subject.is_due(now):
            oldest = max(oldest, now - (subject.due_at or now))
            verdicts.append(_look_or_leave(subject, silent=silent, needs=needs, now=now))
    counts = dict(Counter(str(verdict.state) for verdict in (*verdicts, *unread)))
    return SweepVerdict(counts=counts, verdicts=(*verdicts, *unread[:limit]), oldest=oldest)


def _read(listed: DueKey, *, needs: OverdueSweepNeeds) -> Overdue | None:
    match listed:
        case BackupKey():
            return needs.expected.find(listed)
        case BeatKey():
            return needs.heartbeats.beats.find(listed)
        case GroupKey():
            return needs.groups.find(listed)
        case _:
            return needs.promises.current(listed)


def _look_or_leave(subject: Overdue, *, silent: Counter[AccountId], needs: OverdueSweepNeeds, now: datetime) -> Look:
    try:
        return _look(subject, needs=needs, now=now)
    except TemporarilyUnavailableError as error:
        silent[_account_of(subject)] += 1
        return _leave(subject, cause=str(error), needs=needs, now=now)
    except (MalformedError, RefusedError, NotFoundError, CallRefusedError, ItemUnreadableError) as error:
        return _leave(subject, cause=str(error), needs=needs, now=now)


def _account_of(subject: Overdue) -> AccountId:
    return subject.key.account if isinstance(subject, Group) else subject.account


def _look(subject: Overdue, *, needs: OverdueSweepNeeds, now: datetime) -> Look:
    match subject:
        case ExpectedBackup():
            return look_at_backup(subject, needs=needs, whereabouts=needs.whereabouts, now=now)
        case Heartbeat():
            return look_at_heartbeat(subject, needs=needs.heartbeats, now=now)
        case Group():
            return tell_group(subject, needs=needs, now=now)
        case _:
            return look_at_promise(subject, needs=needs, now=now)


def _leave(subject: Overdue, *, cause: str, needs: OverdueSweepNeeds, now: datetime) -> Look:
    match subject:
        case ExpectedBackup():
            return leave_backup(subject, cause=cause, needs=needs, now=now)
        case Heartbeat():
            return leave_heartbeat(subject, cause=cause, needs=needs.heartbeats, now=now)
        case Group():
            return postpone_group(subject, cause=cause, needs=needs, now=now)
        case _:
            return leave_promise(subject, cause=cause, needs=needs, now=now)
