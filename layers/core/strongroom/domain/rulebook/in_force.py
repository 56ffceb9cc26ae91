"""Which rules were in force when, as it is written down beside the rules themselves: `strongroom-rules-in-force/1`.

Each record holds from its time on, until the next one does. While the functions still carry rules that the file has
changed, both stand in it: nobody can say to the second when a deployment took hold.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.rulebook.trust import InForce, rules_in_force
from strongroom.domain.written import moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.intent.model import Intent

FORMAT: Final = "strongroom-rules-in-force/1"
_PARTS: Final = 3

type _Span = tuple[datetime, datetime | None]


class RulesRecord(Struct, frozen=True, kw_only=True):
    """The rules that held from `at` on, and the digest of what two governors signed where some of them are looser."""

    text: str
    at: datetime
    policies: tuple[InForce, ...]
    agreed: str = ""


def record_text(intents: Iterable[Intent], *, at: datetime, agreed: str = "") -> str:
    """The record of that moment: the rules of every place of these intents, with those that are to come."""
    held = {canonical_text(each.written): each for intent in intents for each in rules_in_force(intent, at=at)}
    return canonical_text(
        {
            "at": moment_text(at),
            "format": FORMAT,
            "policies": [held[name].written for name in sorted(held)],
            **({"agreed": agreed} if agreed else {}),
        }
    )


def read_record(text: str) -> RulesRecord:
    """The record of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("at", "format", "policies"), known=("agreed",))
    if content["format"] != FORMAT:
        raise MalformedRecordError(f"the record is not of the format {FORMAT}")
    policies = content["policies"]
    if not isinstance(policies, list):
        raise MalformedRecordError("policies is not a list")
    return RulesRecord(
        text=text,
        at=moment_of(content["at"], of="at"),
        policies=tuple(_in_force(each) for each in policies),
        agreed=text_of(content["agreed"], of="agreed") if "agreed" in content else "",
    )


def records_among(texts: Iterable[str]) -> tuple[RulesRecord, ...]:
    """The records among whatever is kept of rules, the earliest first."""
    return tuple(sorted(_records(texts), key=lambda record: (record.at, record.text)))


def texts_in_force(intents: Iterable[Intent], *, at: datetime) -> Mapping[str, str]:
    """The rules of every place of these intents by their digest, those that are to come among them."""
    return {held.digest: held.text for intent in intents for held in rules_from(intent, at=at)}


def is_recorded(intents: Iterable[Intent], record: RulesRecord | None) -> bool:
    """Whether the newest record says already which rules these intents hold; what passkeys change is in it, too."""
    return record is not None and record_text(intents, at=record.at, agreed=record.agreed) == record.text


def periods_of(records: Iterable[RulesRecord]) -> tuple[InForce, ...]:
    """When which rules were in force, by records in the order of their time; the last one has no end."""
    ordered = tuple(records)
    held: dict[str, list[_Span]] = {}
    for record, later in zip_longest(ordered, ordered[1:]):
        end = None if later is None else later.at
        for each in record.policies:
            span = (max(record.at, each.since or record.at), _earlier(end, each.until))
            if span[1] is None or span[0] < span[1]:
                held.setdefault(each.digest, []).append(span)
    return tuple(InForce(digest, *span) for digest, spans in held.items() for span in _merged(spans))


def _records(texts: Iterable[str]) -> Iterator[RulesRecord]:
    for text in texts:
        try:
            yield read_record(text)
        except MalformedRecordError:
            continue  # rules, or what governors signed: each kind is known by its own format


def _in_force(content: Any) -> InForce:
    if not isinstance(content, list) or len(content) != _PARTS:
        raise MalformedRecordError("rules are named by their digest, from when and until when")
    digest, since, until = content
    return InForce(
        text_of(digest, of="a digest"),
        since=None if since is None else moment_of(since, of="a time"),
        until=None if until is None else moment_of(until, of="a time"),
    )


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    """The earlier of two ends, where None is none."""
    return min((moment for moment in (first, second) if moment is not None), default=None)


def _merged(spans: Iterable[_Span]) -> Iterator[_Span]:
    """The same, those that meet or overlap made one."""
    [since, until], *others = sorted(spans, key=lambda span: span[0])
    for begin, end in others:
        if until is not None and begin > until:
            yield since, until
            since, until = begin, end
        else:
            until = None if until is None or end is None else max(until, end)
    yield since, until
