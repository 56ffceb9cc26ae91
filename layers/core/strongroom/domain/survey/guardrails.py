"""Whose guardrails are there already: landing zones, by what they call their policies, and how many slots are taken.

Sources: AWS Control Tower User Guide, "Control Tower and AWS Organizations" (`aws-guardrails-` and its SCPs);
github.com/awslabs/landing-zone-accelerator-on-aws (`AWSAccelerator-`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.intent.tier_names import PLAN_PREFIX
from strongroom.domain.survey.remarks import Remark
from strongroom.domain.survey.units import place_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strongroom.domain.survey.found import Surveyed

_BEGINNINGS: Final = {"control-tower": "aws-guardrails-", "landing-zone-accelerator": "AWSAccelerator-"}
_FULL_ACCESS: Final = "FullAWSAccess"  # which Organizations attaches everywhere
_USUAL_SLOTS: Final = 5


def guardrails_entry(surveyed: Surveyed) -> dict[str, Any]:
    """The fields of the section; none where there is nothing to say."""
    slots = surveyed.scps_per_target
    zones = _landing_zones(surveyed)
    return {
        **({"landing_zone": zones} if zones else {}),
        **({"scp_slots": slots} if slots and slots != _USUAL_SLOTS else {}),
    }


def slot_remarks(surveyed: Surveyed, places: Iterable[str]) -> Iterator[Remark]:
    """Which policies of others each of these places carries."""
    at_most = surveyed.scps_per_target or _USUAL_SLOTS
    for place in places:
        theirs = [each for each in surveyed.scps.get(place, ()) if not each.startswith(PLAN_PREFIX)]
        if set(theirs) - {_FULL_ACCESS}:
            name = place_name(place, surveyed.organization)
            told = f"{name} carries {len(theirs)} service control policies of others, of {at_most}: {', '.join(theirs)}"
            yield Remark("targets", told)


def _landing_zones(surveyed: Surveyed) -> list[str]:
    attached = [name for names in surveyed.scps.values() for name in names]
    seen = {zone for zone, begin in _BEGINNINGS.items() if any(name.startswith(begin) for name in attached)}
    if surveyed.landing_zone is not None:
        seen.add("control-tower")
    return sorted(seen)
