"""Events of changed tags, changed at random by seed: whatever stands in one, nothing but what it names is touched."""

import json
import random
from collections import Counter
from copy import replace
from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.errors import MalformedError, StrongroomError
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.remembered import Judged
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TagsChanged
from strongroom.services.tags.answer_drift import answer_drift
from strongroom.services.tags.revisit_resources import revisit_resources
from tests.builders.places import HOME, PAYMENTS
from tests.contract.events.change_records import a_notice, records_of_changes
from tests.security.test_odd_creations import (
    CHANGES,
    DEAD_LETTER,
    MUTANTS,
    NOW,
    ODD_ARNS,
    World,
    a_world,
    spelled,
    with_detail,
    with_envelope,
)

type Document = dict[str, Any]

DECODER: Final = msgspec.json.Decoder(Event[TagsChanged])
RECORDS: Final = [(f"{each.call.call} {each.label}", each.arn, each.event) for each in records_of_changes()]
NOTICES: Final = [(f"notice {arn}", arn, a_notice(arn=arn)) for arn in dict.fromkeys(arn for _, arn, _ in RECORDS)]
EVERY: Final = [*RECORDS, *NOTICES]
EACH = pytest.mark.parametrize(
    ("arn", "event"), [(arn, event) for _, arn, event in EVERY], ids=[n for n, _, _ in EVERY]
)


def a_member(intent: Intent, arn: str) -> World:
    """Payments with one thing in it, which lost its tag after it was judged."""
    world = a_world(intent)
    world.tags.tags = {arn: {}}
    verdict = TagVerdict(
        state=TagState.COMPLIANT, reason="", resource=arn, account=PAYMENTS, region=HOME, tier="daily-prod"
    )
    world.needs.resources.record([Judged(verdict=verdict, event_id="e-0")], now=NOW - timedelta(days=1))
    return world


def run(world: World, event: Document) -> set[str]:
    """The states that the event ends in, what is read back a minute later included, or that it is a dead letter."""
    try:
        parsed = DECODER.decode(json.dumps(event).encode())
        [answer] = answer_drift([Heard(subject=parsed.detail.observed(parsed))], needs=world.needs, now=NOW)
        if isinstance(answer, StrongroomError):
            raise answer
    except (msgspec.DecodeError, MalformedError):
        return {DEAD_LETTER}
    later = revisit_resources(needs=world.needs, now=NOW + timedelta(minutes=1)).verdicts
    ended = {verdict.resource: verdict for verdict in later}
    assert all(each.reason for each in answer.verdicts)
    return {ended.get(each.resource, each).state for each in answer.verdicts}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_mutant_ends_with_a_reason_and_touches_nothing_else(seed: int, intent: Intent) -> None:
    chance, ends = random.Random(seed), Counter[str]()  # noqa: S311 - drawn again by its seed, and no secret
    for _ in range(MUTANTS):
        _, arn, told = chance.choice(EVERY)
        event = json.loads(json.dumps(told))
        event["detail"] |= {"responseElements": None} if "eventName" in event["detail"] else {}
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            chance.choice(CHANGES)(event, chance)
        world = a_member(intent, arn)
        states = run(world, event)
        assert states or not event["detail"], event
        assert world.touched <= {arn}, event
        assert all(tags.keys() == {"Backup"} for _, tags, _ in world.tags.written), event
        ends.update(states)
    assert min(ends[state] for state in (TagState.TAGGED, TagState.REFUSED, TagState.IGNORED, DEAD_LETTER)) > 0


@EACH
def test_without_a_change_exactly_what_it_was_about_is_put_back(arn: str, event: Document, intent: Intent) -> None:
    world = a_member(intent, arn)
    is_told_well = event["detail"].get("eventName", "").startswith(("Tag", "Add", "Create", "Put"))
    if is_told_well:
        assert run(world, event) == {TagState.IGNORED}, "the value that was set keeps it in its tier"
        assert world.touched == set()
    else:
        assert run(world, event) <= {TagState.TAGGED, TagState.CANNOT}
        assert world.tags.written == [(arn, {"Backup": "daily-prod"}, HOME)]


ODD: Final = {
    "failed": (with_detail(errorCode="AccessDenied"), {TagState.IGNORED}),
    "account of 13 digits": (with_envelope(account="2222222222222"), {DEAD_LETTER}),
    "account of nobody": (with_envelope(account="444444444444"), {TagState.REFUSED}),
    "Region that is none": (with_envelope(region="eu-west-1a"), {DEAD_LETTER}),
    "another key": (spelled("Backup", "team"), {TagState.IGNORED}),
}


def can_be(odd: str, event: Document) -> bool:
    """Whether it says so: a set does not say what it took away, and a notice has no error."""
    is_set = event["detail"].get("eventName") in {"PutBucketTagging", "DeleteBucketTagging"}
    return not ((odd == "another key" and is_set) or (odd == "failed" and event["source"] == "aws.tag"))


@pytest.mark.parametrize(
    ("odd", "arn", "event"),
    [pytest.param(odd, arn, e, id=f"{odd} {n}") for odd in ODD for n, arn, e in EVERY if can_be(odd, e)],
)
def test_an_odd_event_ends_as_it_must_and_touches_nothing(odd: str, arn: str, event: Document, intent: Intent) -> None:
    change, states = ODD[odd]
    world = a_member(intent, arn)
    assert run(world, change(event)) == states
    assert world.touched == set()


def documents(event: Document) -> str:
    """All of the event that may name what was changed."""
    return json.dumps([event["detail"].get("requestParameters"), event.get("resources")])


BY_ARN: Final = [each for each in EVERY if f":{PAYMENTS}:" in documents(each[2])]


@pytest.mark.parametrize("odd", ODD_ARNS)
@pytest.mark.parametrize(("arn", "event"), [(arn, e) for _, arn, e in BY_ARN], ids=[n for n, _, _ in BY_ARN])
def test_an_arn_that_does_not_fit_is_never_touched(odd: str, arn: str, event: Document, intent: Intent) -> None:
    world = a_member(intent, arn)
    changed = ODD_ARNS[odd](event)
    changed |= {"resources": json.loads(json.dumps(ODD_ARNS[odd]({"detail": event.get("resources", [])})["detail"]))}
    if "userIdentity" in event["detail"]:
        changed["detail"] |= {"userIdentity": event["detail"]["userIdentity"]}
    expected = {TagState.IGNORED} if odd == "of another service" else {TagState.REFUSED}
    assert run(world, changed) == expected
    assert world.touched == set()


@EACH
def test_where_no_plan_runs_nothing_is_touched(arn: str, event: Document, intent: Intent) -> None:
    world = a_member(intent, arn)
    organization = replace(world.needs.intent.organization, governed_regions=(Region("us-west-2"),))
    world.needs = replace(world.needs, intent=replace(world.needs.intent, organization=organization))
    assert run(world, event) == {TagState.NOT_GOVERNED}
    assert world.touched == set()
