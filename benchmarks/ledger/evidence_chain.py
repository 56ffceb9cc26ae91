"""How long `strongroom evidence verify` takes on a sealed chain, and whether one changed fact in it is found."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.measurement import MILLISECONDS, Measurement, NotMeasuredError, compared, quickest_seconds
from strongroom.domain.evidence.chain import FORMAT, EvidenceEntry, append_entry, head_message, stream_of
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.values import asdict
from strongroom_cli.main import main
from tests.builders.evidence import SealingKey
from tests.builders.restores import a_request

_SHORTER: Final = 10
_WHOLE: Final = 3
_BETWEEN: Final = {"person": "maria", "ticket": "OPS-123", "reason": "proven by mfa, and the ticket is approved"}


def measure_evidence(scratch: Path, *, entries: int = 1_000, runs: int = 15) -> tuple[Measurement, ...]:
    """The whole command on a chain, beside a chain of a tenth of its entries."""
    sizes = {"few": max(entries // _SHORTER, 2), "many": entries}
    bundles = {name: sealed_bundle(size) for name, size in sizes.items()}
    works = {name: partial(_verify_whole, _saved(scratch / f"{name}.json", bundle)) for name, bundle in bundles.items()}
    seconds = quickest_seconds(works, runs=runs)
    base, whole = (
        Measurement(name=f"evidence_verify.{size}_entries", value=round(seconds[name] * 1000, 2), unit=MILLISECONDS)
        for name, size in sizes.items()
    )
    bundles["many"]["entries"][entries // 2]["facts"]["person"] = "mallory"
    code, told = _verify(_saved(scratch / "forged.json", bundles["many"]))
    holds = code == 1 and f"broken at entry {entries // 2 + 1} " in told
    return compared(whole.name, whole.value, MILLISECONDS, to=base, entries=entries, holds=holds), base


def sealed_bundle(entries: int) -> dict[str, Any]:
    """A bundle of a ceremony of that many entries, from request to close, sealed by a key of its own."""
    asked, sealed = a_request(), seal_request(a_request())
    stream = stream_of(asked.id)
    said = [("requested", {"request": sealed.text, "digest": sealed.digest})]
    said += [("vote-counted", _BETWEEN | {"attempt": str(number)}) for number in range(entries - 2)]
    said += [("closed", {"outcome": "restored"})]
    chain: list[EvidenceEntry] = []
    for number, (kind, facts) in enumerate(said):
        at = asked.requested_at + timedelta(seconds=number)
        chain.append(append_entry(chain[-1] if chain else None, stream=stream, kind=kind, facts=facts, at=at))
    head = chain[-1]
    message = head_message(stream=stream, number=head.number, digest=head.digest)
    seal = SealingKey().seal(number=head.number, digest=head.digest, message=message)
    return {"format": FORMAT, "stream": stream, "entries": [asdict(entry) for entry in chain], "seal": asdict(seal)}


def _saved(path: Path, bundle: dict[str, Any]) -> Path:
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return path


def _verify_whole(bundle: Path) -> None:
    code, told = _verify(bundle)
    if code != _WHOLE:
        raise NotMeasuredError(f"the chain does not verify: {told}")


def _verify(bundle: Path) -> tuple[int, str]:
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        code = main(["evidence", "verify", str(bundle)])
    return code, told.getvalue().strip()
