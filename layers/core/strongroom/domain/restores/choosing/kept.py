"""The candidates as they were when a restore was asked for: kept in the request, for those who decide to read.

They stand in what is signed and decide nothing. Which backup is restored, the request says itself; its row is the one
that has it among its ways.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.values import asdict
from strongroom.domain.written import count_of, moment_of, moment_text, record_of, text_of, texts_of


class Unread(Struct, frozen=True, kw_only=True):
    """A list that could not be read: what lies there is not among the candidates."""

    vault: str
    reason: str


class KeptWay(Struct, frozen=True, kw_only=True):
    """A way back; of `minutes` nobody knows where they are None."""

    recovery_point: str
    vault: str
    plan: str
    storage: str
    minutes: int | None = None
    measured: bool = False


class KeptRow(Struct, frozen=True, kw_only=True):
    """One backup with its ways, the best first; `why_not` says why it is not offered, and is empty where it is.

    Of what is not offered nobody has worked out what it loses, and maybe not of when it is.
    """

    ways: tuple[KeptWay, ...]
    scan: str
    instant: datetime | None = None
    minutes_lost: int | None = None
    verified: bool | None = None
    scanned_at: datetime | None = None
    marks: tuple[str, ...] = ()
    why_not: str = ""

    def way_of(self, recovery_point: str, vault: str) -> KeptWay | None:
        """The way that begins at that recovery point in that vault; None where none does."""
        return next((way for way in self.ways if (way.recovery_point, way.vault) == (recovery_point, vault)), None)


class KeptCandidates(Struct, frozen=True, kw_only=True):
    """The rows that were not later than `before`, and behind them what was chosen where it is none of those.

    `more` backups could have been restored as well.
    """

    before: datetime
    rows: tuple[KeptRow, ...]
    more: int
    unread: tuple[Unread, ...]


def written_candidates(kept: KeptCandidates) -> dict[str, Any]:
    """The candidates in plain types; what is not known is left out."""
    return {
        "before": moment_text(kept.before),
        "rows": [_written_row(row) for row in kept.rows],
        "more": kept.more,
        "unread": [asdict(each) for each in kept.unread],
    }


def read_candidates(content: Any) -> KeptCandidates:
    """What `written_candidates` wrote; MalformedRecordError for anything else."""
    said = record_of(content, needed=("before", "rows", "more", "unread"))
    return KeptCandidates(
        before=moment_of(said["before"], of="before"),
        rows=tuple(_read_row(each) for each in _list(said["rows"], of="rows", least=0)),
        more=count_of(said["more"], of="more"),
        unread=tuple(_read_unread(each) for each in _list(said["unread"], of="unread", least=0)),
    )


def _written_row(row: KeptRow) -> dict[str, Any]:
    return _known(
        ways=[_known(**asdict(way)) for way in row.ways],
        scan=row.scan,
        instant=None if row.instant is None else moment_text(row.instant),
        minutes_lost=row.minutes_lost,
        verified=row.verified,
        scanned_at=None if row.scanned_at is None else moment_text(row.scanned_at),
        marks=list(row.marks) or None,
        why_not=row.why_not or None,
    )


def _read_row(content: Any) -> KeptRow:
    optional = ("instant", "minutes_lost", "verified", "scanned_at", "marks", "why_not")
    said = record_of(content, needed=("ways", "scan"), known=optional)
    return KeptRow(
        ways=tuple(_read_way(each) for each in _list(said["ways"], of="ways", least=1)),
        scan=text_of(said["scan"], of="scan"),
        instant=moment_of(said["instant"], of="instant") if "instant" in said else None,
        minutes_lost=count_of(said["minutes_lost"], of="minutes_lost") if "minutes_lost" in said else None,
        verified=_flag(said["verified"], of="verified") if "verified" in said else None,
        scanned_at=moment_of(said["scanned_at"], of="scanned_at") if "scanned_at" in said else None,
        marks=texts_of(said.get("marks", []), of="marks"),
        why_not=text_of(said["why_not"], of="why_not") if "why_not" in said else "",
    )


def _read_way(content: Any) -> KeptWay:
    texts = ("recovery_point", "vault", "plan", "storage")
    said = record_of(content, needed=(*texts, "measured"), known=("minutes",))
    return KeptWay(
        **{name: text_of(said[name], of=name) for name in texts},
        minutes=count_of(said["minutes"], of="minutes") if "minutes" in said else None,
        measured=_flag(said["measured"], of="measured"),
    )


def _read_unread(content: Any) -> Unread:
    said = record_of(content, needed=("vault", "reason"))
    return Unread(vault=text_of(said["vault"], of="vault"), reason=text_of(said["reason"], of="reason"))


def _known(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _list(content: Any, *, of: str, least: int) -> list[Any]:
    if not isinstance(content, list) or len(content) < least:
        raise MalformedRecordError(f"{of} is not a list of at least {least}")
    return content


def _flag(content: Any, *, of: str) -> bool:
    if not isinstance(content, bool):
        raise MalformedRecordError(f"{of} is neither true nor false")
    return content
