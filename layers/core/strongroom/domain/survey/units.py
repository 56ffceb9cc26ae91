"""The units of a surveyed organisation by their paths, and the targets that the plans in force make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strongroom.domain.survey.found import OrganizationFound


class TargetRead(Struct, frozen=True, kw_only=True):
    """A place that has tiers of its own."""

    place: str
    tiers: tuple[str, ...]


def unit_names(organization: OrganizationFound) -> dict[str, str]:
    """Each unit's name in the file by its id: its path, `Workloads/PCI` below `Workloads`."""
    own = {unit: organization.tree.names[unit].replace("/", "-") for unit in organization.units}
    return {unit: "/".join(own[step] for step in organization.path(unit) if step in own) for unit in own}


def place_name(place: str, organization: OrganizationFound) -> str:
    """What a comment calls a place: a unit's path, `the root`, or `account 111122223333`."""
    if place == organization.root_id:
        return "the root"
    return unit_names(organization).get(place) or f"account {place}"


def read_targets(offers: Mapping[str, tuple[str, ...]], *, organization: OrganizationFound) -> tuple[TargetRead, ...]:
    """The targets, the highest first, out of the tiers in force at each place that has plans of its own.

    A place that has what the nearest one above has is no target.
    """
    above = {place: _nearest(place, offers, organization=organization) for place in offers}
    return tuple(
        TargetRead(place=place, tiers=tiers)
        for place, tiers in offers.items()
        if set(tiers) != set(offers.get(above[place] or "", ()))
    )


def _nearest(place: str, among: Iterable[str], *, organization: OrganizationFound) -> str | None:
    known = set(among)
    return next((step for step in reversed(organization.path(place)[:-1]) if step in known), None)
