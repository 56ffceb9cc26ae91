"""Templates are completed as text, and minified without a change of meaning."""

import json

import yaml

from cli.templates import minified_template, with_resources
from tests.contract.templates import ROOT

FRAME = """\
Parameters:
  Name:
    Type: String

Resources:
  Queue: # the first
    Type: AWS::SQS::Queue
"""


def test_resources_are_added_to_the_last_section_and_the_frame_stays_as_it_is() -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "a: b"}}
    completed = with_resources(FRAME, {"Topic": topic})
    assert completed.startswith(FRAME)
    assert yaml.safe_load(completed)["Resources"] == {"Queue": {"Type": "AWS::SQS::Queue"}, "Topic": topic}


def test_short_functions_become_long_ones() -> None:
    text = """
    A: !Ref Name
    B: !GetAtt Queue.Arn
    C: !Sub "x-${Name}"
    D: !If [IsSmall, !Ref AWS::NoValue, {Fn::Join: ["", [a, !Ref Name]]}]
    E: !GetAtt [Queue, Arn]
    """
    assert json.loads(minified_template(text)) == {
        "A": {"Ref": "Name"},
        "B": {"Fn::GetAtt": ["Queue", "Arn"]},
        "C": {"Fn::Sub": "x-${Name}"},
        "D": {"Fn::If": ["IsSmall", {"Ref": "AWS::NoValue"}, {"Fn::Join": ["", ["a", {"Ref": "Name"}]]}]},
        "E": {"Fn::GetAtt": ["Queue", "Arn"]},
    }


def test_a_minified_template_fits_beside_others() -> None:
    text = (ROOT / "stacks" / "member.yaml").read_text(encoding="utf-8")
    assert len(minified_template(text)) < len(text)
