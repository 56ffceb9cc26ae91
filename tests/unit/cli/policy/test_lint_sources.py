"""`strongroom policy lint` on what people have: many files, wrapped policies, formats for pipelines, vaults by name."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from strongroom.domain.backup_policy.linting.codes import CODES
from strongroom_cli.main import main
from tests.builders.places import CENTRAL_VAULT, REPLICA_REGION, a_vault_arn
from tests.unit.domain.backup_policy.good_policies import copies, lifecycle, plan, rule, unlocked
from tests.unit.domain.backup_policy.strategies import hostile_documents, hostile_json

NEAR = a_vault_arn("near", account="$account", region=REPLICA_REGION)
GOOD = unlocked(plan({"nightly": rule()}))
SHORT = unlocked(plan({"nightly": rule(lifecycle=lifecycle(35), copy_actions=copies(CENTRAL_VAULT, NEAR, days=7))}))
VAULTLESS = unlocked(plan({"daily": {"schedule_expression": "cron(0 3 ? * * *)"}}))


def written(folder: Path, content: Any, name: str = "policy.json") -> str:
    """The path of a file with this content."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8")
    return str(file)


def linted(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what was printed as JSON."""
    code = main(["policy", "lint", *arguments])
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, printed


def errors(printed: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and path of every error."""
    return [(each["code"], each["path"]) for each in printed["findings"] if each["level"] == "error"]


def test_the_content_of_an_answer_of_organizations_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = {"Policy": {"PolicySummary": {"Type": "BACKUP_POLICY"}, "Content": '{"plans":{}}'}}
    assert linted(capsys, written(tmp_path, answer)) == (0, {"findings": [], "notes": []})


@pytest.mark.parametrize(("options", "code", "level"), [((), 0, "warning"), (("--complete",), 1, "error")])
def test_a_plan_without_a_vault_is_an_error_where_it_must_be_complete(
    options: tuple[str, ...], code: int, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, printed = linted(capsys, written(tmp_path, VAULTLESS), *options)
    [gap] = [each for each in printed["findings"] if each["code"] == "incomplete"]
    assert (found, gap["level"], gap["path"]) == (code, level, "$.plans.daily.rules.daily")


COPY = "$.plans.daily.rules.nightly.copy_actions"


@pytest.mark.parametrize(
    ("locks", "found"),
    [
        pytest.param(("30:2555",), [CENTRAL_VAULT, NEAR], id="every copy"),
        pytest.param(("central-backup-vault=30:2555",), [CENTRAL_VAULT], id="one vault by its name"),
        pytest.param((f"{CENTRAL_VAULT}=30:2555",), [CENTRAL_VAULT], id="one vault by its ARN"),
        pytest.param(("30:2555", "near=1:35"), [CENTRAL_VAULT], id="every other copy"),
        pytest.param(("near=30:35", "central-backup-vault=7:7"), [NEAR], id="two vaults"),
    ],
)
def test_each_lock_binds_its_vault(
    locks: tuple[str, ...], found: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [option for lock in locks for option in ("--vault-lock", lock)]
    code, printed = linted(capsys, written(tmp_path, SHORT), *options)
    assert code == 1
    places = [f'{COPY}["{vault}"].lifecycle.delete_after_days' for vault in found]
    assert errors(printed) == [("retention-outside-lock", place) for place in places]
    assert printed["notes"] == []


def test_a_lock_of_a_vault_that_no_policy_names_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = linted(capsys, written(tmp_path, SHORT), "--vault-lock", "centrl=30:2555")
    assert code == 0
    assert [note["message"] for note in printed["notes"]] == ["--vault-lock centrl: no policy here names that vault"]


def test_a_lock_given_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locks = ["--vault-lock", "near=1:2", "--vault-lock", "near=1:3"]
    assert main(["policy", "lint", written(tmp_path, SHORT), *locks]) == 2
    assert "near is given twice" in capsys.readouterr().err


def terraform(content: str, address: str = "module.org.aws_organizations_policy.daily") -> dict[str, Any]:
    """A plan of Terraform with one policy, and one that is known after apply."""
    after = {"type": "BACKUP_POLICY", "content": content}
    entry = {"mode": "managed", "type": "aws_organizations_policy"}
    scp = {"type": "SERVICE_CONTROL_POLICY", "content": "{}"}
    changes = [
        entry | {"address": address, "change": {"after": after, "after_unknown": {}}},
        entry | {"address": "scp", "change": {"after": scp, "after_unknown": {}}},
        entry | {"address": "late", "change": {"after": {"type": "BACKUP_POLICY"}, "after_unknown": {"content": True}}},
    ]
    return {"format_version": "1.2", "resource_changes": changes}


def test_a_plan_of_terraform_gives_findings_by_resource_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, terraform(json.dumps(unlocked(plan({"nightly": rule(start_backup_window_minutes=5)})))))
    code, printed = linted(capsys, file)
    assert code == 1
    [finding] = [each for each in printed["findings"] if each["level"] == "error"]
    path = "$.plans.daily.rules.nightly.start_backup_window_minutes"
    assert (finding["code"], finding["path"]) == ("window", path)
    assert (finding["file"], finding["resource"]) == (file, "module.org.aws_organizations_policy.daily")
    assert '"content"' in Path(file).read_text(encoding="utf-8").split("\n")[finding["line"] - 1]
    assert [(note["resource"], note["message"]) for note in printed["notes"]] == [
        ("late", "its content is known only after apply, so nothing of it is judged"),
        ("", "one policy of another type is left out"),
    ]


TEMPLATE = """\
Parameters: {Days: {Type: Number}}
Resources:
  Daily:
    Type: AWS::Organizations::Policy
    Properties:
      Type: BACKUP_POLICY
      Content:
        plans:
          daily:
            regions: {"@@assign": [!Ref AWS::Region]}
            rules:
              nightly:
                lifecycle: {delete_after_days: {"@@assign": !Ref Days}}
                schedule: {"@@assign": !Ref Days}
                start_backup_window_minutes:
                  "@@assign": 5
                copy_actions:
                  !Sub "arn:${AWS::Partition}:backup:${AWS::Region}:111111111111:backup-vault:x": {}
"""


def test_what_only_the_deployment_knows_of_a_template_is_not_judged_and_all_else_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TEMPLATE.replace("!Sub ", "")
    code, printed = linted(capsys, written(tmp_path, text, "template.yaml"))
    assert code == 1
    rule_path = "$.plans.daily.rules.nightly"
    found = [(each["code"], each["path"], each["line"]) for each in printed["findings"] if each["level"] == "error"]
    assert found == [
        ("unknown-key", f"{rule_path}.schedule", 14),
        ("window", f"{rule_path}.start_backup_window_minutes", 15),
    ]
    assert [note["message"] for note in printed["notes"]] == [
        "4 values are known only when the stack is deployed, and not judged"
    ]


def test_an_effective_policy_is_judged_as_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = plan({"nightly": rule()})
    answer = {"EffectivePolicy": {"PolicyType": "BACKUP_POLICY", "PolicyContent": json.dumps(good)}}
    assert linted(capsys, written(tmp_path, answer)) == (0, {"findings": [], "notes": []})
    bad = plan({"nightly": {"schedule_expression": "rate(1 day)"}}, regions=["eu-west-1", "nowhere"])
    answer["EffectivePolicy"]["PolicyContent"] = json.dumps(bad)
    code, printed = linted(capsys, written(tmp_path, answer))
    assert code == 1
    assert errors(printed) == [
        ("region-code", "$.plans.daily.regions[1]"),
        ("incomplete", "$.plans.daily.rules.nightly"),
        ("schedule", "$.plans.daily.rules.nightly.schedule_expression"),
    ]


def test_levels_are_linted_policy_by_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"plans": {"p": {"regions": {"@@assign": ["nowhere"]}}}}
    _, printed = linted(capsys, written(tmp_path, {"levels": [[GOOD], [bad]]}))
    assert errors(printed) == [("region-code", "$.levels[1][0].plans.p.regions.@@assign[0]")]


def test_a_directory_is_searched_and_what_is_about_something_else_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b.json", "deep/down/a.json", "node_modules/x.json", ".git/y.json"):
        written(tmp_path, VAULTLESS, name)
    written(tmp_path, {"name": "web", "version": "1"}, "package.json")
    written(tmp_path, "// comment\n{}", "tsconfig.json")
    written(tmp_path, "a: [", "broken.yaml")
    written(tmp_path, TEMPLATE.replace("!Sub ", ""), "stack.yml")
    code, printed = linted(capsys, str(tmp_path), "--complete")
    assert code == 1
    files = dict.fromkeys(each["file"] for each in printed["findings"])
    assert list(files) == [str(tmp_path / name) for name in ("b.json", "stack.yml", "deep/down/a.json")]


def test_a_policy_in_a_directory_that_cannot_be_read_is_no_other_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, GOOD, "good.json")
    bad = written(tmp_path, '{"plans": {,}}', "bad.json")
    assert main(["policy", "lint", str(tmp_path)]) == 2
    assert f"{bad}: line 1, column 12: this is not JSON" in capsys.readouterr().err


def test_a_directory_without_a_policy_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, {}, "nothing.txt")
    written(tmp_path, {"a": 1}, "other.json")
    assert main(["policy", "lint", str(tmp_path)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("none of its 1 files (.json, .template, .yaml, .yml) holds a backup policy")


@pytest.mark.parametrize("named", ["", "manifest.json", "Org.template.json"])
def test_an_assembly_of_cdk_is_read_by_its_templates(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    properties = {"Type": "BACKUP_POLICY", "Name": "daily", "Content": VAULTLESS}
    template = {"Resources": {"Daily": {"Type": "AWS::Organizations::Policy", "Properties": properties}}}
    written(tmp_path, {"version": "36.0.0", "artifacts": {}}, "manifest.json")
    written(tmp_path, {"version": "tree-0.1", "tree": {"plans": VAULTLESS}}, "tree.json")
    written(tmp_path, template, "Org.template.json")
    written(tmp_path, template, "asset.1/Other.template.json")
    code, printed = linted(capsys, str(tmp_path / named), "--complete")
    assert code == 1
    assert {(each["file"], each["resource"]) for each in printed["findings"]} == {
        (str(tmp_path / "Org.template.json"), "Daily")
    }


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(VAULTLESS).encode())))
    code, printed = linted(capsys, "-", "--complete")
    assert code == 1
    assert {each["file"] for each in printed["findings"]} == {None}


def test_several_files_are_judged_in_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [written(tmp_path, VAULTLESS, name) for name in ("z.json", "a.json")]
    _, printed = linted(capsys, *files)
    assert list(dict.fromkeys(each["file"] for each in printed["findings"])) == files


def test_text_has_a_line_for_each_finding_and_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, terraform(json.dumps(VAULTLESS)))
    assert main(["policy", "lint", file, "--complete", "--format", "text"]) == 1
    unlocked_line, gap, late, other = capsys.readouterr().out.splitlines()
    where = f"{file}:11: module.org.aws_organizations_policy.daily: "
    assert unlocked_line.startswith(f"{where}warning: $: nothing is locked")
    assert gap.startswith(f"{where}error: $.plans.daily.rules.daily: target_backup_vault_name is missing")
    assert gap.endswith("write target_backup_vault_name [incomplete]")
    assert late == f"{file}:33: late: note: its content is known only after apply, so nothing of it is judged"
    assert other == f"{file}: note: one policy of another type is left out"


def test_a_workflow_of_github_gets_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a,b: 100%"
    folder.mkdir()
    file = written(folder, VAULTLESS)
    assert main(["policy", "lint", file, "--complete", "--format", "github"]) == 1
    warning, error = capsys.readouterr().out.splitlines()
    assert warning.startswith(
        f"::warning file={tmp_path}/a%2Cb%3A 100%25/policy.json,line=1,title=unlocked::$: nothing"
    )
    assert ",line=10,title=incomplete::$.plans.daily.rules.daily: target_backup_vault_name is missing" in error


@pytest.mark.parametrize("form", ["yaml", "TEXT"])
def test_another_format_is_refused(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", written(tmp_path, GOOD), "--format", form]) == 2
    assert "text, json, sarif, github" in capsys.readouterr().err


def test_sarif_has_a_rule_for_every_code_with_its_help(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", written(tmp_path, VAULTLESS), "--complete", "--format", "sarif"]) == 1
    [run] = json.loads(capsys.readouterr().out)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules.keys() == CODES.keys()
    assert all(rule["helpUri"].startswith("https://") and rule["shortDescription"]["text"] for rule in rules.values())
    assert [result["ruleId"] for result in run["results"]] == ["unlocked", "incomplete"]


WRONG = """{
    "plans": {
        "p\\u00e4": {
            "regions": {"@@replace": ["eu-west-1"]},
            "rules": {"r": {"StartBackupWindowMinutes": 60, "lifecycle": {"delete_after_dayz": {"@@assign": 1}}}}
        }
    }
}
"""


def test_what_can_only_mean_one_thing_is_written_into_the_file_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, WRONG)
    assert main(["policy", "lint", "--fix", file]) == 1
    printed = capsys.readouterr()
    rule_path = '$.plans["p\\u00e4"].rules.r.StartBackupWindowMinutes'
    told = [
        'line 4: $.plans["p\\u00e4"].regions.@@replace: "@@replace" is now "@@assign" [unknown-operator]',
        f'line 5: {rule_path}: "StartBackupWindowMinutes" is now "start_backup_window_minutes" [unknown-key]',
        f'line 5: {rule_path}: 60 is now {{"@@assign": 60}} [value-without-operator]',
    ]
    assert printed.err.splitlines() == [f"{file}: mended, {each}" for each in told]
    left = [(each["code"], each["line"]) for each in json.loads(printed.out)["findings"] if each["level"] == "error"]
    assert ("unknown-key", 15) in left
    assert "unknown-operator" not in {code for code, _ in left}
    text = Path(file).read_text(encoding="utf-8")
    assert text.startswith('{\n    "plans": {\n        "p\\u00e4": {\n            "regions": {\n')
    assert text.endswith("}\n")
    main(["policy", "lint", "--fix", file])
    assert (Path(file).read_text(encoding="utf-8"), capsys.readouterr().err) == (text, "")


def test_a_policy_that_only_its_blanks_make_too_long_is_minified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, json.dumps(GOOD, indent=200))
    assert main(["policy", "lint", "--fix", file]) == 0
    assert "written without white space" in capsys.readouterr().err
    assert Path(file).read_text(encoding="utf-8") == json.dumps(GOOD, separators=(",", ":"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps(GOOD, indent=7), id="a good policy"),
        pytest.param(WRONG.replace('"plans"', '"plans": {}, "plans"'), id="a key given twice"),
        pytest.param(json.dumps(terraform(json.dumps({"plans": {"p": {"regions": "x"}}}))), id="a plan of Terraform"),
    ],
)
def test_no_other_file_is_written(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, content)
    main(["policy", "lint", "--fix", file])
    assert Path(file).read_text(encoding="utf-8") == content


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(content=hostile_json | hostile_documents)
def test_no_json_whatever_is_more_than_bad_input_and_what_is_written_is_json(content: Any, tmp_path: Path) -> None:
    file = written(tmp_path, content)
    assert main(["policy", "lint", "--fix", file]) in {0, 1, 2}
    assert json.loads(Path(file).read_text(encoding="utf-8")) is not ...


def test_a_number_that_json_does_not_give_back_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '{"plans": {"p": {"regions": "x", "more": 1e999}}}'
    file = written(tmp_path, text)
    assert main(["policy", "lint", "--fix", file]) == 1
    assert Path(file).read_text(encoding="utf-8") == text
    assert "does not give back" in capsys.readouterr().err
