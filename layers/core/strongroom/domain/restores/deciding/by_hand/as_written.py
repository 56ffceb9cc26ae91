"""Metadata that a person writes: sent letter by letter, and refused for all that is refused of any kind.

Of a kind that is restored by hand no key is known, so that none can be judged by what it means. Judged is what no
restore may say: what the table says of a key of that name in any kind, what a name speaks of in words, and where a
value leads to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import Arn
from strongroom.domain.partitions import partition_of
from strongroom.domain.restores.deciding.by_hand.judging_names import judge_name
from strongroom.domain.restores.deciding.circumstances import check_circumstances
from strongroom.domain.restores.deciding.dangers import dangers_of
from strongroom.domain.restores.deciding.decision import Danger, Fault, RestoreDecision, verdict_of
from strongroom.domain.restores.deciding.reading import UnreadableError, arns_in, read_json, write_json
from strongroom.domain.restores.deciding.saying import read_as_written
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import Grade, RestoreKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.restores.deciding.case import RestoreCase

# So much fits into a message in chat, in which each key is a part of its own, and no value is cut off.
MOST_KEYS: Final = 30
LONGEST_VALUE: Final = 1500
MOST_CHARACTERS: Final = 4000
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,127}")
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
_JSON: Final = ("{", "[")
_AWS_KEYS: Final = "alias/aws/"
_IN_NETWORK: Final = re.compile(r"(?:sg|subnet|vpc)-[0-9a-z]+", re.IGNORECASE)


def decide_as_written(kind: RestoreKind, case: RestoreCase) -> RestoreDecision:
    """All that was written, each key a risk, or all that is wrong with it; the stricter rule decides in any case."""
    sheet = Sheet(case)
    _check_allowed(kind, sheet)
    said = read_as_written(case.wishes, sheet=sheet)
    check_size(said, sheet)
    for key, value in said.items():
        check_written(key, value, own=kind.own_words, sheet=sheet)
        sheet.warn(Danger.AS_WRITTEN, f"{key} is sent as it is written: {value}")
    _check_target(kind, said, sheet)
    return decision_on(kind, said, sheet, steps=kind.steps)


def decision_on(kind: RestoreKind, said: dict[str, str], sheet: Sheet, *, steps: tuple[str, ...]) -> RestoreDecision:
    """What comes of all that was written, once each part of it was judged; `steps` are left to do afterwards."""
    check_circumstances(kind, into_existing=False, sheet=sheet)
    risks = dangers_of(kind, values={}, into_existing=False, steps=len(steps), sheet=sheet)
    refusals = sheet.refusals
    return RestoreDecision(
        verdict=verdict_of(refusals, risks),
        metadata=() if refusals else tuple(sorted(said.items())),
        risks=risks,
        refusals=refusals,
        steps=steps,
    )


def _check_allowed(kind: RestoreKind, sheet: Sheet) -> None:
    """It is a kind that no machine makes metadata for, and the place's profile names it."""
    if kind.grade is not Grade.BY_HAND:
        why = f"the metadata of {kind.name} are made by its table: say single ones, and not all of them"
        sheet.refuse(Fault.NOT_BY_HAND, why)
    elif kind.name not in sheet.case.limits.raw:
        target = sheet.case.target
        why = f"the profile of {target.account} in {target.region} does not let {kind.name} be restored by hand: write"
        sheet.refuse(Fault.HAND_NOT_ALLOWED, f"{why} `raw: [{kind.name}]` there, which two governors sign")


def check_size(said: dict[str, str], sheet: Sheet) -> None:
    """There is something, and no more than people read."""
    characters = sum(len(key) + len(value) for key, value in said.items())
    if not sheet.case.wishes:
        sheet.refuse(Fault.BAD_VALUE, "no metadata are written, and AWS Backup restores nothing without")
    if len(sheet.case.wishes) > MOST_KEYS:
        sheet.refuse(Fault.BAD_VALUE, f"more than {MOST_KEYS} keys are written, which nobody reads")
    if characters > MOST_CHARACTERS:
        sheet.refuse(
            Fault.BAD_VALUE, f"{characters:,} characters are written, and at most {MOST_CHARACTERS:,} are read"
        )


def check_written(key: str, value: str, *, own: tuple[str, ...], sheet: Sheet) -> None:
    """One key with its value, and every key inside of the value; `own` words are known to mean no harm."""
    if _KEY.fullmatch(key) is None:
        sheet.refuse(
            Fault.UNKNOWN_KEY, f"{key[:80]} can be no key of a restore by hand: a letter, then letters and digits"
        )
    if not value.isascii() or "\\" in value or len(value) > LONGEST_VALUE:
        why = f"must be {LONGEST_VALUE:,} visible characters of ASCII at most, none of them a backslash"
        sheet.refuse(Fault.BAD_VALUE, f"{key} {why}", key=key)
        return
    _check_place(key, value, sheet=sheet)
    judge_name(key, value, own=own, sheet=sheet)
    if not value.lstrip().startswith(_JSON):
        return
    try:
        content = read_json(value)
    except UnreadableError:
        sheet.refuse(Fault.BAD_VALUE, f"{key} must be JSON, each key once, as it begins so", key=key)
        return
    for inner, each in _said_inside(content):
        judge_name(inner, each, own=own, sheet=sheet, path=key)


def _said_inside(content: Any) -> Iterator[tuple[str, str]]:
    """Every key in it with its value as it would stand outside of JSON."""
    match content:
        case list():
            for each in content:
                yield from _said_inside(each)
        case dict():
            for name, each in content.items():
                yield name, each if isinstance(each, str) else write_json(each)
                yield from _said_inside(each)


def _check_place(key: str, value: str, *, sheet: Sheet) -> None:
    """What the value leads to lies in the target's account and Region, under its keys and in its network."""
    case = sheet.case
    if "://" in value:
        sheet.refuse(Fault.FOREIGN_PLACE, f"{key} holds an address, and nothing is restored to or from one", key=key)
    if _AWS_KEYS in value.lower():
        sheet.refuse(Fault.AWS_KEY, f"{key} names a key of AWS's own, which can be given to nobody", key=key)
    for arn in arns_in(value):
        if not _is_own(arn, sheet=sheet):
            why = f"{key} lies outside of account {case.target.account} in {case.target.region}, or names no place"
            sheet.refuse(Fault.FOREIGN_PLACE, why, key=key)
        elif Arn.parse(arn).service == "kms" and arn not in case.profile.keys:
            sheet.refuse(Fault.NOT_IN_PROFILE, f"{key} names a key that the profile has not", key=key)
    for found in _IN_NETWORK.findall(value):
        if not any(found in _texts(each) for choices in case.profile.places.values() for each in choices):
            sheet.refuse(Fault.NOT_IN_PROFILE, f"{key} names {found[:40]}, which the profile has not", key=key)


def _texts(choice: str | tuple[str, ...]) -> tuple[str, ...]:
    return (choice,) if isinstance(choice, str) else choice


def _is_own(arn: str, *, sheet: Sheet) -> bool:
    """Whether it names account and Region, and both are the target's: what names none, or many, may be anybody's."""
    target = sheet.case.target
    try:
        place = Arn.parse(arn)
    except MalformedIdentifierError:
        return False
    own = (partition_of(target.region).name, target.account, target.region)
    is_one = place.service == place.service.lower() and not set(arn) & set("*?")
    return (place.partition, place.account, place.region) == own and is_one and place.service not in ("iam", "sts")


def _check_target(kind: RestoreKind, said: dict[str, str], sheet: Sheet) -> None:
    """What people call the target is what the metadata name: nobody approves one name, and gets another."""
    name = sheet.case.target.name
    if re.fullmatch(_NAME, name) is None:
        why = "begin with a letter or digit, then letters, digits, dots, hyphens and underscores, at most 128"
        sheet.refuse(Fault.BAD_NAME, f"{name[:80]!r} cannot be the name of what is restored: {why}")
        return
    naming = {key: value for key, value in said.items() if _names_target(kind, key)}
    if {re.split(r"[:/]", value)[-1] for value in naming.values()} != {name}:
        keys = " and ".join(kind.named_by) or "a key that ends in Name, Identifier or Id"
        sheet.refuse(Fault.BAD_NAME, f"{name} is not what the metadata name: {keys} must be it, and no other")


def _names_target(kind: RestoreKind, key: str) -> bool:
    """Whether the key says what is restored or overwritten; of a kind of which nobody knows it, by its own name."""
    if kind.named_by:
        return key.lower() in map(str.lower, kind.named_by)
    return key.lower().endswith(("name", "identifier", "id"))
