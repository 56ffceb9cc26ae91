"""What is written to the ledger, as values: a key, what changes in its item, and on which condition.

`expressions` says them in DynamoDB's words, `memory` carries them out itself; both mean the same.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from msgspec import Struct, field

from strongroom.domain.errors import MalformedIdentifierError

_KEY_NAMES = ("pk", "sk")
# In bytes (DynamoDB Developer Guide, "Quotas in Amazon DynamoDB").
_LONGEST_PK = 2048
_LONGEST_SK = 1024
_QUOTED = 200
# So many characters are never more than that, for one has four bytes at most.
_SHORT = 256


class Key(Struct, frozen=True):
    """Where an item is: its partition and its place there."""

    pk: str
    sk: str

    @property
    def item(self) -> dict[str, str]:
        """The two attributes that the key is in its item; MalformedIdentifierError where one is too long to be kept."""
        self.require_kept()
        return {"pk": self.pk, "sk": self.sk}

    def require_kept(self) -> None:
        """MalformedIdentifierError where one of the two is too long to be kept."""
        if len(self.pk) > _SHORT or len(self.sk) > _SHORT:
            _require_within(_LONGEST_PK, self.pk)
            _require_within(_LONGEST_SK, self.sk)


def _require_within(most: int, text: str) -> None:
    length = len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))
    if length > most:
        raise MalformedIdentifierError(f"a key of {length} bytes is longer than {most}: {text[:_QUOTED]}…")


class Exists(Struct, frozen=True):
    """The item has the attribute; an item that is not there has none."""

    name: str


class Equals(Struct, frozen=True):
    """The attribute has this value, in this type; one that is absent equals nothing."""

    name: str
    value: str | int


class Below(Struct, frozen=True):
    """The attribute is less than the bound and of its type; one that is absent is not."""

    name: str
    bound: str | int


class AtMost(Struct, frozen=True):
    """The attribute is the bound or less and of its type; one that is absent is not."""

    name: str
    bound: str | int


class Contains(Struct, frozen=True):
    """The attribute is a list with this element, or text with this part."""

    name: str
    value: str | int


class Not(Struct, frozen=True):
    """The condition does not hold."""

    condition: "Condition"


class _Joined(NamedTuple):
    # No Struct: the two classes of it take their parts one by one.
    conditions: "tuple[Condition, ...]"


class AllOf(_Joined):
    """Every one of the conditions holds."""

    __slots__ = ()

    def __new__(cls, first: "Condition", second: "Condition", *more: "Condition") -> Self:
        """Two conditions or more."""
        return super().__new__(cls, (first, second, *more))


class AnyOf(_Joined):
    """One of the conditions holds, or several do."""

    __slots__ = ()

    def __new__(cls, first: "Condition", second: "Condition", *more: "Condition") -> Self:
        """Two conditions or more."""
        return super().__new__(cls, (first, second, *more))


type Condition = Exists | Equals | Below | AtMost | Contains | Not | AllOf | AnyOf


def absent(name: str) -> Not:
    """The item does not have the attribute, or is not there."""
    return Not(Exists(name))


class Change(Struct, frozen=True, kw_only=True):
    """What becomes of an item when the condition holds; an item that is not there is made.

    `set` replaces values, where None means that the attribute is removed, as `remove` does; `add` adds to numbers,
    beginning at 0; `append` adds an element to the end of lists, beginning with none.
    """

    when: Condition
    set: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    add: Mapping[str, int] = field(default_factory=dict)
    append: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """ValueError for a change of nothing, of the key, or of one attribute in two ways."""
        others = len(self.remove) + len(self.add) + len(self.append)
        names = {*self.set, *self.remove, *self.add, *self.append} if others else self.set.keys()
        if not names or len(names) < len(self.set) + others or not names.isdisjoint(_KEY_NAMES):
            raise ValueError(f"a change names some attributes, each once, and no key: {sorted(names)}")
