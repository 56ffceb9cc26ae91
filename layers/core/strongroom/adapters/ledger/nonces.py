"""What may be used once: `NONCE#<hash>` / `USE`, and the open questions of presence under `CHALLENGE`.

Both carry `expires_at` in epoch seconds, which is the table's TTL attribute; expiry is checked here as well, because
DynamoDB deletes late.
"""

import hashlib
from datetime import datetime

from strongroom.adapters.ledger.changes import AllOf, Below, Change, Equals, Key
from strongroom.adapters.ledger.table import Table, to_moment, to_text
from strongroom.domain.errors import NotFoundError
from strongroom.domain.restores.presence import Challenge
from strongroom.domain.restores.votes import Decision

_IS_OPEN = Equals("status", "open")
_OVER = "this question of presence is over: it was answered, ran out, or was tried too often"


class LedgerNonces:
    """Nonces, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def use(self, nonce: str, *, until: datetime) -> bool:
        """Use it; False when it was used before."""
        return self._table.put_new({"pk": f"NONCE#{_hash(nonce)}", "sk": "USE", "expires_at": int(until.timestamp())})


class LedgerChallenges:
    """Questions of presence, kept in the ledger under the hash of their secret id."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, challenge_id: str, challenge: Challenge) -> None:
        """Keep a new challenge."""
        self._table.put_new(
            _key(challenge_id).item
            | {
                "request_id": challenge.request_id,
                "digest": challenge.digest,
                "person": challenge.person,
                "decision": challenge.decision,
                "verifier": challenge.verifier,
                "ends_at": to_text(challenge.expires_at),
                "expires_at": int(challenge.expires_at.timestamp()),
                "attempts": 0,
                "status": "open",
            }
        )

    def read(self, challenge_id: str, *, now: datetime) -> Challenge:
        """A challenge that can still be answered; NotFoundError otherwise."""
        item = self._table.get(_key(challenge_id))
        if item is None or item["status"] != "open" or item["ends_at"] <= to_text(now):
            raise NotFoundError(_OVER)
        return Challenge(
            request_id=item["request_id"],
            digest=item["digest"],
            person=item["person"],
            decision=Decision(item["decision"]),
            verifier=item["verifier"],
            expires_at=to_moment(item["ends_at"]),
        )

    def attempt(self, challenge_id: str, *, limit: int, now: datetime) -> Challenge:
        """Count one attempt to answer; NotFoundError when it is over, was answered, or was tried too often."""
        challenge = self.read(challenge_id, now=now)
        counted = self._table.change(
            _key(challenge_id), Change(add={"attempts": 1}, when=AllOf(_IS_OPEN, Below("attempts", limit)))
        )
        if counted is None:
            raise NotFoundError(_OVER)
        return challenge

    def answer(self, challenge_id: str) -> bool:
        """Mark the challenge as answered; False when it was answered before."""
        changed = self._table.change(_key(challenge_id), Change(set={"status": "answered"}, when=_IS_OPEN))
        return changed is not None


def _key(challenge_id: str) -> Key:
    return Key(f"NONCE#{_hash(challenge_id)}", "CHALLENGE")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
