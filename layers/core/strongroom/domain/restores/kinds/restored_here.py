"""Which kinds of recovery points the ceremony restores."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.kinds.model import Grade, RestoreKind
from strongroom.domain.restores.kinds.table import kind_of, kinds_of

# AWS Backup Developer Guide, "Restore CloudFormation stacks" and "Restore an Amazon EKS cluster".
_COMPOSITE: Final = "it is a composite of others, which are restored one by one"
_NESTED: Final = "it is a part of a composite, which is restored as a whole"
_BY_HAND: Final = "ask with --raw FILE, where the account's profile lets it"


def kind_restored_here(resource_type: str, *, resource: str, backup: Mapping[str, Any]) -> RestoreKind:
    """The kind of a recovery point; RestoreRefusedError for one that only a person restores."""
    kind = kind_of(resource_type, resource=resource, backup=backup)
    if kind is None or not kind.row.is_restored_here:
        *others, last = names_of(row for row in ROWS if row.is_restored_here)
        here = f"{', '.join(others)} and {last}"
        called = resource_type if kind is None else kind.name
        hand = "" if kind is None or kind.grade is not Grade.BY_HAND else f": {_BY_HAND}"
        raise RestoreRefusedError(f"{called} must be restored by hand; {here} are restored here{hand}")
    return kind


def demand_restored_here(resource_type: str, *, resource: str) -> None:
    """Pass where what only lists tell of may be restored here; RestoreRefusedError for what only a person restores."""
    if not any(kind.row.is_restored_here for kind in kinds_of(resource_type, resource=resource)):
        kind_restored_here(resource_type, resource=resource, backup={})


def why_not_restored_so(kind: RestoreKind | None, *, is_composite: bool) -> str:
    """Why a recovery point is not the one of its backup that is restored; empty where it is."""
    is_whole = kind is not None and kind.is_composite
    if is_composite is is_whole:
        return ""
    return _COMPOSITE if is_composite else _NESTED


def kind_restored_by_hand(resource_type: str, *, resource: str, backup: Mapping[str, Any]) -> RestoreKind:
    """The kind of a recovery point whose metadata a person writes; RestoreRefusedError for any that is not known."""
    kind = kind_of(resource_type, resource=resource, backup=backup)
    if kind is None:
        raise RestoreRefusedError(f"{resource_type} is no type whose restore is known here")
    return kind
