"""Statements about what AWS Backup keeps in other services: a vault's access policy and its lock do not reach there.

Sources: Service Authorization Reference; AWS Backup Developer Guide, "Deleting backups".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue.model import Effect
from strongroom.domain.catalogue.rows import ROWS, joined
from strongroom.domain.guardrails.denials import Condition, Denial, Exempt
from strongroom.domain.identifiers import REQUEST_TAG
from strongroom.domain.partitions import PLACEHOLDER

# AWS Backup sets this tag on what it makes in other services; nobody else can set or remove a tag that begins so.
OF_AWS_BACKUP: Final[Condition] = {"Null": {"aws:ResourceTag/aws:backup:source-resource": "false"}}
_NATIVE: Final = tuple(row.native for row in ROWS)
_NAMED: Final = tuple(each for each in _NATIVE if each.is_named)
_TAGGED: Final = tuple(each for each in _NATIVE if not each.is_named)
SNAPSHOTS_OF_AWS_BACKUP: Final = joined(each.arns for each in _NAMED)
_CALLED: Final = tuple(row for row in ROWS if any(each.effect is Effect.MAKES for each in row.own_calls))


def native_restores(restorers: tuple[Exempt, ...]) -> Iterator[Denial]:
    """A snapshot of AWS Backup is as good as a restore to whoever may make a volume or a database of it."""
    yield Denial(
        sid="NoRestoreFromCopies",
        stops="making volumes, instances, file systems or namespaces from AWS Backup's copies outside the ceremony",
        actions=joined(each.restores for each in _TAGGED),
        resources=joined(each.arns for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=restorers,
    )
    yield Denial(
        sid="NoRestoreFromSnapshots",
        stops="making databases from AWS Backup's snapshots outside the ceremony",
        actions=joined(each.restores for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=restorers,
    )
    yield Denial(
        sid="NoRestoreFromUnmarked",
        stops="making tables from DynamoDB backups outside the ceremony: AWS Backup's look like a team's own",
        actions=joined(each.unmarked_restores for each in _NATIVE),
        resources=joined(each.unmarked_arns for each in _NATIVE),
        exempt=restorers,
    )


def request_tags(restorers: tuple[Exempt, ...]) -> Iterator[Denial]:
    """Whoever sets it could have something else taken for what was restored, or a restore for somebody's own.

    On what is made alone: backups carry the tags of what they are of. Who creates is asked for the tags, too (Service
    Authorization Reference, ec2:CreateTags; fsx:TagResource, on which fsx:CreateFileSystem depends).
    """
    yield Denial(
        sid="KeepRequestTag",
        stops="setting, changing or removing the tag by which the ceremony knows what a service's own call has made",
        actions=joined((*row.tagging, *row.untagging) for row in _CALLED),
        resources=joined((row.pattern_in(PLACEHOLDER),) for row in _CALLED),
        when={"ForAnyValue:StringEquals": {"aws:TagKeys": REQUEST_TAG}},
        exempt=restorers,
    )


def native_copies(copier: Exempt, rescuer: Exempt, *, others: tuple[Exempt, ...]) -> Iterator[Denial]:
    """The same backups by the calls of the services that hold them.

    `others` work on what is marked, too: a scan for malware is given the snapshot, and a restore out of an air-gapped
    vault makes one and deletes it (AWS managed policies AWSBackupGuardDutyRolePolicyForScans and
    AWSBackupServiceRolePolicyForRestores).
    """
    yield Denial(
        sid="KeepNativeCopies",
        stops="deleting, archiving, shortening or sharing what AWS Backup marks as its own in other services",
        actions=joined(each.changes for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=(copier, *others),
    )
    yield Denial(
        sid="KeepNativeSnapshots",
        stops="deleting, shortening or sharing AWS Backup's snapshots of databases",
        actions=joined(each.changes for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=(copier,),
    )
    yield Denial(
        sid="KeepUnmarkedBackups",
        stops="deleting DynamoDB backups and automated database backups: AWS Backup's look like a team's own",
        actions=joined(each.unmarked for each in _NATIVE),
        exempt=(copier, rescuer),
    )


def native_readings(
    copier: Exempt, *, others: tuple[Exempt, ...], callers: tuple[Exempt, ...] = ()
) -> Iterator[Denial]:
    """A copy that is out of AWS Backup's hands has no lock; a team's own snapshots stay the team's.

    `others` are exempt as from `native_copies`, by which both share a statement, and `callers` take single tables out
    of snapshots for the ceremony. ec2:CopySnapshot is asked for the
    snapshot that it copies, too, with that one's tags (AWS Storage Blog, "Enhancing resource-level permissions for
    copying Amazon EBS snapshots"); where ec2:CopyImage is not, its row refuses nothing.
    """
    yield Denial(
        sid="NoReadingOfCopies",
        stops="reading the blocks of AWS Backup's copies, and copying or exporting them out of its hands",
        actions=joined(each.readings for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=(copier, *others),
    )
    yield Denial(
        sid="NoCopiesOfSnapshots",
        stops="copying AWS Backup's snapshots of databases, exporting them, and taking single tables out of them",
        actions=joined(each.readings for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=(copier, *callers),
    )
