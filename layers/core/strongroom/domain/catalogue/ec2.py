"""Instances and volumes of EC2, whose backups are images and snapshots."""

from typing import Final

from strongroom.domain.catalogue.model import CopyKey, Creation, NativeBackups, ResourceType, Scope, Threat

_INSTANCES: Final = "arn:{partition}:ec2:*:*:instance/*"
_VOLUMES: Final = "arn:{partition}:ec2:*:*:volume/*"
_IMAGE: Final = "arn:{partition}:ec2:{region}::image/{id}"
_SNAPSHOT: Final = "arn:{partition}:ec2:{region}::snapshot/{id}"
_TAGGING: Final = ("ec2:CreateTags",)
_UNTAGGING: Final = ("ec2:DeleteTags",)
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
        arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
        id_shape=r"i-[0-9a-z]{1,32}",
        creations=(
            Creation(
                call="ec2:RunInstances",
                response=("instancesSet.items[].instanceId",),
                tagged=(_INSTANCES, _VOLUMES),
                upsets=(
                    "Auto Scaling, EKS node groups and Elastic Beanstalk check their maker's right to start instances:"
                    " each launch template must tag instances and volumes, or the group cannot be made"
                ),
            ),
        ),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        clearing=_UNTAGGING,
        is_scanned=True,
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
        arn="arn:{partition}:ec2:{region}:{account}:volume/{id}",
        id_shape=r"vol-[0-9a-z]{1,32}",
        creations=(Creation(call="ec2:CreateVolume", response=("volumeId",), tagged=(_VOLUMES,)),),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        clearing=_UNTAGGING,
        # Cold means the archive tier of snapshots.
        has_cold_storage=True,
        is_archived=True,
        is_indexed=True,
        is_scanned=True,
        native=NativeBackups(
            arns=("arn:{partition}:ec2:*::snapshot/*",),
            changes=("ec2:DeleteSnapshot", "ec2:ModifySnapshotAttribute", "ec2:ModifySnapshotTier"),
            readings=("ebs:GetSnapshotBlock", "ebs:ListChangedBlocks", "ebs:ListSnapshotBlocks", "ec2:CopySnapshot"),
            restores=("ec2:CreateReplaceRootVolumeTask", "ec2:CreateVolume", "ec2:RunInstances"),
        ),
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
            _untagged_creation("ec2:CreateVolume", "create a volume without a backup tag"),
            _UNTAGGED,
        ),
    ),
)
