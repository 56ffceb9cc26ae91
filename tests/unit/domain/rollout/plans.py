"""What the rollout decides, and how it is read."""

from datetime import datetime

from strongroom.domain.findings import Finding
from strongroom.domain.intent.destinations import longest_retention
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.plan import decide_rollout
from strongroom.domain.rollout.steps import RolloutPlan, Step
from tests.builders.rollout import NOW


def plan_of(
    wanted: Desired,
    live: LiveOrganization,
    *,
    now: datetime = NOW,
    confirmed_days: int | None = None,
    has_bucket: bool = False,
    accepts_loosening: bool = False,
) -> RolloutPlan:
    """The plan at a fixed time, nothing confirmed unless it is said."""
    return decide_rollout(
        wanted,
        live,
        now=now,
        confirmed_days=confirmed_days,
        has_bucket=has_bucket,
        accepts_loosening=accepts_loosening,
    )


def steps_of(wanted: Desired, live: LiveOrganization) -> dict[str, Step]:
    """The steps by id, in their order; the retention is confirmed."""
    plan = plan_of(wanted, live, confirmed_days=longest_retention(wanted.intent))
    return {step.id: step for step in plan.steps}


def findings_of(wanted: Desired, live: LiveOrganization) -> tuple[Finding, ...]:
    """The findings; the retention is confirmed, and there is a bucket for templates."""
    return plan_of(wanted, live, confirmed_days=longest_retention(wanted.intent), has_bucket=True).findings


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """The findings' codes."""
    return [finding.code for finding in findings]
