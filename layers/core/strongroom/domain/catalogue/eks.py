"""Clusters of EKS."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, ResourceType

TYPES: Final = (
    ResourceType(
        name="EKS",
        label="EKS cluster",
        enters_air_gap=True,
        is_restored_here=True,
        is_rarely_tried=True,
        arn="arn:{partition}:eks:{region}:{account}:cluster/{id}",
        id_shape=r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}",
        listing=Listing(call="ListClusters", items="clusters[]", begin_at="nextToken", next_at="nextToken", page=100),
        creations=(
            Creation(
                call="eks:CreateCluster",
                response=("cluster.arn",),
                request=("name", "clusterName"),
                evidence=Evidence.RECORDED,
                source="public record of 2021; Amazon EKS User Guide of 2018, where the name is clusterName",
                tagged=EVERYTHING,
            ),
        ),
        tags=Tagging(
            client="eks",
            write="eks:TagResource",
            read="ListTagsForResource",
            tags="tags",
            not_yet=("BadRequestException", "ResourceInUseException"),
            gone=("NotFoundException", "ResourceNotFoundException"),
        ),
        tagging=("eks:TagResource",),
        untagging=("eks:UntagResource",),
        tag_calls=tag_resource_calls("eks", named_at="resourceArn"),
    ),
)
