"""Virtual machines of VMware, which lie outside of AWS: a gateway reads and writes them.

AWS Backup Developer Guide, "Restoring a virtual machine": what a restore to VMware takes. Of restores to EBS and EC2
nothing is played. What hypervisors hold is not played either: each machine whose ARN is well-formed is there.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
)
from sandbox.backup_service.surroundings import AccountServices

_ARN: Final = r"arn:aws:backup-gateway:[a-z0-9-]+:[0-9]{12}:vm/vm-[0-9A-Z]+"
_VMWARE: Final = "VMware"


class VirtualMachine:
    """A virtual machine of VMware."""

    resource_type = "VirtualMachine"
    selector = "arn:aws:backup-gateway:*:*:vm/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = False
    required_metadata = ("RestoreTo", "HypervisorArn", "VMName", "VMPath", "ComputeResourceName", "VMDatastore")
    known_metadata = (*required_metadata, "DisksToRestore", "ShutdownSourceVM")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a machine."""
        return arn.startswith("arn:aws:backup-gateway:") and ":vm/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:  # noqa: ARG002
        """None: what a hypervisor holds is not played."""
        return []

    async def capture(self, services: AccountServices, arn: str) -> Capture:  # noqa: ARG002
        """The machine's name, as far as it is known."""
        if re.fullmatch(_ARN, arn) is None:
            raise ResourceGoneError(f"Virtual machine {arn} does not exist")
        return Capture(metadata={"VMName": arn.rpartition("/")[2]})

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,  # noqa: ARG002
        metadata: Metadata,
        recovery_point_arn: str,
    ) -> str:
        """A new machine at a path of the hypervisor, by an ARN that follows from its place and the recovery point."""
        if metadata.get("RestoreTo") != _VMWARE:
            raise RestoreRefusedError("Restores of virtual machines to EC2 and EBS are not played here")
        place, named = services.place, ("HypervisorArn", "VMPath", "VMName")
        text = "\n".join((recovery_point_arn, *(str(metadata.get(name)) for name in named)))
        unique = hashlib.sha256(text.encode()).hexdigest()[:17].upper()
        return f"arn:aws:backup-gateway:{place.region}:{place.account}:vm/vm-{unique}"

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:  # noqa: ARG002
        """Refused: AWS Backup copies no tags to machines."""
        raise RestoreRefusedError(f"{arn} is a virtual machine, which AWS Backup does not tag")
