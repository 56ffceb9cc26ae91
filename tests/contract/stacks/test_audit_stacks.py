"""The templates of the auditors: what Audit Manager is asked, in the names and numbers that AWS has."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.backup_service import audit_manager
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.templates import carried_body, with_more
from strongroom_cli.templates import read_templates
from tests.contract.templates import Resources, of_type, resources_of, template_of

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
