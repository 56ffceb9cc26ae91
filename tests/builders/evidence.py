"""An evidence bundle of the first format, which is not written any more: sealed by one key."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.domain.evidence.chain import FORMAT, EvidenceSeal, append_entry, head_message
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.values import asdict
from tests.builders.restores import NOW, a_request

STREAM = "restore-r-abcdefgh2345"


class SealingKey:
    """A P-256 key that seals."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = pem.decode()

    def seal(self, *, number: int, digest: str, message: bytes) -> EvidenceSeal:
        """The seal over that head of a chain."""
        signature = base64.b64encode(self._key.sign(message, ECDSA(SHA256()))).decode()
        return EvidenceSeal(number=number, digest=digest, signature=signature, key="key-1", public_key=self.public_key)


def a_sealed_bundle() -> dict[str, Any]:
    """Three entries, from the request to the close."""
    request = seal_request(a_request())
    first = append_entry(
        None, stream=STREAM, kind="requested", facts={"request": request.text, "digest": request.digest}, at=NOW
    )
    vote = append_entry(first, stream=STREAM, kind="vote-counted", facts={"subject": "idp|maria"}, at=NOW)
    last = append_entry(vote, stream=STREAM, kind="closed", facts={"outcome": "restored"}, at=NOW)
    entries = [asdict(entry) for entry in (first, vote, last)]
    return a_bundle_sealed_anew({"format": FORMAT, "stream": STREAM, "entries": entries}, SealingKey())


def a_bundle_sealed_anew(bundle: dict[str, Any], key: SealingKey) -> dict[str, Any]:
    """The bundle with a seal over whatever its last entry is."""
    last = bundle["entries"][-1]
    message = head_message(stream=bundle["stream"], number=last["number"], digest=last["digest"])
    return bundle | {"seal": asdict(key.seal(number=last["number"], digest=last["digest"], message=message))}
