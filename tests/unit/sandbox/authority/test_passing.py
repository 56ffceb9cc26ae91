"""Which roles a request passes, read off the body in which it came."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from botocore.exceptions import UnknownServiceError

from sandbox.authority.passing import PASSINGS, roles_passed
from sandbox.clients import service_model
from sandbox.seams.request_facts import Request

ROLE, OTHER = "arn:aws:iam::222222222222:role/one", "arn:aws:iam::222222222222:role/two"
MODEL_NAMES = {"states": "stepfunctions"}


def _passed(action: str, body: Any = None, form: str = "") -> list[tuple[str, str]]:
    encoded = json.dumps(body).encode() if body is not None else form.encode()
    request = Request(action=action, path="/", body=encoded, params=parse_qs(form))
    return [(each.resource_arn, each.keys["iam:PassedToService"]) for each in roles_passed(action, request)]


@pytest.mark.parametrize(
    ("action", "body", "expected"),
    [
        ("backup:StartBackupJob", {"IamRoleArn": ROLE}, [(ROLE, "backup.amazonaws.com")]),
        ("backup:StartBackupJob", {}, []),
        (
            "backup:StartScanJob",
            {"IamRoleArn": ROLE, "ScannerRoleArn": OTHER},
            [(ROLE, "backup.amazonaws.com"), (OTHER, "malware-protection.guardduty.amazonaws.com")],
        ),
        ("backup:CreateBackupSelection", {"BackupSelection": {"IamRoleArn": ROLE}}, [(ROLE, "backup.amazonaws.com")]),
        (
            "events:PutTargets",
            {"Targets": [{"RoleArn": ROLE}, {}, {"RoleArn": OTHER}, {"RoleArn": ROLE}]},
            [(ROLE, "events.amazonaws.com"), (OTHER, "events.amazonaws.com")],
        ),
        ("events:PutTargets", {"Targets": "none"}, []),
        ("backup:ListBackupJobs", {"IamRoleArn": ROLE}, []),
    ],
)
def test_each_role_is_asked_once_and_for_its_service(action: str, body: Any, expected: list[tuple[str, str]]) -> None:
    assert _passed(action, body) == expected


def test_a_role_in_a_form_is_passed_too() -> None:
    assert _passed("cloudformation:CreateStack", form=f"RoleARN={ROLE}") == [(ROLE, "cloudformation.amazonaws.com")]
    assert _passed("cloudformation:CreateStack", form="StackName=x") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f'<ReplicationConfiguration xmlns="x"><Role>{ROLE}</Role></ReplicationConfiguration>',
            [(ROLE, "s3.amazonaws.com")],
        ),
        ("<ReplicationConfiguration/>", []),
        ("<Repl", []),
        ("", []),
    ],
    ids=["a role", "no role", "no XML", "nothing"],
)
def test_s3_gets_the_role_that_its_rules_name(body: str, expected: list[tuple[str, str]]) -> None:
    assert _passed("s3:PutReplicationConfiguration", form=body) == expected
    assert _passed("s3:PutLifecycleConfiguration", form=body) == []


@pytest.mark.parametrize("action", PASSINGS)
def test_the_member_is_the_models(action: str) -> None:
    service, _, operation = action.partition(":")
    try:
        model = service_model(MODEL_NAMES.get(service, service))
    except UnknownServiceError:
        pytest.fail(f"botocore knows no service {service}")
    shape: Any = model.operation_model(operation).input_shape
    for name in PASSINGS[action].path:
        shape = shape.member if name == "*" else shape.members[name]
    assert shape.type_name == "string"
