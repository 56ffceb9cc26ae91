"""YAML as it is read: values as they were typed, the place of each, and a refusal in one line for all else."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from strongroom_cli.intent.places import nearest_place
from strongroom_cli.intent.yaml_faults import YamlFaultError
from strongroom_cli.intent.yaml_text import MOST_BYTES, MOST_VALUES, PARSER, parse_yaml, read_yaml

# Whoever builds PyYAML without libyaml has the slower parser only.
PARSERS = {"libyaml": PARSER, "PyYAML": yaml.SafeLoader}


@pytest.fixture(params=list(PARSERS))
def parser(request: pytest.FixtureRequest) -> Any:
    return PARSERS[request.param]


def test_the_fast_parser_is_the_one_that_is_used() -> None:
    assert PARSER is yaml.CSafeLoader


TEXT = """\
# a comment
tiers:
  daily-prod: {schedule: daily 02:00, keep: {local: 35}}
targets:
  - unit: Production
    tiers: [daily-prod,
            weekly]
  - account: "222222222222"
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (".", 2, 1),
        ("tiers", 2, 1),
        ("tiers.daily-prod", 3, 3),
        ("tiers.daily-prod.keep.local", 3, 46),
        ("targets[0]", 5, 5),
        ("targets[0].tiers[1]", 7, 13),
        ("targets[1].account", 8, 5),
        ("targets[1].default_tier", 8, 5),
        ("tiers.weekly.keep.local", 2, 1),
        ("vaults.local", 2, 1),
    ],
)
def test_a_path_stands_where_its_key_or_its_nearest_parent_does(parser: Any, path: str, line: int, column: int) -> None:
    place = nearest_place(path, parse_yaml(TEXT, parser=parser).places)
    assert place is not None
    assert (place.line, place.column) == (line, column)


def test_lines_count_alike_behind_a_byte_order_mark_and_with_the_line_ends_of_windows(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_yaml(file) == parse_yaml(TEXT)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("yes", True),
        ("012345670123", 0o12345670123),
        ("012345678901", "012345678901"),
        ("222222222222", 222222222222),
        ("1:30", 90),
        ("35.0", 35.0),
        ("~", None),
        ("", None),
        ("2027-01-31", "2027-01-31"),
        ("daily 02:00", "daily 02:00"),
        ("cron(0 2 ? * * *)", "cron(0 2 ? * * *)"),
        ("=", "="),
    ],
)
def test_a_value_without_quotes_is_kept_as_it_was_typed(parser: Any, typed: str, value: object) -> None:
    written = parse_yaml(f"a: {typed}", parser=parser)
    assert written.document == {"a": value}
    assert written.places["a"].typed == typed


@pytest.mark.parametrize("quoted", ['"yes"', "'yes'", "!!str yes", "! yes"])
def test_a_text_in_quotes_is_that_text(parser: Any, quoted: str) -> None:
    assert parse_yaml(f"a: {quoted}", parser=parser).document == {"a": "yes"}


def test_names_stay_as_they_are_typed(parser: Any) -> None:
    assert parse_yaml("{no: 1, 012: 2, 2027-01-31: 3, ~: 4}", parser=parser).document == {
        "no": 1,
        "012": 2,
        "2027-01-31": 3,
        "~": 4,
    }


MERGED = """\
base: &base
  schedule: daily 02:00
  keep: {local: 35}
daily:
  <<: *base
  keep: {local: yes}
weekly: {<<: [*base, {archive: true, keep: 7}], index: []}
again: *base
"""


def test_anchors_and_merges_are_read_with_the_places_of_what_they_stand_for(parser: Any) -> None:
    written = parse_yaml(MERGED, parser=parser)
    base = {"schedule": "daily 02:00", "keep": {"local": 35}}
    assert written.document == yaml.safe_load(MERGED)
    assert written.document["daily"] == {**base, "keep": {"local": True}}
    assert written.document["weekly"] == {**base, "archive": True, "index": []}
    lines = {path: place.line for path, place in written.places.items()}
    assert lines["daily.schedule"] == lines["weekly.schedule"] == lines["again.schedule"] == 2
    assert (lines["daily.keep"], lines["daily.keep.local"], lines["again"]) == (6, 6, 8)
    assert (lines["weekly.keep.local"], lines["weekly.archive"]) == (3, 7)


CRON = "inside { } YAML takes the ? of a cron expression for its own"
FAULTS = {
    "tab": ("a:\n\tb: 1\n", 2, "a tab stands here"),
    "tab below spaces": ("a:\n  b: 1\n\tc: 2\n", 3, "a tab stands here"),
    "merge left half done": ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, "a merge was left half done"),
    "merge left in a list": ("a: [1,\n<<<<<<< HEAD\n 2]\n", 2, "a merge was left half done"),
    "end of a merge": ("a: 1\n>>>>>>> other\n", 2, "(>>>>>>>)"),
    "cron in a mapping": ("a: 1\nb: {schedule: cron(0 2 ? * * *), keep: 1}\n", 2, CRON),
    "cron at the end": ("b: {keep: 1, schedule: cron(0 2 * * ? *)}\n", 1, CRON),
    "cron with a comma": ("b: {schedule: cron(0 2,14 * * ? *), keep: 1}\n", 1, CRON),
    "cron in a list": ("b: [cron(0 2 ? * * *)]\n", 1, CRON),
    "no colon": ("a: 1\nb\nc: 2\n", 2, "write a colon and a space after the key"),
    "no space after the colon": ("a: 1\nb:2\nc: 3\n", 2, "write a colon and a space after the key"),
    "less indentation": ("a:\n  b: 1\n c: 2\n", 3, "mend the indentation"),
    "more indentation": ("a: 1\n  b: 2\n", 2, "mend the indentation"),
    "colon in a text": ("a: the load: test\n", 1, "put the text in quotes"),
    "text after quotes": ('a: "x" y\n', 1, "mend the indentation"),
    "open bracket": ("a: 1\nb: [x\nc: 2\n", 2, "the bracket that begins here is not closed"),
    "comma missing": ("a: 1\nb: {c: d e: f}\n", 2, "a comma is missing in it"),
    "open quote": ('a: 1\nb: "x\nc: 2\n', 2, "the quote that begins here is not closed"),
    "list on the line of its key": ("a: - b\n", 1, "a line of its own"),
    "text that begins with @": ("a: @x\n", 1, "a text cannot begin with this character"),
    "escape that is none": ('a: "\\q"\n', 1, "use single quotes"),
    "template": ("a: {{ name }}\n", 1, "a key must be a plain name"),
    "list as a key": ("? [x]\n: y\n", 1, "a key must be a plain name"),
    "key twice": ("a: 1\nb: {c: 1,\n  d: 1, c: 2}\n", 3, "the key 'c' stands twice in one mapping, first in line 2"),
    "key twice, typed otherwise": ('a: 1\n"a": 2\n', 2, "first in line 1"),
    "alias of nothing": ("a: *b\n", 1, "*b stands for nothing that is complete before it"),
    "alias of itself": ("a: 1\nb: &b [*b]\n", 2, "*b stands for nothing that is complete before it"),
    "merge of a number": ("a: 1\n<<: 7\n", 2, "<< takes a mapping"),
    "merge of texts": ("a: 1\n<<: [x]\n", 2, "<< takes a mapping"),
    "object": ("a: !!python/name:os.system x\n", 1, "tag:yaml.org,2002:python/name:os.system is not read"),
    "set": ("a: !!set {b}\n", 1, "tag:yaml.org,2002:set is not read"),
    "own tag": ("a: !secret b\n", 1, "the tag !secret is not read"),
    "second document": ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
    "control character": ("a: 1\nb: \x07\n", 2, "the character U+0007 cannot stand in the file"),
    "another end of a line": ("a: 1\nb: x\u2028y\n", 2, "the character U+2028 cannot stand in the file"),
    "byte order mark inside": ("a: 1\n\ufeffb: 1\n", 2, "the character U+FEFF cannot stand in the file"),
    "half a character": ("a: \ud800\n", 1, "the character U+D800 cannot stand in the file"),
    "long number": (f"a: 1\nb: {'9' * 5000}\n", 2, "this number cannot be read"),
    "number of nothing": ("a: 0b_\n", 1, "this number cannot be read"),
    "something else": ("a: 1\nb: &\n", 2, "it is not valid YAML: "),
}


@pytest.mark.parametrize(("text", "line", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_no_yaml_that_we_read_is_refused_at_its_line(parser: Any, text: str, line: int, message: str) -> None:
    with pytest.raises(YamlFaultError) as refused:
        parse_yaml(text, parser=parser)
    assert message in str(refused.value)
    assert refused.value.line == line
    assert refused.value.column >= 1


def grown(first: str, each: str, *, steps: int = 12) -> str:
    """Anchors of which each stands for the one before, many times."""
    return f"a0: &a0 {first}\n" + "".join(
        f"a{n}: &a{n} {each.replace('$', f'*a{n - 1}').replace('#', str(n))}\n" for n in range(1, steps)
    )


VALUES, LEVELS = "more than the 50,000 values", "more deeply than the 20 levels"
HOSTILE = {
    "aliases": (grown("[x]", f"[{', '.join('$' * 10)}]"), VALUES),
    "merges": (grown("{k: 1}", f"{{<<: [{', '.join('$' * 10)}], k#: 1}}"), VALUES),
    "chain of aliases": (grown("[x]", "[$]", steps=2000), LEVELS),
    "brackets": ("a: " + "[" * 300_000, LEVELS),
    "dashes": ("- " * 300_000, LEVELS),
    "indentation": ("".join(" " * n + "a:\n" for n in range(1000)), LEVELS),
    "values": ("a: [" + "1," * 60_000 + "]", VALUES),
    "keys": ("".join(f"k{n}: 1\n" for n in range(60_000)), VALUES),
    "digits": ("a: " + "9" * 900_000, "this number cannot be read"),
    "base sixty": ("a: 1" + ":1" * 400_000, "this number cannot be read"),
    "fraction": ("a: 1." + "9" * 900_000, "this number cannot be read"),
    "colons": (":" * 900_000, "mend the indentation"),
    "questions": ("? " * 400_000, "a key must be a plain name"),
    "open text": ('a: "' + "x\\n" * 300_000, "is not closed"),
    "merge markers": ("=======\n" * 100_000, "left half done"),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_is_refused_before_it_takes_long(text: str, message: str) -> None:
    begun = time.process_time()
    with pytest.raises(YamlFaultError, match=message):
        parse_yaml(text)
    assert time.process_time() - begun < 10  # where nothing stopped it, it would take minutes


def test_small_anchors_are_counted_as_what_they_stand_for(parser: Any) -> None:
    items = ", ".join("x" * 100)
    written = parse_yaml(f"a: &a [{items}]\nb: [{', '.join(['*a'] * 100)}]", parser=parser)
    assert sum(map(len, written.document["b"])) == 10_000
    assert len(written.places) < MOST_VALUES


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: ä\n".encode("utf-16"), 1, "not UTF-8"),
        (b"\x7fELF\x00\x01", 1, "U+007F cannot stand"),
        (b"a: 1\n" + b"#" * MOST_BYTES, 0, "larger than the 1,000,000 bytes"),
    ],
    ids=["other encoding", "UTF-16", "binary", "megabytes"],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_bytes(content)
    with pytest.raises(YamlFaultError) as refused:
        read_yaml(file)
    assert message in str(refused.value)
    assert refused.value.line == line
