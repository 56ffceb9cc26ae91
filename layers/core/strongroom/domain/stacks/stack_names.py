"""Whether each vault's stack has a name of its own: it follows from the vault's name in the intent."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import made_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import own_places
from strongroom.domain.stacks.logical_ids import logical_id

# Of stacks and StackSets, and of the files of parameters. As logical ids, in which `-` and `_` do not count.
_OURS: Final = frozenset(
    {
        *("Accounts", "Audit", "AuditLog", "ControlPlane", "Framework", "Global", "Management"),
        *("Member", "MemberGlobal", "MemberRoles", "MemberVault", "Members", "VaultAccount"),
    }
)


def find_taken_names(intent: Intent) -> Iterator[Finding]:
    """An error for each vault whose stack would have the name of another stack."""
    labels = [
        *((vault.label, vault.path) for vault in made_vaults(intent)),
        *((place.key, f"vaults.{place.key}") for place in own_places(intent)),
    ]
    first: dict[str, str] = {}
    for label, path in labels:
        id_ = logical_id(label)
        other = first.setdefault(id_, path)
        if id_ in _OURS or other != path:
            whose = "one of Strongroom's own" if id_ in _OURS else f"that of {other}"
            yield error("stack-name", path, f"its stack would have the name of {whose}: call the vault otherwise")
