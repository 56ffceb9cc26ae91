"""What the event of a changed tag comes to before anybody is asked, and what the ledger's word adds."""

from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.calls import ApiCall, TagNotice
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.rows import TYPES, row_of
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.drift.changes import After, TagChange, as_known, judge_change, judge_known
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.remembered import Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
CLUSTER = "arn:aws:rds:eu-west-1:222222222222:cluster:orders"
VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
BUCKET = "arn:aws:s3:::orders"


def made(arn: str) -> Made:
    row = row_of(arn)
    assert row is not None
    resource = Resource(arn=arn, label=row.label, account=PAYMENTS, region=HOME)
    return Made(resource=resource, kind=Kind.DISCOVERY, type=row)


def known(state: TagState | None, tier: str | None = None, **more: Any) -> Remembered:
    return Remembered(state=state, tier=tier, **more)


IN_TIER = {"Backup": "daily-prod"}


@pytest.mark.parametrize(
    ("after", "remembered", "is_left"),
    [
        pytest.param(After(tags=IN_TIER), known(TagState.TAGGED, "daily-prod"), True, id="the same value again"),
        pytest.param(After(tags=IN_TIER), known(TagState.TAGGED, "monthly-prod"), False, id="another tier"),
        pytest.param(After(tags=IN_TIER), known(TagState.UNTAGGED), False, id="it had none"),
        pytest.param(After(tags=IN_TIER), known(TagState.EXEMPT), False, id="it was exempt"),
        pytest.param(After(tags=IN_TIER), None, True, id="nobody knows it, and it chooses a tier"),
        pytest.param(After(tags={"Backup": "none"}), None, False, id="nobody knows it, and it chooses none"),
        pytest.param(After(tags=IN_TIER, is_whole=True), known(TagState.TAGGED, "daily-prod"), True, id="a whole set"),
        pytest.param(After(is_whole=True), known(TagState.TAGGED, "daily-prod"), False, id="a set without ours"),
        pytest.param(After(is_taken=True), known(TagState.TAGGED, "daily-prod"), False, id="taken off"),
        pytest.param(After(), known(TagState.TAGGED, "daily-prod"), False, id="it does not tell the tags"),
        pytest.param(
            After(tags=IN_TIER), known(TagState.TAGGED, "daily-prod", is_told=True), False, id="people were told"
        ),
        pytest.param(
            After(tags=IN_TIER), known(TagState.WAITING, had="daily-prod"), True, id="it was put back just now"
        ),
        pytest.param(After(tags=IN_TIER), known(TagState.TAG, had="daily-prod"), False, id="it is left to people"),
    ],
)
def test_what_keeps_it_in_its_tier_for_certain_needs_no_look(
    after: After, remembered: Remembered | None, intent: Intent, *, is_left: bool
) -> None:
    verdict = judge_known(made(VOLUME), after, known=remembered, target=intent.targets[0], intent=intent)
    assert (verdict is not None) is is_left


@pytest.mark.parametrize(
    ("remembered", "state"),
    [
        (None, TagState.IGNORED),
        (known(None, is_told=True), TagState.IGNORED),
        (known(TagState.COVERED), TagState.COVERED),
        (known(TagState.TAGGED, "daily-prod"), None),
    ],
)
def test_what_may_be_a_part_of_something_is_looked_at_once_it_is_known_to_be_none(
    remembered: Remembered | None, state: TagState | None, intent: Intent
) -> None:
    database = made("arn:aws:rds:eu-west-1:222222222222:db:orders")
    verdict = judge_known(database, After(is_taken=True), known=remembered, target=intent.targets[0], intent=intent)
    assert (None if verdict is None else verdict.state) == state


def test_the_exact_type_and_its_limits_are_those_that_the_creation_showed() -> None:
    [exact] = [each for each in TYPES if each.label == "Multi-AZ database cluster"]
    remembered = known(TagState.CANNOT, label=exact.label, limits=tuple(each.fact for each in exact.limits[:1]))
    found = as_known(made(CLUSTER), remembered)
    assert (found.type, found.limits) == (exact, exact.limits[:1])
    assert as_known(made(CLUSTER), None) == made(CLUSTER)
    assert as_known(made(CLUSTER), known(TagState.TAGGED, label="something of before")).type == made(CLUSTER).type


CALL = ApiCall(
    event_id="e-1",
    account=PAYMENTS,
    region=HOME,
    source="s3.amazonaws.com",
    name="PutBucketTagging",
    caller="arn:aws:iam::222222222222:user/omar",
    caller_type="IAMUser",
    role=None,
    invoked_by=None,
    request={"bucketName": "orders", "Tagging": {"TagSet": {"Tag": {"Key": "team", "Value": "a"}}}},
    response=None,
    error_code=None,
    error_message=None,
)


def test_a_set_without_ours_may_have_taken_ours_away(intent: Intent) -> None:
    change = judge_change(CALL, intent=intent, now=NOW)
    assert isinstance(change, TagChange)
    assert change.after == After(tags={"team": "a"}, is_whole=True)
    assert (change.drift.keys, change.drift.at, change.named) == ((), NOW, ("orders",))


OURS = {"Key": "Backup", "Value": "daily-prod"}
TEAM = {"Key": "team", "Value": "a"}


@pytest.mark.parametrize(
    ("tag_set", "tags"),
    [
        ({"Tag": OURS}, IN_TIER),
        ({"Tag": [OURS]}, IN_TIER),
        ({"Tag": [TEAM, OURS]}, IN_TIER | {"team": "a"}),
        ("", {}),
    ],
    ids=["single item", "list of one", "list", "none"],
)
def test_every_form_of_a_set_of_tags_is_read_alike(tag_set: Any, tags: dict[str, str], intent: Intent) -> None:
    call = replace(CALL, request={"bucketName": "orders", "Tagging": {"TagSet": tag_set}})
    change = judge_change(call, intent=intent, now=NOW)
    assert isinstance(change, TagChange)
    assert (change.after, change.named) == (After(tags=tags, is_whole=True), ("orders",))


@pytest.mark.parametrize("tags", [None, "HIDDEN_DUE_TO_SECURITY_REASONS", []])
def test_tags_that_a_record_does_not_tell_may_be_ours(tags: Any, intent: Intent) -> None:
    arn = "arn:aws:fsx:eu-west-1:222222222222:file-system/fs-0123456789abcdef0"
    call = replace(CALL, source="fsx.amazonaws.com", name="TagResource", request={"resourceARN": arn, "tags": tags})
    assert isinstance(judge_change(call, intent=intent, now=NOW), TagChange)


def test_a_notice_tells_our_keys_alone(intent: Intent) -> None:
    notice = TagNotice(
        event_id="n-1",
        account=AccountId(PAYMENTS),
        region=HOME,
        resources=(BUCKET,),
        keys=("team", "Backup"),
        tags=IN_TIER,
        at=NOW,
    )
    change = judge_change(notice, intent=intent, now=NOW)
    assert isinstance(change, TagChange)
    assert (change.drift.keys, change.drift.actor) == (("Backup",), "")
    other = judge_change(replace(notice, keys=("team",)), intent=intent, now=NOW)
    assert isinstance(other, TagVerdict)
    assert other.state is TagState.IGNORED
