"""Acts that cannot be taken back, each after everything that it rests on was looked at again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.adapters.aws.backup.restores import (
    CentralCopyJobs,
    CentralCopyStarter,
    MemberRestoreJobs,
    MemberRestoreStarter,
)
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.access_vaults import MemberAccessAsker, MemberAccessVaults
from strongroom.adapters.aws.restores.asked_settings import MemberSettingStarter
from strongroom.adapters.aws.restores.namespace_tables import MemberNamespaceSnapshots, MemberNamespaceTableStarter
from strongroom.adapters.aws.restores.namespaces import MemberNamespaceStarter
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from strongroom.adapters.aws.restores.own_calls import MemberCallStarter
from strongroom.adapters.aws.restores.table_calls import MemberTableStarter
from strongroom.adapters.aws.restores.volume_calls import MemberVolumeStarter
from strongroom.adapters.ledger.restores import CeremonyRequests
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.acting.start_copy_back import CopyBackStartNeeds
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds
from strongroom.wiring.members import calling, copying_back, inspection, naming_buckets, restoring, setting_again
from strongroom.wiring.restores.approving.ticketing import tickets
from strongroom.wiring.restores.deciding import judge, rules_text, urgent_rules_text
from strongroom.wiring.restores.executing import executions
from strongroom.wiring.restores.looking import asked_settings, restore_jobs
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.restores.witnessing import log_check, witness
from strongroom.wiring.stack import bus, ceremony_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def copy_back_start(platform: Platform) -> CopyBackStartNeeds:
    """What starting a copy back needs."""
    starter = CentralCopyStarter(copying_back(platform), intent=platform.intent)
    return CopyBackStartNeeds(starter=starter, copies=CentralCopyJobs(client), **_authority(platform))


def restore_start(platform: Platform) -> RestoreStartNeeds:
    """What starting a restore needs."""
    return RestoreStartNeeds(
        starter=_starter(platform),
        copies=CentralCopyJobs(client),
        running=MemberRestoreJobs(inspection(platform)),
        targets=MemberRestorePlaces(
            inspection(platform), BucketNames(naming_buckets(platform)), OntapVolumes(inspection(platform))
        ),
        open_requests=CeremonyRequests(ceremony_table(platform)),
        publisher=bus(platform),
        access=MemberAccessVaults(inspection(platform)),
        asker=MemberAccessAsker(restoring(platform)),
        **_authority(platform),
    )


def _starter(platform: Platform) -> MemberSettingStarter:
    files = MemberCallStarter(calling(platform), otherwise=MemberRestoreStarter(restoring(platform)))
    tables = MemberTableStarter(calling(platform), otherwise=files)
    snapshots = MemberNamespaceSnapshots(inspection(platform))
    in_namespaces = MemberNamespaceTableStarter(calling(platform), snapshots=snapshots, otherwise=tables)
    namespaces = MemberNamespaceStarter(
        calling(platform), snapshots=snapshots, now=platform.now, otherwise=in_namespaces
    )
    volumes = MemberVolumeStarter(calling(platform), otherwise=namespaces)
    return MemberSettingStarter(setting_again(platform), settings=asked_settings(platform), otherwise=volumes)


def _authority(platform: Platform) -> dict[str, Any]:
    own = platform.intent.organization.backup_account
    return {
        "intent": platform.intent,
        "ceremony": ceremony_of(platform.intent),
        "judge": judge(platform),
        "keeper": keeper(platform),
        "executions": executions(platform),
        "tickets": tickets(platform),
        "units": Organization(client("organizations")),
        "points": VaultedPoints(client, inspection(platform), intent=platform.intent),
        "lists": ListedPoints(client, inspection(platform), own_account=own, now=platform.now()),
        "jobs": restore_jobs(platform),
        "settings": asked_settings(platform),
        "witness": witness(platform),
        "check_witness": log_check(platform),
        "policy_of": partial(rules_text, platform),
        "urgent_policy": partial(urgent_rules_text, platform),
        "clock": platform.now,
    }
