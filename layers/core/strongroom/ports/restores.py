"""What is asked by the restore ceremony."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.clicks import SlackClick
    from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
    from strongroom.domain.restores.landing import LandingVault, PlaceFound
    from strongroom.domain.restores.metadata import Metadata
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.presence import Challenge, PresenceClaims
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
    from strongroom.domain.restores.steps import CeremonyStep
    from strongroom.domain.restores.tickets import Ticket
    from strongroom.domain.restores.votes import Vote, VoteAnswer


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

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        """The local vault of an account; NotFoundError where there is none."""


class PointTags(Protocol):
    """The tags of recovery points in local vaults."""

    def tags(self, recovery_point: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags from where AWS keeps them for this type, without those of AWS itself."""


class RestorePlaces(Protocol):
    """What restore metadata names: subnets, security groups and the like."""

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        """Each thing that the metadata names, and whether the account has it in that Region."""


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


class ApprovalBoard(Protocol):
    """Where approvers see requests and what becomes of them."""

    def post(self, sealed: SealedRequest) -> PostedMessage:
        """Show the request with its buttons."""

    def close(self, message: PostedMessage, sealed: SealedRequest, *, text: str) -> None:
        """Take the buttons away, and say in the message and its thread what has become of it."""


class ClickAnswers(Protocol):
    """Answers for the one who clicked, and nobody else."""

    def answer(self, click: SlackClick, answer: VoteAnswer) -> None:
        """Say what became of the vote, at the address that came with the click."""


class LoginPages(Protocol):
    """The identity provider's login, for a proof of presence."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the person's browser."""

    def claims(self, *, code: str, verifier: str) -> PresenceClaims:
        """What the login's code stands for; NotAuthenticatedError when it stands for nothing."""
