"""The rules that `strongroom explain` knows are those that are deployed, and its matcher answers as others do."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from sandbox.seams.host import lets_in
from strongroom.domain.hearing.patterns import fits
from strongroom.domain.hearing.rules import Rule, rules_of_the_buses
from strongroom.domain.identifiers import AccountId
from tests.contract.apps import app
from tests.contract.events.test_creation_rule import RECORDS
from tests.contract.events.test_samples import ON_THE_BUS, SAMPLES, functions_behind, refused, under_the_native_role
from tests.contract.templates import AUDIT_LOG

BACKUP_ACCOUNT = AccountId("999999999999")
RULES = {rule.name: rule for rule in rules_of_the_buses(BACKUP_ACCOUNT)}
# What only the audit account counts, and what only the audit account hears.
COUNTED, OF_THE_AUDIT = "SweepEndsRule", "RestoreJobsRule"
EVENTS = {name: json.loads(text) for name, text in SAMPLES.items()}
CALLS = [event for event in EVENTS.values() if event["detail-type"] == "AWS API Call via CloudTrail"]
CHANGED = [change(call) for call in CALLS for change in (refused, under_the_native_role)]
EVERY = [*EVENTS.values(), *CHANGED, *(record.event for record in RECORDS)]
CASES = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def placed(pattern: dict[str, Any]) -> dict[str, Any]:
    """The pattern as it is deployed in the backup account."""
    account = pattern.get("account")
    return pattern if account is None else pattern | {"account": [BACKUP_ACCOUNT]}


def test_every_rule_of_the_bus_is_known_and_no_other() -> None:
    assert RULES.keys() == (ON_THE_BUS.keys() - {COUNTED}) | {OF_THE_AUDIT}


@pytest.mark.parametrize("name", sorted(RULES.keys() - {OF_THE_AUDIT}))
def test_a_rule_is_known_as_it_is_deployed_with_the_function_behind_it(name: str) -> None:
    deployed = ON_THE_BUS[name]
    assert RULES[name].pattern == placed(deployed["Properties"]["EventPattern"])
    assert [*functions_behind(deployed)] == [RULES[name].function]


def test_the_rule_of_the_audit_account_is_known_as_it_is_deployed() -> None:
    rule = RULES[OF_THE_AUDIT]
    assert rule.pattern == AUDIT_LOG[OF_THE_AUDIT]["Properties"]["EventPattern"]
    events = AUDIT_LOG[app(rule.function).logical_id]["Properties"]["Events"].values()
    assert {"!GetAtt": "WatchRestoresQueue.Arn"} in [each["Properties"].get("Queue") for each in events]


@CASES
def test_the_matcher_answers_as_the_sandbox_does(rule: Rule) -> None:
    differing = [event for event in EVERY if fits(rule.pattern, event) != lets_in(rule.pattern, event)]
    assert differing == []


@CASES
def test_the_matcher_answers_as_another_emulator_does(rule: Rule) -> None:
    pattern = EventPattern.load(json.dumps(rule.pattern))
    # It does not walk lists of objects, which only the records of replicas have.
    walked = [event for event in EVERY if event["detail"].get("eventName") != "UpdateTable"]
    assert [event for event in walked if fits(rule.pattern, event) != pattern.matches_event(event)] == []


def test_the_events_are_enough_to_tell_matchers_apart() -> None:
    heard = {name for name, rule in RULES.items() for event in EVERY if fits(rule.pattern, event)}
    assert heard == RULES.keys()
    assert len(EVERY) > 150
