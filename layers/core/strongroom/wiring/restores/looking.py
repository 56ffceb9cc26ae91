"""Looking at what was started: jobs of AWS Backup, and what services made by calls of their own."""

from strongroom.adapters.aws.backup.restores import MemberRestoreJobs
from strongroom.adapters.aws.restores.namespace_tables import MemberNamespaceSnapshots, MemberNamespaceTables
from strongroom.adapters.aws.restores.namespaces import MemberNamespaces
from strongroom.adapters.aws.restores.own_calls import MemberCallJobs
from strongroom.adapters.aws.restores.table_calls import MemberTables
from strongroom.adapters.aws.restores.volume_calls import MemberVolumes
from strongroom.runtime.platform import Platform
from strongroom.wiring.members import inspection


def restore_jobs(platform: Platform) -> MemberVolumes:
    """Whatever was started for a request, in its account."""
    files = MemberCallJobs(inspection(platform), otherwise=MemberRestoreJobs(inspection(platform)))
    tables = MemberTables(inspection(platform), otherwise=files)
    snapshots = MemberNamespaceSnapshots(inspection(platform))
    in_namespaces = MemberNamespaceTables(inspection(platform), snapshots=snapshots, otherwise=tables)
    namespaces = MemberNamespaces(inspection(platform), otherwise=in_namespaces)
    return MemberVolumes(inspection(platform), otherwise=namespaces)
