"""Volumes of Storage Gateway, whose ARN lies below their gateway's."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Kind, Origin, Sign
from strongroom.domain.catalogue.facets.tag_calls import keyed_calls
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, ResourceType

_ARN: Final = "arn:{partition}:storagegateway:{region}:{account}:gateway/{id}"
_SNAPSHOT: Final = Origin(paths=("request.snapshotId",), arn="arn:{partition}:ec2:{region}::snapshot/{id}")
_FROM_SNAPSHOT: Final = (Sign(paths=("request.snapshotId",), values=("snap-*",)), Kind.RESTORE)
_FROM_VOLUME: Final = (Sign(paths=("request.sourceVolumeARN",)), Kind.CLONE)

TYPES: Final = (
    ResourceType(
        name="Storage Gateway",
        label="Storage Gateway volume",
        enters_air_gap=True,
        arn=_ARN,
        id_shape=r"sgw-[0-9A-F]+/volume/vol-[0-9A-F]+",
        listing=Listing(
            call="ListVolumes",
            items="VolumeInfos[]",
            name="VolumeARN",
            begin_at="Marker",
            next_at="Marker",
            size="Limit",
            page=100,
        ),
        creations=(
            Creation(
                call="storagegateway:CreateCachediSCSIVolume",
                response=("volumeARN",),
                kind_when=(_FROM_SNAPSHOT, _FROM_VOLUME),
                origins=(Origin(paths=("request.sourceVolumeARN",), arn=_ARN), _SNAPSHOT),
                source="spelled as the published record of ActivateGateway",
                tagged=EVERYTHING,
            ),
            Creation(
                call="storagegateway:CreateStorediSCSIVolume",
                response=("volumeARN",),
                kind_when=(_FROM_SNAPSHOT,),
                origins=(_SNAPSHOT,),
                tagged=EVERYTHING,
            ),
        ),
        tags=Tagging(
            client="storagegateway",
            write="storagegateway:AddTagsToResource",
            read="ListTagsForResource",
            tags="Tags",
            not_yet=("InvalidGatewayRequestException",),
        ),
        limits=(
            Limit(
                fact="its backups are snapshots of EBS: under the AWS-managed key they are copied to no other account",
                lifted_by="a key of yours",
                shown=(Sign(paths=("request.kMSKey",), values=("alias/aws/*", "*:alias/aws/*")),),
                read="the request's kMSKey, then DescribeKey",
                of_key=True,
                key_at=("request.kMSKey",),
            ),
        ),
        tagging=("storagegateway:AddTagsToResource",),
        untagging=("storagegateway:RemoveTagsFromResource",),
        tag_calls=keyed_calls(
            "storagegateway:AddTagsToResource", "storagegateway:RemoveTagsFromResource", named_at="resourceARN"
        ),
        is_restored_as_written=True,
    ),
)
