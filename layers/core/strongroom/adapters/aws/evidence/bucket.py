"""The evidence bucket in the audit account: what lies there is put once, and nobody overwrites or deletes it.

Under its policy an object can only be put where none is. A delete marker would make room for another one, so readers
look at versions: an object counts with exactly one, and with no marker (Amazon S3 User Guide, "How to prevent object
overwrites with conditional writes").
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import (
    ApprovalVoidError,
    ConditionUnmetError,
    ConfigurationMissingError,
    MalformedRecordError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId

LARGEST: Final = 1_000_000
"""Bytes of the largest object that counts as evidence; what people sign is three kilobytes at most."""

type _Version = Mapping[str, Any]


class EvidenceReader:
    """Reads what was put once; evidence is text in UTF-8."""

    ACTIONS: tuple[str, ...] = ("s3:GetObjectVersion", "s3:ListBucketVersions")

    def __init__(self, s3: Any, bucket: str, *, owner: AccountId) -> None:
        """`s3` is a client, `bucket` the bucket's name, `owner` the audit account: anybody else's bucket is refused."""
        self._s3 = s3
        self._of_owner = {"Bucket": bucket, "ExpectedBucketOwner": owner}

    def read(self, key: str) -> str | None:
        """The text under the key; None when nothing was ever put there.

        ApprovalVoidError when it was tampered with, MalformedRecordError when it is no text.
        """
        content = self.read_bytes(key)
        return None if content is None else _text(key, content)

    def read_bytes(self, key: str) -> bytes | None:
        """What lies under the key, whether it is a text or not; otherwise as `read`."""
        listed = (version for version in self._listed(key) if version["Key"] == key)
        version = _only_versions(listed).get(key)
        return None if version is None else self._content(version)

    def texts(self, prefix: str) -> dict[str, str]:
        """Every text under the prefix by its key, in the order of the keys; errors as `read` has them, for each."""
        versions = _only_versions(self._listed(prefix))
        return {key: _text(key, self._content(version)) for key, version in versions.items()}

    def sound_texts(self, prefix: str) -> dict[str, str]:
        """The same without what is no text, or too large to be one: where anything may lie, that stops nobody."""
        found: dict[str, str] = {}
        for key, version in _only_versions(self._listed(prefix)).items():
            try:
                found[key] = _text(key, self._content(version))
            except MalformedRecordError:
                continue
        return found

    def put_at(self, prefix: str) -> dict[str, datetime]:
        """When each object under the prefix was put, by S3's clock, which nobody sets; ApprovalVoidError as `read`."""
        found = _only_versions(self._listed(prefix))
        return {key: version["LastModified"].astimezone(UTC) for key, version in found.items()}

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Every key under the prefix, in order, also of what was tampered with."""
        return tuple(dict.fromkeys(version["Key"] for version in self._listed(prefix)))

    def _listed(self, prefix: str) -> Iterator[_Version]:
        """Versions and delete markers under the prefix, in the order of their keys."""
        with aws_errors(otherwise=ConfigurationMissingError):
            for page in self._s3.get_paginator("list_object_versions").paginate(**self._of_owner, Prefix=prefix):
                found = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                yield from sorted(found, key=lambda version: version["Key"].encode())

    def _content(self, version: _Version) -> bytes:
        if version["Size"] > LARGEST:
            raise MalformedRecordError(f"{version['Key']} has {version['Size']} bytes: it is no piece of evidence")
        with aws_errors(otherwise=ConfigurationMissingError):
            got = self._s3.get_object(**self._of_owner, Key=version["Key"], VersionId=version["VersionId"])
            content: bytes = got["Body"].read()
        return content


class EvidenceBucket(EvidenceReader):
    """Puts what it reads, too: each text where none was before."""

    ACTIONS = (*EvidenceReader.ACTIONS, "s3:PutObject")

    def put_new(self, key: str, text: str) -> bool:
        """Put the text where nothing lies; False when something lies there, the same text or another.

        TemporarilyUnavailableError when somebody else puts there at the same moment.
        """
        return self._put(key, text.encode(), form="text/plain; charset=utf-8")

    def put_new_bytes(self, key: str, content: bytes) -> bool:
        """The same of what is no text."""
        return self._put(key, content, form="application/octet-stream")

    def _put(self, key: str, content: bytes, *, form: str) -> bool:
        try:
            with aws_errors():
                self._s3.put_object(
                    **self._of_owner,
                    Key=key,
                    Body=content,
                    ContentType=form,
                    ChecksumAlgorithm="SHA256",  # S3 takes nothing under Object Lock without one
                    IfNoneMatch="*",
                )
        except ConditionUnmetError:
            return False
        return True


def _only_versions(listed: Iterable[_Version]) -> dict[str, _Version]:
    """The one version of each key; ApprovalVoidError where a key has another, or a delete marker."""
    found: dict[str, _Version] = {}
    for version in listed:
        key = version["Key"]
        if key in found or "Size" not in version:  # a delete marker has none
            raise ApprovalVoidError(f"{key} was tampered with: it has a second version or a delete marker")
        found[key] = version
    return found


def _text(key: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedRecordError(f"{key} is not written in UTF-8") from error
