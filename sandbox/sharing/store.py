"""Resource shares by the rules of the API reference of AWS RAM, and by those of what is shared."""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

type Document = dict[str, Any]

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|):.+")
_SELF: Final = "SELF"
# The words in which RAM refuses are known from public issues, such as
# https://github.com/hashicorp/terraform-provider-aws/issues/30110.
_ORGANIZATION_ONLY: Final = (
    "The resource you are attempting to share can only be shared within your AWS Organization. This error may also "
    "occur if you have not enabled sharing with your AWS organization, or that onboarding process is still in progress."
)


class SharingError(Exception):
    """The call failed as RAM fails it: an error code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Place:
    """An account and a Region, in which RAM keeps what the account shares there."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class World:
    """What RAM asks of the rest of AWS.

    `may_be_shared` says whether there is such a resource that can be shared, None where there is none; `is_inside`
    whether an account belongs to the organisation, and `shares_inside` whether it shares without invitations.
    """

    may_be_shared: Callable[[str], bool | None]
    is_inside: Callable[[str], bool]
    shares_inside: Callable[[], bool]


@dataclass(slots=True)
class Share:
    """A share: what it holds, and for whom it is, each since when; an account that must accept it first has none."""

    arn: str
    name: str
    place: Place
    takes_strangers: bool
    created: float
    resources: dict[str, float] = field(default_factory=dict)
    principals: dict[str, float] = field(default_factory=dict)
    invited: dict[str, float] = field(default_factory=dict)

    def described(self) -> Document:
        """As GetResourceShares tells it."""
        return {
            "resourceShareArn": self.arn,
            "name": self.name,
            "owningAccountId": self.place.account,
            "allowExternalPrincipals": self.takes_strangers,
            "status": "ACTIVE",
            "creationTime": self.created,
            "lastUpdatedTime": self.created,
            "featureSet": "STANDARD",
        }

    def associations(self) -> Iterator[Document]:
        """Each thing in it and each account that it is for."""
        for kind, status, found in (
            ("RESOURCE", "ASSOCIATED", self.resources),
            ("PRINCIPAL", "ASSOCIATED", self.principals),
            ("PRINCIPAL", "ASSOCIATING", self.invited),
        ):
            for entity, since in found.items():
                yield {
                    "resourceShareArn": self.arn,
                    "resourceShareName": self.name,
                    "associatedEntity": entity,
                    "associationType": kind,
                    "status": status,
                    "creationTime": since,
                    "lastUpdatedTime": since,
                    "external": status == "ASSOCIATING",
                }


@dataclass(slots=True)
class Shares:
    """The shares of every account."""

    world: World
    kept: dict[str, Share] = field(default_factory=dict)

    def accounts_of(self, resource: str) -> frozenset[str]:
        """The accounts that something is shared with, and that need not accept it any more."""
        return frozenset(
            each for share in self.kept.values() if resource in share.resources for each in share.principals
        )

    def create(self, place: Place, request: Document) -> Document:
        """CreateResourceShare: two may have one name."""
        share = Share(
            arn=f"arn:aws:ram:{place.region}:{place.account}:resource-share/{uuid.uuid4()}",
            name=request["name"],
            place=place,
            takes_strangers=request.get("allowExternalPrincipals", True),
            created=time.time(),
        )
        self._associate(share, request)
        self.kept[share.arn] = share
        return {"resourceShare": share.described()}

    def associate(self, place: Place, request: Document) -> Document:
        """AssociateResourceShare: what is in it already stays."""
        share = self._own(place, request)
        self._associate(share, request)
        return {"resourceShareAssociations": list(share.associations())}

    def disassociate(self, place: Place, request: Document) -> Document:
        """DisassociateResourceShare."""
        share = self._own(place, request)
        for each in (*request.get("principals", ()), *request.get("resourceArns", ())):
            if not any(found.pop(each, None) for found in (share.principals, share.invited, share.resources)):
                raise SharingError("UnknownResourceException", f"{each} is not associated with {share.arn}.")
        return {"resourceShareAssociations": list(share.associations())}

    def delete(self, place: Place, request: Document) -> Document:
        """DeleteResourceShare."""
        del self.kept[self._own(place, request).arn]
        return {"returnValue": True}

    def shares(self, place: Place, request: Document) -> Document:
        """GetResourceShares: one's own, or what others share with the account."""
        found = [
            share.described()
            for share in self._seen(place, request)
            if request.get("name") in (None, share.name) and share.arn in request.get("resourceShareArns", [share.arn])
        ]
        return {"resourceShares": found}

    def associations(self, place: Place, request: Document) -> Document:
        """GetResourceShareAssociations of one's own shares."""
        if request["associationType"] == "PRINCIPAL" and "resourceArn" in request:
            raise SharingError("InvalidParameterException", "resourceArn cannot be said of principals.")
        found = [
            association
            for share in self._own_shares(place)
            if share.arn in request.get("resourceShareArns", [share.arn])
            for association in share.associations()
            if association["associationType"] == request["associationType"]
            and association["associatedEntity"] in (_of(request, "principal", "resourceArn") or association.values())
            and request.get("associationStatus") in (None, association["status"])
        ]
        return {"resourceShareAssociations": found}

    def principals(self, place: Place, request: Document) -> Document:
        """ListPrincipals: for whom one's own shares are, perhaps those of one thing only."""
        found = [
            {
                "id": principal,
                "resourceShareArn": share.arn,
                "creationTime": since,
                "lastUpdatedTime": since,
                "external": not self.world.is_inside(principal),
            }
            for share in self._seen(place, request)
            if request.get("resourceArn", "") in ("", *share.resources)
            for principal, since in (share.principals | share.invited).items()
        ]
        return {"principals": found}

    def resources(self, place: Place, request: Document) -> Document:
        """ListResources: what one shares, or what others share with the account."""
        found = [
            {
                "arn": resource,
                "type": "backup:BackupVault",
                "resourceShareArn": share.arn,
                "status": "AVAILABLE",
                "creationTime": since,
                "lastUpdatedTime": since,
            }
            for share in self._seen(place, request)
            for resource, since in share.resources.items()
        ]
        return {"resources": found}

    def _associate(self, share: Share, request: Document) -> None:
        for resource in request.get("resourceArns", ()):
            self._ensure_shareable(share, resource)
        for principal in request.get("principals", ()):
            self._ensure_taken(share, principal)
        share.resources |= dict.fromkeys(request.get("resourceArns", ()), time.time())
        is_open = self.world.shares_inside()
        for principal in request.get("principals", ()):
            is_let_in = is_open and self.world.is_inside(principal)
            (share.principals if is_let_in else share.invited)[principal] = time.time()

    def _ensure_shareable(self, share: Share, resource: str) -> None:
        found = _ARN.fullmatch(resource)
        if found is None:
            raise SharingError("MalformedArnException", f"The specified resource ARN {resource} is malformed.")
        is_own = found[1] == share.place.account and resource.split(":")[3] == share.place.region
        answer = self.world.may_be_shared(resource) if is_own else None
        if answer is None:
            raise SharingError("UnknownResourceException", f"The resource {resource} could not be found.")
        if not answer:
            raise SharingError("InvalidParameterException", f"The resource {resource} cannot be shared.")

    def _ensure_taken(self, share: Share, principal: str) -> None:
        """An account by its number: an air-gapped vault is shared with no organisation and no unit of one.

        AWS Backup Developer Guide, "Logically air-gapped vault": it can be shared with accounts, in or outside of the
        organisation, and not with an entire organisation.
        """
        if not _ACCOUNT.fullmatch(principal):
            raise SharingError("InvalidParameterException", f"A backup vault cannot be shared with {principal}.")
        is_let_in = self.world.shares_inside() and self.world.is_inside(principal)
        if not is_let_in and not share.takes_strangers:
            raise SharingError("OperationNotPermittedException", _ORGANIZATION_ONLY)

    def _own_shares(self, place: Place) -> Iterable[Share]:
        return [share for share in self.kept.values() if share.place == place]

    def _seen(self, place: Place, request: Document) -> Iterable[Share]:
        if request["resourceOwner"] == _SELF:
            return self._own_shares(place)
        there = [share for share in self.kept.values() if share.place.region == place.region]
        return [share for share in there if place.account in share.principals]

    def _own(self, place: Place, request: Document) -> Share:
        share = self.kept.get(request["resourceShareArn"])
        if share is None or share.place != place:
            raise SharingError(
                "UnknownResourceException", f"ResourceShare {request['resourceShareArn']} could not be found."
            )
        return share


def _of(request: Document, *names: str) -> tuple[Any, ...]:
    return tuple(request[name] for name in names if name in request)
