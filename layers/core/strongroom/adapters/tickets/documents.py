"""The text of an Atlassian document, in which version 3 of Jira's API writes what people typed.

Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

from typing import Any, Final

from strongroom.adapters.tickets.values import text

_BLOCKS: Final = frozenset(
    {
        *("paragraph", "heading", "codeBlock", "blockquote", "panel", "rule", "listItem", "taskItem", "decisionItem"),
        *("tableRow", "tableCell", "tableHeader", "expand", "nestedExpand", "mediaSingle", "hardBreak"),
    }
)
# Where a node keeps what it shows, if it has no text of its own.
_SHOWN: Final = ("text", "url", "shortName")


def text_of_document(document: Any) -> str:
    """The words of a document, a line for each block; text that is struck through is no longer said."""
    if isinstance(document, str):
        return document
    said: list[str] = []
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            said.append(node)
        elif isinstance(node, dict):
            around = "\n" if node.get("type") in _BLOCKS else ""
            inner = node.get("content")
            children = inner if isinstance(inner, list) else []
            pending += [around, *(each for each in reversed(children) if isinstance(each, dict)), _own(node), around]
    return "".join(said).strip("\n")


def document_of_text(written: str) -> dict[str, Any]:
    """A document of plain paragraphs."""
    return {
        "type": "doc",
        "version": 1,
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
            for line in written.split("\n")
        ],
    }


def _own(node: dict[str, Any]) -> str:
    marks = node.get("marks")
    if any(
        isinstance(mark, dict) and mark.get("type") == "strike" for mark in (marks if isinstance(marks, list) else [])
    ):
        return " "
    if node.get("type") == "text":
        return str(node.get("text", ""))
    found = next((shown for name in _SHOWN if (shown := text(node, "attrs", name))), "")
    return f" {found} " if found else ""
