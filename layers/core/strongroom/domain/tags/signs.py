"""What the record of a creation shows beside a name: of which type it is, how it came about, in what, and limits."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.calls import values_at
from strongroom.domain.catalogue.facets.creations import Cover, Creation, Kind, Origin, Sign
from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import TYPES
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.key_managers import manager_told_by
from strongroom.domain.partitions import partition_of

# Under this principal AWS Backup restores (public records of 2022 and 2025).
_AWS_BACKUP: Final = "backup.amazonaws.com"
_ENGINES: Final = Sign(paths=("response.engine", "request.engine"))
_ID: Final = r"[\w.:/-]{1,255}"
# Under these principals instances are started that a group or a fleet replaces as it likes (public records).
_SCALERS: Final = {
    "autoscaling.amazonaws.com": "Auto Scaling",
    "ec2fleet.amazonaws.com": "a fleet of EC2",
    "spotfleet.amazonaws.com": "a Spot fleet",
}
# Tags of AWS's own, which nobody else can set, on what belongs to one (Amazon EC2 Auto Scaling User Guide, "Tag Auto
# Scaling groups and instances"; Amazon EC2 User Guide, "EC2 Fleet" and "Spot Fleet").
_SCALED: Final = {
    "aws:autoscaling:groupName": "the Auto Scaling group",
    "aws:ec2:fleet-id": "the fleet",
    "aws:ec2spot:fleet-request-id": "the Spot fleet",
}


class Record(Struct, frozen=True, kw_only=True):
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


def cover_of(creation: Creation, record: Record, *, invoked_by: str | None) -> str | None:
    """What holds the thing that was made, where that is no resource of its own."""
    return held_in(creation.covers, record, invoked_by=invoked_by)


def held_in(covers: Iterable[Cover], record: Record, *, invoked_by: str | None = None) -> str | None:
    """What holds the thing by the first of the covers that the record shows."""
    cover = next((each for each in covers if _covers(each, record, invoked_by=invoked_by)), None)
    return None if cover is None else _said(cover, record)


def origins_of(creation: Creation, record: Record, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """The ARNs that what was made may have come from, as the record names them: to be looked up, never to be touched.

    An id is one of the call's own account and Region.
    """
    named = ((origin, text) for origin in creation.origins for path in origin.paths for text in record.at(path))
    arns = (_arn(origin, text, account=account, region=region) for origin, text in named)
    return tuple(dict.fromkeys(arn for arn in arns if arn is not None))


def scaler_of(tags: Mapping[str, str], *, invoked_by: str | None) -> str | None:
    """The group or fleet that replaces the instance as it likes, by the instance's tags, or by who started it."""
    by_tag = (f"{what} {tags[key]}" for key, what in _SCALED.items() if tags.get(key))
    return next(by_tag, _SCALERS.get(invoked_by or ""))


def limits_of(row: ResourceType, record: Record) -> tuple[Limit, ...]:
    """What the record already says that backups or copies of the thing cannot do."""
    told = (each for each in row.limits if each.shown or each.read is None)
    return tuple(each for each in told if _is_met(each, record))


def keys_at(row: ResourceType, record: Record, *, account: AccountId) -> tuple[str, ...]:
    """The key that the thing lies under, as the record names it, where it matters who manages it: one at most.

    Of several names the one that tells by itself.
    """
    paths = (path for each in row.limits if each.of_key for path in each.key_at)
    named = [text for path in dict.fromkeys(paths) for text in record.at(path) if text]
    return (next((each for each in named if manager_told_by(each, account=account)), named[0]),) if named else ()


def limits_in(row: ResourceType, answers: Mapping[str, Mapping[str, Any]]) -> tuple[Limit, ...]:
    """What the answers of the type's service, by the name of the call, say that backups or copies cannot do."""
    asked = ((each, answers.get(each.call), each.unless) for each in row.limits)
    return tuple(
        each
        for each, answer, sign in asked
        if sign is not None and answer is not None and Record(request=None, response=answer).lacks(sign)
    )


def _is_met(limit: Limit, record: Record) -> bool:
    return all(record.shows(sign) for sign in limit.shown) and all(record.lacks(sign) for sign in limit.missing)


def _covers(cover: Cover, record: Record, *, invoked_by: str | None) -> bool:
    if cover.only_from not in {None, invoked_by} or (cover.unless is not None and record.shows(cover.unless)):
        return False
    return record.shows(cover.sign)


def _arn(origin: Origin, text: str, *, account: AccountId, region: Region) -> str | None:
    partition = partition_of(region).name
    if fnmatchcase(text, origin.arn.format(partition=partition, region="*", account="*", id="?*")):
        return text
    if text.startswith("arn:") or not re.fullmatch(_ID, text, re.ASCII):
        return None
    return origin.arn.format(partition=partition, region=region, account=account, id=text)


def _said(cover: Cover, record: Record) -> str:
    named = record.first(cover.named_at)
    return cover.by if named is None else f"{cover.by} {named}"


def _fits(text: str, patterns: tuple[str, ...]) -> bool:
    return bool(text) and (not patterns or any(fnmatchcase(text, pattern) for pattern in patterns))


def _text(value: str | int) -> str:
    # The record of a boolean is one, in JSON; a pattern spells it as JSON does.
    return value if isinstance(value, str) else str(value).lower()
