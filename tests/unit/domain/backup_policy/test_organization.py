"""The effective policies of a whole organisation."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.merge import Reading, merge_levels
from strongroom.domain.backup_policy.organization import (
    Organization,
    OrganizationInconsistentError,
    effective_policies,
)
from tests.unit.domain.backup_policy.strategies import Document, policies

UNITS = {"root": None, "production": "root", "databases": "production", "sandbox": "root"}
ACCOUNTS = {"payments": "databases", "ledger": "databases", "reports": "production", "play": "sandbox", "own": "root"}
TARGETS = (*UNITS, *ACCOUNTS)


def regions(*names: str, operator: str = "@@append") -> Document:
    """A policy of one list."""
    return {"plans": {"daily": {"regions": {operator: list(names)}}}}


DOCUMENTS = {"first": regions("a"), "second": regions("b"), "third": regions("c", operator="@@assign")}


def organization(attachments: Mapping[str, tuple[str, ...]], **changes: Any) -> Organization:
    """The units and accounts above with these attachments."""
    parts: dict[str, Any] = {"units": UNITS, "accounts": ACCOUNTS, "documents": DOCUMENTS} | changes
    return Organization(attachments=attachments, **parts)


def test_every_account_inherits_from_the_root_down() -> None:
    found = effective_policies(
        organization({"root": ("first",), "production": ("second",), "payments": ("third",), "sandbox": ("third",)})
    )
    listed = {account: group.effective["plans"]["daily"]["regions"] for account, group in found.by_account.items()}
    assert listed == {
        "payments": ["c"],
        "ledger": ["a", "b"],
        "reports": ["a", "b"],
        "play": ["c"],
        "own": ["a"],
    }


def test_accounts_that_inherit_the_same_share_one_result() -> None:
    found = effective_policies(organization({"root": ("first",), "production": ("second",)}))
    groups = {group.policies: group.accounts for group in found.groups}
    assert groups == {(("first",), ("second",)): ("payments", "ledger", "reports"), (("first",),): ("play", "own")}
    assert found.by_account["payments"] is found.by_account["reports"]


def test_the_order_of_attachment_makes_another_result() -> None:
    both = {"first": regions("a", operator="@@assign"), "second": regions("b", operator="@@assign")}
    found = effective_policies(
        organization({"sandbox": ("first", "second"), "production": ("second", "first")}, documents=both)
    )
    assert found.by_account["play"].effective == {"plans": {"daily": {"regions": ["a"]}}}
    assert found.by_account["reports"].effective == {"plans": {"daily": {"regions": ["b"]}}}


def test_an_account_without_any_policy_has_an_empty_and_valid_one() -> None:
    found = effective_policies(organization({"sandbox": ("first",)}))
    assert (found.by_account["own"].effective, found.by_account["own"].faults) == ({}, ())


def test_a_result_comes_with_its_faults() -> None:
    group = effective_policies(organization({"root": ("first",)})).by_account["own"]
    assert group.faults == validate(group.effective) != ()


def test_the_reading_decides_about_new_keys() -> None:
    lock = {"plans": {"@@operators_allowed_for_child_policies": ["@@none"]}}
    given_tree = organization({"root": ("lock",), "own": ("first",)}, documents=DOCUMENTS | {"lock": lock})
    assert effective_policies(given_tree).by_account["own"].effective == {}
    assert effective_policies(given_tree, reading=Reading.LEAF_ONLY).by_account["own"].effective != {}


@pytest.mark.parametrize(
    ("given_tree", "message"),
    [
        pytest.param(organization({}, accounts={"own": "nowhere"}), "own is below nowhere", id="an account's parent"),
        pytest.param(
            organization({}, units={"a": "nowhere"}, accounts={"own": "a"}), "a is below nowhere", id="a unit's parent"
        ),
        pytest.param(
            organization({}, units={"a": "b", "b": "a"}, accounts={"own": "a"}), "a is below itself", id="a circle"
        ),
        pytest.param(organization({"production": ("gone",)}), "gone is attached to production", id="a policy"),
    ],
)
def test_what_is_named_and_not_there_is_told(given_tree: Organization, message: str) -> None:
    with pytest.raises(OrganizationInconsistentError, match=message):
        effective_policies(given_tree)


@given(
    st.dictionaries(st.sampled_from(("p1", "p2", "p3", "p4")), policies(), min_size=1),
    st.data(),
    st.sampled_from(Reading),
)
def test_it_is_what_merging_each_account_alone_gives(
    documents: dict[str, Document], data: st.DataObject, reading: Reading
) -> None:
    lists = st.lists(st.sampled_from(sorted(documents)), max_size=2, unique=True).map(tuple)
    attachments = data.draw(st.dictionaries(st.sampled_from(TARGETS), lists))
    found = effective_policies(organization(attachments, documents=documents), reading=reading)
    for account, parent in ACCOUNTS.items():
        way = [account]
        above: str | None = parent
        while above is not None:
            way.append(above)
            above = UNITS[above]
        levels = [[documents[policy] for policy in attachments.get(target, ())] for target in reversed(way)]
        assert found.by_account[account].effective == merge_levels(levels, reading=reading).effective
