"""HTML as a tree, so that whatever a name holds stays text."""

from typing import Final
from unicodedata import category
from xml.etree.ElementTree import Element, tostring

type Child = Element | str

# Control, format and surrogate characters: unseen, or turning the direction of what stands beside them.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})


def tag(name: str, /, *children: Child, **attributes: str) -> Element:
    """An element; `class_` and `aria_label` become `class` and `aria-label`."""
    element = Element(name, {_spelled(key): visible(value) for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            element.append(child)
            last = child
        elif last is None:
            element.text = (element.text or "") + visible(child)
        else:
            last.tail = (last.tail or "") + visible(child)
    return element


def document(root: Element) -> str:
    """The whole page."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def visible(text: str) -> str:
    """The text, with a mark in place of each character that nobody sees."""
    return "".join("\N{REPLACEMENT CHARACTER}" if category(each) in _UNSEEN else each for each in text)


def _spelled(key: str) -> str:
    return key.removesuffix("_").replace("_", "-") if key != "viewBox" else key
