"""Why the doctor could not look, in one line: what is missing, and the least that gives it."""

from strongroom.domain.doctor.diagnosis import Check
from strongroom.domain.errors import (
    AccessRefusedError,
    CredentialsExpiredError,
    CredentialsMissingError,
    CredentialsUnknownError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
    WrongAccountError,
)


def why_nothing_begins(error: StrongroomError, check: Check) -> str:
    """What stops the doctor before the first check: about the credentials or the organisation as a whole."""
    match error:
        case CredentialsMissingError():
            return f"no credentials: {error}; set AWS_PROFILE to the management account's; {check.least_policy}"
        case CredentialsExpiredError():
            return f"the credentials have expired: {error}; log in again; {check.least_policy}"
        case CredentialsUnknownError():
            return f"AWS does not know these credentials: {error}; set AWS_PROFILE anew; {check.least_policy}"
        case WrongAccountError():
            return f"wrong account: {error}"
        case _:
            return why_unseen(error, check)


def why_unseen(error: StrongroomError, check: Check) -> str:
    """What stops one check; the others go on."""
    match error:
        case CredentialsExpiredError():
            return f"the credentials expired on the way: {error}; log in again and run this again"
        case CredentialsUnknownError():
            return f"the Region is off in that account: {error}; switch it on, or take it out of the intent"
        case AccessRefusedError():
            return f"no rights: {error}; {check.least_policy}"
        case TemporarilyUnavailableError():
            return f"AWS throttles or does not answer: {error}; run this again later"
        case NotFoundError():
            return f"it is not there: {error}"
        case _:
            return f"AWS refused the call: {error}"
