"""No document breaks the linter, whatever it holds, and what it prints is always JSON."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.backup_policy.documents import OPERATORS, PolicyText, PolicyUnreadableError, parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.linting.codes import CODES
from strongroom.domain.backup_policy.linting.reading import VaultRange
from strongroom_cli.intent.regions import known_partitions
from tests.unit.domain.backup_policy.good_policies import LOCKED_POLICIES, UNLOCKED_POLICIES

GOOD = [*LOCKED_POLICIES.values(), *UNLOCKED_POLICIES.values()]
LOCK = VaultRange(least=30, most=2555)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**310)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["\ud800", "$region", "cron(0 2 ? * * *)", "cron(" + "1," * 50 + "1 2 ? * * *)", "true", "-1", "9" * 400]
    )
)


def known_words(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield name
            yield from known_words(child)


WORDS = st.sampled_from(sorted({*OPERATORS, *(word for each in GOOD for word in known_words(each))})) | st.text(
    max_size=4
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4))


def lint_safely(document: Any) -> None:
    try:
        text = parse_policy(json.dumps(document))
    except PolicyUnreadableError:
        return
    check(text)


def check(text: PolicyText) -> None:
    findings = lint(text, partitions=known_partitions(), vault_lock=LOCK)
    for finding in findings:
        assert CODES[finding.code].level is finding.level
        assert finding.path.startswith("$")
        assert finding.message.isprintable()
        assert CODES[finding.code].effect in finding.message
    assert json.loads(json.dumps([each.message for each in findings])) == [each.message for each in findings]
    assert findings == lint(text, partitions=known_partitions(), vault_lock=LOCK)


def test_a_name_that_no_terminal_shows_is_written_as_an_escape() -> None:
    selection = {"tag_key": {"@@assign": "Backup"}, "tag_value": {"@@assign": ["x"]}}
    plan = {
        "regions": {"@@assign": ["eu-west-1"]},
        "rules": {"\x1f": {"target_backup_vault_name": {"@@assign": "vault"}}},
        "selections": {"tags": {"by-tag": selection}},
    }
    findings = lint(parse_policy(json.dumps({"plans": {"p": plan}})))
    assert any("\\x1f" in finding.message for finding in findings)
    assert all(finding.message.isprintable() for finding in findings)


@settings(deadline=None)
@given(JSON)
def test_no_json_breaks_the_linter(document: Any) -> None:
    lint_safely(document)
    lint_safely({"plans": document})
    lint_safely({"plans": {"p": {"rules": {"r": document}, "selections": document, "regions": document}}})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(GOOD), JSON, WORDS, st.sampled_from(["replace", "add", "drop", "rename"]), st.data())
def test_no_mutation_of_a_good_policy_breaks_the_linter(
    good: dict[str, Any], value: Any, word: str, mutation: str, data: st.DataObject
) -> None:
    document = copy.deepcopy(good)
    inner = list(objects(document))
    node = inner[data.draw(st.integers(0, len(inner) - 1))]
    name = data.draw(st.sampled_from([*node, word])) if mutation != "add" else word
    match mutation:
        case "replace" | "add":
            node[name] = value
        case "drop":
            node.pop(name, None)
        case _:
            node[word] = node.pop(name, value)
    lint_safely(document)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from objects(child)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"plans":' + "[" * 900 + "]" * 900 + "}", id="deep lists"),
        pytest.param('{"plans":{"p":' + '{"rules":' * 900 + "1" + "}" * 902, id="deep objects"),
        pytest.param('{"plans":{"p":' + '{"a":' * 900 + '{"@@assign":1}' + "}" * 902, id="deep settings"),
        pytest.param('{"plans":{"p":{"regions":{"@@assign":[1e400,-1e400]}}}}', id="infinities"),
        pytest.param('{"plans":{"p":{"rules":{"r":{"start_backup_window_minutes":{"@@assign":1e400}}}}}}', id="no end"),
        pytest.param(
            '{"plans":{"p":{"rules":{"r":{"complete_backup_window_minutes":{"@@assign":' + "9" * 4000 + "}}}}}}",
            id="a number of 4,000 digits",
        ),
        pytest.param('{"plans":{"p":{},"p":{"p":1,"p":2}},"plans":{},"plans":[]}', id="duplicates"),
        pytest.param('{"plans":{"\\ud800":{"\\udfff":"\\ud800"}},"\\ud800":1}', id="lone surrogates"),
        pytest.param('{"plans":{"' + "p" * 200_000 + '":{"' + "q" * 200_000 + '":1}}}', id="long names"),
        pytest.param('{"":{"":{"":""}}}', id="empty names"),
        pytest.param('{"plans":{"p":{"@@operators_allowed_for_child_policies":[[],{},null,1]}}}', id="hostile control"),
        pytest.param('"plans"', id="text"),
        pytest.param("null", id="null"),
    ],
)
def test_a_hostile_text_is_linted_like_any_other(text: str) -> None:
    check(parse_policy(text))


@pytest.mark.parametrize("count", [20_000])
def test_many_mistakes_are_all_told(count: int) -> None:
    document = {"plans": {"p": {"rules": {"r": {f"key_{number}": number for number in range(count)}}}}}
    assert sum(finding.code == "unknown-key" for finding in lint(parse_policy(json.dumps(document)))) == count
