"""The evidence bucket, the log's table and its keys, in memory; whatever is written can be the last thing that is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from strongroom.domain.errors import ApprovalVoidError, TemporarilyUnavailableError
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE, NoteKey
from strongroom.domain.evidence.log.tiles import LogTree
from strongroom.services.evidence.keep_log import LogKeeper
from strongroom.services.evidence.log_evidence import EvidenceLogged, EvidenceLogNeeds, log_evidence
from tests.builders.proving.signing import a_key, a_signature

ORIGIN = "strongroom.example/log"
WITNESS = "strongroom.example/witness"


class DiedError(Exception):
    """The function was ended before it was done."""


@dataclass
class Fate:
    """When a function dies: before the write of that number, counted from zero."""

    dies_before: int | None = None
    writes: int = 0

    def write(self) -> None:
        """One more thing is about to be written."""
        if self.writes == self.dies_before:
            raise DiedError
        self.writes += 1


@dataclass
class MemoryBucket:
    """The bucket: each key with what was put there, once or, by a stranger, more often."""

    fate: Fate = field(default_factory=Fate)
    kept: dict[str, list[bytes]] = field(default_factory=dict)
    meanwhile: Callable[[str], None] = lambda _: None

    def keys(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(key for key in self.kept if key.startswith(prefix)))

    def read(self, key: str) -> str | None:
        content = self.read_bytes(key)
        return None if content is None else content.decode()

    def read_bytes(self, key: str) -> bytes | None:
        match self.kept.get(key):
            case None:
                return None
            case [content]:
                return content
            case _:
                raise ApprovalVoidError(f"{key} was tampered with")

    def put_new(self, key: str, text: str) -> bool:
        return self.put_new_bytes(key, text.encode())

    def put_new_bytes(self, key: str, content: bytes) -> bool:
        self.fate.write()
        self.meanwhile(key)
        if key in self.kept:
            return False
        self.kept[key] = [content]
        return True


@dataclass
class MemoryIndex:
    """The table."""

    fate: Fate = field(default_factory=Fate)
    head: LogTree = field(default_factory=LogTree)
    where: dict[str, int] = field(default_factory=dict)

    def tree(self) -> LogTree:
        return self.head

    def move(self, *, before: LogTree, after: LogTree) -> None:
        self.fate.write()
        if before.size != self.head.size:
            raise TemporarilyUnavailableError("moved")
        self.head = after

    def place(self, key: str, index: int) -> None:
        self.fate.write()
        self.where[key] = index

    def places(self, folder: str) -> dict[str, int]:
        return {key: index for key, index in self.where.items() if key.startswith(folder)}

    def placed(self) -> frozenset[str]:
        return frozenset(self.where)


@dataclass
class MemorySigner:
    """A key outside of KMS."""

    name: str
    kind: int
    signed: int = 0

    def key(self) -> NoteKey:
        private = a_key(self.name, "EdDSA")
        return NoteKey(name=self.name, type=self.kind, public_key=private.public_key().public_bytes_raw())  # type: ignore[union-attr]

    def sign(self, message: bytes) -> bytes:
        self.signed += 1
        return a_signature(a_key(self.name, "EdDSA"), message)


@dataclass
class LogWorld:
    """The audit account: its function runs when it is told to."""

    bucket: MemoryBucket = field(default_factory=MemoryBucket)
    index: MemoryIndex = field(default_factory=MemoryIndex)
    log_key: MemorySigner = field(default_factory=lambda: MemorySigner(ORIGIN, LOG_TYPE))
    witness_key: MemorySigner = field(default_factory=lambda: MemorySigner(WITNESS, WITNESS_TYPE))

    def run(self, request_id: str | None, *, now: datetime, dies_before: int | None = None) -> EvidenceLogged:
        """Run the function; DiedError when it came to the write before which it dies."""
        self.bucket.fate = self.index.fate = Fate(dies_before)
        keeper = LogKeeper(objects=self.bucket, index=self.index, log_key=self.log_key, witness_key=self.witness_key)
        needs = EvidenceLogNeeds(objects=self.bucket, index=self.index, keeper=keeper)
        return log_evidence(request_id, needs=needs, now=now)

    def put(self, *keys: str) -> None:
        """Put something under each of the keys."""
        for key in keys:
            self.bucket.kept[key] = [f"what lies under {key}".encode()]
