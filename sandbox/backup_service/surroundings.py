"""What AWS Backup asks of the rest of AWS: the ports through which it reaches other services."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sandbox.example.disks import Disks
from sandbox.seams.backup import PolicyQuestion
from sandbox.seams.iam.authority import Question
from sandbox.seams.snapshots import NativeSnapshot

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An account and a Region: AWS Backup keeps its things by both."""

    account: str
    region: str


class Publisher(Protocol):
    """Puts an event of AWS Backup on the default bus of an account."""

    def __call__(
        self, source: str, detail_type: str, detail: Document, account: str, region: str, resources: Sequence[str]
    ) -> object:
        """Publish one event."""


class CallRecorder(Protocol):
    """Tells the trail of an account about a call that AWS Backup made on its behalf."""

    def __call__(
        self,
        account: str,
        region: str,
        event_source: str,
        event_name: str,
        request_parameters: Document,
        response_elements: Document | None,
        *,
        role_arn: str | None = None,
    ) -> object:
        """Record one call."""


class Natives(Protocol):
    """Keeps the snapshots and images of AWS Backup in the services whose they are."""

    def keep(self, snapshot: NativeSnapshot, account: str, region: str) -> None:
        """Let the service show it."""

    def drop(self, arn: str, account: str, region: str) -> None:
        """Let the service show it no more."""


class Organization(Protocol):
    """What AWS Backup must know of the organisation."""

    @property
    def id(self) -> str:
        """The organisation's id."""

    @property
    def management_account(self) -> str:
        """The account that owns the organisation."""

    def accounts(self) -> list[str]:
        """Every account of the organisation that is not closed."""

    def path_of(self, account: str) -> str | None:
        """`o-x/r-x/ou-x/` for a member, None for a stranger."""

    def delegated_administrators(self) -> list[str]:
        """The accounts that may watch the backups of all others."""

    def effective_backup_policy(self, account: str) -> Document:
        """The account's merged backup policy: bare values, strings or lists of strings."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything outside AWS Backup that it needs; `shared_with` are the accounts that a vault is shared with."""

    call: Callable[[str, str, Document, str, str], Awaitable[Document]]
    publish: Publisher
    record_service_call: CallRecorder
    decide_by_resource_policy: Callable[[PolicyQuestion], str]
    why_role_may_not: Callable[[Question], str | None]
    natives: Natives
    shared_with: Callable[[str], Collection[str]]
    engine_of: Callable[[str], str]
    organization: Organization
    disks: Disks
    now: Callable[[], datetime]
    lag: Callable[[], timedelta] = timedelta
    job_seconds: float = 0.4


@dataclass(frozen=True, slots=True)
class AccountServices:
    """The other services of one account and Region, as AWS Backup uses them on the account's behalf."""

    place: Place
    surroundings: Surroundings
    role_arn: str | None = None

    async def call(self, service: str, operation: str, **parameters: Any) -> Document:
        """Call an operation by its API parameters."""
        return await self.surroundings.call(service, operation, parameters, self.place.account, self.place.region)

    def record(self, event_source: str, event_name: str, request: Document, response: Document | None) -> None:
        """Let the account's trail show a call, in CloudTrail's spelling of names."""
        self.surroundings.record_service_call(
            self.place.account,
            self.place.region,
            event_source,
            event_name,
            request,
            response,
            role_arn=self.role_arn,
        )
