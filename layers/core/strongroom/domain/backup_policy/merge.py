"""What becomes of backup policies that are attached from the root down to an account.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types" and "Inheritance
operators".
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.backup_policy.documents import (
    ALL,
    APPEND,
    ASSIGN,
    VALUE_OPERATORS,
    Document,
    Path,
    controls,
    folded,
    settings,
)

EVERY_OPERATOR: Final = frozenset(VALUE_OPERATORS)
_ADDING: Final = frozenset({ASSIGN, APPEND})
_NOTHING: Final[Mapping[Path, Any]] = MappingProxyType({})

type Value = str | tuple[str, ...]


class Reading(StrEnum):
    """What a child control on a container does below it: the first is documented, recordings hint at the second."""

    BLOCK_NEW_KEYS = "without assign or append allowed on it, nothing new is added to a container"
    LEAF_ONLY = "a control on a container restricts nothing below it"


class Write(Struct, frozen=True):
    """One setting of a document: what each of its operators carries, in AWS's own strings; `key` is the folded path."""

    key: Path
    path: Path
    operands: Mapping[str, Value]


class Contribution(Struct, frozen=True):
    """What one document says, read once so that it can be merged many times."""

    writes: tuple[Write, ...]
    controls: tuple[tuple[Path, frozenset[str]], ...]


class IgnoredOperator(Struct, frozen=True, kw_only=True):
    """An operator without effect, since the control at `governor` (folded) on a level above forbids it."""

    level: int
    document: int
    path: Path
    operator: str
    governor: Path


class ContestedSetting(Struct, frozen=True, kw_only=True):
    """A setting to which a later document of one level assigns another value than the first, which wins."""

    level: int
    document: int
    path: Path


class Merged(Struct, frozen=True, kw_only=True):
    """The levels merged so far, root first.

    `settings` holds each value by its folded path: a string, or a tuple of strings. `allowed` holds the operators that
    the levels below may use, where that is stated. `spellings` holds the name that each node's first writer gave it.
    """

    reading: Reading = Reading.BLOCK_NEW_KEYS
    depth: int = 0
    settings: Mapping[Path, Value] = _NOTHING
    allowed: Mapping[Path, frozenset[str]] = _NOTHING
    spellings: Mapping[Path, str] = _NOTHING
    ignored: tuple[IgnoredOperator, ...] = ()
    contested: tuple[ContestedSetting, ...] = ()

    @property
    def effective(self) -> dict[str, Any]:
        """The document as DescribeEffectivePolicy gives it: strings and lists of strings, no operators."""
        containers: dict[Path, dict[str, Any]] = {(): {}}
        for key, value in self.settings.items():
            for depth in range(1, len(key)):
                if key[:depth] not in containers:
                    containers[key[:depth]] = {}
                    containers[key[: depth - 1]][self.spellings[key[:depth]]] = containers[key[:depth]]
            containers[key[:-1]][self.spellings[key]] = value if isinstance(value, str) else list(value)
        return containers[()]

    def spelled(self, key: Path) -> Path:
        """The folded path as the first writer of each step spelled it, as far as that is known."""
        return tuple(self.spellings.get(key[:depth], key[depth - 1]) for depth in range(1, len(key) + 1))

    def below(self, level: Sequence[Document]) -> "Merged":
        """This with one more level below it: its documents in the order in which they were attached."""
        return self.below_read([contribution(document) for document in level])

    def below_read(self, level: Sequence[Contribution]) -> "Merged":
        """The same for documents that are already read."""
        draft = _Draft(self, dict(self.settings), dict(self.spellings))
        for operator in VALUE_OPERATORS:
            for place, read in enumerate(level):
                for write in read.writes:
                    if operator in write.operands:
                        draft.take(operator, write, document=place)
        return Merged(
            reading=self.reading,
            depth=self.depth + 1,
            settings=draft.settings,
            allowed=self._narrowed(level),
            spellings=draft.spellings,
            ignored=(*self.ignored, *draft.ignored),
            contested=(*self.contested, *draft.contested),
        )

    def governor(self, key: Path, operator: str) -> Path | None:
        """The folded path of the node whose control forbids the level below this operator; None where it is free."""
        if operator not in self.allowed.get(key, EVERY_OPERATOR):
            return key
        if self.reading is Reading.LEAF_ONLY or key in self.settings:
            return None
        for depth in range(len(key) - 1, -1, -1):
            container = key[:depth]
            if not self.allowed.get(container, EVERY_OPERATOR) & _ADDING:
                return container
            if container in self.spellings:  # it is here already, so only its own control decides what is added
                return None
        return None

    def _narrowed(self, level: Iterable[Contribution]) -> Mapping[Path, frozenset[str]]:
        stated = [control for read in level for control in read.controls]
        if not stated:
            return self.allowed
        narrowed = dict(self.allowed)
        for key, permitted in stated:
            narrowed[key] = narrowed.get(key, EVERY_OPERATOR) & permitted
        return narrowed


def merge_levels(levels: Sequence[Sequence[Document]], *, reading: Reading = Reading.BLOCK_NEW_KEYS) -> Merged:
    """Merge levels, root first, each with its documents in the order in which they were attached."""
    merged = Merged(reading=reading)
    for level in levels:
        merged = merged.below(level)
    return merged


def contribution(document: Document) -> Contribution:
    """Read one document; what no setting can hold, such as an object in a list, is left out."""
    writes = (Write(folded(path), path, _operands(node)) for path, node in settings(document))
    return Contribution(
        writes=tuple(write for write in writes if write.key and write.operands),
        controls=tuple((folded(path), _permitted(control)) for path, control in controls(document)),
    )


class _Draft(Struct):
    above: Merged
    settings: dict[Path, Value]
    spellings: dict[Path, str]
    assigned: dict[Path, Value] = field(default_factory=dict)
    ignored: list[IgnoredOperator] = field(default_factory=list)
    contested: list[ContestedSetting] = field(default_factory=list)

    def take(self, operator: str, write: Write, *, document: int) -> None:
        level, path = self.above.depth, write.path
        governor = self.above.governor(write.key, operator)
        if governor is not None:
            self.ignored.append(
                IgnoredOperator(level=level, document=document, path=path, operator=operator, governor=governor)
            )
        elif operator == ASSIGN and write.key in self.assigned:
            if self.assigned[write.key] != write.operands[operator]:
                self.contested.append(ContestedSetting(level=level, document=document, path=path))
        else:
            self._apply(operator, write)

    def _apply(self, operator: str, write: Write) -> None:
        operand = write.operands[operator]
        if operator == ASSIGN:
            self.assigned[write.key] = operand
            self._store(write, operand)
        elif operator == APPEND:
            self._append(write, operand)
        else:
            self._remove(write.key, operand)

    def _append(self, write: Write, added: Value) -> None:
        current = self.settings.get(write.key, ())
        if not isinstance(current, str):
            unseen = (value for value in dict.fromkeys(_listed(added)) if value not in current)
            self._store(write, (*current, *unseen))

    def _remove(self, key: Path, removed: Value) -> None:
        current = self.settings.get(key)
        if isinstance(current, tuple):
            self.settings[key] = tuple(value for value in current if value not in _listed(removed))

    def _store(self, write: Write, value: Value) -> None:
        key = write.key
        is_container = key in self.spellings and key not in self.settings
        if is_container or any(key[:depth] in self.settings for depth in range(1, len(key))):
            return  # a setting is no container; two documents that disagree on that cannot both be of the grammar
        self.settings[key] = value
        for depth, step in enumerate(write.path, start=1):
            self.spellings.setdefault(key[:depth], step)


def _operands(node: Document) -> dict[str, Value]:
    values = {operator: _as_value(node[operator]) for operator in VALUE_OPERATORS if operator in node}
    return {operator: value for operator, value in values.items() if value is not None}


def _as_value(raw: Any) -> Value | None:
    if not isinstance(raw, list | tuple):
        return _as_text(raw)
    texts = [_as_text(item) for item in raw]
    return None if None in texts else tuple(text for text in texts if text is not None)


def _as_text(raw: Any) -> str | None:
    match raw:
        case None:
            return "null"
        case bool():
            return "true" if raw else "false"
        case str() | int() | float():
            return str(raw)
        case _:
            return None


def _listed(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _permitted(control: Any) -> frozenset[str]:
    listed = control if isinstance(control, list | tuple) else [control]
    stated = {name for name in listed if isinstance(name, str)}
    return EVERY_OPERATOR if ALL in stated else EVERY_OPERATOR & stated
