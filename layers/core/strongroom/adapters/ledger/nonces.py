"""What may be used once, or so often only.

`NONCE#<hash>` / `USE`, `CHALLENGE#<hash>` / `OPEN` for a statement or `LOGIN` for a login, `LIMIT#<hash>` / span.
All carry `expires_at` in epoch seconds, which is the table's TTL attribute; expiry is checked here as well, because
DynamoDB deletes late.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from strongroom.adapters.ledger.changes import AllOf, AnyOf, Below, Change, Equals, Exists, Key, absent
from strongroom.domain.canonical import digest_of
from strongroom.domain.restores.approving.logins import Login
from strongroom.domain.restores.drafts import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from strongroom.adapters.ledger.table import Table
    from strongroom.domain.proofs.statements import HandedOut
    from strongroom.domain.restores.approving.logins import BrowserSecret


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


class LedgerLogins:
    """Logins that began on the page, kept by the hash of their browser's secret."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "begin": ("dynamodb:PutItem",),
        "find": ("dynamodb:GetItem",),
        "use": ("dynamodb:UpdateItem",),
    }

    def __init__(self, table: Table, *, now: Callable[[], datetime]) -> None:
        """`table` is the ledger's."""
        self._table = table
        self._now = now

    def begin(self, login: Login, *, secret: BrowserSecret, until: datetime) -> None:
        """Remember the login until then."""
        kept = {name: str(getattr(login, name)) for name in ("request_id", "statement", "link")}
        self._table.put_new(_login(secret).item | kept | {"expires_at": int(until.timestamp())})

    def find(self, secret: BrowserSecret) -> Login | None:
        """The login that began in that browser, used or not; None where there is none, or it was too long ago."""
        item = self._table.get(_login(secret))
        if item is None or item["expires_at"] <= self._now().timestamp():
            return None
        return Login(request_id=item["request_id"], statement=item["statement"], link=Link(item["link"]))

    def use(self, secret: BrowserSecret) -> bool:
        """Use it; False when it was used."""
        is_open = AllOf(Exists("statement"), absent("used"))
        return self._table.change(_login(secret), Change(set={"used": "yes"}, when=is_open)) is not None


class LedgerLimits:
    """Counts, kept in the ledger for one span of time each."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "count": ("dynamodb:UpdateItem",),
        "give_back": ("dynamodb:UpdateItem",),
        "is_reached": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def count(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Count one more; False when there were as many already in this span of time."""
        span = _span(within, now=now)
        ends = datetime.fromtimestamp((span + 1) * within.total_seconds(), UTC)
        is_free = AnyOf(absent("count"), Below("count", most))
        change = Change(add={"count": 1}, set={"expires_at": int(ends.timestamp())}, when=is_free)
        return self._table.change(_limit(name, span), change) is not None

    def give_back(self, name: str, *, within: timedelta, now: datetime) -> None:
        """Count one less of what was counted at that time, because nothing came of it."""
        change = Change(add={"count": -1}, when=Exists("count"))
        self._table.change(_limit(name, _span(within, now=now)), change)

    def is_reached(self, name: str, *, most: int, within: timedelta, now: datetime) -> bool:
        """Whether there were as many in this span of time; counts nothing."""
        item = self._table.get(_limit(name, _span(within, now=now)))
        return item is not None and item["count"] >= most


def _challenge(statement: HandedOut) -> Key:
    return Key(f"CHALLENGE#{_hash(statement.nonce)}", "OPEN")


def _login(secret: BrowserSecret) -> Key:
    return Key(f"CHALLENGE#{secret.digest}", "LOGIN")


def _limit(name: str, span: int) -> Key:
    return Key(f"LIMIT#{_hash(name)}", str(span))


def _span(within: timedelta, *, now: datetime) -> int:
    return int(now.timestamp() // within.total_seconds())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
