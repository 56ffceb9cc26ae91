"""Views as items and back: what a view says stands in one attribute, `view`, beside the keys."""

from typing import Any, Final

import msgspec

from strongroom.adapters.ledger.table import Item

_VIEW: Final = "view"


def dumped(view: Any) -> Item:
    """The view as an item's attribute: moments as text, states as words, and nothing for what is not known."""
    return {_VIEW: _told(msgspec.to_builtins(view, str_keys=True))}


def loaded[View](item: Item, kind: type[View]) -> View:
    """The view that `dumped` wrote; a field that an earlier release did not write has its default."""
    return viewed(item[_VIEW], kind)


def view_of(item: Item) -> Item | None:
    """What the item says of its view; None where it says it in attributes of its own."""
    view: Item | None = item.get(_VIEW)
    return view


def viewed[View](said: Item, kind: type[View]) -> View:
    """The view that is said so."""
    return msgspec.convert(said, kind, str_keys=True)


def _told(value: Any) -> Any:
    match value:
        case dict():
            return {name: _told(each) for name, each in value.items() if each is not None}
        case list() | tuple():
            return [_told(each) for each in value]
        case _:
            return value
