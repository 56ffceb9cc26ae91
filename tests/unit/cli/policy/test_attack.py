"""`strongroom policy attack`: ours or any policy, what is printed, and how bad input is refused."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from strongroom_cli.main import main

EXAMPLE: Final = Path(__file__).parents[4] / "strongroom.yaml"
REGIONS: Final = {"@@assign": ["eu-west-1"]}
LOCK: Final = {"@@operators_allowed_for_child_policies": ["@@none"]}
PLAIN: Final = {"plans": {"daily": {"regions": REGIONS}}}
LOCKED: Final = {"plans": {"daily": {"regions": REGIONS | LOCK} | LOCK} | LOCK} | LOCK


def written(folder: Path, content: Any, name: str = "policy.json") -> str:
    """The path of a file with this JSON."""
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(file)


def attacked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what was printed."""
    code = main(["policy", "attack", "--json", *arguments])
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, printed


def test_nothing_sticks_on_the_policies_of_the_intent(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = attacked(capsys, "--intent", str(EXAMPLE))
    assert (code, printed["stuck"]) == (0, [])
    assert printed["tried"] > 10_000
    resting = printed["rests_on_container_controls"]
    assert "$.plans" in resting["paths"]
    assert len(resting["paths"]) == len(set(resting["paths"])) < resting["count"]


def test_what_sticks_is_printed_with_the_document_that_does_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, PLAIN)
    code, printed = attacked(capsys, file)
    assert code == 1
    assert {
        "target": file,
        "path": "$.plans.daily.regions",
        "attack": "@@remove eu-west-1",
        "level": 1,
        "before": ["eu-west-1"],
        "after": [],
        "weakens": "AWS finds the policy invalid, and the account keeps its last valid one: "
        "Too few elements in policy block regions: 0, at least 1",
        "document": {"plans": {"daily": {"regions": {"@@remove": ["eu-west-1"]}}}},
    } in printed["stuck"]
    assert {stuck["level"] for stuck in printed["stuck"]} == {1, 2}
    assert printed["rests_on_container_controls"] == {"count": 0, "paths": []}


def test_a_policy_that_locks_every_node_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = attacked(capsys, written(tmp_path, LOCKED))
    assert (code, printed["stuck"]) == (0, [])
    assert printed["rests_on_container_controls"]["paths"] == ["$", "$.plans", "$.plans.daily"]


def test_levels_are_attacked_from_every_level_below_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = attacked(capsys, written(tmp_path, {"levels": [[], [PLAIN], []]}))
    assert code == 1
    assert {stuck["level"] for stuck in printed["stuck"]} == {2, 3, 4}


def test_several_files_are_attacked_each_for_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, locked = written(tmp_path, PLAIN, "plain.json"), written(tmp_path, LOCKED, "locked.json")
    _, alone = attacked(capsys, plain)
    code, both = attacked(capsys, locked, plain)
    assert code == 1
    assert {stuck["target"] for stuck in both["stuck"]} == {plain}
    assert both["stuck"] == alone["stuck"]
    assert both["tried"] > alone["tried"]


def test_what_is_printed_for_people_is_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plans = {f"plan-{number}": {"regions": REGIONS} for number in range(30)}
    file = written(tmp_path, {"plans": plans})
    assert main(["policy", "attack", file]) == 1
    first, *places, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{file}: ")
    assert " attacks tried, " in first
    assert len(places) == 20
    assert any(
        line.startswith("  $.plans.plan-1.regions: ") and " such as @@assign another value " in line for line in places
    )
    assert last.endswith("more places; --json prints every attack with its document")


def test_the_summary_of_a_policy_that_holds_says_on_what_it_rests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "attack", written(tmp_path, LOCKED)]) == 0
    first, rest = capsys.readouterr().out.splitlines()
    assert first.endswith("none sticks")
    assert rest.endswith("only if a container's child control means what AWS documents, at 3 places")


def nested(depth: int) -> Any:
    """A policy with an object in an object, this deep."""
    document: dict[str, Any] = {"@@assign": "x"}
    for _ in range(depth):
        document = {"n": document}
    return {"plans": document}


def wide(regions: int) -> Any:
    """A policy that assigns this many Regions."""
    return {"plans": {"p": {"regions": {"@@assign": [f"region-that-is-none-but-long-{n:04}" for n in range(regions)]}}}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("{", "this is not JSON", id="no JSON"),
        pytest.param([PLAIN], 'a backup policy is a JSON object with the key "plans"', id="a list"),
        pytest.param({"Version": "2012-10-17", "Statement": []}, "service control policy", id="another policy type"),
        pytest.param({"levels": PLAIN}, "$.levels: there is no list of levels", id="levels that are no list"),
        pytest.param({"levels": [PLAIN]}, "$.levels[0]: a level is a list", id="a level that is no list"),
        pytest.param({"levels": [[PLAIN], ["x"]]}, "$.levels[1][0]: a backup policy", id="a policy that is a text"),
        pytest.param({"plans": {"a": {"regions": "x"}}}, "$.plans.a.regions: a value stands", id="no operator"),
        pytest.param({"plans": {"a": {"regions": {"@@set": "x"}}}}, "$.plans.a.regions.@@set", id="unknown operator"),
        pytest.param(
            {"levels": [[], [{"plans": {"a": 1}}]]}, "$.levels[1][0].plans.a: a value stands", id="a place in levels"
        ),
        pytest.param('{"plans": {}, "plans": {}}', "$.plans: the key stands there twice", id="a key given twice"),
        pytest.param(
            '{"levels": [[{"plans": {}, "plans": {}}]]}', "$.levels[0][0].plans: the key", id="twice in levels"
        ),
        pytest.param({"levels": []}, "no setting that could be attacked", id="no levels"),
        pytest.param({"levels": [[], []]}, "no setting that could be attacked", id="no policy"),
        pytest.param({"plans": {}}, "no setting that could be attacked", id="an empty policy"),
        pytest.param(wide(300), "$: 10,842 characters", id="larger than AWS takes"),
        pytest.param(
            {"levels": [[], [PLAIN, wide(300)]]},
            "$.levels[1][1]: 10,842 characters",
            id="larger than AWS takes in levels",
        ),
        pytest.param(nested(60), "nested", id="nested too deeply for a policy"),
        pytest.param(nested(900), "nested", id="nested too deeply for most readers"),
        pytest.param("[" * 200_000, "nested too deeply", id="nested too deeply for any reader"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, told: str
) -> None:
    file = written(tmp_path, content)
    assert main(["policy", "attack", file]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    [line] = printed.err.splitlines()
    assert file in line
    assert told in line


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "attack", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
