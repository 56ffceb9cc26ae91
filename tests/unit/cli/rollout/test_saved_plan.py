"""A plan in a file is read back as it was made."""

from copy import replace
from pathlib import Path

import pytest

from strongroom.domain.findings import warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.rollout.saved_plan import Options, PlanStaleError, ensure_fresh, read_plan, save_plan
from strongroom_cli.templates import read_templates

OPTIONS = Options(through="Admin", template_bucket="b", confirm_retention=2555, accept_loosening=True)


def test_intent_and_options_come_back_and_render_the_same(intent: Intent, tmp_path: Path) -> None:
    """Tiers in another order would be other guardrails."""
    turned = replace(intent, tiers=dict(reversed(intent.tiers.items())))
    save_plan(RolloutPlan(steps=(), findings=()), tmp_path / "plan.json", intent=turned, options=OPTIONS)
    saved = read_plan(tmp_path / "plan.json")
    assert (saved.intent, saved.options, saved.steps, saved.findings) == (turned, OPTIONS, [], [])
    assert render(saved.intent, read_templates()) == render(turned, read_templates())
    assert list(saved.intent.tiers) == list(turned.tiers)


def test_a_loss_that_nobody_saw_makes_it_stale(intent: Intent, tmp_path: Path) -> None:
    shown = RolloutPlan(steps=(), findings=(warning("protection-shrinks", "p", "one is lost"),))
    save_plan(shown, tmp_path / "plan.json", intent=intent, options=OPTIONS)
    saved = read_plan(tmp_path / "plan.json")
    ensure_fresh(saved, replace(shown, findings=(*shown.findings, warning("no-deployers", "p", "nobody"))))
    with pytest.raises(PlanStaleError, match="what is lost"):
        ensure_fresh(saved, replace(shown, findings=(*shown.findings, warning("protection-shrinks", "p", "two"))))
