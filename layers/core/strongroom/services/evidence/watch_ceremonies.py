"""Watch the evidence of every ceremony from outside: what it says of jobs, and that it ends in time and is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.endings import proofs_left_out, why_not_ended, why_not_logged
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.explaining import Claim
from strongroom.domain.evidence.findings import FindingState
from strongroom.domain.evidence.history import COPY_BACK, COPY_THROUGH, RESTORE
from strongroom.domain.evidence.object_keys import EVIDENCE, LOG_ANSWERS, entry_key, folder_of
from strongroom.domain.evidence.replay import replay, replay_act
from strongroom.domain.proofs.reviews import is_review
from strongroom.services.evidence.bundle_ceremony import bundle_ceremony, bundle_way, proofs_seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.history import Act
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.ports.watching import EvidenceKeys, TrustBook, WatchBook
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.evidence.tell_auditors import AuditorNotifier

_ACTS = (RESTORE, COPY_BACK, COPY_THROUGH)


class SeenCeremony(Struct, frozen=True, kw_only=True):
    """The evidence of a request as it was found: `kept` is None where `broken` says why it cannot be read."""

    request_id: str
    kept: KeptCeremony | None = None
    witnessed: Mapping[str, str] = field(default_factory=dict)
    broken: str = ""


class CeremonyWatchNeeds(Struct, frozen=True, kw_only=True):
    """What watching ceremonies needs of the world; `account` and `region` are where their evidence lies."""

    evidence: EvidenceReading
    keys: EvidenceKeys
    trust: TrustBook
    signatures: SignatureCheck
    book: WatchBook
    alerts: AuditorNotifier
    account: AccountId
    region: Region


def ceremonies_at_hand(needs: CeremonyWatchNeeds) -> tuple[SeenCeremony, ...]:
    """Every ceremony that is not settled, read."""
    return tuple(see_ceremony(each, needs=needs) for each in sorted(_ids(needs) - needs.book.settled()))


def see_ceremony(request_id: str, *, needs: CeremonyWatchNeeds) -> SeenCeremony:
    """One ceremony; what cannot be read hides no other."""
    try:
        witnessed = needs.evidence.witnessed(request_id)
        kept = needs.evidence.read(request_id)
        if lost := sorted(witnessed.keys() - set(needs.keys.keys(folder_of(request_id)))):
            return SeenCeremony(request_id=request_id, broken=f"the log has seen {lost[0]}, and it is not there")
    except NotFoundError:
        return SeenCeremony(request_id=request_id, broken="there is evidence, and no request that it is of")
    except (ApprovalVoidError, MalformedRecordError) as error:
        return SeenCeremony(request_id=request_id, broken=str(error))
    return SeenCeremony(request_id=request_id, kept=kept, witnessed=witnessed)


def claims_of(seen: Iterable[SeenCeremony], act: Act, *, needs: CeremonyWatchNeeds) -> tuple[Claim, ...]:
    """What these ceremonies say of such an act of theirs: each judged anew, from what people signed."""
    return tuple(
        _claim(each.kept, act, witnessed=each.witnessed, needs=needs)
        for each in seen
        if each.kept is not None and (each.kept.has(act.intended) or each.kept.has(act.started))
    )


def watch_ceremonies(
    seen: Iterable[SeenCeremony], *, needs: CeremonyWatchNeeds, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The requests that are settled now, and those whose evidence is told to be broken, late or lost."""
    settled, broken = [], []
    for each in seen:
        try:
            reason = why_broken(each, needs=needs, now=now)
        except TemporarilyUnavailableError:
            continue  # it is judged at the next look; its jobs are told to be unjudged
        if reason:
            broken.append(each.request_id)
            needs.alerts.complain(_alert(each.request_id, reason, needs=needs), now=now)
        elif each.kept is not None and is_over(each.kept, witnessed=each.witnessed, now=now):
            settled.append(each.request_id)
            needs.book.settle(each.request_id, jobs=_jobs(each.kept))
            mended = fingerprint(AlertKind.EVIDENCE_BROKEN, each.request_id)
            needs.alerts.settle(mended, reason="its evidence has ended and is whole", now=now)
    for gone in sorted(needs.book.settled() - _ids(needs)):
        broken.append(gone)
        needs.alerts.complain(_alert(gone, "its evidence was there and is gone", needs=needs), now=now)
    return tuple(settled), tuple(broken)


def why_broken(seen: SeenCeremony, *, needs: CeremonyWatchNeeds, now: datetime) -> str:
    """What is wrong with the evidence of a ceremony by now; empty while it is as it must be."""
    kept = seen.kept
    if kept is None:
        return seen.broken
    if not kept.chain:
        return ""  # nothing was done about it: its ticket was used for another
    if not kept.has(EntryKind.CLOSED):
        has_begun = any(kept.has(act.started) for act in _ACTS)
        return why_not_ended(act_before=kept.sealed.request.act_before, has_begun=has_begun, now=now)
    if not _is_logged(kept, witnessed=seen.witnessed):
        return why_not_logged(closed_at=kept.chain[-1].at, now=now)
    return _why_not_whole(kept, witnessed=seen.witnessed, needs=needs)


def is_over(kept: KeptCeremony, *, witnessed: Mapping[str, str], now: datetime) -> bool:
    """Whether nothing more can come of it: its end is in the log, or nothing was done until it was too late."""
    if kept.chain:
        return kept.has(EntryKind.CLOSED) and _is_logged(kept, witnessed=witnessed)
    return bool(why_not_ended(act_before=kept.sealed.request.act_before, has_begun=False, now=now))


def _why_not_whole(kept: KeptCeremony, *, witnessed: Mapping[str, str], needs: CeremonyWatchNeeds) -> str:
    request_id, closed = kept.sealed.request.id, kept.last(EntryKind.CLOSED) or {}
    trust = needs.trust.at(kept.sealed.request.requested_at)
    try:
        bundle = read_bundle(bundle_ceremony(kept, witnessed=witnessed))
        finding = replay(bundle, trust=trust, signatures=needs.signatures)
        left_out = proofs_left_out(
            closed.get("proofs", ()),
            # A review is signed over the end, and so comes after it, wherever the log has it.
            proofs_seen(request_id, tuple(text for text in kept.proofs if not is_review(text)), witnessed=witnessed),
            end=witnessed[entry_key(request_id, len(kept.chain))],
        )
    except MalformedRecordError as error:
        return str(error)
    if left_out:
        return f"its end does not name {left_out[0]}, a proof that the log had before"
    if finding.state is FindingState.PROVEN:
        return ""
    return finding.broken or "not all of it is signed by the log and its witness"


def _claim(kept: KeptCeremony, act: Act, *, witnessed: Mapping[str, str], needs: CeremonyWatchNeeds) -> Claim:
    request, job = kept.sealed.request, str((kept.last(act.started) or {}).get("job", ""))
    trust = needs.trust.at(request.requested_at)
    try:
        way = bundle_way(kept, act, witnessed=witnessed)
        approved = replay_act(way, act=act, trust=trust, signatures=needs.signatures)
    except MalformedRecordError as error:
        return Claim(request=request, job=job, broken=str(error))
    except TemporarilyUnavailableError as error:  # the identity provider's keys are asked for
        return Claim(request=request, job=job, unread=str(error))
    return Claim(request=request, job=job, act=approved)


def _is_logged(kept: KeptCeremony, *, witnessed: Mapping[str, str]) -> bool:
    return entry_key(kept.sealed.request.id, len(kept.chain)) in witnessed


def _jobs(kept: KeptCeremony) -> tuple[str, ...]:
    started = (kept.last(act.started) for act in _ACTS)
    return tuple(str(facts["job"]) for facts in started if facts is not None and "job" in facts)


def _ids(needs: CeremonyWatchNeeds) -> set[str]:
    """Every request of which there is evidence, or of which the log says that there is."""
    return {
        key.removeprefix(prefix).partition("/")[0]
        for prefix in (EVIDENCE, LOG_ANSWERS)
        for key in needs.keys.keys(prefix)
    }


def _alert(request_id: str, reason: str, *, needs: CeremonyWatchNeeds) -> Alert:
    return Alert(
        kind=AlertKind.EVIDENCE_BROKEN,
        subject=request_id,
        account=needs.account,
        region=needs.region,
        reason=f"the evidence of {request_id}: {reason}",
    )
