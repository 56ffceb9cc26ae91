"""What a restore leaves behind for a while, with whose it is and when it is over, for people to read."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.ends.standing import EndState, OpenEnd


class TemporaryCopy(Struct, frozen=True, kw_only=True):
    """A recovery point that was copied back; it expires by itself, and is gone `gone_by` then at the latest.

    Where it `is_access`, it is a vault through which an air-gapped one is seen, which people revoke.

    `recovery_point` is empty before it is known, `source` is what was copied. `is_overdue` is whether it should have
    been found gone by now, and `reason` what the last look came to.
    """

    request_id: str
    account: AccountId
    region: Region
    resource: str
    source: str
    vault: str
    recovery_point: str
    owner: str
    state: EndState
    since: datetime
    expires_at: datetime
    gone_by: datetime
    is_overdue: bool
    reason: str
    is_access: bool = False


def temporary_copy(end: OpenEnd | None, *, name_of: Callable[[str], str], now: datetime) -> TemporaryCopy | None:
    """The copy that was taken back; None where there was none. `name_of` says what a subject is called."""
    if end is None or end.state is EndState.NOTHING:
        return None
    return TemporaryCopy(
        request_id=end.request_id,
        account=end.account,
        region=end.region,
        resource=end.resource,
        source=end.source,
        vault=end.vault,
        recovery_point=end.recovery_point,
        owner=name_of(end.owner),
        state=end.state,
        since=end.since,
        expires_at=end.expires_at,
        gone_by=end.gone_by,
        is_overdue=end.is_overdue(now),
        reason=end.reason,
        is_access=end.is_access,
    )
