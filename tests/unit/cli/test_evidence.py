"""`strongroom evidence verify`: what holds, and the first link that does not."""

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from strongroom.adapters.evidence_key import EvidenceKey
from strongroom.domain.evidence import FORMAT, append_entry, head_message
from strongroom.domain.restores import seal_request

from cli.main import main
from tests import builders_restores as a
from tests.fakes.restores import FakeKms

STREAM = "restore-r-abcdefgh2345"


@pytest.fixture
def bundle() -> dict[str, Any]:
    sealed = seal_request(a.request())
    first = append_entry(
        None, stream=STREAM, kind="requested", facts={"request": sealed.text, "digest": sealed.digest}, at=a.NOW
    )
    last = append_entry(first, stream=STREAM, kind="vote-counted", facts={"subject": "idp|maria"}, at=a.NOW)
    message = head_message(stream=STREAM, number=2, digest=last.digest)
    seal = EvidenceKey(FakeKms(), "key-1").seal(number=2, digest=last.digest, message=message)
    return {"format": FORMAT, "stream": STREAM, "entries": [asdict(first), asdict(last)], "seal": asdict(seal)}


def _verify(bundle: Any, folder: Path, *options: str) -> int:
    path = folder / "bundle.json"
    path.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle), encoding="utf-8")
    return main(["evidence", "verify", str(path), *options])


def test_a_whole_bundle_holds(bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(bundle, tmp_path) == 0
    assert "2 entries" in capsys.readouterr().out


def test_a_bundle_holds_for_its_own_key_and_no_other(bundle: dict[str, Any], tmp_path: Path) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    own.write_text(bundle["seal"]["public_key"])
    other.write_text(EvidenceKey(FakeKms(), "k").seal(number=1, digest="d", message=b"m").public_key)
    assert _verify(bundle, tmp_path, "--public-key", str(own)) == 0
    assert _verify(bundle, tmp_path, "--public-key", str(other)) == 1


def _forge_person(bundle: dict[str, Any]) -> None:
    bundle["entries"][1]["facts"]["subject"] = "idp|omar"


def _drop_first(bundle: dict[str, Any]) -> None:
    del bundle["entries"][0]


def _drop_last(bundle: dict[str, Any]) -> None:
    del bundle["entries"][1]


def _unseal(bundle: dict[str, Any]) -> None:
    bundle["seal"] = None


def _forge_signature(bundle: dict[str, Any]) -> None:
    bundle["seal"]["signature"] = base64.b64encode(b"forged").decode()


@pytest.mark.parametrize(
    ("forge", "link"),
    [
        (_forge_person, "entry 2 (vote-counted)"),
        (_drop_first, "entry 1 (vote-counted)"),
        (_drop_last, "the seal"),
        (_unseal, "the seal"),
        (_forge_signature, "the seal"),
    ],
)
def test_a_broken_bundle_names_its_first_broken_link(
    forge: Any, link: str, bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(bundle)
    assert _verify(bundle, tmp_path) == 1
    assert link in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other"}'])
def test_what_is_no_bundle_is_bad_input(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(content, tmp_path) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert main(["evidence", "verify", str(tmp_path / "none.json")]) == 2
