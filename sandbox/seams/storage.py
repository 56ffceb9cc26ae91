"""Private touches of MiniStack's CloudFormation: what it leaves out of a bucket, above all its Object Lock."""
# ruff: noqa: SLF001

from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from sandbox.seams import host as seams
from sandbox.settings import Settings

_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"

type Put = Callable[[str, bytes], tuple[int, dict[str, str], bytes]]


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Let buckets of stacks have Object Lock, default encryption and ownership controls, by S3's own operations."""
    s3 = seams.service_module("s3")
    more = (
        ("OwnershipControls", _ownership, _accepted(s3._put_bucket_ownership_controls), _stays),
        ("BucketEncryption", _encryption, _accepted(s3._put_bucket_encryption), _stays),
        ("ObjectLockConfiguration", _object_lock, _accepted(s3._put_object_lock_configuration), _stays),
    )
    seams.replace(
        "ministack.services.cloudformation.provisioners",
        "_S3_BUCKET_CONFIGURATIONS",
        lambda original: (*original, *more),
    )


def _accepted(put: Put) -> Callable[[str, bytes], None]:
    """The operation, which fails the stack where S3 refuses."""

    def apply(bucket: str, body: bytes) -> None:
        status, _, answer = put(bucket, body)
        if status >= 300:
            raise ValueError(f"S3 refuses the configuration of {bucket}: {answer!r}")

    return apply


def _stays(bucket: str) -> None:
    """A configuration that leaves the template stays as it is: S3 takes no Object Lock away."""


def _ownership(properties: dict[str, Any]) -> bytes:
    root = Element("OwnershipControls", xmlns=_NAMESPACE)
    for rule in properties["Rules"]:
        SubElement(SubElement(root, "Rule"), "ObjectOwnership").text = rule["ObjectOwnership"]
    return tostring(root)


def _encryption(properties: dict[str, Any]) -> bytes:
    root = Element("ServerSideEncryptionConfiguration", xmlns=_NAMESPACE)
    for rule in properties["ServerSideEncryptionConfiguration"]:
        element = SubElement(root, "Rule")
        default = SubElement(element, "ApplyServerSideEncryptionByDefault")
        for name, value in rule["ServerSideEncryptionByDefault"].items():
            SubElement(default, name).text = str(value)
        if "BucketKeyEnabled" in rule:
            SubElement(element, "BucketKeyEnabled").text = str(rule["BucketKeyEnabled"]).lower()
    return tostring(root)


def _object_lock(properties: dict[str, Any]) -> bytes:
    root = Element("ObjectLockConfiguration", xmlns=_NAMESPACE)
    SubElement(root, "ObjectLockEnabled").text = "Enabled"
    retention = (properties.get("Rule") or {}).get("DefaultRetention")
    if retention:
        default = SubElement(SubElement(root, "Rule"), "DefaultRetention")
        for name, value in retention.items():
            SubElement(default, name).text = str(value)
    return tostring(root)
