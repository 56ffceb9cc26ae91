"""Which way a listed recovery point comes back, by the same decisions that are taken once it is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from strongroom.domain.errors import MalformedRequestError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import approval_team_of, copy_back_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.arriving.landing import LandingVault, decide_keeping, demand_as_rendered, keep_between
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.deciding.decided import way_of
from strongroom.domain.restores.kinds.restored_here import demand_restored_here
from strongroom.domain.restores.planning import choose_through, decide_plan, target_region
from strongroom.domain.restores.plans import RestorePlan


class Destination(Struct, frozen=True, kw_only=True):
    """Where a backup is to come back to, and how long a request of it may take from now until its act.

    Without a `region` it comes back where it was; the recovery point `in_two` is to come by two copies. `landings` are
    the vaults that copies come back into, by Region; one that is not there is the reason why.
    """

    account: AccountId
    intent: Intent
    landings: Mapping[Region, LandingVault | str]
    act_within: timedelta
    region: str = ""
    in_two: str = ""


def copied_into(points: Iterable[ListedPoint], *, wished: str, intent: Intent) -> Iterator[Region]:
    """The Regions that these would be copied back into."""
    central = copy_back_vaults(intent)
    for point in points:
        if point.vault in central:
            try:
                yield target_region(point, wished=wished, intent=intent)
            except MalformedRequestError:
                continue  # it is not offered, with this as the reason


def decide_way(point: ListedPoint, *, into: Destination, now: datetime) -> Way:
    """The way; RestoreRefusedError says why a request for the point would be refused, as far as lists tell."""
    demand_restored_here(point.resource_type, resource=point.resource)
    region = _region(point, into=into)
    through = choose_through(point, region=region, in_two=point.arn == into.in_two, intent=into.intent)
    plan = decide_plan(point, account=into.account, region=region, intent=into.intent, through=through)
    if plan is RestorePlan.COPY_BACK:
        landing = into.landings[region]
        if isinstance(landing, str):
            raise RestoreRefusedError(f"it cannot be copied back into the account's own vault: {landing}")
        demand_as_rendered(landing, intent=into.intent)
        act_before = now + into.act_within
        decide_keeping(point, vault=landing, act_before=act_before, now=now)
        if through:
            keep_between(point, through=through, act_before=act_before, now=now, intent=into.intent)
    team = approval_team_of(into.intent, point.vault)
    way = way_of(plan, vault=point.vault, account=into.account, region=region, through=through, approval_team=team)
    return named_way(way, vault=point.vault, intent=into.intent)


def named_way(way: Way, *, vault: str, intent: Intent) -> Way:
    """What people call it: a copy back in another Region than that of the control plane is one out of a replica."""
    is_replica = way is Way.COPY_BACK and Arn.parse(vault).region != intent.organization.home_region
    return Way.REPLICA if is_replica else way


def _region(point: ListedPoint, *, into: Destination) -> Region:
    try:
        return target_region(point, wished=into.region, intent=into.intent)
    except MalformedRequestError as error:
        raise RestoreRefusedError(str(error)) from error
