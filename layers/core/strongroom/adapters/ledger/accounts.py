"""Accounts in the ledger: `ACCOUNT#<id>` / `STATE`; those that are to be judged again carry the sparse index.

Where an account was read to stand, and which execution sees to it, stands beside that, under `ONBOARDING`.

Whether their forwarders are heard stands beside that, under `BEAT#<region>`, and is looked at by the sweep.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from strongroom.adapters.ledger.changes import AllOf, AnyOf, AtMost, Change, Condition, Equals, Exists, Key, absent
from strongroom.adapters.ledger.due import due_bucket
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount, Membership
from strongroom.domain.accounts.onboarding import Onboarding
from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.health.heartbeats import BeatKey, BeatState, Heartbeat
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent

# Its name is from when only those that are not ready stood there.
_TO_JUDGE: Final = "account-not-ready"
_EVER: Final = "9999"
_COMPARED: Final = Key("MARK#accounts", "compared")
_ACCOUNT: Final = "ACCOUNT#"
_BEAT: Final = "BEAT#"


class LedgerAccounts:
    """The account book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        item = self._table.get(_key(account))
        return None if item is None else _known(item)

    def record(
        self,
        verdict: AccountVerdict,
        *,
        not_ready_since: datetime | None,
        now: datetime,
        again_at: datetime | None = None,
    ) -> bool:
        """Remember the verdict, and when to judge again; False where a later one is there already."""
        judged = {
            "account": verdict.account,
            "state": verdict.state,
            "reason": verdict.reason,
            "missing": list(verdict.missing),
            "target_unit": verdict.unit or "",
            "account_name": verdict.name or None,
            "owner": verdict.owner or None,
            "units": list(verdict.units),
            "assessed_at": to_text(now),
        }
        since = None if not_ready_since is None else to_text(not_ready_since)
        again = None if again_at is None else to_text(again_at)
        watched = {"not_ready_since": since, "due_bucket": again and _TO_JUDGE, "due_at": again}
        written = self._table.change(
            _key(verdict.account),
            Change(set=judged | watched, when=AnyOf(absent("assessed_at"), AtMost("assessed_at", to_text(now)))),
        )
        return written is not None

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        """Have the account judged again, whatever it was judged to be; one that never was judged stays unknown."""
        waiting = {"due_bucket": _TO_JUDGE, "due_at": to_text(now)}
        self._table.change(_key(account), Change(set=waiting, when=Exists("assessed_at")))

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that are to be judged again at `until` or before, the longest waiting first."""
        for listed in self._table.due(bucket=_TO_JUDGE, until=to_text(until)):
            item = self._table.get(_key(AccountId(listed["account"])))
            if item is not None and item.get("due_at", "") == listed["due_at"]:
                yield _known(item)

    def governed(self) -> Iterator[AccountId]:
        """Every account that was judged ready or not ready last."""
        for listed in self._table.due(bucket=_TO_JUDGE, until=_EVER):
            yield AccountId(listed["account"])

    def compared_at(self) -> datetime | None:
        """When the list of all accounts was held against the book last."""
        item = self._table.get(_COMPARED)
        return None if item is None else to_moment(item["compared_at"])

    def note_comparison(self, *, at: datetime) -> None:
        """Remember that it was."""
        self._table.put(_COMPARED.item | {"compared_at": to_text(at)})


class LedgerOnboardings:
    """The book of accounts on their way to being ready, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> Onboarding | None:
        """What is remembered, None of an account that was never read."""
        item = self._table.get(_onboarding_key(account))
        return None if item is None or "placed_at" not in item else _onboarding(account, item)

    def place(self, account: AccountId, membership: Membership | None, *, at: datetime) -> None:
        """Remember where it stood at that moment, unless it was read later; either raises its generation."""
        key, moment = _onboarding_key(account), to_text(at)
        stood = {
            "account": account,
            "placed_at": moment,
            "units": None if membership is None else list(membership.units),
            "status": None if membership is None else membership.status,
            "account_name": None if membership is None else membership.name or None,
        }
        is_later = AnyOf(absent("placed_at"), AtMost("placed_at", moment))
        if self._table.change(key, Change(set=stood, add={"generation": 1}, when=is_later)) is None:
            self._table.change(key, Change(add={"generation": 1}, when=Exists("placed_at")))

    def claim(self, account: AccountId, execution: str, *, until: datetime, now: datetime) -> bool:
        """Take the account, or keep it, until that moment; False while another execution has it."""
        is_free = AnyOf(absent("claim"), Equals("claim", execution), AtMost("claimed_until", to_text(now)))
        claimed = {"claim": execution, "claimed_until": to_text(until)}
        return self._table.change(_onboarding_key(account), Change(set=claimed, when=is_free)) is not None

    def release(self, account: AccountId, execution: str, *, generation: int | None = None) -> bool:
        """Give the account up; False where it is another's, or its generation is not this one any more."""
        is_ours: Condition = Equals("claim", execution)
        if generation is not None:
            is_ours = AllOf(is_ours, Equals("generation", generation))
        ended = {"ended": execution, "claim": None, "claimed_until": None}
        return self._table.change(_onboarding_key(account), Change(set=ended, when=is_ours)) is not None


class LedgerHeartbeats:
    """The book of heartbeats that must be heard."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, key: BeatKey) -> Heartbeat | None:
        """The heartbeat as it is expected, or None where none was yet."""
        item = self._table.get(_beat_key(key))
        return None if item is None else _to_beat(item)

    def of_account(self, account: AccountId) -> Iterator[Heartbeat]:
        """Those of every forwarder of the account that was ever expected to beat."""
        return map(_to_beat, self._table.under(_key(account).pk, prefix=_BEAT))

    def keep(self, beat: Heartbeat, *, was: Heartbeat | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
        key = _beat_key(beat.key)
        if was is None:
            return self._table.put_new(key.item | {"account": beat.account, "region": beat.region} | _standing(beat))
        return self._table.change(key, Change(set=_standing(beat), when=Equals("revision", was.revision))) is not None


def beat_key(item: Item) -> BeatKey:
    """Which heartbeat an item of the index `due` is."""
    return BeatKey(AccountId(item["pk"].removeprefix(_ACCOUNT)), Region(item["sk"].removeprefix(_BEAT)))


class LedgerOwners:
    """Whom what is wrong in an account concerns, by how it was judged last."""

    def __init__(self, table: Table, *, intent: Intent) -> None:
        """`table` is the ledger's; the intent says who is asked where an account's own tag does not."""
        self._table = table
        self._intent = intent

    def of(self, account: AccountId) -> Whose | None:
        """Its name, the owner that its tag or the intent names, and its target; None where nothing is known of it."""
        item = self._table.get(_key(account)) or {}
        target = self._intent.target_of(account, item.get("units", ()))
        whose = Whose(
            account_name=item.get("account_name", ""),
            owner=item.get("owner") or (target and target.contact) or "",
            unit=target.name if target else "",
        )
        return whose if whose != Whose() else None


def _key(account: AccountId) -> Key:
    return Key(f"{_ACCOUNT}{account}", "STATE")


def _onboarding_key(account: AccountId) -> Key:
    return Key(f"{_ACCOUNT}{account}", "ONBOARDING")


def _onboarding(account: AccountId, item: Item) -> Onboarding:
    until = item.get("claimed_until")
    membership = None
    if "status" in item:
        membership = Membership(
            status=item["status"], units=tuple(item.get("units", ())), name=item.get("account_name", "")
        )
    return Onboarding(
        account=account,
        membership=membership,
        placed_at=to_moment(item["placed_at"]),
        generation=item["generation"],
        claim=item.get("claim", ""),
        claimed_until=None if until is None else to_moment(until),
        ended=item.get("ended", ""),
    )


def _beat_key(key: BeatKey) -> Key:
    return Key(f"{_ACCOUNT}{key.account}", f"{_BEAT}{key.region}")


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


def _known(item: Item) -> KnownAccount:
    since = item.get("not_ready_since")
    return KnownAccount(
        account=AccountId(item["account"]),
        state=AccountState(item["state"]),
        units=tuple(item["units"]),
        assessed_at=to_moment(item["assessed_at"]),
        not_ready_since=None if since is None else to_moment(since),
        name=item.get("account_name", ""),
        owner=item.get("owner", ""),
    )
