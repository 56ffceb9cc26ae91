"""The role that restores what a person wrote: what profiles name of four services, and nothing that lends or opens.

Sources: AWS Managed Policy Reference Guide, AWSBackupServiceRolePolicyForRestores (v36 of 24 August 2026) and
AWSBackupRestoreAccessForSAPHANA, as moto brings them. redshift-serverless:RestoreFromSnapshot is in neither, on
purpose: AWS Backup Developer Guide, "Restore an Amazon Redshift Serverless namespace".
"""

import json
from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
from moto.iam.aws_managed_policies import aws_managed_policies_data

from strongroom.domain.intent_rules.ceremony.profiles import ROOM_BY_HAND
from tests.builders.places import HOME
from tests.contract.iam.iam_documents import documents_of
from tests.contract.templates import MEMBER

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-restore-raw"
NAMED: Final = ",".join(
    f"arn:aws:{each}:{HOME}:{ACCOUNT}:{of}"
    for each, of in (
        ("redshift-serverless", "namespace/*"),
        ("redshift-serverless", "snapshot/*"),
        ("ssm-sap", "HANA/*"),
    )
)
MANAGED: Final = ("AWSBackupServiceRolePolicyForRestores", "AWSBackupRestoreAccessForSAPHANA")
BEYOND_AWSS: Final = {"redshift-serverless:restorefromsnapshot"}


def _documents(named: str) -> list[dict[str, Any]]:
    found = documents_of("stacks/member.yaml", {"RestoredByHandArns": named})
    return [each.document for each in found if "RestoreRawRole.Policies" in each.name]


def _actions(documents: list[dict[str, Any]]) -> set[str]:
    listed = (statement["Action"] for document in documents for statement in document["Statement"])
    return {each.lower() for actions in listed for each in ([actions] if isinstance(actions, str) else actions)}


def _may(action: str, resource: str, **context: Any) -> bool:
    request = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=HOME,
        service_context={key.lower(): value for key, value in context.items()},
    )
    return bool(evaluate(request, [parse_policy_document(each) for each in _documents(NAMED)]).decision == "Allow")


def test_it_may_do_nothing_that_awss_own_policies_do_not_allow_but_for_the_one_that_they_leave_out() -> None:
    known = json.loads(aws_managed_policies_data)
    theirs = _actions([known[name]["Document"] for name in MANAGED])
    assert _actions(_documents(NAMED)) - theirs == BEYOND_AWSS


def test_it_lends_no_role_makes_no_machine_and_deletes_nothing() -> None:
    services = {action.partition(":")[0] for action in _actions(_documents(NAMED))}
    assert services == {"backup-gateway", "kms", "redshift-serverless", "ssm-sap", "storagegateway"}
    assert [each for each in _actions(_documents(NAMED)) if "delete" in each or "put" in each] == []


@pytest.mark.parametrize(
    ("action", "resource", "is_allowed"),
    [
        ("redshift-serverless:RestoreFromSnapshot", f"arn:aws:redshift-serverless:{HOME}:{ACCOUNT}:namespace/1", True),
        ("redshift-serverless:RestoreFromSnapshot", f"arn:aws:redshift-serverless:{HOME}:{OTHER}:namespace/1", False),
        (
            "redshift-serverless:RestoreFromSnapshot",
            f"arn:aws:redshift-serverless:us-east-1:{ACCOUNT}:snapshot/1",
            False,
        ),
        ("ssm-sap:RestoreDatabase", f"arn:aws:ssm-sap:{HOME}:{ACCOUNT}:HANA/orders/DB/1", True),
        ("backup-gateway:Restore", f"arn:aws:backup-gateway:{HOME}:{ACCOUNT}:hypervisor/hype-1", False),
        ("storagegateway:CreateCachediSCSIVolume", f"arn:aws:storagegateway:{HOME}:{ACCOUNT}:gateway/sgw-1", False),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", False),
        ("kms:CreateGrant", f"arn:aws:kms:{HOME}:{OTHER}:key/1", False),
        ("kms:Decrypt", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1", False),
    ],
)
def test_it_reaches_what_profiles_name_and_nothing_else(action: str, resource: str, is_allowed: bool) -> None:  # noqa: FBT001
    assert _may(action, resource) is is_allowed


def test_where_no_profile_names_a_type_there_is_no_such_role() -> None:
    assert MEMBER["RestoreRawRole"]["Condition"] == "RestoresByHand"


def test_there_is_room_for_as_many_places_as_the_intent_may_name() -> None:
    """IAM User Guide, "IAM and AWS STS quotas": 10,240 characters for all inline policies of a role."""
    written = sum(len(json.dumps(each, separators=(",", ":"))) for each in _documents("x"))
    assert written + ROOM_BY_HAND <= 10_240
