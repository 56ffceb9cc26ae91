"""The template, the functions, the state machine and the samples agree with each other."""

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short forms as plain values."""


def _short_form(loader: _Template, suffix: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise AssertionError(node)
    return {f"!{suffix}": value}


_Template.add_multi_constructor("!", _short_form)


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Template)  # noqa: S506 a SafeLoader
    return loaded


TEMPLATE = _load(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
DEPLOYED = {name: each for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function"}


def _logical_id(function: str) -> str:
    return "".join(word.capitalize() for word in function.split("_")) + "Function"


def test_every_folder_is_a_function_and_every_function_a_folder() -> None:
    assert {_logical_id(function) for function in FUNCTIONS} == set(DEPLOYED)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_lives_in_the_folder_of_its_name(function: str) -> None:
    assert DEPLOYED[_logical_id(function)]["Properties"]["CodeUri"] == f"functions/{function}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_description_is_the_docstring(function: str) -> None:
    source = (ROOT / "functions" / function / "app.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring is not None
    described = " ".join(DEPLOYED[_logical_id(function)]["Properties"]["Description"].split())
    assert described == docstring.splitlines()[0]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_folder_holds_the_handler_and_nothing_else(function: str) -> None:
    files = {path.name for path in (ROOT / "functions" / function).iterdir() if path.name != "__pycache__"}
    assert files == {"app.py"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_has_a_service_and_a_test_of_its_name(function: str) -> None:
    assert (ROOT / "tests" / "functions" / f"test_{function}.py").exists()


def test_every_queue_gives_up_to_the_dead_letters() -> None:
    queues = {name: each for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}
    for name, queue in queues.items():
        if name != "DeadLettersQueue":
            redrive = queue["Properties"]["RedrivePolicy"]
            assert redrive["deadLetterTargetArn"] == {"!GetAtt": "DeadLettersQueue.Arn"}, name


def test_every_queue_takes_messages_from_rules() -> None:
    queues = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}
    assert {each["!Ref"] for each in RESOURCES["QueuesPolicy"]["Properties"]["Queues"]} == queues


def test_every_rule_target_has_a_place_for_what_it_cannot_deliver() -> None:
    for name, rule in RESOURCES.items():
        if rule["Type"] == "AWS::Events::Rule":
            for target in rule["Properties"]["Targets"]:
                assert target["DeadLetterConfig"] == {"Arn": {"!GetAtt": "DeadLettersQueue.Arn"}}, name


def test_python_is_the_same_everywhere() -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == f"python{version}"
    assert project["tool"]["mypy"]["python_version"] == version
    assert project["project"]["requires-python"].startswith(f">={version},")


def test_state_machine_catches_only_errors_that_exist() -> None:
    known = set(
        re.findall(r"^class (\w+Error)\b", (ROOT / "layers/core/strongroom/domain/errors.py").read_text(), re.MULTILINE)
    )
    for path in ROOT.glob("statemachines/*.asl.yaml"):
        for name in _error_names(yaml.safe_load(path.read_text(encoding="utf-8"))):
            assert name in known or name.startswith(("States.", "Lambda.")), f"{path.name}: {name}"


def _error_names(node: Any) -> set[str]:
    match node:
        case dict():
            own = set(node.get("ErrorEquals", []))
            return own.union(*(_error_names(value) for value in node.values()))
        case list():
            return set().union(*(_error_names(value) for value in node))
        case _:
            return set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("events/**/*.json")), ids=lambda path: path.stem)
def test_sample_is_an_event(path: Path) -> None:
    sample = json.loads(path.read_text(encoding="utf-8"))
    assert sample, path
