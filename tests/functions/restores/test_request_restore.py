"""The function behind POST /restores: a wish becomes a draft, and is open once its requester has signed it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.restores.drafts import OpenRequest
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import AUTHENTICATORS, POINT
from tests.conftest import VIEWS, create_ledger
from tests.fakes.ceremony import Functions, proof_body

BODY = {
    "account": PAYMENTS,
    "recovery_point": POINT,
    "target_name": "payments-db-0200",
    "ticket": "OPS-123",
    "reason": "UPDATE without WHERE",
}


def _ask(functions: Functions, body: Any = BODY, *, person: str = "omar") -> tuple[int, Any]:
    return functions.ask("request_restore", "POST /restores", body, person=person)


def _open(functions: Functions, drafted: Any, *, person: str = "omar") -> tuple[int, Any]:
    body = proof_body(drafted["statement"], AUTHENTICATORS[person].sign(drafted["statement"]))
    return functions.ask("request_restore", "POST /restores/{id}/opening", body, id=drafted["request_id"])


def _listed(functions: Functions) -> tuple[OpenRequest, ...]:
    return functions.world.opening.open_requests.latest(limit=10, now=functions.world.now)


def test_a_good_wish_is_201_and_nothing_begins_before_it_is_signed(functions: Functions) -> None:
    status, drafted = _ask(functions)
    assert (status, drafted["plan"]) == (201, "local")
    assert (functions.world.begun, functions.world.shelf.kept, functions.facts, _listed(functions)) == ([], {}, [], ())


def test_what_is_only_tried_is_200_and_leaves_nothing_to_sign_and_no_draft(functions: Functions) -> None:
    status, tried = _ask(functions, BODY | {"dry_run": True})
    assert (status, tried["plan"], tried["statement"], tried["page"]) == (200, "local", "", "")
    drafts = functions.world.asking.drafts
    with pytest.raises(NotFoundError):
        drafts.read(tried["request_id"])
    asked = _ask(functions)[1]["request_id"]
    assert drafts.read(asked).sealed.request.id == asked


def test_what_is_wrong_with_what_is_only_tried_is_told_like_any_other(functions: Functions) -> None:
    wrong = BODY | {"dry_run": True, "reason": "", "recovery_point": "x"}
    assert _ask(functions, wrong) == _ask(functions, wrong | {"dry_run": False})
    assert _ask(functions, wrong)[0] == 409


def test_once_its_requester_has_signed_it_its_ceremony_begins(functions: Functions) -> None:
    _, drafted = _ask(functions)
    status, opened = _open(functions, drafted)
    assert (status, opened["state"], opened["page"]) == (200, "open", drafted["page"])
    assert functions.world.begun == [drafted["request_id"]]
    assert list(functions.world.shelf.kept) == [request_key(drafted["request_id"])]
    assert functions.facts == ["RestoreRequested"]
    assert [line.id for line in _listed(functions)] == [drafted["request_id"]]


def test_what_was_opened_can_be_approved_and_restored(functions: Functions) -> None:
    """The request that the functions plan is the one that they act upon."""
    request = _ask(functions)[1]
    _open(functions, request)
    functions.step("snapshot_ticket", request["request_id"])
    functions.world.sign(request["request_id"], "maria")
    assert functions.step("start_restore", request["request_id"])["job"] == "started-1"


def test_a_signature_of_somebody_else_opens_nothing(functions: Functions) -> None:
    _, drafted = _ask(functions)
    status, answer = _open(functions, drafted, person="maria")
    assert (status, "not its requester's" in answer["error"]) == (403, True)
    assert (functions.world.begun, functions.world.shelf.kept) == ([], {})


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"statement": "x"}, id="a statement alone"),
        pytest.param({"statement": "x", "passkey": None, "id_token": None}, id="no signature"),
        pytest.param("{", id="no JSON"),
    ],
)
def test_what_is_no_proof_is_400(body: Any, functions: Functions) -> None:
    _, drafted = _ask(functions)
    route = "POST /restores/{id}/opening"
    assert functions.ask("request_restore", route, body, id=drafted["request_id"])[0] == 400
    assert functions.world.begun == []


def test_without_a_machine_nothing_is_opened_and_the_ticket_stays_unused(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, drafted = _ask(functions)
    with monkeypatch.context() as without:
        without.delenv("STRONGROOM_RESTORE_MACHINE")
        status, answer = _open(functions, drafted)
    assert (status, "STRONGROOM_RESTORE_MACHINE" in answer["error"]) == (500, False)
    assert (functions.world.shelf.kept, _listed(functions)) == ({}, ())
    assert _open(functions, drafted)[0] == 200


@pytest.mark.parametrize(
    ("body", "person", "status"),
    [
        pytest.param(BODY, "", 401, id="no token"),
        pytest.param(BODY, "nobody", 403, id="unknown"),
        pytest.param(BODY, "maria", 403, id="no requester"),
        pytest.param("{", "omar", 400, id="no JSON"),
        pytest.param(BODY | {"extra": 1}, "omar", 400, id="unknown key"),
        pytest.param(BODY | {"extra\nline": 1}, "omar", 400, id="unknown key in two lines"),
        pytest.param('{"account":' + "[" * 100_000, "omar", 400, id="endless nesting"),
        pytest.param(BODY | {"reason": "x" * 300_000}, "omar", 400, id="endless body"),
        pytest.param(BODY | {"recovery_point": "x" * 3000}, "omar", 400, id="endless ARN"),
        pytest.param(
            BODY | {"metadata": {f"k{number}": "x" for number in range(51)}}, "omar", 400, id="too many settings"
        ),
        pytest.param(BODY | {"metadata": {"Port": "1"}, "raw": {"Port": "1"}}, "omar", 400, id="metadata in both ways"),
        pytest.param(BODY | {"raw": {"Port": 5432}}, "omar", 400, id="what is written is no text"),
        pytest.param(BODY | {"raw": {"DBInstanceIdentifier": "payments-db-0200"}}, "omar", 409, id="past the table"),
        pytest.param(BODY | {"raw": {}}, "omar", 409, id="nothing is written"),
        pytest.param(BODY | {"recovery_point": POINT + "\n"}, "omar", 400, id="an ARN in two lines"),
        pytest.param(BODY | {"ticket": "x"}, "omar", 400, id="no ticket"),
        pytest.param(BODY | {"target_name": "X"}, "omar", 409, id="bad name"),
    ],
)
def test_everything_else_is_one_line(body: Any, person: str, status: int, functions: Functions) -> None:
    answered, content = _ask(functions, body, person=person)
    assert answered == status
    assert "\n" not in content["error"]
    assert functions.world.begun == []


@pytest.fixture
def viewed(functions: Functions, dynamodb: Any) -> Functions:
    """There are views, as where everything is deployed."""
    create_ledger(dynamodb, VIEWS)
    return functions


def test_what_there_was_to_choose_from_stands_in_the_text_by_the_word_of_the_vaults(viewed: Functions) -> None:
    status, drafted = _ask(viewed, BODY | {"before": "2026-11-23T14:00:00Z"})
    candidates = json.loads(drafted["text"])["candidates"]
    assert (status, candidates["before"]) == (201, "2026-11-23T14:00:00Z")
    [chosen] = [row for row in candidates["rows"] if POINT in {way["recovery_point"] for way in row["ways"]}]
    assert (chosen["instant"], chosen["minutes_lost"], chosen["scan"]) == ("2026-11-23T02:00:00Z", 720, "never")
    assert candidates["unread"] == [{"vault": REPLICA_VAULT, "reason": "there is no such vault"}]


def test_whoever_asks_cannot_say_what_there_was_to_choose_from(viewed: Functions) -> None:
    assert _ask(viewed, BODY | {"candidates": {"rows": []}})[0] == 400


def test_a_vault_that_cannot_be_listed_is_no_reason_to_refuse(viewed: Functions) -> None:
    viewed.central.errors["list_recovery_points_by_backup_vault"] = "ThrottlingException"
    status, drafted = _ask(viewed)
    assert status == 201
    assert CENTRAL_VAULT in {each["vault"] for each in json.loads(drafted["text"])["candidates"]["unread"]}


def test_slow_lists_leave_the_request_its_time(viewed: Functions) -> None:
    """Each look at the clock takes some seconds: what is not listed by then is said, and nothing else is missing."""
    viewed.pace = timedelta(seconds=4)
    status, drafted = _ask(viewed)
    reasons = {each["reason"] for each in json.loads(drafted["text"])["candidates"]["unread"]}
    assert (status, "there was no time left for it" in reasons) == (201, True)


AFTER = {"step": "time-to-live", "reason": "items must expire"}


@pytest.mark.parametrize(
    ("changes", "person", "status", "reason"),
    [
        pytest.param({}, "omar", 409, "has not ended as restored", id="a restore that goes on"),
        pytest.param({"dry_run": True}, "omar", 409, "has not ended as restored", id="the same, tried"),
        pytest.param({"step": "autoscaling"}, "omar", 400, "step", id="a step that is none"),
        pytest.param({"parameters": {"A": 1}}, "omar", 400, "parameters", id="parameters that are no texts"),
        pytest.param({}, "", 401, "", id="nobody"),
        pytest.param({}, "maria", 403, "only members of", id="somebody who may not ask"),
        pytest.param({"view": "x", "requester": "idp|omar"}, "", 403, "does not lead to that request", id="no link"),
        pytest.param(
            {"view": "x", "requester": "idp|omar", "dry_run": True}, "", 400, "is no trial", id="tried on the page"
        ),
        pytest.param(
            {"view": "x", "requester": "idp|omar", "ticket": "OPS-1"}, "", 400, "names no ticket", id="a ticket there"
        ),
    ],
)
def test_what_is_asked_for_after_a_restore_is_refused_in_one_line(
    changes: dict[str, Any], person: str, status: int, reason: str, functions: Functions
) -> None:
    drafted = _ask(functions)[1]
    _open(functions, drafted)
    found, answer = functions.ask(
        "request_restore", "POST /restores/{id}/after", AFTER | changes, person=person, id=drafted["request_id"]
    )
    assert (found, set(answer), reason in answer["error"]) == (status, {"error"}, True)
