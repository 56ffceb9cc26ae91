"""What plans keep of one resource, vault by vault."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import Arn, is_account_id
from strongroom.domain.preview.money.points import Keeping, Timing, stocks, timings_of
from strongroom.domain.preview.money.storage_forms import cold_after, is_copied
from strongroom.domain.preview.plans import Keep, Plan, Rule


class VaultPlace(Struct, frozen=True):
    """A vault: the local one of an account by its name, that of a copy by its ARN; and the Region that it is in."""

    vault: str
    is_copy: bool
    region: str


class Holding(Struct):
    """What lies in one vault: snapshots by `keepings`, and points with the changes of so many days, `continuous`."""

    keepings: list[Keeping] = field(default_factory=list)
    continuous: list[int] = field(default_factory=list)
    is_endless: bool = False


class RulePoints(Struct, frozen=True, kw_only=True):
    """How many points of a resource a rule has in a vault at once, at most; None where they are never deleted."""

    plan: str
    rule: str
    vault: str
    days: int | None
    at_most: int | None


def holdings(plans: Iterable[Plan], row: ResourceType, region: str) -> dict[VaultPlace, Holding]:
    """What the plans keep of a resource of that type in that Region; copies that AWS does not make are left out."""
    found: dict[VaultPlace, Holding] = {}
    for _, rule, own, plan_timings in _timed(plans):
        for keep in rule.keeps:
            place = _place(keep, region)
            if place is None or (keep.is_copy and not _is_made(keep, place, row, region)):
                continue
            holding = found.setdefault(place, Holding())
            if keep.days is None:
                holding.is_endless = True
            elif rule.is_continuous and not keep.is_copy and row.is_continuous:
                holding.continuous.append(keep.days)
            else:
                holding.keepings.append(Keeping(plan_timings, own, keep.days, cold_after(row, keep) or 0))
    return found


def points_kept(plans: Iterable[Plan]) -> Iterator[RulePoints]:
    """How many points of one resource each rule of the plans has in each vault in the long run."""
    for plan, rule, own, plan_timings in _timed(plans):
        for keep in rule.keeps:
            at_most: int | None = None
            if keep.days is not None:
                is_one = rule.is_continuous and not keep.is_copy
                at_most = 1 if is_one else stocks((Keeping(plan_timings, own, keep.days),))[0].at_most
            yield RulePoints(plan=plan.name, rule=rule.name, vault=keep.vault, days=keep.days, at_most=at_most)


def _timed(plans: Iterable[Plan]) -> Iterator[tuple[Plan, Rule, Timing, tuple[Timing, ...]]]:
    for plan in plans:
        timings = timings_of(plan.rules)
        for rule, own in zip(plan.rules, timings, strict=True):
            yield plan, rule, own, timings


def _place(keep: Keep, region: str) -> VaultPlace | None:
    if not keep.is_copy:
        return VaultPlace(keep.vault, is_copy=False, region=region)
    try:
        return VaultPlace(keep.vault, is_copy=True, region=Arn.parse(keep.vault).region)
    except MalformedIdentifierError:
        return None


def _is_made(keep: Keep, place: VaultPlace, row: ResourceType, region: str) -> bool:
    return is_copied(
        row,
        to_another_account=is_account_id(Arn.parse(keep.vault).account),
        to_another_region=place.region != region,
    )
