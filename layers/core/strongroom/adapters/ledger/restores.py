"""The ceremony's own table: drafts, open requests, used tickets, bells, messages and words. Nothing of it decides.

The family stands in the partition key, because that is all that IAM sees of an item (`dynamodb:LeadingKeys`):
`REQUEST#<id>`, `TICKET#<key>`, `OPEN`, `BELL#<id>`, `MESSAGE#<id>`, `WORD#<id>`. The one place of urgent requests is a
ticket of a key that no ticket has. What was not written as we write it is taken as not there: it stops nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct, ValidationError, convert

from strongroom.adapters.ledger.changes import AllOf, AnyOf, Change, Equals, Key, absent
from strongroom.adapters.ledger.table import to_moment, to_text
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import MalformedIdentifierError, NotFoundError
from strongroom.domain.identifiers import Arn, is_account_id
from strongroom.domain.restores.drafts import Draft, OpenRequest
from strongroom.domain.restores.requests import open_seal, parse_request_id
from strongroom.domain.restores.showing.reach import Telling, Unreached, Whom

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.adapters.ledger.table import Item, Table

_OPEN: Final = "OPEN"
# A request lives as long as its execution, fourteen days, and is closed the day after at the latest.
_LIVES: Final = timedelta(days=16)
_LOOKED_BACK: Final = timedelta(days=60)
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_TEXTS: Final = ("requester", "account", "resource", "target_name", "ticket", "incident", "of", "call")
_URGENT: Final = "break-glass"
_SHOWN: Final = ("shown", "account_name")


class _Missed(Struct, frozen=True):
    since: datetime
    why: str


class _Told(Struct, frozen=True):
    told: tuple[str, ...] = ()
    missed: dict[Whom, _Missed] = {}
    shown: str = ""
    account_name: str = ""


class CeremonyDrafts:
    """Requests before they are signed, `REQUEST#<id>` / `DRAFT`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "read": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, draft: Draft) -> None:
        """Keep a new draft under its id; what is there is never replaced."""
        said = {"text": draft.sealed.text, "view": draft.view, "account_name": draft.account_name}
        self._table.put_new(_draft(draft.sealed.request.id).item | said)

    def read(self, request_id: str) -> Draft:
        """The draft; NotFoundError when there is none."""
        item = self._table.get(_draft(request_id))
        if item is None:
            raise NotFoundError(f"no restore request has the id {request_id}")
        name = item.get("account_name", "")  # drafts of before have none
        return Draft(sealed=open_seal(item["text"]), view=item["view"], account_name=name)


class CeremonyRequests:
    """The list of requests, `OPEN` / `<time>#<id>`, and the tickets that they use, `TICKET#<key>` / `USE`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "open": ("dynamodb:UpdateItem",),
        "latest": ("dynamodb:Query",),
        "unended": ("dynamodb:Query",),
        "ended_lately": ("dynamodb:Query",),
        "ended_urgently": ("dynamodb:Query",),
        "foreign": ("dynamodb:Query",),
        "find": ("dynamodb:Query",),
        "close": ("dynamodb:UpdateItem",),
        "tell": ("dynamodb:UpdateItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def open(self, request: OpenRequest, *, follows: str = "") -> bool:
        """Use the ticket and list the request, both or none.

        False when another request has the ticket, and for one that has ended: it takes no ticket again. There is one
        place for urgent requests, which is free for the one that `follows` the last that took it.
        """
        is_ours = AnyOf(absent("request_id"), Equals("request_id", request.id))
        line = {name: getattr(request, name) for name in _TEXTS}
        listing = {"request_id": request.id, "requested_at": to_text(request.requested_at), **line}
        changes = {_line(request): Change(set=listing, when=AllOf(is_ours, absent("outcome")))}
        if request.ticket:
            changes[_ticket(request)] = Change(set={"request_id": request.id}, when=is_ours)
        if request.incident:
            is_next = AnyOf(is_ours, Equals("request_id", follows)) if follows else is_ours
            changes[Key(f"TICKET#{_URGENT}", "USE")] = Change(set={"request_id": request.id}, when=is_next)
        return self._table.change_all(changes)

    def latest(self, *, limit: int, now: datetime) -> tuple[OpenRequest, ...]:
        """The latest requests, newest first."""
        return tuple(islice(_requests(self._table.newest(_OPEN), now=now), limit))

    def unended(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The requests that have not ended, or of whose end somebody does not know yet, newest first."""
        return tuple(line for line in self._recent(now) if line.untold or not line.outcome)

    def ended_urgently(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The urgent requests of the last two months that have ended, newest first."""
        return tuple(line for line in self._recent(now) if line.incident and line.outcome)

    def ended_lately(self, *, now: datetime) -> tuple[OpenRequest, ...]:
        """The requests that have ended and were asked for in the days that one lives at most, newest first."""
        return tuple(line for line in self._recent(now, back=_LIVES) if line.outcome)

    def foreign(self, *, now: datetime) -> tuple[str, ...]:
        """The places of the lines that nobody has written who opens requests; everything else passes them by."""
        return tuple(str(item["sk"]) for item in self._recent_items(now) if _request(item, now=now) is None)

    def find(self, request_id: str, *, now: datetime) -> OpenRequest | None:
        """The request's line, or None where it is not listed."""
        return next((line for line in self._recent(now) if line.id == request_id), None)

    def close(self, request: OpenRequest, *, outcome: str, is_ticket_free: bool, untold: tuple[str, ...] = ()) -> None:
        """Give the ticket back where nothing came of it, and remember how it ended and whom that is still to be told.

        The line comes last: while it says nothing of an end, somebody looks after the request.
        """
        is_its_own = Equals("request_id", request.id)
        if request.ticket and is_ticket_free:
            self._table.change(_ticket(request), Change(set={"request_id": None}, when=is_its_own))
        end = {"outcome": outcome, "untold": list(untold) or None, "is_ticket_free": is_ticket_free}
        self._table.change(_line(request), Change(set=end, when=is_its_own))

    def tell(self, request: OpenRequest, *, untold: tuple[str, ...]) -> None:
        """Remember who does not know of the end yet."""
        is_its_own = Equals("request_id", request.id)
        self._table.change(_line(request), Change(set={"untold": list(untold) or None}, when=is_its_own))

    def _recent(self, now: datetime, *, back: timedelta = _LOOKED_BACK) -> Iterator[OpenRequest]:
        return _requests(self._recent_items(now, back=back), now=now)

    def _recent_items(self, now: datetime, *, back: timedelta = _LOOKED_BACK) -> Iterator[Item]:
        # By its place, which the table orders: what a line says of its time may be anything.
        since = to_text(now - back)
        return takewhile(lambda item: item["sk"] >= since, self._table.newest(_OPEN))


class CeremonyBells:
    """The token of the task that waits for people, `BELL#<id>` / `TOKEN`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "hang": ("dynamodb:PutItem",),
        "token": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def hang(self, request_id: str, token: str) -> None:
        """Keep the token, replacing that of an earlier round."""
        self._table.put(_bell(request_id).item | {"token": token})

    def token(self, request_id: str) -> str | None:
        """The token, or None."""
        item = self._table.get(_bell(request_id))
        return None if item is None or "token" not in item else str(item["token"])


class CeremonyMessages:
    """Where requests are shown, `MESSAGE#<id>` / `MESSAGE`, and who knows of them, `MESSAGE#<id>` / `TELLING`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem", "dynamodb:GetItem"),
        "find": ("dynamodb:GetItem",),
        "remember": ("dynamodb:PutItem",),
        "telling": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, request_id: str, message: PostedMessage) -> None:
        """Keep where the message is; the first one stands."""
        item = _message(request_id).item | {"channel": message.channel, "ts": message.ts}
        if not self._table.put_new(item) and self.find(request_id) is None:
            self._table.put(item)

    def find(self, request_id: str) -> PostedMessage | None:
        """Where the message is, or None before it was posted."""
        item = self._table.get(_message(request_id)) or {}
        return _as(PostedMessage, {name: item.get(name) for name in ("channel", "ts")})

    def remember(self, request_id: str, telling: Telling) -> None:
        """Keep who has been told, and who could not be reached, since when and why."""
        missed = {
            whom: {"since": to_text(each.since), "why": each.why} for whom, each in telling.missed.items() if each.since
        }
        said = {"told": list(telling.told), "missed": missed}
        self._table.put(_telling(request_id).item | said | {name: getattr(telling, name) for name in _SHOWN})

    def telling(self, request_id: str) -> Telling:
        """Who has been told; nobody before anybody was."""
        item = self._table.get(_telling(request_id)) or {}
        kept = _as(_Told, item) or _Told()
        missed: dict[str, Unreached] = {
            whom: Unreached(whom=whom, since=each.since, why=each.why) for whom, each in kept.missed.items()
        }
        return Telling(told=kept.told, missed=missed, shown=kept.shown, account_name=kept.account_name)


class CeremonyWords:
    """What people said of their decisions, one item for each proof, `WORD#<id>` / `<digest>`."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "of": ("dynamodb:Query",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, request_id: str, proof: str, *, said: str) -> None:
        """Keep what was said with the proof of that digest; the first word stands."""
        self._table.put_new(Key(f"WORD#{request_id}", proof).item | {"said": said})

    def of(self, request_id: str) -> Mapping[str, str]:
        """What was said, by the digest of the proof."""
        words = {item["sk"]: item.get("said") for item in self._table.under(f"WORD#{request_id}")}
        return {proof: said for proof, said in words.items() if isinstance(said, str)}


def _as[Kind](kind: type[Kind], item: Mapping[str, object]) -> Kind | None:
    """What the item says; None for one that was not written as that."""
    try:
        return convert(item, kind)
    except ValidationError:
        return None


def _draft(request_id: str) -> Key:
    return Key(f"REQUEST#{request_id}", "DRAFT")


def _line(request: OpenRequest) -> Key:
    return Key(_OPEN, f"{to_text(request.requested_at)}#{request.id}")


def _ticket(request: OpenRequest) -> Key:
    return Key(f"TICKET#{request.ticket}", "USE")


def _bell(request_id: str) -> Key:
    return Key(f"BELL#{request_id}", "TOKEN")


def _message(request_id: str) -> Key:
    return Key(f"MESSAGE#{request_id}", "MESSAGE")


def _telling(request_id: str) -> Key:
    return Key(f"MESSAGE#{request_id}", "TELLING")


def _requests(items: Iterator[Item], *, now: datetime) -> Iterator[OpenRequest]:
    return (line for item in items if (line := _request(item, now=now)) is not None)


def _request(item: Item, *, now: datetime) -> OpenRequest | None:
    """The request of the line; None for a line that was not written as one: of no resource, or not asked for yet."""
    is_free = item.get("is_ticket_free")  # lines of before do not say
    try:
        line = OpenRequest(
            id=parse_request_id(item["request_id"]),
            requested_at=to_moment(item["requested_at"]),
            outcome=item.get("outcome", ""),
            untold=tuple(item.get("untold", ())),
            is_ticket_free=is_free if isinstance(is_free, bool) else None,
            **{name: item.get(name, "") for name in _TEXTS},
        )
        texts = (line.outcome, *line.untold, *(getattr(line, name) for name in _TEXTS))
        if not all(isinstance(text, str) for text in texts) or not is_account_id(line.account):
            return None
        Arn.parse(line.resource)
        is_asked_for = line.requested_at <= now + _CLOCKS_DIFFER
    except (KeyError, MalformedIdentifierError, NotFoundError, TypeError, ValueError):
        return None
    is_in_place = item["sk"] == _line(line).sk and item["requested_at"] == to_text(line.requested_at)
    return line if is_in_place and is_asked_for else None
