"""The EventBridge patterns that the tables of the product amount to, for comparison with the rules in the templates."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from strongroom.domain.calls import DENIED
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.guardrails.rendering import list_denials
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.refusals import guarded_sources
from strongroom.domain.tampering.threats import THREATS
from strongroom_cli.intent.file import load_intent_file
from tests.contract.templates import ROOT

type Pattern = dict[str, Any]

CALLS: Pattern = {"detail-type": ["AWS API Call via CloudTrail"]}


def tampering_pattern() -> Pattern:
    """Every call that could weaken backups, done or come to nothing; who had no right to it is a refusal."""
    pattern = _pattern(call for call, threat in THREATS.items() if threat.scope is not Scope.UNTAGGED_CREATION)
    pattern["detail"]["errorCode"] = [{"exists": False}, {"anything-but": list(DENIED)}]
    return CALLS | pattern


def refusal_pattern() -> Pattern:
    """Every refusal in a service that a guardrail guards: the guardrails, and no list of names, decide."""
    denials = [denial for together in list_denials(every_guardrail()).values() for denial in together]
    sources = [f"aws.{service}" for service in guarded_sources(denials)]
    return CALLS | {"source": sources, "detail": {"errorCode": list(DENIED)}}


def every_guardrail() -> Intent:
    """The example with every statement that an intent can ask for."""
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    return replace(intent, guardrails=replace(intent.guardrails, refuse_unnamed_copies=True))


def _pattern(calls: Iterable[str]) -> Pattern:
    """The cross product of all services and names; the function sorts it out."""
    pairs = [call.split(":") for call in calls]
    services = sorted({service for service, _ in pairs})
    return {
        "source": [f"aws.{service}" for service in services],
        "detail": {
            "eventSource": [f"{service}.amazonaws.com" for service in services],
            "eventName": sorted({name for _, name in pairs}),
        },
    }
