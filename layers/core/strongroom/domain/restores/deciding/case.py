"""All that the decision knows: what AWS tells of a backup, what is asked, where it shall lie, and what is allowed."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from strongroom.domain.restores.arriving.landing import WORKING_MARGIN
from strongroom.domain.restores.scans.verdicts import Scan

# One value of a key: a text, or the texts of a list that go together.
type Choice = str | tuple[str, ...]


class Way(StrEnum):
    """How the recovery point gets to where it is restored."""

    LOCAL = "local"
    COPY_BACK = "copy-back"
    OTHER_REGION = "other-region"
    OTHER_REGION_IN_TWO = "other-region-in-two"
    REPLICA = "replica"
    AIR_GAPPED = "air-gapped"
    AIR_GAPPED_MPA = "air-gapped-mpa"

    @property
    def makes_copy(self) -> bool:
        """Whether a copy is taken for it, which is left behind for a while."""
        return self in (Way.COPY_BACK, Way.REPLICA) or self.crosses_regions

    @property
    def crosses_regions(self) -> bool:
        """Whether it comes out of a vault in another Region."""
        return self in (Way.OTHER_REGION, Way.OTHER_REGION_IN_TWO)

    @property
    def copies(self) -> int:
        """How many copies are taken one after the other."""
        return 2 if self is Way.OTHER_REGION_IN_TWO else int(self.makes_copy)

    @property
    def is_air_gapped(self) -> bool:
        """Whether it is restored out of an air-gapped vault."""
        return self in (Way.AIR_GAPPED, Way.AIR_GAPPED_MPA)


class Storage(StrEnum):
    """Where the recovery point lies."""

    WARM = "WARM"
    COLD = "COLD"


class Target(Struct, frozen=True, kw_only=True):
    """Where it is restored to, and as what."""

    account: str
    region: str
    name: str


class PointFacts(Struct, frozen=True, kw_only=True):
    """What is known of the recovery point; `continuous` is from when to when it can be restored to any second.

    `loses_minutes` lie between it and what is asked for. Whether it is `encrypted` is None where AWS does not tell, and
    whether it was `verified` where nobody looked. A backup of DynamoDB that is not `advanced` is never copied. What
    scans found in copies in `unread_vaults` nobody could read.
    """

    status: str
    storage: Storage
    encrypted: bool | None
    scan: Scan
    verified: bool | None
    region: str
    age_days: int
    loses_minutes: int
    advanced: bool = True
    continuous: tuple[datetime, datetime] | None = None
    unread_vaults: tuple[str, ...] = ()


class RestoreProfile(Struct, frozen=True, kw_only=True):
    """What an account has for restores in one Region: the places by metadata key, and the encryption keys."""

    places: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


class Limits(Struct, frozen=True, kw_only=True):
    """What the intent allows. What may be allowed is elevated where it is, and refused where it is not.

    `local_min_days` and `local_max_days` are the lock of the vault that is copied into, where it has one; `rpo_minutes`
    is how much the tier may lose. Of the types in `raw`, which no machine restores, metadata are sent as written,
    and the calls in `native` are made with the parameters that a person writes.
    """

    classes: tuple[str, ...] = ()
    local_min_days: int | None = None
    local_max_days: int | None = None
    rpo_minutes: int | None = None
    allow_into_existing: bool = False
    allow_backed_up_role: bool = False
    allow_infected: bool = False
    raw: tuple[str, ...] = ()
    native: tuple[str, ...] = ()


class RestoreCase(Struct, frozen=True, kw_only=True):
    """One restore to decide on. Whoever wrote `backup` and `wishes` is a stranger: nothing of them is believed.

    `kind` is a name out of the table. `at` is the second to restore to, in UTC, empty for a backup of one moment.
    `existing` is the id of what is live and restored into, `source_id` of what was backed up, `taken` the names that
    are in use. A copy that is taken for it is left behind for `copy_days`, and lies under a key of the profile where it
    is `copied_under_own_key`.
    """

    kind: str
    backup: Mapping[str, Any]
    wishes: Mapping[str, Any]
    target: Target
    point: PointFacts
    profile: RestoreProfile
    limits: Limits
    way: Way = Way.LOCAL
    at: str = ""
    request: str
    taken: tuple[str, ...] = ()
    existing: str = ""
    source_id: str = ""
    copy_days: int = WORKING_MARGIN.days
    is_raw: bool
    is_native: bool
    copied_under_own_key: bool = False
