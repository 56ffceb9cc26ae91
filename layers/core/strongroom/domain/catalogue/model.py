"""What a row of the catalogue says of a resource type, facet by facet.

A call is named as IAM names its action, `rds:CreateDBInstance`: its service also names the event source.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.facets.creations import Cover, Creation
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.partitions import COMMERCIAL
from strongroom.domain.regions import ALWAYS_ON

EVERYTHING: Final = ("*",)


class Reach(StrEnum):
    """How far a resource type's backups can be copied."""

    EVERYWHERE = "across Regions, across accounts, and across both in one action"
    REGIONS = "to other Regions only, not to another account"
    ACCOUNTS = "to other accounts only, not to another Region"
    REGIONS_AT_LEAST = "to other Regions, and perhaps not to another account: AWS's pages disagree"
    NOWHERE = "neither to another Region nor to another account"
    UNSETTLED = "perhaps not at all: two editions of AWS's feature matrix disagree on FSx for ONTAP volumes"


# Where AWS's pages disagree on other accounts, the copy is tried.
_TO_ACCOUNTS_TOO: Final = (Reach.EVERYWHERE, Reach.REGIONS_AT_LEAST)
_TO_REGIONS_TOO: Final = (*_TO_ACCOUNTS_TOO, Reach.REGIONS)


class Scope(StrEnum):
    """When a call that could weaken backups concerns us."""

    ANYTHING = "always"
    CEREMONY = "the intent has a ceremony, by which restores go"
    OUR_VAULT = "it names one of our vaults, or none"
    FOREIGN_DESTINATION = "it copies out of our vaults to a vault that is not ours"
    OUR_NAME = "its target's name begins with strongroom-"
    VAULT_KEY = "its target is the key of one of our vaults"
    SHARE = "it is made where air-gapped vaults lie, or names one of ours"
    NATIVE_BACKUP = "its target is a snapshot of AWS Backup's making"
    NATIVE_RESTORE = "it is made under the role for such calls, or out of a backup of AWS Backup's making"
    BACKUP_TAG = "it takes away the backup tag, or tags that it does not name"
    OUTSIDE_MANAGEMENT = "it comes from another account than the management account"
    UNTAGGED_CREATION = "it was refused, and the backup tag is not among its tags"
    UNTAGGED_OR_NATIVE = "that, or it is made under the role for calls of services"


class Threat(Struct, frozen=True, kw_only=True):
    """A call that could weaken backups: what it would do, which parameters name its target, when it concerns us.

    Keys are dotted paths, as of creations. `point` is the ARN that a target named by id has as a recovery point.
    """

    call: str
    what: str
    target_keys: tuple[str, ...]
    scope: Scope
    point: str | None = None


class NativeBackups(Struct, frozen=True, kw_only=True):
    """Backups that lie in the type's own service, where a vault's policy and lock do not reach, and the calls on them.

    AWS Backup marks what it makes there with a tag, or else in the name (`is_named`); `unmarked` delete backups that
    look like a team's own, and `unmarked_restores` restore from them, at `unmarked_arns`. Of the changes, `clearings`
    are what a restore does with what it has made on its way, and `lendings` what gives a backup to a scan for malware
    (AWS managed policies AWSBackupServiceRolePolicyForRestores and AWSBackupGuardDutyRolePolicyForScans).
    """

    arns: tuple[str, ...] = ()
    is_named: bool = False
    changes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    restores: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()
    unmarked_arns: tuple[str, ...] = ()
    unmarked_restores: tuple[str, ...] = ()
    clearings: tuple[str, ...] = ()
    lendings: tuple[str, ...] = ()


class CopyKey(StrEnum):
    """Under which key a copy lies (AWS Backup Developer Guide, "Encryption for backups in AWS Backup")."""

    VAULT = "the key of its vault, also where the source is not encrypted"
    AS_SOURCE = "the key of its vault, but none where the source is not encrypted"
    UNTOLD = "none that its recovery point names"
    AIR_GAP = "the one key of its air-gapped vault, which AWS does not name where it is AWS's own"


class Listing(Struct, frozen=True, kw_only=True):
    """How a type is listed, whether it is tagged or not: the call of the row's client, and what each item says.

    Paths are dotted, `[]` walks a list, as of creations.

    `items` leads to what it lists, `name` to the ARN or id of each, which is a text itself where there is no name.
    `tags` leads to its tags, where the list shows them, `made_at` to when it was made. It is gone where a text at
    `state` is one of `ended`. `attached_to` leads to the instance that holds it. The record of a creation has the same
    document under `record`, in its own spelling, so that the row's signs mean the same of either; `covers` are those
    that only the list shows.

    A page begins at what the answer before has as `next_at` and the request takes as `begin_at`; `size` is how a page
    is asked for as many as it takes, where it has fewer unasked. `page` is how many it takes, where AWS says. `action`
    is what IAM calls the call, where that is another name. An `is_of_account` list has what lies in every Region, with
    the Region at `home`.
    """

    call: str
    items: str
    name: str = ""
    tags: str | None = None
    made_at: str | None = None
    state: str | None = None
    ended: tuple[str, ...] = ()
    attached_to: str | None = None
    record: str = ""
    covers: tuple[Cover, ...] = ()
    begin_at: str = "NextToken"
    next_at: str = "NextToken"
    size: str | None = None
    page: int | None = None
    action: str | None = None
    is_of_account: bool = False
    home: str | None = None


class Effect(StrEnum):
    """What a call that restores does: it makes something new, or adds to what lives, or overwrites that."""

    MAKES = "makes"
    ADDS = "adds"
    OVERWRITES = "overwrites"


class OwnCall(Struct, frozen=True, kw_only=True):
    """A call of a service itself by which the ceremony restores what AWS Backup cannot; `what` is what people say.

    What the service does not tell of what became of it is `unproved`: a person must look.
    """

    call: str
    what: str
    effect: Effect = Effect.MAKES
    unproved: str = ""


class ResourceType(Struct, frozen=True, kw_only=True):
    """One kind of resource, by AWS Backup's name for it, under which it is also opted in; `label` is what people say.

    `arn` is a template of partition, region, account and id; `id_shape` is the pattern of an id. `tagging` and
    `untagging` are the calls that change tags and tell IAM which keys (aws:TagKeys), `unseen_tagging` those that do
    not; `clearing` take every tag away where they name none; `tag_calls` say how all of these are recorded.
    `is_restored_here` where the ceremony restores it, and not a person with AWS Backup itself, and
    `is_restored_as_written` where it does so by metadata that a person writes. What `is_rarely_tried` is restored by
    the stricter rule only. `own_calls` are the service's own, by which it restores some of the type that AWS Backup
    cannot. What `keeps_key` is restored under the key of its recovery point, and takes no other one.
    `tags` says how they are read and written, `listing` how all of the type are found, `limits` what some of it cannot
    do. Rows of one ARN are told apart by `engines`, patterns of file names. `wants_opt_in` where an account is not
    ready without it. `enters_air_gap` is the column "Logically air-gapped vault" of AWS's table. A backup of an
    `is_incremental` type holds what changed since the one before; a continuous one of an `is_continuous` type is one
    point that grows. What is `is_always_encrypted` is so also where AWS Backup names no key.
    """

    name: str
    label: str
    arn: str
    id_shape: str = r"[A-Za-z0-9._-]{1,255}"
    is_id_lower_case: bool = False
    creations: tuple[Creation, ...] = ()
    listing: Listing | None = None
    tagging: tuple[str, ...] = ()
    untagging: tuple[str, ...] = ()
    unseen_tagging: tuple[str, ...] = ()
    clearing: tuple[str, ...] = ()
    tag_calls: tuple[TagCall, ...] = ()
    tags: Tagging | None = None
    limits: tuple[Limit, ...] = ()
    engines: tuple[str, ...] = ()
    wants_opt_in: bool = False
    reach: Reach = Reach.EVERYWHERE
    opt_in_reach: Reach | None = None
    has_cold_storage: bool = False
    enters_air_gap: bool = False
    is_incremental: bool = False
    is_continuous: bool = False
    is_archived: bool = False
    is_indexed: bool = False
    is_scanned: bool = False
    copy_key: CopyKey = CopyKey.VAULT
    native: NativeBackups = NativeBackups()
    is_restored_here: bool = False
    is_restored_as_written: bool = False
    is_rarely_tried: bool = False
    own_calls: tuple[OwnCall, ...] = ()
    keeps_key: bool = False
    is_always_encrypted: bool = False
    threats: tuple[Threat, ...] = ()

    @property
    def service(self) -> str:
        """The service's name in the type's ARN."""
        return self.arn.split(":")[2]

    @property
    def is_watched(self) -> bool:
        """Whether we read of its creations, and so tag what is made."""
        return any(creation.is_read for creation in self.creations)

    @property
    def is_tagged(self) -> bool:
        """Whether there is a call by which we put tags on it."""
        return self.tags is not None and self.tags.write is not None

    @property
    def pattern(self) -> str:
        """What selects the type in a backup policy of the commercial partition."""
        return self.pattern_in(COMMERCIAL.name)

    def reach_between(self, *regions: str) -> Reach:
        """How far its backups can be copied where these Regions are concerned: less far where one is off at first."""
        is_optional = not {*regions} <= ALWAYS_ON
        return self.opt_in_reach if is_optional and self.opt_in_reach else self.reach

    def comes_back(self, *, source: str, target: str) -> bool:
        """Whether a backup can be copied to another account, from one Region into the other in the same action."""
        reach = self.reach_between(source, target)
        return reach in _TO_ACCOUNTS_TOO or (source == target and reach is Reach.ACCOUNTS)

    def comes_back_in_two(self, *, source: str, target: str) -> bool:
        """Whether a backup can be copied into the other Region first, and from there to another account in it."""
        crosses = source != target and self.reach_between(source, target) in _TO_REGIONS_TOO
        return crosses and self.comes_back(source=target, target=target)

    def pattern_in(self, partition: str) -> str:
        """What selects the type in a backup policy of that partition; of any where it is `*`."""
        return self.arn.format(partition=partition, region="*", account="*", id="*")
