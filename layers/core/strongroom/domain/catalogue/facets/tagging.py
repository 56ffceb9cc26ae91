"""How a type's tags are written and read back, and what some of the type cannot do."""

from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.facets.creations import Sign


class Pace(Struct, frozen=True, kw_only=True):
    """How many calls a service takes of an account in a Region: a second, and at once."""

    per_second: float
    burst: float


# Where no rate is published.
ASSUMED_PACE: Final = Pace(per_second=10, burst=40)


class Tagging(Struct, frozen=True, kw_only=True):
    """The calls of one client (botocore's name) that see to a type's tags.

    `write`, named as IAM names its action, adds tags, or writes the whole set where it `replaces_set`; None where only
    what we never do would tag it. `instead` adds them where the thing takes `write` no more. `tags` leads to the tags
    in the answer of `read`. `when` says from when on the type takes tags; `not_yet` and `gone` are the codes by which
    its service says so. `rate` is the published limit of `write`, None where there is none, and `pace` is what we keep
    to; one `write` takes so many `at_once`. `is_shown_late` where a tag that was written is not shown at once. Of an
    `is_listed_by_tag` type GetResources of the tagging API shows whatever has a tag.
    """

    client: str
    write: str | None
    read: str
    tags: str
    replaces_set: bool = False
    instead: str | None = None
    when: str = "at once"
    not_yet: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rate: str | None = None
    pace: Pace = ASSUMED_PACE
    at_once: int = 1
    is_shown_late: bool = False
    is_listed_by_tag: bool = False


class Limit(Struct, frozen=True, kw_only=True):
    """What some of a type cannot do: the fact, where it shows on the record of a creation, and what would lift it.

    `shown` are signs that must all be there, `missing` those that must not; a limit with neither is `read` elsewhere:
    the call, and what else it takes. Where we make that call, the limit is there `unless` its answer, as `response`,
    shows this. A limit `of_key` is there where AWS manages a key that the thing lies under: `key_at` are the paths to
    the key's name, none where only a look at the thing shows it. `stops_backups` where there is no backup at all; else
    it is about copies, and the backup stands.
    `is_passing` where it can be lifted without making the thing anew, so that the tag is put in advance.
    """

    fact: str
    lifted_by: str
    shown: tuple[Sign, ...] = ()
    missing: tuple[Sign, ...] = ()
    read: str | None = None
    unless: Sign | None = None
    of_key: bool = False
    key_at: tuple[str, ...] = ()
    stops_backups: bool = False
    is_passing: bool = False

    @property
    def call(self) -> str:
        """The call that `read` begins with."""
        return (self.read or "").partition(",")[0]

    @property
    def forbids_tag(self) -> bool:
        """Whether a tag would only make backups fail, for as long as the thing lives."""
        return self.stops_backups and not self.is_passing
