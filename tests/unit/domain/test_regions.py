"""What a person does about a Region that is off in an account.

Sources: Account Management API reference, EnableRegion: the management account cannot name itself, naming a member
needs trusted access, and a Region whose status is being changed is refused (ConflictException).
"""

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.regions import enabling
from tests.builders.places import MANAGEMENT, PAYMENTS

MILAN = Region("eu-south-1")

IN_MEMBER = (
    f"aws account enable-region --account-id {PAYMENTS} --region-name eu-south-1, from the management account "
    "(once before: aws organizations enable-aws-service-access --service-principal account.amazonaws.com)"
)
IN_MANAGEMENT = "aws account enable-region --region-name eu-south-1, in that account"
WAIT = "wait until AWS has {} it, which takes minutes and may take hours"


@pytest.mark.parametrize(
    ("account", "status", "how"),
    [
        (PAYMENTS, "DISABLED", IN_MEMBER),
        (PAYMENTS, "ENABLING", WAIT.format("enabled")),
        (PAYMENTS, "DISABLING", f"{WAIT.format('disabled')}, then {IN_MEMBER}"),
        (MANAGEMENT, "DISABLED", IN_MANAGEMENT),
        (MANAGEMENT, "ENABLING", WAIT.format("enabled")),
        (MANAGEMENT, "DISABLING", f"{WAIT.format('disabled')}, then {IN_MANAGEMENT}"),
    ],
)
def test_what_is_told_is_what_aws_takes(account: AccountId, status: str, how: str) -> None:
    assert enabling(MILAN, account, opt_status=status, management=MANAGEMENT) == how
