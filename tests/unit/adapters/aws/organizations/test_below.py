"""The accounts that a policy reaches are found below its targets, page by page."""

from typing import Any, ClassVar

from strongroom.adapters.aws.organizations.below import PolicyReach
from strongroom.domain.identifiers import AccountId
from tests.fakes.account_clients import refusal


class FakeOrganizations:
    """A unit in a unit; each list has an empty page before its last."""

    units: ClassVar[dict[str, list[str]]] = {"ou-a": ["ou-b"], "ou-b": []}
    accounts: ClassVar[dict[str, list[str]]] = {"ou-a": ["222222222222"], "ou-b": ["333333333333"]}

    def list_organizational_units_for_parent(self, *, ParentId: str) -> dict[str, Any]:  # noqa: N803
        return {"OrganizationalUnits": [{"Id": each} for each in self.units[ParentId]]}

    def list_accounts_for_parent(self, *, ParentId: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803
        if ParentId not in self.accounts:
            raise refusal("ParentNotFoundException", "ListAccountsForParent")
        if not NextToken:
            return {"Accounts": [], "NextToken": "more"}
        return {"Accounts": [{"Id": each} for each in self.accounts[ParentId]]}

    def list_targets_for_policy(self, *, PolicyId: str) -> dict[str, Any]:  # noqa: N803
        if PolicyId != "p-1":
            raise refusal("PolicyNotFoundException", "ListTargetsForPolicy")
        return {"Targets": [{"TargetId": "ou-a"}, {"TargetId": "444444444444"}]}


REACH = PolicyReach(FakeOrganizations())


def test_all_units_below_a_target_are_walked() -> None:
    assert list(REACH.accounts_below("ou-a")) == ["222222222222", "333333333333"]


def test_an_account_is_its_own_target_and_a_unit_that_is_gone_has_none() -> None:
    assert list(REACH.accounts_below("444444444444")) == [AccountId("444444444444")]
    assert list(REACH.accounts_below("ou-gone")) == []


def test_a_policy_that_is_gone_reaches_nothing() -> None:
    assert REACH.targets_of("p-1") == ("ou-a", "444444444444")
    assert REACH.targets_of("p-2") == ()
