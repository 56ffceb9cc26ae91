"""The function behind POST /restores."""

import json
from typing import Any

import pytest

from tests.builders.places import LOCAL_VAULT, PAYMENTS
from tests.builders.restores import DATABASE, NOW, POINT, RDS_METADATA
from tests.fakes.account_clients import Pages
from tests.fakes.backup import FakeBackup, a_point_answer
from tests.fakes.ceremony import Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]
BODY = {
    "account": PAYMENTS,
    "recovery_point": POINT,
    "target_name": "payments-db-0200",
    "ticket": "OPS-123",
    "reason": "UPDATE without WHERE",
}


class FakeOrganizations:
    def list_parents(self, *, ChildId: str) -> dict[str, Any]:  # noqa: N803 as boto3 spells it
        if ChildId.startswith("ou-"):
            return {"Parents": [{"Id": "r-strg", "Type": "ROOT"}]}
        return {"Parents": [{"Id": "ou-strg-prod0001", "Type": "ORGANIZATIONAL_UNIT"}]}


class FakeNetwork:
    """rds and ec2 of an account that has what its databases lie in."""

    def describe_db_subnet_groups(self, **_: str) -> dict[str, Any]:
        return {"DBSubnetGroups": [{"VpcId": "vpc-1"}]}

    def describe_db_parameter_groups(self, **_: str) -> dict[str, Any]:
        return {}

    def get_paginator(self, _: str) -> Pages:
        return Pages(lambda **_: {"SecurityGroups": [{"GroupId": "sg-0prod", "VpcId": "vpc-1"}]})


def _post(functions: Functions, body: Any, *, person: str = "omar") -> dict[str, Any]:
    functions.clients.own["organizations"] = FakeOrganizations()
    functions.clients.member[PAYMENTS, "backup"] = FakeBackup(
        points=[
            a_point_answer(
                POINT,
                vault=LOCAL_VAULT,
                ResourceArn=DATABASE,
                ResourceType="RDS",
                CreationDate=NOW,
                RestoreMetadata=RDS_METADATA,
            )
        ]
    )
    network = FakeNetwork()
    functions.clients.member |= {(PAYMENTS, "rds"): network, (PAYMENTS, "ec2"): network}
    text = body if isinstance(body, str) else json.dumps(body)
    answer: dict[str, Any] = load_handler("request_restore")(
        functions.http("POST", "/restores", person=person, body=text), None
    )
    return answer


def test_a_good_request_is_201_and_its_ceremony_begins(functions: Functions) -> None:
    answer = _post(functions, BODY)
    opened = json.loads(answer["body"])
    assert (answer["statusCode"], opened["plan"]) == (201, "local")
    assert functions.states.begun == [opened["request_id"]]
    assert functions.events.entries[0]["DetailType"] == "RestoreRequested"


def test_without_a_machine_nothing_is_stored_and_the_ticket_stays_unused(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRONGROOM_RESTORE_MACHINE")
    answer = _post(functions, BODY)
    assert (answer["statusCode"], "STRONGROOM_RESTORE_MACHINE" in answer["body"]) == (500, False)
    assert functions.world.book.recent(limit=1) == ()
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", "arn:machine")
    assert _post(functions, BODY)["statusCode"] == 201


@pytest.mark.parametrize(
    ("body", "person", "status"),
    [
        (BODY, "", 401),
        (BODY, "nobody", 403),
        (BODY, "maria", 403),
        ("{", "omar", 400),
        (BODY | {"extra": 1}, "omar", 400),
        (BODY | {"extra\nline": 1}, "omar", 400),
        ('{"account":' + "[" * 100_000, "omar", 400),
        (BODY | {"reason": "x" * 300_000}, "omar", 400),
        (BODY | {"recovery_point": "x" * 3000}, "omar", 400),
        (BODY | {"metadata": {f"k{number}": "x" for number in range(51)}}, "omar", 400),
        (BODY | {"recovery_point": POINT + "\n"}, "omar", 400),
        (BODY | {"ticket": "x"}, "omar", 400),
        (BODY | {"target_name": "X"}, "omar", 409),
    ],
    ids=[
        "no token",
        "unknown",
        "no requester",
        "no JSON",
        "unknown key",
        "unknown key in two lines",
        "endless nesting",
        "endless body",
        "endless ARN",
        "too many settings",
        "an ARN in two lines",
        "no ticket",
        "bad name",
    ],
)
def test_everything_else_is_one_line(body: Any, person: str, status: int, functions: Functions) -> None:
    answer = _post(functions, body, person=person)
    assert answer["statusCode"] == status
    assert "\n" not in json.loads(answer["body"])["error"]
    assert functions.states.begun == []
