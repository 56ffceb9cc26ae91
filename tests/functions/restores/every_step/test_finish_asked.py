"""The function behind POST /restores/{id}/steps."""

import json
from typing import Any

import pytest

from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler


def _asked(functions: Functions, request: str, *, person: str = "omar", **body: Any) -> tuple[int, Any]:
    """The status and the JSON that answer the wish."""
    text = json.dumps({"step": "time-to-live"} | body)
    event = functions.http(
        "POST", f"/restores/{request}/steps", person=person, body=text, pathParameters={"id": request}
    )
    answer = load_handler("finish_asked")(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def restored(functions: Functions) -> str:
    """A restore that has ended, of an original that had a time to live."""
    world = functions.world
    world.original = (("time-to-live", "expires"),)
    request = world.come_to_approval()
    for function in ("start_restore", "check_restore", "tag_restored"):
        functions.step(function, request)
    functions.step("close_restore", request, error="", reason="")
    return request


def test_whoever_may_not_ask_for_restores_changes_nothing(functions: Functions, restored: str) -> None:
    assert _asked(functions, restored, person="")[0] == 401
    assert _asked(functions, restored, person="mallory")[0] == 403
    assert functions.world.kept(restored).asked_steps() == ()


def test_it_is_left_off_by_name(functions: Functions, restored: str) -> None:
    status, content = _asked(functions, restored, leave_off=True)
    assert (status, content["outcome"], content["asked_by"]) == (200, "declined", "Omar Haddad")
    [said] = functions.world.kept(restored).asked_steps()
    assert (said.outcome, said.by) == ("declined", "idp|omar")


def test_a_step_that_nobody_knows_is_not_found(functions: Functions, restored: str) -> None:
    assert _asked(functions, restored, step="delete-everything")[0] == 404
