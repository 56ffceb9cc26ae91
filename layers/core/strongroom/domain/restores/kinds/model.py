"""What is known of the restore of one kind of recovery point, and of each key of its metadata.

A key is spelled as AWS Backup takes it. What AWS spells in two ways is spelled here once, and nowhere else.
"""

from collections.abc import Container
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.restores.kinds.estimates import Estimate

# The most that AWS's whole numbers hold.
MOST: Final = 2**31 - 1


class Grade(StrEnum):
    """Who restores it: the machine, the machine after the graver approval only, or a person."""

    AUTOMATIC = "automatic"
    ELEVATED = "always elevated"
    BY_HAND = "by hand"


class Use(StrEnum):
    """Where the value of a key comes from; nobody else says it."""

    NAME = "the name that was asked for"
    MADE = "made from the request"
    FIXED = "always the same"
    NEW = "something new, or what is there already where the intent lets it be restored into"
    CARRIED = "the backup's"
    CHOSEN = "the backup's, or the asker's"
    ASKED = "the asker's, or not sent"
    PLACE = "the profile's first, or another of the profile's that the asker chooses"
    OFFER = "the backup's if the profile has it, or one of the profile's that the asker chooses, or not sent"
    KEY = "the profile's first encryption key, or another of the profile's that the asker chooses"
    ROLE = "none, or the backed-up one where the intent lets it"
    DEVICES = "the backup's devices, under the profile's encryption key"
    NESTED = "a mapping in JSON, key by key"
    NEVER = "never sent"


# Values of these are the profile's or ours alone.
_JUDGED: Final = (Use.FIXED, Use.PLACE, Use.KEY, Use.ROLE, Use.DEVICES, Use.NEW)


class Shape(StrEnum):
    """What a value must look like."""

    PLAIN = "a plain text"
    FLAG = "true or false"
    NUMBER = "a whole number"
    LIST = "a list of plain texts, in JSON"
    FEW = "a list of one to five plain texts, in JSON"
    PATHS = "a list of one to five plain paths, in JSON"
    PATH = "a plain path"
    JSON = "JSON whose texts are plain"
    PARAMETERS = "a mapping of plain texts in JSON, no secret among them by its name; refused if anything in it is not"


class Barred(StrEnum):
    """Why a key is never sent, as far as whoever asks for it is told."""

    FORBIDDEN = "forbidden-key"
    EXPORT = "export"
    CODE = "code"
    ROLE = "role"


class Condition(Struct, frozen=True):
    """Where another key of the same mapping has a value that begins as one of these."""

    key: str
    values: tuple[str, ...]

    def holds(self, value: str) -> bool:
        """Whether that value of the other key is one of them."""
        return bool(self.values) and value.startswith(self.values)


class Key(Struct, frozen=True, kw_only=True):
    """One key of the metadata: where its value comes from, and what it looks like.

    `value` is what is always sent of a fixed key, and of one that is asked where nobody asks; `{name}`, `{request}`,
    `{region}` and `{key}` in it stand for those. `harmless` is what may be asked for though it is never sent. A number
    lies from `least` to `most`, and one that `grows` is not below the backup's. What begins as `unset` says that
    nothing was set. `is_class` is a size by which it is paid for: another one than the backup's must be among the
    intent's. What lies in `several` zones begins so. `with_backup` is where the backup's value is sent of what else
    only the asker says, `needs` where it must be there, and `only_where` it means anything; `inner` are the keys of a
    nested mapping. A job that adds a `grave` one that nobody approved made something else than was approved.
    """

    name: str
    use: Use
    shape: Shape = Shape.PLAIN
    value: str = ""
    harmless: str = ""
    least: int = 0
    most: int = MOST
    grows: bool = False
    is_class: bool = False
    several: str = ""
    unset: str = ""
    with_backup: Condition | None = None
    needs: Condition | None = None
    only_where: Condition | None = None
    is_needed: bool = True
    barred: Barred = Barred.FORBIDDEN
    grave: bool = False
    inner: tuple["Key", ...] = ()

    @property
    def takes_key(self) -> bool:
        """Whether its value says what encrypts what is made, alone or among other things."""
        return self.use is Use.KEY or "{key}" in self.value

    @property
    def is_judged(self) -> bool:
        """Whether a job may not add it to what was approved: it places, encrypts, opens, or lends rights.

        What else a job adds is AWS's own default, or told for information.
        """
        return self.grave or self.use in _JUDGED or self.barred is not Barred.FORBIDDEN


class Name(Struct, frozen=True, kw_only=True):
    """The name of what is made, and how it is known: what is looked at before, and what tells it afterwards.

    Without a `shape` nobody chooses a name. `part` is where it stands among the parts of the ARN's resource, at the end
    if nothing else is said.
    """

    before: str
    after: str
    shape: str = ""
    rule: str = ""
    part: int = -1


class NativeCall(Struct, frozen=True, kw_only=True):
    """A call of the service itself that restores what no machine does, with parameters that a person writes.

    Its parameter `into` names the live resource that it works on, if it makes nothing by itself: that which was backed
    up, whose ARN has that name where it `is_in_arn`. Where a kind has several, it is meant where any of those that it
    is `told_by` is written, which only it takes. `steps` are left to do, where they are not the kind's own.
    """

    call: str
    into: str = ""
    is_in_arn: bool = True
    told_by: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class RestoreKind(Struct, frozen=True, kw_only=True):
    """One kind of recovery point. `row` is its resource type in the catalogue, which says how far it is copied.

    It is `called` as its type, unless AWS Backup calls several kinds the same; `file_system` is what FSx calls it then.
    `into_existing` is the key that names something live to restore into, `time_key` the one for the time out of a
    continuous backup. What is always put into something that `lives_in` a key names makes nothing new. `by_hand_when`
    is where no machine can restore it, `by_hand` why. `own_words` are keys that mean another thing here than in kinds
    that know a key of that name, `named_by` those that say what is made or overwritten, where a person writes them.
    `calls` are those of the service itself that restore some of it. `steps` are left to do afterwards. `comes_back`
    and `lost` are for people to read, `pace` is how long it takes, and the `estimate` says it in numbers; AWS lets no
    more than `at_once` run in an account, where it says so, and what it lives in takes one where it
    `is_one_at_a_time`. What no key encrypts that is said `lies_under` another, in words.
    Where `tags_are_copied` AWS Backup tags what it made; what `stays` is restored in the Region of the recovery point
    only. Of an `is_composite` kind the composite recovery point is restored, of all others only what lies in one.
    `untagged` is why what is made gets no tags here, if it gets none.
    """

    row: ResourceType
    called: str = ""
    target: Name
    keys: tuple[Key, ...] = ()
    file_system: str = ""
    into_existing: str = ""
    lives_in: str = ""
    time_key: str = ""
    by_hand: str = ""
    by_hand_when: Condition | None = None
    is_overwriting: bool = False
    own_words: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    calls: tuple[NativeCall, ...] = ()
    steps: tuple[str, ...] = ()
    comes_back: str
    lost: str
    pace: str
    estimate: Estimate | None = None
    at_once: int = 0
    is_one_at_a_time: bool = False
    lies_under: str = ""
    tags_are_copied: bool = True
    stays: bool = False
    is_composite: bool = False
    untagged: str = ""

    @property
    def name(self) -> str:
        """What it is called here, no two kinds the same."""
        return self.called or self.row.name

    def call_for(self, said: Container[str]) -> NativeCall | None:
        """The call that takes the parameters of these names; None where no call restores it."""
        return next(
            (each for each in self.calls if not each.told_by or any(name in said for name in each.told_by)), None
        )

    @property
    def grade(self) -> Grade:
        """Who restores it, by the catalogue: whoever verifies a bundle knows that, and none of this table."""
        if self.row.is_restored_as_written:
            return Grade.BY_HAND
        return Grade.ELEVATED if self.row.is_rarely_tried else Grade.AUTOMATIC

    @property
    def name_key(self) -> str:
        """The key that holds the name of what is made; empty where nobody chooses one."""
        return next((key.name for key in self.keys if key.use is Use.NAME), "")

    @property
    def devices_key(self) -> str:
        """The key that holds the devices of a machine, which are encrypted one by one; empty where it has none."""
        return next((key.name for key in self.keys if key.use is Use.DEVICES), "")

    @property
    def encryption_key(self) -> str:
        """The key that says what encrypts it; empty where none does."""
        return next((key.name for key in self.keys if key.takes_key), "")
