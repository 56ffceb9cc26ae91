"""What a bundle shows of the steps by hand: who stated each, and when the witness saw that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.object_keys import stated_key
from strongroom.domain.evidence.witnessing import seen_in_log
from strongroom.domain.restores.checklists.stated import read_stated, why_not_stated
from strongroom.domain.written import record_of

if TYPE_CHECKING:
    from strongroom.domain.evidence.case import Case
    from strongroom.domain.evidence.witnessing import Seen
    from strongroom.domain.restores.checklists.stated import Stated


class BundledStep(Struct, frozen=True, kw_only=True):
    """What somebody, a subject, stated of a step, and where the log has that."""

    subject: str
    stated: Stated
    seen: Seen


def read_bundled_steps(case: Case) -> tuple[BundledStep, ...]:
    """Every step that was stated, in the order of the bundle; MalformedRecordError with the first that is not sound."""
    found: dict[str, BundledStep] = {}
    for place, content in enumerate(case.stated, start=1):
        try:
            step = _read(content, case=case)
        except MalformedRecordError as error:
            raise MalformedRecordError(f"stated {place}: {error}") from error
        sentence = step.stated.statement.step
        if sentence in found:
            raise MalformedRecordError(f"stated {place}: the step {sentence[:80]!r} is stated twice")
        found[sentence] = step
    return tuple(found.values())


def _read(content: Any, *, case: Case) -> BundledStep:
    parts = record_of(content, needed=("logged", "stated"))
    stated = read_stated(canonical_text(parts["stated"]))
    seen = seen_in_log(
        parts["logged"],
        key=stated_key(case.asked.id, stated.digest),
        digest=stated.digest,
        name="it",
        trust=case.log,
        signatures=case.signatures,
    )
    subject, refusal = why_not_stated(case.asked, stated, evidence=case.evidence, at=seen.at)
    if refusal:
        raise MalformedRecordError(refusal)
    return BundledStep(subject=subject, stated=stated, seen=seen)
