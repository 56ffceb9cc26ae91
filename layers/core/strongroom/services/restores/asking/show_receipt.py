"""Show whoever signed what lies in the evidence of it, and the log's proof of that: a vote cannot be dropped unseen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.proofs.proof import KeptToken, read_proof
from strongroom.domain.restores.requests import parse_request_id
from strongroom.ports.approval_page import KeptProof
from strongroom.services.restores.asking.show_approval import linked_by

if TYPE_CHECKING:
    from strongroom.ports.approval_page import KeptProofs, LinkedRequests
    from strongroom.services.evidence.keep_ceremony import EvidenceReading

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class ReceiptNeeds(Struct, frozen=True, kw_only=True):
    """What showing a receipt needs of the world."""

    requests: LinkedRequests
    proofs: KeptProofs


def show_receipt(request_id: str, *, view: str | None, digest: str, needs: ReceiptNeeds) -> KeptProof:
    """What is kept of the proof of that SHA-256, of one that is not there nothing but its key.

    `view` is the token of the link, None for somebody who is logged in; PermissionRefusedError for another's. What was
    signed with is never told: an ID token is a bearer's until it runs out.
    """
    linked = needs.requests.read(parse_request_id(request_id))
    if view is not None:
        linked_by(view, linked)
    if _DIGEST.fullmatch(digest) is None:
        raise MalformedRequestError("a proof is named by its SHA-256, 64 hexadecimal digits")
    kept = needs.proofs.read(request_id, digest)
    return kept or KeptProof(key=proof_key(request_id, digest), statement="", logged="")


class EvidenceProofs(Struct, frozen=True):
    """What people signed, in the evidence."""

    evidence: EvidenceReading

    def read(self, request_id: str, digest: str) -> KeptProof | None:
        """The proof of that SHA-256; None where there is none, or something else under its name."""
        key = proof_key(request_id, digest)
        text = self.evidence.shelf.read(key)
        if text is None or digest_of(text) != digest:
            return None
        logged = self.evidence.witnessed(request_id).get(key, "")
        proof = read_proof(text)
        jwk = proof.signed.jwk if isinstance(proof.signed, KeptToken) else {}
        return KeptProof(key=key, statement=proof.statement.text, logged=logged, jwk=jwk)
