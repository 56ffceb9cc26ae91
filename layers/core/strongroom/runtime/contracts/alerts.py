"""Our own alert events, as they come back from the bus."""

import msgspec

from strongroom.domain.alerts.messages import AlertNews
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.runtime.contracts.envelope import Event

_OPENED, _RESOLVED = "AlertOpened", "AlertResolved"


class AlertChange(msgspec.Struct, frozen=True):
    """The detail of `AlertOpened` and `AlertResolved`; only the first has a severity."""

    account: str
    region: str
    resource: str
    reason: str
    fingerprint: str
    kind: str
    severity: str = "notice"

    def observed(self, event: Event["AlertChange"]) -> AlertNews:
        """The news; what kind it is stands in the envelope."""
        if event.detail_type not in {_OPENED, _RESOLVED}:
            raise MalformedEventError(f"{event.detail_type!r} is neither {_OPENED} nor {_RESOLVED}")
        return AlertNews(
            is_opened=event.detail_type == _OPENED,
            fingerprint=self.fingerprint,
            kind=self.kind,
            severity=self.severity,
            account=AccountId(self.account),
            region=Region(self.region),
            resource=self.resource,
            reason=self.reason,
            event=event.id,
            at=event.time,
        )
