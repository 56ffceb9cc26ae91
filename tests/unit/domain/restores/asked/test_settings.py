"""What may be set again after a restore, and what approvers read of it, setting by setting."""

import json
from typing import Any, Final

import pytest

from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.restores.asked.settings import read_setting, sentences_of
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep, asked_call, asked_step, said_done

TAG: Final = {"Key": "a", "Value": "b"}
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


@pytest.mark.parametrize(
    ("step", "content"),
    [
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(), id="time to live"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="x" * 255), id="a long name"),
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
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(Enabled=False), "Enabled as true", id="switched off"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(Enabled=1), "Enabled as true", id="a number for true"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(More=1), "and nothing else", id="a key more"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName=""), "a name of 1", id="no name"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="x" * 256), "a name of 1", id="too long a name"),
        pytest.param(
            AskedStep.TIME_TO_LIVE, ttl(AttributeName="\u0435xpires"), "ASCII", id="a letter that looks alike"
        ),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName="a\nb"), "visible", id="two lines"),
        pytest.param(AskedStep.TIME_TO_LIVE, ttl(AttributeName=["a"]), "a name of 1", id="a list for a name"),
        pytest.param(AskedStep.TIME_TO_LIVE, [], "must be a mapping", id="a list"),
        pytest.param(AskedStep.TIME_TO_LIVE, "{", "no JSON", id="no JSON"),
        pytest.param(
            AskedStep.TIME_TO_LIVE,
            '{"AttributeName":"a","attributename":"b","Enabled":true}',
            "no JSON",
            id="a key twice in other letters",
        ),
        pytest.param(AskedStep.TIME_TO_LIVE, '{"AttributeName":"' + "x" * 9000 + '"}', "at most", id="too long"),
        pytest.param(AskedStep.STREAM, stream(StreamEnabled=False), "StreamEnabled as true", id="no stream"),
        pytest.param(AskedStep.STREAM, stream(StreamViewType="ALL"), "StreamViewType must be", id="another view"),
        pytest.param(AskedStep.LIFECYCLE, {"Rules": []}, "a list of 1 to", id="no rules"),
        pytest.param(AskedStep.LIFECYCLE, rules(*({"ID": str(n)} for n in range(21))), "a list of 1 to", id="many"),
        pytest.param(AskedStep.LIFECYCLE, rules() | {"More": 1}, "and nothing else", id="more than rules"),
        pytest.param(AskedStep.LIFECYCLE, {"Rules": ["a"]}, "an ID of its own", id="a text for a rule"),
        pytest.param(AskedStep.LIFECYCLE, rules({}, without="ID"), "an ID of its own", id="no ID"),
        pytest.param(AskedStep.LIFECYCLE, rules({}, {}), "two of the Rules have one ID", id="an ID twice"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Soon": 1}), "Soon is not known here", id="what is not known"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Status": "On"}), "Status must be", id="another status"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Prefix": "a"}), "either Filter or Prefix", id="both scopes"),
        pytest.param(AskedStep.LIFECYCLE, rules({}, without="Filter"), "either Filter or Prefix", id="no scope"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"Prefix": "\u0430/"}}), "either Filter", id="a look-alike"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"Suffix": "a"}}), "either Filter", id="another filter"),
        pytest.param(
            AskedStep.LIFECYCLE, rules({"Filter": {"Prefix": "a", "ObjectSizeLessThan": 1}}), "either", id="two filters"
        ),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"And": {}}}), "either Filter", id="an empty And"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"And": {"Prefix": ""}}}), "either Filter", id="And of all"),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Filter": {"And": {"Prefix": "", "ObjectSizeGreaterThan": 0}}}),
            "either Filter",
            id="an And that joins nothing",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Filter": {"And": {"Prefix": "logs/", "ObjectSizeLessThan": 0}}}),
            "either Filter",
            id="less than nothing, and a prefix",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Filter": {"And": {"Prefix": "", "ObjectSizeLessThan": 0}}}),
            "either Filter",
            id="less than nothing, and everything",
        ),
        pytest.param(
            AskedStep.LIFECYCLE, rules({"Filter": {"ObjectSizeLessThan": 0}}), "either Filter", id="less than nothing"
        ),
        pytest.param(AskedStep.LIFECYCLE, rules({"Filter": {"Tag": {"Key": "a"}}}), "either Filter", id="half a tag"),
        pytest.param(AskedStep.LIFECYCLE, rules({}, without="Expiration"), "it does nothing", id="nothing to do"),
        pytest.param(
            AskedStep.LIFECYCLE, rules({"Expiration": {"Date": "2020-01-01"}}), "and no date", id="a date that is past"
        ),
        pytest.param(AskedStep.LIFECYCLE, rules({"Expiration": {"Days": True}}), "whole numbers", id="true for a day"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Expiration": {"Days": -1}}), "whole numbers", id="a day before"),
        pytest.param(AskedStep.LIFECYCLE, rules({"Transitions": []}), "whole numbers", id="no transitions"),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Transitions": [{"Days": 1, "StorageClass": "glacier"}]}),
            "whole numbers",
            id="a class in small letters",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Expiration": {"ExpiredObjectDeleteMarker": 1}}),
            "whole numbers",
            id="a number for markers",
        ),
    ],
)
def test_what_is_not_known_is_refused(step: AskedStep, content: Any, why: str) -> None:
    with pytest.raises(FaultsFoundError, match=why):
        read(step, content)


@pytest.mark.parametrize("said", [{}, {"TableName": "orders"}, {"TimeToLiveSpecification": "{}", "TableName": "x"}])
def test_one_parameter_says_it_and_nothing_else(said: dict[str, str]) -> None:
    with pytest.raises(FaultsFoundError, match=r"^time to live is said by TimeToLiveSpecification and by nothing else"):
        read_setting(AskedStep.TIME_TO_LIVE, said)


@pytest.mark.parametrize(
    ("step", "content", "told"),
    [
        pytest.param(
            AskedStep.TIME_TO_LIVE,
            ttl(),
            ('DynamoDB deletes items whose "expires" lies in the past, from then on.',),
            id="time to live",
        ),
        pytest.param(
            AskedStep.STREAM,
            stream(),
            ("Every change of an item (NEW_IMAGE) can be read for 24 hours by whoever may read the table's streams, ",),
            id="a stream",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules(),
            ('Rule "carts", objects with {"Prefix":"carts/"}: S3 deletes them 30 days after they were made, which ',),
            id="a rule",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules({"Filter": {}, "Status": "Disabled"}),
            ('Rule "carts", every object: it is switched off, and does nothing until somebody switches it on.',),
            id="a rule that is switched off",
        ),
        pytest.param(
            AskedStep.LIFECYCLE,
            rules(
                {
                    "Filter": {"Prefix": ""},
                    "Expiration": {"ExpiredObjectDeleteMarker": True},
                    "Transitions": [{"Days": 3, "StorageClass": "GLACIER"}],
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 5, "NewerNoncurrentVersions": 2},
                    "NoncurrentVersionTransitions": [
                        {"NoncurrentDays": 1, "StorageClass": "STANDARD_IA"},
                        {"NoncurrentDays": 9, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 3},
                    ],
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ),
            (
                'Rule "carts", every object: S3 takes away markers of deleted objects that hide nothing.',
                'Rule "carts", every object: S3 deletes older versions 5 days after they were replaced, but for',
                'Rule "carts", every object: S3 moves them to GLACIER after 3 days.',
                'Rule "carts", every object: S3 moves older versions to STANDARD_IA after 1 days.',
                'Rule "carts", every object: S3 moves older versions to GLACIER after 9 days, but for the newest 3.',
                'Rule "carts", every object: S3 ends uploads that are not whole 7 days after they began.',
            ),
            id="all that a rule does",
        ),
    ],
)
def test_approvers_read_what_it_does(step: AskedStep, content: dict[str, Any], told: tuple[str, ...]) -> None:
    sentences = sentences_of(step, read(step, content), items=None)
    assert [sentence.startswith(begins) for sentence, begins in zip(sentences, told, strict=False)] == [True] * len(
        told
    )


def test_approvers_read_how_many_items_there_are() -> None:
    first, second = sentences_of(AskedStep.TIME_TO_LIVE, read(AskedStep.TIME_TO_LIVE, ttl()), items=120345)
    assert (
        first == 'DynamoDB deletes items whose "expires" lies in the past, of about 120,345 that it has, from then on.'
    )
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
    assert sentences_of(step, read(step, content), items=None)[0].startswith(begins)


def test_approvers_read_that_no_bucket_tells_whether_it_was_made_anew() -> None:
    """A table tells when it was made, and is looked at before the call; of a bucket nobody else looks."""
    [*_, last] = sentences_of(AskedStep.LIFECYCLE, read(AskedStep.LIFECYCLE, rules()), items=None)
    assert last == (
        "No date of S3 tells whether the bucket was deleted and made anew under its name since it was restored: "
        "look whether it holds what was restored."
    )


def test_each_step_has_a_call_and_a_sentence_of_its_own() -> None:
    assert [asked_call(each.call) for each in CALLS.values()] == list(CALLS.values())
    assert [asked_step(each.sentence) for each in CALLS.values()] == list(AskedStep)
    assert (asked_call("rds:DeleteDBInstance"), asked_step("Set its alarms."), said_done("", "x")) == (None, None, "")
