"""Whom a bucket may be asked to call after a restore, and what approvers read of it."""

import json
from typing import Any, Final

import pytest

from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.asked.notifications import keeps_notifications, notifications_in_one_spelling
from strongroom.domain.restores.asked.places import Place
from strongroom.domain.restores.asked.settings import misplaced, read_setting, sentences_of, why_graver
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from tests.builders.places import HOME, PAYMENTS

STEP: Final = AskedStep.NOTIFICATIONS
HERE: Final = Place(partition="aws", account=AccountId(PAYMENTS), region=Region(HOME))
STRANGER: Final = "123123123123"
QUEUE: Final = f"arn:aws:sqs:{HOME}:{PAYMENTS}:uploads"
TOPIC: Final = f"arn:aws:sns:{HOME}:{PAYMENTS}:uploads"
FUNCTION: Final = f"arn:aws:lambda:{HOME}:{PAYMENTS}:function:thumbnails"
COPIED: Final = "s3:ObjectCreated:Copy"
BRIDGE: Final[dict[str, Any]] = {"EventBridgeConfiguration": {}}
ARN: Final = (
    "QueueConfigurations: QueueArn must be the ARN of a queue that keeps no order, with its account and its Region"
)
FILTER: Final = (
    "QueueConfigurations: Filter must say Key with FilterRules: one prefix and one suffix at most, in visible ASCII "
    "characters"
)
LISTS: Final = "each of its lists must have mappings, and one at least"
KNOWN: Final = (
    "NotificationConfiguration must say one of EventBridgeConfiguration, LambdaFunctionConfigurations, "
    "QueueConfigurations, TopicConfigurations at least, and nothing else"
)


def told(*rules: tuple[str, str], **changes: Any) -> dict[str, Any]:
    """A queue that is told of each upload, with those filters."""
    made = {"Id": "up", "QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}
    filters = [{"Name": name, "Value": value} for name, value in rules]
    return made | ({"Filter": {"Key": {"FilterRules": filters}}} if rules else {}) | changes


def queues(*each: dict[str, Any]) -> dict[str, Any]:
    return {"QueueConfigurations": [*each] or [told()]}


def read(content: Any) -> dict[str, str]:
    name = CALLS[STEP].parameter
    return dict(read_setting(STEP, {name: content if isinstance(content, str) else json.dumps(content)}))


def sentences(content: Any) -> tuple[str, ...]:
    return sentences_of(STEP, read(content), place=HERE, facts={})


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BRIDGE, id="EventBridge alone"),
        pytest.param(queues(), id="a queue"),
        pytest.param(queues(told(Events=["s3:ObjectRemoved:Delete", "s3:ObjectCreated:Put"])), id="two events"),
        pytest.param(queues(told(("prefix", "a/"), ("suffix", ".jpg"))), id="a prefix and a suffix"),
        pytest.param(queues(told(Filter={})), id="a filter of nothing"),
        pytest.param({"TopicConfigurations": [{"Id": "t", "TopicArn": TOPIC, "Events": ["s3:ObjectAcl:Put"]}]}, id="t"),
        pytest.param(
            {
                "LambdaFunctionConfigurations": [
                    {"Id": "f", "LambdaFunctionArn": f"{FUNCTION}:live", "Events": [COPIED]}
                ]
            },
            id="an alias of a function",
        ),
    ],
)
def test_what_is_known_is_read(content: dict[str, Any]) -> None:
    once = read(content)
    assert read(once[CALLS[STEP].parameter]) == once


def test_every_order_and_every_spelling_of_a_filter_is_the_same() -> None:
    """As S3 tells them: filters by names in capitals, and whatever order; an empty one says nothing."""
    here = queues(told(("prefix", "a/"), Events=["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"]), told(Id="b"))
    there = queues(
        told(("Suffix", ""), Id="b"),
        told(("Suffix", ""), ("Prefix", "a/"), Events=["s3:ObjectCreated:Copy", "s3:ObjectCreated:Put"]),
    )
    assert read(here) == read(there)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param({}, KNOWN, id="nothing"),
        pytest.param(BRIDGE | {"FutureConfigurations": []}, KNOWN, id="a list of tomorrow"),
        pytest.param(
            {"EventBridgeConfiguration": {"Bus": "x"}}, "EventBridgeConfiguration must be an empty mapping", id="a bus"
        ),
        pytest.param({"QueueConfigurations": []}, LISTS, id="an empty list"),
        pytest.param({"QueueConfigurations": ["x"]}, LISTS, id="a text in the list"),
        pytest.param({"QueueConfigurations": {}}, LISTS, id="no list"),
        pytest.param(queues(told(), told()), "two of them have one Id", id="an Id twice"),
        pytest.param(
            queues(told(Id="")),
            "each of at most 20 must have an Id of its own, of 1 to 255 visible ASCII characters",
            id="no Id",
        ),
        pytest.param(
            queues(*(told(Id=str(number)) for number in range(21))),
            "each of at most 20 must have an Id of its own, of 1 to 255 visible ASCII characters",
            id="too many",
        ),
        pytest.param(queues(told(More=1)), "QueueConfigurations: More is not known here", id="a key more"),
        pytest.param(queues(told(B=1, A=1)), "QueueConfigurations: A, B is not known here", id="two keys more"),
        pytest.param(
            queues(told(**{"x" * 201: 1})), f"QueueConfigurations: {'x' * 200} is not known here", id="a long key"
        ),
        pytest.param(
            queues(told(Events=["s3:b", "s3:a"])),
            "QueueConfigurations: s3:a, s3:b is no event that is known here",
            id="two unknown events",
        ),
        pytest.param(
            queues(told(Events=["s3:ObjectCreated:*", 1])),
            "QueueConfigurations: Events must be a list of events, and have one at least",
            id="a number for an event",
        ),
        pytest.param(queues(told(("prefix", "a"), ("suffix", "b"), ("Suffix", "c"))), FILTER, id="two suffixes"),
        pytest.param(queues(told(Filter=[])), FILTER, id="a list for a filter"),
        pytest.param(queues(told(Filter={"Key": {"FilterRules": {}}})), FILTER, id="no list of rules"),
        pytest.param(queues(told(Filter={"Key": {"FilterRules": ["x"]}})), FILTER, id="a text for a rule"),
        pytest.param(queues(told(Filter={"Key": {"FilterRules": [{"Name": "prefix"}]}})), FILTER, id="half a rule"),
        pytest.param(queues(told(QueueArn=TOPIC)), ARN, id="a topic for a queue"),
        pytest.param(queues(told(QueueArn=f"{QUEUE}.fifo")), ARN, id="a queue in order"),
        pytest.param(queues(told(QueueArn=f"{QUEUE}*")), ARN, id="many queues"),
        pytest.param(queues(told(QueueArn=QUEUE.replace(PAYMENTS, ""))), ARN, id="no account"),
        pytest.param(
            queues(told(QueueArn=QUEUE.replace("uploads", "uplo\u0430ds"))), ARN, id="a letter that looks alike"
        ),
        pytest.param(queues(told(QueueArn=f"{QUEUE}\n")), ARN, id="a line more"),
        pytest.param(queues(told(QueueArn=[QUEUE])), ARN, id="a list of queues"),
        pytest.param(
            queues(told(Events=[])),
            "QueueConfigurations: Events must be a list of events, and have one at least",
            id="none",
        ),
        pytest.param(
            queues(told(Events="s3:ObjectCreated:*")),
            "QueueConfigurations: Events must be a list of events, and have one at least",
            id="a text of events",
        ),
        pytest.param(
            queues(told(Events=["s3:*"])), "QueueConfigurations: s3:* is no event that is known here", id="every event"
        ),
        pytest.param(queues(told(("middle", "a"))), FILTER, id="another filter"),
        pytest.param(queues(told(("prefix", "a"), ("Prefix", "b"))), FILTER, id="two prefixes"),
        pytest.param(queues(told(("prefix", "\u0430"))), FILTER, id="a prefix that looks alike"),
        pytest.param(queues(told(("prefix", "x" * 1025))), FILTER, id="too long a prefix"),
        pytest.param(queues(told(Filter={"Tag": "x"})), FILTER, id="a filter of tomorrow"),
        pytest.param(queues(told(Filter={"Key": []})), FILTER, id="a filter that is none"),
        pytest.param(queues(told(Filter={"Key": {"FilterRules": [], "More": 1}})), FILTER, id="more than rules"),
        pytest.param(
            queues(told(Filter={"Key": {"FilterRules": [{"Name": "prefix", "Value": 1}]}})), FILTER, id="a number"
        ),
    ],
)
def test_what_is_not_known_is_refused(content: dict[str, Any], why: str) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        read(content)
    assert refused.value.faults == (why,)


def test_as_many_are_read_as_may_be_asked_for() -> None:
    assert read(queues(*(told(Id=f"{number:02}", Events=["s3:ObjectAcl:Put"]) for number in range(20))))
    assert read(queues(told(Id="x" * 255)))


def test_as_long_a_prefix_is_read_as_s3_takes() -> None:
    assert read(queues(told(("prefix", "x" * 1024))))


def test_what_s3_may_tell_one_day_is_not_dropped() -> None:
    """Else a bucket that calls more would pass for one that calls what was approved."""
    more = queues(told(Filter={"Tag": "x"})) | {"FutureConfigurations": [{"Id": "x"}]}
    assert notifications_in_one_spelling(more) == more


def test_approvers_read_who_is_called_by_what() -> None:
    function = {"Id": "f", "LambdaFunctionArn": FUNCTION, "Events": ["s3:ObjectCreated:Copy", "s3:ObjectCreated:Put"]}
    content = queues(told(("prefix", 'a" of every object. "'))) | {"LambdaFunctionConfigurations": [function]} | BRIDGE
    invoked, sent, bridged, tried, _ = sentences(content)
    assert invoked == (
        f"S3 invokes the function {FUNCTION} at each s3:ObjectCreated:Copy or s3:ObjectCreated:Put of every object."
    )
    assert sent == (
        f"S3 sends a message to the queue {QUEUE} at each s3:ObjectCreated:* of objects with prefix "
        r'"a\" of every object. \"".'
    )
    assert bridged == (
        f"Every event of the bucket goes to EventBridge in account {PAYMENTS}, {HOME}, and calls whatever the rules "
        "there say."
    )
    assert tried == "Queues and topics get a message that tries them as soon as it is set."
    assert why_graver(STEP, read(content), place=HERE) == ""


def test_only_queues_and_topics_are_tried() -> None:
    assert len(sentences(BRIDGE)) == 2
    assert "look whether it holds what was restored" in sentences(BRIDGE)[-1]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (queues(told(QueueArn=QUEUE.replace(PAYMENTS, STRANGER))), "queue"),
        (
            {
                "TopicConfigurations": [
                    {"Id": "t", "TopicArn": TOPIC.replace(PAYMENTS, STRANGER), "Events": ["s3:ObjectAcl:Put"]}
                ]
            },
            "topic",
        ),
        (
            {
                "LambdaFunctionConfigurations": [
                    {
                        "Id": "f",
                        "LambdaFunctionArn": FUNCTION.replace(PAYMENTS, STRANGER),
                        "Events": ["s3:ObjectAcl:Put"],
                    }
                ]
            },
            "function",
        ),
    ],
)
def test_who_belongs_to_another_account_is_told_as_such_and_the_stricter_rule_decides(
    content: dict[str, Any], what: str
) -> None:
    assert sentences(content)[1] == (
        f"This {what} belongs to account {STRANGER}, which is not the bucket's: it is told the names of the objects, "
        "and whoever holds it decides what becomes of that."
    )
    why = why_graver(STEP, read(content), place=HERE)
    assert why.startswith("it calls what belongs to other accounts: arn:aws:")
    assert STRANGER in why


@pytest.mark.parametrize(
    "arn", [QUEUE.replace(HOME, "us-east-1"), QUEUE.replace("arn:aws:", "arn:aws-cn:")], ids=["Region", "partition"]
)
def test_s3_calls_nothing_in_another_region(arn: str) -> None:
    [why] = misplaced(STEP, read(queues(told(QueueArn=arn))), place=HERE, facts={})
    assert why == (
        f"the queue {arn} lies elsewhere than the bucket, and S3 calls nothing out of {HOME}: write a file with what "
        f"there is in {HOME}"
    )
    assert misplaced(STEP, read(queues()), place=HERE, facts={}) == ()


@pytest.mark.parametrize(
    ("wanted", "found", "are_kept"),
    [
        pytest.param(queues() | BRIDGE, BRIDGE, True, id="EventBridge, which backups switch on"),
        pytest.param(queues(), BRIDGE, False, id="EventBridge would be switched off"),
        pytest.param(queues(told(), told(Id="b")), queues(), True, id="one more"),
        pytest.param(queues(told(Id="b")), queues(), False, id="another"),
        pytest.param(queues(told(("prefix", "a"))), queues(), False, id="less of it"),
        pytest.param(BRIDGE, {"FutureConfigurations": []}, False, id="what nobody knows"),
        pytest.param(BRIDGE, {}, True, id="nothing"),
    ],
)
def test_what_is_there_is_never_lost(wanted: dict[str, Any], found: dict[str, Any], are_kept: bool) -> None:  # noqa: FBT001
    spelled = notifications_in_one_spelling(wanted), notifications_in_one_spelling(found)
    assert keeps_notifications(spelled[0], found=spelled[1]) is are_kept
