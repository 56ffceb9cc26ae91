"""What no machine restores here: it overwrites what lives, or needs a place outside of AWS.

From the AWS Backup Developer Guide, "Restore an Amazon Redshift Serverless namespace", "Restoring SAP HANA databases",
"Restoring a virtual machine" and "Restoring a Storage Gateway volume".
"""

from typing import Final

from strongroom.domain.catalogue import backup_gateway, redshift, ssm_sap, storage_gateway
from strongroom.domain.restores.kinds.finishing import BEFORE, LOOK_AT_TABLE
from strongroom.domain.restores.kinds.model import Name, NativeCall, RestoreKind

# Where any of these is written nothing is overwritten.
_OF_A_TABLE: Final = (
    *("sourceDatabaseName", "sourceSchemaName", "sourceTableName"),
    *("targetDatabaseName", "targetSchemaName", "newTableName"),
)

KINDS: Final = (
    RestoreKind(
        row=redshift.TYPES[1],
        target=Name(before="the namespace that is overwritten", after="the same namespace"),
        by_hand="It overwrites a namespace that lives.",
        is_overwriting=True,
        # NAMESPACE_RESTORE, where a cluster of Redshift has CLUSTER_RESTORE.
        own_words=("RestoreType",),
        named_by=("NamespaceIdentifier",),
        calls=(
            NativeCall(
                call=redshift.NAMESPACE_TABLE_CALL,
                into="namespaceName",
                is_in_arn=False,
                told_by=_OF_A_TABLE,
                steps=(LOOK_AT_TABLE,),
            ),
            NativeCall(
                call=redshift.NAMESPACE_CALL,
                into="namespaceName",
                is_in_arn=False,
                steps=(
                    f"{BEFORE}stop whatever writes to the namespace, and take a snapshot of what is in it now.",
                    "See that its data are those of the backup: nothing that Redshift Serverless tells proves it.",
                    "Let its administrator log in with the password of the time of the backup, and set a new one.",
                ),
            ),
        ),
        comes_back="the namespace, in place of what is there",
        lost="all that was written since",
        pace="not known",
    ),
    RestoreKind(
        row=ssm_sap.TYPES[0],
        target=Name(before="the database that is overwritten", after="the same database"),
        by_hand="It overwrites a database that lives, and that a person stops first.",
        is_overwriting=True,
        steps=(
            f"{BEFORE}stop the database, and whatever writes to it.",
            "Start the database, and see that it answers.",
        ),
        comes_back="the database, in place of what is there",
        lost="all that was written since",
        pace="not known",
        tags_are_copied=False,
    ),
    RestoreKind(
        row=backup_gateway.TYPES[0],
        target=Name(before="the hypervisor has no machine of the name", after="the machine at its path"),
        by_hand="It needs a hypervisor, and a store and a path on it.",
        named_by=("VMName",),
        steps=(
            "Give the machine its network and its place in the hypervisor, and start it.",
            "Join it to its domain, and let DNS name it.",
        ),
        comes_back="the machine's disks",
        lost="its network and its place in the hypervisor",
        pace="4 at once through a gateway",
        tags_are_copied=False,
    ),
    RestoreKind(
        row=storage_gateway.TYPES[0],
        target=Name(before="the gateway has no target of the name", after="the volume at the gateway"),
        by_hand="It needs a gateway and a disk in it.",
        named_by=("targetName",),
        steps=("Attach the volume: let its initiators log in to the new target.",),
        comes_back="the volume's blocks",
        lost="its target and its sessions",
        pace="4 at once through a gateway",
    ),
)
