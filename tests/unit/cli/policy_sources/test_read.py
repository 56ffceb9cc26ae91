"""What is found in files as people have them: every policy, with its resource and its line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom_cli.policy_sources.found import Form, Found, NoPolicyError
from strongroom_cli.policy_sources.read import read_policies
from tests.unit.domain.backup_policy.strategies import hostile_json

POLICY: dict[str, Any] = {"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}}
SCP = {"Version": "2012-10-17", "Statement": []}
REGIONS = ("plans", "daily", "regions")


def read(content: Any) -> Found:
    """What is found in a text, or in the JSON of anything else."""
    return read_policies((content if isinstance(content, str) else json.dumps(content, indent=1)).encode())


def assert_lines(found: Found, document: Any, *marks: str) -> None:
    """The line of the Regions of each policy holds its mark, and no two are the same."""
    text = json.dumps(document, indent=1).split("\n")
    lines = [policy.lines.of([REGIONS])[0] or 0 for policy in found.policies]
    assert len(set(lines)) == len(marks)
    assert all(mark in text[line - 1] for line, mark in zip(lines, marks, strict=True))


def resources(found: Found) -> list[str]:
    """The resources of the policies, each of which says the same."""
    assert all(each.text.document == POLICY for each in found.policies)
    return [each.resource for each in found.policies]


def test_a_bare_policy_is_all_of_its_file() -> None:
    [policy] = read(POLICY).policies
    assert (policy.form, policy.text.document, policy.lines.of([REGIONS])) == (Form.BARE, POLICY, [4])
    assert policy.text.characters == len(json.dumps(POLICY, indent=1))


@pytest.mark.parametrize(
    "answer",
    [
        {"Policy": {"PolicySummary": {"Type": "BACKUP_POLICY", "Name": "nightly"}, "Content": json.dumps(POLICY)}},
        {"PolicySummary": {"Type": "BACKUP_POLICY", "Name": "nightly"}, "Content": json.dumps(POLICY)},
    ],
    ids=["the answer", "its policy"],
)
def test_the_answer_of_describe_policy_holds_its_policy_as_a_text(answer: Any) -> None:
    [policy] = read(answer).policies
    assert (policy.form, policy.resource, policy.text.document) == (Form.HELD, "nightly", POLICY)
    assert policy.text.characters == len(json.dumps(POLICY))
    assert_lines(read(answer), answer, '"Content"')


def test_the_answer_of_describe_effective_policy_is_known_to_be_merged() -> None:
    content = json.dumps({"plans": {}})
    held = {"PolicyType": "BACKUP_POLICY", "TargetId": "111111111111", "PolicyContent": content}
    [policy] = read({"EffectivePolicy": held}).policies
    assert (policy.form, policy.resource, policy.text.document) == (Form.EFFECTIVE, "111111111111", {"plans": {}})


def test_levels_hold_policies_by_their_place() -> None:
    found = read({"levels": [[], [POLICY, POLICY]], "last_valid": {"plans": {}}})
    assert [each.place for each in found.policies] == [("levels", 1, 0), ("levels", 1, 1)]
    assert [len(level) for level in found.levels or ()] == [0, 2]
    assert found.last_valid == {"plans": {}}


def resource(content: Any = None, *, kind: str = "BACKUP_POLICY", name: str = "daily", **more: Any) -> dict[str, Any]:
    """A resource of a plan with its values after the change."""
    after = {"type": kind, "content": json.dumps(POLICY) if content is None else content}
    address = f"aws_organizations_policy.{name}"
    change = {"actions": ["create"], "after": after, "after_unknown": {}} | more
    return {"address": address, "mode": "managed", "type": "aws_organizations_policy", "change": change}


def plan(*changes: Any, **more: Any) -> dict[str, Any]:
    """What `terraform show -json` prints of a plan."""
    return {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": list(changes), **more}


def planned(name: str, address: str) -> dict[str, Any]:
    """A resource as it will be, in a module."""
    values = {"type": "BACKUP_POLICY", "content": json.dumps(POLICY)}
    return {"address": address, "mode": "managed", "type": "aws_organizations_policy", "name": name, "values": values}


def test_a_plan_of_terraform_holds_policies_by_their_addresses() -> None:
    other = resource(json.dumps(SCP), kind="SERVICE_CONTROL_POLICY", name="scp")
    bucket = {"address": "aws_s3_bucket.b", "type": "aws_s3_bucket", "change": {"after": {"type": "BACKUP_POLICY"}}}
    document = plan(resource(), other, bucket, resource(name="weekly"))
    found = read(document)
    assert resources(found) == ["aws_organizations_policy.daily", "aws_organizations_policy.weekly"]
    assert found.others == 1
    assert_lines(found, document, '"content"', '"content"')


def test_planned_values_are_read_in_every_module_and_no_resource_twice() -> None:
    nested = {"child_modules": [{"resources": [planned("x", "module.a.module.b.aws_organizations_policy.x")]}]}
    root = {"resources": [planned("daily", "aws_organizations_policy.daily")], "child_modules": [nested]}
    found = read(plan(resource(), planned_values={"root_module": root}))
    assert resources(found) == ["aws_organizations_policy.daily", "module.a.module.b.aws_organizations_policy.x"]


def test_a_state_is_read_as_it_stands() -> None:
    root = {"resources": [planned("daily", "aws_organizations_policy.daily")]}
    found = read({"format_version": "1.0", "values": {"root_module": root}})
    assert resources(found) == ["aws_organizations_policy.daily"]


def test_a_configuration_in_json_is_read_and_its_expressions_are_not() -> None:
    daily = {"type": "BACKUP_POLICY", "content": json.dumps(POLICY)}
    open_one = {"type": "BACKUP_POLICY", "content": "${jsonencode({plans = {}})}"}
    found = read({"resource": {"aws_organizations_policy": {"daily": daily, "open": open_one}}})
    assert resources(found) == ["aws_organizations_policy.daily"]
    [remark] = found.remarks
    assert (remark.resource, remark.is_of_all) == ("aws_organizations_policy.open", True)
    assert "terraform show -json" in remark.text


def test_what_is_known_after_apply_is_told_and_not_judged() -> None:
    unknown = resource(after={"type": "BACKUP_POLICY"}, after_unknown={"content": True})
    [remark] = read(plan(unknown)).remarks
    assert (remark.resource, remark.is_of_all) == ("aws_organizations_policy.daily", True)
    assert "known only after apply" in remark.text


def test_what_a_plan_destroys_is_left_out() -> None:
    gone = resource(actions=["delete"], after=None)
    assert resources(read(plan(gone, resource(name="kept")))) == ["aws_organizations_policy.kept"]


@pytest.mark.parametrize(("content", "held"), [(POLICY, 1), (SCP, 0)], ids=["a backup policy", "an SCP"])
def test_where_only_the_type_is_not_known_the_content_decides(content: Any, held: int) -> None:
    after = {"content": json.dumps(content)}
    found = read(plan(resource(after=after, after_unknown={"type": True}), resource(name="sure")))
    assert (len(found.policies), found.others) == (1 + held, 1 - held)


def template(**resources_of_it: Any) -> dict[str, Any]:
    """A template with these policies, by their logical ids."""
    return {
        "Resources": {
            name: {"Type": "AWS::Organizations::Policy", "Properties": each} for name, each in resources_of_it.items()
        }
    }


def backup(content: Any) -> dict[str, Any]:
    """The properties of a backup policy."""
    return {"Type": "BACKUP_POLICY", "Name": "x", "Content": content}


def test_a_template_holds_policies_by_their_logical_ids_as_objects_and_as_texts() -> None:
    scp = {"Type": "SERVICE_CONTROL_POLICY", "Content": SCP}
    document = template(Daily=backup(POLICY), Weekly=backup(json.dumps(POLICY)), Scp=scp)
    found = read(document)
    assert (resources(found), found.others) == (["Daily", "Weekly"], 1)
    assert [each.text.characters for each in found.policies] == [
        len(json.dumps(POLICY, separators=(",", ":"))),
        len(json.dumps(POLICY)),
    ]
    assert_lines(found, document, '"regions"', '"Content"')


YAML = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Days: {Type: Number, Default: 35}
  Vault: {Type: String}
Conditions:
  Live: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  AsObject:
    Type: AWS::Organizations::Policy
    Condition: Live
    Properties:
      Type: BACKUP_POLICY
      Content:
        plans:
          daily:
            regions:
              "@@assign": [!Ref AWS::Region]
            rules:
              nightly:
                target_backup_vault_name: {"@@assign": !Sub "${Vault}-local"}
                lifecycle: {delete_after_days: {"@@assign": !Ref Days}}
  AsText:
    Type: AWS::Organizations::Policy
    Properties:
      Type: BACKUP_POLICY
      Content: !Sub |
        {"plans": {
          "daily": {
            "regions": {"@@assign": ["eu-west-1"]},
            "rules": {"nightly": {
              "start_backup_window_minutes": {"@@assign": ${Minutes}},
              "lifecycle": {"delete_after_days": {"@@assign": "${Days}"}}
            }}}}}
"""
DAYS = ("plans", "daily", "rules", "nightly", "lifecycle", "delete_after_days")


def test_a_template_in_yaml_is_read_with_its_short_functions_and_keeps_its_lines() -> None:
    found = read(YAML)
    as_object, as_text = found.policies
    assert as_object.text.document == {
        "plans": {
            "daily": {
                "regions": {"@@assign": ["${AWS::Region}"]},
                "rules": {
                    "nightly": {
                        "target_backup_vault_name": {"@@assign": "${Vault}-local"},
                        "lifecycle": {"delete_after_days": {"@@assign": 35}},
                    }
                },
            }
        }
    }
    nightly = as_text.text.document["plans"]["daily"]["rules"]["nightly"]
    assert nightly["lifecycle"]["delete_after_days"] == {"@@assign": "35"}
    assert nightly["start_backup_window_minutes"] == {"@@assign": "${Minutes}"}
    assert as_object.lines.of([REGIONS, DAYS]) == [16, 21]
    assert as_text.lines.of([REGIONS, DAYS]) == [29, 32]
    assert [(each.resource, each.text.split(" ")[0], each.is_of_all) for each in found.remarks] == [
        ("AsObject", "2", False),
        ("AsText", "one", False),
    ]


def test_what_cdk_joins_out_of_tokens_is_read() -> None:
    text = json.dumps(POLICY).replace("eu-west-1", "|")
    left, right = text.split("|")
    [policy] = read(template(Daily=backup({"Fn::Join": ["", [left, {"Ref": "AWS::Region"}, right]]}))).policies
    assert policy.text.document["plans"]["daily"]["regions"] == {"@@assign": ["${AWS::Region}"]}


@pytest.mark.parametrize(
    "content",
    [
        {"Ref": "Content"},
        {"Fn::If": ["Live", POLICY, {"plans": {}}]},
        {"Fn::Sub": '{"plans": ${Plans}'},
        {"Fn::Join": ["", [{"Fn::ImportValue": "content"}]]},
    ],
    ids=["a parameter", "a choice", "half a text", "another stack's"],
)
def test_content_that_only_the_deployment_knows_is_told_and_not_judged(content: Any) -> None:
    [remark] = read(template(Daily=backup(content))).remarks
    assert (remark.resource, remark.is_of_all) == ("Daily", True)
    assert "known only when the stack is deployed" in remark.text


def test_a_loop_over_policies_is_read_once() -> None:
    body = {"Policy${Tier}": {"Type": "AWS::Organizations::Policy", "Properties": backup(POLICY)}}
    found = read({"Resources": {"Fn::ForEach::Tiers": ["Tier", ["a", "b"], body], "Fn::ForEach::None": []}})
    assert resources(found) == ["Policy${Tier}"]


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Fn::Sub": ["${A}-${Days}", {"A": {"Ref": "Name"}}]}, "x-35"),
        ({"Fn::Sub": "${!Name} ${Name}"}, "${!Name} x"),
        ({"Ref": "Regions"}, ["eu-west-1", "eu-west-2"]),
        ({"Fn::GetAtt": ["Vault", "Arn"]}, "${Vault.Arn}"),
        ({"Fn::GetAtt": "Vault.Arn"}, "${Vault.Arn}"),
        ({"Fn::ToJsonString": {"a": {"Ref": "Name"}}}, '{"a": "x"}'),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"Ref": "a", "b": 1}, {"Ref": "a", "b": 1}),
    ],
)
def test_functions_come_to_what_the_template_alone_tells(value: Any, resolved: Any) -> None:
    parameters = {
        "Days": {"Default": 35},
        "Name": {"Default": "x"},
        "Regions": {"Type": "CommaDelimitedList", "Default": "eu-west-1, eu-west-2"},
    }
    content = {"plans": value}
    document = template(Daily=backup(content)) | {"Parameters": parameters}
    [policy] = read(document).policies
    assert policy.text.document == {"plans": resolved}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("{,}", "line 1, column 2: this is not JSON", id="no JSON"),
        pytest.param("", "neither JSON nor a template", id="nothing"),
        pytest.param('{"a": ${days}}', '"${days}" on line 1 belongs to a template', id="a template of Terraform"),
        pytest.param('{\n"a": {{ days }}}', '"{{ days }}" on line 2 belongs to a template', id="a Jinja template"),
        pytest.param("PK\x03\x04", "terraform show -json", id="a binary plan"),
        pytest.param("\ufeff{}", "byte order mark", id="a byte order mark"),
        pytest.param([], 'a JSON object with the key "plans"', id="a list"),
        pytest.param(SCP, "this is a service control policy", id="an SCP"),
        pytest.param({"backup_policy": POLICY}, "there is one at $.backup_policy, so take it out", id="wrapped"),
        pytest.param([POLICY], 'a JSON object with the key "plans"', id="in a list"),
        pytest.param({"a": [{"b": POLICY}]}, "there is one at $.a[0].b", id="wrapped deeper"),
        pytest.param("plans:\n  daily: {}\n", "backup policy in YAML; Organizations takes JSON", id="a policy in YAML"),
        pytest.param("a: b\n", "neither JSON nor a template", id="other YAML"),
        pytest.param("a: [b\n", "line 2: this is not YAML", id="broken YAML"),
        pytest.param("a: 1\na: 2\n", "line 2: this is not YAML (the key 'a' stands twice", id="a key twice in YAML"),
        pytest.param(plan(), "of Terraform holds no backup policy", id="an empty plan"),
        pytest.param(
            plan(resource(json.dumps(SCP), kind="SERVICE_CONTROL_POLICY")), "and 1 of other types", id="a plan of SCPs"
        ),
        pytest.param({"Resources": {}}, "of CloudFormation holds no backup policy", id="an empty template"),
        pytest.param(
            {"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}}}, "of the type TAG_POLICY", id="a tag policy"
        ),
        pytest.param({"Policy": {}}, "no text at Content", id="an answer without content"),
        pytest.param({"Policy": {"Content": "{"}}, "in Content, line 1", id="an answer with broken content"),
        pytest.param(
            plan(resource("{")), "aws_organizations_policy.daily: in its content, line 1", id="broken content"
        ),
        pytest.param(template(Daily=backup("{")), "Daily: in its Content, line 1", id="broken content of a template"),
        pytest.param({"levels": {}}, "$.levels: there is no list of levels", id="levels that are no list"),
        pytest.param({"levels": [{}]}, "$.levels[0]: a level is a list", id="a level that is no list"),
        pytest.param('{"Resources":' + '{"a":' * 900 + "1" + "}" * 901, "holds no backup policy", id="deep"),
        pytest.param(
            '{"Resources":{"P":{"Type":"AWS::Organizations::Policy","Properties":{"Type":"BACKUP_POLICY","Content":'
            + '{"a":' * 3000
            + "1"
            + "}" * 3004,
            "nested too deeply",
            id="deep content",
        ),
    ],
)
def test_what_holds_no_policy_is_refused_in_a_sentence(content: Any, told: str) -> None:
    with pytest.raises(NoPolicyError) as refused:
        read(content)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: &a [x]\nb: [*a, *a]\n", id="aliases"),
        pytest.param("a: [" + "[" * 500_000, id="flow"),
        pytest.param("- " * 400_000, id="blocks"),
        pytest.param("? " * 400_000, id="keys"),
        pytest.param("- a\n" * 240_000, id="members"),
        pytest.param("".join(f"k{number}: &a{number} 1\n" for number in range(60_000)), id="anchors"),
        pytest.param("a: " + "b" * 1_000_001, id="characters"),
        pytest.param("!!python/object/apply:os.system [true]", id="a tag that makes objects"),
        pytest.param("? [a]\n: b\n", id="a list for a key"),
        pytest.param("a: \x01", id="a control character"),
    ],
)
def test_hostile_yaml_is_refused_at_once(text: str) -> None:
    with pytest.raises(NoPolicyError):
        read_policies(text.encode())


def test_text_in_another_encoding_is_refused() -> None:
    with pytest.raises(NoPolicyError, match="not UTF-8"):
        read_policies(json.dumps(POLICY).encode("utf-16"))


def test_a_bare_policy_with_parts_of_a_template_left_in_is_told_so() -> None:
    [remark] = read({"plans": {"daily": {"regions": {"@@assign": ["${region}"]}}}}).remarks
    assert remark.text.startswith("$.plans.daily.regions.@@assign[0] belongs to a template")
    assert not remark.is_of_all


@given(
    content=hostile_json
    | st.dictionaries(
        st.sampled_from(("Resources", "resource_changes", "format_version", "Policy", "levels", "planned_values")),
        hostile_json,
    )
    | hostile_json.map(lambda properties: template(P=properties))
    | hostile_json.map(lambda content: template(P=backup(content)))
    | hostile_json.map(lambda change: plan({"type": "aws_organizations_policy", "change": change}))
)
def test_no_json_whatever_is_more_than_a_policy_or_none(content: Any) -> None:
    try:
        found = read(content)
    except NoPolicyError:
        return
    for policy in found.policies:
        assert all(line and line > 0 for line in policy.lines.of([(), ("plans", "a", 0)]))
