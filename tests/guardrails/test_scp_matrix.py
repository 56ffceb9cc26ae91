"""The SCPs, tried in an IAM engine that is not ours: who may do what, both ways, and nothing in them without its case.

Service-linked roles and the management account do not occur: SCPs do not bind them.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from tests.guardrails.matrices import MATRICES, NESTED, Matrix, statements_of
from tests.guardrails.proofs.claims import is_about
from tests.guardrails.scp_engines import refuses, refusing_sids
from tests.guardrails.scp_requests import ALLOWED, Case

type Statement = dict[str, Any]


@pytest.fixture(scope="module", params=MATRICES, ids=lambda matrix: matrix.name)
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """One set of documents as an account meets them, with its table of requests."""
    found: Matrix = request.param
    return found


@pytest.fixture(scope="module")
def statements(matrix: Matrix, intent: Intent) -> list[Statement]:
    """All statements that reach the account."""
    return statements_of(matrix, intent)


@pytest.fixture(scope="module")
def refusals(matrix: Matrix, statements: list[Statement]) -> Mapping[str, frozenset[str]]:
    """By request, the statements that refuse it."""
    return {str(case): refusing_sids(statements, case) for case in matrix.cases}


def test_a_request_is_refused_by_its_statement_or_allowed(
    matrix: Matrix, refusals: Mapping[str, frozenset[str]]
) -> None:
    wrong = [
        (str(case), case.refused_by, sorted(refusals[str(case)]))
        for case in matrix.cases
        if (case.refused_by not in refusals[str(case)] if case.refused_by else refusals[str(case)])
    ]
    assert wrong == []


@pytest.mark.parametrize("nested", NESTED, ids=lambda nested: nested.name)
def test_a_request_below_a_nested_target_is_refused_by_its_statement_or_allowed(nested: Matrix, intent: Intent) -> None:
    statements = statements_of(nested, intent)
    wrong = [
        (str(case), case.refused_by, sorted(refusing))
        for case in nested.cases
        for refusing in [refusing_sids(statements, case)]
        if (case.refused_by not in refusing if case.refused_by else refusing)
    ]
    assert wrong == []


def test_every_request_is_tried_once(matrix: Matrix) -> None:
    tried = [(case.principal, case.action, case.resource, str(case.context)) for case in matrix.cases]
    assert len(set(tried)) == len(tried)


def test_every_statement_has_a_case_that_only_it_refuses(
    statements: list[Statement], refusals: Mapping[str, frozenset[str]]
) -> None:
    needed = {sid for sids in refusals.values() if len(sids) == 1 for sid in sids}
    assert [statement["Sid"] for statement in statements if statement["Sid"] not in needed] == []


def test_every_action_resource_and_condition_of_a_statement_has_a_case_that_changes_without_it(
    matrix: Matrix, statements: list[Statement]
) -> None:
    idle = [
        (statement["Sid"], what)
        for statement in statements
        for what, weakened in weakenings(statement)
        if not changes(statement, weakened, matrix.cases)
    ]
    assert idle == []


def test_every_exemption_has_a_case_that_is_refused_without_it(matrix: Matrix, statements: list[Statement]) -> None:
    idle = [
        (statement["Sid"], arn)
        for statement in statements
        for arn, stricter in without_exemptions(statement)
        if not any(
            case.refused_by == ALLOWED and refuses(stricter, case) and not refuses(statement, case)
            for case in matrix.cases
        )
    ]
    assert idle == []


def weakenings(statement: Statement) -> Iterator[tuple[str, Statement]]:
    """The statement without one of its actions, resources or conditions, one at a time."""
    for part in ("Action", "Resource"):
        values = listed(statement.get(part, []))
        for value in values if len(values) > 1 else []:
            yield value, statement | {part: [each for each in values if each != value]}
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys if operator != "StringNotLike" else ():
            weaker = deepcopy(statement)
            del weaker["Condition"][operator][key]
            yield f"{operator} {key}", weaker


def without_exemptions(statement: Statement) -> Iterator[tuple[str, Statement]]:
    """The statement without one of its exempt principals, or of what it leaves alone, one at a time."""
    for part, nothing in (("NotAction", "none:Nothing"), ("NotResource", "arn:aws:none:::nothing")):
        values = listed(statement.get(part, []))
        for value in values:
            yield value, statement | {part: [each for each in values if each != value] or [nothing]}
    exempt = listed(statement.get("Condition", {}).get("StringNotLike", {}).get("aws:PrincipalArn", []))
    for arn in exempt:
        stricter = deepcopy(statement)
        stricter["Condition"]["StringNotLike"] = {"aws:PrincipalArn": [each for each in exempt if each != arn] or [""]}
        yield arn, stricter


def changes(statement: Statement, other: Statement, cases: tuple[Case, ...]) -> bool:
    """Whether any case comes out otherwise."""
    return any(refuses(statement, case) != refuses(other, case) for case in cases if is_about(statement, case))


def listed(value: str | list[str]) -> list[str]:
    """One value or many, as a list."""
    return [value] if isinstance(value, str) else value
