"""Private touches of MiniStack's S3: whose a bucket is, which key an object lies under, and what is asked and told.

Pinned by `tests/contract/seams/test_objects.py`. MiniStack lets another account into a bucket as its root alone, asks
nobody whose bucket it was to be, takes any text for a key, makes copies without conditions, and tells everybody the
lock of an object.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.keys import encrypted

_S3: Final = "ministack.services.s3"
_ARN: Final = "arn:aws:s3:::"
_SSE: Final = "x-amz-server-side-encryption"
_SSE_KEY: Final = "x-amz-server-side-encryption-aws-kms-key-id"
_BUCKET_KEY: Final = "<bucketkeyenabled>true<"
_EXPECTED_OWNER: Final = "x-amz-expected-bucket-owner"
_LOCK: Final = frozenset({"x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"})

type Headers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent the request about a bucket that is being answered."""

    account: str
    is_root: bool


type CallerNow = Callable[[], Caller | None]
type MayReadLock = Callable[[str], bool]


def be_strict(caller_now: CallerNow, may_read_lock: MayReadLock) -> None:
    """Let policies decide about the roles of other accounts, and hold keys and copies to what they say.

    The lock of an object is told where `may_read_lock(object_arn)` says so.
    """
    seams.replace(_S3, "_apply_bucket_scope", _holding_to_the_owner)
    seams.replace(_S3, "_foreign_bucket_allows", lambda original: _letting_in_roles(original, caller_now))
    seams.replace(_S3, "_resolve_sse_write_headers", lambda original: _finding_keys(original, caller_now))
    seams.replace(_S3, "_copy_object", _holding_to_conditions)
    seams.replace(_S3, "_object_response_headers", lambda original: _keeping_the_lock(original, may_read_lock))


# --- What is there -----------------------------------------------------------


def owner_of(resource_arn: str) -> str | None:
    """The account that owns the bucket of an ARN; None where there is no such bucket."""
    if not resource_arn.startswith(_ARN):
        return None
    owner: str | None = seams.service_module("s3")._bucket_owner_account(_bucket_and_key(resource_arn)[0])
    return owner


def key_of_write(object_arn: str, headers: Mapping[str, str]) -> str | None:
    """The ARN of the customer's key that a write uses: its own, or by default the bucket's; None for none."""
    named = headers.get(_SSE_KEY) if headers.get(_SSE) else _in_its_account(object_arn, _default_key)
    return encrypted.key_arn(named)


def key_of_object(object_arn: str, version: str = "") -> str | None:
    """The ARN of the customer's key under which an object lies; None for none, or for no object."""

    def key(bucket: str, name: str) -> str | None:
        record = _record(bucket, name, version)
        found: str | None = seams.service_module("s3")._stored_sse_headers(record).get(_SSE_KEY) if record else None
        return found

    return encrypted.key_arn(_in_its_account(object_arn, key))


def encryption_context(object_arn: str) -> str:
    """What the key is told to encrypt: the object, or its bucket where that has a key of its own."""

    def context(bucket: str, _: str) -> str:
        has_own = _BUCKET_KEY in str(seams.service_module("s3")._bucket_encryption.get(bucket) or "").lower()
        return f"{_ARN}{bucket}" if has_own else object_arn

    return _in_its_account(object_arn, context) or object_arn


def _default_key(bucket: str, _: str) -> str | None:
    found: str | None = seams.service_module("s3")._bucket_default_sse_headers(bucket).get(_SSE_KEY)
    return found


def _record(bucket: str, key: str, version: str) -> Any:
    s3 = seams.service_module("s3")
    if not version:
        return (s3._buckets.get(bucket) or {}).get("objects", {}).get(key)
    versions = s3._object_versions.get((bucket, key), ())
    found = next((each for each in versions if each["version_id"] == version), None)
    return s3._object_record_from_version(found) if found and not found.get("is_delete_marker") else None


def _in_its_account(object_arn: str, find: Callable[[str, str], str | None]) -> str | None:
    owner = owner_of(object_arn)
    if owner is None:
        return None
    with seams.request_scope(owner, seams.request_region()):
        return find(*_bucket_and_key(object_arn))


def _bucket_and_key(arn: str) -> tuple[str, str]:
    bucket, _, key = arn.removeprefix(_ARN).partition("/")
    return bucket, key


# --- What is asked -----------------------------------------------------------


def _letting_in_roles(original: Callable[..., bool], caller_now: CallerNow) -> Callable[..., bool]:
    s3 = seams.service_module("s3")

    def foreign_bucket_allows(
        owner_account: str, bucket_name: str, key: str, method: str, query_params: Headers, *more: Any
    ) -> bool:
        if original(owner_account, bucket_name, key, method, query_params, *more):
            return True
        from ministack.core import iam_actions

        # The front door judged every call that has an action by the policies of both accounts.
        caller = caller_now()
        is_judged = iam_actions._s3_action(method, f"/{bucket_name}/{key}".rstrip("/"), query_params) is not None
        policy = s3._bucket_policies.get_scoped(owner_account, None, bucket_name)
        if caller is None or caller.is_root or not is_judged or not policy:
            return False
        is_closed = s3._public_access_blocked(owner_account, bucket_name, "RestrictPublicBuckets")
        return not (is_closed and s3._policy_is_public(policy))

    return foreign_bucket_allows


def _holding_to_the_owner(original: Callable[..., Any]) -> Callable[..., Any]:
    """A call that names an owner is refused for a bucket of anybody else's.

    Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition".
    """

    def apply_bucket_scope(method: str, bucket: str, key: str, headers: Mapping[str, str], *more: Any) -> Any:
        expected, owner = headers.get(_EXPECTED_OWNER), owner_of(f"{_ARN}{bucket}")
        if expected and owner not in {None, expected}:
            return seams.service_module("s3")._error("AccessDenied", "Access Denied", 403, f"/{bucket}")
        return original(method, bucket, key, headers, *more)

    return apply_bucket_scope


def _finding_keys(original: Callable[..., Any], caller_now: CallerNow) -> Callable[..., Any]:
    """A key by its ARN, or by its id or alias in the account of the caller (PutObject, SSEKMSKeyId)."""
    s3 = seams.service_module("s3")

    def resolve_sse_write_headers(headers: Headers, bucket_name: str) -> Any:
        kept, refusal = original(headers, bucket_name)
        named = (kept or {}).get(_SSE_KEY)
        if named is None:
            return kept, refusal
        caller = caller_now()
        with seams.request_scope(caller.account if caller else seams.request_account(), seams.request_region()):
            key = encrypted.key_arn(named)
        if key is None:
            return None, s3._error("KMS.NotFoundException", f"Invalid keyId '{named}'", 400)
        return {**kept, _SSE_KEY: key}, None

    return resolve_sse_write_headers


def _holding_to_conditions(original: Callable[[str, str, Headers], Any]) -> Callable[[str, str, Headers], Any]:
    """API Reference, CopyObject: `If-None-Match` and `If-Match` are about the place that is copied to."""
    s3 = seams.service_module("s3")

    def copy_object(bucket_name: str, dest_key: str, headers: Headers) -> Any:
        there = _record(bucket_name, dest_key, "")
        return s3._check_put_preconditions(headers, there) or original(bucket_name, dest_key, headers)

    return copy_object


def _keeping_the_lock(original: Callable[..., Headers], may_read_lock: MayReadLock) -> Callable[..., Headers]:
    """API Reference, HeadObject: the header of the lock "is only returned if the requester has" the permission."""

    def response_headers(obj: Mapping[str, Any], bucket_name: str = "", key: str = "", **more: bool) -> Headers:
        headers = original(obj, bucket_name, key, **more)
        if headers.keys().isdisjoint(_LOCK) or may_read_lock(f"{_ARN}{bucket_name}/{key}"):
            return headers
        return {name: value for name, value in headers.items() if name not in _LOCK}

    return response_headers
