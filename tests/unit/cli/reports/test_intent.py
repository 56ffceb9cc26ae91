"""What compile says of an intent file, in the forms that CI reads."""

import json
from pathlib import Path

import pytest

from strongroom_cli.main import main

SIMPLE = Path(__file__).parents[4] / "examples/simple.yaml"


@pytest.fixture
def mistaken(tmp_path: Path) -> Path:
    """The simple example with one mistake."""
    file = tmp_path / "strongroom.yaml"
    file.write_text(SIMPLE.read_text("utf-8").replace("central: 2555", "centrl: 2555"), "utf-8")
    return file


def compiled(file: Path, form: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["compile", str(file), "--out", str(file.parent / "out"), "--format", form])
    printed = capsys.readouterr()
    assert printed.err == ""
    return code, printed.out


def test_a_mistake_is_an_annotation_of_its_line(mistaken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = compiled(mistaken, "github", capsys)
    assert code == 2
    assert out.startswith(f"::error file={mistaken},line=17")
    assert "did you mean central?" in out


def test_a_mistake_is_a_result_of_code_scanning(mistaken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = compiled(mistaken, "sarif", capsys)
    [run] = json.loads(out)["runs"]
    [result] = run["results"]
    [location] = result["locations"]
    assert (code, result["ruleId"], result["level"]) == (2, "unknown-vault", "error")
    assert location["physicalLocation"]["region"] == {"startLine": 17}
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-vault"]


def test_a_mistake_is_json(mistaken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = compiled(mistaken, "json", capsys)
    [finding] = json.loads(out)["findings"]
    assert (code, finding["path"], finding["line"]) == (2, "tiers.daily-prod.keep.centrl", 17)


def test_without_a_finding_there_is_an_empty_report_and_everything_is_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_bytes(SIMPLE.read_bytes())
    assert compiled(file, "json", capsys) == (0, '{\n  "findings": [],\n  "notes": []\n}\n')
    assert (tmp_path / "out/intent.json").is_file()
