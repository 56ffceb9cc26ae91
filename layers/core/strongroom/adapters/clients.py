"""boto3 clients, made late and once: our own, and those of a role in another account.

A client of another account lives no longer than its credentials and is never handed out for a different account.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from strongroom.adapters.aws_errors import aws_errors
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.source_identity import Behalf, source_identity

ACTIONS: tuple[str, ...] = ()  # each adapter declares what it asks of its own client

_EXPIRY_MARGIN = timedelta(minutes=5)
_SESSION_NAME = "strongroom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Temporary credentials of an assumed role; never printed."""

    access_key: str
    secret_key: str
    session_token: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Credentials(expires_at={self.expires_at.isoformat()})"


def connect(service: str, *, region: Region | None, credentials: Credentials | None, patient: bool = False) -> Any:
    """Make a boto3 client: the one place where that happens. Without credentials it is the function's own role.

    A `patient` one slows down when it is throttled, which a function cannot afford.
    """
    import boto3
    from botocore.config import Config

    make: Callable[..., Any] = boto3.client
    retries: Any = {"mode": "adaptive", "max_attempts": 10} if patient else {"mode": "standard", "max_attempts": 5}
    config = Config(retries=retries, connect_timeout=5, read_timeout=20)
    if credentials is None:
        return make(service, region_name=region, config=config)
    return make(
        service,
        region_name=region,
        config=config,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.session_token,
    )


@cache
def client(service: str, region: Region | None = None) -> Any:
    """The client of a service in our own account, in our own Region unless another is named."""
    return connect(service, region=region, credentials=None)


class MemberClients:
    """Clients in member accounts, through one role of the member stack."""

    ACTIONS = ("sts:AssumeRole",)

    def __init__(self, role_arn_of: Callable[[AccountId], str], *, now: Callable[[], datetime]) -> None:
        """`role_arn_of` names the role to assume in an account; `now` is the clock that expiry is read against."""
        self._role_arn_of = role_arn_of
        self._now = now
        self._borrowed: dict[AccountId, Credentials] = {}

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service in that account and Region; AccessRefusedError when the role cannot be assumed."""
        return connect(service, region=region, credentials=self._credentials(account))

    def _credentials(self, account: AccountId) -> Credentials:
        known = self._borrowed.get(account)
        if known is None or known.expires_at - _EXPIRY_MARGIN <= self._now():
            known = _assume(self._role_arn_of(account))
            self._borrowed[account] = known
        return known


class AttributedMemberClients:
    """Clients in member accounts, through a role that is assumed anew each time, for a named person and ticket.

    The account's trail shows both with every call: the person as source identity, the ticket as session tag.
    """

    ACTIONS = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")

    def __init__(self, role_arn_of: Callable[[AccountId], str]) -> None:
        """`role_arn_of` names the role to assume in an account."""
        self._role_arn_of = role_arn_of

    def client(self, service: str, *, account: AccountId, region: Region, behalf: Behalf) -> Any:
        """A client of the service in that account and Region; AccessRefusedError when the role cannot be assumed."""
        credentials = _assume(
            self._role_arn_of(account),
            SourceIdentity=source_identity(behalf.subject),
            Tags=[{"Key": "ticket", "Value": behalf.ticket}],
        )
        return connect(service, region=region, credentials=credentials)


def _assume(role: str, **attribution: Any) -> Credentials:
    with aws_errors(f"{role} cannot be assumed", otherwise=AccessRefusedError):
        given = client("sts").assume_role(RoleArn=role, RoleSessionName=_SESSION_NAME, **attribution)["Credentials"]
    return Credentials(
        access_key=given["AccessKeyId"],
        secret_key=given["SecretAccessKey"],
        session_token=given["SessionToken"],
        expires_at=given["Expiration"].astimezone(UTC),
    )
