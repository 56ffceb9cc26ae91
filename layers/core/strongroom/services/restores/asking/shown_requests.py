"""What the page of a request asks for, out of the drafts, the evidence and the intent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.entries import EntryKind, told_faults
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.checklists.standing import checklist
from strongroom.domain.restores.requests import open_seal
from strongroom.domain.restores.showing.approval_view import Around, Judged
from strongroom.domain.restores.tickets.keys import page_of_ticket
from strongroom.ports.approval_page import LinkedRequest

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.checklists.standing import StepStanding
    from strongroom.domain.restores.showing.approval_view import LogKeys
    from strongroom.ports.ceremony import Drafts
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge


class DraftLinks(Struct, frozen=True):
    """Requests from the moment that they are planned."""

    drafts: Drafts

    def read(self, request_id: str) -> LinkedRequest:
        """The request; NotFoundError where there is none."""
        draft = self.drafts.read(request_id)
        page, chat = (hashlib.sha256(view.encode()).hexdigest() for view in (draft.view, draft.chat_view))
        return LinkedRequest(draft.sealed.text, view_digest=page, chat_digest=chat, account_name=draft.account_name)


class KeptStandings(Struct, frozen=True):
    """What has become of requests, by their evidence."""

    keeper: EvidenceReading
    judge: CeremonyJudge
    ceremony: Ceremony

    def read(self, asked: AskedRestore, *, now: datetime) -> Judged | None:
        """Where the request stands; None while its requester has not signed it."""
        try:
            kept = self.keeper.read(asked.id)
        except NotFoundError:
            return None
        closed = kept.last(EntryKind.CLOSED) or {}
        return Judged(
            verdict=self.judge.decide(kept, now=now),
            is_started=kept.has(EntryKind.RESTORE_STARTED),
            outcome=closed.get("outcome", ""),
            faults=told_faults(kept.last(EntryKind.RESTORED) or {}),
            outcome_reason=self.ceremony.in_names(closed.get("reason", "")),
            steps=kept.steps(),
            checklist=self._checklist(kept),
            happened={entry.kind: entry for entry in kept.chain},
        )

    def _checklist(self, kept: KeptCeremony) -> tuple[StepStanding, ...]:
        """Of a restore that stands; of one that is still asked for the steps are told among what follows from it."""
        if not kept.has(EntryKind.RESTORED):
            return ()
        stated = self.keeper.stated(kept, evidence=self.judge.evidence)
        return checklist(kept.sealed.request.steps, stated, name_of=self.ceremony.name_of)


class CeremonySurroundings(Struct, frozen=True):
    """The names and sentences that belong to a request; `log` are the keys of the log that has its evidence."""

    ceremony: Ceremony
    log: LogKeys | None = None

    def of(self, asked: AskedRestore) -> Around:
        """What is shown beside the request's text."""
        ceremony, page = self.ceremony, self.ceremony.restores.page
        request = open_seal(canonical_text(dict(asked.content))).request
        ticket, tickets = request.ticket, ceremony.tickets
        return Around(
            people=ceremony.people,
            rp_id=page.rp_id if page else "",
            ticket_url=page_of_ticket(ticket, system=tickets.system, url=tickets.url) if ticket else "",
            consequences=consequences(request),
            issuer=ceremony.identity_provider.issuer if page else "",
            log=self.log,
        )
