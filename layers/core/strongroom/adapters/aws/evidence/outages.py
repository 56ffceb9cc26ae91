"""What accounts for restores of an outage, in the evidence bucket: only deployers of the audit account put it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.evidence.bucket import EvidenceBucket
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.evidence.object_keys import outage_key

if TYPE_CHECKING:
    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region


class OutageBucket:
    """The texts under `outages/`, as an administrator of the organisation reaches them."""

    def __init__(self, clients: AccountClients, bucket: str, *, owner: AccountId, region: Region) -> None:
        """`clients` reach the audit account, `owner`; `bucket` is the bucket's name."""
        self._clients = clients
        self._bucket = bucket
        self._owner = owner
        self._region = region

    def keep(self, text: str) -> str:
        """Keep the text under its own hash, unless it is there; the key. CallRefusedError where another lies there."""
        s3 = self._clients.client("s3", account=self._owner, region=self._region)
        evidence, key = EvidenceBucket(s3, self._bucket, owner=self._owner), outage_key(digest_of(text))
        if not evidence.put_new(key, text) and evidence.read(key) != text:
            raise CallRefusedError(f"{key} holds something else than its name says")
        return key
