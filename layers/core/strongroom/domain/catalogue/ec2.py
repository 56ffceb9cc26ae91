"""Instances and volumes of EC2, whose backups are images and snapshots."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Named, Origin, Sign
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.catalogue.facets.tagging import Limit, Pace, Tagging
from strongroom.domain.catalogue.model import CopyKey, Listing, NativeBackups, OwnCall, ResourceType, Scope, Threat

VOLUME_CALL: Final = "ec2:CreateVolume"

_INSTANCES: Final = "arn:{partition}:ec2:*:*:instance/*"
_VOLUMES: Final = "arn:{partition}:ec2:*:*:volume/*"
_INSTANCE: Final = Named(
    label="EC2 instance",
    arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
    id_shape=r"i-[0-9a-z]{1,32}",
)
_RATE: Final = "100 at once, then 10 a second, for each account and Region"
_PACE: Final = Pace(per_second=10, burst=100)
_IMAGE: Final = "arn:{partition}:ec2:{region}::image/{id}"
_SNAPSHOT: Final = "arn:{partition}:ec2:{region}::snapshot/{id}"
_VOLUME: Final = "arn:{partition}:ec2:{region}:{account}:volume/{id}"
_TAGGING: Final = ("ec2:CreateTags",)
_UNTAGGING: Final = ("ec2:DeleteTags",)
_NAMED: Final = ("resourcesSet.items[].resourceId",)
_TAG_CALLS: Final = (
    TagCall(
        call="ec2:CreateTags",
        named_at=_NAMED,
        tags_at=("tagSet.items[]",),
        by_id=True,
        asked_at="tagSet.items.key",
    ),
    TagCall(
        call="ec2:DeleteTags",
        named_at=_NAMED,
        keys_at=("tagSet.items[].key",),
        by_id=True,
        clears=True,
        asked_at="tagSet.items.key",
    ),
)
_UNTAGGED: Final = Threat(
    call="ec2:DeleteTags",
    what="remove the backup tag",
    target_keys=("resourcesSet.items[].resourceId",),
    scope=Scope.BACKUP_TAG,
)


def _on_image(call: str, what: str) -> Threat:
    return Threat(
        call=call, what=what, target_keys=("imageId", "sourceImageId"), scope=Scope.NATIVE_BACKUP, point=_IMAGE
    )


def _on_snapshot(call: str, what: str) -> Threat:
    keys = ("snapshotId", "sourceSnapshotId")
    return Threat(call=call, what=what, target_keys=keys, scope=Scope.NATIVE_BACKUP, point=_SNAPSHOT)


def _untagged_creation(call: str, what: str) -> Threat:
    return Threat(call=call, what=what, target_keys=(), scope=Scope.UNTAGGED_CREATION)


TYPES: Final = (
    ResourceType(
        name="EC2",
        label="EC2 instance",
        enters_air_gap=True,
        arn=_INSTANCE.arn,
        # An image, whose snapshots are those of EBS.
        is_incremental=True,
        id_shape=_INSTANCE.id_shape,
        wants_opt_in=True,
        listing=Listing(
            call="DescribeInstances",
            items="Reservations[].Instances[]",
            name="InstanceId",
            tags="Tags",
            made_at="LaunchTime",
            state="State.Name",
            ended=("shutting-down", "terminated"),
            size="MaxResults",
            page=1000,
        ),
        creations=(
            Creation(
                call="ec2:RunInstances",
                response=("instancesSet.items[].instanceId",),
                origins=(Origin(paths=("response.instancesSet.items[].imageId",), arn=_IMAGE),),
                evidence=Evidence.RECORDED,
                source="public records of 2016 to 2024, eleven of them",
                tagged=(_INSTANCES, _VOLUMES),
                upsets=(
                    "Auto Scaling, EKS node groups and Elastic Beanstalk check their maker's right to start instances:"
                    " each launch template must tag instances and volumes, or the group cannot be made"
                ),
            ),
            Creation(
                call="ec2:CreateFleet",
                response=(
                    "CreateFleetResponse.fleetInstanceSet.item[].instanceIds.item[]",
                    "fleetInstanceSet.items[].instanceIds.items[]",
                ),
                unnamed="a fleet of another type than `instant` starts its instances by calls of their own",
                evidence=Evidence.RECORDED,
                source="public record of 2023, of type `instant`",
                is_wrapped=True,
            ),
        ),
        tags=Tagging(
            is_listed_by_tag=True,
            client="ec2",
            write="ec2:CreateTags",
            read="DescribeTags",
            tags="Tags",
            when="at once, also while it is pending",
            gone=("InvalidInstanceID.NotFound", "InvalidID"),
            rate=_RATE,
            pace=_PACE,
            at_once=1000,
        ),
        limits=(
            Limit(
                fact="a volume under the AWS-managed key of EBS keeps its backups from being copied to another account",
                lifted_by="a key of yours",
                read="DescribeVolumes, then DescribeKey",
                of_key=True,
            ),
            Limit(
                fact="volumes of the instance store are not in its backup",
                lifted_by="EBS volumes",
                read="DescribeInstanceTypes",
            ),
        ),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        clearing=_UNTAGGING,
        tag_calls=_TAG_CALLS,
        is_scanned=True,
        is_restored_here=True,
        copy_key=CopyKey.UNTOLD,
        native=NativeBackups(
            arns=("arn:{partition}:ec2:*::image/*",),
            changes=("ec2:DeregisterImage", "ec2:DisableImage", "ec2:ModifyImageAttribute"),
            readings=("ec2:CopyImage", "ec2:CreateStoreImageTask", "ec2:ExportImage", "ec2:RegisterImage"),
            restores=("ec2:CreateReplaceRootVolumeTask", "ec2:RunInstances"),
        ),
        threats=(
            _on_image("ec2:CopyImage", "copy the image behind a backup out of AWS Backup's hands"),
            _on_image("ec2:CreateStoreImageTask", "export the image behind a backup"),
            _on_image("ec2:DeregisterImage", "delete the image behind a backup"),
            _on_image("ec2:DisableImage", "disable the image behind a backup"),
            _on_image("ec2:ExportImage", "export the image behind a backup"),
            _on_image("ec2:ModifyImageAttribute", "share the image behind a backup"),
            _untagged_creation("ec2:RunInstances", "start an instance without a backup tag"),
            _UNTAGGED,
        ),
    ),
    ResourceType(
        name="EBS",
        label="EBS volume",
        enters_air_gap=True,
        arn=_VOLUME,
        is_incremental=True,
        id_shape=r"vol-[0-9a-z]{1,32}",
        wants_opt_in=True,
        listing=Listing(
            call="DescribeVolumes",
            items="Volumes[]",
            name="VolumeId",
            tags="Tags",
            made_at="CreateTime",
            state="State",
            ended=("deleting", "deleted"),
            attached_to="Attachments[].InstanceId",
            size="MaxResults",
            page=1000,
        ),
        creations=(
            Creation(
                call="ec2:CreateVolume",
                response=("volumeId",),
                kind_when=((Sign(paths=("request.snapshotId",), values=("snap-*",)), Kind.RESTORE),),
                origins=(Origin(paths=("request.snapshotId",), arn=_SNAPSHOT),),
                evidence=Evidence.RECORDED,
                source="public records of 2016 and later",
                tagged=(_VOLUMES,),
            ),
            # The tags of the source are not copied (Amazon EBS User Guide, "Copy an Amazon EBS volume").
            Creation(
                call="ec2:CopyVolumes",
                response=("CopyVolumesResponse.volumeSet.item[].volumeId", "volumeSet.items[].volumeId"),
                kind=Kind.CLONE,
                origins=(
                    Origin(paths=("request.CopyVolumesRequest.SourceVolumeId", "request.sourceVolumeId"), arn=_VOLUME),
                ),
                source="wrapped as the record of CreateFleet",
                is_wrapped=True,
            ),
            # The new root volume is in the backup of its instance, which is what the record names.
            Creation(
                call="ec2:CreateReplaceRootVolumeTask",
                response=(
                    "CreateReplaceRootVolumeTaskResponse.replaceRootVolumeTask.instanceId",
                    "replaceRootVolumeTask.instanceId",
                ),
                request=("CreateReplaceRootVolumeTaskRequest.InstanceId", "instanceId"),
                names=(_INSTANCE,),
                kind=Kind.RESTORE,
                source="a public project reads this request from CloudTrail",
                is_wrapped=True,
            ),
            Creation(
                call="ec2:RestoreVolumeFromRecycleBin",
                request=("RestoreVolumeFromRecycleBinRequest.VolumeId", "volumeId"),
                kind=Kind.RESTORE,
                source="wrapped as the public record of RestoreSnapshotFromRecycleBin, 2021",
                is_wrapped=True,
            ),
        ),
        tags=Tagging(
            is_listed_by_tag=True,
            client="ec2",
            write="ec2:CreateTags",
            read="DescribeTags",
            tags="Tags",
            when="at once, also while it is creating",
            gone=("InvalidVolume.NotFound",),
            rate=_RATE,
            pace=_PACE,
            at_once=1000,
        ),
        limits=(
            Limit(
                fact="under the AWS-managed key of EBS its backups are copied to no other account",
                lifted_by="a key of yours",
                shown=(Sign(paths=("request.kmsKeyId",), values=("alias/aws/ebs", "*:alias/aws/ebs")),),
                read="DescribeVolumes, then DescribeKey",
                of_key=True,
                key_at=("response.kmsKeyId", "request.kmsKeyId"),
            ),
        ),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        clearing=_UNTAGGING,
        tag_calls=_TAG_CALLS,
        # Cold means the archive tier of snapshots.
        has_cold_storage=True,
        is_archived=True,
        is_indexed=True,
        is_scanned=True,
        is_restored_here=True,
        native=NativeBackups(
            arns=("arn:{partition}:ec2:*::snapshot/*",),
            changes=("ec2:DeleteSnapshot", "ec2:ModifySnapshotAttribute", "ec2:ModifySnapshotTier"),
            readings=("ebs:GetSnapshotBlock", "ebs:ListChangedBlocks", "ebs:ListSnapshotBlocks", "ec2:CopySnapshot"),
            restores=("ec2:CreateReplaceRootVolumeTask", "ec2:CreateVolume", "ec2:RunInstances"),
            clearings=("ec2:DeleteSnapshot",),
            lendings=("ec2:ModifySnapshotAttribute",),
        ),
        own_calls=(OwnCall(call=VOLUME_CALL, what="EBS volume"),),
        threats=(
            _on_snapshot("ec2:CopySnapshot", "copy the snapshot behind a backup out of AWS Backup's hands"),
            Threat(
                call="ec2:CreateReplaceRootVolumeTask",
                what="restore the snapshot behind a backup outside the ceremony",
                target_keys=("snapshotId", "instanceId"),  # without a snapshot the volume is as the instance began
                scope=Scope.NATIVE_BACKUP,
                point=_SNAPSHOT,
            ),
            _on_snapshot("ec2:DeleteSnapshot", "delete the snapshot behind a backup"),
            _on_snapshot("ec2:ModifySnapshotAttribute", "share the snapshot behind a backup"),
            _on_snapshot("ec2:ModifySnapshotTier", "archive the snapshot behind a backup"),
            Threat(
                call="ec2:CreateVolume",
                what="create a volume that neither a backup tag nor a job of AWS Backup accounts for",
                target_keys=("snapshotId",),
                scope=Scope.UNTAGGED_OR_NATIVE,
            ),
            _UNTAGGED,
        ),
    ),
)

INSTANCE, VOLUME = TYPES
