"""A request finds the function of its method and resource, and is told in one line when there is none."""

import json
from typing import Any

import pytest

from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Act, Routes


def saying(word: str) -> Act:
    """A function that answers with the word and what the path held."""

    def act(request: HttpRequest, platform: Platform) -> HttpAnswer:
        return HttpAnswer(content=[word, dict(request.parameters)])

    return act


def answered(method: str, resource: str, **event: Any) -> dict[str, Any]:
    handler = Routes(
        {
            ("GET", "/vaults"): saying("list"),
            ("POST", "/vaults"): saying("add"),
            ("GET", "/vaults/{id}"): saying("one"),
            ("GET", "/vaults/latest"): saying("latest"),
        }
    )
    return handler({"resource": resource, "httpMethod": method} | event, None)


@pytest.mark.parametrize(
    ("method", "resource", "word"),
    [
        ("GET", "/vaults", "list"),
        ("POST", "/vaults", "add"),
        ("GET", "/vaults/{id}", "one"),
        ("GET", "/vaults/latest", "latest"),
    ],
)
def test_a_route_is_answered_by_its_own_function(
    method: str, resource: str, word: str, platform_environment: None
) -> None:
    answer = answered(method, resource, pathParameters={"id": "v-1"})
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, [word, {"id": "v-1"}])


@pytest.mark.parametrize("resource", ["/", "/vault", "/vaults/", "/vaults/v-1", "/VAULTS", "vaults"])
def test_an_unknown_path_is_404_in_one_line(resource: str) -> None:
    answer = answered("GET", resource)
    assert (answer["statusCode"], json.loads(answer["body"])) == (404, {"error": "nothing is served under this path"})


@pytest.mark.parametrize("method", ["DELETE", "get", ""])
def test_another_method_is_405_and_told_which_are_taken(method: str) -> None:
    answer = answered(method, "/vaults")
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, POST")
    assert json.loads(answer["body"]) == {"error": "this path takes GET, POST only"}
