"""Put together, of what is kept of a ceremony, the bundle by which it can be judged without us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.bundles import Bundle, LogProofs, bundle_text
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key, proof_key, stated_key
from strongroom.domain.proofs.proof import signed_content
from strongroom.domain.proofs.reviews import is_review

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strongroom.domain.evidence.history import Act
    from strongroom.domain.restores.checklists.stated import StatedStep
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


def bundle_ceremony(kept: KeptCeremony, *, witnessed: Mapping[str, str], stated: Iterable[StatedStep] = ()) -> str:
    """The bundle of a ceremony that has ended; NotFoundError before the log has seen its end.

    `witnessed` is what the log said first of each object. The bundle holds the proofs that the end names: whatever is
    brought later counts for nothing any more, but for what its reviewers say, and what of `stated`, the steps by hand,
    the log has seen.
    """
    request_id = kept.sealed.request.id
    closed = kept.last(EntryKind.CLOSED)
    end = entry_key(request_id, len(kept.chain))
    if closed is None or end not in witnessed:
        raise NotFoundError(f"{request_id} has not ended, or the log has not seen its end; try again in some minutes")
    intents = [entry.number for entry in kept.chain if entry.kind == EntryKind.RESTORE_INTENDED]
    named = tuple(text for text in kept.proofs if digest_of(text) in closed["proofs"])
    return bundle_text(
        kept.sealed.text,
        opened_by=canonical_text(_opened_by(kept)),
        proofs=named,
        chain=kept.chain,
        log=LogProofs(
            closed=witnessed[end],
            intent=witnessed.get(entry_key(request_id, intents[-1])) if intents else None,
            proofs=proofs_seen(request_id, named, witnessed=witnessed),
        ),
        reviews=tuple(text for text in kept.proofs if text not in named and is_review(text)),
        stated=_stated_seen(request_id, (each.text for each in stated), witnessed=witnessed),
    )


def bundle_way(kept: KeptCeremony, act: Act, *, witnessed: Mapping[str, str]) -> Bundle:
    """What shows the way to an act, of a ceremony that may go on, with the proofs that the log has seen by now."""
    request_id = kept.sealed.request.id
    started = next((entry.number for entry in kept.chain if entry.kind == act.started), len(kept.chain) + 1)
    intents = [entry.number for entry in kept.chain if entry.kind == act.intended and entry.number < started]
    proofs = proofs_seen(request_id, kept.proofs, witnessed=witnessed)
    return Bundle(
        request={"request": kept.sealed.text, **_opened_by(kept)},
        proofs=tuple(read_canonical(text) for text in kept.proofs if digest_of(text) in proofs),
        chain=tuple(read_canonical(entry.text) for entry in kept.chain),
        log={
            "intent": witnessed.get(entry_key(request_id, intents[-1]), "") if intents else "",
            "proofs": proofs,
        },
    )


def proofs_seen(request_id: str, proofs: tuple[str, ...], *, witnessed: Mapping[str, str]) -> dict[str, str]:
    """What the log said of each of these proofs that it has seen, by its digest."""
    keys = {digest: proof_key(request_id, digest) for digest in map(digest_of, proofs)}
    return {digest: witnessed[key] for digest, key in keys.items() if key in witnessed}


def _stated_seen(request_id: str, texts: Iterable[str], *, witnessed: Mapping[str, str]) -> dict[str, str]:
    """What the log said of each of these statements that it has seen, by its text."""
    keys = {text: stated_key(request_id, digest_of(text)) for text in texts}
    return {text: witnessed[key] for text, key in keys.items() if key in witnessed}


def _opened_by(kept: KeptCeremony) -> dict[str, object]:
    return {"statement": kept.opening.statement.text, **signed_content(kept.opening.signed)}
