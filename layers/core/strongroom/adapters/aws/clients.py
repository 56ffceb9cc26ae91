"""Clients of AWS, made late and once: our own, and those of a role in another account.

A client of another account lives no longer than its credentials and is never handed out for a different account.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from msgspec import Struct, field

from strongroom.adapters.aws.cold_start import kept_for_good
from strongroom.adapters.aws.errors import REFUSALS, aws_errors
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.source_identity import Behalf, source_identity

ACTIONS: tuple[str, ...] = ()  # each adapter declares what it asks of its own client

_EXPIRY_MARGIN = timedelta(minutes=5)
_MOST_ROLES = 32
_SESSION_NAME = "strongroom"


class Credentials(Struct, frozen=True, kw_only=True):
    """Temporary credentials of an assumed role; never printed."""

    access_key: str
    secret_key: str
    session_token: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Credentials(expires_at={self.expires_at.isoformat()})"


@cache
def _sdk() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What makes a client, and what configures it."""
    with kept_for_good():
        from botocore.config import Config
        from botocore.session import get_session
    return get_session().create_client, Config


def connect(
    service: str,
    *,
    region: Region | None,
    credentials: Credentials | None,
    patient: bool = False,
    attempts: int = 3,
    hasty: bool = False,
    refused: Callable[[str], None] | None = None,
) -> Any:
    """Make a client: the one place where that happens. Without credentials it is the function's own role.

    A call is sent as often as `attempts` says, at most. A `patient` client, of ten, slows down when it is throttled,
    which a function cannot afford; a `hasty` one asks for what can be done without, and gives up within ten seconds.
    `refused` is told of every answer
    that may mean that the credentials are good no more, and what it raises is raised by the call.
    """
    make, configure = _sdk()
    # A service that never answers is our own error before Lambda ends the function, which nobody could read.
    waits: Any = {
        "connect_timeout": 2,
        "read_timeout": 7,
        "retries": {"mode": "standard", "total_max_attempts": attempts},
    }
    if patient:
        waits = {"connect_timeout": 5, "read_timeout": 20, "retries": {"mode": "adaptive", "max_attempts": 10}}
    if hasty:
        waits = {"connect_timeout": 2, "read_timeout": 3, "retries": {"mode": "standard", "total_max_attempts": 2}}
    config = configure(**waits)
    if credentials is None:
        return make(service, region_name=region, config=config)
    made = make(
        service,
        region_name=region,
        config=config,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.session_token,
    )
    if refused is not None:
        made.meta.events.register("after-call", partial(_look_at_answer, refused))
    return made


def _look_at_answer(refused: Callable[[str], None], *, parsed: dict[str, Any], model: Any, **_: Any) -> None:
    code = parsed.get("Error", {}).get("Code")
    if code in REFUSALS:
        refused(f"{model.name} answered {code}")


@cache
def client(service: str, region: Region | None = None) -> Any:
    """The client of a service in our own account, in our own Region unless another is named."""
    return connect(service, region=region, credentials=None)


class BorrowedRole(Struct, kw_only=True):
    """The credentials of an assumed role, and the clients that were made with them.

    `is_renewed` tells that kept credentials of the role were refused before these, and `is_kept` whether these are kept
    from before the event at hand.
    """

    credentials: Credentials
    borrowed_at: datetime
    is_renewed: bool
    is_kept: bool = False
    clients: dict[tuple[str, Region, bool], Any] = field(default_factory=dict)


class BorrowedRoles:
    """What was borrowed last, by the ARN of the role; whoever asks for more than `limit` roles gives up the oldest.

    Whose role was deleted and made anew, or whose sessions were revoked, refuses credentials that were good when they
    were kept. So a refusal of kept credentials is of the moment, once: they are given up, and those that follow are
    believed.
    """

    def __init__(self, *, limit: int) -> None:
        """`limit` is how many roles are kept: a client holds about a megabyte."""
        self._limit = limit
        self._roles: OrderedDict[str, BorrowedRole] = OrderedDict()
        self._doubted: set[str] = set()

    def client(
        self, service: str, *, role: str, region: Region, now: datetime, since: datetime, hasty: bool = False
    ) -> Any:
        """The role's client of the service in that Region, made once while the role's credentials are good.

        `since` is when the event at hand began: what was borrowed before is kept. A `hasty` one is as `connect` says.
        """
        borrowed = self._borrowed(role, now=now)
        borrowed.is_kept = borrowed.borrowed_at < since
        key = (service, region, hasty)
        if key not in borrowed.clients:
            borrowed.clients[key] = connect(
                service,
                region=region,
                credentials=borrowed.credentials,
                hasty=hasty,
                refused=lambda said: self._give_up(role, borrowed, said=said),
            )
        return borrowed.clients[key]

    def clear(self) -> None:
        """Borrow every role anew."""
        self._roles.clear()
        self._doubted.clear()

    def _give_up(self, role: str, borrowed: BorrowedRole, *, said: str) -> None:
        """Borrow the role anew when it is asked for next."""
        if self._roles.get(role) is borrowed:
            del self._roles[role]
        if borrowed.is_kept and not borrowed.is_renewed:
            self._doubted.add(role)
            text = f"{said}: the credentials were kept from before, and are borrowed anew"
            raise TemporarilyUnavailableError(text)

    def _borrowed(self, role: str, *, now: datetime) -> BorrowedRole:
        known = self._roles.get(role)
        if known is None or known.credentials.expires_at - _EXPIRY_MARGIN <= now:
            known = BorrowedRole(credentials=_assume(role), borrowed_at=now, is_renewed=role in self._doubted)
            self._doubted.discard(role)
            self._roles[role] = known
        self._roles.move_to_end(role)
        if len(self._roles) > self._limit:
            self._roles.popitem(last=False)
        return known


_borrowed_roles = BorrowedRoles(limit=_MOST_ROLES)


def forget_clients() -> None:
    """Drop every client and every role that was borrowed."""
    client.cache_clear()
    _borrowed_roles.clear()


class MemberClients:
    """Clients in member accounts, through one role of the member stack, kept while the function lives."""

    ACTIONS = ("sts:AssumeRole",)

    def __init__(
        self, role_arn_of: Callable[[AccountId], str], *, now: Callable[[], datetime], hasty: bool = False
    ) -> None:
        """`role_arn_of` names the role to assume in an account; `now` is the clock that expiry is read against.

        Made for each event, and so told when it began. Where it is `hasty`, its clients are, as `connect` says.
        """
        self._role_arn_of = role_arn_of
        self._now, self._hasty = now, hasty
        self._since = now()

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service in that account and Region; AccessRefusedError when the role cannot be assumed."""
        role = self._role_arn_of(account)
        return _borrowed_roles.client(
            service, role=role, region=region, now=self._now(), since=self._since, hasty=self._hasty
        )


class AttributedMemberClients:
    """Clients in member accounts, through a role that is assumed anew each time, for a named person and ticket.

    The account's trail shows all of it with every call: the person as source identity, the ticket as session tag, the
    request as the session's name.
    """

    ACTIONS = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")

    def __init__(self, role_arn_of: Callable[[AccountId], str], *, attempts: int = 3) -> None:
        """`role_arn_of` names the role to assume in an account; a call is sent as often as `attempts`, at most."""
        self._role_arn_of = role_arn_of
        self._attempts = attempts

    def client(self, service: str, *, account: AccountId, region: Region, behalf: Behalf, policy: str) -> Any:
        """A client of the service in that account and Region, which may do what `policy`, JSON, and the role allow.

        AccessRefusedError when the role cannot be assumed.
        """
        credentials = _assume(
            self._role_arn_of(account),
            session=behalf.request_id,
            Policy=policy,
            SourceIdentity=source_identity(behalf.subject),
            Tags=[{"Key": "ticket", "Value": behalf.ticket}],
        )
        return connect(service, region=region, credentials=credentials, attempts=self._attempts)


class NarrowedMemberClients:
    """Clients in other accounts, through a role that is assumed anew each time, for one act of the machine's own."""

    ACTIONS = ("sts:AssumeRole",)

    def __init__(self, role_arn_of: Callable[[AccountId], str]) -> None:
        """`role_arn_of` names the role to assume in an account."""
        self._role_arn_of = role_arn_of

    def client(self, service: str, *, account: AccountId, region: Region, session: str, policy: str) -> Any:
        """A client of the service in that account and Region, which may do what `policy`, JSON, and the role allow.

        The account's trail shows `session` with every call. AccessRefusedError when the role cannot be assumed.
        """
        credentials = _assume(self._role_arn_of(account), session=session, Policy=policy)
        return connect(service, region=region, credentials=credentials)


class PersonMemberClients:
    """Clients in member accounts, through a role that is assumed anew each time, for a named person.

    The account's trail shows the person with every call, as source identity.
    """

    ACTIONS = ("sts:AssumeRole", "sts:SetSourceIdentity")

    def __init__(self, role_arn_of: Callable[[AccountId], str]) -> None:
        """`role_arn_of` names the role to assume in an account."""
        self._role_arn_of = role_arn_of

    def client(self, service: str, *, account: AccountId, region: Region, subject: str) -> Any:
        """A client of the service in that account and Region; AccessRefusedError when the role cannot be assumed."""
        credentials = _assume(self._role_arn_of(account), SourceIdentity=source_identity(subject))
        return connect(service, region=region, credentials=credentials)


def _assume(role: str, *, session: str = _SESSION_NAME, **attribution: Any) -> Credentials:
    with aws_errors(f"{role} cannot be assumed", otherwise=AccessRefusedError):
        given = client("sts").assume_role(RoleArn=role, RoleSessionName=session, **attribution)["Credentials"]
    return Credentials(
        access_key=given["AccessKeyId"],
        secret_key=given["SecretAccessKey"],
        session_token=given["SessionToken"],
        expires_at=given["Expiration"].astimezone(UTC),
    )
