"""Alerts: what is worth waking somebody for, told once however often it is seen."""

import hashlib
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region


class Severity(StrEnum):
    """How soon a person should look: now, today, or when convenient."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTICE = "notice"


class AlertKind(StrEnum):
    """The kinds of alert; the value is part of the fingerprint and of the event."""

    ACCOUNT_NOT_READY = "account-not-ready"
    ACCOUNT_SLOW = "account-slow"
    ENROLMENT_FAILED = "enrolment-failed"
    POLICIES_STOPPED = "policies-stopped"
    PROTECTION_ENDED = "protection-ended"
    RESOURCE_NOT_TAGGED = "resource-not-tagged"
    TAGS_FOUGHT_OVER = "tags-fought-over"
    INVENTORY_REFUSED = "inventory-refused"
    BACKUP_FAILED = "backup-failed"
    BACKUP_PARTIAL = "backup-partial"
    BACKUP_EXPIRED = "backup-expired"
    BACKUP_ABORTED = "backup-aborted"
    BACKUP_MISSING = "backup-missing"
    BACKUP_WITH_ISSUES = "backup-with-issues"
    COPY_FAILED = "copy-failed"
    COPY_MISSING = "copy-missing"
    COPY_SLOW = "copy-slow"
    COPY_VANISHED = "copy-vanished"
    COPIES_STOPPED_BY_KEY = "copies-stopped-by-key"
    COPIES_STOPPED_BY_ACCOUNT = "copies-stopped-by-account"
    VAULT_DIFFERS = "vault-differs"
    VAULTS_NOT_COMPARED = "vaults-not-compared"
    RESOURCE_NOT_ENCRYPTED = "resource-not-encrypted"
    SNAPSHOT_LEFT_OVER = "snapshot-left-over"
    MALWARE_FOUND = "malware-found"
    TAMPERING_ATTEMPTED = "tampering-attempted"
    TAMPERING_SUCCEEDED = "tampering-succeeded"
    RESTORE_FAILED = "restore-failed"
    RESTORE_UNFINISHED = "restore-unfinished"
    TEMPORARY_COPY_OVERDUE = "temporary-copy-overdue"
    VAULT_ACCESS_OVERDUE = "vault-access-overdue"
    BREAK_GLASS_OPENED = "break-glass-opened"
    BREAK_GLASS_UNREVIEWED = "break-glass-unreviewed"
    RESTORE_UNEXPLAINED = "restore-unexplained"
    COPY_UNEXPLAINED = "copy-unexplained"
    EVIDENCE_BROKEN = "evidence-broken"
    RESTORES_UNWATCHED = "restores-unwatched"
    FORWARDER_SILENT = "forwarder-silent"


SEVERITY_OF: dict[AlertKind, Severity] = {
    AlertKind.ACCOUNT_NOT_READY: Severity.WARNING,
    AlertKind.ACCOUNT_SLOW: Severity.NOTICE,
    AlertKind.ENROLMENT_FAILED: Severity.WARNING,
    AlertKind.POLICIES_STOPPED: Severity.CRITICAL,
    AlertKind.PROTECTION_ENDED: Severity.CRITICAL,
    AlertKind.RESOURCE_NOT_TAGGED: Severity.WARNING,
    AlertKind.TAGS_FOUGHT_OVER: Severity.WARNING,
    AlertKind.INVENTORY_REFUSED: Severity.WARNING,
    AlertKind.BACKUP_FAILED: Severity.CRITICAL,
    AlertKind.BACKUP_PARTIAL: Severity.CRITICAL,
    AlertKind.BACKUP_EXPIRED: Severity.CRITICAL,
    AlertKind.BACKUP_ABORTED: Severity.CRITICAL,
    AlertKind.BACKUP_MISSING: Severity.CRITICAL,
    AlertKind.BACKUP_WITH_ISSUES: Severity.WARNING,
    AlertKind.COPY_FAILED: Severity.CRITICAL,
    AlertKind.COPY_MISSING: Severity.CRITICAL,
    AlertKind.COPY_SLOW: Severity.WARNING,
    AlertKind.COPY_VANISHED: Severity.CRITICAL,
    AlertKind.COPIES_STOPPED_BY_KEY: Severity.CRITICAL,
    AlertKind.COPIES_STOPPED_BY_ACCOUNT: Severity.CRITICAL,
    AlertKind.VAULT_DIFFERS: Severity.CRITICAL,
    AlertKind.VAULTS_NOT_COMPARED: Severity.WARNING,
    AlertKind.RESOURCE_NOT_ENCRYPTED: Severity.WARNING,
    AlertKind.SNAPSHOT_LEFT_OVER: Severity.WARNING,
    AlertKind.MALWARE_FOUND: Severity.CRITICAL,
    AlertKind.TAMPERING_ATTEMPTED: Severity.WARNING,
    AlertKind.TAMPERING_SUCCEEDED: Severity.CRITICAL,
    AlertKind.RESTORE_FAILED: Severity.CRITICAL,
    AlertKind.RESTORE_UNFINISHED: Severity.WARNING,
    AlertKind.TEMPORARY_COPY_OVERDUE: Severity.WARNING,
    AlertKind.VAULT_ACCESS_OVERDUE: Severity.WARNING,
    AlertKind.BREAK_GLASS_OPENED: Severity.CRITICAL,
    AlertKind.BREAK_GLASS_UNREVIEWED: Severity.WARNING,
    AlertKind.RESTORE_UNEXPLAINED: Severity.CRITICAL,
    AlertKind.COPY_UNEXPLAINED: Severity.CRITICAL,
    AlertKind.EVIDENCE_BROKEN: Severity.CRITICAL,
    AlertKind.RESTORES_UNWATCHED: Severity.WARNING,
    AlertKind.FORWARDER_SILENT: Severity.CRITICAL,
}

# How a backup job ends badly: each has a cause of its own, so that another one is news where the first is known.
_ENDS_OF_BACKUPS = frozenset(
    {AlertKind.BACKUP_FAILED, AlertKind.BACKUP_PARTIAL, AlertKind.BACKUP_EXPIRED, AlertKind.BACKUP_ABORTED}
)

# What one cause may turn into: the alert stays the same, and tells what it has become.
_CAUSE_OF: dict[AlertKind, str] = dict.fromkeys(
    (AlertKind.COPY_FAILED, AlertKind.COPY_MISSING, AlertKind.COPY_SLOW, AlertKind.COPY_VANISHED), "copy"
) | dict.fromkeys(
    (*_ENDS_OF_BACKUPS, AlertKind.BACKUP_MISSING, AlertKind.BACKUP_WITH_ISSUES), AlertKind.BACKUP_FAILED.value
)


def is_news_beside(kind: AlertKind, than: AlertKind) -> bool:
    """Whether people who know of the one must hear of the other: it is worse, or the backup ended in another way."""
    return is_worse(kind, than) or (kind is not than and {kind, than} <= _ENDS_OF_BACKUPS)


def is_worse(kind: AlertKind, than: AlertKind) -> bool:
    """Whether a person should look sooner for the one than for the other."""
    order = list(Severity)
    return order.index(SEVERITY_OF[kind]) < order.index(SEVERITY_OF[than])


class Whose(Struct, frozen=True, kw_only=True):
    """Whom an alert concerns, as people know it: the account's name, who owns what is in it, and its target.

    `owner` is what the account's tag `owner` says, else the `contact` of its target. What nobody said is empty.
    """

    account_name: str = ""
    owner: str = ""
    unit: str = ""


class Alert(Struct, frozen=True, kw_only=True):
    """One complaint about one subject: the same cause and subject are the same alert, told once.

    `resource` is the ARN of what is not protected, where the subject is another thing, and `resources` are all of them,
    where one cause has several. Of `whose` it is, nothing is known until the alert is written. One that
    `wants_ticket` is told in the ticket system, too.
    """

    kind: AlertKind
    subject: str
    account: AccountId
    region: Region
    reason: str
    resource: str = ""
    resources: tuple[str, ...] = ()
    whose: Whose | None = None
    wants_ticket: bool = False

    @property
    def severity(self) -> Severity:
        """How soon a person should look."""
        return SEVERITY_OF[self.kind]

    @property
    def cause(self) -> str:
        """What is the same in all that is told of the alert, also where it becomes another kind before it is over."""
        return _cause_of(self.kind)

    @property
    def fingerprint(self) -> str:
        """The identity of the alert: equal for every repetition of the same complaint."""
        return fingerprint(self.kind, self.subject)


def _cause_of(kind: AlertKind) -> str:
    return _CAUSE_OF.get(kind, kind)


def fingerprint(kind: AlertKind, subject: str) -> str:
    """The first 32 hexadecimal digits of the SHA-256 of cause and subject."""
    return hashlib.sha256(f"{_cause_of(kind)}\n{subject}".encode()).hexdigest()[:32]
