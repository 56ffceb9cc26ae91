"""One urgent restore at a time, and none before somebody has reviewed the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.reviews import first_review

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Evidence
    from strongroom.domain.proofs.reviews import Reviewed
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony

_INTENTS: Final = (EntryKind.COPY_THROUGH_INTENDED, EntryKind.COPY_BACK_INTENDED, EntryKind.RESTORE_INTENDED)


def last_urgent(
    lines: Iterable[OpenRequest], *, besides: str, keeper: EvidenceReading, evidence: Evidence, now: datetime
) -> str:
    """The id of the urgent request before, empty where there was none; RestoreRefusedError while it is in the way.

    The list only says where to look: what stands in the evidence decides. `lines` are the newest first, and `besides`
    is the request that wants to be opened.
    """
    for line in lines:
        if not line.incident or line.id == besides:
            continue
        try:
            kept = keeper.read(line.id)
        except NotFoundError:
            continue  # listed by somebody else than the ceremony, which keeps the evidence first
        except ApprovalVoidError as error:
            raise RestoreRefusedError(f"the urgent restore before, {line.id}, cannot be looked at: {error}") from error
        if refusal := _in_the_way(kept, evidence=evidence, now=now):
            raise RestoreRefusedError(f"{line.id} {refusal}")
        return line.id
    return ""


def review_of(kept: KeptCeremony, *, evidence: Evidence, now: datetime) -> Reviewed | None:
    """The first review of the ceremony that counts; None where there is none."""
    if not kept.sealed.request.is_urgent or not kept.has(EntryKind.CLOSED):
        return None
    closed = digest_of(kept.chain[-1].text)
    return first_review(kept.sealed.asked, kept.proofs, closed=closed, proofs=kept.proofs, evidence=evidence, at=now)


def needs_review(kept: KeptCeremony) -> bool:
    """Whether the ceremony went past its approval: what nobody acted on has broken no glass."""
    return kept.sealed.request.is_urgent and any(kept.has(kind) for kind in _INTENTS)


def _in_the_way(kept: KeptCeremony, *, evidence: Evidence, now: datetime) -> str:
    is_over = kept.has(EntryKind.CLOSED) or (now >= kept.sealed.request.act_before and not needs_review(kept))
    if not is_over:
        return "is open: there is one urgent restore at a time"
    if needs_review(kept) and review_of(kept, evidence=evidence, now=now) is None:
        return (
            "was urgent and nobody has reviewed it yet; somebody who took no part in it must, before there is "
            f"another: strongroom restore review {kept.sealed.request.id}"
        )
    return ""
