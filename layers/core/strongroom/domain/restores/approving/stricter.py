"""What is graver than other restores, for which the rules have to name somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.proofs.policies import read_policy

if TYPE_CHECKING:
    from strongroom.domain.proofs.policies import When
    from strongroom.domain.restores.requests import RestoreRequest


def demand_stricter_rule(request: RestoreRequest, *, why: str) -> None:
    """RestoreRefusedError where the rules name nobody for it; `why` it is graver, in words."""
    if any(_names_somebody(rule.when, tier=request.tier) for rule in read_policy(request.policy).rules):
        return
    if request.is_urgent:
        raise RestoreRefusedError(f"an urgent restore is none that the stricter rule decides on: {why}")
    rule = f"- {{unit: {request.unit}, group: GROUP, needed: 1, risks: [{ELEVATED_RISK}]}}"
    raise RestoreRefusedError(f"no rule says who approves what is graver than other restores ({why}): write {rule}")


def _names_somebody(when: When, *, tier: str) -> bool:
    """Whether the rule decides on what is graver, of that tier."""
    return ELEVATED_RISK in (when.risks or ()) and (when.tiers is None or tier in when.tiers)
