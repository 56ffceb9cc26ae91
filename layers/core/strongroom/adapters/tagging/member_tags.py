"""The tags of any resource in a member account, by its ARN: one row per service that we can tag."""

from collections.abc import Mapping

from strongroom.adapters.aws_errors import aws_errors
from strongroom.adapters.clients import MemberClients
from strongroom.adapters.tagging import dynamodb, ec2, efs, rds, s3
from strongroom.adapters.tagging.service_tags import ServiceTags
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS: tuple[str, ...] = (
    *dynamodb.MEMBER_ACTIONS,
    *ec2.MEMBER_ACTIONS,
    *efs.MEMBER_ACTIONS,
    *rds.MEMBER_ACTIONS,
    *s3.MEMBER_ACTIONS,
)

SERVICES: dict[str, ServiceTags] = {
    "dynamodb": dynamodb.DYNAMODB_TAGS,
    "ec2": ec2.EC2_TAGS,
    "elasticfilesystem": efs.EFS_TAGS,
    "rds": rds.RDS_TAGS,
    "s3": s3.S3_TAGS,
}


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
        with aws_errors(arn):
            return service.read(client, parsed)

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags, or change the values of those whose keys are there; every other tag survives."""
        parsed = Arn.parse(arn)
        service = _service(parsed)
        client = self._clients.client(service.client, account=account, region=region)
        with aws_errors(arn):
            service.add(client, parsed, tags)


def _service(arn: Arn) -> ServiceTags:
    if arn.service not in SERVICES:
        raise NotFoundError(f"nobody here knows how to tag {arn}: known are {', '.join(SERVICES)}")
    return SERVICES[arn.service]
