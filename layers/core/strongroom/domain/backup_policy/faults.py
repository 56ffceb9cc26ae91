"""What AWS finds wrong in an effective policy, in AWS's own codes.

Source: AWS Organizations API Reference, "ListEffectivePolicyValidationErrors".
"""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Path, json_path


class FaultCode(StrEnum):
    """The kinds of fault that AWS tells apart."""

    ELEMENTS_TOO_MANY = "ELEMENTS_TOO_MANY"
    ELEMENTS_TOO_FEW = "ELEMENTS_TOO_FEW"
    KEY_REQUIRED = "KEY_REQUIRED"
    CROSS_ATTRIBUTE_VALIDATION = "CROSS_ATTRIBUTE_VALIDATION"


class PolicyFault(Struct, frozen=True):
    """One reason why AWS rejects an effective policy; `path` as documents.json_path writes it."""

    code: FaultCode
    path: str
    message: str


def too_many(path: Path, *, count: int, most: int) -> PolicyFault:
    """More elements than AWS takes."""
    message = f"Too many elements in policy block {path[-1]}: {count}, at most {most}"
    return PolicyFault(FaultCode.ELEMENTS_TOO_MANY, json_path(path), message)


def too_few(path: Path) -> PolicyFault:
    """An empty list where AWS wants an element."""
    message = f"Too few elements in policy block {path[-1]}: 0, at least 1"
    return PolicyFault(FaultCode.ELEMENTS_TOO_FEW, json_path(path), message)


def key_missing(name: str, path: Path) -> PolicyFault:
    """A block without a key that it needs."""
    return PolicyFault(
        FaultCode.KEY_REQUIRED, json_path(path), f"Missing required key {name} in policy block {path[-1]}"
    )


def dependent_fields(path: Path, *, block: str, **fields: Any) -> PolicyFault:
    """Values that AWS does not take together, in AWS's own sentence; a value that is absent is told as null."""
    stated = ",".join(f"{name}={'null' if value is None else value}" for name, value in fields.items())
    message = f"Dependent fields {stated} in policy block {block} are invalid when used together"
    return PolicyFault(FaultCode.CROSS_ATTRIBUTE_VALIDATION, json_path(path), message)
