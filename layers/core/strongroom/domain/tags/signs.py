"""What the record of a creation shows beside a name: of which type it is, how it came about, in what, and limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from strongroom.domain.calls import values_at
from strongroom.domain.catalogue.facets.creations import Cover, Creation, Kind, Sign
from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import TYPES

# Under this principal AWS Backup restores (public records of 2022 and 2025).
_AWS_BACKUP: Final = "backup.amazonaws.com"
_ENGINES: Final = Sign(paths=("response.engine", "request.engine"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The two documents of a call's record; either may be missing."""

    request: Mapping[str, Any] | None
    response: Mapping[str, Any] | None

    def at(self, path: str) -> tuple[str, ...]:
        """What a path that begins with `request.` or `response.` leads to, as texts."""
        side, _, rest = path.partition(".")
        document = self.request if side == "request" else self.response
        return tuple(_text(value) for value in values_at(document, rest) if isinstance(value, str | int))

    def shows(self, sign: Sign) -> bool:
        """Whether the sign is there."""
        return any(_fits(text, sign.values) for text in self._texts(sign))

    def lacks(self, sign: Sign) -> bool:
        """Whether the sign is not there."""
        return not self.shows(sign)

    def first(self, paths: Iterable[str]) -> str | None:
        """The first text at the first path that leads to one."""
        return next((text for path in paths for text in self.at(path) if text), None)

    def _texts(self, sign: Sign) -> Iterable[str]:
        return (text for path in sign.paths for text in self.at(path))


def type_of(row: ResourceType, record: Record) -> ResourceType:
    """The row itself, or among those that share its ARN the one whose engine the record tells."""
    engine = record.first(_ENGINES.paths)
    if not row.engines or engine is None:
        return row
    alike = (each for each in TYPES if each.arn == row.arn)
    return next((each for each in alike if _fits(engine, each.engines)), row)


def kind_of(creation: Creation, record: Record, *, invoked_by: str | None) -> Kind:
    """What the call did: by its signs, by who called, else by its name."""
    told = next((kind for sign, kind in creation.kind_when if record.shows(sign)), creation.kind)
    return Kind.RESTORE if told is Kind.CREATION and invoked_by == _AWS_BACKUP else told


def cover_of(creation: Creation, record: Record) -> str | None:
    """What holds the thing that was made, where that is no resource of its own."""
    cover = next((each for each in creation.covers if record.shows(each.sign)), None)
    return None if cover is None else _said(cover, record)


def limits_of(row: ResourceType, record: Record) -> tuple[Limit, ...]:
    """What the record already says that backups or copies of the thing cannot do."""
    told = (each for each in row.limits if each.shown or each.read is None)
    return tuple(each for each in told if _is_met(each, record))


def _is_met(limit: Limit, record: Record) -> bool:
    return all(record.shows(sign) for sign in limit.shown) and all(record.lacks(sign) for sign in limit.missing)


def _said(cover: Cover, record: Record) -> str:
    named = record.first(cover.named_at)
    return cover.by if named is None else f"{cover.by} {named}"


def _fits(text: str, patterns: tuple[str, ...]) -> bool:
    return bool(text) and (not patterns or any(fnmatchcase(text, pattern) for pattern in patterns))


def _text(value: str | int) -> str:
    # The record of a boolean is one, in JSON; a pattern spells it as JSON does.
    return value if isinstance(value, str) else str(value).lower()
