"""A backup that must be made: the next run of one rule for one resource, and how the last one ended."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.rules import ONLY_RULE


class ExpectedState(StrEnum):
    """How the last run ended; MISSING is one that never began, and of what is ENDED no other is expected."""

    OK = "OK"
    FAILED = "FAILED"
    MISSING = "MISSING"
    ENDED = "ENDED"


class BackupKey(Struct, frozen=True):
    """Which resource is to be backed up by which rule, and whose it is."""

    resource: str
    tier: str
    rule: str
    account: AccountId


class ExpectedBackup(Struct, frozen=True, kw_only=True):
    """The run that must be answered: `firing`, None where the rule has none left, and when to look at it (`due_at`).

    A job that was created at a firing or later answers it. `last_created` is when the newest job that counted was, and
    `missed` the last firing that none answered; `last_point` is the backup that was there last, since `last_completed`.
    `unseen` counts how often in a row it could not be looked at.

    `version` counts the states, and `revision` every write; 0 was never written. Where `alert` names a kind an alert
    stands, and while it is `untold` people have yet to be told: that it opened, or that it is over.
    """

    resource: str
    account: AccountId
    region: Region
    tier: str
    rule: str
    firing: datetime | None = None
    due_at: datetime | None = None
    state: ExpectedState = ExpectedState.OK
    reason: str = ""
    last_created: datetime | None = None
    last_job: str | None = None
    last_point: str | None = None
    last_completed: datetime | None = None
    missed: datetime | None = None
    unseen: int = 0
    version: int = 0
    revision: int = 0
    alert: AlertKind | None = None
    untold: bool = False
    ended_at: datetime | None = None

    @property
    def key(self) -> BackupKey:
        """Which resource and rule it is about."""
        return BackupKey(self.resource, self.tier, self.rule, self.account)

    @property
    def subject(self) -> str:
        """What an alert about it is about: each rule of a resource has one of its own."""
        return f"{self.resource} ({self.tier if self.rule == ONLY_RULE else f'rule {self.rule} of {self.tier}'})"

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to complain about."""
        return self.state in {ExpectedState.OK, ExpectedState.ENDED}

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look at it."""
        return self.due_at is not None and self.due_at <= now


class Answer(Struct, frozen=True, kw_only=True):
    """What a job of the rule came to: whether its backup is there, which and since when, and why, or why not.

    Of one that is not there `kind` says as what people are told of it.
    """

    job: str | None
    created_at: datetime
    is_good: bool
    reason: str
    point: str | None = None
    completed_at: datetime | None = None
    kind: AlertKind = AlertKind.BACKUP_FAILED
