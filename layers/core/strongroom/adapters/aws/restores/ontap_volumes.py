"""What volumes the virtual machines of ONTAP in member accounts have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.errors import aws_errors

if TYPE_CHECKING:
    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.deciding.placed import VolumeNamed

ACTIONS: tuple[str, ...] = ()


class OntapVolumes:
    """Looks for a volume that is in the way of another."""

    MEMBER_ACTIONS = ("fsx:DescribeVolumes",)

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def holder(self, wanted: VolumeNamed, *, account: AccountId, region: Region) -> str:
        """The volume's ARN, with where it is mounted; empty where none is in the way, or there is no such machine."""
        fsx = self._inspection.client("fsx", account=account, region=region)
        of_machine = [{"Name": "storage-virtual-machine-id", "Values": [wanted.machine]}]
        with aws_errors(f"volumes of {wanted.machine} cannot be described"):
            for page in fsx.get_paginator("describe_volumes").paginate(Filters=of_machine):
                for volume in page["Volumes"]:
                    junction = volume.get("OntapConfiguration", {}).get("JunctionPath", "")
                    if wanted.is_taken_by(name=volume["Name"], junction=junction):
                        return f"{volume['ResourceARN']} at {junction}" if junction else str(volume["ResourceARN"])
        return ""
