"""What the two sides say of the keys, folded to small letters: whoever asks, and the backup itself."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from strongroom.domain.restores.deciding.decision import Fault
from strongroom.domain.restores.deciding.parameters import UNREADABLE
from strongroom.domain.restores.deciding.reading import UnreadableError, is_key, is_text, read_json, shaped, write_json
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import Key, Shape, Use
from strongroom.domain.restores.metadata import Metadata

type Said = dict[str, str]
type Folded = Mapping[str, Key]

# AWS Backup's own words about a backup.
_AWS_OWN: Final = ("aws:backup:", "informationalonly:")
_TIMES: Final = frozenset({"restoretime", "restoretotime", "uselatestrestorabletime"})
# Of these the backup's value is sent, so that it is missed where it cannot be.
_CARRIED: Final = (Use.CARRIED, Use.CHOSEN, Use.NESTED, Use.DEVICES)


def folded(keys: Iterable[Key]) -> Folded:
    """The keys by their names in small letters."""
    return {key.name.lower(): key for key in keys}


def read_wishes(wishes: Mapping[Any, Any], keys: Folded, *, sheet: Sheet, path: str = "") -> Said:
    """What the asker says of known keys, in texts; the rest is refused, each fault once."""
    said: Said = {}
    for fold, spelled in _by_key(wishes).items():
        name = path + _name(fold, spelled)
        if len(spelled) > 1:
            sheet.refuse(Fault.DOUBLED_KEY, f"{name} is said twice, in different letters", key=name)
        elif not path and fold in _TIMES:
            sheet.refuse(Fault.FORBIDDEN_KEY, f"{name}: the time is asked for as such, and not as metadata", key=name)
        elif fold not in keys:
            sheet.refuse(Fault.UNKNOWN_KEY, f"{name} is not a key of this restore", key=name)
        elif not is_text(_value(spelled)):
            sheet.refuse(Fault.BAD_VALUE, f"{name} must be a text of 1 to 8,192 visible characters", key=name)
        else:
            said[fold] = _value(spelled)
    return said


def read_as_written(wishes: Mapping[Any, Any], *, sheet: Sheet) -> Said:
    """What the asker writes, letter by letter; what AWS takes for one key is refused where it is said twice.

    What can be no key, is AWS's own word, or is no text, is refused, too.
    """
    said: Said = {}
    keys = {key.lower() for key in wishes if is_key(key)}
    for fold, spelled in _by_key(wishes).items():
        name = _name(fold, spelled)
        if len(spelled) > 1:
            sheet.refuse(Fault.DOUBLED_KEY, f"{name} is said twice, in different letters", key=name)
        elif fold in _TIMES:
            sheet.refuse(Fault.FORBIDDEN_KEY, f"{name}: the time is asked for as such, and not as metadata", key=name)
        elif fold not in keys or fold.startswith(_AWS_OWN):
            sheet.refuse(Fault.UNKNOWN_KEY, f"{name} can be no key of a restore", key=name)
        elif not is_text(_value(spelled)):
            sheet.refuse(Fault.BAD_VALUE, f"{name} must be a text of 1 to 8,192 visible characters", key=name)
        else:
            said[name] = _value(spelled)
    return said


def read_backup(backup: Mapping[Any, Any], keys: Folded, *, sheet: Sheet, path: str = "") -> Said:
    """What the backup tells of known keys, in texts; what nobody knows, or is told in two ways, is left out."""
    told: Said = {}
    for fold, spelled in _by_key(backup).items():
        key = keys.get(fold)
        if key is None:
            if not fold.startswith(_AWS_OWN):
                sheet.leave_out(path + _name(fold, spelled), "nobody knows it")
        elif len(spelled) == 1 and is_text(_value(spelled)):
            told[fold] = _value(spelled)
        elif key.use in _CARRIED and [value for _, value in spelled] != [""]:
            _miss(key, path, is_doubled=len(spelled) > 1, sheet=sheet)
    return told


def _miss(key: Key, path: str, *, is_doubled: bool, sheet: Sheet) -> None:
    if key.shape is Shape.PARAMETERS:
        sheet.refuse(Fault.BY_HAND, f"{path}{key.name} {UNREADABLE}", key=path + key.name)
    else:
        sheet.leave_out(path + key.name, "it is told twice" if is_doubled else "its value is no text to send")


def settings_of(backup: Mapping[Any, Any], keys: Folded) -> Metadata:
    """What the backup tells of keys that a restore may send, as it tells it, spelled as the table does; sorted.

    Of parameters nothing is told unless all of them may be.
    """
    told = ((fold, spelled) for fold, spelled in _by_key(backup).items() if fold in keys)
    return tuple(
        sorted(
            (keys[fold].name, _value(spelled))
            for fold, spelled in told
            if keys[fold].use is not Use.NEVER
            and len(spelled) == 1
            and is_text(_value(spelled))
            and _may_be_shown(_value(spelled), keys[fold])
        )
    )


def _may_be_shown(text: str, key: Key) -> bool:
    return key.shape is not Shape.PARAMETERS or shaped(text, key) is not None


def mapping_in(text: str) -> dict[str, Any] | None:
    """The mapping in a JSON text, its values as texts; None where it is none, or holds a key twice."""
    try:
        content = read_json(text)
    except UnreadableError:
        return None
    return {name: _as_text(value) for name, value in content.items()} if isinstance(content, dict) else None


def _as_text(value: Any) -> Any:
    """A value inside of JSON as it would stand outside of it."""
    return value if isinstance(value, str) or value is None else write_json(value)


def _by_key(said: Mapping[Any, Any]) -> dict[str, list[tuple[str, Any]]]:
    """Each key in small letters, with how it is spelled and its values; what can be no key stands for itself."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for key, value in said.items():
        shown = _shown(str(key))
        found.setdefault(key.lower() if is_key(key) else shown, []).append((shown, value))
    return found


def _name(fold: str, spelled: list[tuple[str, Any]]) -> str:
    """What a key is called to people: as it was spelled, unless it was in several ways."""
    if len(spelled) > 1:
        return fold
    [(shown, _)] = spelled
    return shown


def _value(spelled: list[tuple[str, Any]]) -> Any:
    """What is said of a key that is said once."""
    [(_, value)] = spelled
    return value


def _shown(name: str) -> str:
    """A stranger's key as people may read it: no look-alikes, nothing that moves the cursor."""
    return name if name.isascii() and name.isprintable() else json.dumps(name)[:80]
