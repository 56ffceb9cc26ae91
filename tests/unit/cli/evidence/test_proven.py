"""`strongroom evidence verify` on what people signed: by the command as it is typed."""

import json
import random
import socket
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.evidence.entries import EntryKind
from strongroom_cli.main import main
from tests.browser.verifier_page.cases.reviews import REVIEWS, Reviewed
from tests.builders.proving.ceremony import (
    LENA,
    SANA,
    THE_LOG,
    THE_WITNESS,
    Play,
    a_job,
    a_request_content,
    a_restored_play,
    a_started_play,
)
from tests.conftest import ROOT
from tests.unit.domain.evidence.forged.logged import MY_WITNESS
from tests.unit.domain.evidence.forged.table import ALL

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/evidence.json").read_text(encoding="utf-8"))
QUICKLY = 10.0


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _verify(bundle: str, trust: str | None, *options: str) -> int:
    Path("bundle.json").write_bytes(bundle.encode(errors="surrogatepass"))
    arguments = ["evidence", "verify", "bundle.json", *options]
    if trust is not None:
        Path("trust.json").write_bytes(trust.encode(errors="surrogatepass"))
        arguments += ["--trust", "trust.json"]
    return main(arguments)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_vector_has_its_code(vector: dict[str, Any]) -> None:
    assert _verify(canonical_text(vector["bundle"]), canonical_text(vector["trust"])) == vector["want"]


def test_there_are_all_vectors() -> None:
    assert [sum(vector["want"] == code for vector in VECTORS) for code in (0, 1, 3)] == [13, 33, 1]


@pytest.mark.parametrize("name", ALL)
def test_a_bundle_of_the_table_has_its_code_and_is_told_in_one_line_where_it_is_broken(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ALL[name].told()
    assert _verify(told.bundle, told.trust) == told.code
    said = capsys.readouterr()
    assert ("Error" in said.err, "Traceback" in said.err) == (False, False)
    assert (said.err.count("\n"), said.out == "") == ((1, True) if told.code in (1, 2) else (0, False))


@pytest.mark.parametrize("trusting", [True, False], ids=["against a trust file", "by its own word"])
def test_nobody_is_asked_over_the_network(*, trusting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    play = a_restored_play(SANA, LENA)
    bundle, trust = play.bundle(), play.trust() if trusting else None

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert _verify(bundle, trust) == (0 if trusting else 3)


@pytest.mark.parametrize("case", REVIEWS, ids=str)
def test_x12_who_reviewed_an_urgent_restore_is_told(case: Reviewed, capsys: pytest.CaptureFixture[str]) -> None:
    play = case.made()
    assert _verify(play.bundle(), play.trust(), "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    reviewed = [sentence for sentence in told["proven"] if "reviewed it afterwards" in sentence]
    assert reviewed == ([f"{case.subject} reviewed it afterwards and found: {case.finding}"] if case.subject else [])
    assert f"it was urgent, for INC-77; {'reviewed' if case.subject else 'not reviewed yet'}" in told["stated"]


@pytest.mark.parametrize("people", [(), (SANA, LENA)], ids=["passkeys", "a passkey and an ID token"])
def test_no_letter_of_a_bundle_can_be_another(people: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    chosen = random.Random(f"letters {people}")  # noqa: S311 - the same letters each time
    play = a_restored_play(*people)
    bundle, trust = play.bundle(), play.trust()
    assert _verify(bundle, trust) == 0
    for _ in range(200):
        place = chosen.randrange(len(bundle))
        letter = chosen.choice([each for each in 'AZaz09_-{}[],:"\\ é\n' if each != bundle[place]])
        changed = bundle[:place] + letter + bundle[place + 1 :]
        assert _verify(changed, trust) in (1, 2, 3), (place, bundle[place], letter)
    assert "Traceback" not in capsys.readouterr().err


def test_the_three_kinds_of_facts_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    play = a_restored_play(SANA, LENA)
    assert _verify(play.bundle(), play.trust()) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "bundle.json: proven: r-abcdefgh2345 ended as restored, as people signed it and the log and its witness saw it."
    )
    proven, timed, stated = (
        said.index("Proven, signed by a person or the identity provider:"),
        said.index("Timed, seen by the witness:"),
        said.index("Stated, by the control plane's word alone:"),
    )
    assert [line for line in said[proven + 1 : timed] if "idp|lena approved it, signed by an ID token" in line]
    assert [line for line in said[timed + 1 : stated] if "2026-11-26T14:10:02Z" in line]
    assert "  2026-11-26T14:10:20Z the restore job J1 was started" in said[stated + 1 :]


def test_what_a_restore_that_stands_did_not_do_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    play, said = a_started_play(), "One or more objects failed to be restored."
    play.wait(minutes=30)
    play.happen(EntryKind.RESTORED, job=a_job(), faults=[said])
    play.close("restored")
    assert _verify(play.bundle(), play.trust()) == 0
    told = capsys.readouterr().out
    assert "r-abcdefgh2345 ended as restored with faults, as people signed it" in told
    assert f"the job was described as completed, with faults: {said}" in told
    assert _verify(play.bundle(), play.trust(), "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["faults"]) == ("restored", [said])


def test_what_followed_a_restore_is_told_step_by_step_and_judged_by_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    play = a_started_play()
    play.wait(minutes=30)
    play.happen(EntryKind.RESTORED, job=a_job())
    for outcome in ("done", "failed"):
        play.happen(EntryKind.AFTER_STEP, step="writer", outcome=outcome, reason="so it was")
    play.close("restored")
    assert _verify(play.bundle(), play.trust()) == 0
    told = capsys.readouterr().out
    assert "afterwards, writer done: so it was\n" in told
    assert "afterwards, writer failed: so it was\n" in told


def test_everything_is_told_in_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    play = a_restored_play()
    assert _verify(play.bundle(), play.trust(), "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["state"], told["request"], told["outcome"]) == (
        0,
        "proven",
        "r-abcdefgh2345",
        "restored",
    )
    assert (len(told["proven"]), len(told["timed"]), told["set_aside"]) == (4, 4, [])
    assert _verify(play.bundle().replace("OPS-1", "OPS-2", 1), play.trust(), "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["state"], told["proven"]) == (1, "broken", [])
    assert told["broken"].startswith("entry 2 (restore-intended)")


def test_a_bundle_is_shown_by_its_own_word(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bundle.json").write_text(a_restored_play().bundle(), encoding="utf-8")
    assert main(["evidence", "show", "bundle.json"]) == 3
    said = capsys.readouterr().out
    assert "whole, but by keys and rules of its own word" in said
    assert "idp|maria approved it, signed by a passkey for 2026-11-26T14:01:10Z, which the intent relies on" in said


def test_nothing_that_a_stranger_wrote_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    play = a_restored_play(play=Play(request=a_request_content(reason="x\x1b[2K\rproven\nProven:")))
    assert _verify(play.bundle(), play.trust()) == 0
    said = capsys.readouterr().out
    assert all(line.isprintable() for line in said.splitlines())
    assert "\nProven:" not in said


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (THE_WITNESS.key.text, 0),
        (f"{THE_WITNESS.key.text}\n", 0),
        (MY_WITNESS.key.text, 3),
        (THE_LOG.key.text, 2),
        ("", 2),
        ("\n", 2),
        (f"{THE_WITNESS.key.text}\n\n", 2),
        (THE_WITNESS.key.text.replace("audit", "audits"), 2),
        ("-----BEGIN PUBLIC KEY-----", 2),
    ],
)
def test_the_witness_can_be_named_by_its_key(key: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    Path("witness.txt").write_text(key, encoding="utf-8")
    play = a_restored_play()
    assert _verify(play.bundle(), play.trust(), "--public-key", "witness.txt") == code
    assert capsys.readouterr().err.count("\n") == (1 if code == 2 else 0)
    assert _verify(play.bundle(), None, "--public-key", "witness.txt") == (2 if code == 2 else 3)


@pytest.mark.parametrize("option", ["--trust", "--public-key"])
def test_a_file_that_is_not_there_is_bad_input(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(a_restored_play().bundle(), None, option, "none.txt") == 2
    assert "none.txt cannot be read: No such file or directory" in capsys.readouterr().err


HOSTILE = {
    "ten megabytes": "x" * 10_000_000,
    "ten megabytes of blanks": " " * 10_000_000,
    "a text of eight megabytes": '"' + "x" * 8_000_000 + '"',
    "brackets": "[" * 1_000_000,
    "braces": '{"a":' * 1_000_000,
    "brackets that are closed": "[" * 100_000 + "]" * 100_000,
    "a million entries": '{"chain":['
    + ",".join(["{}"] * 1_000_000)
    + '],"format":"strongroom-evidence/2","log":{},"proofs":[],"request":{}}',
    "a million proofs": '{"chain":[],"format":"strongroom-evidence/2","log":{},"proofs":['
    + ",".join(["{}"] * 1_000_000)
    + '],"request":{},"x":0}',
    "half of a character": '{"format":"strongroom-evidence/2","x":"\\ud800"}',
    "bytes of half of a character": '{"format":"strongroom-evidence/2","x":"\ud800"}',
    "a number of a million digits": '{"format":"strongroom-evidence/2","x":' + "9" * 1_000_000 + "}",
    "nothing at all": "\x00",
    "a list": '["strongroom-evidence/2"]',
    "a format that is a list": '{"format":["strongroom-evidence/2"]}',
    "a format that is a number": '{"format":2}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_hurt_is_refused_quickly(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    began = perf_counter()
    assert _verify(HOSTILE[name], a_restored_play().trust()) == 2
    assert perf_counter() - began < QUICKLY
    said = capsys.readouterr().err
    assert (said.count("\n"), "Traceback" in said, "Error" in said) == (1, False, False)
    assert len(said) < 400


@pytest.mark.parametrize("name", HOSTILE)
def test_a_trust_that_is_made_to_hurt_is_refused_quickly(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    began = perf_counter()
    assert _verify(a_restored_play().bundle(), HOSTILE[name]) == 2
    assert perf_counter() - began < QUICKLY
    assert capsys.readouterr().err.count("\n") == 1
