"""Look at what the whole organisation depends on: quotas, policies, the trail, switches, opt-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.doctor.checks import CONCURRENCY, OPT_INS, OTHERS, RESOURCE_POLICY, SLOTS, SWITCHES, TRAIL
from strongroom.domain.doctor.rollout_state import judge_opt_ins, judge_switches
from strongroom.domain.doctor.surroundings import (
    judge_concurrency,
    judge_others,
    judge_resource_policy,
    judge_slots,
    judge_trails,
)
from strongroom.domain.rollout.desired import administrators, opt_in_regions, selected_types
from strongroom.domain.rollout.slots import attachment_targets
from strongroom.domain.stacks.delegation import delegation_statements
from strongroom.domain.statements import ungranted
from strongroom.services.doctor.visit import Visit, at_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.domain.identifiers import AccountId, Region


def concurrency(visit: Visit) -> Iterator[Diagnosis]:
    """How many functions the backup account runs at once."""
    place = visit.intent.organization
    found = visit.needs.surroundings.concurrency(place.backup_account, place.home_region)
    yield judge_concurrency(found, where=f"{place.backup_account} {place.home_region}")


def slots(visit: Visit) -> Iterator[Diagnosis]:
    """Whether each target has our policies."""
    at_most = visit.needs.rollout.quotas.scps_per_target()
    if at_most is None:
        unknown = "Service Quotas does not say how many service control policies a target takes"
        yield SLOTS.unseen(
            "quota", unknown, remedy="aws service-quotas list-service-quotas --service-code organizations"
        )

    def look(target: str, _: str) -> Iterator[Diagnosis]:
        wanted = frozenset(policy.name for policy in visit.desired.policies if target in policy.targets)
        attached = visit.needs.rollout.policies.attached(target)
        yield judge_slots(attached, wanted=wanted, scps_at_most=at_most, target=target)

    yield from at_each(SLOTS, _targets(visit), look)


def others(visit: Visit) -> Iterator[Diagnosis]:
    """Whose policies stand beside ours."""

    def look(target: str, _: str) -> Iterator[Diagnosis]:
        attached = visit.needs.rollout.policies.attached(target)
        yield judge_others(attached, ours=visit.desired.policy_names, target=target)

    yield from at_each(OTHERS, _targets(visit), look)


def resource_policy(visit: Visit) -> Iterator[Diagnosis]:
    """What the organisation's resource policy lets the backup account read."""
    place, found = visit.intent.organization, visit.needs.rollout.policies.resource_policy()
    reading, *_ = delegation_statements(visit.intent)
    statements = () if found is None else found.statements
    missing = ungranted(statements, reading["Action"], account=place.backup_account, organization=place.id)
    yield judge_resource_policy(exists=found is not None, missing_actions=missing, where=place.id)


def trail(visit: Visit) -> Iterator[Diagnosis]:
    """What the organisation's trail sees."""
    place = visit.intent.organization
    found = visit.needs.surroundings.trails(place.management_account, place.home_region)
    yield judge_trails(found, where=f"{place.management_account} {place.home_region}")


def switches(visit: Visit) -> Iterator[Diagnosis]:
    """What fails silently when it is off."""
    needs = visit.needs.rollout
    yield judge_switches(
        needs.organization.read(),
        stack_sets_are_active=needs.stacks.stack_sets_are_active(),
        settings=needs.backup.global_settings(),
        administrators=administrators(visit.intent),
        where=visit.intent.organization.id,
    )


def opt_ins(visit: Visit) -> Iterator[Diagnosis]:
    """Which types are served: for the organisation's plans in the management account, else in each account itself."""
    account, wanted = visit.intent.organization.management_account, selected_types(visit.intent)

    def look(where: str, place: tuple[AccountId, Region]) -> Iterator[Diagnosis]:
        yield judge_opt_ins(visit.needs.backups.opt_ins(*place), wanted=wanted, where=where)

    ruling = {f"{account} {region}": (account, region) for region in opt_in_regions(visit.intent)}
    yield from at_each(OPT_INS, {**ruling, **visit.places}, look)


def _targets(visit: Visit) -> dict[str, str]:
    return {target: target for target in attachment_targets(visit.desired)}


LOOKS = (
    (CONCURRENCY, concurrency),
    (SLOTS, slots),
    (OTHERS, others),
    (RESOURCE_POLICY, resource_policy),
    (TRAIL, trail),
    (SWITCHES, switches),
    (OPT_INS, opt_ins),
)
