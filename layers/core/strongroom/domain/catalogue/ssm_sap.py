"""SAP HANA databases on EC2 instances, which Systems Manager for SAP registers."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Kind, Named
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import Listing, ResourceType

TYPES: Final = (
    ResourceType(
        name="SAP HANA on Amazon EC2",
        label="SAP HANA database",
        arn="arn:{partition}:ssm-sap:{region}:{account}:HANA/{id}",
        id_shape=r"[A-Za-z0-9_.-]+/DB/[A-Za-z0-9_.-]+",
        listing=Listing(call="ListDatabases", items="Databases[]", name="Arn", tags="Tags", size="MaxResults", page=50),
        creations=(
            # Its databases are found later, once Systems Manager has looked for them.
            Creation(
                call="ssm-sap:RegisterApplication",
                response=("application.id", "application.arn"),
                request=("applicationId",),
                names=(
                    Named(
                        label="SAP application",
                        arn="arn:{partition}:ssm-sap:{region}:{account}:HANA/{id}",
                        id_shape=r"[A-Za-z0-9_.-]{1,60}",
                    ),
                ),
                kind=Kind.DISCOVERY,
            ),
        ),
        tags=Tagging(
            client="ssm-sap",
            write="ssm-sap:TagResource",
            read="ListTagsForResource",
            tags="tags",
            when="once it is discovered",
            not_yet=("ConflictException",),
            gone=("ResourceNotFoundException",),
        ),
        is_continuous=True,
        tagging=("ssm-sap:TagResource",),
        untagging=("ssm-sap:UntagResource",),
        tag_calls=tag_resource_calls("ssm-sap", named_at="resourceArn"),
        has_cold_storage=True,
        is_restored_as_written=True,
    ),
)
