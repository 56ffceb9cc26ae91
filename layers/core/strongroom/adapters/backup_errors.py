"""AWS Backup's error codes, translated once."""

from collections.abc import Iterator
from contextlib import contextmanager

from strongroom.domain.errors import AccessRefusedError, CopyRefusedError, NotFoundError, TemporarilyUnavailableError

_REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "UnrecognizedClientException"})
_BUSY = frozenset(
    {"ServiceUnavailableException", "ThrottlingException", "TooManyRequestsException", "LimitExceededException"}
)
_UNUSABLE = frozenset(
    {"InvalidParameterValueException", "MissingParameterValueException", "InvalidRequestException", "ConflictException"}
)


@contextmanager
def backup_errors(doing: str) -> Iterator[None]:
    """Raise AWS Backup's errors under our own names; `doing` says what was tried."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        text = f"{doing}: {code}: {error.response['Error'].get('Message', '')}"
        if code == "ResourceNotFoundException":
            raise NotFoundError(text) from error
        if code in _REFUSED:
            raise AccessRefusedError(text) from error
        if code in _BUSY:
            raise TemporarilyUnavailableError(text) from error
        if code in _UNUSABLE:
            raise CopyRefusedError(text) from error
        raise
