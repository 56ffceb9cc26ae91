"""`strongroom policy effective`: what it prints, and what it says to a file that it cannot use."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from strongroom_cli.main import main
from tests.unit.domain.backup_policy.strategies import hostile_documents, hostile_json

CONTROL = "@@operators_allowed_for_child_policies"


def policy(regions: Any) -> dict[str, Any]:
    """A policy whose plan has this at `regions`."""
    return {"plans": {"daily": {"regions": regions}}}


def written(tmp_path: Path, content: Any) -> str:
    """The path of a file with this content."""
    file = tmp_path / "levels.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def test_the_effective_policy_is_printed_with_errors_and_what_is_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = [[policy({"@@assign": ["a"], CONTROL: ["@@append"]})], [], [policy({"@@append": [1], "@@remove": ["a"]})]]
    last_valid: dict[str, Any] = {"plans": {}}
    assert main(["policy", "effective", written(tmp_path, {"levels": levels, "last_valid": last_valid})]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["effective"] == policy(["a", "1"])
    assert [(error["code"], error["path"]) for error in printed["errors"]] == [("KEY_REQUIRED", "$.plans.daily")] * 2
    assert all("Missing required key" in error["message"] for error in printed["errors"])
    assert printed["in_force"] == last_valid
    (finding,) = printed["findings"]
    assert set(finding) == {"level", "code", "path", "message"}
    assert (finding["level"], finding["code"]) == ("warning", "operator-ignored")
    assert finding["path"] == "$.levels[2][0].plans.daily.regions.@@remove"


def test_an_invalid_policy_without_a_known_valid_one_leaves_nothing_known_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "effective", written(tmp_path, {"levels": [[policy({"@@assign": []})]]})]) == 1
    assert json.loads(capsys.readouterr().out)["in_force"] is None


def test_the_root_key_matches_in_any_letter_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levels = [[policy({"@@assign": ["a"]})], [{"PLANS": {"DAILY": {"Regions": {"@@append": ["b"]}}}}]]
    assert main(["policy", "effective", written(tmp_path, {"levels": levels})]) == 1
    assert json.loads(capsys.readouterr().out)["effective"] == policy(["a", "b"])


def test_a_file_for_each_level_says_the_same_as_a_file_of_levels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = [policy({"@@assign": ["a"]}), policy({"@@append": ["b"]})]
    by_levels = written(tmp_path, {"levels": [[level] for level in levels]})
    files = [tmp_path / "root.json", tmp_path / "unit.json"]
    described = {"Policy": {"PolicySummary": {"Type": "BACKUP_POLICY"}, "Content": json.dumps(levels[1])}}
    for file, content in zip(files, [levels[0], described], strict=True):
        file.write_text(json.dumps(content))
    main(["policy", "effective", by_levels])
    wanted = capsys.readouterr().out
    main(["policy", "effective", *map(str, files)])
    assert capsys.readouterr().out == wanted
    assert json.loads(wanted)["effective"] == policy(["a", "b"])


def test_an_effective_policy_is_not_merged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = {"EffectivePolicy": {"PolicyType": "BACKUP_POLICY", "PolicyContent": json.dumps(policy(["a"]))}}
    assert main(["policy", "effective", written(tmp_path, answer)]) == 2
    assert "merged already" in capsys.readouterr().err


def test_a_file_of_levels_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, {"levels": []})
    assert main(["policy", "effective", file, file]) == 2
    assert "no other file goes with it" in capsys.readouterr().err


def test_no_levels_give_the_empty_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "effective", written(tmp_path, {"levels": [[], [{}]]})]) == 0
    assert json.loads(capsys.readouterr().out) == {"effective": {}, "errors": [], "in_force": {}, "findings": []}


def in_policy(regions: Any) -> dict[str, Any]:
    """A file whose second level has this policy in second place."""
    return {"levels": [[], [{}, policy(regions)]]}


PLACE = "$.levels[1][1].plans.daily.regions"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("{", "this is not JSON", id="no JSON"),
        pytest.param("[" * 200_000, "nested too deeply", id="endless"),
        pytest.param([], "a backup policy is a JSON object", id="a list"),
        pytest.param({"levels": {}}, "$.levels: there is no list of levels", id="levels that are no list"),
        pytest.param({"levels": [[], {}]}, "$.levels[1]: a level is a list: [<policy>, ...]", id="a level"),
        pytest.param({"levels": [[[]]]}, "$.levels[0][0]: a backup policy is a JSON object", id="a policy"),
        pytest.param({"levels": [[{"Statement": []}]]}, "$.levels[0][0]: this is a service control", id="an SCP"),
        pytest.param({"levels": [[{"tags": {}}]]}, "$.levels[0][0]: this is a tag policy", id="a tag policy"),
        pytest.param({"levels": [[{"services": {}}]]}, "this is an AI services opt-out policy", id="an AI policy"),
        pytest.param('\ufeff{"levels": []}', "begins with a byte order mark", id="a byte order mark"),
        pytest.param('{"levels": [[{"plans": {"a": {}, "a": {}}}]]}', "$.levels[0][0].plans.a: the key", id="twice"),
        pytest.param('{"levels": [], "levels": []}', "$.levels: the key stands there twice", id="levels twice"),
        pytest.param('{"x": {"1": {"a": 1, "a": 1}}, "levels": []}', "$.x.1.a: the key", id="twice elsewhere"),
        pytest.param(
            in_policy(["a"]), f'{PLACE}: a value stands in an operator: {{"@@assign": ["a"]}}', id="bare list"
        ),
        pytest.param(in_policy(None), f'{PLACE}: a value stands in an operator: {{"@@assign": null}}', id="bare null"),
        pytest.param(in_policy([{}]), f'{PLACE}: a value stands in an operator: {{"@@assign": ...}}', id="bare nest"),
        pytest.param(
            in_policy({"@@asign": ["a"]}),
            f"{PLACE}.@@asign: there is no such operator; the operators are @@assign, @@append, @@remove, {CONTROL}",
            id="a misspelled operator",
        ),
        pytest.param(in_policy({"@@enforced_for": {}}), f"{PLACE}.@@enforced_for: there is no such", id="a stranger"),
        pytest.param(in_policy({"@@assign": ["a"], "b": {}}), f"{PLACE}.b: what carries an operator", id="both"),
        pytest.param(in_policy({"@@assign": {}}), f"{PLACE}.@@assign: @@assign carries a text", id="an object"),
        pytest.param(in_policy({"@@append": [[]]}), f"{PLACE}.@@append: @@append carries a text", id="nested list"),
        pytest.param(
            in_policy({CONTROL: "@@none"}),
            f'{PLACE}.{CONTROL}: "@@none" is no list of operators; write',
            id="text control",
        ),
        pytest.param(
            in_policy({CONTROL: []}), f"{PLACE}.{CONTROL}: the list of operators is empty", id="empty control"
        ),
        pytest.param(
            in_policy({CONTROL: ["@@none", "@@remove"]}),
            f"{PLACE}.{CONTROL}: @@none stands beside another",
            id="none and more",
        ),
        pytest.param(in_policy({CONTROL: ["@@most"]}), f'{PLACE}.{CONTROL}: "@@most" is no operator', id="odd control"),
        pytest.param(in_policy({CONTROL: [{}]}), f"{PLACE}.{CONTROL}: an object is no operator", id="object control"),
        pytest.param(
            in_policy({CONTROL: ["@@append", "@@append"]}),
            f"{PLACE}.{CONTROL}: an operator stands twice",
            id="same twice",
        ),
        pytest.param(
            '{"levels": [[{"plans": ' + '{"a": ' * 900 + "1" + "}" * 900 + "}]]}", "nested more than 30 deep", id="deep"
        ),
        pytest.param(
            {"levels": [], "last_valid": policy({"@@assign": ["a"]})},
            "$.last_valid.plans.daily.regions.@@assign: an effective policy holds bare values",
            id="last valid with operators",
        ),
        pytest.param(
            {"levels": [], "last_valid": []}, "$.last_valid: a backup policy is a JSON object", id="last list"
        ),
        pytest.param(
            {"levels": [], "last_valid": policy([["a"]])},
            "$.last_valid.plans.daily.regions: a value is a text or a list of texts",
            id="last valid with lists in a list",
        ),
        pytest.param(
            '{"levels": [], "last_valid": {"plans": ' + '{"a": ' * 900 + "1" + "}" * 900 + "}}",
            "nested more than 30 deep",
            id="deep last valid",
        ),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_line_with_the_place(
    content: Any, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "effective", written(tmp_path, content)]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert told in output.err


def test_a_file_that_is_not_there_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "effective", str(tmp_path / "gone.json")]) == 2
    assert "gone.json: the file cannot be read" in capsys.readouterr().err


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        hostile_json,
        st.lists(st.lists(hostile_documents)).map(lambda levels: {"levels": levels}),
        st.lists(st.lists(hostile_json)).map(lambda levels: {"levels": levels}),
        hostile_json.map(lambda last_valid: {"levels": [], "last_valid": last_valid}),
    )
)
def test_no_json_whatever_is_more_than_bad_input(content: Any, tmp_path: Path) -> None:
    assert main(["policy", "effective", written(tmp_path, content)]) in {0, 1, 2}
