"""With whom vaults are shared, by AWS RAM.

Source: AWS RAM API reference; AWS Backup Developer Guide, "Logically air-gapped vault".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.rollout.live import LiveShare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.intent.model import Organization
    from strongroom.domain.rollout.steps import ShareVault

ACTIONS = (
    "ram:AssociateResourceShare",
    "ram:CreateResourceShare",
    "ram:DisassociateResourceShare",
    "ram:EnableSharingWithAwsOrganization",
    "ram:GetResourceShareAssociations",
)

_ABSENT: Final = ("UnknownResourceException",)
_THERE: Final = ("ASSOCIATED", "ASSOCIATING")
# A principal is not of the organisation, or AWS RAM does not know yet that sharing within it is on.
_EARLY: Final = ("OperationNotPermittedException",)


class OrganizationVaultShares:
    """Shares through the account that owns the vault, the switch through the management account."""

    def __init__(self, clients: AccountClients, *, place: Organization) -> None:
        """`place` is the organisation in the intent."""
        self._clients = clients
        self._place = place

    def shares(self, vault: str) -> tuple[LiveShare, ...]:
        """Each share that the vault is in; none of a vault that does not exist."""
        ram = self._owner(vault)
        try:
            with aws_errors(f"it cannot be told with whom {vault} is shared", absent=_ABSENT):
                found = _associated(ram, associationType="RESOURCE", resourceArn=vault)
                names = {each["resourceShareArn"]: each["resourceShareName"] for each in found}
                return tuple(
                    LiveShare(arn=arn, name=name, principals=_principals(ram, arn)) for arn, name in names.items()
                )
        except NotFoundError:
            return ()

    def enable(self) -> None:
        """Let accounts of the organisation share without invitations; nothing happens when they do."""
        place = self._place
        with aws_errors():
            ram = self._clients.client("ram", account=place.management_account, region=place.home_region)
            ram.enable_sharing_with_aws_organization()

    def share(self, act: ShareVault) -> None:
        """Share the vault so; TemporarilyUnavailableError while AWS RAM does not know the organisation yet."""
        with aws_errors(f"{act.vault} cannot be shared", early=_EARLY):
            ram = self._owner(act.vault)
            if not act.share:
                ram.create_resource_share(
                    name=act.name,
                    resourceArns=[act.vault],
                    principals=list(act.added),
                    allowExternalPrincipals=False,
                )
                return
            if act.added:
                ram.associate_resource_share(resourceShareArn=act.share, principals=list(act.added))
            if act.removed:
                ram.disassociate_resource_share(resourceShareArn=act.share, principals=list(act.removed))

    def _owner(self, vault: str) -> Any:
        place = Arn.parse(vault)
        return self._clients.client("ram", account=place.account, region=place.region)


def _principals(ram: Any, share: str) -> frozenset[str]:
    found = _associated(ram, associationType="PRINCIPAL", resourceShareArns=[share])
    return frozenset(each["associatedEntity"] for each in found)


def _associated(ram: Any, **asked: Any) -> Iterable[Mapping[str, Any]]:
    pages = ram.get_paginator("get_resource_share_associations").paginate(**asked)
    return [each for page in pages for each in page["resourceShareAssociations"] if each["status"] in _THERE]
