"""Merged statements refuse exactly what those refuse that they are made of."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.guardrails.denials import POLICY_CHARACTERS, Denial, characters, fill_documents
from strongroom.domain.guardrails.packing import KEEPING_RECOVERY_POINTS, merged, owner_of
from strongroom.domain.guardrails.rendering import (
    PROTECT_BACKUPS,
    REQUIRE_BACKUP_TAG,
    guardrail_targets,
    list_denials,
    render_guardrails,
)
from strongroom.domain.intent.model import Intent
from tests.guardrails.matrices import MATRICES, NESTED, Matrix, denials_of, everything_named
from tests.guardrails.proofs.statements import listed
from tests.guardrails.scp_engines import refusing_sids

type Statement = dict[str, Any]
type Refusal = tuple[str, str, str]

GOVERNED: Final = (MATRICES[0], *NESTED)
CEREMONY: Final = ("RestoreByCeremonyOnly", "RestoreByTicketOnly", "NoRestoreFrom")


@pytest.fixture(scope="module", params=GOVERNED, ids=lambda matrix: matrix.name)
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """An account of one kind, with its table of requests."""
    found: Matrix = request.param
    return found


@pytest.fixture(scope="module")
def denials(matrix: Matrix, intent: Intent) -> list[Denial]:
    """The statements of governed accounts, each by itself."""
    return denials_of(matrix, intent)


def test_merged_statements_refuse_each_action_on_each_resource_as_before(denials: list[Denial]) -> None:
    plain, together = statements(denials), statements(joined(denials))
    assert len(together) < len(plain)
    assert refusals(together) == refusals(plain)


def test_merged_statements_refuse_the_same_requests(matrix: Matrix, denials: list[Denial]) -> None:
    together = statements(joined(denials))
    wrong = [str(case) for case in matrix.cases if bool(refusing_sids(together, case)) != bool(case.refused_by)]
    assert wrong == []


def test_a_merged_statement_has_the_names_of_all_that_it_takes_up(denials: list[Denial]) -> None:
    names = "".join(denial.sid for denial in joined(denials))
    assert [denial.sid for denial in denials if denial.sid not in names] == []


@pytest.mark.parametrize(
    ("left_out", "zone", "documents"),
    [
        pytest.param((), ["control-tower"], 3, id="the example, beside Control Tower"),
        pytest.param(CEREMONY, [], 2, id="without the ceremony"),
    ],
)
def test_the_example_needs_few_documents(
    left_out: tuple[str, ...], zone: list[Any], documents: int, intent: Intent
) -> None:
    zoned = replace(intent.guardrails, landing_zone_role_arns=(), landing_zone=tuple(zone))
    named = list_denials(replace(intent, guardrails=zoned))
    of_members = (*named[PROTECT_BACKUPS], *named[REQUIRE_BACKUP_TAG])
    kept = [denial for denial in of_members if not left_out or not denial.sid.startswith(left_out)]
    packed = fill_documents({"keep": joined(kept)}, keeps_order=False)
    assert len(packed) == documents
    assert all(characters(document) <= POLICY_CHARACTERS for document in packed.values())


@pytest.mark.parametrize("each", [*MATRICES, *NESTED], ids=lambda each: each.name)
def test_what_is_attached_refuses_what_is_claimed(each: Matrix, intent: Intent) -> None:
    complete = everything_named(each, intent)
    targets = guardrail_targets(complete)
    attached = [document for name, document in render_guardrails(complete).items() if each.target in targets[name]]
    found = [statement for document in attached for statement in document["Statement"]]
    assert refusals(found) == refusals(statements(denials_of(each, intent)))


def joined(denials: Sequence[Denial]) -> tuple[Denial, ...]:
    return merged({"keep": denials})["keep"]


def statements(denials: Iterable[Denial]) -> list[Statement]:
    return [denial.statement() for denial in denials]


def refusals(found: Iterable[Statement]) -> set[Refusal]:
    """Each action, each resource that it can be asked on, and each condition, one by one."""
    return {
        (action, resource, json.dumps(condition, sort_keys=True))
        for statement in found
        for condition in alternatives(statement.get("Condition", {}))
        for action in actions_of(statement)
        for resource in resources_of(statement)
        if can_be_asked(action, resource)
    }


def actions_of(statement: Statement) -> list[str]:
    if "NotAction" in statement:
        return [f"all but {each}" for each in listed(statement["NotAction"])]
    return listed(statement["Action"])


def resources_of(statement: Statement) -> list[str]:
    if "NotResource" in statement:
        return [f"all but {each}" for each in listed(statement["NotResource"])]
    return listed(statement["Resource"])


def can_be_asked(action: str, resource: str) -> bool:
    """Whether the resource is of the action's service; what AWS Backup does is asked on recovery points, too."""
    service = action.partition(":")[0]
    if not resource.startswith("arn:"):
        return True
    return owner_of(resource) in ({service} | (KEEPING_RECOVERY_POINTS if service == "backup" else set()))


def alternatives(condition: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A condition as those that it stands for: that a key has none of some values holds of an absent key, too."""
    whole = {operator: dict(keys) for operator, keys in condition.items()}
    asked = set(whole.get("Null", {}))
    key = next(
        (each for each in whole.get("StringNotEquals", {}) if each not in {*asked, "aws:PrincipalAccount"}), None
    )
    if key is None:
        yield whole
        return
    yield {**whole, "Null": {**whole.get("Null", {}), key: "false"}}
    others = {each: values for each, values in whole["StringNotEquals"].items() if each != key}
    rest = {operator: keys for operator, keys in whole.items() if operator != "StringNotEquals"}
    yield {**rest, **({"StringNotEquals": others} if others else {}), "Null": {**whole.get("Null", {}), key: "true"}}
