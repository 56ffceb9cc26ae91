"""Inventories in the ledger: `MARK#inventory` / `<run>`, and `SWEEP#<run>` / `<account>#<region>`, how far each is.

Which lists of an account are refused, and since when, outlives the run: `SWEEP#refused` / `<account>`. An account that
is to be gone through soon is `SWEEP#owed` / `<account>`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.runs import Mark, Place, Run

_RUNS: Final = "MARK#inventory"
_REFUSED: Final = "SWEEP#refused"
_OWED: Final = "SWEEP#owed"
# So many are looked at, of those that are kept.
_LATEST: Final = 20
_KEPT: Final = timedelta(days=30)


class LedgerInventories:
    """The book of inventories, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def runs(self) -> tuple[Run, ...]:
        """Those of the last days, the latest first, and the last of all accounts among them."""
        found: list[Run] = []
        for item in self._table.newest(_RUNS):
            found.append(_run(item))
            if len(found) >= _LATEST and any(run.is_whole for run in found):
                break
        return tuple(found)

    def find_run(self, run: str) -> Run | None:
        """The run of this id."""
        item = self._table.get(Key(_RUNS, run))
        return None if item is None else _run(item)

    def keep_run(self, run: Run) -> None:
        """Write how far a run is."""
        self._table.put(Key(_RUNS, run.id).item | _run_written(run))

    def marks(self, run: str) -> Iterator[Mark]:
        """How far each place of the run is where somebody has begun."""
        return (_mark(item, run) for item in self._table.under(_partition(run)))

    def latest(self) -> Run | None:
        """The last inventory of all accounts."""
        return next((run for run in self.runs() if run.is_whole), None)

    def of_account(self, run: str, account: AccountId) -> Iterator[Mark]:
        """How far each Region of an account is."""
        return (_mark(item, run) for item in self._table.under(_partition(run), prefix=f"{account}#"))

    def find(self, place: Place) -> Mark | None:
        """How far the inventory of the place is; None where nobody has begun."""
        item = self._table.get(_key(place))
        return None if item is None else _mark(item, place.run)

    def keep(self, mark: Mark, *, was: Mark | None) -> bool:
        """Write the mark over the one that was read; False when somebody else has moved it since."""
        read = absent("pk") if was is None else Equals("revision", was.revision)
        return self._table.change(_key(mark.place), Change(set=_mark_written(mark), when=read)) is not None

    def owe(self, account: AccountId, *, now: datetime) -> None:
        """Note that nobody has gone through the account as it stands."""
        self._table.put(Key(_OWED, account).item | {"is_owed": True, "expires_at": _expiry(now)})

    def owed(self) -> tuple[AccountId, ...]:
        """The accounts that are to be gone through soon."""
        return tuple(AccountId(item["sk"]) for item in self._table.under(_OWED) if item["is_owed"])

    def begin_owed(self, accounts: Iterable[AccountId]) -> None:
        """Note that an inventory goes through them."""
        for account in accounts:
            self._table.change(Key(_OWED, account), Change(set={"is_owed": False}, when=Equals("sk", account)))

    def refused(self, account: AccountId) -> dict[str, datetime]:
        """Which lists of the account are refused, and since when."""
        item = self._table.get(Key(_REFUSED, account)) or {}
        return {name: to_moment(since) for name, since in item.get("since", {}).items()}

    def keep_refused(self, account: AccountId, since: Mapping[str, datetime]) -> None:
        """Remember that these are, and no others."""
        self._table.put(Key(_REFUSED, account).item | {"since": {name: to_text(each) for name, each in since.items()}})


def _partition(run: str) -> str:
    return f"SWEEP#{run}"


def _key(place: Place) -> Key:
    return Key(_partition(place.run), f"{place.account}#{place.region}")


def _run_written(run: Run) -> Item:
    return {
        "begun_at": to_text(run.begun_at),
        "accounts": list(run.accounts) or None,
        "sent_at": _text(run.sent_at),
        "ended_at": _text(run.ended_at),
        "places": run.places,
        "done": run.done,
        "partly": run.partly,
        "listed": run.listed,
        "found": dict(run.found),
        "expires_at": _expiry(run.begun_at),
    }


def _run(item: Item) -> Run:
    return Run(
        id=item["sk"],
        begun_at=to_moment(item["begun_at"]),
        accounts=tuple(AccountId(each) for each in item.get("accounts", ())),
        sent_at=_moment(item, "sent_at"),
        ended_at=_moment(item, "ended_at"),
        places=item["places"],
        done=item["done"],
        partly=item["partly"],
        listed=item["listed"],
        found=item["found"],
    )


def _mark_written(mark: Mark) -> dict[str, Any]:
    return {
        "account": mark.place.account,
        "region": mark.place.region,
        "left": list(mark.left),
        "token": mark.token,
        "seen_at": to_text(mark.seen_at),
        "ended_at": _text(mark.ended_at),
        "tries": mark.tries,
        "listed": mark.listed,
        "states": dict(mark.states),
        "found": dict(mark.found),
        "unread": dict(mark.unread),
        "refused": list(mark.refused) or None,
        "revision": mark.revision,
        "expires_at": _expiry(mark.seen_at),
    }


def _mark(item: Item, run: str) -> Mark:
    return Mark(
        place=Place(run, AccountId(item["account"]), Region(item["region"])),
        left=tuple(item["left"]),
        token=item.get("token"),
        seen_at=to_moment(item["seen_at"]),
        ended_at=_moment(item, "ended_at"),
        tries=item["tries"],
        listed=item["listed"],
        states=item["states"],
        found=item["found"],
        unread=item["unread"],
        refused=tuple(item.get("refused", ())),
        revision=item["revision"],
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)


def _moment(item: Item, name: str) -> datetime | None:
    return to_moment(item[name]) if name in item else None


def _expiry(moment: datetime) -> int:
    return int((moment + _KEPT).timestamp())
