"""Where a survey looks: every account in the Regions that policies or the landing zone name, and where copies go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.linting.reading import Place, Subject
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import AccountId, Arn, Region, is_account_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strongroom.domain.rollout.live import LivePolicy
    from strongroom.domain.survey.found import LandingZoneFound, OrganizationFound


def regions_to_visit(
    policies: Iterable[LivePolicy], *, zone: LandingZoneFound | None, region: Region
) -> tuple[Region, ...]:
    """The Regions where plans may run, the given one first."""
    named = (Region(name) for plan in _plans(policies) for _, _, name in plan.members("regions"))
    return tuple(dict.fromkeys((region, *named, *(zone.regions if zone else ()))))


def places_to_visit(
    organization: OrganizationFound, policies: Iterable[LivePolicy], *, zone: LandingZoneFound | None, region: Region
) -> tuple[tuple[AccountId, Region], ...]:
    """Each account and Region to look into, once."""
    read = list(policies)
    members = organization.members
    regions = regions_to_visit(read, zone=zone, region=region)
    here = ((account, where) for account in members for where in regions)
    copied_to = (place for plan in _plans(read) for place in _copies(plan) if place[0] in members)
    return tuple(dict.fromkeys((*here, *copied_to)))


def sample_accounts(organization: OrganizationFound, policies: Iterable[LivePolicy]) -> tuple[AccountId, ...]:
    """One account for each place with policies of its own: what AWS merges for it is what lies on the way to it."""
    attached = {target for policy in policies for target in policy.targets}
    nearest = {
        place: next((account for account, unit in organization.tree.accounts.items() if place in (account, unit)), None)
        for place in sorted(attached)
    }
    return tuple(dict.fromkeys(account for account in nearest.values() if account))


def _plans(policies: Iterable[LivePolicy]) -> Iterator[Place]:
    for policy in policies:
        yield from Subject(parse_policy(json.dumps(policy.document or {}))).plans


def _copies(plan: Place) -> Iterator[tuple[AccountId, Region]]:
    for rule in plan.below("rules"):
        for copy in rule.below("copy_actions"):
            try:
                vault = Arn.parse(copy.text("target_backup_vault_arn") or "")
            except MalformedIdentifierError:
                continue  # the linter says what is wrong with it
            if is_account_id(vault.account):
                yield vault.account, vault.region
