"""Looking at what was started: jobs of AWS Backup, and what calls of services made or set."""

from strongroom.adapters.aws.backup.restores import MemberRestoreJobs
from strongroom.adapters.aws.restores.asked_settings import MemberSettingJobs, MemberSettings
from strongroom.adapters.aws.restores.namespace_tables import MemberNamespaceSnapshots, MemberNamespaceTables
from strongroom.adapters.aws.restores.namespaces import MemberNamespaces
from strongroom.adapters.aws.restores.own_calls import MemberCallJobs
from strongroom.adapters.aws.restores.table_calls import MemberTables
from strongroom.adapters.aws.restores.volume_calls import MemberVolumes
from strongroom.runtime.platform import Platform
from strongroom.wiring.members import inspection


def restore_jobs(platform: Platform) -> MemberSettingJobs:
    """Whatever was started for a request, in its account."""
    files = MemberCallJobs(inspection(platform), otherwise=MemberRestoreJobs(inspection(platform)))
    tables = MemberTables(inspection(platform), otherwise=files)
    snapshots = MemberNamespaceSnapshots(inspection(platform))
    in_namespaces = MemberNamespaceTables(inspection(platform), snapshots=snapshots, otherwise=tables)
    namespaces = MemberNamespaces(inspection(platform), otherwise=in_namespaces)
    volumes = MemberVolumes(inspection(platform), otherwise=namespaces)
    return MemberSettingJobs(asked_settings(platform), otherwise=volumes)


def asked_settings(platform: Platform) -> MemberSettings:
    """The settings that are asked for after a restore, as they are now."""
    return MemberSettings(inspection(platform))
