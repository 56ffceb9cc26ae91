"""`strongroom restore check`: the decision for a file, in words and as JSON, and one line for what cannot be used."""

import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from strongroom_cli.main import main
from tests.builders.deciding.restore_cases import CASES
from tests.conftest import ROOT

KEY = CASES["defaults"]["profile"]["keys"][0]


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return tmp_path / "case.json"


def _check(path: Path, said: dict[str, Any], *options: str) -> int:
    path.write_text(json.dumps({"defaults": CASES["defaults"], "input": said}), encoding="utf-8")
    return main(["restore", "check", str(path), *options])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_each_case_ends_as_its_verdict_says(
    case: dict[str, Any], case_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = _check(case_file, case["input"], "--json")
    shown = json.loads(capsys.readouterr().out)
    assert code == (0 if case["expect"]["verdict"] in ("ok", "elevated") else 1)
    assert shown["verdict"] == case["expect"]["verdict"]
    assert shown["refusals"] == case["expect"].get("refusals", [])
    assert list(shown) == ["verdict", "metadata", "risks", "refusals", "left_out", "steps", "said"]


def test_the_decision_as_json(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"type": "DynamoDB", "backup": {"Evil": "1"}, "point": {"loses_minutes": 2880}}
    assert _check(case_file, said, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "verdict": "ok",
        "metadata": {"encryptionType": "KMS", "kmsMasterKeyArn": KEY, "targetTableName": "restored-1"},
        "risks": ["loses-data", "left-out", "steps-after"],
        "refusals": [],
        "left_out": ["Evil"],
        "steps": [
            "The machine protects it from deletion.",
            "The machine makes it continuous again.",
            "The machine makes its alarms anew, with their actions off: the original's, or the noted ones.",
            "Time to live is off, because it deletes items: ask for it by itself, if at all.",
            "Its stream is off, because it calls out: ask for it by itself, if at all.",
            "Autoscaling is off: register targets and policies by hand, as its note of settings has them, if at all.",
            "Its stream triggers nothing: map functions to the new stream by hand, as the note has them, if at all.",
        ],
        "said": {
            "risks": [
                "2,880 minutes of data are lost; the tier allows 1,440.",
                "1 setting of the original cannot be sent.",
                "7 steps are left to do afterwards.",
            ],
            "refusals": [],
            "left_out": ["nobody knows it"],
        },
    }


def test_the_decision_in_words(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(case_file, {"type": "EBS", "wishes": {"restoreType": "FILE", "Evil\u202e": "1"}}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "It is refused.",
        "Refused:",
        "  export: restoreType is not to be asked for here",
        '  unknown-key: "Evil\\u202e" is not a key of this restore',
        "Risks:",
        "  steps-after: 2 steps are left to do afterwards.",
        "Afterwards:",
        "  The machine makes its alarms anew, with their actions off: the original's, or the noted ones.",
        "  Attach it: a volume comes back beside its instance and not in it.",
    ]


def test_what_would_be_sent_in_words(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(case_file, {"type": "Timestream", "backup": {"New": "1"}}) == 0
    assert capsys.readouterr().out.splitlines() == [
        "It may be asked for, and the stricter rule decides on it.",
        "Sent:",
        "  DatabaseName = restored",
        "  TableName = restored-1",
        "Risks:",
        "  rarely-tried: Restores of Timestream are rarely tried.",
        "  left-out: 1 setting of the original cannot be sent.",
        "Left out:",
        "  New: nobody knows it",
    ]


def test_the_example_of_the_page_is_what_is_printed(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/reference/restores.md").read_text(encoding="utf-8")
    [content], [shown] = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("json", "console"))
    typed, printed = shown.split("\n", 1)
    case_file.write_text(content, encoding="utf-8")
    assert main(typed.replace("case.json", str(case_file)).split()[2:]) == 0
    assert capsys.readouterr().out == printed


def test_half_of_a_character_is_printed_all_the_same(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"type": "EFS", "request": "r-\ud800", "wishes": {"\udfff": "\ud800"}, "existing": "\ud800"}
    for options in ((), ("--json",)):
        assert _check(case_file, said, *options) == 1
        assert "\\udfff" in capsys.readouterr().out


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.dumps({"input": CASES["defaults"] | {"type": "EBS"}}).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    assert main(["restore", "check", "-"]) == 0
    assert capsys.readouterr().out.startswith("It may be asked for.\n")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param("", "is not JSON that says everything once", id="nothing"),
        pytest.param('{"input": {}, "input": {}}', "is not JSON that says everything once", id="a key twice"),
        pytest.param("[1]", 'does not hold one restore: write {"defaults": {...}, "input": {...}}', id="a list"),
        pytest.param('{"cases": []}', "does not hold one restore", id="a file of many"),
        pytest.param('{"input": {}, "more": 1}', "does not hold one restore", id="something besides"),
        pytest.param('{"defaults": [], "input": {}}', "$.defaults must be a mapping", id="defaults of another kind"),
        pytest.param('{"input": {}}', "missing required field `type`", id="no type"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(
    content: str, problem: str, case_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case_file.write_text(content, encoding="utf-8")
    assert main(["restore", "check", str(case_file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert problem in said.err
    assert str(case_file) in said.err


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        pytest.param({"typ": "RDS"}, "contains unknown field `typ`", id="a word that is not known"),
        pytest.param({"way": "by-mail"}, "Invalid enum value 'by-mail' - at `$.way`", id="no way"),
        pytest.param({"wishes": []}, "Expected `object`, got `array` - at `$.wishes`", id="wishes of another kind"),
        pytest.param({"point": {"scan": "maybe"}}, "Invalid enum value 'maybe' - at `$.point.scan`", id="no scan"),
        pytest.param({"point": {"encrypted": "yes"}}, "at `$.point.encrypted`", id="no flag"),
        pytest.param({"point": {"continuous": ["x", "y"]}}, "`point.continuous` must be two moments", id="no window"),
        pytest.param(
            {"point": {"continuous": ["2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"]}},
            "`point.continuous` must be two moments",
            id="a window from its end",
        ),
        pytest.param({"profile": {"keys": [["a"]]}}, "`profile.keys` must be a list of texts", id="lists of keys"),
        pytest.param({"profile": {"SubnetId": "x"}}, "at `$.profile[...]`", id="a place without a list"),
        pytest.param({"target": {"account": "1"}}, "'1' is not an account id of twelve digits", id="no account"),
        pytest.param({"target": {"region": "Mars"}}, "'Mars' is not the name of a Region", id="no Region"),
        pytest.param({"point": {"age_days": -1}}, "Expected `int` >= 0 - at `$.point.age_days`", id="no age"),
        pytest.param({"limits": {"rpo_minutes": 1.5}}, "at `$.limits.rpo_minutes`", id="half a minute"),
        pytest.param({"limits": {"allow_infected": "yes"}}, "at `$.limits.allow_infected`", id="no limit"),
    ],
)
def test_a_word_that_cannot_be_used_is_one_line(
    said: dict[str, Any], problem: str, case_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check(case_file, {"type": "RDS", **said}) == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert problem in shown


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "check", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


PROFILE = """
  limits: {infected: elevated}
  profiles:
    - account: "222222222222"
      region: eu-west-1
      keys: ["arn:aws:kms:eu-west-1:222222222222:key/1"]
      zones: [eu-west-1c]
      classes: [gp3]
"""


@pytest.fixture
def intent_file(tmp_path: Path) -> Path:
    path = tmp_path / "strongroom.yaml"
    text = (ROOT / "strongroom.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("\nrestores:\n", f"\nrestores:{PROFILE}"), encoding="utf-8")
    return path


def test_the_intent_decides_where_it_is_named(
    case_file: Path, intent_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"type": "EBS", "target": {"account": "222222222222"}, "point": {"scan": "threats"}}
    assert _check(case_file, said, "--json", "--intent", str(intent_file)) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["verdict"] == "elevated"
    assert shown["metadata"] == {
        "availabilityZone": "eu-west-1c",
        "encrypted": "true",
        "kmsKeyId": "arn:aws:kms:eu-west-1:222222222222:key/1",
    }


def test_what_a_tier_and_a_lock_allow_stays_as_the_case_says(
    case_file: Path, intent_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = {"account": "222222222222"}
    said = {"type": "EBS", "target": target, "way": "copy-back", "point": {"age_days": 400, "loses_minutes": 2000}}
    assert _check(case_file, said, "--json", "--intent", str(intent_file)) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["refusals"] == ["retention"]
    assert shown["risks"] == ["loses-data", "temporary-copy", "steps-after"]


def test_an_account_that_the_intent_has_no_profile_for_restores_nothing(
    case_file: Path, intent_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check(case_file, {"type": "EBS"}, "--json", "--intent", str(intent_file)) == 1
    assert json.loads(capsys.readouterr().out)["refusals"] == ["no-profile", "no-profile"]


def test_an_intent_without_restores_decides_nothing(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(case_file, {"type": "EBS"}, "--intent", str(ROOT / "examples" / "simple.yaml")) == 2
    assert "has no section `restores`" in capsys.readouterr().err


def test_what_a_person_writes_is_decided_by_what_the_case_lets(
    case_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {
        "type": "Redshift Serverless",
        "raw": True,
        "limits": {"raw": ["Redshift Serverless"]},
        "wishes": {"RestoreType": "NAMESPACE_RESTORE", "NamespaceIdentifier": "restored-1"},
    }
    assert _check(case_file, said) == 0
    told = capsys.readouterr().out
    assert "  as-written: NamespaceIdentifier is sent as it is written: restored-1" in told.splitlines()
    assert _check(case_file, said | {"limits": {}}, "--json") == 1
    assert json.loads(capsys.readouterr().out)["refusals"] == ["hand-not-allowed"]


NAMESPACE: dict[str, Any] = {
    "type": "Redshift Serverless",
    "native": True,
    "target": {"account": "111122223333", "region": "eu-west-1"},
    "limits": {"native": ["redshift-serverless:RestoreFromSnapshot"]},
    "wishes": {"namespaceName": "shop", "workgroupName": "shop-team"},
}


def test_a_call_that_overwrites_is_decided_and_says_so_first(
    case_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check(case_file, NAMESPACE, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["metadata"]) == ("elevated", NAMESPACE["wishes"])
    assert told["risks"][0] == "overwrites"
    assert told["steps"][0].startswith("Before it is restored: stop whatever writes to the namespace")


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"limits": {"native": ["redshift-serverless:RestoreTableFromSnapshot"]}}, ["hand-not-allowed"]),
        ({"wishes": {"namespaceName": "shop"}}, ["bad-value"]),
        ({"wishes": NAMESPACE["wishes"] | {"snapshotName": "other"}}, ["unknown-key"]),
    ],
)
def test_what_the_call_may_not_be_given_is_refused(
    case_file: Path, changes: dict[str, Any], refusals: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check(case_file, NAMESPACE | changes, "--json") == 1
    assert json.loads(capsys.readouterr().out)["refusals"] == refusals
