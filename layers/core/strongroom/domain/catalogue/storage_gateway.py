"""Volumes of Storage Gateway, whose ARN lies below their gateway's."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, ResourceType

TYPES: Final = (
    ResourceType(
        name="Storage Gateway",
        label="Storage Gateway volume",
        enters_air_gap=True,
        arn="arn:{partition}:storagegateway:{region}:{account}:gateway/{id}",
        creations=(
            Creation(call="storagegateway:CreateCachediSCSIVolume", tagged=EVERYTHING),
            Creation(call="storagegateway:CreateStorediSCSIVolume", tagged=EVERYTHING),
        ),
        tagging=("storagegateway:AddTagsToResource",),
        untagging=("storagegateway:RemoveTagsFromResource",),
    ),
)
