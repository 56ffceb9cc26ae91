"""Resources of member accounts as the Resource Groups Tagging API lists them: those that have tags, or had some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.errors import aws_errors

if TYPE_CHECKING:
    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS: tuple[str, ...] = ()


class MemberResources:
    """Looks at resources of any type, through the members' inspection role."""

    MEMBER_ACTIONS = ("tag:GetResources",)

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def tags(self, resource: str, *, account: AccountId, region: Region) -> dict[str, str] | None:
        """The resource's tags as they are now; None of one that is gone, or never had any."""
        tagging = self._inspection.client("resourcegroupstaggingapi", account=account, region=region)
        with aws_errors(f"the tags of {resource} cannot be read"):
            found = tagging.get_resources(ResourceARNList=[resource])["ResourceTagMappingList"]
        tags = next((each["Tags"] for each in found if each["ResourceARN"] == resource), None)
        return None if tags is None else {tag["Key"]: tag["Value"] for tag in tags}
