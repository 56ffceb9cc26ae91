"""An evidence bundle as the API hands it out, sealed by a key of its own."""

from dataclasses import asdict
from typing import Any

from strongroom.adapters.aws.evidence_key import EvidenceKey
from strongroom.domain.evidence.chain import FORMAT, append_entry, head_message
from strongroom.domain.restores.requests import seal_request
from tests.builders.restores import NOW, a_request
from tests.fakes.restores import FakeKms

STREAM = "restore-r-abcdefgh2345"


def a_sealed_bundle() -> dict[str, Any]:
    """Three entries, from the request to the close."""
    request = seal_request(a_request())
    first = append_entry(
        None, stream=STREAM, kind="requested", facts={"request": request.text, "digest": request.digest}, at=NOW
    )
    vote = append_entry(first, stream=STREAM, kind="vote-counted", facts={"subject": "idp|maria"}, at=NOW)
    last = append_entry(vote, stream=STREAM, kind="closed", facts={"outcome": "restored"}, at=NOW)
    entries = [asdict(entry) for entry in (first, vote, last)]
    return a_bundle_sealed_anew({"format": FORMAT, "stream": STREAM, "entries": entries}, FakeKms())


def a_bundle_sealed_anew(bundle: dict[str, Any], kms: FakeKms) -> dict[str, Any]:
    """The bundle with a seal over whatever its last entry is."""
    last = bundle["entries"][-1]
    message = head_message(stream=bundle["stream"], number=last["number"], digest=last["digest"])
    seal = EvidenceKey(kms, "key-1").seal(number=last["number"], digest=last["digest"], message=message)
    return bundle | {"seal": asdict(seal)}
