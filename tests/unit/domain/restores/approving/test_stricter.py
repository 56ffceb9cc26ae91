"""Whether the rules name somebody for what is graver than other restores."""

import json

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.approving.stricter import demand_stricter_rule
from tests.builders.restores import POLICY, a_request

GRAVE = {"risks": ["elevated"]}


def rules_with(*scopes: dict[str, list[str]]) -> str:
    policy = json.loads(POLICY)
    policy["rules"] += [{"group": "approvers", "needed": 1, "when": scope} for scope in scopes]
    return canonical_text(policy)


@pytest.mark.parametrize(
    ("scopes", "tier"),
    [
        pytest.param((GRAVE,), "prod", id="for whatever is grave"),
        pytest.param((GRAVE,), "", id="of no known tier, too"),
        pytest.param((GRAVE | {"tiers": ["prod"]},), "prod", id="of its tier"),
        pytest.param(
            (GRAVE | {"tiers": ["gfs"]}, GRAVE | {"tiers": ["prod", "gfs"]}), "prod", id="of its among others"
        ),
    ],
)
def test_where_a_rule_names_somebody_it_may_be_asked_for(scopes: tuple[dict[str, list[str]], ...], tier: str) -> None:
    demand_stricter_rule(a_request(policy=rules_with(*scopes), tier=tier), why="it passes a role")


@pytest.mark.parametrize(
    ("scopes", "tier"),
    [
        pytest.param((), "prod", id="no rule more"),
        pytest.param(({"risks": ["vault-key"]},), "prod", id="for another risk"),
        pytest.param((GRAVE | {"tiers": ["gfs"]},), "prod", id="of another tier"),
        pytest.param((GRAVE | {"tiers": ["prod"]},), "", id="of a tier, and its own is not known"),
    ],
)
def test_where_none_does_for_its_tier_it_is_refused(scopes: tuple[dict[str, list[str]], ...], tier: str) -> None:
    with pytest.raises(RestoreRefusedError, match=r"no rule says who approves .* \(it passes a role\): write - "):
        demand_stricter_rule(a_request(policy=rules_with(*scopes), tier=tier), why="it passes a role")
