"""What the file proposes where no plan was found that it could say: one tier, for what somebody tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.survey.remarks import Remark, todo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.survey.found import Surveyed
    from strongroom.domain.survey.standing import Standing

NAME: Final = "daily"
TIER: Final[dict[str, Any]] = {"schedule": "daily 02:00", "keep": {"local": 35, "central": 35}}
VAULTS: Final[dict[str, Any]] = {
    "local": {"name": "strongroom-local"},
    "central": {
        "name": "strongroom-central",
        "lock": {"mode": "governance", "min_retention_days": 7, "max_retention_days": 2560},
    },
}


def proposed_places(surveyed: Surveyed, standing: Standing) -> tuple[str, ...]:
    """The units right below the root that hold none of the special accounts; the root where there is no such unit."""
    place = surveyed.organization
    special = {place.management_account, standing.backup_account, standing.audit_account}
    taken = {step for account in special if account for step in place.path(account)}
    free = tuple(unit for unit in place.units if place.tree.units[unit] == place.root_id and unit not in taken)
    return free or (place.root_id,)


def proposal_remarks() -> Iterator[Remark]:
    """What must be decided before any of it is true."""
    yield todo(
        "vaults", "central: which days shall nobody undercut or exceed? In compliance mode it can never be loosened"
    )
    yield todo("tiers", "no backup policy was found that this file can say; how often, how long, where to?")
    yield todo("targets", "who shall be governed? These are the units that hold no account of the control plane")
