"""The words of a document are read as people see them."""

from typing import Any

import pytest

from strongroom.adapters.tickets.documents import document_of_text, text_of_document


def words(text: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "marks": [{"type": mark} for mark in marks]}


def block(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content), "attrs": attrs}


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (block("doc", block("paragraph", words("arn:a"), words("ws:rds", "strong"))), "arn:aws:rds"),
        (block("doc", block("paragraph", words("one")), block("paragraph", words("two"))), "one\n\ntwo"),
        (block("doc", block("paragraph", words("one"), {"type": "hardBreak"}, words("two"))), "one\n\ntwo"),
        (block("doc", block("bulletList", block("listItem", block("paragraph", words("one"))))), "one"),
        (block("doc", block("codeBlock", words("arn:aws:rds"))), "arn:aws:rds"),
        (block("doc", block("paragraph", words("not "), words("arn:aws:rds", "strike"), words("!"))), "not  !"),
        (block("doc", block("paragraph", words("see"), block("inlineCard", url="https://x"))), "see https://x "),
        (block("doc", block("paragraph", block("mention", text="@Chiara"))), " @Chiara "),
        ("plain", "plain"),
        (None, ""),
        (5, ""),
        ([words("x")], ""),
        (block("doc", "x", 5, None), ""),
        ({"type": "doc", "content": "x"}, ""),
        ({"type": "text", "text": "x", "marks": "strike"}, "x"),
    ],
)
def test_the_words_of_a_document(document: Any, text: str) -> None:
    assert text_of_document(document) == text


def test_a_document_as_deep_as_anybody_likes_is_read() -> None:
    document: dict[str, Any] = words("deep")
    for _ in range(50_000):
        document = {"type": "panel", "content": [document]}
    assert text_of_document(document) == "deep"


def test_a_text_comes_back_out_of_its_document() -> None:
    assert text_of_document(document_of_text("restored as x")) == "restored as x"
