"""What the table says of a key in any kind, which holds, too, where a person writes what is sent of a kind without."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.restores.kinds.model import Key
from strongroom.domain.restores.kinds.table import KINDS

# A key, and the path to it.
type Placed = tuple[str, Key]


def folded_name(name: str) -> str:
    """What of a name counts where nobody knows how it is spelled: its letters, small, and its digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def said_anywhere(fold: str) -> tuple[Placed, ...]:
    """Every entry for a key of that folded name, of all kinds and of the mappings inside of them."""
    return _ENTRIES.get(fold, ())


def _placed(keys: tuple[Key, ...], *, path: str = "") -> Iterator[Placed]:
    for key in keys:
        yield path + key.name, key
        yield from _placed(key.inner, path=f"{path}{key.name}.")


def _entries() -> Mapping[str, tuple[Placed, ...]]:
    found: dict[str, tuple[Placed, ...]] = {}
    for kind in KINDS:
        for path, key in _placed(kind.keys):
            fold = folded_name(key.name)
            found[fold] = (*found.get(fold, ()), (path, key))
    return found


_ENTRIES: Final = _entries()
