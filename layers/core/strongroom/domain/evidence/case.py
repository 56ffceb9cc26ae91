"""A bundle that was read and hangs together: request, history, and what the log shows, ready to be judged."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.history import read_history, read_way
from strongroom.domain.evidence.trust import EvidenceTrust, LogTrust
from strongroom.domain.evidence.witnessing import read_witnessed
from strongroom.domain.proofs.asked import read_asked
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import Assertion, proof_of, read_proof
from strongroom.domain.proofs.risks import AFTER, CALLED, WRITTEN
from strongroom.domain.proofs.signers import signer_of
from strongroom.domain.proofs.trust import EnrolledKey, Period, Periods, ProofTrust
from strongroom.domain.written import record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.bundles import Bundle
    from strongroom.domain.evidence.history import Act, History
    from strongroom.domain.evidence.log.notes import NoteKey
    from strongroom.domain.evidence.witnessing import Witnessed
    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Proof
    from strongroom.domain.proofs.signatures import SignatureCheck

_KINDS: Final = ("restore", *WRITTEN, AFTER)
_ID: Final = re.compile(r"r-[a-z0-9]+")
_NOBODY: Final = LogTrust(origin="", witness="", keys=())


class Case(Struct, frozen=True, kw_only=True):
    """All of a bundle; `proofs` are the texts by digest, `also` are the rules of the day of the act, if others.

    `log` is by which keys its log is read, and `stated` what was signed about steps by hand, which is not read yet.
    """

    asked: AskedRestore
    opened_by: Proof
    proofs: Mapping[str, str]
    history: History
    witnessed: Witnessed
    also: CeremonyPolicy | None
    trust: EvidenceTrust
    signatures: SignatureCheck
    log: LogTrust
    reviews: tuple[str, ...] = ()
    stated: tuple[Any, ...] = ()

    @property
    def judged_at(self) -> datetime:
        """The witness's time of the intent, or of the close where nothing was intended."""
        return (self.witnessed.intent or self.witnessed.closed).at

    @property
    def evidence(self) -> Evidence:
        """With what the proofs are judged."""
        seen_at = {digest: seen.at for digest, seen in self.witnessed.proofs.items()}
        return Evidence(trust=self.trust.proofs, signatures=self.signatures, seen_at=seen_at, witnessed_at=seen_at)

    @property
    def policies(self) -> tuple[CeremonyPolicy, ...]:
        """The request's own rules, and others of the day of the act."""
        return (self.asked.policy, *((self.also,) if self.also else ()))

    def subject_of(self, proof: Proof) -> str:
        """Who signed a proof of this bundle, by the first rules that know; empty where nobody did."""
        at = self.witnessed.proofs[proof.digest].at
        signers = (
            signer_of(proof, policy=policy, trust=self.trust.proofs, signatures=self.signatures, at=at)
            for policy in self.policies
        )
        return next((signer.subject for signer in signers if signer.subject), "")


def read_case(
    bundle: Bundle,
    *,
    trust: EvidenceTrust | None,
    witness: NoteKey | None,
    signatures: SignatureCheck,
    act: Act | None = None,
) -> Case:
    """The case of a bundle; MalformedRecordError with the first broken link. Without trust its own word is taken.

    With an act it is the case up to that, of a ceremony that may go on.
    """
    asked, opened_by = _read_request(bundle.request)
    proofs = _read_proofs(bundle.proofs)
    history = read_way(bundle.chain, stream=asked.id, act=act) if act else read_history(bundle.chain, stream=asked.id)
    also = _rules_of_the_day(asked, history)
    log = trust.log if trust else _NOBODY
    log = log.seen_by(witness) if witness else log
    return Case(
        asked=asked,
        opened_by=opened_by,
        proofs=proofs,
        history=history,
        witnessed=read_witnessed(bundle.log, history=history, proofs=proofs, trust=log, signatures=signatures),
        also=also,
        trust=trust or _own_word(asked, also, proofs=(opened_by, *readable(proofs.values()))),
        signatures=signatures,
        log=log,
        reviews=tuple(map(canonical_text, bundle.reviews)),
        stated=bundle.stated,
    )


def _read_request(content: Mapping[str, Any]) -> tuple[AskedRestore, Proof]:
    try:
        request = record_of(content, needed=("request", "statement"), known=("passkey", "id_token"))
        asked = read_asked(text_of(request["request"], of="request"))
        signed = {name: value for name, value in request.items() if name != "request"}
        opened_by = proof_of(signed, digest=digest_of(canonical_text(signed)))
    except MalformedRecordError as error:
        raise MalformedRecordError(f"the request: {error}") from error
    if _ID.fullmatch(asked.id) is None:
        raise MalformedRecordError("the request: its id is none of ours")
    if asked.content.get("kind", "restore") not in _KINDS or "parts" in asked.content:
        raise MalformedRecordError("the request: it is not the restore of one recovery point")
    if ("call" in asked.content) != (asked.content.get("kind") in CALLED):
        raise MalformedRecordError("the request: a call is of some kinds of requests, and no other has one")
    return asked, opened_by


def _read_proofs(content: Iterable[Any]) -> Mapping[str, str]:
    proofs: dict[str, str] = {}
    for each in content:
        text = canonical_text(each)
        if digest_of(text) in proofs:
            raise MalformedRecordError(f"the proof {digest_of(text)}: it is there twice")
        proofs[digest_of(text)] = text
    return proofs


def _rules_of_the_day(asked: AskedRestore, history: History) -> CeremonyPolicy | None:
    """The rules in force at the act, where the intent tells them and they are not the request's own."""
    if history.intent is None or "policy_now" not in history.intent.facts:
        return None
    text = history.intent.facts["policy_now"]
    if asked.policy.digest in (text, digest_of(text) if isinstance(text, str) else None):
        return None
    try:
        return read_policy(text_of(text, of="policy_now"))
    except MalformedRecordError as error:
        raise MalformedRecordError(f"entry {history.intent.number}: the rules of that day: {error}") from error


def readable(texts: Iterable[str]) -> Iterable[Proof]:
    """Those of the texts that are proofs at all."""
    for text in texts:
        try:
            yield read_proof(text)
        except MalformedRecordError:
            continue


def _own_word(asked: AskedRestore, also: CeremonyPolicy | None, *, proofs: Iterable[Proof]) -> EvidenceTrust:
    """What the bundle says of itself: whole by that, it shows that it hangs together, and no more."""
    policies, proofs = (asked.policy, *((also,) if also else ())), tuple(proofs)
    origins = [_origin(proof.signed.client_data) for proof in proofs if isinstance(proof.signed, Assertion)]
    host = next((name for each in origins if (name := _host(each))), "")
    return EvidenceTrust(
        proofs=ProofTrust(
            rp_id=host,
            origins=tuple(each for each in origins if host and _host(each) == host),
            passkeys={
                key.id: EnrolledKey(subject=subject, public_key=key.public_key)
                for policy in reversed(policies)
                for subject, keys in policy.people.items()
                for key in keys
            },
            issuer_keys=dict.fromkeys(_thumbprints(proofs), Period()),
        ),
        log=_NOBODY,
        policies={policy.digest: Periods((Period(),)) for policy in policies},
    )


def _origin(client_data: bytes) -> str:
    try:
        said = json.loads(client_data)
    except (ValueError, RecursionError):
        return ""
    origin = said.get("origin") if isinstance(said, dict) else None
    return origin if isinstance(origin, str) else ""


def _host(origin: str) -> str:
    """The host of a page that can have passkeys: by https, or this very machine."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return ""
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and (host == "localhost" or host.endswith(".localhost"))
    )
    return host if is_safe else ""


def _thumbprints(proofs: Iterable[Proof]) -> Iterable[str]:
    for proof in proofs:
        if isinstance(proof.signed, Assertion):
            continue
        try:
            yield thumbprint_of(proof.signed.jwk)
        except MalformedRecordError:
            continue
