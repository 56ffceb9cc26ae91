"""What the tables show of some requests, proved of every one: who may do what, and that each statement is needed.

A request that the solver finds is put to the engine that is not ours: both must see the same in it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
import z3

from strongroom.domain.guardrails.denials import PRINCIPAL, Denial, Exempt, in_own_account
from strongroom.domain.intent.model import Intent
from strongroom.domain.partitions import in_partition
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS
from tests.guardrails.matrices import MATRICES, NESTED, Matrix, denials_of, statements_of
from tests.guardrails.proofs.claims import has_usual_values, is_about, is_open_to_others, overlapping, usual_requests
from tests.guardrails.proofs.requests import SET_KEYS, VALUES_IN_SET, any_request, found_request, the_request
from tests.guardrails.proofs.solver import find
from tests.guardrails.proofs.statements import NotReadError, Statement, conditions_of, refused, refuses
from tests.guardrails.scp_engines import refuses as other_engine_refuses
from tests.guardrails.scp_engines import refusing_sids
from tests.guardrails.scp_requests import Case

# No divisor of the number of principals, so that each of them is among what is left.
ONE_IN = 8
(RESTORER,) = (in_partition(arn, "aws") for arn in in_own_account("strongroom/strongroom-restore"))


@pytest.fixture(scope="module", params=(*MATRICES, *NESTED), ids=lambda matrix: matrix.name)
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """One set of documents as an account meets them, with its table of requests."""
    found: Matrix = request.param
    return found


@pytest.fixture(scope="module")
def statements(matrix: Matrix, intent: Intent) -> list[dict[str, Any]]:
    """All statements that reach the account."""
    return statements_of(matrix, intent)


@pytest.fixture(scope="module")
def denials(matrix: Matrix, intent: Intent) -> list[Denial]:
    """What is claimed, and who is named."""
    return denials_of(matrix, intent)


def test_what_is_claimed_is_what_is_attached(denials: list[Denial], statements: list[Statement]) -> None:
    assert [denial.statement() for denial in denials] == statements


def test_nobody_but_the_named_can_do_what_a_statement_stops(denials: list[Denial], statements: list[Statement]) -> None:
    assert {denial.sid: gap for denial in denials if (gap := find_gap(denial, statements))} == {}


def test_without_a_statement_there_is_a_request_that_no_other_refuses(
    matrix: Matrix, denials: list[Denial], statements: list[dict[str, Any]]
) -> None:
    exempt = list(dict.fromkeys(arn for denial in denials for arn in denial.exempt_arns))
    account = BACKUP_ACCOUNT if matrix.target == BACKUP_ACCOUNT else PAYMENTS
    found = {denial.sid: find_need(denial, statements, exempt, account) for denial in denials}
    assert {sid for sid, case in found.items() if case is None} == set()
    replayed = {sid: refusing_sids(statements, case) for sid, case in found.items() if case}
    assert replayed == {sid: frozenset({sid}) for sid in found}


def test_the_solver_reads_statements_as_the_other_engine_does(matrix: Matrix, statements: list[dict[str, Any]]) -> None:
    different = [
        (statement["Sid"], str(case))
        for case in matrix.cases[::ONE_IN]
        for statement in statements
        if is_about(statement, case)
        if verdict(statement, case) != other_engine_refuses(statement, case)
    ]
    assert different == []


def test_no_claim_asks_for_more_values_of_a_set_than_the_solver_has(statements: list[Statement]) -> None:
    # What two statements ask alike, one value answers.
    distinct = {(operator, key, *values) for operator, key, values in conditions_of(statements)}
    asked = Counter(
        key
        for operator, key, *values in distinct
        if operator.startswith("ForAllValues:") or (operator, values) == ("Null", ["true"])
    )
    claimed = {
        key: max(
            sum(each == key and not operator.startswith("ForAllValues:") for operator, each, _ in conditions_of([one]))
            for one in statements
        )
        for key in SET_KEYS
    }
    assert {key: asked[key] + most for key, most in claimed.items() if asked[key] + most > VALUES_IN_SET} == {}


@pytest.mark.parametrize(
    ("pattern", "gap"),
    [
        (RESTORER, None),
        (f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore", None),
        ("arn:aws:iam::*:role/strongroom/strongroom-restore", ":role/strongroom/strongroom-restore"),
        (f"{RESTORER}?", "role/strongroom/strongroom-restore"),
    ],
)
def test_an_exemption_that_means_more_than_the_named_has_a_gap(pattern: str, gap: str | None) -> None:
    named = Exempt(who="the restore role", arns=(RESTORER,), why="the ceremony restores under it")
    denial = Denial(sid="Any", stops="restoring", actions=("backup:StartRestoreJob",), exempt=(named,))
    found = find_gap(denial, [denial.statement() | {"Condition": {"StringNotLike": {PRINCIPAL: pattern}}}])
    assert (found is None) == (gap is None)
    assert (gap or "") in (found.principal if found else "")


@pytest.mark.parametrize(
    "changed",
    [
        {"Effect": "Allow"},
        {"NotAction": "backup:*"},
        {"Condition": {"StringEquals": {PRINCIPAL: "arn:aws:iam::222222222222:user/*"}}},
        {"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}},
        {"Condition": {"StringLike": {"aws:TagKeys": "backup"}}},
        {"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:s3:::${aws:username}"}}},
        {"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:s3:::${aws:PrincipalAccount}*"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:PrincipalAccount}"}}},
        {"NotResource": "arn:aws:s3:::orders"},
        {"Condition": {"ArnNotLike": {PRINCIPAL: "arn:aws:iam::222222222222:role/x"}}},
        {"Condition": {"StringNotLike": {PRINCIPAL: "*"}}},
    ],
    ids=str,
)
def test_what_the_solver_cannot_read_is_an_error(changed: dict[str, Any]) -> None:
    statement = {"Sid": "Any", "Effect": "Deny", "Action": "backup:*", "Resource": "*"} | changed
    with pytest.raises(NotReadError):
        refuses(statement, any_request())


def find_gap(denial: Denial, statements: Iterable[Statement]) -> Case | None:
    """A request by somebody who is not named that passes all the same."""
    request = any_request()
    model = find(is_open_to_others(denial, request), z3.Not(refused(overlapping(denial, statements), request)))
    return found_request(request, model, ()) if model is not None else None


def find_need(denial: Denial, statements: Sequence[Statement], exempt: list[str], account: str) -> Case | None:
    """A request that the denial stops and no other statement does."""
    others = [each for each in overlapping(denial, statements) if each["Sid"] != denial.sid]
    keys = {key for _, key, _ in conditions_of(statements)} - {PRINCIPAL.lower(), "aws:principalaccount"}
    for request in usual_requests(denial, exempt, account):
        model = find(
            is_open_to_others(denial, request),
            z3.Not(refused(others, request)),
            has_usual_values(statements, request),
        )
        if model is not None:
            return found_request(request, model, keys)
    return None


def verdict(statement: Statement, case: Case) -> bool:
    """Whether the statement refuses exactly this request, as the solver reads it."""
    answer = z3.simplify(refuses(statement, the_request(case)))
    assert z3.is_true(answer) or z3.is_false(answer), answer
    return bool(z3.is_true(answer))
