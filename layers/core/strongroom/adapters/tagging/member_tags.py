"""The tags of any resource in a member account, by its ARN: through the file of its service in this package.

A file has the name that ARNs give the service, and offers `TAGS` and `MEMBER_ACTIONS`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from importlib import import_module
from typing import Any

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.tagging.service_tags import ManyTags, ServiceTags
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError, StrongroomError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.tags.seen import Seen

_FILES = {
    service: import_module(f"{__package__}.{service.replace('-', '_')}")
    for service in sorted({row.service for row in ROWS if row.is_watched and row.is_tagged})
}
SERVICES: dict[str, ServiceTags] = {service: file.TAGS for service, file in _FILES.items()}

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS: tuple[str, ...] = (
    "backup:DescribeRegionSettings",
    *(action for file in _FILES.values() for action in file.MEMBER_ACTIONS),
)


class MemberTags:
    """Reads and adds tags in member accounts, through the tagging role.

    For one resource every call raises NotFoundError (the resource is gone), ResourceNotReadyError (try again),
    AccessRefusedError; for many of one service, account and Region each has its own answer.
    """

    def __init__(self, clients: MemberClients) -> None:
        """`clients` are those of the tagging role."""
        self._clients = clients
        self._settings: dict[tuple[AccountId, Region], Mapping[str, Any]] = {}

    def read(self, arn: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags that the resource carries now; `region` is where it lives, also when the ARN does not say so."""
        parsed = Arn.parse(arn)
        service = _service(parsed)
        client = self._client(service, account=account, region=region)
        with tag_errors(parsed):
            return service.read(client, parsed)

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags, or change the values of those whose keys are there; every other tag survives."""
        parsed = Arn.parse(arn)
        service = _service(parsed)
        client = self._client(service, account=account, region=region)
        try:
            with tag_errors(parsed):
                service.add(client, parsed, tags)
        except (AccessRefusedError, CallRefusedError):
            if service.otherwise is None:
                raise
            # The other call names no owner: what may not be read as the account's own is refused here.
            with tag_errors(parsed):
                service.read(client, parsed)
            other = self._clients.client(service.otherwise.client, account=account, region=region)
            with tag_errors(parsed):
                service.otherwise.add(other, parsed, tags, account)

    def look(self, arns: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Seen | StrongroomError]:
        """Each resource as it is now, or what kept it from being seen."""

        def one(arn: Arn, service: ServiceTags) -> Seen:
            tags = self.read(str(arn), account=account, region=region)
            return Seen(tags=tags, answers=self._answers(arn, service, account=account, region=region))

        return self._each(arns, account=account, region=region, one=one, many=lambda many: many.look)

    def shown(
        self, arns: Sequence[str], *, account: AccountId, region: Region
    ) -> dict[str, Mapping[str, str] | StrongroomError]:
        """The tags that each resource shows now, or what kept them from being seen."""

        def one(arn: Arn, service: ServiceTags) -> Mapping[str, str]:
            client = self._client(service, account=account, region=region)
            with tag_errors(arn):
                return (service.shown or service.read)(client, arn)

        return self._each(arns, account=account, region=region, one=one, many=lambda many: many.shown)

    def put(
        self, tags: Mapping[str, Mapping[str, str]], *, account: AccountId, region: Region
    ) -> dict[str, StrongroomError]:
        """Add the tags to each resource, in one call where the service takes many; what failed is answered."""
        failed: dict[str, StrongroomError] = {}
        for wanted in _unique(tags.values()):
            alike = [arn for arn, each in tags.items() if each == wanted]
            failed |= self._put(alike, wanted, account=account, region=region)
        return failed

    def _put(
        self, arns: Sequence[str], tags: Mapping[str, str], *, account: AccountId, region: Region
    ) -> dict[str, StrongroomError]:
        many = _service(Arn.parse(arns[0])).many
        if many is None or len(arns) == 1:
            return {arn: error for arn in arns if (error := self._try(arn, tags, account=account, region=region))}
        parsed = [Arn.parse(arn) for arn in arns]
        try:
            client = self._client(_service(parsed[0]), account=account, region=region)
            with tag_errors(parsed[0]):
                many.add(client, parsed, tags)
        except NotFoundError:
            # One that is gone fails the call for all.
            return {arn: error for arn in arns if (error := self._try(arn, tags, account=account, region=region))}
        except StrongroomError as error:
            return dict.fromkeys(arns, error)
        return {}

    def _try(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> StrongroomError | None:
        try:
            self.add(arn, tags, account=account, region=region)
        except StrongroomError as error:
            return error
        return None

    def _each[Found](
        self,
        arns: Sequence[str],
        *,
        account: AccountId,
        region: Region,
        one: Callable[[Arn, ServiceTags], Found],
        many: Callable[[ManyTags], Callable[[Any, Sequence[Arn]], dict[str, Found]]],
    ) -> dict[str, Found | StrongroomError]:
        parsed = [Arn.parse(arn) for arn in arns]
        service = _service(parsed[0])
        if service.many is None:
            return {str(arn): _or_error(one, arn, service) for arn in parsed}
        try:
            client = self._client(service, account=account, region=region)
            with tag_errors(parsed[0]):
                found = many(service.many)(client, parsed)
        except StrongroomError as error:
            return dict.fromkeys(arns, error)
        return {arn: found.get(arn, NotFoundError(f"{arn} is not there")) for arn in arns}

    def _client(self, service: ServiceTags, *, account: AccountId, region: Region) -> Any:
        client = self._clients.client(service.client, account=account, region=region)
        return client if service.of_account is None else service.of_account(client, account)

    def _answers(
        self, arn: Arn, service: ServiceTags, *, account: AccountId, region: Region
    ) -> dict[str, Mapping[str, Any]]:
        """What else its service says; where that may not be asked, as under a role of before, it is left open."""
        answers: dict[str, Mapping[str, Any]] = {}
        with suppress(AccessRefusedError, CallRefusedError):
            if service.answers is not None:
                client = self._client(service, account=account, region=region)
                with tag_errors(arn):
                    answers |= service.answers(client, arn)
            if service.settings is not None:
                answers[service.settings] = self._region_settings(account, region)
        return answers

    def _region_settings(self, account: AccountId, region: Region) -> Mapping[str, Any]:
        """What AWS Backup does for which type there; it is asked once."""
        if (account, region) not in self._settings:
            backup = self._clients.client("backup", account=account, region=region)
            with aws_errors():
                self._settings[account, region] = backup.describe_region_settings()
        return self._settings[account, region]


def _or_error[Found](
    one: Callable[[Arn, ServiceTags], Found], arn: Arn, service: ServiceTags
) -> Found | StrongroomError:
    try:
        return one(arn, service)
    except StrongroomError as error:
        return error


def _unique(tags: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [dict(pairs) for pairs in dict.fromkeys(tuple(sorted(each.items())) for each in tags)]


def _service(arn: Arn) -> ServiceTags:
    if arn.service not in SERVICES:
        raise NotFoundError(f"nobody here knows how to tag {arn}: known are {', '.join(SERVICES)}")
    return SERVICES[arn.service]


def tag_errors(arn: Arn) -> AbstractContextManager[None]:
    """AWS's errors, with the codes by which the ARN's service says that it is too late, or too early, for tags."""
    gone, early = _codes_of(arn.service)
    return aws_errors(str(arn), absent=gone, early=early)


@cache
def _codes_of(service: str) -> tuple[frozenset[str], frozenset[str]]:
    """The codes by which a service says that a thing is gone, and that it takes no tags yet."""
    known = [row.tags for row in ROWS if row.service == service and row.tags is not None]
    gone = frozenset(code for each in known for code in each.gone)
    return gone, frozenset(code for each in known for code in each.not_yet)
