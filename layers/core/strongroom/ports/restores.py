"""What is asked by the restore ceremony."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, timedelta

    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.arriving.access import AccessVault
    from strongroom.domain.restores.arriving.landing import Hop, LandingVault, PlaceFound
    from strongroom.domain.restores.asked.deciding import SettingFound
    from strongroom.domain.restores.candidates.model import ListedPoint
    from strongroom.domain.restores.ends.revoking import AskedToRevoke
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
    from strongroom.domain.restores.kinds.finishing import MachineStep, StepTaken
    from strongroom.domain.restores.kinds.turns import RunningJob
    from strongroom.domain.restores.metadata import Metadata
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.note import KeptNote, SettingsNote
    from strongroom.domain.restores.showing.card import Card
    from strongroom.domain.restores.tickets.ticket import Ticket


class Nonces(Protocol):
    """Remembers what may be used once."""

    def use(self, nonce: str, *, until: datetime) -> bool:
        """Use it; False when it was used before."""


class TicketSystem(Protocol):
    """The ticket system."""

    def read(self, key: str) -> Ticket:
        """The ticket; NotFoundError when there is not exactly one, TicketRefusedError when it cannot be understood."""

    def comment(self, key: str, text: str) -> None:
        """Tell the ticket's readers."""


class Ceremonies(Protocol):
    """The state machine that carries a request from its ticket to its end."""

    def begin(self, request_id: str) -> bool:
        """Start the ceremony of the request; starting it twice is starting it once, and False when it has ended."""

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        """Start the closing of what a ceremony that has ended left open; once in ten minutes, however often asked."""


class WaitingTasks(Protocol):
    """The state machine's tasks that wait for people."""

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        """Let the task go on; False when it is closed already."""


class LandingVaults(Protocol):
    """Where copies come back to."""

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        """The local vault of an account; NotFoundError where there is none."""


class RecoveryPoints(LandingVaults, Protocol):
    """Recovery points, wherever they lie."""

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        """The recovery point as its vault describes it, or None when it is not there."""

    def sees(self, account: AccountId, vault: str) -> bool:
        """Whether an account sees the air-gapped vault of another, because it is shared with it."""

    def team_of(self, vault: str) -> str:
        """The ARN of the team that opens the air-gapped vault; empty where there is none, or no such vault."""


class PointLists(Protocol):
    """Recovery points of one resource, as their vaults list them."""

    def of_resource(self, resource: str, *, vault: str, created_at: datetime | None = None) -> list[ListedPoint]:
        """Every recovery point of the resource in the vault, of about that moment where one is said.

        NotFoundError where there is no such vault.
        """

    def looked_at(self, point: ListedPoint) -> ListedPoint | None:
        """The point as its vault describes it, with its storage and scans; None where it is gone."""


class MalwareFindings(Protocol):
    """Malware that people were told of."""

    def found_at(self, resource: str, *, made_at: datetime) -> datetime | None:
        """When malware in the resource's backup of that moment was told of; None where nobody knows of any."""


class ScanStarter(Protocol):
    """Starts scans for malware in vaults of our own account."""

    def start(self, point: ListedPoint, *, subject: str) -> str:
        """Start a full scan for that person and return the job's id; until it has ended, repeating it is that one."""


class PastRestores(Protocol):
    """Restores that came to their end."""

    def last(self, resource_type: str, *, account: AccountId, region: Region) -> tuple[timedelta, ...]:
        """How long each of the type took, the newest first."""


class CopyStates(Protocol):
    """What became of the copies of a resource's backups."""

    def states(self, resource: str, *, most: int) -> Mapping[tuple[datetime, str], str]:
        """The state of each copy of so many of the latest backups, by when that was made and by the copy's vault."""


class PointTags(Protocol):
    """The tags of recovery points out of which an account restores."""

    def tags(self, recovery_point: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags from where AWS keeps them for this type, without those of AWS itself.

        `account` and `region` are what is restored into. NotFoundError where AWS does not tell them.
        """


class RestorePlaces(Protocol):
    """What restore metadata names: subnets, security groups and the like."""

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        """Each thing that the metadata names, and whether the account has it in that Region."""


class RestoreTargets(Protocol):
    """What member accounts have of the names that restores would take."""

    def holder(self, metadata: Metadata, *, account: AccountId, region: Region) -> str:
        """The ARN of what has the name that the metadata say; empty where nothing has it."""


class AccountNames(Protocol):
    """What accounts are called."""

    def name_of(self, account: AccountId) -> str:
        """The account's name; empty for an account that is not in the organisation."""


class CopyBackStarter(Protocol):
    """Starts copies from a central vault into one of a member's, in its own Region or another, or on the way there."""

    def start(self, request: RestoreRequest, hop: Hop) -> str:
        """Start the copy for the request and return the job's id; repeating it starts nothing new."""


class CopyBackJobs(Protocol):
    """Copies from a central vault into one of a member's, or into another central one on the way there."""

    def describe(self, job_id: str, *, region: Region) -> CopyBackJob:
        """The job as it is now; `region` is that of its source."""


class CopiesBegun(Protocol):
    """Copies from the central vault that may have been started, and that nobody lived to write down."""

    def jobs_of(self, end: OpenEnd) -> tuple[str, ...]:
        """The jobs that copied its recovery point into its vault since then, by id, the earliest first."""


class AccessVaults(Protocol):
    """Vaults through which member accounts see an air-gapped one, once its approval team has opened that."""

    def find(self, vault: str) -> AccessVault | None:
        """The vault as it is now, or None where nobody is told of one."""


class AccessAsker(Protocol):
    """Asks the approval team of an air-gapped vault."""

    def ask(self, request: RestoreRequest) -> None:
        """Ask it to open the vault to the request's account; repeating it for the same request asks nobody anew."""


class AccessUses(Protocol):
    """What reads an air-gapped vault through the access to it."""

    def of(self, request: RestoreRequest) -> tuple[str, ...]:
        """The jobs of the request's account and Region that have not ended and may read through it, for people."""


class AccessRevoker(Protocol):
    """Asks the approval team of an air-gapped vault, in the account of that, for the end of an access."""

    def open_accesses(self, vault: str) -> tuple[str, ...]:
        """The ARNs of the vaults through which the vault of this ARN is seen by now, whoever had it opened."""

    def asked(self, request: RestoreRequest, *, team: str) -> AskedToRevoke | None:
        """What it was asked last about the request's access; NotFoundError where the vault has no such access."""

    def revoke(self, request: RestoreRequest, *, team: str) -> None:
        """Ask it to let the request's access, and no other, be revoked."""


class PointsLeft(Protocol):
    """Recovery points in members' vaults, and in ours, that are to go by themselves."""

    def status(self, recovery_point: str, *, vault: str) -> str | None:
        """What AWS Backup calls its state, or None where it is not there; a refusal is never taken for that."""


class EndBook(Protocol):
    """Remembers open ends of restores: an index of what the evidence says, and when each is looked at."""

    def end_of(self, request_id: str, number: int = 1) -> OpenEnd | None:
        """The end of that request, or None where nobody has looked for one yet; it has a second of two copies.

        MalformedRecordError for what nobody has written as that.
        """

    def keep_end(self, end: OpenEnd, *, was: OpenEnd | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""

    def due_ends(self, now: datetime) -> Iterator[OpenEnd]:
        """Those that are to be looked at by now, the longest due first."""

    def open_ends(self) -> Iterator[OpenEnd]:
        """All that are open."""

    def foreign_ends(self) -> tuple[str, ...]:
        """The places of what lies among them and nobody has written as one."""


class RestoreStarter(Protocol):
    """Starts restores in a member account."""

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Start the restore and return the job's id; repeating it for the same request starts nothing new."""


class RestoreJobs(Protocol):
    """Restores in a member account."""

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The job as it is now."""

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The jobs out of that recovery point, under the request's role, since then, by id."""


class AskedSettings(Protocol):
    """The settings of what was restored, and of its originals, that delete or call out."""

    def setting(self, request: RestoreRequest) -> SettingFound:
        """What the request would set, as what it acts on has it now; NotFoundError where that is gone."""

    def original(self, call: str, *, resource: str, account: AccountId, region: Region) -> SettingFound:
        """What that call sets, as another resource of the account has it; NotFoundError where that is gone."""


class RunningRestores(Protocol):
    """Restores that run in a member account."""

    def running(self, request: RestoreRequest, *, with_metadata: bool) -> tuple[RunningJob, ...]:
        """The jobs of the request's type in its account and Region that have not ended."""


class ApprovalBoard(Protocol):
    """Where approvers see requests and what becomes of them."""

    def post(self, card: Card, *, page: str) -> PostedMessage:
        """Show the request with the way to its page, and call those who can decide."""

    def update(self, message: PostedMessage, card: Card, *, page: str) -> None:
        """Show how far it is now, and call nobody."""

    def close(self, message: PostedMessage, card: Card) -> None:
        """Take the way to the page away, and say in the message and its thread what has become of it."""


class ResourceSettings(Protocol):
    """What is set on resources, read in the accounts that own them."""

    def read(self, resource: str, *, account: AccountId, region: Region) -> SettingsNote:
        """What is set on it, and of what that cannot be said why; NotFoundError where it is not there any more.

        CallRefusedError where nobody knows how it is read, TemporarilyUnavailableError when it is to be read later.
        """


class SettingsNotes(Protocol):
    """Remembers what was set on resources."""

    def find(self, resource: str) -> KeptNote | None:
        """The latest note, or None where there is none."""

    def as_of(self, resource: str, *, at: datetime) -> KeptNote | None:
        """The note of what was set at that moment, or the first one after it; None where there is none."""

    def keep(self, kept: KeptNote, *, was: KeptNote | None) -> None:
        """Write the latest note, and beside it the one that it follows where that said something else."""


class Finishing(Protocol):
    """What is done on what was restored, in its account."""

    def take(self, step: MachineStep, *, created: str, request: RestoreRequest, note: SettingsNote | None) -> StepTaken:
        """Take one step, which may have been taken before; TemporarilyUnavailableError when it is too early for it.

        `note` is what was set on the original when it was backed up, or None where nobody has noted it.
        AccessRefusedError, CallRefusedError and NotFoundError when it cannot be done.
        """
