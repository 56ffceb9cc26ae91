"""One content has one text, and every other text is refused."""

import enum
import json
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError

LARGEST = 2**53 - 1


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 3


TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
KEYS = st.text(st.characters(max_codepoint=127), max_size=5)
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (LARGEST, "9007199254740991"),
        (-LARGEST, "-9007199254740991"),
        ("", '""'),
        ('a"\\\n\t\x00\x7f/', '"a\\"\\\\\\n\\t\\u0000\x7f/"'),
        ("zürich ✓ 𝄞", '"zürich ✓ 𝄞"'),
        ("u\u0308", '"ü"'),
        ([], "[]"),
        ((1, "a"), '[1,"a"]'),
        ({"b": 1, "a": [None, False]}, '{"a":[null,false],"b":1}'),
        ({"a": 1, "B": 2, "": 3}, '{"":3,"B":2,"a":1}'),
        (Colour.RED, '"red"'),
        ({Colour.RED: Size.LARGE}, '{"red":3}'),
    ],
    ids=repr,
)
def test_a_content_is_written_in_its_one_way(content: Any, text: str) -> None:
    assert canonical_text(content) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (1.0, "no float like this one$"),
        (float("nan"), "no float like this one$"),
        (LARGEST + 1, "no int like this one$"),
        (-LARGEST - 1, "no int like this one$"),
        (b"a", "no bytes like this one$"),
        ({1, 2}, "no set"),
        ([object()], "no object"),
        ({1: "a"}, "^a key is not ASCII text$"),
        ({"ü": 1}, "^a key is not ASCII text$"),
        ({None: 1}, "^a key is not ASCII text$"),
        ("\ud800", "^the content holds half of a character$"),
    ],
    ids=["float", "nan", "2^53", "-2^53", "bytes", "set", "object", "number key", "umlaut key", "no key", "surrogate"],
)
def test_what_two_languages_would_write_differently_is_not_written(content: Any, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        canonical_text(content)


def nested(content: Any, *, depth: int, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(depth):
        content = wrap(content)
    return content


@pytest.mark.parametrize("wrap", [lambda it: [it], lambda it: (it,), lambda it: {"a": it}], ids=["[]", "()", "{}"])
@pytest.mark.parametrize("innermost", [1, [], {}], ids=repr)
def test_a_content_is_nested_a_hundred_times_and_no_more(wrap: Callable[[Any], Any], innermost: Any) -> None:
    deepest = 100 if innermost == 1 else 99
    assert read_canonical(canonical_text(nested(innermost, depth=deepest, wrap=wrap)))
    with pytest.raises(MalformedRecordError, match=r"^the content is nested deeper than 100 times$"):
        canonical_text(nested(innermost, depth=deepest + 1, wrap=wrap))


def test_what_is_nested_without_end_is_neither_written_nor_read() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(MalformedRecordError, match="nested deeper"):
        canonical_text(endless)
    with pytest.raises(MalformedRecordError, match="nested deeper"):
        read_canonical("[" * 101 + "]" * 101)
    with pytest.raises(MalformedRecordError, match="no JSON as it is written here"):
        read_canonical("[" * 200_000 + "]" * 200_000)


@given(CONTENTS)
def test_what_is_written_reads_as_it_was(content: Any) -> None:
    assert read_canonical(canonical_text(content)) == content


@given(CONTENTS, st.data())
def test_no_other_text_says_the_same(content: Any, data: st.DataObject) -> None:
    text = canonical_text(content)
    place = data.draw(st.integers(0, len(text)))
    other = text[:place] + data.draw(st.sampled_from([" ", "\n", "0", '"', ",", "", "\\u0061"])) + text[place + 1 :]
    assume(other != text)
    try:
        said = read_canonical(other)
    except MalformedRecordError:
        return
    assert canonical_text(said) == other
    assert (said, json.dumps(said)) != (content, json.dumps(content))


@given(CONTENTS)
def test_every_other_spelling_of_a_content_is_refused(content: Any) -> None:
    text = canonical_text(content)
    for other in (
        json.dumps(content, separators=(",", ":")),
        json.dumps(content, sort_keys=True),
        json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False),
        text + " ",
        "\ufeff" + text,
    ):
        if other != text:
            with pytest.raises(MalformedRecordError):
                read_canonical(other)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1,"a":1}', "not the canonical form"),
        ('{"a":1,"a":2}', "not the canonical form"),
        ('{"b":1,"a":1}', "not the canonical form"),
        ("-0", "not the canonical form"),
        ("[1, 2]", "not the canonical form"),
        ('"\\/"', "not the canonical form"),
        ('"\\u00fc"', "not the canonical form"),
        ('"u\u0308"', "not the canonical form"),
        ('"\\ud834\\udd1e"', "not the canonical form"),
        ('"\\ud834"', "^the content holds half of a character$"),
        ("01", "no JSON as it is written here"),
        ("1.0", "no JSON as it is written here: 1.0 is not an integer$"),
        ("1e3", "no JSON as it is written here: 1e3 is not an integer"),
        ("0." + "1" * 90, "0." + "1" * 38 + " is not an integer"),
        ("NaN", "no JSON as it is written here: NaN is not an integer"),
        ("-Infinity", "-Infinity is not an integer$"),
        ("9007199254740992", "no int like this one$"),
        ("9" * 5000, "no JSON as it is written here"),
        ('{"ü":1}', "^a key is not ASCII text$"),
        ("", "no JSON"),
        ("{}{}", "no JSON"),
    ],
)
def test_a_text_that_is_not_canonical_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        read_canonical(text)


def test_a_digest_is_the_sha_256_of_the_text() -> None:
    assert digest_of("zürich") == sha256("zürich".encode()).hexdigest()


def test_a_text_with_half_of_a_character_has_a_digest_of_its_own() -> None:
    assert digest_of("\ud834") == sha256(b"\xed\xa0\xb4").hexdigest()
