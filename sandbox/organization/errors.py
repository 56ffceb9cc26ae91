"""How AWS Organizations refuses a call."""

from typing import Final

NOT_PERMITTED: Final = "You don't have permissions to access this resource."


class OrganizationsError(Exception):
    """The call failed as AWS would fail it: an error code, a message and sometimes a reason."""

    def __init__(self, code: str, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason


def access_denied() -> OrganizationsError:
    """What everybody hears who is not the management account or its delegate."""
    return OrganizationsError("AccessDeniedException", NOT_PERMITTED)


def invalid_input(message: str, reason: str) -> OrganizationsError:
    """A parameter is wrong, for one of AWS's reasons."""
    return OrganizationsError("InvalidInputException", message, reason)


def too_many_requests() -> OrganizationsError:
    """API reference, TooManyRequestsException."""
    message = "You have sent too many requests in too short a period of time."
    return OrganizationsError("TooManyRequestsException", message)


def concurrently_modified() -> OrganizationsError:
    """API reference, ConcurrentModificationException."""
    message = "The target of the operation is currently being modified by a different request. Try again later."
    return OrganizationsError("ConcurrentModificationException", message)
