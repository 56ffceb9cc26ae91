"""Tables of Timestream, whose ARN lies below their database's."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, Reach, ResourceType

TYPES: Final = (
    ResourceType(
        name="Timestream",
        label="Timestream table",
        enters_air_gap=True,
        arn="arn:{partition}:timestream:{region}:{account}:database/{id}",
        id_shape=r"[A-Za-z0-9_.-]{3,256}/table/[A-Za-z0-9_.-]{3,256}",
        listing=Listing(
            call="ListTables",
            items="Tables[]",
            name="Arn",
            made_at="CreationTime",
            state="TableStatus",
            ended=("DELETING",),
            size="MaxResults",
            page=20,
        ),
        creations=(
            # A database is no resource of AWS Backup; its tables are.
            Creation(call="timestream:CreateDatabase", tagged=EVERYTHING),
            Creation(
                call="timestream:CreateTable",
                response=("table.arn",),
                request_joined="{databaseName}/table/{tableName}",
                source="spelled as the public record of CreateDatabase, 2023",
                model="timestream-write",
                tagged=EVERYTHING,
            ),
            Creation(
                call="timestream:StartAwsRestoreJob",
                request_joined="{databaseName}/table/{tableName}",
                kind=Kind.RESTORE,
                evidence=Evidence.UNCONFIRMED,
                source="AWSBackupServiceRolePolicyForRestores",
                model="timestream-write",
            ),
        ),
        tags=Tagging(
            client="timestream-write",
            write="timestream:TagResource",
            read="ListTagsForResource",
            tags="Tags",
            not_yet=("ConflictException",),
            gone=("ResourceNotFoundException",),
        ),
        tagging=("timestream:TagResource",),
        untagging=("timestream:UntagResource",),
        tag_calls=tag_resource_calls("timestream", named_at="resourceARN", model="timestream-write"),
        has_cold_storage=True,
        opt_in_reach=Reach.REGIONS,
        is_restored_here=True,
        is_rarely_tried=True,
    ),
)
