"""Whatever a guardrail refuses is told, by the guardrails themselves; what no trail records is named."""

from collections.abc import Iterator
from copy import replace
from fnmatch import fnmatchcase

import pytest

from strongroom.domain.calls import ApiCall
from strongroom.domain.guardrails.denials import Denial
from strongroom.domain.guardrails.rendering import PROTECT_CONTROL_PLANE, list_denials
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.judging import TamperingState, judge_tampering
from strongroom.domain.tampering.refusals import guarded_sources, refusing_denial
from strongroom.domain.tampering.scopes import Surroundings
from tests.builders.intents import with_outage_users
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME, OUTAGE_USERS, PAYMENTS
from tests.contract.events.event_patterns import every_guardrail, refusal_pattern

# What is refused and not told, because no record of it reaches EventBridge: a trail must select data events, and of
# reading calls a rule hears only in a state of its own (EventBridge User Guide, "Read-only management events").
UNHEARD = {
    "dynamodb:BatchWriteItem": "data event",
    "dynamodb:DeleteItem": "data event",
    "dynamodb:PartiQLDelete": "data event: ExecuteStatement",
    "dynamodb:PartiQLInsert": "data event: ExecuteStatement",
    "dynamodb:PartiQLUpdate": "data event: ExecuteStatement",
    "dynamodb:PutItem": "data event",
    "dynamodb:UpdateItem": "data event",
    "ebs:GetSnapshotBlock": "data event",
    "ebs:ListChangedBlocks": "data event",
    "ebs:ListSnapshotBlocks": "data event",
    "events:PutEvents": "data event",
    "kms:Sign": "reading call",
    "lambda:InvokeFunction": "data event",
    "s3:BypassGovernanceRetention": "data event: DeleteObject",
    "secretsmanager:GetSecretValue": "reading call",
    "sqs:ChangeMessageVisibility": "data event",
    "sqs:DeleteMessage": "data event",
    "sqs:ReceiveMessage": "data event",
    "states:SendTask*": "data event",
    "states:StartSyncExecution": "data event",
}
SOURCES = {"cloudwatch": "monitoring"}
DEVELOPER = "arn:aws:sts::222222222222:assumed-role/Developer/eve"


def a_refusal(action: str, *, resource: str, account: AccountId = PAYMENTS, message: str | None = None) -> ApiCall:
    """The call as CloudTrail records it, with AWS's word on who refused it."""
    service, _, name = action.replace("*", "Anything").partition(":")
    said = f"User: {DEVELOPER} is not authorized to perform: {service}:{name} on resource: {resource} with an explicit"
    return ApiCall(
        event_id="e-1",
        account=account,
        region=HOME,
        source=f"{SOURCES.get(service, service)}.amazonaws.com",
        name=name,
        caller=DEVELOPER,
        caller_type="AssumedRole",
        role="arn:aws:iam::222222222222:role/Developer",
        invoked_by=None,
        request=None,
        response=None,
        error_code="AccessDenied",
        error_message=f"{said} deny in a service control policy" if message is None else message,
    )


def denials() -> Iterator[tuple[str, Denial, str, str]]:
    """Every action of every statement on every resource, with the guardrail's name."""
    for name, together in list_denials(every_guardrail()).items():
        for denial in together:
            for action in denial.actions:
                for resource in denial.resources:
                    yield name, denial, action, resource


def test_whatever_a_guardrail_refuses_is_told() -> None:
    intent, heard = every_guardrail(), set(refusal_pattern()["source"])
    untold = []
    for name, denial, action, resource in denials():
        account = BACKUP_ACCOUNT if name == PROTECT_CONTROL_PLANE else PAYMENTS
        call = a_refusal(action, resource=resource.replace("*", "x"), account=account)
        verdict = judge_tampering(call, surroundings=Surroundings(), intent=intent)
        source = f"aws.{call.source.removesuffix('.amazonaws.com')}"
        if verdict.state is not TamperingState.ATTEMPTED or (source not in heard and action not in UNHEARD):
            untold.append((denial.sid, action, resource, verdict))
    assert untold == []


def test_what_is_not_heard_is_refused_indeed() -> None:
    assert UNHEARD.keys() <= {action for _, _, action, _ in denials()}


def test_a_refusal_by_another_policy_is_nobodys(intent: Intent) -> None:
    message = f"User: {DEVELOPER} is not authorized to perform: iam:CreateRole because no identity-based policy allows"
    assert refusing_denial(a_refusal("iam:CreateRole", resource="*", message=message), intent) is None


def test_a_refusal_on_what_is_not_ours_is_nobodys(intent: Intent) -> None:
    call = a_refusal("lambda:UpdateFunctionCode", resource="arn:aws:lambda:eu-west-1:999999999999:function:orders")
    assert refusing_denial(replace(call, account=BACKUP_ACCOUNT), intent) is None


@pytest.mark.parametrize(
    ("rule", "is_ours"), [("strongroom-forwarder", True), ("nightly-report", False)], ids=["ours", "theirs"]
)
def test_without_a_message_the_name_in_the_request_decides(intent: Intent, rule: str, *, is_ours: bool) -> None:
    call = replace(
        a_refusal("events:UntagResource", resource="*", message=""), request={"resourceARN": f"x:rule/{rule}"}
    )
    assert (refusing_denial(call, intent) is not None) is is_ours


def test_a_version_in_a_functions_record_is_no_other_call(intent: Intent) -> None:
    ours = "arn:aws:lambda:eu-west-1:999999999999:function:strongroom-VerifyCopyFunction-1"
    call = a_refusal("lambda:UpdateFunctionCode", resource=ours, account=BACKUP_ACCOUNT)
    denial = refusing_denial(replace(call, name="UpdateFunctionCode20150331v2"), intent)
    assert denial is not None
    assert denial.sid == "KeepControlPlane"


def test_passing_a_role_is_told_by_the_call_that_passes_it(intent: Intent) -> None:
    role = "arn:aws:iam::999999999999:role/strongroom/strongroom-start-restore"
    call = a_refusal("iam:PassRole", resource=role, account=BACKUP_ACCOUNT)
    passing = replace(call, source="lambda.amazonaws.com", name="CreateFunction20150331")
    verdict = judge_tampering(passing, surroundings=Surroundings(), intent=intent)
    assert verdict.state is TamperingState.ATTEMPTED
    assert f"tried CreateFunction20150331 on {role} and was refused (AccessDenied): PassNoRole stops" in verdict.reason


@pytest.mark.parametrize(
    ("caller", "action", "sid"),
    [
        (OUTAGE_USERS[0], "athena:ListNamedQueries", "OutageUsersRestoreOnly"),
        (OUTAGE_USERS[0], "sts:GetSessionToken", None),
        (f"{OUTAGE_USERS[0]}0", "athena:ListNamedQueries", None),
        (DEVELOPER, "athena:ListNamedQueries", None),
    ],
    ids=["a user for an outage", "what such a user may do", "another user", "somebody else"],
)
def test_a_refusal_by_what_binds_some_people_only_is_one_of_theirs(
    caller: str, action: str, sid: str | None, intent: Intent
) -> None:
    call = replace(a_refusal(action, resource="*", account=AUDIT_ACCOUNT), caller=caller)
    found = refusing_denial(call, with_outage_users(intent))
    assert (found.sid if found else None) == sid


def test_what_is_refused_but_for_some_actions_is_listened_for_nowhere_in_particular(intent: Intent) -> None:
    named = list_denials(with_outage_users(intent))[PROTECT_CONTROL_PLANE]
    assert "*" not in guarded_sources(named)


def test_a_call_that_was_let_through_is_no_refusal(intent: Intent) -> None:
    done = replace(a_refusal("backup:StopBackupJob", resource="*"), error_code=None, error_message=None)
    assert refusing_denial(done, intent) is None


def test_no_pattern_of_a_guardrail_is_wider_than_a_service() -> None:
    assert not [action for _, _, action, _ in denials() if fnmatchcase("any:Thing", action)]
