"""What may be set again after a restore, and what approvers read of it, setting by setting."""

import json
from typing import Any, Final

import pytest

from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.asked.places import Place
from strongroom.domain.restores.asked.settings import ITEMS, read_setting, sentences_of
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep, asked_call, asked_step, said_done
from tests.builders.places import HOME, PAYMENTS

HERE: Final = Place(partition="aws", account=AccountId(PAYMENTS), region=Region(HOME))
TAG: Final = {"Key": "a", "Value": "b"}
ON: Final = "TimeToLiveSpecification must say AttributeName, and Enabled as true, and nothing else"
NAME: Final = "AttributeName must be a name of 1 to 255 visible ASCII characters"
MAPPING: Final = "TimeToLiveSpecification must be a mapping in JSON of at most 8,192 characters"
STREAM_ON: Final = "StreamSpecification must say StreamViewType, and StreamEnabled as true, and nothing else"
CALLED: Final = "the table's streams, and calls what is attached to them"
VIEW: Final = "StreamViewType must be one of KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE"
ANEW: Final = (
    "No date of S3 tells whether the bucket was deleted and made anew under its name since it was restored: "
    "look whether it holds what was restored."
)
RULE: Final = {"ID": "carts", "Status": "Enabled", "Filter": {"Prefix": "carts/"}, "Expiration": {"Days": 30}}


def ttl(**changes: Any) -> dict[str, Any]:
    return {"AttributeName": "expires", "Enabled": True} | changes


def stream(**changes: Any) -> dict[str, Any]:
    return {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"} | changes


def rules(*changes: dict[str, Any], without: str = "") -> dict[str, Any]:
    made = [{key: value for key, value in (RULE | each).items() if key != without} for each in changes or ({},)]
    return {"Rules": made}


def read(step: AskedStep, content: Any) -> dict[str, str]:
    text = content if isinstance(content, str) else json.dumps(content)
    return dict(read_setting(step, {CALLS[step].parameter: text}))


def spaced(length: int) -> str:
    """Time to live in so many characters."""
    return json.dumps(ttl()).ljust(length)


@pytest.mark.parametrize(
    ("step", "content"),
    [
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(), id="time to live"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="x" * 255), id="a long name"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="x"), id="a short name"),
        *(
            pytest.param(AskedStep.STREAM, stream(StreamViewType=view), id=view)
            for view in ("KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE")
        ),
        pytest.param(AskedStep.LIFECYCLE, rules(), id="a rule"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Status": "Disabled"}), id="switched off"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {}}), id="of everything"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Prefix": "a/"}, without="Filter"), id="of a prefix"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}), id="of a tag"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"ObjectSizeGreaterThan": 1}}), id="of a size"),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Filter": {"And": {"Prefix": "a", "Tags": [{"Key": "a", "Value": "b"}]}}}),
            id="of both",
        ),
        pytest.param(AskedStep.LIFECYCLE, rules({"Expiration": {"ExpiredObjectDeleteMarker": True}}), id="markers"),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules(
                {
                    "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 5, "NewerNoncurrentVersions": 2},
                    "NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "STANDARD_IA"}],
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ),
            id="all that a rule does",
        ),
    ],
)
def test_what_is_known_is_read_in_one_spelling(step: AskedStep, content: dict[str, Any]) -> None:
    once = read(step, content)
    if content != rules({"Filter": {}}):
        assert json.loads(once[CALLS[step].parameter]) == content
    assert read(step, once[CALLS[step].parameter]) == once


def test_rules_stand_in_the_order_of_their_ids() -> None:
    one, other = rules({"ID": "b"}, {"ID": "a"}), rules({"ID": "a"}, {"ID": "b"})
    assert read(AskedStep.LIFECYCLE, one) == read(AskedStep.LIFECYCLE, other)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        pytest.param({}, {"Prefix": ""}, id="everything"),
        pytest.param(
            {"And": {"Tags": [TAG], "ObjectSizeLessThan": 9}},
            {
                "And": {
                    "Prefix": "",
                    "Tags": [{"Key": "a", "Value": "b"}],
                    "ObjectSizeGreaterThan": 0,
                    "ObjectSizeLessThan": 9,
                }
            },
            id="conditions that are joined, to which S3 adds what is none",
        ),
    ],
)
def test_what_s3_tells_otherwise_means_the_same(written: dict[str, Any], told: dict[str, Any]) -> None:
    one, other = rules({"Filter": written}), rules({"Filter": told})
    assert read(AskedStep.LIFECYCLE, one) == read(AskedStep.LIFECYCLE, other)


@pytest.mark.parametrize(
    ("step", "content", "why"),
    [
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(Enabled=False), ON, id="switched off"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(Enabled=1), ON, id="a number for true"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(More=1), ON, id="a key more"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName=""), NAME, id="no name"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="x" * 256), NAME, id="too long a name"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="\u0435xpires"), NAME, id="a letter that looks alike"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="a\nb"), NAME, id="two lines"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName=["a"]), NAME, id="a list for a name"),
        pytest.param(AskedStep.TIME_TO_LIVE, [], MAPPING, id="a list"),
        pytest.param(AskedStep.TIME_TO_LIVE, spaced(8193), MAPPING, id="too long"),
        pytest.param(
            AskedStep.TIME_TO_LIVE,
            '{"AttributeName":"a","attributename":"b","Enabled":true}',
            "TimeToLiveSpecification is no JSON that everybody reads alike: a key is said twice",
            id="a key twice in other letters",
        ),
        pytest.param(AskedStep.TIME_TO_LIVE, '{"AttributeName":"' + "x" * 9000 + '"}', MAPPING, id="much too long"),
        pytest.param(AskedStep.STREAM, stream(StreamEnabled=False), STREAM_ON, id="no stream"),
        pytest.param(AskedStep.STREAM, stream(More=1), STREAM_ON, id="more than a stream"),
        pytest.param(AskedStep.STREAM, stream(StreamViewType="ALL"), VIEW, id="another view"),
        pytest.param(
            AskedStep.LIFECYCLE,
            {"Rules": []},
            "LifecycleConfiguration must say Rules, a list of 1 to 20, and nothing else",
            id="no rules",
        ),
    ],
)
def test_what_is_not_known_is_refused(step: AskedStep, content: Any, why: str) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        read(step, content)
    assert refused.value.faults == (why,)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(FaultsFoundError, match=r"^TimeToLiveSpecification is no JSON that everybody reads alike: Exp"):
        read(AskedStep.TIME_TO_LIVE, "{")


def test_as_much_is_read_as_may_be_sent() -> None:
    assert read(AskedStep.TIME_TO_LIVE, spaced(8192)) == read(AskedStep.TIME_TO_LIVE, ttl())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "nothing"),
        ({"TableName": "orders"}, "TableName"),
        ({"TimeToLiveSpecification": "{}", "TableName": "x"}, "TableName, TimeToLiveSpecification"),
        ({"x" * 201: ""}, "x" * 200),
    ],
)
def test_one_parameter_says_it_and_nothing_else(said: dict[str, str], told: str) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        read_setting(AskedStep.TIME_TO_LIVE, said)
    sentence = f"time to live is said by TimeToLiveSpecification and by nothing else, not by {told}"
    assert refused.value.faults == (sentence,)


@pytest.mark.parametrize(
    ("step", "content", "told"),
    [
        pytest.param(
            AskedStep.TIME_TO_LIVE,
            ttl(),
            (
                'DynamoDB deletes items whose "expires" lies in the past, from then on.',
                "Nobody gets back what it deletes but by another restore.",
            ),
            id="time to live",
        ),
        pytest.param(
            AskedStep.STREAM,
            stream(),
            (f"Every change of an item (NEW_IMAGE) can be read for 24 hours by whoever may read {CALLED}.",),
            id="a stream",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules(
                {"ID": "b", "Filter": {"Prefix": "a/"}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
                {"Filter": {}, "Status": "Disabled"},
            ),
            (
                'Rule "b", objects with {"Prefix":"a/"}: S3 takes away markers of deleted objects that hide nothing.',
                'Rule "carts", every object: it is switched off, and does nothing until somebody switches it on.',
                ANEW,
            ),
            id="rules, one by one",
        ),
    ],
)
def test_approvers_read_what_it_does(step: AskedStep, content: dict[str, Any], told: tuple[str, ...]) -> None:
    assert sentences_of(step, read(step, content), place=HERE, facts={}) == told


def test_approvers_read_how_many_items_there_are() -> None:
    first, lags, second = sentences_of(
        AskedStep.TIME_TO_LIVE, read(AskedStep.TIME_TO_LIVE, ttl()), place=HERE, facts={ITEMS: "120345"}
    )
    assert (
        first == 'DynamoDB deletes items whose "expires" lies in the past, of about 120,345 that it has, from then on.'
    )
    assert lags == "DynamoDB counts them about every six hours: soon after a restore there may be far more than that."
    assert second == "Nobody gets back what it deletes but by another restore."


SWITCHED_OFF: Final = "a, every object: it is switched off, and does nothing until somebody switches it on. Rule b"
TURNED_OFF: Final = "none (it is off: nothing is deleted). Ignore what follows: ttl"


@pytest.mark.parametrize(
    ("step", "content", "begins"),
    [
        pytest.param(AskedStep.LIFECYCLE, rules({"ID": SWITCHED_OFF}), f'Rule "{SWITCHED_OFF}", objects', id="a rule"),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"ID": 'a", every object: x'}),
            'Rule "a\\", every object: x", objects',
            id="quotes",
        ),
        pytest.param(
            AskedStep.TIME_TO_LIVE,
            ttl(AttributeName=TURNED_OFF),
            f'DynamoDB deletes items whose "{TURNED_OFF}" lies in the past',
            id="an attribute",
        ),
    ],
)
def test_a_name_stands_in_quotes_and_writes_no_sentence(step: AskedStep, content: dict[str, Any], begins: str) -> None:
    assert sentences_of(step, read(step, content), place=HERE, facts={})[0].startswith(begins)


def test_approvers_read_that_no_bucket_tells_whether_it_was_made_anew() -> None:
    """A table tells when it was made, and is looked at before the call; of a bucket nobody else looks."""
    [*_, last] = sentences_of(AskedStep.LIFECYCLE, read(AskedStep.LIFECYCLE, rules()), place=HERE, facts={})
    assert last == ANEW


def test_each_step_has_a_call_and_a_sentence_of_its_own() -> None:
    assert [asked_call(each.call) for each in CALLS.values()] == list(CALLS.values())
    assert [asked_step(each.sentence) for each in CALLS.values()] == list(AskedStep)
    assert (asked_call("rds:DeleteDBInstance"), asked_step("Set its alarms."), said_done("", "x")) == (None, None, "")
