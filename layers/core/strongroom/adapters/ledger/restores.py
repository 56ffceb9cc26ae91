"""Restores in the ledger: `RESTORE#<id>` / `REQUEST`, `STEP#<n>`, `VOTE#<person>`, `TOKEN`, `MESSAGE`.

`RESTORES` / `<time>#<id>` lists them in the order in which they were asked for.
"""

from datetime import datetime

from strongroom.adapters.ledger.changes import AllOf, Change, Equals, Key, Not
from strongroom.adapters.ledger.table import Item, Table, to_text
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import NotFoundError
from strongroom.domain.restores.requests import SealedRequest, open_seal
from strongroom.domain.restores.steps import CeremonyStep, RestoreStep, facts_of, step_of
from strongroom.domain.restores.votes import Decision, Vote, VoteState

_LIST = "RESTORES"


class LedgerRestores:
    """The restore book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def add(self, sealed: SealedRequest) -> None:
        """Store a new request under its id; what is there is never replaced."""
        request = sealed.request
        self._table.put_new(_key(request.id, "REQUEST").item | {"text": sealed.text, "digest": sealed.digest})
        place = f"{to_text(request.requested_at)}#{request.id}"
        self._table.put_new({"pk": _LIST, "sk": place, "request_id": request.id})

    def read(self, request_id: str) -> SealedRequest:
        """The request, its seal checked; NotFoundError, or ApprovalVoidError when it was tampered with."""
        item = self._item(request_id, "REQUEST")
        if item is None:
            raise NotFoundError(f"no restore request has the id {request_id}")
        return open_seal(item["text"], digest=item["digest"])

    def recent(self, *, limit: int) -> tuple[SealedRequest, ...]:
        """The latest requests, newest first."""
        known = [item["request_id"] for item in self._table.under(_LIST)]
        return tuple(self.read(request_id) for request_id in reversed(known[-limit:]))

    def record(self, request_id: str, step: CeremonyStep) -> bool:
        """Record the step; False when it was recorded before, whatever was said of it."""
        item = {"step": step.place.name, "facts": facts_of(step)}
        return self._table.put_new(_key(request_id, _step(step.place)).item | item)

    def recorded[Step: CeremonyStep](self, request_id: str, kind: type[Step]) -> Step | None:
        """The step of this kind as it was recorded, or None."""
        item = self._item(request_id, _step(kind.place))
        return None if item is None else step_of(kind, item["facts"])

    def cast(self, request_id: str, vote: Vote) -> bool:
        """Keep the vote; a counted denial stands, and what awaits its proof replaces nothing that counted."""
        key = _key(request_id, f"VOTE#{vote.person}")
        said = {
            "person": vote.person,
            "decision": vote.decision,
            "state": vote.state,
            "reason": vote.reason,
            "cast_at": to_text(vote.cast_at),
            "methods": list(vote.methods),
            "authenticated_at": to_text(vote.authenticated_at) if vote.authenticated_at else None,
        }
        if self._table.put_new(key.item | said):
            return True
        is_counted = Equals("state", VoteState.COUNTED)
        stands = AllOf(is_counted, Equals("decision", Decision.DENY)) if vote.state is VoteState.COUNTED else is_counted
        return self._table.change(key, Change(set=said, when=Not(stands))) is not None

    def cast_on(self, request_id: str) -> tuple[Vote, ...]:
        """Every person's vote on the request."""
        return tuple(_vote(item) for item in self._table.under(f"RESTORE#{request_id}", prefix="VOTE#"))

    def keep_token(self, request_id: str, token: str) -> None:
        """Keep the token, replacing that of an earlier attempt."""
        self._table.put(_key(request_id, "TOKEN").item | {"token": token})

    def kept_token(self, request_id: str) -> str | None:
        """The token, or None before the approval was opened."""
        item = self._item(request_id, "TOKEN")
        return None if item is None else str(item["token"])

    def keep_message(self, request_id: str, message: PostedMessage) -> None:
        """Keep where the message is; the first one stands."""
        self._table.put_new(_key(request_id, "MESSAGE").item | {"channel": message.channel, "ts": message.ts})

    def kept_message(self, request_id: str) -> PostedMessage | None:
        """Where the message is, or None before it was posted."""
        item = self._item(request_id, "MESSAGE")
        return None if item is None else PostedMessage(channel=item["channel"], ts=item["ts"])

    def _item(self, request_id: str, sk: str) -> Item | None:
        return self._table.get(_key(request_id, sk))


def _key(request_id: str, sk: str) -> Key:
    return Key(f"RESTORE#{request_id}", sk)


def _step(step: RestoreStep) -> str:
    return f"STEP#{step.value}"


def _vote(item: Item) -> Vote:
    since = item.get("authenticated_at")
    return Vote(
        person=item["person"],
        decision=Decision(item["decision"]),
        state=VoteState(item["state"]),
        reason=item["reason"],
        cast_at=datetime.fromisoformat(item["cast_at"]),
        methods=tuple(item["methods"]),
        authenticated_at=datetime.fromisoformat(since) if since else None,
    )
