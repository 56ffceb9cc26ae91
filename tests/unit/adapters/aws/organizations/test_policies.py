"""Policies as they are stored and attached, and the tree that they hang in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.domain.identifiers import AccountId
from strongroom.domain.stacks.attached_policies import AttachedPolicy
from tests.builders.places import GLOBAL_REGION
from tests.fakes.account_clients import FakeAccountClients, refusal
from tests.fakes.moto_clients import moto_client

MANAGEMENT = AccountId("111111111111")
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "a:B", "Resource": "*"}]}
OURS = AttachedPolicy(
    name="ours", description="Ours.", type="SERVICE_CONTROL_POLICY", document=DENY, targets=("ou-strg-prod0001",)
)


@pytest.fixture
def organizations(platform_environment: None) -> Iterator[Any]:
    """An organisation of moto's."""
    with mock_aws():
        client = moto_client("organizations", "us-east-1")
        client.create_organization(FeatureSet="ALL")
        yield client


@pytest.fixture
def policies(organizations: Any) -> OrganizationPolicies:
    """The adapter on it."""
    return OrganizationPolicies(FakeAccountClients(), management_account=MANAGEMENT, global_region=GLOBAL_REGION)


@pytest.fixture
def root(organizations: Any) -> str:
    """The root's id."""
    found: str = organizations.list_roots()["Roots"][0]["Id"]
    return found


def unit_below(organizations: Any, parent: str, name: str) -> str:
    created: str = organizations.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
    return created


def store(organizations: Any, name: str) -> str:
    created = organizations.create_policy(
        Name=name, Type="SERVICE_CONTROL_POLICY", Description="Theirs.", Content=json.dumps({"Statement": []})
    )
    identifier: str = created["Policy"]["PolicySummary"]["Id"]
    return identifier


def test_our_policies_are_read_whole_and_others_by_name(
    organizations: Any, policies: OrganizationPolicies, root: str
) -> None:
    unit = unit_below(organizations, root, "Production")
    ours, theirs = store(organizations, "ours"), store(organizations, "theirs")
    policies.attach(ours, unit)
    policies.write(ours, OURS)
    found = {policy.id: policy for policy in policies.policies(frozenset({"ours"}))}
    assert (found[ours].document, found[ours].description, found[ours].targets) == (DENY, "Ours.", (unit,))
    assert (found[theirs].name, found[theirs].document) == ("theirs", None)


def test_attaching_and_detaching_twice_is_as_once(
    organizations: Any, policies: OrganizationPolicies, root: str
) -> None:
    unit, ours = unit_below(organizations, root, "Production"), store(organizations, "ours")
    policies.attach(ours, unit)
    policies.attach(ours, unit)
    assert organizations.list_targets_for_policy(PolicyId=ours)["Targets"][0]["TargetId"] == unit
    policies.detach(ours, unit)
    policies.detach(ours, unit)
    assert organizations.list_targets_for_policy(PolicyId=ours)["Targets"] == []


def test_a_path_leads_from_the_root(organizations: Any, policies: OrganizationPolicies, root: str) -> None:
    outer = unit_below(organizations, root, "Outer")
    inner = unit_below(organizations, outer, "Inner")
    assert policies.path(inner) == (root, outer, inner)
    assert policies.path(root) == (root,)


@dataclass
class Tree:
    """Organizations as far as moto does not play it: every page holds one item."""

    children: dict[str, list[str]] = field(default_factory=dict)
    refuses: str = ""
    resource_policy: dict[str, Any] | None = None

    def list_parents(self, *, ChildId: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803 AWS's names
        above = next((parent for parent, children in self.children.items() if ChildId in children), None)
        if above is None:
            raise refusal("ChildNotFoundException", "ListParents")
        if not NextToken:
            return {"Parents": [], "NextToken": "1"}
        return {"Parents": [{"Id": above, "Type": "ROOT" if above.startswith("r-") else "ORGANIZATIONAL_UNIT"}]}

    def list_policies_for_target(self, *, TargetId: str, Filter: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803 AWS's names
        if TargetId not in self.children:
            raise refusal("TargetNotFoundException", "ListPoliciesForTarget")
        if not NextToken:
            return {"Policies": [], "NextToken": "1"}
        return {"Policies": [{"Id": "p-1", "Name": f"the {Filter}", "Type": Filter}]}

    def describe_resource_policy(self) -> dict[str, Any]:
        if self.resource_policy is None:
            raise refusal("ResourcePolicyNotFoundException", "DescribeResourcePolicy")
        return {
            "ResourcePolicy": {"ResourcePolicySummary": {"Id": "rp-1"}, "Content": json.dumps(self.resource_policy)}
        }

    def list_accounts_for_parent(self, *, ParentId: str, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803 AWS's names
        accounts = [child for child in self.children.get(ParentId, []) if child.isdigit()]
        shown = [
            {"Id": account, "Status": "SUSPENDED" if account.startswith("0") else "ACTIVE"} for account in accounts
        ]
        return self._page("Accounts", shown, int(NextToken))

    def list_organizational_units_for_parent(self, *, ParentId: str, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803 AWS's names
        units = [child for child in self.children.get(ParentId, []) if not child.isdigit()]
        return self._page("OrganizationalUnits", [{"Id": unit} for unit in units], int(NextToken))

    def list_accounts_with_invalid_effective_policy(self, **_: str) -> dict[str, Any]:
        if self.refuses:
            raise refusal(self.refuses, "ListAccountsWithInvalidEffectivePolicy")
        return {"Accounts": [{"Id": "222222222222"}], "PolicyType": "BACKUP_POLICY"}

    @staticmethod
    def _page(key: str, items: list[dict[str, str]], start: int) -> dict[str, Any]:
        more = {"NextToken": str(start + 1)} if start + 1 < len(items) else {}
        return {key: items[start : start + 1], **more}


def of(tree: Tree) -> OrganizationPolicies:
    return OrganizationPolicies(
        FakeAccountClients(own={"organizations": tree}), management_account=MANAGEMENT, global_region=GLOBAL_REGION
    )


def test_what_does_not_exist_has_no_path() -> None:
    assert of(Tree()).path("ou-none") is None


def test_active_accounts_are_found_in_every_unit_below_and_on_every_page() -> None:
    tree = Tree({"ou-a": ["1", "2", "ou-b", "ou-c"], "ou-b": ["3", "0"], "ou-c": ["4"]})
    assert of(tree).accounts_below("ou-a") == ("1", "2", "3", "4")


def test_a_path_is_found_behind_empty_pages() -> None:
    assert of(Tree({"r-1": ["ou-a"], "ou-a": ["1"]})).path("1") == ("r-1", "ou-a", "1")


def test_what_is_attached_to_a_target_is_named_whoever_made_it() -> None:
    attached = of(Tree({"ou-a": []})).attached("ou-a")
    assert [(each.name, each.type) for each in attached] == [
        ("the BACKUP_POLICY", "BACKUP_POLICY"),
        ("the SERVICE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"),
    ]
    assert of(Tree()).attached("ou-none") == ()


@pytest.mark.parametrize("statements", [{"Sid": "One"}, [{"Sid": "One"}]], ids=["a single one", "a list"])
def test_the_statements_of_the_resource_policy_are_read(statements: Any) -> None:
    found = of(Tree(resource_policy={"Statement": statements})).resource_policy()
    assert found is not None
    assert found.statements == ({"Sid": "One"},)


def test_an_organization_may_have_no_resource_policy() -> None:
    assert of(Tree()).resource_policy() is None


def test_a_single_account_is_itself() -> None:
    assert of(Tree()).accounts_below("222222222222") == ("222222222222",)


def test_accounts_without_a_valid_policy_are_named() -> None:
    assert of(Tree()).accounts_with_invalid_policy() == ("222222222222",)


def test_no_policy_is_invalid_while_the_type_is_not_enabled() -> None:
    assert of(Tree(refuses="EffectivePolicyNotFoundException")).accounts_with_invalid_policy() == ()
