"""What is wrong with the log of the evidence: keys that are none, or that belong to somebody else.

Sources: C2SP signed-note (names of keys), tlog-checkpoint (type 1, Ed25519) and tlog-cosignature (type 4).
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.proving.evidence import EvidenceLog

_LOG, _WITNESS = 0x01, 0x04
_KEY_BYTES: Final = 33  # the type, and Ed25519's 32
_NAME_BYTES: Final = 4


def find_evidence_contradictions(log: EvidenceLog) -> Iterator[Finding]:
    """Every contradiction in the section."""
    for name, key, kind in (("log_key", log.log_key, _LOG), ("witness", log.witness, _WITNESS)):
        if key is not None and (refusal := _why_no_key(key, kind=kind)):
            yield error("evidence-key", f"evidence.{name}", refusal)
    if log.log_key is None:
        return
    if log.log_key.partition("+")[0] != log.origin:
        why = f"must be {log.log_key.partition('+')[0]}, the name in log_key: checkpoints begin with it"
        yield error("evidence-origin", "evidence.origin", why)
    if log.witness is None and log.witness_required:
        why = "is missing, and nothing is done before it has signed; add its key, or write witness_required: false"
        yield error("evidence-witness", "evidence.witness", why)


def _why_no_key(text: str, *, kind: int) -> str:
    name, _, rest = text.partition("+")
    digits, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return "its last part is not base64"
    if len(key) != _KEY_BYTES or key[0] != kind:
        return f"it is no Ed25519 key of type {kind}, which a {'log' if kind == _LOG else 'witness'} has"
    if hashlib.sha256(f"{name}\n".encode() + key).digest()[:_NAME_BYTES].hex() != digits:
        return "its middle part is not that of this name and key: copy the whole line once more"
    return ""
