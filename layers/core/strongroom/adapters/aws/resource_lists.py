"""The lists by which services show what there is, and the one listing of what has a tag of ours, in member accounts.

How each list is read stands in the catalogue. Sources: each call's page in its API reference; Resource Groups Tagging
API Reference, "GetResources": 100 a page; of several keys all must be there, so that each is asked for by itself.
Timestream Developer Guide, "Amazon Timestream for LiveAnalytics availability change": closed to new customers.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.catalogue.model import Listing
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.lists import LISTS, Item, items_of

ACTIONS: tuple[str, ...] = ()
_TAGS_A_PAGE: Final = 100
# How a service denies itself to those who were no customers before it closed: no right would mend that.
_CLOSED: Final = r"(?i)only existing .*customers"


class MemberLists:
    """Reads the lists of member accounts, through the tagging role."""

    MEMBER_ACTIONS: Final = (
        "tag:GetResources",
        *(listing.action or name for name, (_, listing) in LISTS.items()),
    )

    def __init__(self, clients: MemberClients) -> None:
        """`clients` are those of the tagging role."""
        self._clients = clients

    def page(
        self, name: str, *, account: AccountId, region: Region, token: str | None
    ) -> tuple[tuple[Item, ...], str | None]:
        """What a page of the list of this name has, and where the next one begins; None after the last."""
        row, listing = LISTS[name]
        if row.tags is None:
            raise CallRefusedError(f"nobody here knows by which client {name} is called")
        # Every client has loaded it; our own import must not.
        from botocore import xform_name

        client = self._clients.client(row.tags.client, account=account, region=region)
        try:
            with aws_errors(f"{name} of {account} in {region}"):
                answer = getattr(client, xform_name(listing.call))(**_asked(listing, token))
        except AccessRefusedError as error:
            if re.search(_CLOSED, str(error)):
                raise CallRefusedError(str(error)) from error
            raise
        return items_of(LISTS[name], answer, account=account, region=region), answer.get(listing.next_at) or None

    def tagged(self, keys: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Mapping[str, str]]:
        """The tags of whatever has one of the keys, by ARN, of those types whose lists show none."""
        client = self._clients.client("resourcegroupstaggingapi", account=account, region=region)
        services = sorted({row.service for row, listing in LISTS.values() if listing.tags is None})
        try:
            return self._tagged(client, keys, services)
        except CallRefusedError:
            # It refuses a filter by a service that it does not know.
            return self._tagged(client, keys, ())

    def _tagged(self, client: Any, keys: Sequence[str], services: Sequence[str]) -> dict[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        of_types = {"ResourceTypeFilters": list(services)} if services else {}
        for key in keys:
            pages = client.get_paginator("get_resources").paginate(
                TagFilters=[{"Key": key}], ResourcesPerPage=_TAGS_A_PAGE, **of_types
            )
            with aws_errors("what has a tag of ours cannot be listed"):
                found |= {
                    each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]}
                    for page in pages
                    for each in page["ResourceTagMappingList"]
                }
        return found


def _asked(listing: Listing, token: str | None) -> dict[str, Any]:
    size = {listing.size: listing.page} if listing.size and listing.page else {}
    return size | ({} if token is None else {listing.begin_at: token})
