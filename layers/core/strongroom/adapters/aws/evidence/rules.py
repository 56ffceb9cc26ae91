"""The rules of the ceremony in the evidence bucket: only who deploys in the audit account may put them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.evidence.bucket import EvidenceBucket
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.evidence.object_keys import POLICIES, policy_key

if TYPE_CHECKING:
    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region


class RulesBucket:
    """The texts under `policies/`, as an administrator of the organisation reaches them."""

    def __init__(self, clients: AccountClients, bucket: str, *, owner: AccountId, region: Region) -> None:
        """`clients` reach the audit account, `owner`; `bucket` is the bucket's name."""
        self._clients = clients
        self._bucket = bucket
        self._owner = owner
        self._region = region

    def kept(self) -> dict[str, str]:
        """Every text by its SHA-256; what lies under another name than that is none."""
        found = self._evidence().sound_texts(POLICIES)
        return {digest: text for key, text in found.items() if policy_key(digest := digest_of(text)) == key}

    def keep(self, text: str) -> None:
        """Keep the text, unless it is there; CallRefusedError where something else lies under its hash."""
        evidence, key = self._evidence(), policy_key(digest_of(text))
        if not evidence.put_new(key, text) and evidence.read(key) != text:
            raise CallRefusedError(f"{key} holds something else than its name says")

    def _evidence(self) -> EvidenceBucket:
        s3 = self._clients.client("s3", account=self._owner, region=self._region)
        return EvidenceBucket(s3, self._bucket, owner=self._owner)
