"""What we touch inside MiniStack's CloudFormation is still there, and takes what the seams give."""

# ruff: noqa: SLF001

import importlib
import inspect
import re
from pathlib import Path

import pytest
from ministack.services import cloudformation
from ministack.services.cloudformation import helpers

from sandbox.seams.cloudformation import Deployed, deployed_resources

SEAM = Path(__file__).parents[3] / "sandbox" / "seams" / "cloudformation.py"

SIGNATURES = [
    ("changesets", "_evaluate_conditions", "template params"),
    ("changesets", "_find_change_set", "cs_name stack_name"),
    ("changesets", "validate_template_support", "template conditions params"),
    ("handlers", "_evaluate_conditions", "template params"),
    ("provisioners", "_cw_metric_alarm_record", "name props"),
    ("handlers", "_resolve_stack", "stack_name"),
    ("handlers", "validate_template_support", "template conditions params"),
    ("helpers", "_error", "code message status"),
    ("helpers", "_extract_members", "params prefix"),
    ("helpers", "_extract_string_members", "params prefix"),
    ("helpers", "_p", "params key default"),
    ("helpers", "_xml", "status root_tag inner"),
    ("stacks", "_provision_resource", "resource_type logical_id props stack_name"),
]
# `_xml` is the seam's own, too; `_template` is a field of a stack's record, which holds what it was made from; the
# others are read by `deployed_resources`.
OWN = {"_ACTION_HANDLERS", "_data", "_resources", "_stacks", "_template", "_xml"}


@pytest.mark.parametrize(("module", "name", "parameters"), SIGNATURES, ids=[f"{m}.{n}" for m, n, _ in SIGNATURES])
def test_a_function_takes_what_the_seam_gives(module: str, name: str, parameters: str) -> None:
    found = getattr(importlib.import_module(f"ministack.services.cloudformation.{module}"), name)
    assert list(inspect.signature(found).parameters) == parameters.split()


@pytest.mark.parametrize("action", ["CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet", "GetTemplate"])
def test_an_action_is_one_function_of_its_request(action: str) -> None:
    assert len(inspect.signature(cloudformation._ACTION_HANDLERS[action]).parameters) == 1


def test_a_parameter_says_whether_its_previous_value_is_meant() -> None:
    given = {"Parameters.member.1.ParameterKey": ["A"], "Parameters.member.1.UsePreviousValue": ["true"]}
    assert helpers._extract_members(given, "Parameters") == [{"Key": "A", "Value": "", "UsePreviousValue": True}]


def test_a_stack_is_kept_by_account_and_region_with_what_its_resources_were_made_of() -> None:
    made = {"ResourceType": "AWS::SQS::Queue", "PhysicalResourceId": "url", "Properties": {"QueueName": "q"}}
    place = ("111122223333", "eu-west-1", "a-stack")
    cloudformation._stacks.set_scoped(*place, {"StackName": "a-stack", "_resources": {"Queue": made}})
    expected = Deployed(*place, "Queue", "AWS::SQS::Queue", "url", {"QueueName": "q"})
    assert [each for each in deployed_resources() if each.account == place[0]] == [expected]
    cloudformation._stacks.pop_scoped(*place)
    source = inspect.getsource(importlib.import_module("ministack.services.cloudformation.stacks"))
    assert '"Properties": resolved_props,' in source


def test_a_failed_resource_is_logged_with_its_error_among_the_arguments() -> None:
    text = inspect.getsource(importlib.import_module("ministack.services.cloudformation.stacks"))
    assert re.search(r'logger\.error\("Failed to provision [^"]+",\s+logical_id, resource_type, exc\)', text)


def test_every_private_touch_of_the_seam_is_pinned_here() -> None:
    text = SEAM.read_text(encoding="utf-8")
    touched = set(re.findall(r"\.(_[A-Za-z]\w*)", text)) | set(re.findall(r'"(_[A-Za-z]\w*)"', text))
    assert touched - OWN <= {name for _, name, _ in SIGNATURES}
