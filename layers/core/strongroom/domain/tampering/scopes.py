"""Which calls are about something of ours: a table, for each scope of a threat how that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from strongroom.domain.calls import ApiCall
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent

_DENIED_ERRORS = ("AccessDenied", "UnauthorizedOperation", "Client.UnauthorizedOperation")
_STRONGROOM_PREFIX = "strongroom-"
_NATIVE_BACKUP_PREFIX = "awsbackup:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What of the world bears on the call: the keys of our vaults, and whether its target is a recovery point.

    None means that nobody could be asked.
    """

    vault_keys: frozenset[str] | None = frozenset()
    is_recovery_point: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
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
    def is_denied(self) -> bool:
        """Whether the caller had no right to it."""
        return self.call.error_code is not None and self.call.error_code.startswith(_DENIED_ERRORS)

    @property
    def names_our_vault(self) -> bool:
        """Whether a vault of ours is named, or none at all."""
        request = self.call.request or {}
        name = request.get("backupVaultName") or request.get("sourceBackupVaultName")
        ours = (self.intent.vaults.local.name, *(vault.name for vault in destination_vaults(self.intent)))
        return not isinstance(name, str) or name in ours

    @property
    def is_a_destination(self) -> bool:
        """Whether copies of ours belong there."""
        return self.target in {vault.arn for vault in destination_vaults(self.intent)}

    @property
    def may_name_a_vault_key(self) -> bool:
        """Whether the key of a vault is named, or nobody can tell."""
        keys = self.surroundings.vault_keys
        return self.target is None or keys is None or any(self.name in key for key in keys)

    @property
    def names_our_tag(self) -> bool:
        """Whether our tag is among those of the call."""
        return self.call.request is not None and self.intent.tag_key in _tag_keys(self.call.request)


def is_in_scope(aim: Aim, scope: Scope) -> bool:
    """Whether the call is about something that is ours to guard; where nothing can be told, it is."""
    return IN_SCOPE[scope](aim)


IN_SCOPE: Mapping[Scope, Callable[[Aim], bool]] = {
    Scope.ANYTHING: lambda _: True,
    Scope.OUR_VAULT: lambda aim: aim.target is None or aim.names_our_vault,
    Scope.FOREIGN_DESTINATION: lambda aim: aim.names_our_vault and not aim.is_a_destination,
    Scope.OUR_NAME: lambda aim: aim.target is None or aim.name.startswith(_STRONGROOM_PREFIX),
    Scope.VAULT_KEY: lambda aim: aim.may_name_a_vault_key,
    Scope.NATIVE_BACKUP: lambda aim: (
        aim.target is None or _NATIVE_BACKUP_PREFIX in aim.target or aim.surroundings.is_recovery_point
    ),
    Scope.BACKUP_TAG: lambda aim: aim.call.request is None or aim.names_our_tag,
    Scope.OUTSIDE_MANAGEMENT: lambda aim: aim.call.account != aim.intent.organization.management_account,
    Scope.UNTAGGED_CREATION: lambda aim: aim.is_denied and not aim.names_our_tag,
}


def _tag_keys(request: Mapping[str, Any]) -> set[str]:
    """Every tag key in the parameters, in the spellings of the services: `tagKeys`, `tags`, `tagSet`."""
    tag_set = request.get("tagSet")
    listed = tag_set.get("items") if isinstance(tag_set, dict) else None
    tags = [tag for tag in (*_listed(request.get("tags")), *_listed(listed)) if isinstance(tag, dict)]
    return {str(key) for key in _listed(request.get("tagKeys"))} | {
        str(tag.get("key") or tag.get("Key")) for tag in tags
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
