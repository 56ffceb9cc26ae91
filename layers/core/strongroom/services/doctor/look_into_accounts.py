"""Look at what the rollout made: stacks and recorders of governed accounts, keys, locks, the bus and its forwarders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.doctor.checks import BUS, FORWARDERS, INSTANCES, LOCKS, RECORDERS, REGIONS, SHARES, VAULT_KEYS
from strongroom.domain.doctor.delivery import (
    AUDIT_RULES,
    GLOBAL_RULES,
    MANAGEMENT_RULES,
    MEMBER_RULES,
    VAULT_RULES,
    judge_bus,
    judge_forwarders,
)
from strongroom.domain.doctor.keys import judge_gap_key, judge_vault_key
from strongroom.domain.doctor.rollout_state import (
    judge_instances,
    judge_lock,
    judge_recorder,
    judge_region,
    judge_share,
)
from strongroom.domain.identifiers import Arn, bus_arn
from strongroom.domain.intent.destinations import (
    DestinationVault,
    destination_vaults,
    opened_vaults,
    vault_accounts,
    vault_forwarders,
    vault_regions,
)
from strongroom.domain.intent.places import temporary_vaults
from strongroom.domain.rollout.desired import framework_places
from strongroom.domain.rollout.vaults.shares import restorers_of
from strongroom.domain.stacks.stack_sets import global_regions, member_regions
from strongroom.services.doctor.visit import Visit, at_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.domain.identifiers import AccountId, Region

_BUS = "strongroom"
_AUDIT_BUS = "strongroom-audit"
_PREFIX = "strongroom-forwarder"


def regions(visit: Visit) -> Iterator[Diagnosis]:
    """Which Regions are off in an account that needs them."""
    statuses = visit.members.opt_statuses
    if not statuses:
        yield REGIONS.holds("the Regions of the intent", "they are on in every account")
    for place, status in statuses.items():
        yield judge_region(status, place=place, management=visit.intent.organization.management_account)


def instances(visit: Visit) -> Iterator[Diagnosis]:
    """Which governed accounts lack a stack, or have one that failed."""
    found = visit.members.instances
    for stack_set in visit.desired.rendered.stack_sets:
        yield from judge_instances(stack_set.name, found.get(stack_set.name))


def recorders(visit: Visit) -> Iterator[Diagnosis]:
    """What AWS Config records where a framework is."""
    places = framework_places(visit.intent, visit.accounts)
    if not places:
        yield RECORDERS.holds("audit.framework", "there is no framework that would need it")
    for (account, region), unrecorded in visit.needs.rollout.accounts.unrecorded(places).items():
        yield judge_recorder(unrecorded, where=f"{account} {region}")


def vault_keys(visit: Visit) -> Iterator[Diagnosis]:
    """Whether the account at the other end of a copy may use each vault's key."""
    place = visit.intent.organization

    def look(vault: str, where: Arn) -> Iterator[Diagnosis]:
        # Into an account of vaults a member copies, and the backup account copies back.
        copiers = visit.accounts[:1] if where.account in visit.intent.guarded_accounts else (place.backup_account,)
        arn = visit.needs.backups.key_of(vault)
        if arn is None:
            yield VAULT_KEYS.fails(vault, "it has no key of its own")
            return
        if arn not in temporary_vaults(visit.intent).get(vault, (arn,)):
            yield VAULT_KEYS.fails(vault, f"it lies under {arn}, which is no key of the restore profile")
            return
        key = visit.needs.keys.key(arn, account=where.account, region=where.region)
        for copier in copiers:
            yield judge_vault_key(key, vault=vault, copier=copier, organization=place.id)

    def look_at_gap(vault: str, where: Arn) -> Iterator[Diagnosis]:
        # It lies under a key of AWS's own, whose policy is no matter of ours, or under one of its owner's.
        found = visit.needs.rollout.backup.vault(vault)
        if found is None or not found.key:
            return
        key = visit.needs.keys.key(found.key, account=where.account, region=where.region)
        copiers = dict.fromkeys((where.account, *visit.accounts))
        yield judge_gap_key(key, vault=vault, copiers=copiers, organization=place.id)

    gaps = {vault.arn for vault in destination_vaults(visit.intent) if vault.is_air_gapped}
    keyed = {arn: where for arn, where in visit.copy_vaults.items() if arn not in gaps}
    yield from at_each(VAULT_KEYS, {**keyed, **visit.local_vaults, **visit.temporary_vaults}, look)
    yield from at_each(VAULT_KEYS, {arn: Arn.parse(arn) for arn in sorted(gaps)}, look_at_gap)


def locks(visit: Visit) -> Iterator[Diagnosis]:
    """Whether the vaults of copies are locked as promised."""

    def look(arn: str, vault: DestinationVault) -> Iterator[Diagnosis]:
        found = visit.needs.rollout.backup.vault(arn)
        yield judge_lock(found, promised=vault.lock, vault=arn, now=visit.now)

    yield from at_each(LOCKS, {vault.arn: vault for vault in destination_vaults(visit.intent)}, look)


def shares(visit: Visit) -> Iterator[Diagnosis]:
    """With whom air-gapped vaults are shared."""
    opened = {vault.arn: vault for vault in opened_vaults(visit.intent)}
    if not opened:
        yield SHARES.holds("the vaults of the intent", "there is none to share")

    def look(arn: str, vault: DestinationVault) -> Iterator[Diagnosis]:
        yield judge_share(
            visit.needs.rollout.shares.shares(arn),
            ours=vault.share_name,
            restorers=restorers_of(vault, governed=visit.accounts),
            vault=arn,
        )

    yield from at_each(SHARES, opened, look)


def bus(visit: Visit) -> Iterator[Diagnosis]:
    """Who may put events on the bus, and whether its rules reach their queues."""
    place = visit.intent.organization
    found = visit.needs.deliveries.bus(_BUS, account=place.backup_account, region=place.home_region)
    yield judge_bus(found, organization=place.id, where=f"{place.backup_account} {place.home_region}")


def forwarders(visit: Visit) -> Iterator[Diagnosis]:
    """Whether events of every governed account, of the organisation and of our own accounts arrive."""
    place = visit.intent.organization
    bus = bus_arn(_BUS, account=place.backup_account, region=place.home_region)
    watched = frozenset((*visit.accounts, *vault_accounts(visit.intent))) if visit.intent.restores else frozenset()
    audit = bus_arn(_AUDIT_BUS, account=place.audit_account or place.backup_account, region=place.home_region)

    def look(where: str, sender: tuple[AccountId, Region, tuple[str, ...]]) -> Iterator[Diagnosis]:
        account, region, wanted = sender
        found = visit.needs.deliveries.rules(_PREFIX, account=account, region=region)
        yield judge_forwarders(found, bus=bus, wanted=wanted, where=where)
        if account in watched and wanted in (MEMBER_RULES, VAULT_RULES):
            yield judge_forwarders(found, bus=audit, wanted=AUDIT_RULES, where=f"{where} to the audit account")

    rules: dict[Region, tuple[str, ...]] = {
        **dict.fromkeys(member_regions(visit.intent), MEMBER_RULES),
        **dict.fromkeys(global_regions(visit.intent), GLOBAL_RULES),
    }
    members = [(account, region, wanted) for account in visit.accounts for region, wanted in rules.items()]
    senders = [(place.management_account, visit.intent.global_region, MANAGEMENT_RULES), *members]
    if place.home_region != visit.intent.global_region:
        senders.append((place.backup_account, visit.intent.global_region, GLOBAL_RULES))
    for account, region in vault_forwarders(visit.intent):
        has_vault = region in vault_regions(visit.intent, account=account)
        senders.append((account, region, VAULT_RULES if has_vault else GLOBAL_RULES))
    yield from at_each(FORWARDERS, {f"{each[0]} {each[1]}": each for each in senders}, look)


LOOKS = (
    (REGIONS, regions),
    (INSTANCES, instances),
    (RECORDERS, recorders),
    (VAULT_KEYS, vault_keys),
    (LOCKS, locks),
    (SHARES, shares),
    (BUS, bus),
    (FORWARDERS, forwarders),
)
