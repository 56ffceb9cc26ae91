"""The function behind GET /restores."""

import json
from typing import Any

from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def _get(functions: Functions, path: str, *, person: str = "ada", **event: Any) -> tuple[int, Any]:
    answer = load_handler("show_restores")(functions.http("GET", path, person=person, **event), None)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_list_names_the_latest_requests(functions: Functions) -> None:
    functions.add()
    status, content = _get(functions, "/restores")
    assert (status, [each["request_id"] for each in content["restores"]]) == (200, [ID])


def test_one_request_is_shown_in_full(functions: Functions) -> None:
    functions.add()
    status, content = _get(functions, f"/restores/{ID}", pathParameters={"id": ID})
    assert (status, content["state"]) == (200, "awaiting-approval")


def test_its_evidence_can_be_taken_away(functions: Functions) -> None:
    functions.add()
    functions.world.evidence.note(ID, "requested", at=functions.world.now, who="omar")
    status, content = _get(functions, f"/restores/{ID}/evidence", pathParameters={"id": ID})
    assert (status, [entry["kind"] for entry in content["entries"]]) == (200, ["requested"])


def test_an_unknown_request_is_404(functions: Functions) -> None:
    assert _get(functions, "/restores/r-x", pathParameters={"id": "r-x"})[0] == 404


def test_without_a_token_nothing_is_shown(functions: Functions) -> None:
    assert _get(functions, "/restores", person="")[0] == 401
