"""`strongroom evidence verify` on a sealed chain: what holds, and the first link that does not."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.domain.evidence.chain import EvidenceEntry, append_entry, head_message
from strongroom.domain.values import asdict
from strongroom_cli.main import main
from tests.builders.evidence import STREAM, SealingKey, a_bundle_sealed_anew, a_sealed_bundle
from tests.builders.restores import NOW

# A seal shows who kept the chain, and not what people said: it proves nothing.
WHOLE = 3


@pytest.fixture
def bundle() -> dict[str, Any]:
    return a_sealed_bundle()


def _verify(bundle: Any, folder: Path, *options: str) -> int:
    path = folder / "bundle.json"
    path.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle), encoding="utf-8")
    return main(["evidence", "verify", str(path), *options])


def test_a_whole_bundle_holds(bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(bundle, tmp_path) == WHOLE
    assert "3 entries of restore-r-abcdefgh2345 hold, from request to close" in capsys.readouterr().out


def test_a_bundle_holds_for_its_own_key_and_no_other(bundle: dict[str, Any], tmp_path: Path) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    own.write_text(bundle["seal"]["public_key"])
    other.write_text(SealingKey().public_key)
    assert _verify(bundle, tmp_path, "--public-key", str(own)) == WHOLE
    assert _verify(bundle, tmp_path, "--public-key", str(other)) == 1


@pytest.mark.parametrize(
    "content", ["", "name+00000000+AAAA", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"]
)
def test_a_key_that_is_none_is_bad_input_and_never_the_key_in_the_bundle(
    content: str, bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.pem"
    key.write_text(content)
    assert _verify(bundle, tmp_path, "--public-key", str(key)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def _forge_person(bundle: dict[str, Any]) -> None:
    bundle["entries"][1]["facts"]["subject"] = "idp|omar"


def _drop_first(bundle: dict[str, Any]) -> None:
    del bundle["entries"][0]


def _drop_last(bundle: dict[str, Any]) -> None:
    del bundle["entries"][-1]


def _reorder(bundle: dict[str, Any]) -> None:
    bundle["entries"][1:] = reversed(bundle["entries"][1:])


def _cut_and_say_so(bundle: dict[str, Any]) -> None:
    del bundle["entries"][-1]
    bundle["seal"] |= {"number": 2, "digest": bundle["entries"][-1]["digest"]}


def _add_later(bundle: dict[str, Any]) -> None:
    last = EvidenceEntry(**bundle["entries"][-1])
    bundle["entries"].append(asdict(append_entry(last, stream=STREAM, kind="tagged", facts={}, at=NOW)))


def _cut_and_sign_again(bundle: dict[str, Any]) -> None:
    del bundle["entries"][-1]
    bundle |= a_bundle_sealed_anew(bundle, SealingKey())


def _end_otherwise(bundle: dict[str, Any]) -> None:
    before = EvidenceEntry(**bundle["entries"][-2])
    end = append_entry(before, stream=STREAM, kind="closed", facts={"outcome": "denied"}, at=NOW)
    bundle["entries"][-1] = asdict(end)


def _write_terminal_codes(bundle: dict[str, Any]) -> None:
    bundle["entries"][1]["kind"] = "x\x1b[2K\rbundle: 3 entries hold\n"


def _unseal(bundle: dict[str, Any]) -> None:
    bundle["seal"] = None


def _forge_signature(bundle: dict[str, Any]) -> None:
    bundle["seal"]["signature"] = base64.b64encode(b"forged").decode()


@pytest.mark.parametrize(
    ("forge", "link"),
    [
        (_forge_person, "entry 2 (vote-counted)"),
        (_drop_first, "entry 1 (vote-counted)"),
        (_drop_last, "the seal: it is over 3 entries, and there are 2; the tail is missing"),
        (_reorder, "entry 2 (closed)"),
        (_cut_and_say_so, "the seal: the signature is not good"),
        (_add_later, "the seal: it is over 3 entries, and there are 4; what follows was added later"),
        (_cut_and_sign_again, "entry 2 (vote-counted): it is the last, and not the end of the ceremony"),
        (_end_otherwise, "the seal: its hash is not that of the last entry, 3"),
        (_write_terminal_codes, "entry 2 (x"),
        (_unseal, "the seal"),
        (_forge_signature, "the seal"),
    ],
)
def test_a_broken_bundle_names_its_first_broken_link(
    forge: Any, link: str, bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(bundle)
    assert _verify(bundle, tmp_path) == 1
    said = capsys.readouterr().err
    assert link in said
    assert said.removesuffix("\n").isprintable()


def test_a_history_made_up_and_signed_by_another_key_does_not_hold_for_ours(
    bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "ours.pem"
    ours.write_text(bundle["seal"]["public_key"])
    first = EvidenceEntry(**bundle["entries"][0])
    end = append_entry(first, stream=STREAM, kind="closed", facts={"outcome": "denied"}, at=NOW)
    forged = a_bundle_sealed_anew(bundle | {"entries": [asdict(first), asdict(end)]}, SealingKey())
    assert _verify(forged, tmp_path, "--public-key", str(ours)) == 1
    assert "the signature is not good" in capsys.readouterr().err
    assert _verify(forged, tmp_path) == WHOLE
    assert "To be sure whose key that is, say --public-key" in capsys.readouterr().out


def test_the_fingerprint_is_of_the_key_that_checked_and_not_of_the_text_around_it(
    bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _verify(bundle, tmp_path)
    ours = capsys.readouterr().out.partition("SHA-256 ")[2][:16]
    shown_first = "".join(bundle["seal"]["public_key"].splitlines()[1:-1])
    forged = a_bundle_sealed_anew(bundle, SealingKey())
    forged["seal"]["public_key"] = f"-\n{shown_first}\n{forged['seal']['public_key']}"
    _verify(forged, tmp_path)
    assert ours not in capsys.readouterr().out


def test_a_key_on_another_curve_is_not_ours(bundle: dict[str, Any], tmp_path: Path) -> None:
    key = generate_private_key(SECP384R1())
    last = bundle["entries"][-1]
    message = head_message(stream=STREAM, number=3, digest=last["digest"])
    bundle["seal"] |= {
        "signature": base64.b64encode(key.sign(message, ECDSA(SHA256()))).decode(),
        "public_key": key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    }
    assert _verify(bundle, tmp_path) == 1


def _twice(bundle: dict[str, Any]) -> str:
    return json.dumps(bundle).replace('"kind": "vote-counted"', '"kind": "vote-refused", "kind": "vote-counted"')


def _more(bundle: dict[str, Any]) -> str:
    bundle["entries"][1]["verified"] = "yes"
    return json.dumps(bundle)


def _untyped(bundle: dict[str, Any]) -> str:
    bundle["entries"][0]["facts"] = 7
    return json.dumps(bundle)


def _untyped_key(bundle: dict[str, Any]) -> str:
    bundle["seal"]["public_key"] = None
    return json.dumps(bundle)


def _endless(bundle: dict[str, Any]) -> str:
    return "[" * 100_000


@pytest.mark.parametrize("forge", [_twice, _more, _untyped, _untyped_key, _endless])
def test_a_bundle_that_two_readers_could_read_differently_is_none(
    forge: Any, bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _verify(forge(bundle), tmp_path) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other"}'])
def test_what_is_no_bundle_is_bad_input(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(content, tmp_path) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entries": None}, "entries is missing"),
        ({"seal": None}, "seal is missing"),
        ({"stream": None}, "stream is missing"),
        ({"entries": 7}, "entries is not a list"),
        ({"entries": [7]}, "an entry is not a record"),
        ({"seal": {"more": "x"}}, "a seal has no more"),
        ({"entries": [{"more": "x"}]}, "an entry has no more"),
    ],
    ids=str,
)
def test_what_is_wrong_with_what_is_no_bundle_is_said_in_words(
    change: dict[str, Any], said: str, bundle: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = {name: value for name, value in (bundle | change).items() if name not in change or value is not None}
    assert _verify(json.dumps(content), tmp_path) == 2
    assert capsys.readouterr().err.endswith(f"this is no evidence bundle: {said}\n")


def test_what_is_nested_too_deeply_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify("[" * 100_000 + "]" * 100_000, tmp_path) == 2
    assert capsys.readouterr().err.endswith("this is no evidence bundle: it is nested too deeply\n")


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert main(["evidence", "verify", str(tmp_path / "none.json")]) == 2


def test_a_file_that_is_no_text_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\xff\xfe\x00")
    assert main(["evidence", "verify", str(picture)]) == 2
    assert f"{picture} cannot be read: it is not UTF-8 text" in capsys.readouterr().err
