"""The plainest promises of the guardrails, proved of every request, and that nobody makes themselves exempt."""

from copy import replace
from typing import Final

import pytest
import z3

from strongroom.domain.guardrails.denials import OWN_ACCOUNT
from strongroom.domain.intent.model import Intent
from tests.guardrails.matrices import MATRICES, Matrix, denials_of, statements_of
from tests.guardrails.member_requests import ROLE_CHANGES
from tests.guardrails.proofs.claims import is_one_of, services_of
from tests.guardrails.proofs.patterns import arn_like
from tests.guardrails.proofs.promises import BACKUP, GOVERNED, Promise
from tests.guardrails.proofs.requests import any_request
from tests.guardrails.proofs.solver import find
from tests.guardrails.proofs.statements import refused

GOVERNED_ACCOUNT, BACKUP_ACCOUNT, BACKUP_ACCOUNT_WITHOUT_DEPLOYERS = MATRICES
_CHANGES: Final = [f"iam:{name}".lower() for name in ROLE_CHANGES.removeprefix("iam:").split()]


@pytest.mark.parametrize(
    ("matrix", "promise"),
    [
        pytest.param(matrix, promise, id=f"{matrix.name}: {name}")
        for matrix, promises in (
            (GOVERNED_ACCOUNT, GOVERNED),
            (BACKUP_ACCOUNT, BACKUP),
            (BACKUP_ACCOUNT_WITHOUT_DEPLOYERS, BACKUP),
        )
        for name, promise in promises.items()
    ],
)
def test_no_request_breaks_a_promise(matrix: Matrix, promise: Promise, intent: Intent) -> None:
    action, breach = promise
    request = replace(any_request(), action=z3.StringVal(action))
    assert find(breach(request)) is not None, "what no request can do is no promise"
    assert find(breach(request), z3.Not(refused(statements_of(matrix, intent), request))) is None


@pytest.mark.parametrize("matrix", MATRICES, ids=lambda matrix: matrix.name)
def test_nobody_who_is_exempt_of_nothing_makes_or_changes_a_role_that_is_exempt(matrix: Matrix, intent: Intent) -> None:
    exempt = list(dict.fromkeys(arn for denial in denials_of(matrix, intent) for arn in denial.exempt_arns))
    about_roles = [each for each in statements_of(matrix, intent) if "iam" in services_of(each)]
    found = {}
    for action in _CHANGES:
        request = replace(any_request(), action=z3.StringVal(action))
        for arn in _widest(exempt):
            a_role_that_is_exempt = arn_like(request.resource, arn.replace(OWN_ACCOUNT, "*"))
            passes = z3.And(z3.Not(is_one_of(exempt, request)), z3.Not(refused(about_roles, request)))
            found[action, arn] = find(a_role_that_is_exempt, passes)
    assert found == dict.fromkeys(found)


def _widest(arns: list[str]) -> list[str]:
    """Those that no other of them means, too."""
    starts = [arn.removesuffix("*") for arn in arns if arn.endswith("*")]
    return [arn for arn in arns if not any(arn.startswith(start) for start in starts if start != arn.removesuffix("*"))]
