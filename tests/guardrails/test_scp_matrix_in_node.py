"""The same tables in a second, independent engine, which also knows the Service Authorization Reference.

It resolves policy variables itself, and ignores a condition key that AWS does not offer for the action, so that a
statement that rests on such a key refuses nothing there.
"""

from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from tests.guardrails.matrices import MATRICES, NESTED, Matrix, documents_of, statements_of
from tests.guardrails.scp_engines import ask_node, refusing_sids
from tests.guardrails.scp_requests import Case

type Verdict = dict[str, Any]

# Where the engines disagree, by statement and action, and why.
DISAGREEMENTS = {
    ("KeepTier", "s3:TagResource"): (
        "a bucket's tags are in aws:ResourceTag only where access by tags is switched on for the bucket; this engine"
        " takes it as off, the other one as on"
    ),
}


@pytest.fixture(scope="module", params=(*MATRICES, *NESTED), ids=lambda matrix: matrix.name)
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """One set of documents as an account meets them, with its table of requests."""
    found: Matrix = request.param
    return found


@pytest.fixture(scope="module")
def verdicts(matrix: Matrix, intent: Intent) -> list[tuple[Case, Verdict]]:
    """Each request with what the engine says."""
    return list(zip(matrix.cases, ask_node(documents_of(matrix, intent), matrix.cases), strict=True))


def test_every_request_can_be_made(verdicts: list[tuple[Case, Verdict]]) -> None:
    assert [(str(case), verdict["error"]) for case, verdict in verdicts if "error" in verdict] == []


def test_a_request_is_refused_by_its_statement_or_allowed(verdicts: list[tuple[Case, Verdict]]) -> None:
    wrong = [
        (str(case), case.refused_by, verdict)
        for case, verdict in verdicts
        if (case.refused_by, case.action) not in DISAGREEMENTS
        and (case.refused_by not in verdict["sids"] if case.refused_by else verdict["overall"] != "Allowed")
    ]
    assert wrong == []


def test_both_engines_name_the_same_statements(
    matrix: Matrix, verdicts: list[tuple[Case, Verdict]], intent: Intent
) -> None:
    statements = statements_of(matrix, intent)
    different = {
        (sid, case.action)
        for case, verdict in verdicts
        for sid in refusing_sids(statements, case) ^ set(verdict["sids"])
    }
    sids, tried = {statement["Sid"] for statement in statements}, {case.action for case in matrix.cases}
    assert different == {(sid, action) for sid, action in DISAGREEMENTS if sid in sids and action in tried}


def test_no_request_is_refused_without_the_guardrails(matrix: Matrix) -> None:
    assert {verdict["overall"] for verdict in ask_node([], matrix.cases)} == {"Allowed"}
