"""SAP HANA databases on EC2 instances, which Systems Manager for SAP registers."""

from typing import Final

from strongroom.domain.catalogue.model import ResourceType

TYPES: Final = (
    ResourceType(
        name="SAP HANA on Amazon EC2",
        label="SAP HANA database",
        arn="arn:{partition}:ssm-sap:{region}:{account}:HANA/{id}",
        is_continuous=True,
        tagging=("ssm-sap:TagResource",),
        untagging=("ssm-sap:UntagResource",),
        has_cold_storage=True,
    ),
)
