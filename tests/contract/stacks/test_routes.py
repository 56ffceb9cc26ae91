"""Every route of the template is served by exactly one function, and every function's routes are in the template."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from strongroom.runtime.routes import Route, Routes
from tests.contract.apps import FUNCTIONS, app
from tests.contract.templates import APPLICATIONS, application_of
from tests.fakes.control_plane import load_handler

HANDLERS = {function: load_handler(function) for function in FUNCTIONS}
ROUTES = {function: handler for function, handler in HANDLERS.items() if isinstance(handler, Routes)}


def told(function: str) -> Iterator[Route]:
    """The routes that the template leads to the function."""
    logical_id = app(function).logical_id
    for event in APPLICATIONS[application_of(logical_id)][logical_id]["Properties"].get("Events", {}).values():
        if event["Type"] == "Api":
            yield event["Properties"]["Method"], event["Properties"]["Path"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_serves_exactly_the_routes_that_the_template_leads_to_it(function: str) -> None:
    served = list(ROUTES[function].table) if function in ROUTES else []
    assert sorted(told(function)) == sorted(served)


def test_no_two_functions_serve_one_route() -> None:
    served = Counter(route for routes in ROUTES.values() for route in routes.table)
    assert served
    assert {route for route, count in served.items() if count > 1} == set()


@pytest.mark.parametrize("function", ROUTES)
def test_a_route_is_spelled_as_in_the_template_and_has_a_function_of_its_own(function: str) -> None:
    table = ROUTES[function].table
    assert len(set(table.values())) == len(table)
    for method, path in table:
        assert method in {"DELETE", "GET", "PATCH", "POST", "PUT"}
        assert re.fullmatch(r"(/([a-z-]+|\{[a-z]+\}))+", path)
