"""What may be used once, or so often only: `NONCE#<hash>` / `USE`, `CHALLENGE#<nonce>` / `OPEN`, `LIMIT#<hash>` / span.

All carry `expires_at` in epoch seconds, which is the table's TTL attribute; expiry is checked here as well, because
DynamoDB deletes late.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from strongroom.adapters.ledger.changes import AllOf, AnyOf, Below, Change, Equals, Key, absent
from strongroom.domain.canonical import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from strongroom.adapters.ledger.table import Table
    from strongroom.domain.proofs.statements import HandedOut


class LedgerNonces:
    """Nonces, kept in the ledger."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "use": ("dynamodb:PutItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def use(self, nonce: str, *, until: datetime) -> bool:
        """Use it; False when it was used before."""
        return self._table.put_new({"pk": f"NONCE#{_hash(nonce)}", "sk": "USE", "expires_at": int(until.timestamp())})


class LedgerStatements:
    """Statements that were handed out to be signed, kept by their nonce."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "hand_out": ("dynamodb:PutItem",),
        "is_open": ("dynamodb:GetItem",),
        "use": ("dynamodb:UpdateItem",),
    }

    def __init__(self, table: Table, *, now: Callable[[], datetime]) -> None:
        """`table` is the ledger's."""
        self._table = table
        self._now = now

    def hand_out(self, statement: HandedOut, *, until: datetime) -> None:
        """Remember the statement until then."""
        kept = {"digest": digest_of(statement.text), "expires_at": int(until.timestamp())}
        self._table.put_new(_challenge(statement).item | kept)

    def is_open(self, statement: HandedOut) -> bool:
        """Whether this very statement was handed out and not used yet."""
        item = self._table.get(_challenge(statement))
        return (
            item is not None
            and item["digest"] == digest_of(statement.text)
            and item["expires_at"] > self._now().timestamp()
            and "used" not in item
        )

    def use(self, statement: HandedOut) -> bool:
        """Use it; False when somebody else did."""
        is_open = AllOf(Equals("digest", digest_of(statement.text)), absent("used"))
        return self._table.change(_challenge(statement), Change(set={"used": "yes"}, when=is_open)) is not None


class LedgerLimits:
    """Counts, kept in the ledger for one span of time each."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "count": ("dynamodb:UpdateItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def count(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Count one more; False when there were as many already in this span of time."""
        span = int(now.timestamp() // within.total_seconds())
        ends = datetime.fromtimestamp((span + 1) * within.total_seconds(), UTC)
        is_free = AnyOf(absent("count"), Below("count", most))
        change = Change(add={"count": 1}, set={"expires_at": int(ends.timestamp())}, when=is_free)
        return self._table.change(Key(f"LIMIT#{_hash(name)}", str(span)), change) is not None


def _challenge(statement: HandedOut) -> Key:
    return Key(f"CHALLENGE#{_hash(statement.nonce)}", "OPEN")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
