"""Slack's Block Kit: what Slack refuses, which buttons a message holds, and how blocks look on a page."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, cast
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox.people import UnknownPersonError, person_with_slack_id
from sandbox.web.pages import joined

Block = dict[str, Any]

# Slack's reference pages "Blocks" and "Block elements".
_MAX_BLOCKS = 50
_MAX_FIELDS = 10
_MAX_CONTEXT_ELEMENTS = 10
_MAX_ACTIONS = 25
_MAX_HEADER = 150
_MAX_SECTION = 3000
_MAX_FIELD = 2000
_MAX_BUTTON_TEXT = 75
_MAX_BUTTON_VALUE = 2000
_MAX_IDENTIFIER = 255

_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MARKS = ((r"```(.+?)```", "pre"), (r"`([^`\n]+)`", "code"), (r"\*([^*\n]+)\*", "b"), (r"\b_([^_\n]+)_\b", "i"))


def problems_of(blocks: object) -> list[str]:
    """Return what Slack would answer `invalid_blocks` for; nothing when all is well."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be a list [json-pointer:/blocks]"]
    found = ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"] if len(blocks) > _MAX_BLOCKS else []
    for index, block in enumerate(blocks):
        complaints = _block_problems(block) if isinstance(block, dict) else ["must be an object"]
        found += [f"[ERROR] {complaint} [json-pointer:/blocks/{index}]" for complaint in complaints]
    named = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(named) != len(set(named)):
        found.append("[ERROR] block_id already exists [json-pointer:/blocks]")
    return found


def _block_problems(block: Block) -> list[str]:
    match block.get("type"):
        case "header":
            return _text_problems(block.get("text"), limit=_MAX_HEADER, kinds=("plain_text",))
        case "section":
            return _section_problems(block)
        case "context":
            elements = _objects(block.get("elements"))
            found = [] if 0 < len(elements) <= _MAX_CONTEXT_ELEMENTS else ["1 to 10 elements required"]
            texts = (element for element in elements if element.get("type") != "image")
            return found + [said for text in texts for said in _text_problems(text, limit=_MAX_FIELD)]
        case "actions":
            elements = _objects(block.get("elements"))
            found = [] if 0 < len(elements) <= _MAX_ACTIONS else ["1 to 25 elements required"]
            return found + [said for element in elements for said in _element_problems(element)]
        case "input":
            return _text_problems(block.get("label"), limit=_MAX_FIELD, kinds=("plain_text",))
        case "divider" | "image" | "rich_text":
            return []
        case kind:
            return [f"unsupported type: {kind}"]


def _section_problems(block: Block) -> list[str]:
    if "text" not in block and "fields" not in block:
        return ["missing required field: text or fields"]
    found = _text_problems(block["text"], limit=_MAX_SECTION) if "text" in block else []
    fields = _objects(block.get("fields"))
    if len(fields) > _MAX_FIELDS:
        found.append("no more than 10 items allowed in fields")
    found += [said for text in fields for said in _text_problems(text, limit=_MAX_FIELD)]
    return found + (_element_problems(block["accessory"]) if "accessory" in block else [])


def _objects(value: object) -> list[Block]:
    # Anything but a list of objects counts as empty, which the length check then refuses.
    is_list = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return cast("list[Block]", value) if is_list else []


def _element_problems(element: Block) -> list[str]:
    if element.get("type") != "button":
        return []
    found = _text_problems(element.get("text"), limit=_MAX_BUTTON_TEXT, kinds=("plain_text",))
    if len(element.get("value", "")) > _MAX_BUTTON_VALUE:
        found.append("value must be less than 2001 characters")
    if len(element.get("action_id", "")) > _MAX_IDENTIFIER:
        found.append("action_id must be less than 256 characters")
    if element.get("style", "primary") not in ("primary", "danger"):
        found.append("style must be primary or danger")
    return found


def _text_problems(text: object, *, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return [f"text of type {' or '.join(kinds)} required"]
    length = len(text.get("text", ""))
    return [] if 0 < length <= limit else [f"text must be 1 to {limit} characters"]


def named(blocks: list[Block]) -> list[Block]:
    """Return the blocks with the `block_id` and `action_id` that Slack gives to those without."""
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"b{number:04d}")
        for place, element in enumerate(_elements(block)):
            element.setdefault("action_id", f"a{number:04d}{place:02d}")
    return blocks


def buttons_of(message: Block) -> Iterator[tuple[Block, Block]]:
    """Yield each button of a message with the block that it stands in."""
    for block in message.get("blocks", []):
        for element in _elements(block):
            if element.get("type") == "button":
                yield block, element


def _elements(block: Block) -> list[Block]:
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if "accessory" in block else []


def rendered(text: Block) -> Markup:
    """Show a text object: `mrkdwn` with its marks and links, `plain_text` to the letter."""
    if text["type"] == "plain_text":
        return escape(text["text"])
    return rendered_mrkdwn(text["text"])


def rendered_mrkdwn(text: str) -> Markup:
    """Show mrkdwn; only http links become links, and nothing in the text can become HTML."""
    parts: list[Markup] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts += [_marked(text[end : token.start()]), _rendered_token(token[1], token[2])]
        end = token.end()
    return Markup().join([*parts, _marked(text[end:])])


def _marked(text: str) -> Markup:
    # The author escaped &, < and > as Slack asks; undo that before escaping for HTML.
    shown = str(escape(unescape(text)))
    for pattern, tag in _MARKS:
        shown = re.sub(pattern, rf"<{tag}>\1</{tag}>", shown, flags=re.DOTALL)
    return Markup(shown.replace("\n", "<br>"))  # noqa: S704 - escaped two lines above


def _rendered_token(target: str, label: str | None) -> Markup:
    if target.startswith("@"):
        return Markup("<b>@{}</b>").format(_person_shown(target[1:]))
    if target.startswith(("#", "!")):
        return Markup("<b>{}</b>").format(label or target)
    if urlsplit(target).scheme in ("http", "https"):
        return Markup('<a href="{}">{}</a>').format(unescape(target), unescape(label or target))
    return escape(label or target)


def _person_shown(slack_id: str) -> str:
    try:
        return person_with_slack_id(slack_id).display_name
    except UnknownPersonError:
        return slack_id


def rendered_block(block: Block) -> Markup:
    """Show one block, without its buttons."""
    match block["type"]:
        case "header":
            return Markup("<h3>{}</h3>").format(rendered(block["text"]))
        case "section":
            text = Markup("<p>{}</p>").format(rendered(block["text"])) if "text" in block else Markup()
            fields = joined(Markup("<div>{}</div>").format(rendered(field)) for field in block.get("fields", []))
            return text + Markup('<div class="fields">{}</div>').format(fields)
        case "context":
            texts = (rendered(element) for element in block["elements"] if element["type"] != "image")
            return Markup('<p class="quiet">{}</p>').format(Markup(" · ").join(texts))
        case "divider":
            return Markup("<hr>")
        case _:
            return Markup()
