"""For how long STS lends a role.

Source: STS API Reference, "AssumeRole", DurationSeconds; IAM User Guide, "Role chaining".
"""

from typing import Any

from sandbox.clients import client
from tests.integration.authority.conftest import ACCOUNT, a_role, allow, refusal


def _assume(sts: Any, role: str, seconds: int) -> Any:
    return sts.assume_role(RoleArn=role, RoleSessionName="test", DurationSeconds=seconds)


def test_a_role_is_lent_no_longer_than_its_own_limit() -> None:
    role = a_role()
    sts = client("sts", ACCOUNT)
    assert _assume(sts, role.arn, 3600)["Credentials"]
    code, message = refusal(lambda: _assume(sts, role.arn, 3601))
    assert (code, message) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
    client("iam", ACCOUNT).update_role(RoleName=role.name, MaxSessionDuration=43200)
    assert _assume(sts, role.arn, 43200)["Credentials"]


def test_a_role_lends_another_for_an_hour_at_most() -> None:
    role, first = a_role(), a_role(allow("sts:AssumeRole"))
    client("iam", ACCOUNT).update_role(RoleName=role.name, MaxSessionDuration=43200)
    chained = first.client("sts")
    assert _assume(chained, role.arn, 3600)["Credentials"]
    code, message = refusal(lambda: _assume(chained, role.arn, 7200))
    assert code == "ValidationError"
    assert "1 hour session limit for roles assumed by role chaining" in message
