"""A pattern takes what EventBridge's guide says that it takes; what does not fit says in which field."""

from typing import Any

import pytest

from strongroom.domain.hearing.patterns import Difference, differences, fits

NO_ERROR: dict[str, Any] = {"detail": {"errorCode": [{"exists": False}]}}
SOME_REGION: dict[str, Any] = {"detail": {"updates": {"create": {"region": [{"exists": True}]}}}}
NOT_DENIED: dict[str, Any] = {"detail": {"errorCode": [{"exists": False}, {"anything-but": ["Denied", "Refused"]}]}}
EITHER: dict[str, Any] = {
    "detail": {"state": ["DONE"]},
    "$or": [{"source": ["a"], "detail": {"name": ["One"]}}, {"source": ["b"]}],
}


@pytest.mark.parametrize(
    ("pattern", "event", "is_let_in"),
    [
        pytest.param({"source": ["a", "b"]}, {"source": "b", "more": 1}, True, id="one of two"),
        pytest.param({"source": ["a"]}, {"source": "A"}, False, id="letter case counts"),
        pytest.param({"source": ["a"]}, {}, False, id="not there"),
        pytest.param({"source": ["a"]}, {"source": ["z", "a"]}, True, id="one of a list in the event"),
        pytest.param({"source": ["a"]}, {"source": {"a": "a"}}, False, id="an object is no leaf"),
        pytest.param(NO_ERROR, {"detail": {}}, True, id="left out"),
        pytest.param(NO_ERROR, {"detail": {"errorCode": "Denied"}}, False, id="there although it must not be"),
        pytest.param(NO_ERROR, {"detail": {"errorCode": None}}, False, id="null is there"),
        pytest.param(NO_ERROR, {"detail": {"errorCode": {}}}, True, id="an empty object has no leaf"),
        pytest.param(NO_ERROR, {"detail": 7}, True, id="a detail that is none"),
        pytest.param(
            SOME_REGION, {"detail": {"updates": [{"drop": 1}, {"create": {"region": "r"}}]}}, True, id="walked"
        ),
        pytest.param(SOME_REGION, {"detail": {"updates": [{"drop": {"region": "r"}}]}}, False, id="another way"),
        pytest.param(SOME_REGION, {"detail": {"updates": {"create": {"region": {}}}}}, False, id="exists but no leaf"),
        pytest.param(NOT_DENIED, {"detail": {}}, True, id="no error"),
        pytest.param(NOT_DENIED, {"detail": {"errorCode": "Throttled"}}, True, id="another error"),
        pytest.param(NOT_DENIED, {"detail": {"errorCode": "Refused"}}, False, id="an error that is left out"),
        pytest.param(EITHER, {"source": "b", "detail": {"state": "DONE"}}, True, id="the second alternative"),
        pytest.param(EITHER, {"source": "b", "detail": {"state": "OPEN"}}, False, id="not the rest"),
        pytest.param(EITHER, {"source": "a", "detail": {"state": "DONE", "name": "Two"}}, False, id="half of it"),
    ],
)
def test_a_pattern_takes_what_the_guide_says(
    pattern: dict[str, Any], event: dict[str, Any], *, is_let_in: bool
) -> None:
    assert fits(pattern, event) is is_let_in


def test_an_event_differs_from_the_alternative_that_is_nearest() -> None:
    event = {"source": "a", "detail": {"state": "DONE", "name": "Two"}}
    assert differences(EITHER, event) == (Difference(field="detail.name", found=("Two",), wanted=("One",)),)


def test_what_an_operator_takes_is_said_in_words() -> None:
    [denied] = differences(NOT_DENIED, {"detail": {"errorCode": "Denied"}})
    assert denied.wanted == ("nothing", "anything but Denied, Refused")
    [lacking] = differences(SOME_REGION, {})
    assert (lacking.field, lacking.found, lacking.wanted) == ("detail.updates.create.region", (), ("anything",))


def test_an_operator_that_no_rule_of_ours_uses_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="prefix"):
        fits({"source": [{"prefix": "aws."}]}, {"source": "aws.ec2"})
