"""Which way a listed recovery point comes back, by the same decisions that are taken once it is asked for."""

from datetime import datetime, timedelta

from msgspec import Struct

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.deciding.decided import WAYS
from strongroom.domain.restores.kinds.restored_here import kind_restored_here
from strongroom.domain.restores.landing import LandingVault, decide_keeping, demand_as_rendered
from strongroom.domain.restores.planning import decide_plan
from strongroom.domain.restores.plans import RestorePlan


class Destination(Struct, frozen=True, kw_only=True):
    """Where a backup is to come back to, and how long a request of it may take from now until its act.

    `landing` is the vault that copies come back into; without one, `why_no_landing` says why.
    """

    account: AccountId
    intent: Intent
    landing: LandingVault | None
    why_no_landing: str = ""
    act_within: timedelta


def decide_way(point: ListedPoint, *, into: Destination, now: datetime) -> Way:
    """The way; RestoreRefusedError says why a request for the point would be refused, as far as lists tell."""
    kind_restored_here(point.resource_type, resource=point.resource, backup={})
    plan = decide_plan(point, account=into.account, intent=into.intent)
    if plan is RestorePlan.COPY_BACK:
        if into.landing is None:
            raise RestoreRefusedError(f"it cannot be copied back into the account's own vault: {into.why_no_landing}")
        demand_as_rendered(into.landing, intent=into.intent)
        decide_keeping(point, vault=into.landing, act_before=now + into.act_within, now=now)
    return WAYS[plan]
