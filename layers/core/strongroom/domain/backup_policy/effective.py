"""Whether AWS finds an effective policy valid, and which policy an account runs on.

Source: AWS Organizations User Guide, "Backup policy syntax and examples" and "Invalid effective policy alerts".
"""

from collections.abc import Sequence

from strongroom.domain.backup_policy.dependent_fields import dependency_faults
from strongroom.domain.backup_policy.documents import Document
from strongroom.domain.backup_policy.faults import PolicyFault
from strongroom.domain.backup_policy.required_shape import shape_faults


def validate(effective: Document) -> tuple[PolicyFault, ...]:
    """What AWS finds wrong in an effective policy, given as Merged.effective; nothing in one without any plan."""
    return (*shape_faults(effective), *dependency_faults(effective))


def in_force(effective: Document, *, faults: Sequence[PolicyFault], last_valid: Document | None) -> Document | None:
    """The policy that an account runs on: while the effective one has faults, the last valid one, if it is known."""
    return last_valid if faults else effective
