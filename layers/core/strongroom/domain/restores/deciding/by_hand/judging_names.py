"""What a key's name alone tells about its value, where nothing else is known of the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.restores.deciding.decision import Fault
from strongroom.domain.restores.deciding.reading import texts_of
from strongroom.domain.restores.kinds.anywhere import folded_name, said_anywhere
from strongroom.domain.restores.kinds.model import Barred, Use
from strongroom.domain.restores.kinds.secret_names import FLAGS, SECRET_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.restores.deciding.case import Choice, RestoreCase
    from strongroom.domain.restores.deciding.sheet import Sheet
    from strongroom.domain.restores.kinds.anywhere import Placed

_PLACED: Final = (Use.PLACE, Use.OFFER)
_UNSENT: Final = (Use.NEVER, Use.ROLE, Use.DEVICES)


class Word(Struct, frozen=True):
    """What a folded name speaks of that has one of the `parts`, patterns, in it, and the values that are let through.

    `fault` and `why` tell of any other value.
    """

    parts: tuple[str, ...]
    fault: Fault
    why: str
    allowed: Callable[[RestoreCase], tuple[str, ...]] = lambda _: ()


WORDS: Final = (
    Word(("bucket", "s3"), Fault.EXPORT, "names a bucket, and nothing is restored by hand out of or into one"),
    Word(("export", "url", "(?<!sec)uri", "endpoint", "callback", "webhook"), Fault.EXPORT, "leads out of the account"),
    Word(("role", "instanceprofile"), Fault.ROLE, "names a role, and what is restored gets none"),
    Word(("userdata", "command", "cloudinit", "script(?!ion)"), Fault.CODE, "would run code"),
    Word(
        SECRET_PARTS,
        Fault.FORBIDDEN_KEY,
        "would be read by everybody who reads the evidence",
        allowed=lambda _: FLAGS,
    ),
    Word(("public", "internet"), Fault.FORBIDDEN_KEY, "is always false", allowed=lambda _: ("false",)),
    Word(
        ("policy", "(?<!or)acl", "share", "grant", "principal", "cidr"),
        Fault.FORBIDDEN_KEY,
        "lets others in",
        allowed=lambda _: ("false",),
    ),
    Word(
        ("account", "owner"),
        Fault.FOREIGN_PLACE,
        "is no account but the one that is restored into",
        allowed=lambda case: (case.target.account,),
    ),
    Word(
        ("kms", "cmk", "encryptionkey", "masterkey", "keyid"),
        Fault.NOT_IN_PROFILE,
        "is none of the keys that the profile has",
        allowed=lambda case: case.profile.keys,
    ),
)
_SPEAKS: Final = re.compile("|".join(part for word in WORDS for part in word.parts))
_ENCRYPTED: Final = "encrypt"
_NOT_ENCRYPTED: Final = "unencrypt"


def judge_name(name: str, value: str, *, own: tuple[str, ...], sheet: Sheet, path: str = "") -> None:
    """Note what is wrong with that value of a key of that name; the kind's `own` words are known to mean no harm."""
    fold, told = folded_name(name), f"{path}.{name}" if path else name
    if fold in map(folded_name, own):
        return
    _judge_entries(told, value, said_anywhere(fold), sheet=sheet)
    for word in WORDS:
        if any(re.search(part, fold) for part in word.parts) and value not in word.allowed(sheet.case):
            sheet.refuse(word.fault, f"{told} {word.why}", key=told)
    if (_ENCRYPTED in fold and value not in ("true", *sheet.case.profile.keys)) or _NOT_ENCRYPTED in fold:
        sheet.refuse(Fault.FORBIDDEN_KEY, f"{told} is always true", key=told)


def opens_or_places(name: str, value: str, *, own: tuple[str, ...]) -> bool:
    """Whether it is more than a job may add unasked: it places, encrypts, opens, lends rights, or leads elsewhere."""
    fold = folded_name(name)
    is_judged = any(key.is_judged for _, key in said_anywhere(fold))
    is_grave = is_judged or _SPEAKS.search(fold) is not None
    return fold not in map(folded_name, own) and is_grave and value.lower() not in ("", "false")


def _judge_entries(told: str, value: str, entries: tuple[Placed, ...], *, sheet: Sheet) -> None:
    """By the strictest that the table says of the name in any kind."""
    uses = {key.use for _, key in entries}
    allowed = {key.value for _, key in entries if key.use is Use.FIXED} | {key.harmless for _, key in entries} - {""}
    if Use.KEY in uses:
        if value not in sheet.case.profile.keys:
            sheet.refuse(Fault.NOT_IN_PROFILE, f"{told} is none of the keys that the profile has", key=told)
    elif uses & set(_PLACED):
        choices = tuple(each for path, key in entries if key.use in _PLACED for each in sheet.choices(path))
        if not _is_one_of(value, choices):
            sheet.refuse(Fault.NOT_IN_PROFILE, f"{told} is none of those that the profile has", key=told)
    elif allowed:
        if value not in allowed:
            sheet.refuse(Fault.FORBIDDEN_KEY, f"{told} is always {' or '.join(sorted(allowed))}", key=told)
    elif uses & set(_UNSENT):
        barred = {key.barred for _, key in entries if key.use in _UNSENT}
        fault = Fault(min(barred - {Barred.FORBIDDEN} or barred))
        sheet.refuse(fault, f"{told} is not to be asked for here", key=told)


def _is_one_of(value: str, choices: tuple[Choice, ...]) -> bool:
    named = sorted(texts_of(value) or (value,))
    return any(sorted((each,) if isinstance(each, str) else each) == named for each in choices)
