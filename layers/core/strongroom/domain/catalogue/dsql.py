"""Clusters of Aurora DSQL."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Sign
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, ResourceType

TYPES: Final = (
    ResourceType(
        name="Aurora DSQL",
        label="Aurora DSQL cluster",
        enters_air_gap=True,
        arn="arn:{partition}:dsql:{region}:{account}:cluster/{id}",
        id_shape=r"[a-z0-9]{26}",
        listing=Listing(
            call="ListClusters",
            items="clusters[]",
            name="arn",
            begin_at="nextToken",
            next_at="nextToken",
            size="maxResults",
            page=100,
        ),
        creations=(
            Creation(
                call="dsql:CreateCluster",
                response=("arn", "identifier"),
                kind_when=((Sign(paths=("request.multiRegionProperties.witnessRegion",)), Kind.REPLICA),),
                source="Aurora DSQL User Guide names the event",
                tagged=EVERYTHING,
            ),
            Creation(
                call="dsql:StartRestoreJob",
                response=("clusterArn", "arn", "targetClusterArn"),
                kind=Kind.RESTORE,
                evidence=Evidence.UNCONFIRMED,
                source="Aurora DSQL User Guide; AWSBackupServiceRolePolicyForRestores",
            ),
        ),
        tags=Tagging(
            client="dsql",
            write="dsql:TagResource",
            read="ListTagsForResource",
            tags="tags",
            not_yet=("ConflictException",),
            gone=("ResourceNotFoundException",),
        ),
        tagging=("dsql:TagResource",),
        untagging=("dsql:UntagResource",),
        tag_calls=tag_resource_calls("dsql", named_at="resourceArn"),
        has_cold_storage=True,
        is_restored_here=True,
        is_rarely_tried=True,
    ),
)
