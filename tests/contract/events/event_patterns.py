"""The EventBridge patterns that the tables of the product amount to, for comparison with the rules in the templates."""

from copy import replace
from typing import Any

from strongroom.domain.calls import DENIED
from strongroom.domain.guardrails.rendering import list_denials
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.refusals import guarded_sources
from strongroom_cli.intent.file import load_intent_file
from tests.builders.air_gaps import with_central_gap, with_own_gap, with_team
from tests.contract.templates import ROOT

type Pattern = dict[str, Any]

CALLS: Pattern = {"detail-type": ["AWS API Call via CloudTrail"]}


def refusal_pattern() -> Pattern:
    """Every refusal in a service that a guardrail guards: the guardrails, and no list of names, decide."""
    denials = [denial for together in list_denials(every_guardrail()).values() for denial in together]
    untagging = "tagging"  # the one threat that a guardrail meets at other services
    sources = [f"aws.{service}" for service in sorted({*guarded_sources(denials), untagging})]
    return CALLS | {"source": sources, "detail": {"errorCode": list(DENIED)}}


def every_guardrail() -> Intent:
    """The example with every statement that an intent can ask for."""
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    intent = with_team(with_own_gap(with_central_gap(intent)))
    return replace(intent, guardrails=replace(intent.guardrails, refuse_unnamed_copies=True))
