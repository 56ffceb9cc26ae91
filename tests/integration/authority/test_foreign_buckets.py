"""A bucket of another account is open to the exact roles that its policy and their own policies name, and to its key.

Sources: IAM User Guide, "Cross-account policy evaluation logic" (both accounts must allow), "AWS JSON policy elements:
Principal" (a role by its ARN; an account by its root, which delegates) and "IAM JSON policy elements: Condition
operators" (`ArnNotEquals`, `Null`); S3 User Guide, "Controlling ownership of objects and disabling ACLs for your
bucket" and "Protecting data with SSE-KMS" (GenerateDataKey to write, Decrypt to read and for an upload in parts; a key
by its id is looked for in the caller's account); KMS Developer Guide, "Allowing users in other accounts to use a KMS
key".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import pytest

from sandbox.clients import client
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT
from tests.integration.authority.conftest import Role, Statement, a_key, a_name, a_role, allow, document, refusal

NEW: Final = {"IfNoneMatch": "*", "Body": b"1"}


def owner() -> Any:
    """The root of the account that owns the buckets."""
    return client("s3", AUDIT_ACCOUNT)


def a_caller(*statements: Statement, **more: str) -> Role:
    """A role of another account."""
    return a_role(*statements, account=BACKUP_ACCOUNT, **more)


def may(role: Role, action: str, resource: str, **more: Any) -> Statement:
    """A statement of a bucket's policy for this role."""
    return allow(action, resource=resource, Principal={"AWS": role.arn}, **more)


def deny(action: str, resource: str | list[str], **condition: Any) -> Statement:
    """A statement of a bucket's policy against everybody under a condition."""
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}


class Bucket:
    """A bucket of the other account."""

    def __init__(self) -> None:
        self.name = a_name()
        self.arn = f"arn:aws:s3:::{self.name}"
        owner().create_bucket(
            Bucket=self.name,
            CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
            ObjectOwnership="BucketOwnerEnforced",
        )

    def at(self, prefix: str) -> str:
        """The ARN of the objects that begin so."""
        return f"{self.arn}/{prefix}*"

    def let(self, *statements: Statement) -> None:
        """Give it a policy of these statements."""
        owner().put_bucket_policy(Bucket=self.name, Policy=document(*statements))


@pytest.fixture
def bucket() -> Bucket:
    """A bucket that nobody else may use."""
    return Bucket()


@contextmanager
def refused() -> Iterator[None]:
    """What is called inside is refused."""
    with pytest.raises(owner().exceptions.ClientError) as caught:
        yield
    assert caught.value.response["Error"]["Code"] in ("AccessDenied", "403")


def _put(caller: Any, bucket: Bucket, key: str = "evidence/a") -> Any:
    return caller.put_object(Bucket=bucket.name, Key=key, **NEW)


# --- Both sides --------------------------------------------------------------


def test_both_accounts_must_allow(bucket: Bucket) -> None:
    named = a_caller(allow("s3:PutObject"))
    s3 = named.client("s3")
    with refused():
        _put(s3, bucket)
    bucket.let(may(named, "s3:PutObject", bucket.at("")))
    assert _put(s3, bucket)
    named.may()
    with refused():
        _put(s3, bucket, "evidence/b")


def test_a_role_that_is_not_named_stays_outside_as_does_its_root(bucket: Bucket) -> None:
    named, other = a_caller(allow("s3:*")), a_caller(allow("s3:*"))
    bucket.let(may(named, "s3:*", bucket.at("")))
    assert _put(named.client("s3"), bucket)
    for stranger in (other.client("s3"), client("s3", BACKUP_ACCOUNT)):
        with refused():
            _put(stranger, bucket, "evidence/b")
        with refused():
            stranger.get_object(Bucket=bucket.name, Key="evidence/a")


def test_an_account_that_is_named_lets_its_own_policies_decide(bucket: Bucket) -> None:
    account = {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}
    bucket.let(allow("s3:PutObject", resource=bucket.at(""), Principal=account))
    allowed, other = a_caller(allow("s3:PutObject")), a_caller(allow("s3:GetObject"))
    assert _put(allowed.client("s3"), bucket)
    with refused():
        _put(other.client("s3"), bucket, "evidence/b")


def test_the_same_name_in_another_account_is_another_role(bucket: Bucket) -> None:
    named = a_caller(allow("s3:*"), name=a_name())
    twin = a_role(allow("s3:*"), account="222222222222", name=named.name)
    bucket.let(may(named, "s3:*", bucket.at("")))
    with refused():
        _put(twin.client("s3"), bucket)


def test_each_action_and_prefix_is_granted_by_itself(bucket: Bucket) -> None:
    reader, writer = a_caller(allow("s3:*")), a_caller(allow("s3:*"))
    in_evidence = {"StringLike": {"s3:prefix": "evidence/*"}}
    bucket.let(
        may(writer, "s3:PutObject", bucket.at("evidence/")),
        may(reader, "s3:GetObject", bucket.at("evidence/")),
        may(reader, "s3:ListBucketVersions", bucket.arn, Condition=in_evidence),
    )
    reads, writes = reader.client("s3"), writer.client("s3")
    assert _put(writes, bucket)
    assert reads.get_object(Bucket=bucket.name, Key="evidence/a")["Body"].read() == b"1"
    assert reads.list_object_versions(Bucket=bucket.name, Prefix="evidence/r-1")
    denied: tuple[Callable[[], Any], ...] = (
        partial(_put, writes, bucket, "log/a"),
        partial(_put, reads, bucket, "evidence/b"),
        partial(writes.get_object, Bucket=bucket.name, Key="evidence/a"),
        partial(reads.list_object_versions, Bucket=bucket.name),
        partial(reads.list_object_versions, Bucket=bucket.name, Prefix="log/"),
        partial(reads.list_objects_v2, Bucket=bucket.name, Prefix="evidence/"),
        partial(writes.delete_object, Bucket=bucket.name, Key="evidence/a"),
        partial(writes.put_bucket_policy, Bucket=bucket.name, Policy=document(allow("s3:*", Principal="*"))),
    )
    for call in denied:
        with refused():
            call()


# --- Denials -----------------------------------------------------------------


def test_nobody_but_the_named_role_writes_below_a_prefix(bucket: Bucket) -> None:
    keeper, other = a_caller(allow("s3:*")), a_caller(allow("s3:*"))
    bucket.let(
        may(keeper, "s3:PutObject", bucket.at("")),
        may(other, "s3:PutObject", bucket.at("")),
        deny("s3:PutObject", bucket.at("proofs/"), ArnNotEquals={"aws:PrincipalArn": keeper.arn}),
    )
    assert _put(keeper.client("s3"), bucket, "proofs/a")
    assert _put(other.client("s3"), bucket, "chain/a")
    with refused():
        _put(other.client("s3"), bucket, "proofs/b")
    with refused():
        _put(owner(), bucket, "proofs/c")


def test_a_condition_may_be_demanded_of_every_role(bucket: Bucket) -> None:
    named = a_caller(allow("s3:*"))
    bucket.let(
        may(named, "s3:PutObject", bucket.at("")),
        deny("s3:PutObject", bucket.at(""), Null={"s3:if-none-match": "true"}),
        deny("s3:*", [bucket.arn, bucket.at("")], Bool={"aws:SecureTransport": "false"}),
    )
    s3 = named.client("s3")
    assert _put(s3, bucket)
    assert refusal(lambda: _put(s3, bucket))[0] == "PreconditionFailed"
    with refused():
        s3.put_object(Bucket=bucket.name, Key="evidence/b", Body=b"1")


def test_a_role_with_a_path_is_the_role_of_its_arn(bucket: Bucket) -> None:
    named = a_caller(allow("s3:*"), path="/strongroom/")
    bucket.let(
        may(named, "s3:PutObject", bucket.at("")),
        deny("s3:*", bucket.at(""), ArnNotEquals={"aws:PrincipalArn": named.arn}),
    )
    assert _put(named.client("s3"), bucket)


# --- Ownership ---------------------------------------------------------------


def test_what_another_account_writes_belongs_to_the_bucket(bucket: Bucket) -> None:
    named = a_caller(allow("s3:*"))
    bucket.let(may(named, "s3:PutObject", bucket.at("")), may(named, "s3:PutObjectAcl", bucket.at("")))
    _put(named.client("s3"), bucket)
    assert owner().get_object(Bucket=bucket.name, Key="evidence/a")["Body"].read() == b"1"
    acl = partial(named.client("s3").put_object, Bucket=bucket.name, Key="evidence/b", Body=b"1", ACL="public-read")
    assert refusal(acl)[0] == "AccessControlListNotSupported"


# --- The key -----------------------------------------------------------------


def _encrypt(bucket: Bucket, key: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    owner().put_bucket_encryption(Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": [rule]})


USES: Final = {"s3:PutObject": "kms:GenerateDataKey", "s3:GetObject": "kms:Decrypt"}


def _use(action: str, caller: Any, bucket: Bucket) -> Any:
    if action == "s3:PutObject":
        return caller.put_object(Bucket=bucket.name, Key="evidence/b", Body=b"2")
    return caller.get_object(Bucket=bucket.name, Key="evidence/a")["Body"].read()


@pytest.mark.parametrize("action", USES)
def test_the_key_of_the_bucket_must_let_the_role_in_on_both_sides(action: str, bucket: Bucket) -> None:
    use = USES[action]
    caller = a_caller(allow("s3:*"), allow(use))
    bucket.let(may(caller, "s3:*", bucket.at("")))
    closed, opened = a_key(account=AUDIT_ACCOUNT), a_key(may(caller, use, "*"), account=AUDIT_ACCOUNT)
    _encrypt(bucket, closed)
    owner().put_object(Bucket=bucket.name, Key="evidence/a", Body=b"1")
    code, message = refusal(partial(_use, action, caller.client("s3"), bucket))
    assert code == "AccessDenied"
    assert f"{use} on resource: {closed}" in message
    _encrypt(bucket, opened)
    owner().put_object(Bucket=bucket.name, Key="evidence/a", Body=b"1")
    assert _use(action, caller.client("s3"), bucket)
    caller.may(allow("s3:*"))
    assert use in refusal(partial(_use, action, caller.client("s3"), bucket))[1]


def test_a_description_and_a_list_ask_no_key(bucket: Bucket) -> None:
    caller = a_caller(allow("s3:*"))
    bucket.let(may(caller, "s3:*", bucket.at("")), may(caller, "s3:ListBucketVersions", bucket.arn))
    _encrypt(bucket, a_key(account=AUDIT_ACCOUNT))
    owner().put_object(Bucket=bucket.name, Key="evidence/a", Body=b"1")
    assert caller.client("s3").head_object(Bucket=bucket.name, Key="evidence/a")["ServerSideEncryption"] == "aws:kms"
    assert caller.client("s3").list_object_versions(Bucket=bucket.name)["Versions"]


def test_a_key_may_demand_the_service_and_the_object(bucket: Bucket) -> None:
    caller = a_caller(allow("s3:*"), allow("kms:*"))
    bucket.let(may(caller, "s3:*", bucket.at("")))
    context = {"kms:EncryptionContext:aws:s3:arn": bucket.at("evidence/")}
    via = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    only = {"StringEquals": via, "StringLike": context}
    key = a_key(may(caller, "kms:GenerateDataKey", "*", Condition=only), account=AUDIT_ACCOUNT)
    _encrypt(bucket, key)
    assert _put(caller.client("s3"), bucket)
    with refused():
        _put(caller.client("s3"), bucket, "log/a")
    direct = caller.client("kms")
    assert refusal(lambda: direct.generate_data_key(KeyId=key, KeySpec="AES_256"))[0] == "AccessDeniedException"


def test_an_upload_in_parts_decrypts_too(bucket: Bucket) -> None:
    caller = a_caller(allow("s3:*"), allow("kms:GenerateDataKey"))
    bucket.let(may(caller, "s3:*", bucket.at("")))
    _encrypt(bucket, a_key(may(caller, "kms:*", "*"), account=AUDIT_ACCOUNT))
    begin = partial(caller.client("s3").create_multipart_upload, Bucket=bucket.name, Key="evidence/a")
    assert "kms:Decrypt" in refusal(begin)[1]


def test_a_key_by_its_id_is_the_callers_own(bucket: Bucket) -> None:
    caller = a_caller(allow("s3:*"), allow("kms:*"))
    bucket.let(may(caller, "s3:*", bucket.at("")))
    key = a_key(may(caller, "kms:*", "*"), account=AUDIT_ACCOUNT)
    encrypted = {"ServerSideEncryption": "aws:kms", "Bucket": bucket.name, "Key": "evidence/a", "Body": b"1"}
    s3 = caller.client("s3")
    absent = refusal(lambda: s3.put_object(**encrypted, SSEKMSKeyId=key.rpartition("/")[2]))
    assert absent[0] == "KMS.NotFoundException"
    assert s3.put_object(**encrypted, SSEKMSKeyId=key)["SSEKMSKeyId"] == key
