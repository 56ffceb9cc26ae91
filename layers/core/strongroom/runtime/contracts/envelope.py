"""The envelope of an EventBridge event, around a detail of any shape."""

from datetime import datetime

import msgspec


class Event[Detail](msgspec.Struct, frozen=True, kw_only=True, rename={"detail_type": "detail-type"}):
    """An event as a rule target receives it; `account` and `region` are where it happened, also when forwarded."""

    id: str
    source: str
    detail_type: str
    account: str
    region: str
    time: datetime
    detail: Detail
    resources: tuple[str, ...] = ()


class Tick(msgspec.Struct, frozen=True):
    """The empty detail of a scheduled event."""
