"""Which intents to restore stand in the evidence of a request, and which of them AWS may have heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.identifiers import Arn
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.acting.authorise_act import AuthorityNeeds


def unanswered(kept: KeptCeremony) -> tuple[ChainEntry, ...]:
    """The entries since AWS refused it as one too many at once, or all where it never did."""
    refused = [entry.number for entry in kept.chain if entry.kind == EntryKind.RESTORE_THROTTLED]
    return kept.chain[refused[-1] :] if refused else kept.chain


def may_be_begun(kept: KeptCeremony) -> bool:
    """Whether there is an intent that AWS has not refused."""
    return any(entry.kind == EntryKind.RESTORE_INTENDED for entry in unanswered(kept))


def intent_seen_at(kept: KeptCeremony, entries: Iterable[ChainEntry], *, needs: AuthorityNeeds) -> datetime | None:
    """When the witness saw an intent among them first, by its own clock; None before: nothing is started so long."""
    proofs = needs.keeper.witnessed(kept.sealed.request.id)
    for entry in entries:
        key = entry_key(entry.stream, entry.number)
        if entry.kind == EntryKind.RESTORE_INTENDED and key in proofs:
            return needs.check_witness(key, entry.text, proofs)
    return None


def demand_not_begun(kept: KeptCeremony, *, needs: AuthorityNeeds) -> None:
    """RestoreFailedError where what overwrites may have been asked for: nothing tells, and nobody asks twice."""
    request, open_since = kept.sealed.request, intent_seen_at(kept, unanswered(kept), needs=needs)
    if open_since is None:
        return
    raise RestoreFailedError(
        f"it cannot be told whether {Arn.parse(request.resource).name} was overwritten: {request.call} was about to be "
        f"made at {moment_text(open_since)}, and no answer is written down. It is not made again. Look for it in the "
        f"trail of {request.account} in the session {request.id}, and at the data: where it was not made, ask anew, "
        "with another ticket"
    )
