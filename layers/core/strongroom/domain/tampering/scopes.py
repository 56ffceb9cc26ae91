"""Which calls are about something of ours: a table, for each scope of a threat how that is told."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from strongroom.domain.calls import ApiCall, texts_at
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.identifiers import role_arn
from strongroom.domain.intent.destinations import destination_vaults, own_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import temporary_vault_names
from strongroom.domain.intent.tier_names import choosing_keys, guarded_keys
from strongroom.domain.tampering.own_shares import is_about_our_vaults

_TAG_KEYS = (
    "tagKeys[]",
    "tags[].key",
    "tags[].Key",
    "tagSet.items[].key",
    "tagSpecificationSet.items[].tags[].key",
)
_STRONGROOM_PREFIX = "strongroom-"
_NATIVE_BACKUP_PREFIX = "awsbackup:"


class Surroundings(Struct, frozen=True, kw_only=True):
    """What of the world bears on the call: the keys of our vaults, and whether its target is a recovery point.

    None means that nobody could be asked.
    """

    vault_keys: frozenset[str] | None = frozenset()
    is_recovery_point: bool = False


class Aim(Struct, frozen=True, kw_only=True):
    """What a call was aimed at, as far as its parameters say, and what of the world and the intent bears on that."""

    call: ApiCall
    target: str | None
    surroundings: Surroundings
    intent: Intent

    @property
    def name(self) -> str:
        """The end of the target's name or ARN; empty where nothing is named."""
        return (self.target or "").rsplit("/", 1)[-1]

    @property
    def names_our_vault(self) -> bool:
        """Whether a vault of ours is named, or none at all."""
        request = self.call.request or {}
        name = request.get("backupVaultName") or request.get("sourceBackupVaultName")
        ours = {vault.name for vault in self.intent.vaults.values()} | {*temporary_vault_names(self.intent)}
        return not isinstance(name, str) or name in ours

    @property
    def is_a_destination(self) -> bool:
        """Whether copies of ours belong there."""
        ours = (*destination_vaults(self.intent), *own_vaults(self.intent, account=self.call.account))
        return self.target in {vault.arn for vault in ours}

    @property
    def may_name_a_vault_key(self) -> bool:
        """Whether the key of a vault is named, or nobody can tell."""
        keys = self.surroundings.vault_keys
        return self.target is None or keys is None or any(self.name in key for key in keys)

    @property
    def is_a_copy_of_ours(self) -> bool:
        """Whether what a service keeps there can only be a copy: the backup account has nothing else."""
        return self.call.account == self.intent.organization.backup_account

    @property
    def is_about_a_native_backup(self) -> bool:
        """Whether the target is what AWS Backup keeps in the service, or nobody can tell."""
        is_named = self.target is None or _NATIVE_BACKUP_PREFIX in self.target
        return is_named or self.is_a_copy_of_ours or self.surroundings.is_recovery_point

    @property
    def is_by_the_native_role(self) -> bool:
        """Whether the role did it that the ceremony's calls of services are made under."""
        partition = self.intent.partition.name
        return self.call.role == role_arn(
            self.intent.roles.restore_native, account=self.call.account, partition=partition
        )

    @property
    def is_refused_untagged(self) -> bool:
        """Whether somebody was to make something without a tag whose values are guarded, and was refused."""
        return self.call.is_denied and not self.names_a_guarded_tag

    @property
    def names_a_guarded_tag(self) -> bool:
        """Whether a tag whose values are guarded is among those of the call."""
        return not _tag_keys(self.call.request or {}).isdisjoint(guarded_keys(self.intent))

    @property
    def may_name_a_choosing_tag(self) -> bool:
        """Whether a tag that chooses a tier is among those of the call; where none is named, all are meant."""
        named = _tag_keys(self.call.request or {})
        return not named or not named.isdisjoint(choosing_keys(self.intent))


def is_in_scope(aim: Aim, scope: Scope) -> bool:
    """Whether the call is about something that is ours to guard; where nothing can be told, it is."""
    return IN_SCOPE[scope](aim)


IN_SCOPE: Mapping[Scope, Callable[[Aim], bool]] = {
    Scope.ANYTHING: lambda _: True,
    Scope.CEREMONY: lambda aim: aim.intent.restores is not None,
    Scope.OUR_VAULT: lambda aim: aim.target is None or aim.names_our_vault,
    Scope.FOREIGN_DESTINATION: lambda aim: aim.names_our_vault and not aim.is_a_destination,
    Scope.OUR_NAME: lambda aim: aim.target is None or aim.name.startswith(_STRONGROOM_PREFIX),
    Scope.VAULT_KEY: lambda aim: aim.may_name_a_vault_key,
    Scope.SHARE: lambda aim: is_about_our_vaults(aim.call, aim.intent),
    Scope.NATIVE_BACKUP: lambda aim: aim.is_about_a_native_backup,
    Scope.NATIVE_RESTORE: lambda aim: aim.is_by_the_native_role or aim.is_about_a_native_backup,
    Scope.BACKUP_TAG: lambda aim: aim.may_name_a_choosing_tag,
    Scope.OUTSIDE_MANAGEMENT: lambda aim: aim.call.account != aim.intent.organization.management_account,
    Scope.UNTAGGED_CREATION: lambda aim: aim.is_refused_untagged,
    Scope.UNTAGGED_OR_NATIVE: lambda aim: aim.is_refused_untagged or aim.is_by_the_native_role,
}


def _tag_keys(request: Mapping[str, Any]) -> set[str]:
    """Every tag key in the parameters, in the spellings of the services; CloudTrail hides some, as one text."""
    return {key for path in _TAG_KEYS for key in texts_at(request, path)}
