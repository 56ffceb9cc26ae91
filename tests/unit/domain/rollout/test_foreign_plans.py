"""Backup policies of others that ours would stop, or that stop ours."""

from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.intent.model import ForeignPolicies, Intent
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from tests.builders.places import PAYMENTS
from tests.builders.rollout import a_desired_organization, an_empty_organization, with_stack
from tests.unit.domain.rollout.plans import codes, findings_of, plan_of

ROOT, UNIT, BELOW, ELSEWHERE = "r-strg", "ou-strg-prod0001", "ou-strg-prod0002", "ou-strg-sand0001"
LEGACY: dict[str, Any] = {
    "plans": {
        "legacy-nightly": {
            "regions": {"@@assign": ["eu-west-1"]},
            "rules": {
                "nightly": {
                    "schedule_expression": {"@@assign": "cron(0 3 ? * * *)"},
                    "target_backup_vault_name": {"@@assign": "team-vault"},
                    "lifecycle": {"delete_after_days": {"@@assign": "35"}},
                }
            },
        }
    }
}
LOCKED = {"plans": {"@@operators_allowed_for_child_policies": ["@@none"]}}
OVERRULING = {"plans": {"strongroom-daily-prod": {"regions": {"@@assign": ["us-east-1"]}}}}


def beside(live: LiveOrganization, document: dict[str, Any], *targets: str) -> LiveOrganization:
    """The organisation with somebody else's backup policy on these targets."""
    stranger = LivePolicy(id="p-legacy", name="legacy", type="BACKUP_POLICY", document=document, targets=targets)
    paths = {UNIT: (ROOT, UNIT), ROOT: (ROOT,), ELSEWHERE: (ROOT, ELSEWHERE)}
    below = {BELOW: (ROOT, UNIT, BELOW), PAYMENTS: (ROOT, UNIT, PAYMENTS)}
    return replace(live, policies=(*live.policies, stranger), paths={**live.paths, **paths, **below})


def before_us(wanted: Desired) -> LiveOrganization:
    """The organisation before our policies are attached."""
    return replace(an_empty_organization(wanted), paths={UNIT: (ROOT, UNIT)})


def losses(wanted: Desired, live: LiveOrganization) -> list[tuple[str, str]]:
    errors = plan_of(wanted, live, confirmed_days=2555, has_bucket=True).errors
    return [(each.path, each.message) for each in errors if each.code == "protection-shrinks"]


@pytest.mark.parametrize("target", [BELOW, PAYMENTS])
def test_a_plan_of_others_that_would_stop_below_ours_is_an_error_that_names_it(wanted: Desired, target: str) -> None:
    live = beside(before_us(wanted), LEGACY, target)
    [(path, message)] = losses(wanted, live)
    assert path == target
    assert "legacy-nightly of legacy (p-legacy) may stop" in message
    accepted = plan_of(wanted, live, confirmed_days=2555, has_bucket=True, accepts_loosening=True)
    assert accepted.errors == ()
    assert "protection-shrinks" in codes(accepted.findings)


@pytest.mark.parametrize(
    ("today", "is_lost"), [(date(2027, 3, 31), False), (date(2027, 4, 1), True)], ids=["the last day", "the day after"]
)
def test_a_plan_of_others_below_ours_goes_on_until_the_day_of_the_intent(
    intent: Intent, today: date, *, is_lost: bool
) -> None:
    kept = ForeignPolicies(keep_until=date(2027, 3, 31))
    guardrails = replace(intent.guardrails, foreign_policies=kept)
    wanted = a_desired_organization(replace(intent, guardrails=guardrails).as_of(today))
    assert bool(losses(wanted, beside(before_us(wanted), LEGACY, PAYMENTS))) == is_lost


@pytest.mark.parametrize("target", [ROOT, UNIT, ELSEWHERE])
def test_a_plan_of_others_above_beside_or_elsewhere_goes_on(wanted: Desired, target: str) -> None:
    assert losses(wanted, beside(before_us(wanted), LEGACY, target)) == []


def test_what_has_stopped_already_is_not_told_again(wanted: Desired, live: LiveOrganization) -> None:
    assert codes(findings_of(wanted, beside(live, LEGACY, BELOW))) == ["foreign-backup-policy"]


@pytest.mark.parametrize(
    ("document", "target"), [(LOCKED, ROOT), (OVERRULING, UNIT)], ids=["a lock above", "another value beside"]
)
def test_a_policy_of_others_that_stops_ours_is_an_error(
    wanted: Desired, live: LiveOrganization, document: dict[str, Any], target: str
) -> None:
    said = [message for _, message in losses(wanted, beside(live, document, target))]
    assert any("our backup plan strongroom-daily-prod may not be what it says" in message for message in said)
    assert all("legacy (p-legacy) stands in its way" in message for message in said)


def test_a_plan_of_ours_that_nothing_renders_any_more_is_told_as_ours(wanted: Desired, live: LiveOrganization) -> None:
    kept = tuple(each for each in wanted.policies if each.name != "strongroom-monthly-prod")
    fewer = replace(wanted, rendered=replace(wanted.rendered, policies=kept))
    live = with_stack(beside(live, LEGACY, ELSEWHERE), MANAGEMENT_STACK, template="the one before")
    [(_, message)] = losses(fewer, live)
    assert message == f"the backup plan strongroom-monthly-prod would be removed from {UNIT}"
