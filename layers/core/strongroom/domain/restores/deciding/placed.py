"""What settings name of an account: by what the table says of each key, of whichever kind it is."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.deciding.profiles import LIST_OF
from strongroom.domain.restores.deciding.reading import arns_in, texts_of
from strongroom.domain.restores.kinds.model import Key, Shape, Use
from strongroom.domain.restores.kinds.table import KINDS
from strongroom.domain.restores.metadata import Metadata

_KEYS: Final = "keys"


class PlaceNamed(Struct, frozen=True, kw_only=True):
    """Something that restore metadata names by `key`; `of` is the list of a profile that it would stand in."""

    key: str
    of: str
    name: str


def places_named(metadata: Metadata) -> Iterator[PlaceNamed]:
    """Everything that places or encrypts what is restored, each by itself where a key names several."""
    for name, value in metadata:
        key = _KNOWN.get(name)
        if key is not None:
            of = LIST_OF.get(name, _KEYS)
            yield from (PlaceNamed(key=name, of=of, name=each) for each in _names(key, value))


def _names(key: Key, value: str) -> tuple[str, ...]:
    if key.use in (Use.DEVICES, Use.MADE):
        return tuple(dict.fromkeys(arns_in(value)))
    return (texts_of(value) or ()) if key.shape is Shape.LIST else (value,)


def _known() -> Mapping[str, Key]:
    """The keys that name a place, a key or devices; no two kinds mean another thing by one of them."""
    keys = (key for kind in KINDS for key in kind.keys)
    return {key.name: key for key in keys if key.name in LIST_OF or key.takes_key or key.use is Use.DEVICES}


_KNOWN: Final = _known()
