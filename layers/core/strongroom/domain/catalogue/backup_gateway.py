"""Virtual machines of VMware, which a gateway backs up."""

from typing import Final

from strongroom.domain.catalogue.model import ResourceType

TYPES: Final = (
    ResourceType(
        name="VirtualMachine",
        label="virtual machine",
        enters_air_gap=True,
        arn="arn:{partition}:backup-gateway:{region}:{account}:vm/{id}",
        tagging=("backup-gateway:TagResource",),
        untagging=("backup-gateway:UntagResource",),
        has_cold_storage=True,
    ),
)
