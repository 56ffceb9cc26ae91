"""Instances and volumes of EC2, whose backups are images and snapshots."""

from typing import Final

from strongroom.domain.catalogue.model import CopyKey, Creation, NativeBackups, ResourceType, Scope, Threat

_INSTANCES: Final = "arn:aws:ec2:*:*:instance/*"
_VOLUMES: Final = "arn:aws:ec2:*:*:volume/*"
_IMAGE: Final = "arn:aws:ec2:{region}::image/{id}"
_SNAPSHOT: Final = "arn:aws:ec2:{region}::snapshot/{id}"
_TAGGING: Final = ("ec2:CreateTags",)
_UNTAGGING: Final = ("ec2:DeleteTags",)
_UNTAGGED: Final = Threat(call="ec2:DeleteTags", what="remove the backup tag", target_keys=(), scope=Scope.BACKUP_TAG)

TYPES: Final = (
    ResourceType(
        name="EC2",
        label="EC2 instance",
        arn="arn:aws:ec2:{region}:{account}:instance/{id}",
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
            arns=("arn:aws:ec2:*::image/*",),
            changes=("ec2:DeregisterImage", "ec2:DisableImage", "ec2:ModifyImageAttribute"),
            readings=("ec2:CreateStoreImageTask", "ec2:ExportImage", "ec2:RegisterImage"),
            restores=("ec2:CreateReplaceRootVolumeTask", "ec2:RunInstances"),
        ),
        threats=(
            Threat(
                call="ec2:DeregisterImage",
                what="delete the image behind a backup",
                target_keys=("imageId",),
                scope=Scope.NATIVE_BACKUP,
                point=_IMAGE,
            ),
            Threat(
                call="ec2:ModifyImageAttribute",
                what="share the image behind a backup",
                target_keys=("imageId",),
                scope=Scope.NATIVE_BACKUP,
                point=_IMAGE,
            ),
            _UNTAGGED,
        ),
    ),
    ResourceType(
        name="EBS",
        label="EBS volume",
        arn="arn:aws:ec2:{region}:{account}:volume/{id}",
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
            arns=("arn:aws:ec2:*::snapshot/*",),
            changes=("ec2:DeleteSnapshot", "ec2:ModifySnapshotAttribute", "ec2:ModifySnapshotTier"),
            readings=("ebs:GetSnapshotBlock", "ebs:ListChangedBlocks", "ebs:ListSnapshotBlocks"),
            restores=("ec2:CreateReplaceRootVolumeTask", "ec2:CreateVolume", "ec2:RunInstances"),
        ),
        threats=(
            Threat(
                call="ec2:DeleteSnapshot",
                what="delete the snapshot behind a backup",
                target_keys=("snapshotId",),
                scope=Scope.NATIVE_BACKUP,
                point=_SNAPSHOT,
            ),
            Threat(
                call="ec2:ModifySnapshotAttribute",
                what="share the snapshot behind a backup",
                target_keys=("snapshotId",),
                scope=Scope.NATIVE_BACKUP,
                point=_SNAPSHOT,
            ),
            _UNTAGGED,
        ),
    ),
)
