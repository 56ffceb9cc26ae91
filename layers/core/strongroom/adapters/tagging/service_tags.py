"""What every service's file in this package offers, and what its refusals mean."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from strongroom.domain.errors import (
    AccessRefusedError,
    NotFoundError,
    ResourceNotReadyError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Arn

# Error codes as botocore hands them over; RDS says `Fault` for clusters and leaves it out for instances.
_MEANING: dict[str, type[StrongroomError]] = {
    "DBInstanceNotFound": NotFoundError,
    "DBInstanceNotFoundFault": NotFoundError,
    "DBClusterNotFound": NotFoundError,
    "DBClusterNotFoundFault": NotFoundError,
    "ResourceNotFoundException": NotFoundError,
    "InvalidVolume.NotFound": NotFoundError,
    "InvalidInstanceID.NotFound": NotFoundError,
    "FileSystemNotFound": NotFoundError,
    "NoSuchBucket": NotFoundError,
    "InvalidDBInstanceState": ResourceNotReadyError,
    "InvalidDBInstanceStateFault": ResourceNotReadyError,
    "InvalidDBClusterStateFault": ResourceNotReadyError,
    "ResourceInUseException": ResourceNotReadyError,
    "IncorrectFileSystemLifeCycleState": ResourceNotReadyError,
    "OperationAborted": ResourceNotReadyError,
    "Throttling": TemporarilyUnavailableError,
    "ThrottlingException": TemporarilyUnavailableError,
    "RequestLimitExceeded": TemporarilyUnavailableError,
    "SlowDown": TemporarilyUnavailableError,
    "LimitExceededException": TemporarilyUnavailableError,
    "InternalServerError": TemporarilyUnavailableError,
    "ServiceUnavailable": TemporarilyUnavailableError,
    "AccessDenied": AccessRefusedError,
    "AccessDeniedException": AccessRefusedError,
    "UnauthorizedOperation": AccessRefusedError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTags:
    """How one service reads and adds tags, under boto3's name for the service; `add` leaves other tags as they are."""

    client: str
    read: Callable[[Any, Arn], dict[str, str]]
    add: Callable[[Any, Arn, Mapping[str, str]], None]


@contextmanager
def refusals_translated(arn: Arn) -> Iterator[None]:
    """Turn what AWS answers about a resource into our errors; an unknown code goes through as it is."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        meaning = _MEANING.get(code)
        if meaning is None:
            raise
        raise meaning(f"{arn}: {error.operation_name} answered {code}") from error


def as_mapping(tags: list[dict[str, str]]) -> dict[str, str]:
    """The tags of AWS's usual list of Key and Value pairs."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """AWS's usual list of Key and Value pairs, in the order of the keys."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
