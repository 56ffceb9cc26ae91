"""What we publish of backups and of their copies."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFact(Fact):
    """What every fact about a copy says: from which recovery point, to which vault."""

    recovery_point: str
    destination: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVerified(CopyFact):
    """A copy is in its vault, as promised; `copy` is its own recovery point."""

    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFailed(CopyFact):
    """A copy job failed, or what it left is not what was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMissing(CopyFact):
    """A copy was due and nothing has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRestarted(CopyFact):
    """Strongroom started a copy again; `copy_job` is the new job."""

    copy_job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVanished(CopyFact):
    """A copy that was verified is not in its vault any more, or not as it was; `copy` is its recovery point."""

    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFact(Fact):
    """What every fact about a backup that must be made says: which rule of which tier makes it."""

    tier: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFailed(BackupFact):
    """A backup job of ours did not bring its backup; `backup_job` is its id, where it is known."""

    backup_job: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMissing(BackupFact):
    """A backup was due and none was made; `firing` is when its rule should have begun it, as ISO 8601 in UTC."""

    firing: str
