"""The tags of any resource in a member account, by its ARN: through the file of its service in this package.

A file has the name that ARNs give the service, and offers `TAGS` and `MEMBER_ACTIONS`.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region

_FILES = {
    service: import_module(f"{__package__}.{service.replace('-', '_')}")
    for service in sorted({row.service for row in ROWS if row.is_watched and row.is_tagged})
}
SERVICES: dict[str, ServiceTags] = {service: file.TAGS for service, file in _FILES.items()}

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS: tuple[str, ...] = tuple(action for file in _FILES.values() for action in file.MEMBER_ACTIONS)


class MemberTags:
    """Reads and adds tags in member accounts, through the tagging role.

    Every call raises NotFoundError (the resource is gone), ResourceNotReadyError (try again), AccessRefusedError.
    """

    def __init__(self, clients: MemberClients) -> None:
        """`clients` are those of the tagging role."""
        self._clients = clients

    def read(self, arn: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags that the resource carries now; `region` is where it lives, also when the ARN does not say so."""
        parsed = Arn.parse(arn)
        service = _service(parsed)
        client = self._clients.client(service.client, account=account, region=region)
        with tag_errors(parsed):
            return service.read(client, parsed)

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags, or change the values of those whose keys are there; every other tag survives."""
        parsed = Arn.parse(arn)
        service = _service(parsed)
        client = self._clients.client(service.client, account=account, region=region)
        with tag_errors(parsed):
            service.add(client, parsed, tags)


def _service(arn: Arn) -> ServiceTags:
    if arn.service not in SERVICES:
        raise NotFoundError(f"nobody here knows how to tag {arn}: known are {', '.join(SERVICES)}")
    return SERVICES[arn.service]


def tag_errors(arn: Arn) -> AbstractContextManager[None]:
    """AWS's errors, with the codes by which the ARN's service says that it is too late, or too early, for tags."""
    known = [row.tags for row in ROWS if row.service == arn.service and row.tags is not None]
    gone = {code for each in known for code in each.gone}
    return aws_errors(str(arn), absent=gone, early={code for each in known for code in each.not_yet})
