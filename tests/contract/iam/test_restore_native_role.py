"""The role under which a service's own call restores: that call, where profiles name it, and nothing that opens."""

from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.restores.session_policy import call_session_policy
from tests.builders.places import HOME
from tests.builders.restores import a_request
from tests.contract.iam.iam_documents import documents_of
from tests.contract.templates import MEMBER

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-restore-native"
NAMED: Final = ",".join(
    (
        *(f"arn:aws:fsx:{HOME}:{ACCOUNT}:{of}" for of in ("backup/*", "file-system/*")),
        f"arn:aws:ec2:{HOME}::snapshot/*",
        f"arn:aws:ec2:{HOME}:{ACCOUNT}:volume/*",
        f"arn:aws:redshift:{HOME}:{ACCOUNT}:snapshot:*/awsbackup:*",
        f"arn:aws:redshift:{HOME}:{ACCOUNT}:cluster:*",
        *(f"arn:aws:redshift-serverless:{HOME}:{ACCOUNT}:{of}/*" for of in ("snapshot", "namespace")),
    )
)
CALL: Final = "fsx:CreateFileSystemFromBackup"
BACKUP: Final = f"arn:aws:fsx:{HOME}:{ACCOUNT}:backup/backup-0aa1aa1aa1aa1aa1a"
KEY: Final = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1"
OURS: Final = {"aws:TagKeys": ["strongroom-restore"]}
VIA: Final = {"kms:ViaService": f"fsx.{HOME}.amazonaws.com"}
VOLUME_CALL: Final = "ec2:CreateVolume"
SNAPSHOT: Final = f"arn:aws:ec2:{HOME}::snapshot/snap-0aa1aa1aa1aa1aa1a"
VOLUME: Final = f"arn:aws:ec2:{HOME}:{ACCOUNT}:volume/*"
ENCRYPTED: Final = {"ec2:Encrypted": "true"}
BY_CREATION: Final = {"ec2:CreateAction": "CreateVolume"}
TABLE_CALL: Final = "redshift:RestoreTableFromClusterSnapshot"
WAREHOUSE: Final = f"arn:aws:redshift:{HOME}:{ACCOUNT}:cluster:night"
WAREHOUSE_SNAPSHOT: Final = f"arn:aws:redshift:{HOME}:{ACCOUNT}:snapshot:night/awsbackup:job-1"
NAMESPACE_TABLE_CALL: Final = "redshift-serverless:RestoreTableFromSnapshot"
NAMESPACE: Final = f"arn:aws:redshift-serverless:{HOME}:{ACCOUNT}:namespace/8f1ab3c4-0000-4000-8000-000000000001"
NAMESPACE_SNAPSHOT: Final = (
    f"arn:aws:redshift-serverless:{HOME}:{ACCOUNT}:snapshot/8f1ab3c4-0000-4000-8000-000000000003"
)
VIA_EC2: Final = {"kms:ViaService": f"ec2.{HOME}.amazonaws.com"}


NOTHING: Final = "arn:aws:iam::1:role/none"


def _documents(named: str = NAMED, overwritten: str = NOTHING) -> list[dict[str, Any]]:
    given = {"RestoredByCallArns": named, "OverwrittenByCallArns": overwritten}
    found = documents_of("stacks/member.yaml", given)
    return [each.document for each in found if "RestoreNativeRole.Policies" in each.name]


def _is_allowed(documents: list[Any], action: str, resource: str, **context: Any) -> bool:
    request = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=HOME,
        service_context={key.lower(): value for key, value in context.items()},
    )
    return bool(evaluate(request, [parse_policy_document(each) for each in documents]).decision == "Allow")


def _may(action: str, resource: str, **context: Any) -> bool:
    return _is_allowed(_documents(), action, resource, **context)


@pytest.mark.parametrize(
    ("action", "resource", "context", "is_allowed"),
    [
        (CALL, BACKUP, {}, True),
        (CALL, BACKUP.replace(ACCOUNT, OTHER), {}, False),
        (CALL, BACKUP.replace(HOME, "us-east-1"), {}, False),
        ("fsx:CreateVolumeFromBackup", BACKUP, {}, False),
        ("fsx:CreateFileSystem", f"arn:aws:fsx:{HOME}:{ACCOUNT}:file-system/fs-1", {}, False),
        ("fsx:DeleteFileSystem", f"arn:aws:fsx:{HOME}:{ACCOUNT}:file-system/fs-1", {}, False),
        ("fsx:DeleteBackup", BACKUP, {}, False),
        ("fsx:TagResource", f"arn:aws:fsx:{HOME}:{ACCOUNT}:file-system/fs-1", OURS, True),
        ("fsx:TagResource", f"arn:aws:fsx:{HOME}:{ACCOUNT}:file-system/fs-1", {"aws:TagKeys": ["Backup"]}, False),
        ("fsx:TagResource", BACKUP, OURS, False),
        ("backup:StartRestoreJob", BACKUP, {}, False),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {}, False),
        ("kms:Decrypt", KEY, {}, False),
        ("kms:Decrypt", KEY, VIA, True),
        ("kms:Decrypt", KEY.replace(ACCOUNT, OTHER), VIA, False),
        ("kms:CreateGrant", KEY, VIA, False),
        ("kms:CreateGrant", KEY, VIA | {"kms:GrantIsForAWSResource": "true"}, True),
        (VOLUME_CALL, SNAPSHOT, {}, True),
        (VOLUME_CALL, SNAPSHOT, {"ec2:Encrypted": "false"}, True),  # what is backed up may lie under no key
        (VOLUME_CALL, SNAPSHOT.replace(HOME, "us-east-1"), {}, False),
        (VOLUME_CALL, VOLUME, ENCRYPTED, True),
        (VOLUME_CALL, VOLUME, {"ec2:Encrypted": "false"}, False),
        (VOLUME_CALL, VOLUME, {}, False),
        (VOLUME_CALL, VOLUME.replace(ACCOUNT, OTHER), ENCRYPTED, False),
        ("ec2:CopySnapshot", SNAPSHOT, {}, False),
        ("ec2:ModifySnapshotAttribute", SNAPSHOT, {}, False),
        ("ec2:DeleteVolume", VOLUME, {}, False),
        ("ec2:AttachVolume", VOLUME, {}, False),
        ("ec2:CreateTags", VOLUME, OURS | BY_CREATION, True),
        ("ec2:CreateTags", VOLUME, OURS, False),
        ("ec2:CreateTags", VOLUME, {"aws:TagKeys": ["Backup"]} | BY_CREATION, False),
        ("kms:Decrypt", KEY, VIA_EC2, True),
        ("kms:CreateGrant", KEY, VIA_EC2, False),
        ("kms:CreateGrant", KEY, VIA_EC2 | {"kms:GrantIsForAWSResource": "true"}, True),
        (TABLE_CALL, WAREHOUSE_SNAPSHOT, {}, True),
        (TABLE_CALL, WAREHOUSE_SNAPSHOT.replace("awsbackup:", ""), {}, False),
        (TABLE_CALL, WAREHOUSE_SNAPSHOT.replace(ACCOUNT, OTHER), {}, False),
        (TABLE_CALL, WAREHOUSE_SNAPSHOT.replace(HOME, "us-east-1"), {}, False),
        (TABLE_CALL, WAREHOUSE, {}, True),
        (TABLE_CALL, WAREHOUSE.replace(ACCOUNT, OTHER), {}, False),
        (NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT, {}, True),
        (NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT.replace(ACCOUNT, OTHER), {}, False),
        (NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT.replace(HOME, "us-east-1"), {}, False),
        (NAMESPACE_TABLE_CALL, NAMESPACE, {}, True),
        (NAMESPACE_TABLE_CALL, NAMESPACE.replace(ACCOUNT, OTHER), {}, False),
        ("redshift-serverless:RestoreFromSnapshot", NAMESPACE_SNAPSHOT, {}, False),
        ("redshift-serverless:RestoreTableFromRecoveryPoint", NAMESPACE, {}, False),
        ("redshift-serverless:DeleteSnapshot", NAMESPACE_SNAPSHOT, {}, False),
        ("redshift-serverless:DeleteNamespace", NAMESPACE, {}, False),
        ("redshift-serverless:TagResource", NAMESPACE, OURS, False),
        ("redshift:RestoreFromClusterSnapshot", WAREHOUSE_SNAPSHOT, {}, False),
        ("redshift:CopyClusterSnapshot", WAREHOUSE_SNAPSHOT, {}, False),
        ("redshift:DeleteClusterSnapshot", WAREHOUSE_SNAPSHOT, {}, False),
        ("redshift:DeleteCluster", WAREHOUSE, {}, False),
        ("redshift:CreateTags", WAREHOUSE, OURS, False),
    ],
)
def test_it_makes_the_one_call_where_profiles_name_it_and_nothing_else(
    action: str,
    resource: str,
    context: dict[str, Any],
    is_allowed: bool,  # noqa: FBT001
) -> None:
    assert _may(action, resource, **context) is is_allowed


def test_where_no_profile_names_a_call_there_is_no_such_role() -> None:
    assert MEMBER["RestoreNativeRole"]["Condition"] == "RestoresByCall"


def test_each_session_may_make_the_call_out_of_its_own_backup_and_under_its_own_key_only() -> None:
    request = a_request(kind="native", call=CALL, account=ACCOUNT, metadata=(("KmsKeyId", KEY),))
    session = [call_session_policy(request, recovery_point=BACKUP)]
    assert _is_allowed(session, CALL, BACKUP)
    assert not _is_allowed(session, CALL, f"{BACKUP}b")
    assert _is_allowed(session, "kms:Decrypt", KEY, **VIA)
    assert not _is_allowed(session, "kms:Decrypt", f"{KEY}2", **VIA)
    assert not _is_allowed(session, "kms:Decrypt", KEY, **{"kms:ViaService": f"s3.{HOME}.amazonaws.com"})


def test_so_is_it_with_a_volume_which_is_read_under_whatever_key_of_the_account_its_snapshot_has() -> None:
    request = a_request(kind="native", call=VOLUME_CALL, account=ACCOUNT, metadata=(("KmsKeyId", KEY),))
    session = [call_session_policy(request, recovery_point=SNAPSHOT)]
    assert _is_allowed(session, VOLUME_CALL, SNAPSHOT)
    assert not _is_allowed(session, VOLUME_CALL, f"{SNAPSHOT}b")
    assert _is_allowed(session, "kms:CreateGrant", KEY, **VIA_EC2)
    assert not _is_allowed(session, "kms:CreateGrant", f"{KEY}2", **VIA_EC2)
    assert _is_allowed(session, "kms:Decrypt", f"{KEY}2", **VIA_EC2)
    assert not _is_allowed(session, "kms:Decrypt", f"{KEY}2", **VIA)
    assert not _is_allowed(session, "kms:Decrypt", KEY.replace(ACCOUNT, OTHER), **VIA_EC2)


ALL_SNAPSHOTS: Final = f"arn:aws:redshift-serverless:{HOME}:{ACCOUNT}:snapshot/*"
NAMESPACE_CALL: Final = "redshift-serverless:RestoreFromSnapshot"
VIA_NAMESPACES: Final = {"kms:ViaService": f"redshift-serverless.{HOME}.amazonaws.com"}


@pytest.mark.parametrize("named", [NOTHING, NAMED], ids=["that alone", "besides others"])
def test_it_overwrites_where_profiles_name_that_very_call(named: str) -> None:
    documents = _documents(named, ALL_SNAPSHOTS)
    assert _is_allowed(documents, NAMESPACE_CALL, NAMESPACE_SNAPSHOT)
    assert not _is_allowed(documents, NAMESPACE_CALL, NAMESPACE_SNAPSHOT.replace(ACCOUNT, OTHER))
    assert not _is_allowed(documents, NAMESPACE_CALL, NAMESPACE_SNAPSHOT.replace(HOME, "us-east-1"))
    assert _is_allowed(documents, NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT) is (named == NAMED)
    assert _is_allowed(documents, "kms:Decrypt", KEY, **VIA_NAMESPACES)


def test_a_session_that_overwrites_does_so_out_of_one_snapshot_and_with_keys_of_the_account() -> None:
    request = a_request(kind="native", call=NAMESPACE_CALL, account=ACCOUNT, resource=NAMESPACE, metadata=())
    session = [call_session_policy(request, recovery_point=NAMESPACE_SNAPSHOT)]
    assert _is_allowed(session, NAMESPACE_CALL, NAMESPACE_SNAPSHOT)
    assert not _is_allowed(session, NAMESPACE_CALL, f"{NAMESPACE_SNAPSHOT}b")
    assert not _is_allowed(session, NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT)
    assert not _is_allowed(session, "redshift-serverless:UpdateNamespace", NAMESPACE)
    assert _is_allowed(session, "kms:Decrypt", KEY, **VIA_NAMESPACES)
    assert not _is_allowed(session, "kms:Decrypt", KEY, **VIA_EC2)
    assert not _is_allowed(session, "kms:Decrypt", KEY.replace(ACCOUNT, OTHER), **VIA_NAMESPACES)


@pytest.mark.parametrize(
    ("call", "snapshot", "into"),
    [(TABLE_CALL, WAREHOUSE_SNAPSHOT, WAREHOUSE), (NAMESPACE_TABLE_CALL, NAMESPACE_SNAPSHOT, NAMESPACE)],
)
def test_so_is_it_with_a_table_which_comes_into_what_was_backed_up_and_asks_for_no_key(
    call: str, snapshot: str, into: str
) -> None:
    request = a_request(kind="native", call=call, account=ACCOUNT, resource=into, metadata=())
    session = [call_session_policy(request, recovery_point=snapshot)]
    assert _is_allowed(session, call, snapshot)
    assert not _is_allowed(session, call, f"{snapshot}b")
    assert _is_allowed(session, call, into)
    assert not _is_allowed(session, call, f"{into}b")
    assert not _is_allowed(session, "kms:Decrypt", KEY, **VIA_EC2)
    assert not _is_allowed(session, f"{call.partition(':')[0]}:CreateTags", into)
    assert not _is_allowed(session, "redshift-serverless:RestoreFromSnapshot", snapshot)
