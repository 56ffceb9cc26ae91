"""A creation is judged by the function's own use case, with what was told in the place of what it would read."""

import json
from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import OpenedTickets
from strongroom.domain.intent.model import Exemption, Intent
from strongroom_cli.explain.answers import Outcome, Reading
from tests.contract.events.test_samples import MATCHED, SAMPLES
from tests.functions.test_odd_events import a_call
from tests.unit.cli.explain.conftest import PRODUCTION, Explained

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
KEY = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"
WRITES = "write Backup=daily-prod in account 222222222222, eu-west-1, and read it back"


def a_table(**request: Any) -> dict[str, Any]:
    return a_call("dynamodb", "CreateTable", requestParameters={"tableName": "orders", **request})


def only(reading: tuple[Reading, ...]) -> tuple[Outcome, ...]:
    [one] = reading
    return one.outcomes


@pytest.mark.parametrize(
    ("tags", "state", "is_written"),
    [
        pytest.param({}, "TAGGED", True, id="no tag"),
        pytest.param({"Backup": "monthly-prod"}, "COMPLIANT", False, id="a tier"),
        pytest.param({"Backup": "nonsense"}, "CORRECTED", True, id="no tier"),
        pytest.param({"backup": "daily-prod"}, "TAGGED", True, id="a lookalike"),
    ],
)
def test_with_unit_and_tags_told_there_is_one_verdict(
    tags: dict[str, str], state: str, *, is_written: bool, explained: Explained
) -> None:
    [outcome] = only(explained(a_table(), tags=tags).readings)
    assert (outcome.state, outcome.when, outcome.resource) == (state, "", TABLE)
    assert (WRITES in outcome.would) is is_written
    assert f"remember {state} in the ledger" in outcome.would


def test_without_tags_told_those_asked_for_are_the_likeliest_and_each_tier_is_shown(explained: Explained) -> None:
    event = a_table(tags=[{"key": "Backup", "value": "nonsense"}])
    outcomes = only(explained(event).readings)
    assert [outcome.state for outcome in outcomes] == ["CORRECTED", "TAGGED", "COMPLIANT", "COMPLIANT", "COMPLIANT"]
    assert outcomes[0].when == "it carries what was asked for (Backup=nonsense)"


def test_without_a_unit_told_each_place_is_shown(explained: Explained) -> None:
    outcomes = only(explained(a_table(), units=None, tags={}).readings)
    assert [(outcome.state, outcome.when) for outcome in outcomes] == [
        ("TAGGED", "the account lies in Production"),
        ("NOT_GOVERNED", "the account lies in no governed unit"),
        ("REFUSED", "the account is not in the organisation"),
    ]


def test_an_account_with_a_target_of_its_own_needs_no_unit(intent: Intent, explained: Explained) -> None:
    [target] = intent.targets
    single = replace(target, unit=None, account=AccountId("222222222222"))
    [outcome] = only(explained(a_table(), units=None, tags={}, of=replace(intent, targets=(single,))).readings)
    assert (outcome.state, outcome.when) == ("TAGGED", "")


def test_a_mode_that_only_observes_writes_nothing(intent: Intent, explained: Explained) -> None:
    [target] = intent.targets
    [outcome] = only(
        explained(a_table(), tags={}, of=replace(intent, targets=(replace(target, mode="observe"),))).readings
    )
    assert outcome.state == "TAG"
    assert outcome.would == ("remember TAG in the ledger", "say TagEnforced on the bus")


def test_a_mode_that_quarantines_writes_nothing_and_alerts(intent: Intent, explained: Explained) -> None:
    [target] = intent.targets
    [outcome] = only(
        explained(a_table(), tags={}, of=replace(intent, targets=(replace(target, mode="quarantine"),))).readings
    )
    assert outcome.state == "TAG"
    assert "open the alert resource-not-tagged (warning)" in outcome.would
    assert WRITES not in outcome.would


def test_a_mode_that_quarantines_opens_a_ticket_where_the_intent_says_so(intent: Intent, explained: Explained) -> None:
    assert intent.tickets is not None
    targets = (replace(intent.targets[0], mode="quarantine"),)
    opening = replace(intent, targets=targets, tickets=replace(intent.tickets, opened=OpenedTickets(project="SEC")))
    [outcome] = only(explained(a_table(), tags={}, of=opening).readings)
    assert "open a ticket about it" in outcome.would
    [without] = only(explained(a_table(), tags={}, of=replace(intent, targets=targets)).readings)
    assert "open a ticket about it" not in without.would


def test_an_exemption_is_named(intent: Intent, explained: Explained) -> None:
    exempt = Exemption(resource=TABLE, until=date(2026, 12, 31), reason="load test", granted_by="sana")
    [outcome] = only(explained(a_table(), tags={}, of=replace(intent, exceptions=(exempt,))).readings)
    assert outcome.state == "EXEMPT"
    assert "load test" in outcome.reason


def test_a_stack_cannot_be_tagged_and_nothing_is_written(explained: Explained) -> None:
    made = json.loads(SAMPLES["aws.cloudformation/CreateStack"])
    text = json.dumps(made).replace(made["account"], "222222222222").replace(made["region"], "eu-west-1")
    outcomes = only(explained(json.loads(text)).readings)
    assert {outcome.state for outcome in outcomes} == {"CANNOT"}
    assert not [act for outcome in outcomes for act in outcome.would if act.startswith("write")]


def test_the_facts_name_the_row_the_way_to_the_name_and_what_is_not_known(explained: Explained) -> None:
    [reading] = explained(a_table(), units=None).readings
    facts = {fact.name: fact for fact in reading.facts}
    assert facts["row of the catalogue"].value == "DynamoDB (DynamoDB table)"
    assert (facts["names"].value, facts["names"].origin) == (TABLE, "requestParameters.tableName")
    assert facts["unit of the account"].value == facts["tags today"].value == "not known here"
    assert facts["tags asked for"].value == "none"
    assert "DescribeRegionSettings" in facts["may be limited"].origin


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        pytest.param("alias/aws/rds", "CANNOT", "copied to no other account (what would lift it", id="AWS's own alias"),
        pytest.param("alias/orders", "TAGGED", "the default of Production", id="somebody's own alias"),
        pytest.param(KEY, "TAGGED", f"key {KEY} is not known (kms:DescribeKey is not asked here)", id="an ARN"),
    ],
)
def test_of_a_key_is_said_what_its_name_tells_and_else_that_nobody_asked(
    key: str, state: str, said: str, explained: Explained
) -> None:
    event = a_call("rds", "CreateDBInstance", requestParameters={"dBInstanceIdentifier": "orders", "kmsKeyId": key})
    [outcome] = only(explained(event, tags={}).readings)
    assert (outcome.state, said in outcome.reason) == (state, True)
    assert WRITES in outcome.would


def test_a_record_that_names_nothing_says_where_it_was_looked_for(explained: Explained) -> None:
    [reading] = explained(a_call("ec2", "CreateVolume", responseElements=None)).readings
    facts = {fact.name: fact for fact in reading.facts}
    assert facts["names"].value == "nothing"
    assert "responseElements.volumeId" in facts["names"].origin
    assert [outcome.state for outcome in reading.outcomes] == ["UNREADABLE"]


@pytest.mark.parametrize("sample", sorted(MATCHED["ResourceCreationRule"]))
def test_every_creation_at_home_comes_to_the_same_with_the_unit_told_or_supposed(
    sample: str, explained: Explained
) -> None:
    event = json.loads(SAMPLES[sample])
    told = only(explained(event, units=(PRODUCTION,), tags={}).readings)
    supposed = only(explained(event, units=None, tags={}).readings)
    assert {(each.state, each.reason) for each in told} <= {(each.state, each.reason) for each in supposed}
