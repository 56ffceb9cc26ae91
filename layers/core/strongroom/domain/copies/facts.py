"""What we publish of backups and of their copies."""

from strongroom.domain.facts import Fact


class CopyFact(Fact, frozen=True, kw_only=True):
    """What every fact about a copy says: from which recovery point, to which vault."""

    recovery_point: str
    destination: str
    tier: str


class CopyVerified(CopyFact, frozen=True, kw_only=True):
    """A copy is in its vault, as promised; `copy` is its own recovery point."""

    copy: str


class CopyFailed(CopyFact, frozen=True, kw_only=True):
    """A copy job failed, or what it left is not what was promised."""


class CopyMissing(CopyFact, frozen=True, kw_only=True):
    """A copy was due and nothing has arrived."""


class CopyRestarted(CopyFact, frozen=True, kw_only=True):
    """Strongroom started a copy again; `copy_job` is the new job."""

    copy_job: str


class CopyVanished(CopyFact, frozen=True, kw_only=True):
    """A copy that was verified is not in its vault any more, or not as it was; `copy` is its recovery point."""

    copy: str


class BackupFact(Fact, frozen=True, kw_only=True):
    """What every fact about a backup that must be made says: which rule of which tier makes it."""

    tier: str
    rule: str


class BackupFailed(BackupFact, frozen=True, kw_only=True):
    """A backup job of ours did not bring its backup; `backup_job` is its id, where it is known."""

    backup_job: str | None


class BackupMissing(BackupFact, frozen=True, kw_only=True):
    """A backup was due and none was made; `firing` is when its rule should have begun it, as ISO 8601 in UTC."""

    firing: str
