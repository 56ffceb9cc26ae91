"""The tiers of the intent: which resources, when their backups are made, and where those are kept for how long."""

from datetime import timedelta
from typing import Annotated, Final

from msgspec import Struct, field

from strongroom.domain import forms
from strongroom.domain.identifiers import Region

NO_TIER: Final = "none"  # the word for the default tier of a target that leaves things untagged

_Days = Annotated[int, forms.RETENTION_DAYS]
_Duration = Annotated[timedelta, forms.DURATION]
_Region = Annotated[Region, forms.REGION]
_Tags = dict[str, str | tuple[str, ...]]


class Kept(Struct, frozen=True, kw_only=True):
    """How long a recovery point lies in a vault."""

    days: Annotated[_Days, "Days that it is kept, counted from the backup."]
    cold_after: Annotated[
        _Days | None,
        "Days after which it moves to cold storage, 90 or more before it is deleted; left out: never. "
        "A copy in cold storage cannot be copied back.",
    ] = None


class RuleSettings(Struct, frozen=True, kw_only=True):
    """When backups are made, and in which vaults they are kept for how long: of one rule, or for all of a tier."""

    schedule: Annotated[
        str | None,
        forms.SCHEDULE,
        "When backups start, UTC: in words, as `daily 02:00`, or a cron expression of six fields, an hour or more "
        "apart (AWS Backup Developer Guide, `Backup plan options and configuration`).",
    ] = None
    keep: Annotated[
        dict[str, _Days | Kept],
        "Days in each vault, by its name in `vaults`. Exactly one is the account's own, where the backup is made; "
        "every other is a copy.",
    ] = field(default_factory=dict)
    start_window: Annotated[
        _Duration | None, "How long a backup may wait to start: whole minutes, PT1H or more; left out, PT1H."
    ] = None
    complete_window: Annotated[
        _Duration | None, "How long it may take in all: whole minutes, longer than the start window; left out, PT4H."
    ] = None
    archive: Annotated[
        bool | None, "Whether EBS snapshots move to the archive, too; takes cold storage and 28 days between backups."
    ] = None
    continuous_backup: Annotated[
        bool | None,
        "Whether the local backup allows point-in-time restores where the type supports it; takes a local retention of "
        "35 days or less. Copies are snapshots.",
    ] = None
    recovery_point_tags: Annotated[
        dict[str, Annotated[str, forms.TAG_VALUE]],
        forms.RECOVERY_POINT_TAGS,
        "Tags that each recovery point gets besides its resource's: ten at most.",
    ] = field(default_factory=dict)
    index: Annotated[
        tuple[Annotated[str, forms.INDEXED_TYPES], ...], "The types whose backups are indexed for searching in them."
    ] = ()


class Tier(RuleSettings, frozen=True, kw_only=True):
    """One level of protection: which resources, by their tags, and one or several rules about their backups."""

    rules: Annotated[
        dict[str, RuleSettings],
        forms.RULE_NAMES,
        "Several rules, ten at most, such as daily, weekly and monthly ones; each takes from its tier what it leaves "
        "out. Without them the tier itself is the one rule.",
    ] = field(default_factory=dict)
    tag: Annotated[
        _Tags,
        "The tags that choose the tier: a key to a value, or to a list of values; of several keys each must match. "
        "Left out, the organisation's `tag_key` with the tier's name.",
    ] = field(default_factory=dict)
    unless: Annotated[_Tags, "Tags that keep a resource out of the tier, written as `tag` is."] = field(
        default_factory=dict
    )
    everything: Annotated[bool, "Whether every resource is in the tier, whatever its tags."] = False
    regions: Annotated[tuple[_Region, ...], "Where its plans run; left out, in every governed Region."] = ()
    resource_types: Annotated[
        tuple[Annotated[str, forms.BACKUP_TYPE], ...],
        "The resource types that the tier is for, as AWS Backup names them; empty: every type that carries the tag. "
        "Aurora, DocumentDB and Neptune cannot be told apart.",
    ] = ()
    windows_vss: Annotated[bool, "Whether Windows instances are backed up consistently by VSS (type EC2)."] = False
    s3_acls: Annotated[bool, "Whether the access control lists of objects are backed up (type S3)."] = True
    s3_object_tags: Annotated[bool, "Whether the tags of objects are backed up (type S3)."] = True
