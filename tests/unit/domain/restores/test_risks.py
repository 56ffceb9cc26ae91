"""What is dangerous about a restore is said by the words that approval rules know."""

import pytest

from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.risks import risks_of


@pytest.mark.parametrize(
    ("resource_type", "plan", "risks"),
    [
        pytest.param("RDS", RestorePlan.LOCAL, (), id="what lies in the account is nothing special"),
        pytest.param("RDS", RestorePlan.COPY_BACK, ("vault-key", "temporary-copy"), id="an instance keeps the key"),
        pytest.param("DynamoDB", RestorePlan.COPY_BACK, ("temporary-copy",), id="a table chooses its key"),
    ],
)
def test_risks_are_named_in_reading_order(resource_type: str, plan: RestorePlan, risks: tuple[str, ...]) -> None:
    assert risks_of(resource_type, plan=plan) == risks
