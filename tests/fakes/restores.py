"""The world around a restore ceremony, kept in memory: one object that the needs of every step are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.aws.evidence_key import EvidenceKey
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.nonces import LedgerChallenges, LedgerNonces
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import Table
from strongroom.adapters.ledger.tickets import LedgerTicketUses
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import NotAuthenticatedError, NotFoundError
from strongroom.domain.facts import Fact
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import Ceremony, ceremony_of
from strongroom.domain.restores.clicks import SlackClick
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.landing import LandingVault, PlaceFound
from strongroom.domain.restores.metadata import Metadata
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.presence import PresenceClaims
from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
from strongroom.domain.restores.tickets import Ticket
from strongroom.domain.restores.votes import VoteAnswer
from strongroom.services.evidence.keep_evidence import EvidenceRecorder
from strongroom.services.restores.acting.check_copy_back import CopyBackCheckNeeds
from strongroom.services.restores.acting.check_restore import RestoreCheckNeeds
from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds
from strongroom.services.restores.acting.recheck_restore import RestoreRecheckNeeds
from strongroom.services.restores.acting.start_copy_back import CopyBackStartNeeds
from strongroom.services.restores.acting.start_restore import RestoreStartNeeds
from strongroom.services.restores.acting.tag_restored import RestoredTagNeeds
from strongroom.services.restores.approving.cancel_restore import RestoreCancellationNeeds
from strongroom.services.restores.approving.cast_vote import VoteNeeds
from strongroom.services.restores.approving.confirm_presence import PresenceProofNeeds
from strongroom.services.restores.approving.open_approval import ApprovalOpeningNeeds
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.services.restores.approving.settle_approval import Approvals, Decider
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshotNeeds
from strongroom.services.restores.asking.request_restore import RestoreRequestNeeds
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, RESTORED, a_landing_vault, a_recovery_point, a_ticket
from tests.fakes.accounts_and_tags import FakeAlerts

PUBLIC_URL = "https://strongroom.example/v1"


class FakeKms:
    """A real P-256 key that never leaves this object."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

        self._key = generate_private_key(SECP256R1())

    def sign(self, **request: Any) -> dict[str, Any]:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        assert request["MessageType"] == "RAW"
        assert request["SigningAlgorithm"] == "ECDSA_SHA_256"
        return {"KeyId": request["KeyId"], "Signature": self._key.sign(request["Message"], ECDSA(SHA256()))}

    def get_public_key(self, **request: Any) -> dict[str, Any]:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return {
            "PublicKey": self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "KeyId": request["KeyId"],
        }


@dataclass
class FakeTickets:
    """A ticket system with one ticket."""

    ticket: Ticket | None = field(default_factory=a_ticket)
    comments: list[str] = field(default_factory=list)

    def read(self, key: str) -> Ticket:
        if self.ticket is None:
            raise NotFoundError(f"there is no ticket {key}")
        return self.ticket

    def comment(self, key: str, text: str) -> None:
        self.comments.append(text)


@dataclass
class FakeTasks:
    """The state machine's waiting tasks: a token can be answered once."""

    answered: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: int = 0

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        self.calls += 1
        if token in self.answered:
            return False
        self.answered[token] = dict(output)
        return True


@dataclass
class FakeBoard:
    """Slack's channel for restores."""

    shown: list[SealedRequest] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def post(self, sealed: SealedRequest) -> PostedMessage:
        self.shown.append(sealed)
        return PostedMessage(channel="C0RESTORE", ts=f"17.{len(self.shown)}")

    def close(self, message: PostedMessage, sealed: SealedRequest, *, text: str) -> None:
        self.closed.append(text)

    def answer(self, click: SlackClick, answer: VoteAnswer) -> None:
        self.said.append(f"{answer.reason} {answer.presence_url}")


@dataclass
class FakePoints:
    """Recovery points by ARN and vault."""

    points: dict[tuple[str, str], RecoveryPoint]
    vault: LandingVault = field(default_factory=a_landing_vault)
    kept_tags: dict[str, str] = field(default_factory=lambda: {"Backup": "daily-prod", "team": "payments"})
    asked: list[str] = field(default_factory=list)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        return self.points.get((recovery_point, vault))

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        return self.vault

    def tags(self, recovery_point: str, *, account: AccountId, region: Region) -> dict[str, str]:
        self.asked.append(recovery_point)
        return self.kept_tags


@dataclass
class FakePlaces:
    """What an account has: everything that is named, but what is `missing`."""

    missing: set[str] = field(default_factory=set)

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        return tuple(PlaceFound(key=key, name=value, is_there=value not in self.missing) for key, value in metadata)


@dataclass
class FakeJobs:
    """One job, started with an idempotency that a test can count."""

    states: list[str] = field(default_factory=lambda: ["RUNNING", "COMPLETED"])
    started: list[str] = field(default_factory=list)
    used: dict[str, str] | None = None
    message: str = ""

    def _next(self) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


class FakeCopyBackJobs(FakeJobs):
    """Copies back."""

    def start(self, request: RestoreRequest) -> str:
        self.started.append(request.recovery_point)
        return "copy-1"

    def describe(self, job_id: str) -> CopyBackJob:
        state = self._next()
        arn = "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:copyjob-9" if state == "COMPLETED" else ""
        return CopyBackJob(id=job_id, state=state, message=self.message, recovery_point=arn, completed_at=None)


class FakeRestoreJobs(FakeJobs):
    """Restores."""

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        self.started.append(recovery_point)
        return "restore-1"

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        status = self._next()
        created = RESTORED if status == "COMPLETED" else ""
        used = dict(request.metadata) if self.used is None else self.used
        return RestoreJob(id=job_id, status=status, message=self.message, created=created, metadata=used)


@dataclass
class FakeLogin:
    """An identity provider whose next login a test decides."""

    claims_of: dict[str, PresenceClaims] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        self.asked.append({"state": state, "nonce": nonce, "verifier": verifier})
        return f"https://login.strongroom.example/authorize?state={state}&nonce={nonce}"

    def claims(self, *, code: str, verifier: str) -> PresenceClaims:
        if code not in self.claims_of:
            raise NotAuthenticatedError("the identity provider does not accept the login")
        return self.claims_of[code]


@dataclass
class FakeUnits:
    """Every account is in one unit."""

    units: tuple[str, ...]

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        if account == "000000000000":
            raise NotFoundError(f"account {account} is not in the organisation")
        return self.units


@dataclass
class FakeTags:
    """What was tagged."""

    added: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        self.added[arn] = dict(tags)


@dataclass
class World:
    """All of it, around a ledger of either kind."""

    table: Table
    intent: Intent
    now: datetime = NOW
    tickets: FakeTickets = field(default_factory=FakeTickets)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    board: FakeBoard = field(default_factory=FakeBoard)
    login: FakeLogin = field(default_factory=FakeLogin)
    copies: FakeCopyBackJobs = field(default_factory=FakeCopyBackJobs)
    restores: FakeRestoreJobs = field(default_factory=FakeRestoreJobs)
    places: FakePlaces = field(default_factory=FakePlaces)
    tags: FakeTags = field(default_factory=FakeTags)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    kms: FakeKms = field(default_factory=FakeKms)
    facts: list[Fact] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    randomness: int = 0

    def __post_init__(self) -> None:
        self.book = LedgerRestores(self.table)
        self.log = LedgerEvidence(self.table)
        self.evidence = EvidenceRecorder(self.log)
        self.challenges = LedgerChallenges(self.table)
        self.nonces = LedgerNonces(self.table)
        local, central = a_recovery_point(), a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT)
        self.points = FakePoints({(each.arn, each.vault): each for each in (local, central)})
        self.units = FakeUnits((self.intent.organization.units["Production"],))

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)

    def begin(self, request_id: str) -> None:
        self.begun.append(request_id)

    def random(self, count: int) -> bytes:
        self.randomness += 1
        return self.randomness.to_bytes(count, "little")

    @property
    def ceremony(self) -> Ceremony:
        return ceremony_of(self.intent)

    @property
    def approvals(self) -> Approvals:
        return Approvals(book=self.book, evidence=self.evidence, ceremony=self.ceremony)

    @property
    def decider(self) -> Decider:
        return Decider(approvals=self.approvals, tasks=self.tasks, publisher=self)

    @property
    def voting(self) -> VoteNeeds:
        return VoteNeeds(
            approvals=self.approvals, challenges=self.challenges, public_url=PUBLIC_URL, random=self.random
        )

    @property
    def cancelling(self) -> RestoreCancellationNeeds:
        return RestoreCancellationNeeds(decider=self.decider)

    @property
    def clicking(self) -> SlackClickNeeds:
        return SlackClickNeeds(
            approvals=self.approvals,
            challenges=self.challenges,
            public_url=PUBLIC_URL,
            random=self.random,
            nonces=self.nonces,
            answers=self.board,
        )

    @property
    def proving(self) -> PresenceProofNeeds:
        return PresenceProofNeeds(challenges=self.challenges, login=self.login, decider=self.decider)

    @property
    def reading(self) -> TicketSnapshotNeeds:
        return TicketSnapshotNeeds(approvals=self.approvals, tickets=self.tickets)

    @property
    def opening(self) -> ApprovalOpeningNeeds:
        return ApprovalOpeningNeeds(decider=self.decider, board=self.board, tickets=self.tickets)

    @property
    def rechecking(self) -> RestoreRecheckNeeds:
        return RestoreRecheckNeeds(approvals=self.approvals, tickets=self.tickets)

    @property
    def copying(self) -> CopyBackStartNeeds:
        return CopyBackStartNeeds(approvals=self.approvals, tickets=self.tickets, jobs=self.copies)

    @property
    def checking_copy(self) -> CopyBackCheckNeeds:
        return CopyBackCheckNeeds(book=self.book, evidence=self.evidence, jobs=self.copies)

    @property
    def restoring(self) -> RestoreStartNeeds:
        return RestoreStartNeeds(approvals=self.approvals, tickets=self.tickets, starter=self.restores)

    @property
    def checking_restore(self) -> RestoreCheckNeeds:
        return RestoreCheckNeeds(book=self.book, evidence=self.evidence, jobs=self.restores)

    @property
    def tagging(self) -> RestoredTagNeeds:
        return RestoredTagNeeds(book=self.book, evidence=self.evidence, points=self.points, tags=self.tags)

    @property
    def asking(self) -> RestoreRequestNeeds:
        return RestoreRequestNeeds(
            intent=self.intent,
            ceremony=self.ceremony,
            intent_digest="0" * 64,
            book=self.book,
            evidence=self.evidence,
            uses=LedgerTicketUses(self.table),
            tickets=self.tickets,
            points=self.points,
            places=self.places,
            units=self.units,
            ceremonies=self,
            publisher=self,
            random=self.random,
        )

    @property
    def closing(self) -> RestoreClosingNeeds:
        return RestoreClosingNeeds(
            book=self.book,
            evidence=self.evidence,
            signer=EvidenceKey(self.kms, "key-1"),
            board=self.board,
            tickets=self.tickets,
            publisher=self,
            alerts=self.alerts.notifier,
            home=self.intent.organization,
        )

    def kinds(self, request_id: str) -> list[str]:
        """The kinds of evidence so far."""
        return [entry.kind for entry in self.log.entries(f"restore-{request_id}")]

    def prove(self, url: str, *, subject: str = "idp|maria", **changes: Any) -> str:
        """Log in at a presence URL; the code that the identity provider hands out for it."""
        from strongroom.services.restores.approving.confirm_presence import send_to_login

        challenge_id = url.rpartition("/")[2]
        send_to_login(challenge_id, needs=self.proving, now=self.now)
        claims = PresenceClaims(
            subject=subject, nonce=self.login.asked[-1]["nonce"], authenticated_at=self.now, methods=("pwd", "mfa")
        )
        code = f"code-{len(self.login.claims_of)}"
        self.login.claims_of[code] = replace(claims, **changes)
        return code

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)
