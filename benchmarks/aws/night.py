"""A night in which everything went well: backups of file systems and their copies, told apart by a token alone.

AWS Backup's stand-in answers about them, and the events of the workloads tell of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from benchmarks.measurement import ROOT
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import destinations_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vault_arns
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom_cli.intent.file import load_intent_file

MEMBER: Final = AccountId("222222222222")
TOKEN_LENGTH: Final = 12
STARTED_AT: Final = datetime(2026, 9, 1, 2, tzinfo=UTC)
ENDED_AT: Final = datetime(2026, 9, 1, 2, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Night:
    """The ARNs of one night, by token; all of it is of one member account, one Region and one critical tier."""

    intent: Intent

    @property
    def region(self) -> Region:
        """Where everything but the replica is."""
        return self.intent.organization.home_region

    @property
    def backup_account(self) -> AccountId:
        """Where the control plane and the copies are."""
        return self.intent.organization.backup_account

    @property
    def tier(self) -> str:
        """The tier of every backup: one that owes two copies."""
        return next(name for name, tier in self.intent.tiers.items() if "replica" in tier.keep)

    @property
    def source_vault(self) -> str:
        """The member's local vault."""
        (vault,) = local_vault_arns(self.intent, account=MEMBER, region=self.region)
        return vault

    @property
    def rule(self) -> BackupRule:
        """The one rule of the tier."""
        (rule,) = rules_of(self.intent.tiers[self.tier])
        return rule

    @property
    def copy_vaults(self) -> tuple[str, ...]:
        """The vaults that each backup is copied into: the central one and its replica."""
        copies = destinations_of(self.intent, self.rule, account=MEMBER, region=self.region)
        return tuple(copy.vault.arn for copy in copies)

    @property
    def plan(self) -> str:
        """A plan that came from a backup policy of the organisation."""
        return f"arn:aws:backup:{self.region}:{MEMBER}:backup-plan:orgs/11111111-2222-3333-4444-555555555555"

    def vault_key(self, account: str) -> str:
        """The key of an account's vault."""
        return f"arn:aws:kms:{self.region}:{account}:key/00000000-0000-4000-8000-0000000000aa"

    def resource(self, token: str) -> str:
        """What was backed up."""
        return f"arn:aws:elasticfilesystem:{self.region}:{MEMBER}:file-system/fs-0bench{token}"

    def recovery_point(self, token: str, *, account: str) -> str:
        """The backup in the member account, or its copy in the backup account."""
        return f"arn:aws:backup:{self.region}:{account}:recovery-point:00000000-0000-4000-8000-{token}"


def play_night() -> Night:
    """The night of the example organisation."""
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    return Night(intent)


def new_tokens(count: int) -> tuple[str, ...]:
    """Tokens of which none is a part of another."""
    return tuple(f"{number:0{TOKEN_LENGTH}d}" for number in range(1, count + 1))
