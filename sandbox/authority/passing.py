"""Which roles a request hands to a service: `iam:PassRole` is asked for each, with the service that gets it.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; the dependent actions of the
Service Authorization Reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams.iam.authority import Further
from sandbox.seams.request_facts import Request

_EACH: Final = "*"


@dataclass(frozen=True, slots=True)
class Passing:
    """Where a request names the role, member by member, and which service gets it."""

    path: tuple[str, ...]
    service: str


_TO_BACKUP: Final = Passing(("IamRoleArn",), "backup.amazonaws.com")
_TO_GUARDDUTY: Final = Passing(("ScannerRoleArn",), "malware-protection.guardduty.amazonaws.com")
_TO_LAMBDA: Final = Passing(("Role",), "lambda.amazonaws.com")
_TO_MACHINE: Final = Passing(("roleArn",), "states.amazonaws.com")
_TO_STACK: Final = Passing(("RoleARN",), "cloudformation.amazonaws.com")
_TO_SCHEDULE: Final = Passing(("Target", "RoleArn"), "scheduler.amazonaws.com")
_TO_PIPE: Final = Passing(("RoleArn",), "pipes.amazonaws.com")

PASSINGS: Final = {
    "backup:StartBackupJob": _TO_BACKUP,
    "backup:StartCopyJob": _TO_BACKUP,
    "backup:StartRestoreJob": _TO_BACKUP,
    "backup:StartScanJob": _TO_BACKUP,
    "backup:CreateBackupSelection": Passing(("BackupSelection", "IamRoleArn"), "backup.amazonaws.com"),
    "lambda:CreateFunction": _TO_LAMBDA,
    "lambda:UpdateFunctionConfiguration": _TO_LAMBDA,
    "states:CreateStateMachine": _TO_MACHINE,
    "states:UpdateStateMachine": _TO_MACHINE,
    "events:PutRule": Passing(("RoleArn",), "events.amazonaws.com"),
    "events:PutTargets": Passing(("Targets", _EACH, "RoleArn"), "events.amazonaws.com"),
    "scheduler:CreateSchedule": _TO_SCHEDULE,
    "scheduler:UpdateSchedule": _TO_SCHEDULE,
    "pipes:CreatePipe": _TO_PIPE,
    "pipes:UpdatePipe": _TO_PIPE,
    "cloudformation:CreateStack": _TO_STACK,
    "cloudformation:UpdateStack": _TO_STACK,
    "cloudformation:CreateChangeSet": _TO_STACK,
    "cloudformation:DeleteStack": _TO_STACK,
    "cloudformation:CreateStackSet": Passing(("AdministrationRoleARN",), "cloudformation.amazonaws.com"),
    "config:PutConfigurationRecorder": Passing(("ConfigurationRecorder", "roleARN"), "config.amazonaws.com"),
    "cloudtrail:CreateTrail": Passing(("CloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
    "cloudtrail:UpdateTrail": Passing(("CloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
    "rds:CreateDBInstance": Passing(("MonitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:ModifyDBInstance": Passing(("MonitoringRoleArn",), "monitoring.rds.amazonaws.com"),
}

# What passes a second role. Which service gets it no page says; this is the one that the role lets in.
ALSO_PASSED: Final = {"backup:StartScanJob": _TO_GUARDDUTY}

# What passes the role that an element of an XML body names.
PASSED_IN_XML: Final = {"s3:PutReplicationConfiguration": ("Role", "s3.amazonaws.com")}


def roles_passed(action: str, request: Request) -> Iterator[Further]:
    """The question about each role that the request passes, once."""
    document = request.document
    for passing in (PASSINGS.get(action), ALSO_PASSED.get(action)):
        if passing is not None:
            named = set(_members(document, passing.path)) if document else {request.text(passing.path[0])}
            for role in sorted(named - {""}):
                yield Further("iam:PassRole", role, {"iam:PassedToService": passing.service})
    element, service = PASSED_IN_XML.get(action, ("", ""))
    if element and (role := request.element(element)):
        yield Further("iam:PassRole", role, {"iam:PassedToService": service})


def _members(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if not path:
        if isinstance(value, str):
            yield value
    elif path[0] == _EACH:
        for each in value if isinstance(value, list) else ():
            yield from _members(each, path[1:])
    elif isinstance(value, dict):
        yield from _members(value.get(path[0]), path[1:])
