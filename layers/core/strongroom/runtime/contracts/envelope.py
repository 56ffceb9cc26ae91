"""The envelope of an EventBridge event, around a detail of any shape."""

from datetime import datetime
from typing import Annotated, Any

import msgspec


class Event[Detail](msgspec.Struct, frozen=True, kw_only=True, rename={"detail_type": "detail-type"}):
    """An event as a rule target receives it; `account` and `region` are where it happened, also when forwarded.

    `resources` are a list of ARNs, or whatever else stands there. A time without a zone is no time of an event.
    """

    id: str
    source: str
    detail_type: str
    account: str
    region: str
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    detail: Detail
    resources: Any = ()


class Tick(msgspec.Struct, frozen=True):
    """The empty detail of a scheduled event."""
