"""Changes and conditions in DynamoDB's words: update and condition expressions with their placeholders."""

from typing import Any, assert_never

from strongroom.adapters.ledger.changes import (
    AllOf,
    AnyOf,
    AtMost,
    Below,
    Change,
    Condition,
    Contains,
    Equals,
    Exists,
    Not,
)


class Expressions:
    """Writes the expressions of one request and collects the names and values that they stand for.

    Every name is a placeholder, so that none can be one of DynamoDB's reserved words.
    """

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def update(self, change: Change) -> str:
        """The change as an update expression."""
        assigned = {name: value for name, value in change.set.items() if value is not None}
        removed = (*change.remove, *(name for name in change.set if name not in assigned))
        clauses = {
            "SET": [
                *(f"{self._name(name)} = {self._value(value)}" for name, value in assigned.items()),
                *(self._appended(self._name(name), value) for name, value in change.append.items()),
            ],
            "REMOVE": [self._name(name) for name in removed],
            "ADD": [f"{self._name(name)} {self._value(value)}" for name, value in change.add.items()],
        }
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    def condition(self, condition: Condition) -> str:
        """The condition as a condition expression."""
        match condition:
            case Exists(name):
                return f"attribute_exists({self._name(name)})"
            case Equals(name, value):
                return f"{self._name(name)} = {self._value(value)}"
            case Below(name, bound):
                return f"{self._name(name)} < {self._value(bound)}"
            case AtMost(name, bound):
                return f"{self._name(name)} <= {self._value(bound)}"
            case Contains(name, value):
                return f"contains({self._name(name)}, {self._value(value)})"
            case Not(inner):
                return f"NOT ({self.condition(inner)})"
            case AllOf(parts):
                return self._joined(" AND ", parts)
            case AnyOf(parts):
                return self._joined(" OR ", parts)
            case _:
                assert_never(condition)

    def _joined(self, word: str, parts: tuple[Condition, ...]) -> str:
        # Two parts or more, so that no pair of parentheses is redundant: DynamoDB refuses those.
        return word.join(f"({self.condition(part)})" for part in parts)

    def _appended(self, name: str, value: Any) -> str:
        return f"{name} = list_append(if_not_exists({name}, {self._value([])}), {self._value([value])})"

    def _name(self, attribute: str) -> str:
        self.names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def _value(self, value: Any) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = value
        return placeholder
