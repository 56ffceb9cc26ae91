"""Values of strangers: what has its shape comes out in one spelling, and what has not, not at all."""

from typing import Any

import pytest

from strongroom.domain.restores.deciding.case import Target
from strongroom.domain.restores.deciding.reading import (
    UnreadableError,
    is_foreign,
    is_key,
    is_path,
    is_plain,
    is_text,
    read_json,
    shaped,
    texts_of,
)
from strongroom.domain.restores.kinds.model import Key, Shape, Use

HERE = Target(account="111122223333", region="eu-west-1", name="restored-1")
OWN = "arn:aws:kms:eu-west-1:111122223333:key/1"
FOREIGN = OWN.replace("111122223333", "999999999999")
KEYS = {"PubliclyAccessible": True, "aws:backup:x": True, "a" * 200: True, "a" * 201: False, "": False}
STRANGE_KEYS = {"a b": False, "a ": False, "\u212amsKeyId": False, "\x7f": False}
PLAIN = {"a": True, "db.r6g.large": True, "sat:06:00-sat:06:30": True, "a+b c": True, "a" * 128: True, "a" * 129: False}
STRANGE = {"": False, "-a": False, "a/b": False, "arn:aws:x": False, "b ARN:x": False, "\u0430": False, "a\n": False}
PATHS = {
    "/a": True,
    "/a/b.txt": True,
    "/a/": True,
    "a": False,
    "/": False,
    "//a": False,
    "/../a": False,
    "/a/..": False,
}


@pytest.mark.parametrize(("key", "is_one"), [*KEYS.items(), *STRANGE_KEYS.items(), (None, False), (1, False)])
def test_what_can_be_a_key(key: Any, is_one: bool) -> None:  # noqa: FBT001 a row of the table
    assert is_key(key) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [("a", True), ("a" * 8192, True), ("a" * 8193, False), ("", False), ("a\u202eb", False), (1, False), (None, False)],
)
def test_what_can_be_a_value(value: Any, is_one: bool) -> None:  # noqa: FBT001 a row of the table
    assert is_text(value) is is_one


@pytest.mark.parametrize(("text", "is_so"), [*PLAIN.items(), *STRANGE.items(), (1, False)])
def test_what_is_plain(text: Any, is_so: bool) -> None:  # noqa: FBT001 a row of the table
    assert is_plain(text) is is_so


@pytest.mark.parametrize(("text", "is_so"), [*PATHS.items(), ("/a" * 16, True), ("/a" * 17, False), (1, False)])
def test_what_is_a_plain_path(text: Any, is_so: bool) -> None:  # noqa: FBT001 a row of the table
    assert is_path(text) is is_so


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (Shape.FLAG, "true", "true"),
        (Shape.NUMBER, "007", "7"),
        (Shape.NUMBER, "9", "9"),
        (Shape.NUMBER, "10", None),
        (Shape.NUMBER, "1", None),
        (Shape.NUMBER, "00000000007", None),
        (Shape.NUMBER, "\u0667", None),
        (Shape.LIST, '[ "a",\n"b" ]', '["a","b"]'),
        (Shape.LIST, "[]", "[]"),
        (Shape.LIST, '["a/b"]', None),
        (Shape.LIST, '["a",1]', None),
        (Shape.LIST, '"a"', None),
        (Shape.LIST, '{"a":"b"}', None),
        (Shape.FEW, '["a","b","c","d","e"]', '["a","b","c","d","e"]'),
        (Shape.FEW, '["a","b","c","d","e","f"]', None),
        (Shape.FEW, "[]", None),
        (Shape.FEW, '{"a":"b"}', None),
        (Shape.FEW, '["a","b/c"]', None),
        (Shape.JSON, '{"b": 1.5, "a": [true, null]}', '{"a":[true,null],"b":1.5}'),
        (Shape.JSON, '{"a/b": 1}', None),
        (Shape.PARAMETERS, '{"b": "2", "a": "1"}', '{"a":"1","b":"2"}'),
        (Shape.PARAMETERS, "{}", "{}"),
        (Shape.PARAMETERS, '{"a":"1","b":"****"}', None),
        (Shape.PARAMETERS, '{"a":"1","b":2}', None),
        (Shape.PARAMETERS, '{"a":"1","APIKey":"2"}', None),
        (Shape.PARAMETERS, '{"a":"1","DbPass":"2"}', None),
        (Shape.PARAMETERS, '{"UseAPIKey":"false"}', '{"UseAPIKey":"false"}'),
        (Shape.PARAMETERS, '{"a-b":"1"}', None),
        (Shape.PARAMETERS, '["a"]', None),
        (Shape.PATHS, '["/a"]', '["/a"]'),
        (Shape.PATHS, '["/a","b"]', None),
        (Shape.PATHS, '["/1","/2","/3","/4","/5","/6"]', None),
        (Shape.PATH, "/a", "/a"),
        (Shape.PATH, "a", None),
    ],
)
def test_what_has_its_shape_comes_out_in_one_spelling(shape: Shape, text: str, value: str | None) -> None:
    assert shaped(text, Key(name="k", use=Use.CHOSEN, shape=shape, least=2, most=9)) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ('{"a":1,"a":2}', "^a key is said twice$"),
        ('{"a":{"b":1,"B":2}}', "^a key is said twice$"),
        ("NaN", "^NaN is no number$"),
        ("-Infinity", "^-Infinity is no number$"),
        ("1e999", "^1e999 is no number that others read$"),
        (f"{'1' * 41}e999", f"^{'1' * 40} is no number that others read$"),
        ("[" * 100_000, "maximum recursion depth"),
        ("[" * 22 + "]" * 22, "^it is nested deeper than 20 times$"),
        ('{"a":' * 21 + "1" + "}" * 21, "^it is nested deeper than 20 times$"),
    ],
)
def test_json_that_not_everybody_reads_alike_is_read_by_nobody(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_json(text)


@pytest.mark.parametrize("text", ["[" * 21 + "]" * 21, '{"a":' * 20 + "1" + "}" * 20])
def test_json_is_read_as_deep_as_any_setting_is(text: str) -> None:
    assert read_json(text) is not None


@pytest.mark.parametrize(
    ("text", "texts"), [('["a","b"]', ("a", "b")), ("[]", ()), ('["a",1]', None), ('{"a":"b"}', None), ("a", None)]
)
def test_a_list_of_texts(text: str, texts: tuple[str, ...] | None) -> None:
    assert texts_of(text) == texts


@pytest.mark.parametrize(
    ("text", "is_outside"),
    [
        (OWN, False),
        (f'["{OWN}","{OWN}"]', False),
        ("arn:aws:iam::111122223333:role/x", False),
        ("arn:aws:s3:::a-bucket", False),
        (f"{OWN.removesuffix('key/1')} and more", True),
        ("barn: red", True),
        ("plain", False),
        (FOREIGN, True),
        (f"{OWN},{FOREIGN}", True),
        (f'["{OWN}","{FOREIGN}"]', True),
        (f'{{"a":{{"{FOREIGN}":1}}}}', True),
        (FOREIGN.upper(), True),
        (OWN.upper(), True),
        (f" {FOREIGN}", True),
        ('["\\u0061rn:aws:kms:eu-west-1:999999999999:key/1"]', True),
        (OWN.replace("eu-west-1", "us-east-1"), True),
        (OWN.replace("arn:aws:", "arn:aws-cn:"), True),
        ("arn:oops", True),
    ],
)
def test_an_arn_of_elsewhere_is_seen_wherever_it_stands(text: str, is_outside: bool) -> None:  # noqa: FBT001 a row
    assert is_foreign(text, HERE) is is_outside
