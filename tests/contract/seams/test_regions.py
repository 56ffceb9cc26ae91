"""What we touch inside MiniStack's Account Management is still there, and answers by account once it is touched."""

import asyncio
import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import account

from sandbox.seams import host as seams
from sandbox.seams import regions as seams_regions
from sandbox.settings import MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT

MILAN, CAPE = "eu-south-1", "af-south-1"
STATUSES = {(PAYMENTS_ACCOUNT, MILAN): "DISABLED", (PAYMENTS_ACCOUNT, CAPE): "DISABLING"}


@pytest.fixture
def put() -> Iterator[list[tuple[str, str, str]]]:
    """The replaced parts, put back afterwards; what was changed through them."""
    changes: list[tuple[str, str, str]] = []
    seams_regions.answer(
        lambda account, region: STATUSES.get((account, region), "ENABLED"),
        lambda *change: changes.append(change),
        is_trusted=lambda: True,
    )
    yield changes
    seams.restore()


def call(caller: str, path: str, **payload: Any) -> tuple[int, dict[str, Any]]:
    with seams.request_scope(caller, "us-east-1"):
        status, _, body = asyncio.run(account.handle_request("POST", path, {}, json.dumps(payload).encode(), {}))
    return status, json.loads(body)


def test_what_is_replaced_still_takes_what_it_took() -> None:
    asked = list(inspect.signature(account.handle_request).parameters)
    assert asked == ["method", "path", "headers", "body", "query_params"]
    assert MILAN in account._REGIONS_LIST  # noqa: SLF001
    assert list(inspect.signature(account.error_response_json).parameters)[:3] == ["code", "message", "status"]


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize(
    ("caller", "asked", "status"),
    [
        (PAYMENTS_ACCOUNT, {}, "DISABLED"),
        (MANAGEMENT_ACCOUNT, {}, "ENABLED"),
        (MANAGEMENT_ACCOUNT, {"AccountId": PAYMENTS_ACCOUNT}, "DISABLED"),
    ],
)
def test_a_region_has_a_status_of_its_own_in_each_account(caller: str, asked: dict[str, str], status: str) -> None:
    answer = call(caller, "/getRegionOptStatus", RegionName=MILAN, **asked)
    assert answer == (200, {"RegionName": MILAN, "RegionOptStatus": status})


@pytest.mark.usefixtures("put")
def test_a_list_is_cut_down_to_the_statuses_that_are_asked_for() -> None:
    wanted = call(PAYMENTS_ACCOUNT, "/listRegions", RegionOptStatusContains=["DISABLED"])
    assert wanted == (200, {"Regions": [{"RegionName": MILAN, "RegionOptStatus": "DISABLED"}]})


def test_what_is_chosen_is_put(put: list[tuple[str, str, str]]) -> None:
    call(PAYMENTS_ACCOUNT, "/enableRegion", RegionName=MILAN)
    call(PAYMENTS_ACCOUNT, "/disableRegion", RegionName=MILAN)
    assert put == [(PAYMENTS_ACCOUNT, MILAN, "ENABLED"), (PAYMENTS_ACCOUNT, MILAN, "DISABLED")]


@pytest.mark.parametrize("path", ["/enableRegion", "/disableRegion"])
def test_no_order_is_taken_while_the_status_is_being_changed(path: str, put: list[tuple[str, str, str]]) -> None:
    status, refused = call(PAYMENTS_ACCOUNT, path, RegionName=CAPE)
    assert (status, refused["__type"], put) == (409, "ConflictException", [])


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize(("asked", "expected"), [({"AccountId": PAYMENTS_ACCOUNT}, 403), ({}, 200)])
def test_no_account_is_named_without_trusted_access(asked: dict[str, str], expected: int) -> None:
    seams.restore()
    seams_regions.answer(lambda *_: "ENABLED", lambda *_: None, is_trusted=lambda: False)
    assert call(MANAGEMENT_ACCOUNT, "/getRegionOptStatus", RegionName=MILAN, **asked)[0] == expected


@pytest.mark.usefixtures("put")
def test_other_calls_are_ministacks_own_and_a_name_of_nothing_is_refused() -> None:
    assert call(PAYMENTS_ACCOUNT, "/getAccountInformation")[1]["AccountId"] == PAYMENTS_ACCOUNT
    status, refused = call(PAYMENTS_ACCOUNT, "/getRegionOptStatus", RegionName="mars-1")
    assert (status, refused["__type"]) == (400, "ValidationException")
