"""A bundle of `strongroom-evidence/2`, judged by a trust file."""

from pathlib import Path

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import MalformedRecordError, MalformedRequestError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.findings import Finding, FindingState
from strongroom.domain.evidence.log.notes import WITNESS_TYPE, NoteKey, read_note_key
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.trust import EvidenceTrust, read_trust
from strongroom.domain.restores.steps import said_outcome
from strongroom_cli.evidence.files import read_text


def judge_proven(text: str, *, path: Path, trust: Path | None, public_key: Path | None) -> tuple[Finding, str]:
    """What the bundle comes to, and in a sentence how far that can be believed."""
    trusted = _trust(trust) if trust else None
    witness = _witness(public_key) if public_key else None
    try:
        bundle = read_bundle(text)
    except MalformedRecordError as error:
        raise MalformedRequestError(f"{path}: this is no evidence bundle: {error}") from error
    finding = replay(bundle, trust=trusted, witness=witness, signatures=CryptographySignatures())
    return finding, _remark(finding, is_trusted=trusted is not None)


def _remark(finding: Finding, *, is_trusted: bool) -> str:
    ended = f"{finding.request} ended as {said_outcome(finding.outcome, faults=finding.faults)}"
    if finding.state is FindingState.PROVEN:
        return f"proven: {ended}, as people signed it and the log and its witness saw it."
    if is_trusted:
        return f"whole, but not all of it was signed by the log and the witness that are trusted: {ended}."
    return f"whole, but by keys and rules of its own word; say --trust with a file that you trust: {ended}."


def _trust(path: Path) -> EvidenceTrust:
    try:
        return read_trust(read_text(path))
    except MalformedRecordError as error:
        raise MalformedRequestError(f"{path}: this is no trust file: {error}") from error


def _witness(path: Path) -> NoteKey:
    try:
        key = read_note_key(read_text(path).removesuffix("\n"))
    except MalformedRecordError as error:
        raise MalformedRequestError(f"{path}: this is no key of a witness: {error}") from error
    if key.type != WITNESS_TYPE:
        raise MalformedRequestError(f"{path}: this is the key of a log, and not of its witness")
    return key
