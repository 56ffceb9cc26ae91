"""An open end: what a restore leaves behind for a while, with its owner, until a look has found it gone.

It is a copy that was taken back, or the access to an air-gapped vault.
"""

from copy import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Organization
from strongroom.domain.restores.drafts import OpenRequest
from strongroom.domain.restores.requests import RestoreRequest

# AWS Backup Developer Guide, "Deleting backups": a moment in the hours after a recovery point expired.
DELETED_WITHIN: Final = timedelta(hours=8)
OVERDUE_AFTER: Final = timedelta(minutes=10)
# Longer than an idempotent call is repeated, and than a list is behind: what began nothing by then has begun nothing.
SETTLED_AFTER: Final = timedelta(minutes=10)
# Longer than a copy that was taken back lives, from when its restore was asked for.
_LONGEST_LEFT: Final = timedelta(days=16)
_WHILE_UNSURE: Final = timedelta(minutes=5)
_WHILE_KEPT: Final = timedelta(days=1)
_WHILE_EXPIRING: Final = timedelta(hours=1)


class EndState(StrEnum):
    """What became of it: nobody can read whether there is one, on its way, there, found gone, or never there."""

    UNREAD = "unread"
    ARRIVING = "arriving"
    OPEN = "open"
    GONE = "gone"
    NOTHING = "nothing"


# A request has the copy in the account's own vault first, the one in the vault between second, and an access third.
BETWEEN: Final = 2
ACCESS: Final = 3
# A day to ask for the end of an access once the restore had to be begun, and one in which its team may approve that.
_ENDED_WITHIN: Final = timedelta(days=2)


class OpenEnd(Struct, frozen=True, kw_only=True):
    """A copy out of a central vault, as it was found last; `owner` is the subject of whoever asked for the restore.

    `source` is the recovery point that was copied into `vault`, `job` the copy job, empty where nobody lived to write
    it down, and `recovery_point` the copy, empty before it is known. It expires by itself, and is gone `gone_by` then
    at the latest. `reason` is what the last look came to; where it `is_missing` that look did not find it, and one
    more is to agree, because one answer may be a slow one. `revision` counts the writes.

    An access has no copy: `vault` is the one through which the air-gapped vault of `source` is seen, and it is gone
    once the team of that has let it be revoked.
    """

    request_id: str
    account: AccountId
    region: Region
    owner: str
    resource: str
    source: str
    vault: str
    state: EndState
    since: datetime
    expires_at: datetime
    gone_by: datetime
    number: int = 1
    job: str = ""
    recovery_point: str = ""
    reason: str = ""
    is_missing: bool = False
    due_at: datetime | None = None
    revision: int = 1

    @property
    def source_region(self) -> Region:
        """The Region out of which it was copied, in which its job is."""
        return Arn.parse(self.source).region

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to look."""
        return self.state in {EndState.UNREAD, EndState.ARRIVING, EndState.OPEN}

    def is_looked_at_soon(self, now: datetime) -> bool:
        """Whether somebody looks within the longest time that lies between two looks."""
        return self.is_open and self.due_at is not None and self.due_at <= now + _WHILE_KEPT

    def is_told(self, now: datetime) -> bool:
        """Whether people have to hear of it: it is overdue, or nobody can read whether there is anything."""
        return self.state is EndState.UNREAD or self.is_overdue(now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been found gone by now, and was not."""
        return self.is_open and not self.is_missing and now >= self.gone_by + OVERDUE_AFTER

    @property
    def is_access(self) -> bool:
        """Whether it is the access to an air-gapped vault."""
        return self.number == ACCESS

    @property
    def alert(self) -> Alert:
        """The alert about it: one, whatever becomes of it."""
        return Alert(
            kind=AlertKind.VAULT_ACCESS_OVERDUE if self.is_access else AlertKind.TEMPORARY_COPY_OVERDUE,
            subject=f"{self.request_id:.40}/{self.number}",
            account=self.account,
            region=self.region,
            reason=self._complaint,
        )

    @property
    def _complaint(self) -> str:
        if self.state is EndState.UNREAD and self.is_access:
            return (
                f"a row of the ledger tells of an access to an air-gapped vault for {self.request_id!r:.40}, and "
                f"{self.reason}: nothing is revoked, and there is no command to type. Find out who wrote the row, and "
                "list who has access to the vault"
            )
        if self.state is EndState.UNREAD:
            return f"whether {self.request_id} of {self.resource} left a copy behind is not known: {self.reason}"
        if self.is_access:
            return (
                f"{self.vault}, opened for {self.request_id} of {self.resource}, was to be revoked by "
                f"{self.gone_by:%Y-%m-%d %H:%M} UTC: {self.reason}"
            )
        what = self.recovery_point or f"the copy of {self.source}"
        return (
            f"{what} in {Arn.parse(self.vault).name}, taken back for {self.request_id} of {self.resource}, was to "
            f"be gone by {self.gone_by:%Y-%m-%d %H:%M} UTC: {self.reason}"
        )


def begun_between(request: RestoreRequest, *, job: str, since: datetime, now: datetime) -> OpenEnd:
    """The end of the first of two copies, in the vault between: where that is, and not where it is restored."""
    place, expires_at = Arn.parse(request.through_vault), request.recovery_point_created_at + request.through_kept_for
    return replace(
        begun(request, vault=request.through_vault, job=job, since=since, now=now),
        number=BETWEEN,
        account=place.account,
        region=place.region,
        expires_at=expires_at,
        gone_by=expires_at + DELETED_WITHIN,
    )


def begun_access(request: RestoreRequest, *, since: datetime, now: datetime) -> OpenEnd:
    """The end of an access that a team was asked for, or may have been."""
    return replace(
        begun(request, vault=request.access_vault, job="", since=since, now=now),
        number=ACCESS,
        expires_at=request.act_before,
        gone_by=request.act_before + _ENDED_WITHIN,
    )


def begun(
    request: RestoreRequest, *, vault: str, job: str, since: datetime, now: datetime, source: str = ""
) -> OpenEnd:
    """The end of a copy that was started, or may have been, into `vault`; it is looked at at once.

    It is one of the approved recovery point, or of `source`, a copy of that.
    """
    expires_at = request.recovery_point_created_at + request.copy_kept_for
    return OpenEnd(
        request_id=request.id,
        account=request.account,
        region=request.region,
        owner=request.requester,
        resource=request.resource,
        source=source or request.recovery_point,
        vault=vault,
        state=EndState.ARRIVING,
        since=since,
        expires_at=expires_at,
        gone_by=expires_at + DELETED_WITHIN,
        job=job,
        due_at=now,
    )


def unread(line: OpenRequest, *, home: Region, now: datetime) -> OpenEnd:
    """The end of a request whose evidence nobody can read: it stays one until somebody can."""
    gone_by = line.requested_at + _LONGEST_LEFT
    return OpenEnd(
        request_id=line.id,
        account=AccountId(line.account),
        region=Arn.parse(line.resource).region or home,
        owner=line.requester,
        resource=line.resource,
        source="",
        vault="",
        state=EndState.UNREAD,
        since=line.requested_at,
        expires_at=gone_by,
        gone_by=gone_by,
        reason="its evidence cannot be read",
        due_at=now,
    )


def evidenced(end: OpenEnd, request: RestoreRequest, *, since: datetime) -> OpenEnd:
    """The same access as the evidence has it: whose it is, which vault, and when it is over.

    What the last look found is the row's, which nobody can know better; `since` is when its team was to be asked.
    """
    return replace(
        begun_access(request, since=since, now=since),
        state=EndState.OPEN if end.state is EndState.OPEN else EndState.ARRIVING,
        reason=end.reason,
        is_missing=end.is_missing,
        due_at=end.due_at,
        revision=end.revision,
    )


def unproven(end: OpenEnd, *, home: Organization, reason: str, now: datetime) -> OpenEnd:
    """An access that is in the ledger alone: it is told, by what nobody can write into a row, and looked at hourly."""
    bare = replace(
        end,
        state=EndState.UNREAD,
        account=home.backup_account,
        region=home.home_region,
        owner="",
        resource="",
        source="",
        vault="",
    )
    return _looked(bare, reason=reason, due_at=now + _WHILE_EXPIRING)


def still_unread(end: OpenEnd, *, now: datetime) -> OpenEnd:
    """The same, where its evidence still cannot be read: somebody tries again in an hour."""
    return _looked(end, reason=end.reason, due_at=now + _WHILE_EXPIRING)


def left_nothing(request: RestoreRequest, *, now: datetime) -> OpenEnd:
    """What a request leaves that took no copy back: nothing, which is remembered, so that it is read once."""
    end = begun(request, vault="", job="", since=now, now=now)
    return replace(end, state=EndState.NOTHING, reason="no copy was taken back", due_at=None)


def on_its_way(end: OpenEnd, *, reason: str, now: datetime) -> OpenEnd:
    """The same, while its job runs: each sweep looks at it, so that people see the copy as soon as it is there."""
    return _looked(end, reason=reason, due_at=now)


def arrived(end: OpenEnd, *, recovery_point: str, vault: str, reason: str, now: datetime) -> OpenEnd:
    """The same, where the job names the copy and its vault; whether it is there is looked at next."""
    there_now = replace(end, state=EndState.OPEN, recovery_point=recovery_point, vault=vault)
    return _looked(there_now, reason=reason, due_at=now)


def closed(end: OpenEnd, state: EndState, *, reason: str) -> OpenEnd:
    """The same, where it was looked for: it is GONE, or NOTHING ever came of it."""
    return _looked(replace(end, state=state), reason=reason, due_at=None)


def opened(end: OpenEnd, *, reason: str, now: datetime) -> OpenEnd:
    """The same access, where its team has opened it."""
    return there(replace(end, state=EndState.OPEN), reason=reason, now=now)


def there(end: OpenEnd, *, reason: str, now: datetime) -> OpenEnd:
    """The same, where it was found: it is looked at each day, each hour once it expires, and when it is overdue."""
    return _looked(end, reason=reason, due_at=_next_look(end, now=now))


def unsure(end: OpenEnd, *, reason: str, now: datetime, is_missing: bool = False) -> OpenEnd:
    """The same, where the look told too little: another one follows soon."""
    return _looked(end, reason=reason, due_at=now + _WHILE_UNSURE, is_missing=is_missing)


def _looked(end: OpenEnd, *, reason: str, due_at: datetime | None, is_missing: bool = False) -> OpenEnd:
    return replace(end, reason=reason, due_at=due_at, is_missing=is_missing, revision=end.revision + 1)


def _next_look(end: OpenEnd, *, now: datetime) -> datetime:
    if now < end.expires_at:
        return min(now + _WHILE_KEPT, end.expires_at)
    overdue_at = end.gone_by + OVERDUE_AFTER
    return min(now + _WHILE_EXPIRING, overdue_at) if now < overdue_at else now + _WHILE_EXPIRING
