"""The rules of a plan of others, said as a rule of a tier says them.

Sources: AWS Backup Developer Guide, "Backup plan options and configuration" (defaults of schedule and windows); AWS
Organizations User Guide, "Backup policy syntax and examples".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.schedule_words import fault_of_words, words_of
from strongroom.domain.intent.tiers import Kept
from strongroom.domain.survey.remarks import UnsayableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCHEDULE: Final = "cron(0 5 ? * * *)"
_START_MINUTES: Final = "480"
_COMPLETE_MINUTES: Final = "10080"
_ANY_ACCOUNT: Final = "$account"
_PRIMARY_AIR_GAP: Final = "target_logically_air_gapped_backup_vault_arn"
_KNOWN: Final = frozenset(
    {
        "complete_backup_window_minutes",
        "copy_actions",
        "enable_continuous_backup",
        "index_actions",
        "lifecycle",
        "recovery_point_tags",
        "schedule_expression",
        "start_backup_window_minutes",
        "target_backup_vault_name",
        _PRIMARY_AIR_GAP,
    }
)


class VaultNamed(Struct, frozen=True, order=True):
    """A vault as a plan names it: without an account it is each account's own, without a Region that of the backup.

    `is_primary_air_gap` where backups end in it without a copy.
    """

    name: str
    account: AccountId | None = None
    region: Region | None = None
    is_primary_air_gap: bool = False

    @property
    def is_local(self) -> bool:
        """Whether backups are made in it."""
        return self.account is None and self.region is None and not self.is_primary_air_gap


class RuleRead(Struct, frozen=True, kw_only=True):
    """One rule of a plan, whose vaults have no names of the intent yet."""

    name: str
    schedule: str
    start_window: timedelta
    complete_window: timedelta
    keep: Mapping[VaultNamed, Kept]
    archive: bool
    continuous_backup: bool
    recovery_point_tags: Mapping[str, str]
    index: tuple[str, ...]


def read_rule(name: str, rule: Mapping[str, Any], *, account: AccountId | None) -> RuleRead:
    """A rule of an effective policy or, in the same form, of the plan of an `account`; or UnsayableError."""
    if more := sorted(set(rule) - _KNOWN):
        raise UnsayableError(f"its rule {name} has {', '.join(more)}, for which the file has no word yet")
    actions = list(rule.get("copy_actions", {}).values())
    copies = [_vault(each["target_backup_vault_arn"], account=account) for each in actions]
    lifecycles = [rule.get("lifecycle", {}), *(each.get("lifecycle", {}) for each in actions)]
    own, *copied = [_kept(name, lifecycle) for lifecycle in lifecycles]
    local = VaultNamed(_required(rule, "target_backup_vault_name", name))
    beside = dict.fromkeys((local, *_primary_air_gap(name, rule, account=account)), own)
    keep = beside | dict(zip(copies, copied, strict=True))
    return RuleRead(
        name=name,
        schedule=_schedule(name, rule.get("schedule_expression", _SCHEDULE)),
        start_window=_minutes(rule.get("start_backup_window_minutes", _START_MINUTES)),
        complete_window=_minutes(rule.get("complete_backup_window_minutes", _COMPLETE_MINUTES)),
        keep=keep,
        archive=_is_archived(name, lifecycles),
        continuous_backup=_is_on(rule.get("enable_continuous_backup")),
        recovery_point_tags={tag["tag_key"]: tag["tag_value"] for tag in rule.get("recovery_point_tags", {}).values()},
        index=tuple(rule.get("index_actions", {}).get("resource_types", ())),
    )


def _required(rule: Mapping[str, Any], key: str, name: str) -> str:
    if key not in rule:
        raise UnsayableError(f"its rule {name} names no vault, so no backup can be made")
    value: str = rule[key]
    return value


def _primary_air_gap(name: str, rule: Mapping[str, Any], *, account: AccountId | None) -> Iterator[VaultNamed]:
    if _PRIMARY_AIR_GAP in rule:
        vault = _vault(rule[_PRIMARY_AIR_GAP], account=account)
        if vault.account is not None:
            raise UnsayableError(f"its rule {name} makes backups in the air-gapped vault of another account")
        yield VaultNamed(vault.name, is_primary_air_gap=True)


def _vault(arn: str, *, account: AccountId | None) -> VaultNamed:
    place = Arn.parse(arn)
    own = place.account in (_ANY_ACCOUNT, account)
    return VaultNamed(place.name, None if own else place.account, place.region)


def _kept(name: str, lifecycle: Mapping[str, str]) -> Kept:
    days, cold = lifecycle.get("delete_after_days"), lifecycle.get("move_to_cold_storage_after_days")
    if days is None:
        raise UnsayableError(f"its rule {name} keeps something for ever, and the file wants a number of days")
    return Kept(days=int(days), cold_after=None if cold is None else int(cold))


def _schedule(name: str, written: str) -> str:
    """The schedule in words where they say the same, else the expression."""
    expression = " ".join(written.split())
    if fault := fault_of_words(expression):
        raise UnsayableError(f"its rule {name} has a schedule that is of no use: {fault}")
    return words_of(expression) or expression


def _minutes(written: str) -> timedelta:
    return timedelta(minutes=int(written))


def _is_on(written: str | None) -> bool:
    return str(written).lower() == "true"


def _is_archived(name: str, lifecycles: list[Mapping[str, str]]) -> bool:
    """Whether snapshots are archived; the file says it of a rule, for everything of it that turns cold."""
    cold = [each for each in lifecycles if "move_to_cold_storage_after_days" in each]
    told = {_is_on(each.get("opt_in_to_archive_for_supported_resources")) for each in cold}
    if len(told) > 1:
        raise UnsayableError(f"its rule {name} archives snapshots in one vault and not in another")
    return told == {True}
