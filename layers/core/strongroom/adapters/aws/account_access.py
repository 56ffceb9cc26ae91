"""An administrator's reach: the management account by the credentials at hand, every other account through a role."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Protocol

from strongroom.adapters.aws.clients import Credentials, connect
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, WrongAccountError
from strongroom.domain.identifiers import AccountId, Region, role_arn
from strongroom.domain.partitions import partition_of

ACTIONS = ("sts:AssumeRole", "sts:GetCallerIdentity")

_EXPIRY_MARGIN = timedelta(minutes=10)
_SESSION_NAME = "strongroom-rollout"


def caller(region: Region | None) -> tuple[AccountId, Region]:
    """Whose the credentials at hand are, and the Region that they are set up for where none is given."""
    with aws_errors():
        sts = connect("sts", region=region, credentials=None, patient=True)
        return AccountId(sts.get_caller_identity()["Account"]), Region(sts.meta.region_name)


class AccountClients(Protocol):
    """Clients in any account of the organisation."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service in that account and Region."""


class AccountAccess:
    """Clients for the length of one command; a role is lent for an hour, and borrowed anew while the command goes on.

    Hence a client is asked for before each call, and not kept.
    """

    def __init__(
        self, management_account: AccountId, *, through: str, home_region: Region, now: Callable[[], datetime]
    ) -> None:
        """`through` is the name of the role in other accounts; `home_region` is where STS is asked."""
        self._management_account = management_account
        self._through = through
        self._home_region = home_region
        self._now = now
        self._lent: dict[AccountId, Credentials] = {}
        self._building = Lock()  # botocore's session is not made for threads
        self._clients: dict[tuple[str, AccountId, Region], tuple[Credentials | None, Any]] = {}

    def ensure_management_account(self) -> None:
        """WrongAccountError unless the credentials at hand are the management account's."""
        with aws_errors():
            identity = self._sts.get_caller_identity()
        if identity["Account"] != self._management_account:
            raise WrongAccountError(
                f"these credentials belong to account {identity['Account']}; use those of the management account "
                f"{self._management_account}"
            )

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service there; AccessRefusedError when the role cannot be assumed."""
        key = (service, account, region)
        credentials = None if account == self._management_account else self._credentials(account)
        if key not in self._clients or self._clients[key][0] is not credentials:
            with aws_errors(), self._building:
                made = connect(service, region=region, credentials=credentials, patient=True)
                self._clients[key] = (credentials, made)
        return self._clients[key][1]

    def _credentials(self, account: AccountId) -> Credentials:
        lent = self._lent.get(account)
        if lent is None or lent.expires_at - _EXPIRY_MARGIN <= self._now():
            lent = self._lent[account] = self._assume(account)
        return lent

    def _assume(self, account: AccountId) -> Credentials:
        role = role_arn(self._through, account=account, partition=partition_of(self._home_region).name)
        with aws_errors(f"{role} cannot be assumed (name another with --through)", otherwise=AccessRefusedError):
            answer = self._sts.assume_role(RoleArn=role, RoleSessionName=_SESSION_NAME)["Credentials"]
        return Credentials(
            access_key=answer["AccessKeyId"],
            secret_key=answer["SecretAccessKey"],
            session_token=answer["SessionToken"],
            expires_at=answer["Expiration"].astimezone(UTC),
        )

    @property
    def _sts(self) -> Any:
        return self.client("sts", account=self._management_account, region=self._home_region)
