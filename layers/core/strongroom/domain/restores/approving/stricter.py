"""What is graver than other restores, for which the rules have to name somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.proofs.policies import read_policy

if TYPE_CHECKING:
    from strongroom.domain.restores.requests import RestoreRequest


def demand_stricter_rule(request: RestoreRequest, *, why: str) -> None:
    """RestoreRefusedError where the rules name nobody for it; `why` it is graver, in words."""
    if any(ELEVATED_RISK in (rule.when.risks or ()) for rule in read_policy(request.policy).rules):
        return
    if request.is_urgent:
        raise RestoreRefusedError(f"an urgent restore is none that the stricter rule decides on: {why}")
    rule = f"- {{unit: {request.unit}, group: GROUP, needed: 1, risks: [{ELEVATED_RISK}]}}"
    raise RestoreRefusedError(f"no rule says who approves what is graver than other restores ({why}): write {rule}")
