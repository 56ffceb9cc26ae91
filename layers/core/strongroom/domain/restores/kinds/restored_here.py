"""Which kinds of recovery points the ceremony restores."""

from collections.abc import Mapping
from typing import Any

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.kinds.table import kind_of


def kind_restored_here(resource_type: str, *, resource: str, backup: Mapping[str, Any]) -> RestoreKind:
    """The kind of a recovery point; RestoreRefusedError for one that only a person restores."""
    kind = kind_of(resource_type, resource=resource, backup=backup)
    if kind is None or not kind.row.is_restored_here:
        here = " and ".join(row.name for row in ROWS if row.is_restored_here)
        called = resource_type if kind is None else kind.name
        raise RestoreRefusedError(f"{called} must be restored by hand; {here} are restored here")
    return kind
