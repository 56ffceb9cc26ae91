"""Which KMS keys are AWS's own, of those that things in an account and Region lie under."""

from sandbox.backup_service.surroundings import Place
from sandbox.seams.keys import managed_keys

# Of the key of an air-gapped vault that was given none the API tells no ARN (Developer Guide, "Logically air-gapped
# vault", the answer of DescribeBackupVault).
AIR_GAP = "air-gap"
_SERVICES = (*managed_keys.SERVICES, AIR_GAP)


def aws_managed_key(service: str, place: Place) -> str:
    """The ARN of the key `aws/<service>` that AWS keeps in an account and Region."""
    return managed_keys.managed_key(service, account=place.account, region=place.region)


def told_key(key_arn: str | None, place: Place) -> str | None:
    """The ARN by which the API names a key of an account and Region, if it names it."""
    return None if key_arn == aws_managed_key(AIR_GAP, place) else key_arn


def is_aws_managed(key_arn: str, place: Place) -> bool:
    """Whether a key of that account and Region belongs to AWS, hence cannot be shared."""
    return "alias/aws/" in key_arn or any(key_arn == aws_managed_key(service, place) for service in _SERVICES)
