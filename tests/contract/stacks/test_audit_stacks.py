"""The templates of the auditors: what Audit Manager is asked, in the names and numbers that AWS has."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.backup_service import audit_manager
from strongroom.adapters.aws.evidence.witness import Witness
from strongroom.domain.identifiers import WITNESS_ROLE, function_role
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.templates import carried_body, with_more
from strongroom_cli.templates import read_templates
from tests.contract.templates import AUDIT_LOG, Resources, of_type, resources_of, template_of

AUDIT = resources_of("stacks/audit.yaml")
REPORTS = of_type(AUDIT, "AWS::Backup::ReportPlan")


def test_rendered_framework_template_is_sound(intent: Intent, tmp_path: Path) -> None:
    rendered = tmp_path / "framework.yaml"
    body = carried_body(with_more(read_templates().carried["framework"], render_frameworks(intent)))
    rendered.write_text(body, encoding="utf-8")
    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--regions", intent.organization.home_region, "--", rendered],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("stack", ["audit", "framework"])
def test_every_parameter_is_rendered_from_the_intent(stack: str, intent: Intent) -> None:
    assert set(template_of(f"stacks/{stack}.yaml")["Parameters"]) == set(render_parameters(intent)[stack])


def test_the_log_is_told_what_the_intent_says_and_has_defaults_for_the_rest(intent: Intent) -> None:
    declared = template_of("audit/template.yaml")["Parameters"]
    needed = {name for name, parameter in declared.items() if "Default" not in parameter}
    assert needed == set(render_parameters(intent)["audit-log"])


def test_the_names_of_log_and_witness_are_names_of_signed_notes(intent: Intent) -> None:
    told = render_parameters(intent)["audit-log"]
    assert (told["Origin"], told["Witness"]) == (
        "strongroom-888888888888-eu-west-1/log",
        "strongroom-888888888888-eu-west-1/witness",
    )
    for name in ("Origin", "Witness"):
        assert re.fullmatch(template_of("audit/template.yaml")["Parameters"][name]["AllowedPattern"], told[name])


@pytest.mark.parametrize("key", ["LogKey", "WitnessKey"])
def test_only_the_log_signs_with_its_keys_whoever_else_is_allowed_to(key: str) -> None:
    properties = AUDIT_LOG[key]["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY")
    [denial] = [each for each in properties["KeyPolicy"]["Statement"] if each["Effect"] == "Deny"]
    role = AUDIT_LOG["LogEvidenceRole"]["Properties"]
    signer = {"!Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role{role['Path']}{role['RoleName']}"}
    assert (denial["Principal"], denial["Action"]) == ("*", "kms:Sign")
    assert denial["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": signer}}


def test_alarms_of_the_account_tell_the_auditors_and_nobody_else_does() -> None:
    policy = AUDIT_LOG["AlertsTopicPolicy"]["Properties"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert policy["Topics"] == [{"!Ref": "AlertsTopic"}]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    alarms = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
    assert statement["Condition"] == {"ArnLike": {"aws:SourceArn": {"!Sub": alarms}}}
    for alarm in of_type(AUDIT_LOG, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"!Ref": "AlertsTopic"}]


def test_what_signs_and_what_is_logged_outlives_the_stack() -> None:
    for name in ("LogKey", "WitnessKey", "LogTable"):
        assert (AUDIT_LOG[name]["DeletionPolicy"], AUDIT_LOG[name]["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_who_acts_closes_or_takes_proofs_may_ask_the_log_and_may_do_nothing_else() -> None:
    role = AUDIT_LOG["AskWitnessRole"]["Properties"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    steps = [function_role(each) for each in ("close_restore", "start_copy_back", "start_restore", "take_proof")]
    arns = [{"!Sub": f"arn:${{AWS::Partition}}:iam::${{BackupAccount}}:role/{each}"} for each in steps]
    assert trust["Condition"] == {"ArnEquals": {"aws:PrincipalArn": arns}}
    [statement] = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == {"!GetAtt": "LogEvidenceFunction.Arn"}
    assert f"{role['Path']}{role['RoleName']}" == f"/{WITNESS_ROLE}"
    assert set(Witness.WITNESS_ACTIONS) == {"lambda:InvokeFunction"}


def test_every_report_goes_to_the_locked_bucket_as_csv() -> None:
    for name, report in REPORTS.items():
        channel = report["Properties"]["ReportDeliveryChannel"]
        assert channel == {"S3BucketName": {"!Ref": "ReportBucket"}, "S3KeyPrefix": "reports", "Formats": ["CSV"]}, name
        assert report["DependsOn"] == "ReportBucketPolicy", name


def test_only_compliance_reports_wait_for_the_framework_switch() -> None:
    switched = {name for name, report in REPORTS.items() if report.get("Condition") == "HasFramework"}
    assert switched == {"ResourceComplianceReport", "ControlComplianceReport"}


def test_bucket_and_what_is_in_it_outlive_the_stack() -> None:
    bucket = AUDIT["ReportBucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    retention = bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Mode": "COMPLIANCE", "Days": {"!Ref": "ReportRetentionDays"}}


def test_every_control_is_one_that_aws_has(intent: Intent) -> None:
    account: Resources = resources_of("stacks/framework.yaml")
    frameworks = [*render_frameworks(intent).values(), *account.values()]
    controls = [control for each in frameworks for control in each["Properties"]["FrameworkControls"]]
    names = {(control["!If"][1] if "!If" in control else control)["ControlName"] for control in controls}
    assert names <= set(audit_manager.CONTROLS)
    assert len(names) == 9
