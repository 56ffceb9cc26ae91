"""Whether an account's forwarders are heard: `ACCOUNT#<id>` / `BEAT#<region>`, looked at by the sweep."""

from collections.abc import Iterator
from typing import Final

from strongroom.adapters.ledger.accounts.keys import ACCOUNT, account_key
from strongroom.adapters.ledger.changes import Change, Equals, Key
from strongroom.adapters.ledger.due_buckets import due_bucket
from strongroom.adapters.ledger.table import Item, Table, read_item, to_moment, to_text
from strongroom.domain.health.heartbeats import BeatKey, BeatState, Heartbeat
from strongroom.domain.identifiers import AccountId, Region

_BEAT: Final = "BEAT#"


class LedgerHeartbeats:
    """The book of heartbeats that must be heard."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, key: BeatKey) -> Heartbeat | None:
        """The heartbeat as it is expected, or None where none was yet."""
        return read_item(self._table.get(_beat_key(key)), _to_beat)

    def of_account(self, account: AccountId) -> Iterator[Heartbeat]:
        """Those of every forwarder of the account that was ever expected to beat."""
        return map(_to_beat, self._table.under(account_key(account).pk, prefix=_BEAT))

    def keep(self, beat: Heartbeat, *, was: Heartbeat | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
        key = _beat_key(beat.key)
        if was is None:
            return self._table.put_new(key.item | {"account": beat.account, "region": beat.region} | _standing(beat))
        return self._table.change(key, Change(set=_standing(beat), when=Equals("revision", was.revision))) is not None


def beat_key(item: Item) -> BeatKey:
    """Which heartbeat an item of the index `due` is."""
    return BeatKey(AccountId(item["pk"].removeprefix(ACCOUNT)), Region(item["sk"].removeprefix(_BEAT)))


def _beat_key(key: BeatKey) -> Key:
    return Key(f"{ACCOUNT}{key.account}", f"{_BEAT}{key.region}")


def _standing(beat: Heartbeat) -> Item:
    """What of it changes; None is absence."""
    return {
        "state": beat.state,
        "reason": beat.reason or None,
        "expected_since": to_text(beat.expected_since),
        "heard_at": beat.heard_at and to_text(beat.heard_at),
        "due_bucket": beat.due_at and due_bucket(f"{beat.account}/{beat.region}"),
        "due_at": beat.due_at and to_text(beat.due_at),
        "is_doubted": beat.is_doubted or None,
        "untold": beat.untold or None,
        "version": beat.version,
        "revision": beat.revision,
    }


def _to_beat(item: Item) -> Heartbeat:
    return Heartbeat(
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        expected_since=to_moment(item["expected_since"]),
        state=BeatState(item["state"]),
        reason=item.get("reason", ""),
        heard_at=to_moment(item["heard_at"]) if "heard_at" in item else None,
        due_at=to_moment(item["due_at"]) if "due_at" in item else None,
        is_doubted=item.get("is_doubted", False),
        untold=item.get("untold", False),
        version=item["version"],
        revision=item["revision"],
    )
