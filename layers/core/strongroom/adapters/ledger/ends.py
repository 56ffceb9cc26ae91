"""Open ends of restores, `END#<request>` / `<number>`; those to be looked at lie in the index `due`, all in one bucket.

A row is an index: it is made again of the evidence, and what was left and when it was gone is kept there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar, Final

from strongroom.adapters.ledger.changes import Change, Equals, Key
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.ends.standing import EndState, OpenEnd

_BUCKET: Final = "open-end"
_FAMILY: Final = "END#"
_FIRST: Final = 1
# Whatever somebody writes instead of a moment is before it.
_LATER_THAN_ALL: Final = "\U0010ffff"
_TEXTS: Final = ("request_id", "owner", "resource", "source", "vault", "job", "recovery_point", "reason")
_MOMENTS: Final = ("since", "expires_at", "gone_by")


class LedgerEnds:
    """The book of open ends."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "end_of": ("dynamodb:GetItem",),
        "keep_end": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
        "due_ends": ("dynamodb:GetItem", "dynamodb:Query"),
        "open_ends": ("dynamodb:GetItem", "dynamodb:Query"),
        "foreign_ends": ("dynamodb:GetItem", "dynamodb:Query"),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def end_of(self, request_id: str, number: int = _FIRST) -> OpenEnd | None:
        """The end of that request, or None where nobody has looked for one yet; it has a second of two copies.

        MalformedRecordError for what nobody has written as that.
        """
        item = self._table.get(_key(request_id, number))
        if item is None:
            return None
        if (end := _in_place(item)) is None:
            raise MalformedRecordError(f"the row {number} of {request_id} among the open ends is not written as one")
        return end

    def keep_end(self, end: OpenEnd, *, was: OpenEnd | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
        key, said = _key(end.request_id, end.number), _said(end)
        if was is None:
            return self._table.put_new(key.item | said)
        return self._table.change(key, Change(set=said, when=Equals("revision", was.revision))) is not None

    def due_ends(self, now: datetime) -> Iterator[OpenEnd]:
        """Those that are to be looked at by now, the longest due first."""
        return self._ends(to_text(now))

    def open_ends(self) -> Iterator[OpenEnd]:
        """All that are open."""
        return self._ends(_LATER_THAN_ALL)

    def foreign_ends(self) -> tuple[str, ...]:
        """The places of what somebody has put into the bucket beside the ends; everything else passes it by."""
        return tuple(f"{item['pk']} {item['sk']}" for item, end in self._listed(_LATER_THAN_ALL) if end is None)

    def _ends(self, until: str) -> Iterator[OpenEnd]:
        return (end for _, end in self._listed(until) if end is not None)

    def _listed(self, until: str) -> Iterator[tuple[Item, OpenEnd | None]]:
        """What lies in the bucket, with the end that it is: None for what nobody has written as one, in its place."""
        for listed in self._table.due(bucket=_BUCKET, until=until):
            item = self._table.get(Key(listed["pk"], listed["sk"]))
            # The index may be behind.
            if item is not None and "due_at" in item and item["due_at"] <= until:
                yield item, _in_place(item)


def _key(request_id: str, number: int) -> Key:
    return Key(f"{_FAMILY}{request_id}", str(number))


def _in_place(item: Item) -> OpenEnd | None:
    """The end of the item; None for one that was not written as that of its key."""
    try:
        end = _end(item)
    except (KeyError, TypeError, ValueError):
        return None
    return end if _key(end.request_id, end.number) == Key(item["pk"], item["sk"]) else None


def _said(end: OpenEnd) -> Item:
    """What is written of it; None is absence."""
    return {
        **{name: getattr(end, name) or None for name in _TEXTS},
        **{name: to_text(getattr(end, name)) for name in _MOMENTS},
        "account": end.account,
        "region": end.region,
        "state": end.state,
        "number": end.number,
        "is_missing": end.is_missing or None,
        "due_bucket": _BUCKET if end.due_at else None,
        "due_at": end.due_at and to_text(end.due_at),
        "revision": end.revision,
    }


def _end(item: Item) -> OpenEnd:
    return OpenEnd(
        **{name: item.get(name, "") for name in _TEXTS},
        since=to_moment(item["since"]),
        expires_at=to_moment(item["expires_at"]),
        gone_by=to_moment(item["gone_by"]),
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        state=EndState(item["state"]),
        number=item["number"],
        is_missing=item.get("is_missing", False),
        due_at=to_moment(item["due_at"]) if "due_at" in item else None,
        revision=item["revision"],
    )
