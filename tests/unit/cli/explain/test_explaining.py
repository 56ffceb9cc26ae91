"""Every event has an answer: which rule hears it, or which nearly does, and what becomes of it."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.values import asdict
from strongroom_cli.explain.answers import Told
from strongroom_cli.explain.documents import Given
from strongroom_cli.explain.explaining import Surroundings, explain
from strongroom_cli.explain.telling import lines_of
from tests.conftest import ROOT
from tests.contract.events.test_samples import MATCHED, SAMPLES, SCHEDULED, UNMATCHED, refused
from tests.functions.test_odd_events import CREATIONS, a_call, nested
from tests.unit.cli.explain.conftest import PRODUCTION, Explained

OTHERS = SCHEDULED.keys() | {"SweepEndsRule"}
HEARD = {(sample, rule) for rule, samples in MATCHED.items() if rule not in OTHERS for sample in samples}
# What is heard in the audit account, and there only.
RESTORES = {name for name in UNMATCHED if "restore_job" in name}
MANAGEMENT = {"account": "111111111111"}
AT_HOME = {"account": "222222222222", "region": "eu-west-1"}


def without_place(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in ("account", "region")}


def parsed(sample: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(SAMPLES[sample])
    return event


@pytest.mark.parametrize(("sample", "rule"), sorted(HEARD))
def test_a_sample_that_a_rule_waits_for_has_a_verdict_by_that_rule(
    sample: str, rule: str, explained: Explained
) -> None:
    answer = explained(parsed(sample))
    [reading] = [reading for reading in answer.readings if reading.rule == rule]
    assert all(outcome.state and outcome.reason for outcome in reading.outcomes)
    assert reading.outcomes
    assert answer.nearest == ()


@pytest.mark.parametrize("sample", sorted(UNMATCHED.keys() - RESTORES))
def test_a_sample_that_no_rule_waits_for_names_the_nearest_and_the_difference(
    sample: str, explained: Explained
) -> None:
    answer = explained(parsed(sample))
    assert (answer.readings, answer.summary) == ((), "no rule of ours hears it: nothing is done")
    state = parsed(sample)["detail"]["state"]
    assert {each.field for miss in answer.nearest for each in miss.differences} == {"detail.state"}
    assert {each.found for miss in answer.nearest for each in miss.differences} == {(state,)}


@pytest.mark.parametrize("sample", sorted(RESTORES))
def test_a_restore_is_heard_in_the_audit_account(sample: str, explained: Explained) -> None:
    [reading] = explained(parsed(sample)).readings
    assert (reading.rule, reading.function) == ("RestoreJobsRule", "watch_restores")


@pytest.mark.parametrize("event", CREATIONS.values(), ids=CREATIONS)
def test_what_cannot_be_what_the_call_created_is_refused_with_its_reason(
    event: dict[str, Any], explained: Explained
) -> None:
    [reading] = explained(event).readings
    assert {outcome.state for outcome in reading.outcomes} <= {"REFUSED", "UNREADABLE"}
    assert "open the alert resource-not-tagged (warning)" in reading.outcomes[0].would
    assert not [act for outcome in reading.outcomes for act in outcome.would if act.startswith("write")]


def test_a_refused_creation_is_tampering(explained: Explained) -> None:
    answer = explained(refused(parsed("aws.dynamodb/CreateTable")))
    [reading] = answer.readings
    assert (reading.rule, reading.hears) == ("RefusalsRule", "refusals")


def test_a_creation_that_failed_otherwise_is_not_heard_and_the_error_is_why(explained: Explained) -> None:
    event = parsed("aws.ec2/RunInstances")
    event["detail"]["errorCode"] = "Client.InsufficientInstanceCapacity"
    nearest = {miss.rule: miss.differences for miss in explained(event).nearest}
    [creation] = nearest["ResourceCreationRule"]
    assert (creation.field, creation.wanted) == ("detail.errorCode", ("nothing",))
    assert "RefusalsRule" in nearest


def test_a_call_of_a_service_that_nobody_listens_to_differs_by_its_source(explained: Explained) -> None:
    answer = explained(a_call("braket", "CreateJob"))
    assert answer.readings == ()
    assert "source" in {each.field for miss in answer.nearest for each in miss.differences}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"region": "us-west-2"}, "no forwarder stands in us-west-2", id="Region"),
        pytest.param({"region": "cn-north-1"}, "the partition aws-cn", id="partition"),
        pytest.param({"region": "eu-west-1:x"}, "is not the name of a Region", id="no Region"),
        pytest.param({"account": "2222222222222"}, "is not an account id", id="account of 13 digits"),
    ],
)
def test_what_never_comes_is_said_to_never_come(change: dict[str, str], why: str, explained: Explained) -> None:
    answer = explained(parsed("aws.dynamodb/CreateTable") | AT_HOME | change)
    assert answer.reach is not None
    assert answer.reach.is_heard is False
    assert why in answer.reach.reason
    assert answer.summary == "a rule would hear it, but it never comes to our bus: nothing is done"


def test_the_event_of_an_account_outside_of_governed_units_never_comes(explained: Explained) -> None:
    answer = explained(parsed("aws.dynamodb/CreateTable"), units=("ou-strg-sand0001",))
    assert answer.reach is not None
    assert (answer.reach.is_heard, answer.readings[0].outcomes[0].state) == (False, "NOT_GOVERNED")


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(a_call("dynamodb", "CreateTable") | {"account": "222"}, id="account of 3 digits"),
        pytest.param(without_place(a_call("ec2", "CreateVolume")), id="no account and Region"),
        pytest.param(a_call("ec2", "CreateVolume") | {"time": "yesterday"}, id="no time"),
        pytest.param(a_call("cloudtrail", "StopLogging") | {"region": 7}, id="Region of a number"),
        pytest.param(
            a_call("organizations", "AccountJoinedOrganization", requestParameters=json.loads(nested(900)))
            | MANAGEMENT,
            id="nested too deeply",
        ),
        pytest.param(a_call("organizations", "MoveAccount", requestParameters={}) | MANAGEMENT, id="no account"),
    ],
)
def test_what_cannot_be_read_is_a_dead_letter_with_its_reason(event: dict[str, Any], explained: Explained) -> None:
    outcomes = [outcome for reading in explained(event).readings for outcome in reading.outcomes]
    assert {outcome.state for outcome in outcomes} == {"DEAD_LETTER"}
    assert all(outcome.reason.partition("with the reason: ")[2] for outcome in outcomes)


@pytest.mark.parametrize(
    "event",
    [{}, {"source": [], "detail-type": {}, "detail": None}, {"detail": []}, {"source": "aws.ec2", "detail-type": 7}],
    ids=repr,
)
def test_whatever_it_is_there_is_an_answer(event: dict[str, Any], explained: Explained) -> None:
    assert explained(event).summary == "no rule of ours hears it: nothing is done"


def test_what_is_no_event_is_said_to_be_none(intent: Intent) -> None:
    around = Surroundings(intent=intent, told=Told(), now=datetime(2026, 9, 1, tzinfo=UTC))
    answer = explain(Given(form="unknown", fault="it is a number"), around=around)
    assert (answer.summary, answer.fault, answer.readings) == ("no event", "it is a number", ())


def test_a_call_that_only_reads_is_said_not_to_be_delivered(explained: Explained) -> None:
    [note] = explained(a_call("ec2", "DescribeVolumes", readOnly=True)).notes
    assert "read only" in note


@pytest.mark.parametrize(
    ("call", "states"),
    [
        pytest.param(
            a_call("kms", "DisableKey", requestParameters={"keyId": "k"}), ["SUCCEEDED", "IRRELEVANT"], id="key"
        ),
        pytest.param(
            a_call("ec2", "DeleteSnapshot", requestParameters={"snapshotId": "snap-1"}), ["SUCCEEDED", "IRRELEVANT"],
            id="snapshot",
        ),
        pytest.param(a_call("cloudtrail", "StopLogging", requestParameters={"name": "t"}), ["SUCCEEDED"], id="trail"),
        pytest.param(
            a_call("cloudtrail", "StopLogging", requestParameters={"name": "t"}, errorCode="AccessDenied"),
            ["ATTEMPTED"], id="refused",
        ),
        pytest.param(
            a_call("cloudtrail", "StopLogging", errorCode="TrailNotFoundException"), ["IRRELEVANT"], id="nothing there"
        ),
    ],
)  # fmt: skip
def test_a_call_has_a_verdict_for_each_answer_of_the_world(
    call: dict[str, Any], states: list[str], explained: Explained
) -> None:
    [reading] = explained(call).readings
    assert [outcome.state for outcome in reading.outcomes] == states
    assert ("open the alert" in str(reading.outcomes[0].would)) == (states[0] in ("SUCCEEDED", "ATTEMPTED"))
    assert all(bool(outcome.when) == (len(states) > 1) for outcome in reading.outcomes)


@pytest.mark.parametrize(
    ("units", "states"),
    [
        pytest.param((PRODUCTION,), ["READY or NOT_READY"], id="governed"),
        pytest.param((), ["NOT_GOVERNED"], id="root"),
        pytest.param(None, ["READY or NOT_READY", "NOT_GOVERNED", "LEFT"], id="not told"),
    ],
)
def test_a_move_is_judged_by_where_the_account_lies(
    units: tuple[str, ...] | None, states: list[str], explained: Explained
) -> None:
    [reading] = explained(parsed("aws.organizations/MoveAccount"), units=units).readings
    assert [outcome.state for outcome in reading.outcomes] == states


def test_the_samples_lie_where_the_tables_say() -> None:
    assert {path.parent.name for path in (ROOT / "events").glob("*/*.json")} == {name.split("/")[0] for name in SAMPLES}


# What stands in a field where something else belongs.
ODD: tuple[Any, ...] = (None, 7, -1, 10**30, "", [], {}, "null", True, [None], "x" * 3_000, {"a": {}}, "****")


def places_in(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list of the document, with each key or index of it."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in [*pairs]:
        yield node, key
        yield from places_in(value)


@pytest.mark.parametrize("seed", range(1, 6))
def test_whatever_stands_in_a_field_there_is_an_answer_and_it_can_be_printed(seed: int, explained: Explained) -> None:
    chosen = random.Random(seed)  # noqa: S311 a seed that can be repeated, and no secret
    summaries = set()
    for _ in range(100):
        text = SAMPLES[chosen.choice(sorted(SAMPLES))]
        event = json.loads(text)
        node, key = chosen.choice([*places_in(event)])
        node[key] = chosen.choice(ODD)
        answer = explained(event, units=chosen.choice([None, (PRODUCTION,)]))
        assert json.dumps(asdict(answer))
        assert all(line.isprintable() for line in lines_of(answer))
        summaries.add(answer.summary)
    assert len(summaries) > 5
