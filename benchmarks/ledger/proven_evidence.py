"""How long it takes to prove a whole ceremony from its evidence, and how long a proof of the log gets.

The bundle is the vector of an honest ceremony of two approvers, verified by the whole command, beside the same bundle
without a file of what is trusted, which is whole at best. The log's proof is the path of a leaf in the middle of the
tree; its size grows with the
logarithm of the log.
"""

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.measurement import (
    KILOBYTES,
    MILLISECONDS,
    ROOT,
    Measurement,
    NotMeasuredError,
    compared,
    quickest_seconds,
)
from strongroom.domain.canonical import canonical_text
from strongroom.domain.evidence.log.merkle import inclusion_path, is_included, leaf_hash
from strongroom.domain.evidence.log.tiles import LogTree, append_leaves, nodes_of_tree, root_of_tree
from strongroom_cli.main import main

MOST_MILLISECONDS: Final = 1000
MOST_KILOBYTES: Final = 1.0
_HONEST: Final = "honest, two passkeys"
_FEW: Final = 1_000
_PROVEN, _WHOLE = 0, 3


def measure_proven_evidence(
    scratch: Path, *, leaves: int = 1_000_000, fewer: int = _FEW, runs: int = 15
) -> tuple[Measurement, ...]:
    """A bundle that is proven, beside one that is whole; then a proof of a large log, beside that of a small one."""
    return (*_measure_bundle(scratch, runs=runs), *_measure_proofs(leaves, fewer))


def _measure_bundle(scratch: Path, *, runs: int) -> tuple[Measurement, ...]:
    vectors = json.loads((ROOT / "tests/vectors/evidence.json").read_text(encoding="utf-8"))
    [vector] = [each for each in vectors if each["name"] == _HONEST]
    bundle, trust = scratch / "bundle.json", scratch / "trust.json"
    bundle.write_text(canonical_text(vector["bundle"]), encoding="utf-8")
    trust.write_text(canonical_text(vector["trust"]), encoding="utf-8")
    works = {
        "proven": partial(_verify, str(bundle), "--trust", str(trust), code=_PROVEN),
        "whole": partial(_verify, str(bundle), code=_WHOLE),
    }
    seconds = quickest_seconds(works, runs=runs)
    base = Measurement(name="evidence_bundle.whole", value=round(seconds["whole"] * 1000, 2), unit=MILLISECONDS)
    value = round(seconds["proven"] * 1000, 2)
    target, holds = f"<= {MOST_MILLISECONDS} ms", value <= MOST_MILLISECONDS
    return compared("evidence_bundle.proven", value, MILLISECONDS, to=base, target=target, holds=holds), base


def _verify(*words: str, code: int) -> None:
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        ended = main(["evidence", "verify", *words])
    if ended != code:
        raise NotMeasuredError(f"the bundle is not what it should be: {told.getvalue().strip()}")


def _measure_proofs(leaves: int, fewer: int) -> tuple[Measurement, ...]:
    few, many = (
        Measurement(name=f"log_proof.{size}_leaves", value=_kilobytes(size), unit=KILOBYTES) for size in (fewer, leaves)
    )
    target, holds = f"< {MOST_KILOBYTES:g} KB", many.value < MOST_KILOBYTES
    return compared(many.name, many.value, KILOBYTES, to=few, target=target, holds=holds), few


def _kilobytes(size: int) -> float:
    """The size of the path that proves a leaf in the middle of a log of that many."""
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    tree, full = append_leaves(LogTree(), hashes)
    index = size // 2
    path = inclusion_path(index, size, node=nodes_of_tree(tree, read_tile=full.__getitem__))
    if not is_included(hashes[index], index=index, size=size, path=path, root=root_of_tree(tree)):
        raise NotMeasuredError("the path does not lead to the root")
    return round(len(path) * hashlib.sha256().digest_size / 1000, 3)
