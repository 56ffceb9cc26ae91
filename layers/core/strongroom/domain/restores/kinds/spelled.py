"""Short ways to write the keys of one table row, one for each use."""

from strongroom.domain.restores.kinds.model import MOST, Barred, Condition, Key, Shape, Use

type Keys = tuple[Key, ...]


def never(*names: str, barred: Barred = Barred.FORBIDDEN) -> Keys:
    """Keys that are never sent, whoever says them."""
    return tuple(Key(name=name, use=Use.NEVER, barred=barred) for name in names)


def never_added(*names: str, barred: Barred = Barred.FORBIDDEN) -> Keys:
    """Keys that are never sent, and that no job may add by itself."""
    return tuple(Key(name=name, use=Use.NEVER, barred=barred, grave=True) for name in names)


def never_public(*names: str) -> Keys:
    """Flags that are never sent, of which nobody minds a wish for false."""
    return tuple(Key(name=name, use=Use.NEVER, shape=Shape.FLAG, harmless="false", grave=True) for name in names)


def named(name: str) -> Keys:
    """The key that holds the name of what is made."""
    return (Key(name=name, use=Use.NAME),)


def made(name: str, value: str) -> Keys:
    """A key whose value follows from the request."""
    return (Key(name=name, use=Use.MADE, value=value),)


def fixed(name: str, value: str) -> Keys:
    """A key that always has that value."""
    shape = Shape.FLAG if value in ("true", "false") else Shape.NUMBER if value.isdecimal() else Shape.PLAIN
    return (Key(name=name, use=Use.FIXED, shape=shape, value=value),)


def chosen(*names: str, shape: Shape = Shape.PLAIN) -> Keys:
    """Keys that have the backup's value, or what the asker says."""
    return tuple(Key(name=name, use=Use.CHOSEN, shape=shape) for name in names)


def flags(*names: str) -> Keys:
    """Flags that have the backup's value, or what the asker says."""
    return chosen(*names, shape=Shape.FLAG)


def number(name: str, *, least: int = 0, most: int = MOST, grows: bool = False, unset: str = "") -> Keys:
    """A number that is the backup's, or the asker's."""
    return (Key(name=name, use=Use.CHOSEN, shape=Shape.NUMBER, least=least, most=most, grows=grows, unset=unset),)


def size_class(name: str) -> Keys:
    """A class that is the backup's, or another one of those that the intent lists."""
    return (Key(name=name, use=Use.CHOSEN, is_class=True),)


def zones(name: str, several: str) -> Keys:
    """Whether it lies in several zones, as the backup did, or the asker says."""
    shape = Shape.FLAG if several == "true" else Shape.PLAIN
    return (Key(name=name, use=Use.CHOSEN, shape=shape, several=several),)


def carried(*names: str, shape: Shape = Shape.PLAIN) -> Keys:
    """Keys that have the backup's value, whatever anybody says."""
    return tuple(Key(name=name, use=Use.CARRIED, shape=shape) for name in names)


def asked(
    name: str,
    *,
    shape: Shape = Shape.PLAIN,
    value: str = "",
    most: int = MOST,
) -> Keys:
    """A key that only the asker says; where nobody does, `value` is sent, or nothing."""
    return (Key(name=name, use=Use.ASKED, shape=shape, value=value, most=most),)


def asked_where(name: str, where: Condition, *, shape: Shape) -> Keys:
    """A key that only the asker says: there it must be said, and elsewhere it means nothing."""
    return (Key(name=name, use=Use.ASKED, shape=shape, needs=where, only_where=where),)


def speed(name: str, *, of: str, kinds: tuple[str, ...], needs: tuple[str, ...]) -> Keys:
    """A speed that is the asker's, and the backup's only where the storage `of` that name is of these kinds.

    Storage of the kinds in `needs` cannot be without it.
    """
    needed = Condition(of, needs) if needs else None
    return (Key(name=name, use=Use.ASKED, shape=Shape.NUMBER, with_backup=Condition(of, kinds), needs=needed),)


def place(*names: str, shape: Shape = Shape.PLAIN) -> Keys:
    """Places that only the profile names, and without which nothing is restored."""
    return tuple(Key(name=name, use=Use.PLACE, shape=shape) for name in names)


def offer(*names: str, unset: str = "", needs: Condition | None = None) -> Keys:
    """Choices that only the profile names, and without which a restore is possible unless `needs` says otherwise."""
    return tuple(Key(name=name, use=Use.OFFER, unset=unset, needs=needs) for name in names)


def encrypted_by(name: str, *, is_needed: bool = True) -> Keys:
    """The key that encrypts what is made."""
    return (Key(name=name, use=Use.KEY, is_needed=is_needed),)


def nested(name: str, *inner: Key) -> Keys:
    """A mapping in JSON."""
    return (Key(name=name, use=Use.NESTED, inner=inner),)
