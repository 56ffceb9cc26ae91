"""DynamoDB's typed values and the plain ones that the ledger stores (Amazon DynamoDB API Reference, AttributeValue)."""

from collections.abc import Mapping
from typing import Any

type Typed = dict[str, Any]


class UnstorableError(TypeError):
    """The ledger stores text, whole numbers, booleans, None, lists and maps; a value is something else."""


def typed(value: Any) -> Typed:
    """The value as DynamoDB takes it; UnstorableError for what the ledger does not store."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [typed(each) for each in value]}
        case Mapping():
            return {"M": {name: typed(each) for name, each in value.items()}}
        case _:
            raise UnstorableError(f"the ledger does not store a {type(value).__name__}")


def plain(value: Typed) -> Any:
    """The value that DynamoDB returned; UnstorableError for a kind that the ledger never stored."""
    [(kind, stored)] = value.items()
    match kind:
        case "S" | "BOOL":
            return stored
        case "N":
            return int(stored)
        case "NULL":
            return None
        case "L":
            return [plain(each) for each in stored]
        case "M":
            return {name: plain(each) for name, each in stored.items()}
        case _:
            raise UnstorableError(f"the ledger stores nothing of DynamoDB's kind {kind}")
