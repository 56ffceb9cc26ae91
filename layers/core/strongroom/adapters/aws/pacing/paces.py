"""The rates of the services, kept in this process: a bucket for each account, Region and service."""

from datetime import datetime
from typing import Final

from strongroom.domain.catalogue.facets.tagging import Pace
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.paces import Bucket, full_bucket, halved, taken

ACTIONS: Final[tuple[str, ...]] = ()


class Paces:
    """The buckets, each made when it is first asked for."""

    def __init__(self, *, share: float) -> None:
        """`share` is what part of each service's rate this process may use."""
        self._share = share
        self._buckets: dict[tuple[str, AccountId, Region], Bucket] = {}

    def take(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> datetime | None:
        """Take leave to write once; when there will be leave, where there is none now."""
        key = (service, account, region)
        left = taken(self._bucket(key, pace, now=now), now=now)
        if isinstance(left, datetime):
            return left
        self._buckets[key] = left
        return None

    def refused(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> None:
        """Go half as fast: the service was too busy."""
        key = (service, account, region)
        self._buckets[key] = halved(self._bucket(key, pace, now=now), now=now)

    def _bucket(self, key: tuple[str, AccountId, Region], pace: Pace, *, now: datetime) -> Bucket:
        return self._buckets.get(key) or full_bucket(pace, share=self._share, now=now)
