"""Virtual machines of VMware, which a gateway backs up."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Kind, Named
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import Listing, ResourceType

TYPES: Final = (
    ResourceType(
        name="VirtualMachine",
        label="virtual machine",
        enters_air_gap=True,
        arn="arn:{partition}:backup-gateway:{region}:{account}:vm/{id}",
        id_shape=r"vm-[0-9a-zA-Z-]+",
        listing=Listing(call="ListVirtualMachines", items="VirtualMachines[]", name="ResourceArn"),
        creations=(
            # Machines that are made later have no event: only the daily inventory finds them.
            Creation(
                call="backup-gateway:ImportHypervisorConfiguration",
                response=("hypervisorArn",),
                names=(
                    Named(
                        label="hypervisor",
                        arn="arn:{partition}:backup-gateway:{region}:{account}:hypervisor/{id}",
                        id_shape=r"[0-9a-zA-Z-]+",
                    ),
                ),
                kind=Kind.DISCOVERY,
            ),
        ),
        tags=Tagging(
            client="backup-gateway",
            write="backup-gateway:TagResource",
            read="ListTagsForResource",
            tags="Tags",
            when="once it is imported",
            gone=("ResourceNotFoundException",),
        ),
        tagging=("backup-gateway:TagResource",),
        untagging=("backup-gateway:UntagResource",),
        tag_calls=tag_resource_calls("backup-gateway", named_at="resourceARN"),
        has_cold_storage=True,
        is_restored_as_written=True,
    ),
)
