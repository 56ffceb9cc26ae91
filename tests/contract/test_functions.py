"""Functions are handlers and nothing else: what they are made of is joined in the wiring, each thing in one place."""

import ast
import statistics
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from strongroom.runtime.settings import Setting
from tests.contract.apps import FUNCTIONS, app, parsed
from tests.contract.templates import APPLICATIONS, ROOT, application_of, template_of
from tests.fakes.control_plane import load_handler

LAYER = ROOT / "layers/core/strongroom"
WIRING = sorted(path for path in LAYER.glob("wiring/**/*.py") if path.name != "__init__.py")
FLOORS = {"domain", "runtime", "services", "wiring"}
GLOBALS = {path: template_of(path)["Globals"]["Function"]["Environment"]["Variables"] for path in APPLICATIONS}


def source_of(function: str) -> Path:
    """The function's one file."""
    return ROOT / "functions" / function / "app.py"


@cache
def files_that_call() -> Mapping[str, frozenset[str]]:
    """The files of the product that call a class or function, by its name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in [*LAYER.rglob("*.py"), *ROOT.glob("functions/*/app.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found[node.func.id].add(path.relative_to(ROOT).as_posix())
    return {name: frozenset(files) for name, files in found.items()}


# A list, a bell and a receipt are the same at any time.
WITHOUT_A_CLOCK = {
    *("list_restores", "show_evidence", "keep_doorbell", "show_receipt", "start_copy"),
    *("show_days", "show_unit", "show_named", "show_account", "show_resource", "show_settings", "show_tags"),
}


def test_a_handler_is_short() -> None:
    lengths = {function: len(source_of(function).read_text(encoding="utf-8").splitlines()) for function in FUNCTIONS}
    assert statistics.median(lengths.values()) <= 20
    # A function that answers several requests has as many handlers, of less than ten lines each.
    routes = {function: len(getattr(load_handler(function), "table", [""])) for function in FUNCTIONS}
    assert {function for function, length in lengths.items() if length > 20 + 10 * routes[function]} == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_answers_one_event_or_request_is_seen_at_a_glance(function: str) -> None:
    functions = [node for node in ast.walk(app(function).source.tree) if isinstance(node, ast.FunctionDef)]
    assert functions
    assert [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= 10] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_wiring_services_runtime_and_domain_only(function: str) -> None:
    tree = ast.parse(source_of(function).read_text(encoding="utf-8"))
    imported = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    imported += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported
    assert [
        name for name in imported if name.split(".")[:1] != ["strongroom"] or name.split(".")[1] not in FLOORS
    ] == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("LedgerTable", "stack"),
        ("Bus", "stack"),
        ("Secrets", "stack"),
        ("MemberClients", "members"),
        ("AttributedMemberClients", "members"),
        ("NarrowedMemberClients", "members"),
        ("PersonMemberClients", "members"),
        ("AlertNotifier", "alerts/telling"),
        ("EvidenceKeeper", "restores/recording"),
        ("CeremonyJudge", "restores/deciding"),
        ("JiraTickets", "restores/approving/ticketing"),
        ("ServiceNowTickets", "restores/approving/ticketing"),
        ("JiraDesk", "alerts/ticketing"),
        ("ServiceNowDesk", "alerts/ticketing"),
        ("TicketWeb", "ticket_web"),
        ("Slack", "slack"),
    ],
)
def test_what_many_use_is_made_in_one_place(name: str, place: str) -> None:
    assert sorted(files_that_call()[name]) == [f"layers/core/strongroom/wiring/{place}.py"]


@pytest.mark.parametrize("path", WIRING, ids=lambda path: path.stem)
def test_everything_in_the_wiring_is_reached_by_a_function(path: Path) -> None:
    module = ".".join(("strongroom", *path.relative_to(LAYER).with_suffix("").parts))
    wired = [each for function in FUNCTIONS for each in app(function).wired if each.source.name == module]
    assert {each.node for each in wired} == set(parsed(module).defined.values())


@pytest.mark.parametrize("path", WIRING, ids=lambda path: path.stem)
def test_what_a_use_case_needs_is_wired_under_its_name(path: Path) -> None:
    made = {
        node.name: ast.unparse(node.returns)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    }
    needs = {name: kind for name, kind in made.items() if kind.endswith("Needs")}
    assert needs == {name: "".join(map(str.capitalize, name.split("_"))) + "Needs" for name in needs}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_hands_over_what_is_needed_by_name_with_the_clock(function: str) -> None:
    calls = [
        (ast.unparse(node.func), {keyword.arg for keyword in node.keywords})
        for node in ast.walk(app(function).source.tree)
        if isinstance(node, ast.Call) and any(keyword.arg == "needs" for keyword in node.keywords)
    ]
    assert calls
    assert [called for called, names in calls if "now" not in names and called not in WITHOUT_A_CLOCK] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_template_tells_a_function_every_setting_that_it_reads(function: str) -> None:
    path = application_of(app(function).logical_id)
    properties = APPLICATIONS[path][app(function).logical_id]["Properties"]
    told = GLOBALS[path] | properties.get("Environment", {}).get("Variables", {})
    assert app(function).settings or function == "judge_approval"  # it writes nowhere
    assert app(function).settings <= told.keys()


def test_the_template_tells_no_setting_that_nobody_reads() -> None:
    told = {
        name
        for path, resources in APPLICATIONS.items()
        for resource in [{"Properties": {"Environment": {"Variables": GLOBALS[path]}}}, *resources.values()]
        for name in resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if name.startswith("STRONGROOM_")
    }
    assert told == set(Setting) == {setting for function in FUNCTIONS for setting in app(function).settings}
