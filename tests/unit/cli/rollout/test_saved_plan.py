"""A plan in a file is read back as it was made."""

from dataclasses import replace
from pathlib import Path

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.rollout.saved_plan import Options, read_plan, save_plan
from strongroom_cli.templates import read_templates

OPTIONS = Options(through="Admin", template_bucket="b", confirm_retention=2555, accept_loosening=True)


def test_intent_and_options_come_back_and_render_the_same(intent: Intent, tmp_path: Path) -> None:
    """Tiers in another order would be other guardrails."""
    turned = replace(intent, tiers=dict(reversed(intent.tiers.items())))
    save_plan(RolloutPlan(steps=(), findings=()), tmp_path / "plan.json", intent=turned, options=OPTIONS)
    saved = read_plan(tmp_path / "plan.json")
    assert (saved.intent, saved.options, saved.steps) == (turned, OPTIONS, [])
    assert render(saved.intent, read_templates()) == render(turned, read_templates())
    assert list(saved.intent.tiers) == list(turned.tiers)
