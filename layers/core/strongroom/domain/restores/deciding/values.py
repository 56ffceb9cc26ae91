"""The value of each key: by where it comes from, never by who says it loudest."""

from collections.abc import Iterator
from typing import Any, Final, assert_never

from strongroom.domain.restores.deciding.decision import Danger, Fault
from strongroom.domain.restores.deciding.devices import devices_under
from strongroom.domain.restores.deciding.looking import Look
from strongroom.domain.restores.deciding.picking import pick
from strongroom.domain.restores.deciding.reading import read_json, shaped, write_json
from strongroom.domain.restores.deciding.saying import Folded, Said, folded, mapping_in, read_backup, read_wishes
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import Key, Shape, Use

_IN_JSON: Final = (Shape.FLAG, Shape.NUMBER, Shape.LIST, Shape.FEW, Shape.PATHS, Shape.JSON, Shape.PARAMETERS)


def values_of(keys: Folded, *, wishes: Said, told: Said, sheet: Sheet, path: str = "") -> dict[str, str]:
    """The value of every key that is sent; `path` leads to the mapping in which they stand."""
    values: dict[str, str] = {}
    for fold, key in _in_order(keys):
        if key.use is Use.NEVER and fold not in wishes:
            continue
        look = Look(key, path=path, values=values, sheet=sheet)
        value = _value(look, wishes.get(fold), told.get(fold))
        if value is not None:
            values[key.name] = value
    return values


def _in_order(keys: Folded) -> Iterator[tuple[str, Key]]:
    """The keys, and after them those that rest on another one of them."""
    later = []
    for fold, key in keys.items():
        if key.with_backup is None and key.needs is None and key.only_where is None:
            yield fold, key
        else:
            later.append((fold, key))
    yield from later


def _value(look: Look, wish: str | None, told: str | None) -> str | None:
    """What is sent of one key, if anything; what is wrong with the wish is noted."""
    match look.key.use:
        case Use.NAME | Use.MADE | Use.DEVICES | Use.NEVER:
            _forbid(look, wish)
            return _ours(look, told)
        case Use.FIXED:
            _demand_fixed(look, wish)
            return look.filled_in()
        case Use.CARRIED:
            _demand_backup(look, wish, told)
            return look.of_backup(told)
        case Use.CHOSEN:
            return _chosen(look, wish, told)
        case Use.ASKED:
            return _asked(look, wish, told)
        case Use.PLACE | Use.OFFER | Use.KEY:
            return pick(look, wish, told)
        case Use.NEW:
            return _new(look, wish)
        case Use.ROLE:
            return _role(look, wish)
        case Use.NESTED:
            return _nested(look, wish, told)
        case _:
            assert_never(look.key.use)


def _ours(look: Look, told: str | None) -> str | None:
    """What nobody outside says anything of."""
    match look.key.use:
        case Use.NAME:
            return look.case.target.name
        case Use.MADE:
            return look.filled_in()
        case Use.DEVICES:
            return devices_under(told, path=look.path, sheet=look.sheet)
        case _:
            return None


def _forbid(look: Look, wish: str | None) -> None:
    key = look.key
    if wish is None or wish == key.harmless:
        return
    if key.harmless and shaped(wish, key) is None:
        look.refuse_shape()
        return
    look.refuse(Fault(key.barred), "is not to be asked for here")
    look.is_outside(wish)


def _demand_fixed(look: Look, wish: str | None) -> None:
    if wish is None or wish == look.key.value:
        return
    if shaped(wish, look.key) is None and look.key.shape is Shape.FLAG:
        look.refuse_shape()
        return
    look.refuse(Fault.FORBIDDEN_KEY, f"is always {look.key.value}")
    look.is_outside(wish)


def _demand_backup(look: Look, wish: str | None, told: str | None) -> None:
    if wish is None or wish == told:
        return
    look.refuse(Fault.FORBIDDEN_KEY, "is the backup's, and nobody else says it")
    look.is_outside(wish)


def _chosen(look: Look, wish: str | None, told: str | None) -> str | None:
    key, value = look.key, look.of_backup(told)
    if wish is None:
        return value
    said = look.of_asker(wish)
    if said is None:
        return None
    if key.grows and value is not None and int(said) < int(value):
        look.refuse(Fault.BAD_VALUE, f"is {said}, which is less than the backup's {value}")
        return None
    if key.is_class and said != value:
        _check_class(look, said, value)
    if (value or "").startswith(key.several) and not said.startswith(key.several):
        look.warn(Danger.NO_MULTI_AZ, "It lies in one zone, and the original lay in several.")
    return said


def _check_class(look: Look, said: str, value: str | None) -> None:
    if said not in look.case.limits.classes:
        look.refuse(Fault.NOT_IN_PROFILE, f"is {said}, which is not among the classes that the intent lists")
        return
    original = f"the original had {value}" if value else "what the original had is not known"
    look.warn(Danger.OTHER_CLASS, f"Its {look.path} is {said}, and {original}.")


def _asked(look: Look, wish: str | None, told: str | None) -> str | None:
    if wish is not None:
        said = look.of_asker(wish)
        return said if _means_something(look) else None
    where, needs = look.key.with_backup, look.key.needs
    value = look.of_backup(told) if where is not None and look.holds(where) else None
    if value is None and needs is not None and look.holds(needs):
        look.refuse(Fault.BAD_VALUE, f"must be said where {needs.key} is {' or '.join(needs.values)}")
    return value or look.filled_in()


def _means_something(look: Look) -> bool:
    """Whether AWS reads it beside what else is said; what it does not read is refused, and not sent for show."""
    where = look.key.only_where
    if where is None or look.holds(where):
        return True
    look.refuse(Fault.BAD_VALUE, f"means nothing unless {where.key} is {' or '.join(where.values)}")
    return False


def _new(look: Look, wish: str | None) -> str | None:
    if wish is not None and shaped(wish, look.key) is None:
        look.refuse_shape()
        return None
    return "false" if wish == "false" or (wish is None and look.case.existing) else look.key.value


def _role(look: Look, wish: str | None) -> str | None:
    if wish is None:
        return None
    if wish != look.key.value or not look.case.limits.allow_backed_up_role:
        look.refuse(Fault.ROLE, "names a role, and what is restored gets none")
        look.is_outside(wish)
        return None
    look.warn(Danger.RUNS_AS_ROLE, "It runs as the role that the original had when it was backed up.")
    return wish


def _nested(look: Look, wish: str | None, told: str | None) -> str | None:
    path, inner, sheet = f"{look.path}.", folded(look.key.inner), look.sheet
    wished, backed_up = (None if text is None else mapping_in(text) for text in (wish, told))
    if wish is not None and wished is None:
        look.refuse(Fault.BAD_VALUE, "must be a mapping in JSON, each key once")
        return None
    if told is not None and backed_up is None:
        sheet.leave_out(look.path, "it is no mapping in JSON, or holds a key twice")
    wishes = read_wishes(wished or {}, inner, sheet=sheet, path=path)
    values = values_of(
        inner, wishes=wishes, told=read_backup(backed_up or {}, inner, sheet=sheet, path=path), sheet=sheet, path=path
    )
    shapes = {key.name: key.shape for key in look.key.inner}
    return write_json({name: _in_json(value, shapes[name]) for name, value in values.items()}) if values else None


def _in_json(value: str, shape: Shape) -> Any:
    """The value as it stands inside of JSON."""
    return read_json(value) if shape in _IN_JSON else value
