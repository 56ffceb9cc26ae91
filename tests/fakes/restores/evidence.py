"""What a ceremony keeps of evidence, and the log that sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import (
    ApprovalVoidError,
    NotWitnessedYetError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.object_keys import witnessed_of
from strongroom.domain.written import moment_of, moment_text
from strongroom.services.evidence.keep_ceremony import KeptCeremony
from tests.builders.restores import (
    NOW,
)


@dataclass
class FakeShelf:
    """A bucket where each text is put once; `tampered` keys are refused as a second version is.

    `rules` are what deployers have put there, and `kept` is everything else.
    """

    kept: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    tampered: set[str] = field(default_factory=set)
    times: dict[str, datetime] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: NOW

    def put_new(self, key: str, text: str) -> bool:
        if key in self.kept:
            return False
        self.kept[key] = text
        self.times[key] = self.clock()
        return True

    def put_at(self, prefix: str) -> dict[str, datetime]:
        return {key: self.times.get(key, NOW) for key in self.texts(prefix)}

    def read(self, key: str) -> str | None:
        if key in self.tampered:
            raise ApprovalVoidError(f"{key} was tampered with")
        return self.kept.get(key, self.rules.get(key))

    def texts(self, prefix: str) -> dict[str, str]:
        found = {key: self.kept[key] for key in sorted(self.kept) if key.startswith(prefix)}
        if self.tampered & found.keys():
            raise ApprovalVoidError("tampered with")
        return found

    def sound_texts(self, prefix: str) -> dict[str, str]:
        return self.texts(prefix)


@dataclass
class FakeWitness:
    """The audit account's log: what it was asked about, and whether it answers."""

    shelf: FakeShelf
    now: Callable[[], datetime]
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def witness(self, request_id: str) -> Mapping[str, str]:
        self.asked.append(request_id)
        if self.is_down:
            return {}
        there = self.shelf.texts(f"evidence/{request_id}/")
        self.seen |= {key: moment_text(self.now()) for key in there if key not in self.seen}
        proofs = {key: self.seen[key] for key in there}
        self.shelf.put_new(f"{witnessed_of(request_id)}{len(there):020d}.json", canonical_text({"proofs": proofs}))
        return proofs

    def seen_at(self, kept: KeptCeremony) -> Mapping[str, datetime]:
        return self.times

    def hint(self, request_id: str) -> None:
        self.hints.append(request_id)
        if self.is_down:
            raise TemporarilyUnavailableError("the log is away")

    def check(self, key: str, text: str, proofs: Mapping[str, str]) -> datetime:
        if key not in proofs or self.shelf.kept.get(key) != text:
            raise NotWitnessedYetError(f"{key} is not in the log")
        return moment_of(proofs[key], of="proof")
