"""AWS Backup's own errors, by AWS's own names."""


class BackupServiceError(Exception):
    """The call failed because AWS Backup refuses it; the class name is the code on the wire."""

    status = 400

    @property
    def code(self) -> str:
        """The error code that the caller sees."""
        return type(self).__name__


class InvalidParameterValueException(BackupServiceError):  # noqa: N818 - AWS's own name
    """A parameter's value is wrong."""


class MissingParameterValueException(BackupServiceError):  # noqa: N818 - AWS's own name
    """A required parameter is missing."""


class SerializationException(BackupServiceError):  # noqa: N818 - AWS's own name
    """The body, or a value in it, is not of the type that the operation reads."""


class InvalidRequestException(BackupServiceError):  # noqa: N818 - AWS's own name
    """The request does not fit the state of the thing it names."""


class InvalidResourceStateException(BackupServiceError):  # noqa: N818 - AWS's own name
    """AWS Backup is at work on the recovery point."""


class ResourceNotFoundException(BackupServiceError):  # noqa: N818 - AWS's own name
    """The thing that the request names does not exist."""


class AlreadyExistsException(BackupServiceError):  # noqa: N818 - AWS's own name
    """A thing of that name exists."""


class LimitExceededException(BackupServiceError):  # noqa: N818 - AWS's own name
    """A quota is used up."""


class AccessDeniedException(BackupServiceError):  # noqa: N818 - AWS's own name
    """The caller may not do this."""

    status = 403


class UnknownOperationException(BackupServiceError):  # noqa: N818 - AWS's own name
    """The operation is not one that is played here."""

    status = 404
