"""The log of the evidence in the audit account, as it lies in its bucket.

Sources: Amazon S3 API reference, ListObjectVersions; Lambda API reference, GetFunctionConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.doctor.found import LogFound
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.log.batches import CHECKPOINTS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = ("lambda:GetFunctionConfiguration", "s3:GetObjectVersion", "s3:ListBucketVersions")
_FUNCTION: Final = "strongroom-log-evidence"


class EvidenceLogs:
    """The log, looked at from inside its account."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def log(self, account: AccountId, region: Region) -> LogFound:
        """Its function, its newest checkpoint, and when the newest piece of evidence was put."""
        s3 = self._clients.client("s3", account=account, region=region)
        bucket = {"Bucket": f"strongroom-audit-{account}-{region}", "ExpectedBucketOwner": account}
        with aws_errors("the evidence cannot be listed"):
            checkpoints = sorted(_versions(s3, bucket, CHECKPOINTS), key=lambda version: str(version["Key"]))
            put = [version["LastModified"] for prefix in PREFIXES for version in _versions(s3, bucket, prefix)]
            newest = checkpoints[-1] if checkpoints else None
            checkpoint = None if newest is None else _text(s3, bucket, newest)
        return LogFound(state=self._state(account, region), checkpoint=checkpoint, newest=max(put) if put else None)

    def _state(self, account: AccountId, region: Region) -> str:
        functions = self._clients.client("lambda", account=account, region=region)
        try:
            with aws_errors(f"{_FUNCTION} cannot be described", absent=("ResourceNotFoundException",)):
                return str(functions.get_function_configuration(FunctionName=_FUNCTION).get("State", ""))
        except NotFoundError:
            return ""


def _versions(s3: Any, bucket: Mapping[str, str], prefix: str) -> Iterator[Mapping[str, Any]]:
    for page in s3.get_paginator("list_object_versions").paginate(**bucket, Prefix=prefix):
        yield from page.get("Versions", ())


def _text(s3: Any, bucket: Mapping[str, str], version: Mapping[str, Any]) -> str:
    answer = s3.get_object(**bucket, Key=version["Key"], VersionId=version["VersionId"])
    return str(answer["Body"].read().decode("utf-8", "replace"))
