"""What the services ask of the world: small protocols, each shaped by its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.accounts import AccountVerdict, Inspection, KnownAccount, Membership
    from strongroom.domain.alerts import Alert
    from strongroom.domain.approvals import Challenge, PresenceClaims, Vote
    from strongroom.domain.copies import CopyJob, Promise, RecoveryPointFound, VaultFound
    from strongroom.domain.evidence import EvidenceEntry, EvidenceSeal
    from strongroom.domain.facts import Fact
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.messages import AlertThread, PostedMessage
    from strongroom.domain.restore_jobs import CopyBackJob, RestoreJob
    from strongroom.domain.restore_steps import CeremonyStep
    from strongroom.domain.restores import RecoveryPoint, RestoreRequest, SealedRequest
    from strongroom.domain.tags import TagVerdict
    from strongroom.domain.tickets import Ticket


class Publisher(Protocol):
    """Says on the bus what happened."""

    def publish(self, fact: Fact) -> None:
        """Put the fact on the control plane's bus."""


class AlertBook(Protocol):
    """Remembers which complaints are open, so that each is told once."""

    def open(self, alert: Alert, *, now: datetime) -> bool:
        """Open the alert, or count a repetition; True when it is to be told, which nobody else is doing meanwhile."""

    def mark_told(self, fingerprint: str, *, told: bool) -> None:
        """Remember that the opening was told; if it was not, the next complaint is to tell it."""

    def resolve(self, fingerprint: str, *, reason: str, now: datetime) -> Alert | None:
        """Close an open alert and return it; None when it was not open."""


class Announcer(Protocol):
    """Tells people, by the alerts topic."""

    def announce_opened(self, alert: Alert) -> None:
        """Say that the alert is open."""

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        """Say that what the alert complained about is mended."""


# the restore ceremony


class RestoreRequests(Protocol):
    """Keeps what was asked for; a request never changes."""

    def add(self, sealed: SealedRequest) -> None:
        """Store a new request under its id."""

    def read(self, request_id: str) -> SealedRequest:
        """The request, its seal checked; NotFoundError, or ApprovalVoidError when it was tampered with."""

    def recent(self, *, limit: int) -> tuple[SealedRequest, ...]:
        """The latest requests, newest first."""


class RestoreSteps(Protocol):
    """Keeps how far a ceremony has come; a step is recorded once."""

    def record(self, request_id: str, step: CeremonyStep) -> bool:
        """Record the step; False when it was recorded before, whatever was said of it."""

    def recorded[Step: CeremonyStep](self, request_id: str, kind: type[Step]) -> Step | None:
        """The step of this kind as it was recorded, or None."""


class VoteBox(Protocol):
    """Keeps one word of each person on each request."""

    def cast(self, request_id: str, vote: Vote) -> bool:
        """Keep the vote; False when it may not replace what the person said before."""

    def cast_on(self, request_id: str) -> tuple[Vote, ...]:
        """Every person's vote on the request."""


class ApprovalState(Protocol):
    """Keeps what an open approval needs: the task token, which goes nowhere else, and the message with the buttons."""

    def keep_token(self, request_id: str, token: str) -> None:
        """Keep the token, replacing that of an earlier attempt."""

    def kept_token(self, request_id: str) -> str | None:
        """The token, or None before the approval was opened."""

    def keep_message(self, request_id: str, message: PostedMessage) -> None:
        """Keep where the message is."""

    def kept_message(self, request_id: str) -> PostedMessage | None:
        """Where the message is, or None before it was posted."""


class RestoreBook(RestoreRequests, RestoreSteps, VoteBox, ApprovalState, Protocol):
    """All that the ledger keeps of a restore ceremony."""


class Challenges(Protocol):
    """Keeps the open questions "is it really you?"."""

    def open(self, challenge_id: str, challenge: Challenge) -> None:
        """Keep a new challenge."""

    def read(self, challenge_id: str, *, now: datetime) -> Challenge:
        """A challenge that can still be answered; NotFoundError otherwise."""

    def attempt(self, challenge_id: str, *, limit: int, now: datetime) -> Challenge:
        """Count one attempt to answer; NotFoundError when it is over, was answered, or was tried too often."""

    def answer(self, challenge_id: str) -> bool:
        """Mark the challenge as answered; False when it was answered before."""


class Nonces(Protocol):
    """Remembers what may be used once."""

    def use(self, nonce: str, *, until: datetime) -> bool:
        """Use it; False when it was used before."""


class TicketUses(Protocol):
    """Remembers which ticket was used for which request."""

    def claim(self, key: str, *, request_id: str) -> bool:
        """Use the ticket for the request; False when another request has it."""


class TicketSystem(Protocol):
    """The ticket system."""

    def read(self, key: str) -> Ticket:
        """The ticket; NotFoundError when there is none."""

    def comment(self, key: str, text: str) -> None:
        """Tell the ticket's readers."""


class EvidenceLog(Protocol):
    """Keeps evidence: entries are added and never changed."""

    def add(self, entry: EvidenceEntry) -> bool:
        """Add the entry; False when its place is taken."""

    def entries(self, stream: str) -> tuple[EvidenceEntry, ...]:
        """The whole stream, in order."""

    def keep_seal(self, stream: str, seal: EvidenceSeal) -> None:
        """Keep the signature over the head."""

    def seal(self, stream: str) -> EvidenceSeal | None:
        """The last signature, or None before the stream was sealed."""


class Signer(Protocol):
    """Signs the head of a stream."""

    def seal(self, *, number: int, digest: str, message: bytes) -> EvidenceSeal:
        """Sign the message, which tells the head's number and digest."""


class Ceremonies(Protocol):
    """The state machine that carries a request from its ticket to its end."""

    def begin(self, request_id: str) -> None:
        """Start the ceremony of the request; starting it twice is starting it once."""


class WaitingTasks(Protocol):
    """The state machine's tasks that wait for people."""

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        """Let the task go on; False when it is closed already."""


class RecoveryPoints(Protocol):
    """Recovery points, wherever they lie."""

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        """The recovery point as its vault describes it, or None when it is not there."""

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags, without those of AWS itself."""


class CopyBackJobs(Protocol):
    """Copies from the central vault into a local one."""

    def start(self, request: RestoreRequest) -> str:
        """Start the copy and return the job's id; repeating it for the same request starts nothing new."""

    def describe(self, job_id: str) -> CopyBackJob:
        """The job as it is now."""


class RestoreStarter(Protocol):
    """Starts restores in a member account."""

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Start the restore and return the job's id; repeating it for the same request starts nothing new."""


class RestoreJobs(Protocol):
    """Restores in a member account."""

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The job as it is now."""


class UnitDirectory(Protocol):
    """Where accounts are in the organisation."""

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        """The ids of the account's organisational units, nearest first; NotFoundError for a foreign account."""


class RestoredTags(Protocol):
    """Tags of what was restored."""

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags to the resource and leave its others alone."""


class ApprovalBoard(Protocol):
    """Where approvers see requests and what becomes of them."""

    def post(self, sealed: SealedRequest) -> PostedMessage:
        """Show the request with its buttons."""

    def close(self, message: PostedMessage, sealed: SealedRequest, *, text: str) -> None:
        """Take the buttons away, and say in the message and its thread what has become of it."""


class ClickAnswers(Protocol):
    """Answers for the one who clicked, and nobody else."""

    def answer(self, response_url: str, *, text: str) -> None:
        """Say it at the address that came with the click."""


class LoginPages(Protocol):
    """The identity provider's login, for a proof of presence."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the person's browser."""

    def claims(self, *, code: str, verifier: str) -> PresenceClaims:
        """What the login's code stands for; NotAuthenticatedError when it stands for nothing."""


# ── Backups, copies and alerts ──────────────────────────────────────────────────────────────────────────────────────


class RecoveryPointInspection(Protocol):
    """Recovery points, read from AWS Backup in the account that owns the vault."""

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        """The recovery point in the vault with this ARN, or None."""

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        """Every recovery point of the resource in the vault."""

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags, as far as AWS Backup can tell them."""


class VaultInspection(Protocol):
    """Vaults, read from AWS Backup in the account that owns them."""

    def describe(self, vault: str) -> VaultFound | None:
        """The vault with this ARN, or None."""


class CopyJobs(Protocol):
    """Copy jobs, read from AWS Backup in the account that owns the source vault."""

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
        """The copy job, or None once AWS has forgotten it."""

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        """The copy jobs from the promise's recovery point to its destination, oldest first."""


class CopyStarter(Protocol):
    """Starts copies in the account that owns the source vault."""

    def start(self, promise: Promise, *, attempt: int) -> str:
        """Start the copy and return its job's id; the same promise and attempt give the same job."""


class PromiseBook(Protocol):
    """Remembers what is owed."""

    def open(self, promise: Promise) -> bool:
        """Open the promise; False when it was known already."""

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        """The promise as it stands, or None."""

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""

    def verify(self, promise: Promise, *, copy: str, reason: str, now: datetime) -> bool:
        """Record that the copy is as promised; False when that was known, or the promise waived."""

    def fail(self, promise: Promise, *, cause: str, reason: str, look_again_at: datetime) -> bool:
        """Record a failed copy by its `cause` (job or copy); False when it was known, or the promise is settled."""

    def miss(self, promise: Promise, *, reason: str) -> bool:
        """Record that nothing has arrived; False when that or worse was known."""

    def postpone(self, promise: Promise, *, due_at: datetime, restarts: int) -> bool:
        """Look at an unsettled promise again at `due_at`; `restarts` is how often its copy was started again."""


class DuePromises(Protocol):
    """What is overdue."""

    def due(self, now: datetime) -> Iterator[Promise]:
        """Every unsettled promise whose `due_at` has passed, oldest day first."""


class ProtectionBook(Protocol):
    """Remembers of each resource when it was last backed up and copied."""

    def tier(self, resource: str) -> str | None:
        """The tier that the resource is known to have."""

    def last_backup(self, resource: str) -> datetime | None:
        """When the resource was last backed up."""

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        """Remember a backup, unless a later one is known."""

    def record_verified_copy(self, resource: str, *, copy: str, at: datetime) -> None:
        """Remember a verified copy, unless a later one is known."""


class Chat(Protocol):
    """Messages and threads in a channel."""

    def post(self, channel: str, *, text: str, blocks: Sequence[dict[str, Any]] = ()) -> PostedMessage:
        """Post a message to the channel."""

    def reply(self, message: PostedMessage, *, text: str, blocks: Sequence[dict[str, Any]] = ()) -> PostedMessage:
        """Post a message in the thread of another."""

    def update(self, message: PostedMessage, *, text: str, blocks: Sequence[dict[str, Any]] = ()) -> None:
        """Replace a message's text and blocks."""


class AlertThreads(Protocol):
    """Remembers which message told which alert."""

    def claim(self, fingerprint: str, *, event: str, at: datetime, now: datetime) -> bool:
        """Take on telling an opening; False when this event, or a later one, was told already."""

    def told(self, fingerprint: str, *, message: PostedMessage, text: str) -> None:
        """Remember the message that told it."""

    def find(self, fingerprint: str) -> AlertThread | None:
        """The message that told the alert last, or None when none did."""

    def close(self, fingerprint: str, *, event: str) -> bool:
        """Remember that the thread was told of the resolution; False when that was known."""


# Accounts and tags


class AccountDirectory(Protocol):
    """What the organisation says about its accounts."""

    def membership(self, account: AccountId) -> Membership | None:
        """The account's status and place, None for an account that is not in the organisation."""

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        """The backup policy that reaches the account, merged; empty where there is none."""


class MemberInspector(Protocol):
    """Looks into a member account."""

    def inspect(self, account: AccountId) -> Inspection:
        """What the account has; a refusal is part of the answer."""


class AccountBook(Protocol):
    """Remembers how accounts were judged."""

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""

    def record(self, verdict: AccountVerdict, *, not_ready_since: datetime | None, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""

    def not_ready(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that were judged not ready at `until` or before, the longest unlooked-at first."""


class ResourceTags(Protocol):
    """The tags of a resource in a member account, at its own service."""

    def read(self, arn: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags now; NotFoundError when the resource is gone, ResourceNotReadyError when it is too early."""

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags and leave the others alone; the same errors."""


class ResourceBook(Protocol):
    """Remembers the tier of every resource."""

    def record_tag(self, verdict: TagVerdict, *, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""
