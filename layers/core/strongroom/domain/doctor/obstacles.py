"""Why a command that looks could not, in one line: what is missing, and the least that gives it."""

import re
from copy import replace
from typing import Final

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

# IAM User Guide, "Troubleshoot access denied error messages".
_ACTION: Final = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_DENIAL: Final = re.compile(r"with an explicit deny in ((?:an? )?[\w -]*(?:policy|boundary))")
_OPERATION: Final = re.compile(r"(\w+) answered ")


def why_nothing_begins(error: StrongroomError, check: Check) -> str:
    """What stops the command before the first look: about the credentials or the organisation as a whole."""
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
    """What stops one look; the others go on."""
    match error:
        case CredentialsExpiredError():
            kind = "the credentials expired on the way"
        case CredentialsUnknownError():
            kind = "the Region is off in that account"
        case AccessRefusedError():
            kind = "no rights"
        case TemporarilyUnavailableError():
            kind = "AWS throttles or does not answer"
        case NotFoundError():
            kind = "it is not there"
        case _:
            kind = "AWS refused the call"
    told, remedy = f"{kind}: {error}", remedy_of(error, check)
    return f"{told}; {remedy}" if remedy else told


def remedy_of(error: StrongroomError, check: Check) -> str:
    """What helps; empty where that is not known."""
    told = str(error)
    match error:
        case CredentialsExpiredError():
            return "log in again and run this again"
        case CredentialsUnknownError():
            return "switch the Region on, or take it out of the intent"
        case TemporarilyUnavailableError():
            return "run this again later"
        case _ if denial := _DENIAL.search(told):
            return f"no grant helps while {denial[1]} denies it"
        case _ if isinstance(error, AccessRefusedError) or _ACTION.search(told):
            return check.least_policy
        case _:
            return ""


def narrowed(check: Check, error: StrongroomError) -> Check:
    """The check with the action that AWS refused, as far as the error names it, as its only call."""
    told = str(error)
    if named := _ACTION.search(told):
        return replace(check, calls=(named[1],))
    called = _OPERATION.search(told)
    known = tuple(call for call in check.calls if called and call.partition(":")[2] == called[1])
    return replace(check, calls=known or check.calls)
