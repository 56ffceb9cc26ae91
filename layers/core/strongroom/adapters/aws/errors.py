"""What AWS answers when it refuses a command of an administrator, translated once and told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError

_REFUSED = frozenset(
    {"AccessDenied", "AccessDeniedException", "ExpiredToken", "InvalidClientTokenId", "UnrecognizedClientException"}
)
_BUSY = frozenset(
    {
        "ConcurrentModificationException",
        "RequestLimitExceeded",
        "ServiceException",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_ABSENT = frozenset(
    {
        "ChildNotFoundException",
        "NoSuchBucket",
        "NoSuchEntity",
        "PolicyNotFoundException",
        "ResourceNotFoundException",
        "TargetNotFoundException",
    }
)


@contextmanager
def aws_errors(*already: str) -> Iterator[None]:
    """Raise AWS's errors under our own names; the codes in `already` mean that there is nothing left to do."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in already:
            return
        said = " ".join(error.response["Error"].get("Message", "").split())
        raise _meaning(code)(f"{error.operation_name} answered {code}: {said}") from error
    except BotoCoreError as error:
        raise CallRefusedError(" ".join(str(error).split())) from error


def _meaning(code: str) -> type[Exception]:
    if code in _REFUSED:
        return AccessRefusedError
    if code in _BUSY:
        return TemporarilyUnavailableError
    return NotFoundError if code in _ABSENT else CallRefusedError
