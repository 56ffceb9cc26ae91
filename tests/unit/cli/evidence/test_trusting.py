"""`strongroom evidence trust` writes what `verify` believes, out of the reviewed intent."""

import json
from pathlib import Path

import pytest

from strongroom.domain.evidence.trust import read_trust
from strongroom_cli.main import main
from tests.builders.proving.ceremony import THE_LOG, THE_WITNESS
from tests.conftest import ROOT

EXAMPLE = ROOT / "strongroom.yaml"
PAGE = "restores:\n  page: {rp_id: localhost, origins: [http://localhost:4566]}\n"
EVIDENCE = f"""evidence:
  origin: {THE_LOG.key.name}
  log_key: {THE_LOG.key.text}
  witness: {THE_WITNESS.key.text}
"""
WITHOUT_CEREMONY = str(ROOT / "examples/simple.yaml")


def an_intent(folder: Path, *, page: str = PAGE, evidence: str = EVIDENCE) -> str:
    """The example with these sections, as a file."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("restores:\n", page, 1)
    file = folder / "strongroom.yaml"
    file.write_text(f"{text}\n{evidence}", encoding="utf-8")
    return str(file)


def test_it_is_written_as_verify_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "trust.json"
    assert main(["evidence", "trust", an_intent(tmp_path), "--without-issuer", "--output", str(file)]) == 0
    trust = read_trust(file.read_text(encoding="utf-8"))
    assert trust.policies
    assert "keep it where those whose evidence it checks cannot write" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "since"),
    [((), None), (("--since", "2026-11-26T14:00:00Z"), "2026-11-26T14:00:00Z")],
    ids=["left out", "said"],
)
def test_since_when_the_rules_are_in_force_is_said_or_unbounded(
    said: tuple[str, ...], since: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "trust", an_intent(tmp_path), "--without-issuer", *said]) == 0
    policies = json.loads(capsys.readouterr().out)["policies"]
    assert policies
    assert {began for _, began, _ in policies} == {since}


def test_a_time_that_is_none_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "trust", an_intent(tmp_path), "--without-issuer", "--since", "yesterday"]) == 2
    assert capsys.readouterr().err == "strongroom: --since is not a moment like 2026-11-26T14:00:00Z\n"


@pytest.mark.parametrize(
    ("changes", "missing"), [({"page": "restores:\n"}, "restores.page"), ({"evidence": ""}, "evidence")]
)
def test_without_what_evidence_is_checked_by_nothing_is_written(
    changes: dict[str, str], missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "trust", an_intent(tmp_path, **changes)]) == 2
    assert f"has no section {missing}, which is what evidence is checked by" in capsys.readouterr().err


def test_without_a_ceremony_there_is_nothing_to_trust(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "trust", WITHOUT_CEREMONY]) == 2
    assert "has no section restores" in capsys.readouterr().err
