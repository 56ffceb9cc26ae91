"""Where a forwarder of ours stands, without which no event comes to the bus."""

from typing import Final

from msgspec import Struct

from strongroom.domain.health.heartbeats import BeatKey, forwarders_at_home, forwarders_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import vault_accounts, vault_regions
from strongroom.domain.intent.model import Intent
from strongroom.domain.partitions import partition_of
from strongroom.domain.stacks.landing_zone import landing_zone_forwarder

# What services tell in the one Region where they are called from anywhere.
_GLOBAL: Final = ("aws.account", "aws.iam", "aws.organizations")
_CONTROL_TOWER: Final = "aws.controltower"
_OF_MANAGEMENT: Final = (_CONTROL_TOWER, "aws.organizations")
_OUR_OWN: Final = "strongroom"


class Reach(Struct, frozen=True, kw_only=True):
    """Whether an event of that place comes to us, and why; None where that hangs on the account's place."""

    is_heard: bool | None
    reason: str


def reach_of(source: str, *, account: AccountId, region: Region, intent: Intent) -> Reach:
    """Whether what this source tells in the account and Region is forwarded to the control plane."""
    place = intent.organization
    if source == _OUR_OWN:
        return Reach(is_heard=account == place.backup_account, reason="the control plane alone puts such facts there")
    if partition_of(region) != intent.partition:
        theirs, ours = partition_of(region).name, intent.partition.name
        reason = f"{region} lies in the partition {theirs}, and the organisation in {ours}: nothing comes from there"
        return Reach(is_heard=False, reason=reason)
    if account == place.management_account:
        return _of_management(source, region, intent)
    if account in vault_accounts(intent):
        return _of_vaults(source, account, region, intent)
    at_home = BeatKey(account, region) in forwarders_at_home(intent)
    if at_home and (region == place.home_region or source in _GLOBAL):
        return Reach(is_heard=True, reason=f"the control plane forwards what happens in its own account in {region}")
    return _of_member(source, account, region, intent)


def _of_management(source: str, region: Region, intent: Intent) -> Reach:
    if region == intent.global_region and source in _OF_MANAGEMENT:
        return Reach(is_heard=True, reason=f"the management account forwards what Organizations tells in {region}")
    tower = landing_zone_forwarder(intent)
    if source == _CONTROL_TOWER and region == tower:
        return Reach(is_heard=True, reason=f"the management account forwards what Control Tower tells in {region}")
    also = f" and what Control Tower tells in {tower}," if tower else ","
    reason = (
        f"the management account forwards what Organizations tells in {intent.global_region}{also} and nothing else"
    )
    return Reach(is_heard=False, reason=reason)


def _of_vaults(source: str, account: AccountId, region: Region, intent: Intent) -> Reach:
    regions = vault_regions(intent, account=account)
    if region in regions or (region == intent.global_region and source in _GLOBAL):
        what = "how jobs ended, what could weaken backups, and what was refused, and nothing else"
        return Reach(is_heard=True, reason=f"an account of vaults forwards from {region} {what}")
    reason = f"no forwarder stands in {region}; the account's vaults lie in {', '.join(regions)}"
    return Reach(is_heard=False, reason=reason)


def _of_member(source: str, account: AccountId, region: Region, intent: Intent) -> Reach:
    regions = intent.organization.regions
    if BeatKey(account, region) not in forwarders_of(account, intent):
        reason = f"no forwarder stands in {region}; the governed Regions are {', '.join(regions)}"
        return Reach(is_heard=False, reason=reason)
    if region not in regions and source not in _GLOBAL:
        reason = f"of {region}, which is no governed Region, only {', '.join(_GLOBAL)} are forwarded"
        return Reach(is_heard=False, reason=reason)
    return Reach(is_heard=None, reason=f"the member stack forwards it from {region}, if the account is governed")
