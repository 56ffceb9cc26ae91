"""Why nobody could look: one line, with what is missing and the least that gives it."""

from copy import replace

import pytest

from strongroom.domain.doctor.checks import LOCKS
from strongroom.domain.doctor.obstacles import narrowed, why_nothing_begins, why_unseen
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    CredentialsExpiredError,
    CredentialsMissingError,
    CredentialsUnknownError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
    WrongAccountError,
)


@pytest.mark.parametrize(
    ("error", "begins", "also"),
    [
        (CredentialsMissingError("x"), "no credentials: x", LOCKS.least_policy),
        (CredentialsExpiredError("x"), "the credentials have expired: x", LOCKS.least_policy),
        (CredentialsUnknownError("x"), "AWS does not know these credentials: x", LOCKS.least_policy),
        (WrongAccountError("x"), "wrong account: x", ""),
        (AccessRefusedError("x"), "no rights: x", LOCKS.least_policy),
        (TemporarilyUnavailableError("x"), "AWS throttles or does not answer: x", "run this again later"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, StrongroomError) else "",
)
def test_what_stops_the_doctor_is_one_line(error: StrongroomError, begins: str, also: str) -> None:
    told = why_nothing_begins(error, LOCKS)
    assert told.startswith(begins)
    assert also in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (CredentialsExpiredError("x"), "the credentials expired on the way: x"),
        (CredentialsUnknownError("x"), "the Region is off in that account: x"),
        (AccessRefusedError("x"), f"no rights: x; {LOCKS.least_policy}"),
        (TemporarilyUnavailableError("x"), "AWS throttles"),
        (NotFoundError("x"), "it is not there: x"),
        (CallRefusedError("x"), "AWS refused the call: x"),
        (
            AccessRefusedError("x with an explicit deny in a resource control policy"),
            "no rights: x with an explicit deny in a resource control policy; no grant helps while a",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, StrongroomError) else "",
)
def test_what_stops_one_check_is_its_line(error: StrongroomError, begins: str) -> None:
    assert why_unseen(error, LOCKS).startswith(begins)


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        ("User: u is not authorized to perform: kms:CreateKey on resource: k", ("kms:CreateKey",)),
        ("DescribeKey answered AccessDenied: no", ("kms:DescribeKey",)),
        ("DeleteKey answered AccessDenied: no", ("kms:DescribeKey", "sns:ListTopics")),
        ("no", ("kms:DescribeKey", "sns:ListTopics")),
    ],
    ids=["AWS names the action", "by the operation", "another operation", "nothing is named"],
)
def test_a_check_is_narrowed_to_the_action_that_was_refused(told: str, calls: tuple[str, ...]) -> None:
    check = replace(LOCKS, calls=("kms:DescribeKey", "sns:ListTopics"))
    assert narrowed(check, AccessRefusedError(told)).calls == calls
