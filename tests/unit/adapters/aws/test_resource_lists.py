"""The lists of member accounts: each call as AWS's models have it, page by page."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

from sandbox.clients import service_model
from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.lists import LISTS
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal

ACCOUNT, REGION = AccountId("222222222222"), Region("eu-west-1")
CART = "arn:aws:dynamodb:eu-west-1:222222222222:table/carts"


class Service:
    """A client that keeps what it is asked, and answers in turn; an error among the answers is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def get_paginator(self, operation: str) -> Any:
        return Pages(self, operation)


class Pages:
    """Pages that are read when they are wanted."""

    def __init__(self, service: Service, operation: str) -> None:
        self.service, self.operation = service, operation

    def paginate(self, **asked: Any) -> Any:
        yield getattr(self.service, self.operation)(**asked)


@pytest.fixture
def lists(fake_clients: FakeClients) -> MemberLists:
    role = "arn:aws:iam::{}:role/strongroom/strongroom-tagging"
    return MemberLists(MemberClients(role.format, now=lambda: datetime.now(UTC)))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_asked_for_as_its_model_has_it_and_gone_on_with_where_it_ended(
    name: str, lists: MemberLists, fake_clients: FakeClients
) -> None:
    row, listing = LISTS[name]
    assert row.tags is not None
    service = Service({listing.next_at: "here"}, {})
    fake_clients.member[ACCOUNT, row.tags.client] = service
    assert lists.page(name, account=ACCOUNT, region=REGION, token=None) == ((), "here")
    assert lists.page(name, account=ACCOUNT, region=REGION, token="here") == ((), None)
    assert [operation for operation, _ in service.asked] == [xform_name(listing.call)] * 2
    assert service.asked[1][1] == service.asked[0][1] | {listing.begin_at: "here"}
    shape = service_model(row.tags.client).operation_model(listing.call).input_shape
    assert shape is not None
    for _, asked in service.asked:
        validate_parameters(asked, shape)


def test_what_is_declared_is_what_is_called() -> None:
    for action in MemberLists.MEMBER_ACTIONS:
        assert action.count(":") == 1
    assert len(set(MemberLists.MEMBER_ACTIONS)) == len(LISTS) + 1
    assert "s3:ListAllMyBuckets" in MemberLists.MEMBER_ACTIONS


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("AccessDeniedException", AccessRefusedError),
        ("ValidationException", CallRefusedError),
        ("ThrottlingException", TemporarilyUnavailableError),
    ],
)
def test_what_keeps_a_list_from_being_read_is_told(
    code: str, meaning: type[Exception], lists: MemberLists, fake_clients: FakeClients
) -> None:
    fake_clients.member[ACCOUNT, "eks"] = Service(refusal(code, "ListClusters"))
    with pytest.raises(meaning):
        lists.page("eks:ListClusters", account=ACCOUNT, region=REGION, token=None)


def test_a_service_that_is_closed_to_new_customers_refuses_nobody_a_right(
    lists: MemberLists, fake_clients: FakeClients
) -> None:
    said = "Only existing Timestream for LiveAnalytics customers can access the service."
    closed = ClientError({"Error": {"Code": "AccessDeniedException", "Message": said}}, "ListTables")
    fake_clients.member[ACCOUNT, "timestream-write"] = Service(closed)
    with pytest.raises(CallRefusedError, match="Only existing Timestream"):
        lists.page("timestream:ListTables", account=ACCOUNT, region=REGION, token=None)


def test_what_has_a_tag_of_ours_is_listed_once_for_each_key(lists: MemberLists, fake_clients: FakeClients) -> None:
    found = {"ResourceTagMappingList": [{"ResourceARN": CART, "Tags": [{"Key": "Backup", "Value": "daily-prod"}]}]}
    service = Service(found, {"ResourceTagMappingList": []})
    fake_clients.member[ACCOUNT, "resourcegroupstaggingapi"] = service
    tagged = lists.tagged(("Backup", "tier"), account=ACCOUNT, region=REGION)
    assert tagged == {CART: {"Backup": "daily-prod"}}
    assert [asked["TagFilters"] for _, asked in service.asked] == [[{"Key": "Backup"}], [{"Key": "tier"}]]
    [of_types] = {tuple(asked["ResourceTypeFilters"]) for _, asked in service.asked}
    assert of_types == (
        *("backup-gateway", "dsql", "dynamodb", "eks", "redshift-serverless"),
        *("s3", "storagegateway", "timestream"),
    )


def test_where_a_service_is_unknown_there_everything_is_listed(lists: MemberLists, fake_clients: FakeClients) -> None:
    unknown = refusal("InvalidParameterException", "GetResources")
    service = Service(unknown, {"ResourceTagMappingList": []})
    fake_clients.member[ACCOUNT, "resourcegroupstaggingapi"] = service
    assert lists.tagged(("Backup",), account=ACCOUNT, region=REGION) == {}
    assert "ResourceTypeFilters" not in service.asked[1][1]
