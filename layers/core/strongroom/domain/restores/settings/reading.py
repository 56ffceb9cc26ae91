"""One call that reads settings of a resource, and what of its answer is kept."""

from enum import StrEnum

from msgspec import Struct


class Afterwards(StrEnum):
    """What becomes of a setting: a restore brings it back, the machine does it afterwards, people do, or nobody can."""

    RESTORED = "restored"
    DONE = "done"
    ASKED = "asked"
    CANNOT = "cannot"


class Reading(Struct, frozen=True, kw_only=True):
    """What is read by `call`, a method of the client of `service`, for which its role needs `action`.

    `by` are the call's parameters, in which `{name}` is the resource's name, `{arn}` its ARN, and `{each}` one text of
    what the setting `each` holds, by its path: the call is then made for each of them. `at` is the path to what is kept
    of the answer, `keeps` are paths below it where not all is kept, and `drops` are keys that are left out at any
    depth, because they change by themselves. Of `pairs` one key says the name and the other the value. `is_policy` is
    JSON in a text. By a code of `none` a service answers that there is none. What becomes of it
    `afterwards` is said of each; of what a restore brings back `lost` are the paths among `keeps` that it does not.
    """

    what: str
    service: str
    call: str
    action: str
    by: tuple[tuple[str, str | tuple[str, ...]], ...]
    at: str = ""
    keeps: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    pairs: tuple[str, str] | None = None
    is_policy: bool = False
    each: str = ""
    none: tuple[str, ...] = ()
    afterwards: Afterwards = Afterwards.CANNOT
    lost: tuple[str, ...] = ()


class Unread(Struct, frozen=True, kw_only=True):
    """What nobody reads, and why."""

    what: str
    reason: str
