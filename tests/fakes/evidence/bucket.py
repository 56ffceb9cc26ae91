"""The audit account as boto3 shows it: S3 with the evidence bucket, and Lambda with the function that keeps the log."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from strongroom.domain.errors import StrongroomError
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.intent.proving.evidence import EvidenceLog
from tests.builders.places import AUDIT_ACCOUNT, HOME
from tests.fakes.account_clients import Pages, refusal
from tests.fakes.evidence.log import ORIGIN, WITNESS, LogWorld, MemoryBucket, MemorySigner
from tests.fakes.restores.evidence import FakeShelf

BUCKET = f"strongroom-audit-{AUDIT_ACCOUNT}-{HOME}"
# The log and the witness that `FakeLogFunction` signs as.
LOG = EvidenceLog(
    origin=ORIGIN,
    log_key=MemorySigner(ORIGIN, LOG_TYPE).key().text,
    witness=MemorySigner(WITNESS, WITNESS_TYPE).key().text,
)


@dataclass
class FakeS3:
    """S3 with one bucket, which is the shelf: what is tampered with has two versions."""

    shelf: FakeShelf

    def put_object(self, **request: Any) -> dict[str, Any]:
        self._enter(request)
        assert request["IfNoneMatch"] == "*", "the bucket's policy takes nothing else"
        if not self.shelf.put_new(request["Key"], request["Body"].decode()):
            raise refusal("PreconditionFailed", "PutObject")
        return {}

    def list_object_versions(self, **request: Any) -> dict[str, Any]:
        self._enter(request)
        texts = self.shelf.rules | self.shelf.kept
        kept = ((key, text) for key, text in texts.items() if key.startswith(request["Prefix"]))
        return {
            "Versions": [
                {
                    "Key": key,
                    "VersionId": version,
                    "Size": len(text.encode()),
                    "LastModified": self.shelf.times.get(key, self.shelf.clock()),
                }
                for key, text in kept
                for version in (("v1", "v2") if key in self.shelf.tampered else ("v1",))
            ]
        }

    def get_object(self, **request: Any) -> dict[str, Any]:
        self._enter(request)
        return {"Body": io.BytesIO((self.shelf.rules | self.shelf.kept)[request["Key"]].encode())}

    def get_paginator(self, method: str) -> Pages:
        return Pages(getattr(self, method))

    def _enter(self, request: dict[str, Any]) -> None:
        if (request["Bucket"], request["ExpectedBucketOwner"]) != (BUCKET, AUDIT_ACCOUNT):
            raise refusal("AccessDenied")


@dataclass
class ShelfBucket(MemoryBucket):
    """The same shelf, as the log's function sees it."""

    shelf: FakeShelf = field(default_factory=FakeShelf)

    def keys(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(key for key in self.shelf.kept if key.startswith(prefix)))

    def read_bytes(self, key: str) -> bytes | None:
        text = self.shelf.read(key)
        return None if text is None else text.encode()

    def put_new_bytes(self, key: str, content: bytes) -> bool:
        return self.shelf.put_new(key, content.decode())


class FakeLogFunction:
    """Lambda in the audit account, whose one function takes whatever lies in the bucket into a real log."""

    def __init__(self, shelf: FakeShelf, *, now: Callable[[], datetime]) -> None:
        self.log = LogWorld(bucket=ShelfBucket(shelf=shelf))
        self.now = now
        self.asked: list[str] = []
        self.hinted: list[str] = []

    def invoke(
        self,
        *,
        FunctionName: str,  # noqa: N803 - boto3's spelling
        Payload: bytes,  # noqa: N803 - boto3's spelling
        InvocationType: str = "RequestResponse",  # noqa: N803 - boto3's spelling
    ) -> dict[str, Any]:
        assert FunctionName == "strongroom-log-evidence"
        request_id = json.loads(Payload)["request_id"]
        if InvocationType == "Event":
            self.hinted.append(request_id)
            self.log.run(request_id, now=self.now())
            return {"StatusCode": 202, "Payload": io.BytesIO(b"")}
        self.asked.append(request_id)
        try:
            proofs = self.log.run(request_id, now=self.now()).proofs
        except StrongroomError as error:
            said = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(said).encode())}
        return {"Payload": io.BytesIO(json.dumps({"proofs": dict(proofs)}).encode())}
