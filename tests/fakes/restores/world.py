"""The world around a restore ceremony, kept in memory: one object that the needs of every step are made from."""

import hashlib
from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.aws.restores.asked_settings import MemberSettingJobs
from strongroom.adapters.identity.logins import PageLogins
from strongroom.adapters.identity.oidc import IdentityTokens
from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.nonces import LedgerLimits, LedgerLogins, LedgerNonces, LedgerStatements
from strongroom.adapters.ledger.restores import (
    CeremonyBells,
    CeremonyDrafts,
    CeremonyMessages,
    CeremonyRequests,
    CeremonyWords,
)
from strongroom.domain.errors import (
    ExecutionEndedError,
)
from strongroom.domain.facts import Fact
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.policies import CeremonyPolicy
from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.proofs.trust import Period
from strongroom.domain.restores.asked.deciding import AfterWish
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.checklists.stated import StepWish
from strongroom.domain.restores.executions import closing_name
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish, seal_request
from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
from strongroom.services.restores.acting.check_copy_back import CopyBackCheckNeeds, check_copy_back
from strongroom.services.restores.acting.check_restore import RestoreCheckNeeds, check_restore
from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds, RestoreEnded, close_restore
from strongroom.services.restores.acting.finish_restored import finish_restored
from strongroom.services.restores.acting.start_copy_back import CopyBackStartNeeds, start_copy_back
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds, start_restore
from strongroom.services.restores.acting.tag_restored import RestoredTagNeeds
from strongroom.services.restores.approving.begin_login import LoginBeginningNeeds
from strongroom.services.restores.approving.confirm_login import LoginConfirmationNeeds
from strongroom.services.restores.approving.keep_doorbell import DoorbellNeeds
from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds, propose_statement
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.services.restores.approving.refresh_cards import CardRefreshNeeds
from strongroom.services.restores.approving.review_restore import (
    ReviewNeeds,
    ReviewTaken,
    propose_review,
    take_review,
)
from strongroom.services.restores.approving.show_login import LoginShowingNeeds
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshotNeeds, snapshot_ticket
from strongroom.services.restores.approving.state_step import StepStated, StepStatingNeeds, propose_step, take_step
from strongroom.services.restores.approving.take_proof import ProofTaken, ProofTakingNeeds, take_proof
from strongroom.services.restores.approving.tell_approvers import TellingNeeds
from strongroom.services.restores.asking.ask_after import AfterRequestNeeds, ask_after
from strongroom.services.restores.asking.open_restore import RestoreOpeningNeeds, open_restore
from strongroom.services.restores.asking.request_restore import RestoreDrafted, RestoreRequestNeeds, request_restore
from strongroom.services.restores.asking.show_restores import RestoreViewNeeds
from strongroom.services.restores.deciding.judge import CeremonyJudge
from strongroom.services.restores.deciding.judge_approval import JudgingNeeds
from strongroom.services.restores.deciding.sweep_ceremonies import CeremoniesSwept, CeremonySweepNeeds, sweep_ceremonies
from strongroom.services.restores.ends.begin_end import EndNeeds
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT, TEMPORARY_VAULT
from tests.builders.proving.signing import RememberedSignatures
from tests.builders.restores import (
    AUTHENTICATORS,
    BETWEEN_POINT,
    CENTRAL_POINT,
    COPIED_POINT,
    NOW,
    RESTORE_KEY,
    RESTORED,
    a_recovery_point,
    a_ticket,
    a_wish,
    an_urgent_wish,
)
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.issuer import FakeIssuer
from tests.fakes.many.candidates import Finding
from tests.fakes.remembering.known_rules import (
    KnownIntent,
    kept_rules,
    policy_text,
    proof_trust,
    read_rules,
    urgent_text,
)
from tests.fakes.restores.asked_settings import FakeSettings, FakeSettingStarter
from tests.fakes.restores.backup import (
    FakeAccess,
    FakeCopyBackJobs,
    FakePlaces,
    FakePoints,
    FakeRestoreJobs,
    FakeRevoker,
    FakeStarter,
)
from tests.fakes.restores.evidence import FakeShelf, FakeWitness
from tests.fakes.restores.finishing import FakeFinishing
from tests.fakes.restores.outside import FakeBoard, FakeTasks, FakeTickets
from tests.fakes.restores.settings import FakeNotes
from tests.fakes.restores.settings import FakeSettings as FakeReading
from tests.fakes.slack import FakeTakers

FORGED = "r-forgedforged"

SIGNATURES = RememberedSignatures()

PUBLIC_URL = "https://restore.example.com/v1"

MACHINE = "arn:aws:states:eu-west-1:111111111112:stateMachine:strongroom-restore-approval"


@dataclass
class CeremonyWorld:
    """Everything that a ceremony touches; each step's needs are made of it."""

    intent: Intent
    now: datetime = NOW
    shelf: FakeShelf = field(default_factory=FakeShelf)
    ledger: MemoryTable = field(default_factory=MemoryTable)
    table: MemoryTable = field(default_factory=MemoryTable)
    tickets: FakeTickets = field(default_factory=FakeTickets)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    board: FakeBoard = field(default_factory=FakeBoard)
    places: FakePlaces = field(default_factory=FakePlaces)
    access: FakeAccess = field(default_factory=FakeAccess)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    units_of_account: tuple[str, ...] = ()
    published: list[Fact] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    ended: dict[str, datetime] = field(default_factory=dict)
    tagged: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    finishing: FakeFinishing = field(default_factory=FakeFinishing)
    settings: FakeSettings = field(default_factory=FakeSettings)
    reading: FakeReading = field(default_factory=FakeReading)
    notes: FakeNotes = field(default_factory=FakeNotes)
    draws: int = 0
    # Whether somebody who deploys keeps the intent's rules among the evidence, before anybody decides by them.
    applies_rules: bool = True

    def __post_init__(self) -> None:
        central = a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT)
        local = a_recovery_point()
        landed = a_recovery_point(arn=COPIED_POINT, vault=TEMPORARY_VAULT, encryption_key=RESTORE_KEY)
        between = a_recovery_point(arn=BETWEEN_POINT, vault=REPLICA_VAULT)
        self.points = FakePoints({(each.arn, each.vault): each for each in (local, central, landed, between)})
        self.copies = FakeCopyBackJobs(self.intent)
        self.takers = FakeTakers()
        self.restores = FakeRestoreJobs(now=lambda: self.now)
        self.revoker = FakeRevoker(clock=lambda: self.now)
        self.finding = Finding(self)
        self.witness = FakeWitness(self.shelf, now=lambda: self.now)
        self.issuer = FakeIssuer(self.ceremony.identity_provider)
        self.shelf.clock = lambda: self.now

    # what the ports that are one method wide are

    def begin(self, request_id: str) -> bool:
        if self.execution(request_id) in self.ended:
            return False
        self.begun.append(request_id)
        self.running.add(self.execution(request_id))
        return True

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        execution = self.execution(closing_name(request_id, at=now))
        if execution not in self.ended:
            self.running.add(execution)

    def is_running(self, execution: str) -> bool:
        return execution in self.running

    def ended_at(self, execution: str) -> datetime | None:
        return self.ended.get(execution)

    def publish(self, fact: Fact) -> None:
        self.published.append(fact)

    def name_of(self, account: AccountId) -> str:
        return "payments"

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        return self.units_of_account or (self.intent.organization.units["Production"],)

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        self.tagged.append((arn, dict(tags)))

    def random(self, length: int) -> bytes:
        self.draws += 1
        return hashlib.sha256(str(self.draws).encode()).digest()[:length]

    # the parts

    @property
    def known(self) -> KnownIntent:
        return KnownIntent(self.intent)

    @property
    def ceremony(self) -> Ceremony:
        return ceremony_of(self.intent)

    @property
    def keeper(self) -> EvidenceKeeper:
        return EvidenceKeeper(self.shelf)

    @property
    def judge(self) -> CeremonyJudge:
        keys = {thumbprint_of(self.issuer.public_key): Period()}
        trust = replace(proof_trust(self.known), issuer_keys=keys)
        return CeremonyJudge(
            evidence=Evidence(trust=trust, signatures=SIGNATURES),
            rules_of=self._rules_of,
            witnessed_at=self.witness.seen_at,
        )

    def _rules_of(self, request: RestoreRequest) -> CeremonyPolicy:
        is_urgent = request.is_urgent
        return read_rules(self.urgent_policy() if is_urgent else self.policy_of(request.account, request.unit))

    def policy_of(self, account: AccountId, unit: str) -> str:
        if self.applies_rules:
            self.apply_rules()
        return policy_text(self.known, account=account, unit=unit, at=self.now)

    def apply_rules(self) -> None:
        """What `strongroom apply` does before the functions carry an intent: keep its rules among the evidence."""
        self.shelf.rules |= kept_rules(self.known, at=self.now)

    def urgent_policy(self) -> str:
        if self.applies_rules:
            self.apply_rules()
        return urgent_text(self.known, at=self.now)

    @property
    def statements(self) -> LedgerStatements:
        return LedgerStatements(self.ledger, now=lambda: self.now)

    @staticmethod
    def execution(request_id: str) -> str:
        return f"{MACHINE.replace(':stateMachine:', ':execution:')}:{request_id}"

    # the needs of each step

    @property
    def looking(self) -> MemberSettingJobs:
        return MemberSettingJobs(self.settings, otherwise=self.restores)

    @property
    def asking(self) -> RestoreRequestNeeds:
        return RestoreRequestNeeds(**self._asked)

    @property
    def asking_after(self) -> AfterRequestNeeds:
        return AfterRequestNeeds(
            judge=self.judge, keeper=self.keeper, jobs=self.looking, settings=self.settings, **self._asked
        )

    @property
    def _asked(self) -> dict[str, Any]:
        return {
            "intent": self.intent,
            "ceremony": self.ceremony,
            "intent_digest": "0" * 64,
            "drafts": CeremonyDrafts(self.table),
            "statements": self.statements,
            "open_requests": CeremonyRequests(self.table),
            "limits": LedgerLimits(self.ledger),
            "tickets": self.tickets,
            "names": self,
            "finding": self.finding.needs,
            "points": self.points,
            "lists": self.finding.lists,
            "places": self.places,
            "targets": self.places,
            "units": self,
            "policy_of": self.policy_of,
            "urgent_policy": self.urgent_policy,
            "public_url": PUBLIC_URL,
            "random": self.random,
        }

    @property
    def opening(self) -> RestoreOpeningNeeds:
        return RestoreOpeningNeeds(
            judge=self.judge,
            keeper=self.keeper,
            drafts=CeremonyDrafts(self.table),
            statements=self.statements,
            open_requests=CeremonyRequests(self.table),
            ceremonies=self,
            publisher=self,
            public_url=PUBLIC_URL,
        )

    @property
    def proposing(self) -> StatementProposalNeeds:
        return StatementProposalNeeds(
            drafts=CeremonyDrafts(self.table),
            statements=self.statements,
            limits=LedgerLimits(self.ledger),
            random=self.random,
        )

    @property
    def proving(self) -> ProofTakingNeeds:
        return ProofTakingNeeds(
            limits=LedgerLimits(self.ledger),
            words=CeremonyWords(self.table),
            judge=self.judge,
            keeper=self.keeper,
            statements=self.statements,
            bells=CeremonyBells(self.table),
            tasks=self.tasks,
            log=self.witness,
        )

    @property
    def beginning(self) -> LoginBeginningNeeds:
        return LoginBeginningNeeds(
            proposing=self.proposing, logins=self.logins, issuer=self.logging_in, random=self.random
        )

    @property
    def coming_back(self) -> LoginShowingNeeds:
        return LoginShowingNeeds(drafts=CeremonyDrafts(self.table), logins=self.logins, name_of=self.ceremony.name_of)

    @property
    def confirming(self) -> LoginConfirmationNeeds:
        return LoginConfirmationNeeds(
            drafts=CeremonyDrafts(self.table),
            logins=self.logins,
            issuer=self.logging_in,
            key_of=IdentityTokens(self.issuer.provider, http=self.issuer).key_of,
            proving=self.proving,
            public_url=PUBLIC_URL,
        )

    @property
    def logging_in(self) -> PageLogins:
        provider = self.issuer.provider
        return PageLogins(
            provider,
            tokens=IdentityTokens(provider, http=self.issuer),
            http=self.issuer,
            client_secret=lambda: "hush",
            redirect_uri=f"{PUBLIC_URL}/logins/callback",
        )

    @property
    def logins(self) -> LedgerLogins:
        return LedgerLogins(self.ledger, now=lambda: self.now)

    @property
    def snapshot(self) -> TicketSnapshotNeeds:
        return TicketSnapshotNeeds(
            ceremony=self.ceremony,
            judge=self.judge,
            keeper=self.keeper,
            executions=self,
            tickets=self.tickets,
            alerts=self.alerts.notifier,
        )

    @property
    def reviewing(self) -> ReviewNeeds:
        return ReviewNeeds(
            judge=self.judge,
            keeper=self.keeper,
            drafts=CeremonyDrafts(self.table),
            statements=self.statements,
            limits=LedgerLimits(self.ledger),
            random=self.random,
        )

    @property
    def stating(self) -> StepStatingNeeds:
        return StepStatingNeeds(
            judge=self.judge,
            keeper=self.keeper,
            drafts=CeremonyDrafts(self.table),
            statements=self.statements,
            limits=LedgerLimits(self.ledger),
            random=self.random,
            log=self.witness,
        )

    @property
    def telling(self) -> TellingNeeds:
        return TellingNeeds(
            ceremony=self.ceremony,
            drafts=CeremonyDrafts(self.table),
            messages=CeremonyMessages(self.table),
            board=self.board,
            tickets=self.tickets,
            public_url=PUBLIC_URL,
        )

    @property
    def refreshing(self) -> CardRefreshNeeds:
        return CardRefreshNeeds(
            open_requests=CeremonyRequests(self.table),
            judging=lambda: self.judging,
            telling=lambda: self.telling,
        )

    @property
    def doorbell(self) -> DoorbellNeeds:
        return DoorbellNeeds(bells=CeremonyBells(self.table))

    @property
    def judging(self) -> JudgingNeeds:
        return JudgingNeeds(judge=self.judge, keeper=self.keeper)

    @property
    def clicking(self) -> SlackClickNeeds:
        return SlackClickNeeds(slack=self.ceremony.slack, nonces=LedgerNonces(self.ledger), takers=self.takers)

    @property
    def authority(self) -> dict[str, Any]:
        return {
            "intent": self.intent,
            "ceremony": self.ceremony,
            "judge": self.judge,
            "keeper": self.keeper,
            "executions": self,
            "tickets": self.tickets,
            "units": self,
            "points": self.points,
            "lists": self.finding.lists,
            "jobs": self.looking,
            "settings": self.settings,
            "witness": self.witness,
            "check_witness": self.witness.check,
            "policy_of": self.policy_of,
            "urgent_policy": self.urgent_policy,
            "clock": lambda: self.now,
        }

    @property
    def copying(self) -> CopyBackStartNeeds:
        return CopyBackStartNeeds(starter=self.copies, copies=self.copies, **self.authority)

    @property
    def checking_copy(self) -> CopyBackCheckNeeds:
        return CopyBackCheckNeeds(judge=self.judge, keeper=self.keeper, executions=self, jobs=self.copies)

    @property
    def restoring(self) -> RestoreStartNeeds:
        return RestoreStartNeeds(
            starter=FakeSettingStarter(self.settings, otherwise=FakeStarter(self.restores)),
            copies=self.copies,
            running=self.restores,
            targets=self.places,
            open_requests=CeremonyRequests(self.table),
            access=self.access,
            asker=self.access,
            publisher=self,
            **self.authority,
        )

    @property
    def checking_restore(self) -> RestoreCheckNeeds:
        return RestoreCheckNeeds(keeper=self.keeper, executions=self, jobs=self.looking)

    @property
    def tagging(self) -> RestoredTagNeeds:
        return RestoredTagNeeds(
            keeper=self.keeper,
            executions=self,
            jobs=self.looking,
            points=self.points,
            tags=self,
            finishing=self.finishing,
            settings=self.reading,
            notes=self.notes,
        )

    @property
    def closing(self) -> RestoreClosingNeeds:
        return RestoreClosingNeeds(
            ceremony=self.ceremony,
            words=CeremonyWords(self.table),
            judge=self.judge,
            keeper=self.keeper,
            executions=self,
            jobs=self.looking,
            notes=self.notes,
            witness=self.witness,
            open_requests=CeremonyRequests(self.table),
            messages=CeremonyMessages(self.table),
            board=self.board,
            tickets=self.tickets,
            publisher=self,
            alerts=self.alerts.notifier,
            home=self.intent.organization,
        )

    @property
    def sweeping(self) -> CeremonySweepNeeds:
        return CeremonySweepNeeds(
            open_requests=CeremonyRequests(self.table),
            judging=lambda: self.judging,
            ceremonies=self,
            bells=CeremonyBells(self.table),
            tasks=self.tasks,
            alerts=self.alerts.notifier,
            ends=self.following,
            home=self.intent.organization,
        )

    @property
    def following(self) -> EndNeeds:
        return EndNeeds(
            intent=self.intent,
            ends=LedgerEnds(self.ledger),
            shelf=lambda: self.shelf,
            jobs=self.copies,
            begun=self.copies,
            points=self.points,
            access=self.access,
            uses=self.access,
            revoker=self.revoker,
            kept=self.kept,
            alerts=self.alerts.notifier,
            open_alerts=self.alerts,
        )

    @property
    def showing(self) -> RestoreViewNeeds:
        return RestoreViewNeeds(
            words=CeremonyWords(self.table),
            open_requests=CeremonyRequests(self.table),
            keeper=self.keeper,
            judge=self.judge,
            ceremony=self.ceremony,
            messages=CeremonyMessages(self.table),
            ends=LedgerEnds(self.ledger),
        )

    # what people do

    def draft(self, wish: RestoreWish | None = None, *, person: str = "omar") -> RestoreDrafted:
        """Ask, and sign nothing."""
        return request_restore(wish or a_wish(), requester=f"idp|{person}", needs=self.asking, now=self.now)

    def open(self, wish: RestoreWish | None = None, *, person: str = "omar") -> str:
        """Ask and sign; the request's id."""
        drafted = self.draft(wish, person=person)
        signed = AUTHENTICATORS[person].sign(drafted.statement)
        open_restore(drafted.request_id, statement=drafted.statement, signed=signed, needs=self.opening, now=self.now)
        return drafted.request_id

    def open_after(self, request_id: str, wish: AfterWish, *, signed_after: timedelta = timedelta(0)) -> str:
        """Ask for something after a restore, and sign it so much later; the request's id."""
        drafted = ask_after(request_id, wish, requester="idp|omar", needs=self.asking_after, now=self.now)
        self.now += signed_after
        return self._open(drafted.request_id)

    def open_forged_after(self, request_id: str, wish: AfterWish, **changes: Any) -> str:
        """What a draft of that with other fields comes to, which its requester signs unread; the request's id."""
        drafted = ask_after(request_id, wish, requester="idp|omar", needs=self.asking_after, now=self.now)
        return self._open_forged(drafted.request_id, changes)

    def open_forged(self, wish: RestoreWish | None = None, **changes: Any) -> str:
        """What a draft with other fields comes to, which its requester signs unread; the request's id."""
        return self._open_forged(self.draft(wish).request_id, changes)

    def _open_forged(self, request_id: str, changes: Mapping[str, Any]) -> str:
        drafts = CeremonyDrafts(self.table)
        draft = drafts.read(request_id)
        forged = seal_request(replace(draft.sealed.request, id=FORGED, **changes))
        drafts.keep(replace(draft, sealed=forged))
        return self._open(FORGED)

    def _open(self, request_id: str) -> str:
        """Sign a draft as Omar, by a statement of its own."""
        proposed = propose_statement(request_id, Decision.REQUEST, view=None, needs=self.proposing, now=self.now)
        signed = AUTHENTICATORS["omar"].sign(proposed.statement)
        open_restore(request_id, statement=proposed.statement, signed=signed, needs=self.opening, now=self.now)
        return request_id

    def sign(
        self, request_id: str, person: str, decision: Decision = Decision.APPROVE, *, why: str = "", **changes: Any
    ) -> ProofTaken:
        """Take a statement and sign it with the person's passkey; `changes` are of what the browser says."""
        proposed = propose_statement(request_id, decision, view=None, needs=self.proposing, now=self.now)
        signed = AUTHENTICATORS[person].sign(proposed.statement, **changes)
        return take_proof(
            request_id, statement=proposed.statement, signed=signed, why=why, needs=self.proving, now=self.now
        )

    def review(self, request_id: str, person: str, finding: ReviewFinding = ReviewFinding.IN_ORDER) -> ReviewTaken:
        """Take the statement of a review and sign it with the person's passkey."""
        needs = self.reviewing
        proposed = propose_review(request_id, finding, view=None, needs=needs, now=self.now)
        signed = AUTHENTICATORS[person].sign(proposed.statement)
        return take_review(request_id, statement=proposed.statement, signed=signed, needs=needs, now=self.now)

    def state(self, request_id: str, person: str, wish: StepWish) -> StepStated:
        """Take the statement about a step by hand and sign it with the person's passkey."""
        needs = self.stating
        proposed = propose_step(request_id, wish, view=None, needs=needs, now=self.now)
        signed = AUTHENTICATORS[person].sign(proposed.statement)
        return take_step(request_id, statement=proposed.statement, signed=signed, needs=needs, now=self.now)

    def read_ticket(self, request_id: str) -> None:
        """Take the first step of the execution."""
        execution = self.execution(request_id)
        snapshot_ticket(request_id, execution=execution, needs=self.snapshot, now=self.now)

    def come_to_approval(self, wish: RestoreWish | None = None) -> str:
        """A request that is asked for, entitled to and approved by Maria; its id."""
        request_id = self.open(wish)
        self.read_ticket(request_id)
        self.sign(request_id, "maria")
        return request_id

    def come_to_urgent_approval(self, wish: RestoreWish | None = None) -> str:
        """An urgent request that Ada and Piet have signed; its id."""
        request_id = self.open(wish or an_urgent_wish())
        self.read_ticket(request_id)
        for person in ("ada", "piet"):
            self.sign(request_id, person)
        return request_id

    def come_to_urgent_end(self, wish: RestoreWish | None = None) -> str:
        """An urgent restore that was carried out and has ended; its id."""
        request_id = self.come_to_urgent_approval(wish)
        execution = self.execution(request_id)
        start_restore(request_id, execution=execution, needs=self.restoring, now=self.now)
        self.restores.states = ["COMPLETED"]
        check_restore(request_id, execution=execution, needs=self.checking_restore, now=self.now)
        self.close(request_id, reason="")
        return request_id

    def come_to_restore(self) -> str:
        """The same, with its job started; its id."""
        request_id = self.come_to_approval()
        start_restore(request_id, execution=self.execution(request_id), needs=self.restoring, now=self.now)
        return request_id

    def take_steps(self, request_id: str, *, created: str = RESTORED) -> None:
        """Have whatever its approvers read that the machine does done on what was restored."""
        finish_restored(
            self.keeper.read(request_id),
            created=created,
            finishing=self.finishing,
            settings=self.reading,
            notes=self.notes,
            keeper=self.keeper,
            now=self.now,
        )

    def come_to_copy(self) -> str:
        """A request for a point in the central vault, approved and with its copy back started; its id."""
        request_id = self.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
        start_copy_back(request_id, execution=self.execution(request_id), needs=self.copying, now=self.now)
        return request_id

    def come_to_copied(self) -> str:
        """The same, arrived in the local vault; its id."""
        request_id = self.come_to_copy()
        self.copies.states = ["COMPLETED"]
        check_copy_back(request_id, execution=self.execution(request_id), needs=self.checking_copy, now=self.now)
        return request_id

    def open_another(self) -> str:
        """A second request, with a ticket of its own; its id."""
        self.tickets.ticket = a_ticket(key="OPS-124")
        return self.open(a_wish(ticket="OPS-124", target_name="payments-db-0201"))

    def draft_account(self) -> AccountId:
        """The account that is restored into."""
        return AccountId(a_wish().account)

    def close(self, request_id: str, *, error: str = "", reason: str = "it went wrong") -> RestoreEnded:
        """Take the last step of the execution."""
        execution = self.execution(request_id)
        return close_restore(
            request_id, execution=execution, error=error, reason=reason, needs=self.closing, now=self.now
        )

    def break_off(self, request_id: str) -> None:
        """Let the execution of the request end, whatever it was doing."""
        self.running.discard(self.execution(request_id))
        self.ended[self.execution(request_id)] = self.now

    def sweep(self) -> CeremoniesSwept:
        """Take up what was interrupted."""
        return sweep_ceremonies(needs=self.sweeping, now=self.now)

    def close_again(self, request_id: str, *, error: str = ExecutionEndedError.__name__) -> RestoreEnded:
        """Sweep, and take the one step of the execution that closes what another one left."""
        self.later(minutes=10)
        self.sweep()
        execution = self.execution(closing_name(request_id, at=self.now))
        ended = close_restore(
            request_id,
            execution=execution,
            error=error,
            reason="the execution that carried it broke off",
            needs=self.closing,
            now=self.now,
        )
        self.running.discard(execution)
        self.ended[execution] = self.now
        return ended

    def kept(self, request_id: str) -> KeptCeremony:
        """What the evidence holds."""
        return self.keeper.read(request_id)

    def kinds(self, request_id: str) -> list[str]:
        """The kinds of what has happened so far."""
        return [entry.kind for entry in self.kept(request_id).chain]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)
