"""Lists come in pages of at most twenty, and a page may be empty although more follow.

Source: AWS Organizations API reference, every List operation: "These operations can occasionally return an empty set of
results even when more results are available."
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import every
from sandbox.settings import (
    BACKUP_ACCOUNT,
    OU_PRE_PRODUCTION,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    ROOT_ID,
)

LISTS: dict[str, dict[str, str]] = {
    "list_accounts": {},
    "list_accounts_for_parent": {"ParentId": OU_PRE_PRODUCTION},
    "list_children": {"ParentId": OU_PRODUCTION, "ChildType": "ACCOUNT"},
    "list_organizational_units_for_parent": {"ParentId": ROOT_ID},
    "list_parents": {"ChildId": PAYMENTS_ACCOUNT},
    "list_policies": {"Filter": "SERVICE_CONTROL_POLICY"},
    "list_policies_for_target": {"TargetId": OU_PRODUCTION, "Filter": "SERVICE_CONTROL_POLICY"},
    "list_roots": {},
    "list_targets_for_policy": {"PolicyId": "p-FullAWSAccess"},
    "list_delegated_administrators": {},
    "list_delegated_services_for_account": {"AccountId": BACKUP_ACCOUNT},
    "list_aws_service_access_for_organization": {},
}


def pages_of(client: Any, operation: str, **request: Any) -> Iterator[list[Any]]:
    pages = client.get_paginator(operation).paginate(**request)
    for page in pages:
        yield page[pages.result_keys[0].expression]


def reason_of(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    response: dict[str, Any] = {**caught.value.response}
    assert response["Error"]["Code"] == "InvalidInputException"
    return str(response["Reason"])


@pytest.mark.parametrize("operation", LISTS)
def test_small_pages_hold_together_what_one_page_holds(management: Any, operation: str) -> None:
    whole = every(management, operation, **LISTS[operation])
    small = list(pages_of(management, operation, **LISTS[operation], PaginationConfig={"PageSize": 1}))
    assert whole
    assert [item for page in small for item in page] == whole
    assert max(len(page) for page in small) == 1


def test_a_page_holds_twenty_at_most(management: Any) -> None:
    pages = [page for page in pages_of(management, "list_targets_for_policy", PolicyId="p-FullAWSAccess") if page]
    assert [len(page) for page in pages] == [20, 5]  # the root, four units, twenty accounts


def test_some_lists_begin_with_an_empty_page_and_always_the_same_ones(management: Any) -> None:
    first = [
        {name: next(pages_of(management, name, **request)) == [] for name, request in LISTS.items()} for _ in range(2)
    ]
    assert first[0] == first[1]
    assert set(first[0].values()) == {True, False}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        pytest.param({"MaxResults": 21}, "MAX_VALUE_EXCEEDED", id="too many"),
        pytest.param({"NextToken": "bm90IG1pbmU="}, "INVALID_PAGINATION_TOKEN", id="no token of ours"),
    ],
)
def test_a_page_that_cannot_be_is_refused(management: Any, wanted: dict[str, Any], reason: str) -> None:
    assert reason_of(management.list_accounts, **wanted) == reason


def test_a_token_is_good_for_its_own_request_only(management: Any) -> None:
    token = management.list_accounts(MaxResults=1)["NextToken"]
    there = management.list_accounts_for_parent
    assert reason_of(there, ParentId=OU_PRE_PRODUCTION, NextToken=token) == "INVALID_PAGINATION_TOKEN"


def test_an_account_that_moved_is_on_the_pages_of_its_new_parent(management: Any) -> None:
    move = {"AccountId": REPORTS_ACCOUNT, "SourceParentId": OU_PRE_PRODUCTION, "DestinationParentId": OU_PRODUCTION}
    management.move_account(**move)
    try:
        listed = every(management, "list_accounts_for_parent", ParentId=OU_PRODUCTION)
        assert REPORTS_ACCOUNT in {account["Id"] for account in listed}
    finally:
        management.move_account(
            AccountId=REPORTS_ACCOUNT, SourceParentId=OU_PRODUCTION, DestinationParentId=OU_PRE_PRODUCTION
        )
