"""What settings name of an account: by what the table says of each key, of whichever kind it is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.restores.deciding.profiles import LIST_OF
from strongroom.domain.restores.deciding.reading import UnreadableError, arns_in, read_json, texts_of
from strongroom.domain.restores.kinds import files
from strongroom.domain.restores.kinds.model import Key, Shape, Use
from strongroom.domain.restores.kinds.table import KINDS
from strongroom.domain.restores.metadata import Metadata

_KEYS: Final = "keys"
_ONTAP: Final = "OntapConfiguration"


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
        for inner, of in _NESTED.get(name, {}).items():
            inside = _mapping(value)
            if inner in inside:
                yield PlaceNamed(key=f"{name}.{inner}", of=of, name=str(inside[inner]))


class VolumeNamed(Struct, frozen=True, kw_only=True):
    """A volume that restore metadata would make in a virtual machine of ONTAP, and where that shows it, if anywhere."""

    machine: str
    name: str
    junction: str

    def is_taken_by(self, *, name: str, junction: str) -> bool:
        """Whether a volume of the virtual machine has the name, or lies at the junction; ONTAP minds no case."""
        mounted = bool(self.junction) and _junction(self.junction) == _junction(junction)
        return mounted or self.name.casefold() == name.casefold()


def volume_named(metadata: Metadata) -> VolumeNamed | None:
    """The volume of ONTAP that the metadata name, None where they name no virtual machine."""
    said = dict(metadata)
    inside = _mapping(said.get(_ONTAP, ""))
    machine = inside.get("storageVirtualMachineId")
    if not machine:
        return None
    return VolumeNamed(
        machine=str(machine), name=said.get(files.ONTAP.name_key, ""), junction=str(inside.get("junctionPath", ""))
    )


def _junction(path: str) -> str:
    return path.rstrip("/").casefold()


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        content = read_json(text)
    except UnreadableError:
        return {}
    return content if isinstance(content, dict) else {}


def _names(key: Key, value: str) -> tuple[str, ...]:
    if key.use in (Use.DEVICES, Use.MADE):
        return tuple(dict.fromkeys(arns_in(value)))
    return (texts_of(value) or ()) if key.shape is Shape.LIST else (value,)


def _known() -> Mapping[str, Key]:
    """The keys that name a place, a key or devices; no two kinds mean another thing by one of them."""
    keys = (key for kind in KINDS for key in kind.keys)
    return {key.name: key for key in keys if key.name in LIST_OF or key.takes_key or key.use is Use.DEVICES}


def _nested() -> Mapping[str, Mapping[str, str]]:
    """By the key that holds a mapping: which of its keys name a place, and the list of a profile for each."""
    found: dict[str, dict[str, str]] = {}
    for path, of in LIST_OF.items():
        if "." in path:
            outer, inner = path.split(".")
            found.setdefault(outer, {})[inner] = of
    return found


_KNOWN: Final = _known()
_NESTED: Final = _nested()
