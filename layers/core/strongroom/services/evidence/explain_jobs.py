"""Explain restore and copy jobs by the evidence at hand, and tell each that nobody approved, once."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct, field

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.explaining import (
    Explanation,
    Standing,
    claim_on_copied,
    explain_copy,
    explain_restore,
)
from strongroom.domain.evidence.history import COPY_BACK, COPY_THROUGH, RESTORE
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, Arn
from strongroom.domain.restores.arriving.landing import hop_between, last_hop
from strongroom.services.evidence.explain_outages import explain_outage
from strongroom.services.evidence.watch_ceremonies import ceremonies_at_hand, claims_of, see_ceremony

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.domain.evidence.explaining import Claim, WatchedCopy, WatchedRestore
    from strongroom.domain.evidence.history import Act
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.arriving.landing import Hop
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.watching import WatchedCopyJobs, WatchedRestoreJobs
    from strongroom.services.evidence.explain_outages import OutageExplainingNeeds
    from strongroom.services.evidence.watch_ceremonies import CeremonyWatchNeeds, SeenCeremony

# Between AWS Backup's clock and ours.
_CLOCKS_DIFFER: Final = timedelta(minutes=1)


class JobExplainingNeeds(Struct, frozen=True, kw_only=True):
    """What explaining jobs needs of the world."""

    intent: Intent
    restores: WatchedRestoreJobs
    copies: WatchedCopyJobs
    ceremonies: CeremonyWatchNeeds
    outages: OutageExplainingNeeds


class JobExplainer(Struct, frozen=True, kw_only=True):
    """Explains jobs by what the evidence says of them at one moment; `found` are jobs by what is thought of them."""

    needs: JobExplainingNeeds
    claims: dict[Act, tuple[Claim, ...]]
    now: datetime
    found: dict[Standing, list[str]] = field(default_factory=lambda: {state: [] for state in Standing})

    def judge_restore(self, watched: WatchedRestore) -> None:
        """Explain the restore, or tell that nobody can."""
        job, under = watched.job, watched.job.role or "a role that is not told"
        told = f"restore job {job.id} in {watched.account} {watched.region}, out of {job.recovery_point} under {under}"
        explanation = self._explain_lately(job.created_at, lambda: self._explain_restore(watched))
        alert = Alert(
            kind=AlertKind.RESTORE_UNEXPLAINED,
            subject=job.id,
            account=watched.account,
            region=watched.region,
            reason=f"nobody approved {told}: {explanation.reason}",
        )
        self._conclude(alert, explanation, has_ended=watched.has_ended)

    def judge_copy(self, watched: WatchedCopy) -> None:
        """Explain the copy, or tell that nobody can."""
        explanation = self._explain_lately(watched.created_at, lambda: self._explain_copy(watched))
        told = f"copy job {watched.id} of {watched.source} into {watched.destination}"
        alert = Alert(
            kind=AlertKind.COPY_UNEXPLAINED,
            subject=watched.id,
            account=watched.account,
            region=watched.region,
            reason=f"nobody approved {told}: {explanation.reason}",
        )
        self._conclude(alert, explanation, has_ended=True)

    def _explain_lately(self, made_at: datetime, explain: Callable[[], Explanation]) -> Explanation:
        """The explanation; of a job that may be younger than the evidence at hand, by evidence that is read anew."""
        explanation = explain()
        if explanation.state is not Standing.UNEXPLAINED or made_at < self.now - _CLOCKS_DIFFER:
            return explanation
        self.claims.update(_claims(ceremonies_at_hand(self.needs.ceremonies), needs=self.needs))
        return explain()

    def _explain_copy(self, watched: WatchedCopy) -> Explanation:
        first, out_of = self._claims_on(watched.id, COPY_THROUGH), watched.source_vault
        naming = (
            self._as_second(each, job=watched.id, out_of=out_of, first=first)
            for each in self._claims_on(watched.id, COPY_BACK)
        )
        return self._explain_copy_by((*naming, *first), watched)

    def _explain_copy_by(self, claims: Sequence[Claim], watched: WatchedCopy) -> Explanation:
        intent = self.needs.intent
        return explain_copy(
            watched,
            claims=claims,
            hop_of=lambda request, announced: _hop(request, announced, intent=intent),
            role=intent.member_role_arn(CENTRAL_BACKUP_ROLE, watched.account),
            now=self.now,
        )

    def _as_second(self, claim: Claim, *, job: str, out_of: str, first: Sequence[Claim]) -> Claim:
        """The claim; where it is about the second of two copies, held against what the first one has made."""
        if claim.job not in {"", job} or claim.request.through_vault != out_of:
            return claim
        return self._as_made(claim, by=first, copy="first copy", out_of=claim.request.vault)

    def _as_restored(self, claim: Claim, job: str) -> Claim:
        """The claim; where it is about a restore of what was copied back, held against what the copy has made."""
        request = claim.request
        if claim.act is None or claim.job not in {"", job}:
            return claim
        if claim.act.intent.facts["recovery_point"] == request.recovery_point:
            return claim
        out_of, first = request.through_vault or request.vault, self._claims_on(job, COPY_THROUGH)
        copies = [
            self._as_second(each, job=each.job, out_of=out_of, first=first)
            for each in self._claims_on(job, COPY_BACK)
            if each.request.id == request.id
        ]
        return self._as_made(claim, by=copies, copy="copy back", out_of=out_of)

    def _as_made(self, claim: Claim, *, by: Sequence[Claim], copy: str, out_of: str) -> Claim:
        """The claim, held against what the request's own copy out of that vault has made."""
        own = next((each for each in by if each.request.id == claim.request.id), None)
        try:
            made = self._made_by(own, out_of=out_of) if own else ()
        except (AccessRefusedError, TemporarilyUnavailableError) as error:
            return replace(claim, act=None, unread=str(error))
        return claim_on_copied(claim, copy=copy, by=own, made=made)

    def _made_by(self, copy: Claim, *, out_of: str) -> tuple[str, ...]:
        """What a copy out of that vault has made, by AWS Backup's word, where it is explained itself."""
        if copy.act is None:
            return ()
        vault, since = Arn.parse(out_of), copy.act.seen_at - _CLOCKS_DIFFER
        jobs = self.needs.copies.out_of(out_of, account=vault.account, region=vault.region, since=since)
        explained = Standing.EXPLAINED
        return tuple(each.made for each in jobs if self._explain_copy_by((copy,), each).state is explained)

    def _explain_restore(self, watched: WatchedRestore) -> Explanation:
        explanation = explain_restore(
            watched,
            claims=[self._as_restored(each, watched.job.id) for each in self._claims_on(watched.job.id, RESTORE)],
            testing_plans=self.needs.intent.audit.restore_testing_plan_arns,
            parent=self._explain_parent(watched) if watched.parent else None,
            now=self.now,
        )
        if explanation.state is not Standing.UNEXPLAINED:
            return explanation
        return explain_outage(watched, explanation, needs=self.needs.outages, now=self.now)

    def _explain_parent(self, watched: WatchedRestore) -> Explanation:
        """What is thought of the job that this is a part of, which is a part of none itself."""
        if self.needs.ceremonies.book.is_explained(watched.parent):
            return Explanation(state=Standing.EXPLAINED, reason="it was explained")
        parent = self.needs.restores.describe(watched.parent, account=watched.account, region=watched.region)
        if parent is None or parent.parent:
            return Explanation(state=Standing.UNEXPLAINED, reason="no such job is known")
        return self._explain_restore(parent)

    def _claims_on(self, job: str, act: Act) -> tuple[Claim, ...]:
        """What the evidence at hand says, and that of the settled request that names the job."""
        needs = self.needs.ceremonies
        known = needs.book.request_of(job)
        settled = () if known is None else claims_of([see_ceremony(known, needs=needs)], act, needs=needs)
        return (*self.claims[act], *settled)

    def _conclude(self, alert: Alert, explanation: Explanation, *, has_ended: bool) -> None:
        """Remember what is explained once it has ended; tell what is not, and later that it was after all."""
        self.found[explanation.state].append(alert.subject)
        needs = self.needs.ceremonies
        unjudged = replace(alert, kind=AlertKind.RESTORES_UNWATCHED)
        if explanation.state is not Standing.UNJUDGED:
            needs.alerts.settle(unjudged.fingerprint, reason="it was judged", now=self.now)
        match explanation.state:
            case Standing.EXPLAINED:
                needs.alerts.settle(alert.fingerprint, reason=explanation.reason, now=self.now)
                if has_ended:
                    needs.book.explain(alert.subject)
            case Standing.UNEXPLAINED:
                needs.alerts.complain(alert, now=self.now)
            case Standing.UNJUDGED:
                needs.alerts.complain(replace(unjudged, reason=explanation.reason), now=self.now)
            case Standing.AWAITED:
                pass
            case _:
                assert_never(explanation.state)


def explainer_of(seen: tuple[SeenCeremony, ...], *, needs: JobExplainingNeeds, now: datetime) -> JobExplainer:
    """What explains jobs by these ceremonies."""
    return JobExplainer(needs=needs, claims=_claims(seen, needs=needs), now=now)


def _claims(seen: tuple[SeenCeremony, ...], *, needs: JobExplainingNeeds) -> dict[Act, tuple[Claim, ...]]:
    return {act: claims_of(seen, act, needs=needs.ceremonies) for act in (RESTORE, COPY_BACK, COPY_THROUGH)}


def _hop(request: RestoreRequest, announced: ChainEntry, *, intent: Intent) -> Hop:
    """The copy that an intent announces; a single one is of the approved point, as its replay has seen."""
    if announced.kind == EntryKind.COPY_THROUGH_INTENDED:
        return hop_between(request, intent=intent)
    return last_hop(request, recovery_point=str(announced.facts["recovery_point"]), intent=intent)
