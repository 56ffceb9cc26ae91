"""A batch: each event on its own, what fails reported by its message, what cannot be read buried with the reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.errors import MalformedIdentifierError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.health.metrics import Metric
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.logs import logger
from strongroom.runtime.platform import Platform
from strongroom.wiring import events
from strongroom.wiring.events import each_batch, each_event
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakePost, batch


class Order(msgspec.Struct, frozen=True):
    """What the test's function is told to do."""

    do: str = "nothing"


@dataclass(frozen=True)
class Counted:
    """A verdict with a number."""

    measures: dict[Metric, float]


@each_event(Order)
def handler(event: Event[Order], _platform: Platform) -> str | Counted:
    """Do as it is told."""
    match event.detail.do:
        case "fail":
            raise TemporarilyUnavailableError("busy")
        case "break":
            raise KeyError("a bug")
        case "misname":
            raise MalformedIdentifierError("no account")
        case "exit":
            raise SystemExit(1)
        case "count":
            return Counted({Metric.TOLD_BY_EVENT: 1})
    return f"did {event.detail.do}"


def an_event(do: str, *, event: str = "e-1") -> dict[str, Any]:
    """An order in its envelope."""
    place = {"account": "222222222222", "region": "eu-west-1", "time": "2026-11-23T14:20:00Z"}
    return {"id": event, "source": "test", "detail-type": "Order", "detail": {"do": do}} | place


@pytest.fixture
def post(platform_environment: None, fake_clients: FakeClients) -> FakePost:
    fake = FakePost()
    fake_clients.own["sqs"] = fake
    return fake


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is said to the logger."""
    said: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(logger, "error", lambda message, **keys: said.append((message, keys)))
    return said


def failed(*bodies: dict[str, Any] | str) -> list[str]:
    """The messages that the handler leaves on their queue."""
    return [each["itemIdentifier"] for each in handler(batch(*bodies), None)["batchItemFailures"]]


def test_an_event_that_fails_keeps_none_of_the_others_from_its_turn(
    post: FakePost, log: list[tuple[str, dict[str, Any]]]
) -> None:
    assert failed(an_event("fail"), an_event("nothing"), an_event("break"), an_event("nothing")) == ["m-0", "m-2"]
    assert post.buried == []


def test_a_failure_is_logged_with_its_cause_and_its_message(
    post: FakePost, log: list[tuple[str, dict[str, Any]]]
) -> None:
    failed(an_event("break"))
    ((message, keys),) = log
    assert (message, keys["error"], keys["message_id"]) == ("event failed", "KeyError", "m-0")
    assert isinstance(keys["exc_info"], KeyError)
    assert keys["reason"] == "of a fault in the program: see its log"
    failed(an_event("fail"))
    assert log[1][1]["reason"] == "busy"
    assert keys["exc_info"].__traceback__ is not None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("no JSON", "malformed", id="no-json"),
        pytest.param(json.dumps(an_event("nothing") | {"detail": []}), "$.detail", id="another-contract"),
        pytest.param(json.dumps(an_event("misname")), "no account", id="found-by-the-function"),
    ],
)
def test_an_event_that_breaks_its_contract_is_buried_as_it_came_with_the_reason(
    body: str, reason: str, post: FakePost, log: list[tuple[str, dict[str, Any]]]
) -> None:
    assert failed(body, an_event("nothing")) == []
    (letter,) = post.buried
    assert letter["MessageBody"] == body
    assert reason in letter["MessageAttributes"]["reason"]["StringValue"]
    assert [message for message, _ in log] == ["malformed event buried"]


def test_what_cannot_be_buried_stays_on_its_queue(
    post: FakePost, log: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRONGROOM_DEAD_LETTERS")
    assert failed("no JSON", an_event("nothing")) == ["m-0"]
    assert log[-1][1]["error"] == "ConfigurationMissingError"


def test_an_end_of_the_process_is_nobodys_failure(post: FakePost) -> None:
    with pytest.raises(SystemExit):
        failed(an_event("exit"))


def test_a_decision_is_logged_with_its_event(post: FakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[Any, str]] = []
    monkeypatch.setattr(events, "log_decision", lambda verdict, *, correlation: said.append((verdict, correlation)))
    failed(an_event("nothing", event="e-1"), an_event("nothing", event="e-2"))
    assert said == [("did nothing", "e-1"), ("did nothing", "e-2")]


def test_what_a_verdict_measures_goes_out_as_a_metric(post: FakePost, capsys: pytest.CaptureFixture[str]) -> None:
    assert handler(batch(an_event("count"), an_event("nothing")), None) == {"batchItemFailures": []}
    assert measured(capsys) == [1]


def test_what_a_batch_measures_is_one_line(post: FakePost, capsys: pytest.CaptureFixture[str]) -> None:
    assert handler(batch(an_event("count"), an_event("count")), None) == {"batchItemFailures": []}
    assert measured(capsys) == [[1, 1]]


def test_what_was_measured_goes_out_although_the_process_ends(
    post: FakePost, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        handler(batch(an_event("count"), an_event("exit")), None)
    assert measured(capsys) == [1]


def measured(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """What went out as a metric, line by line."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line["ToldByEvent"] for line in lines if "_aws" in line]


@dataclass
class Together:
    """What the function of batches was given, batch by batch; it fails for all where one says so."""

    given: list[list[Heard[str]]] = field(default_factory=list)

    def decide(self, orders: Sequence[Heard[str]], _platform: Platform) -> Sequence[str | StrongroomError]:
        self.given.append([*orders])
        return [self._do(each.subject, is_alone=len(orders) == 1) for each in orders]

    def _do(self, order: str, *, is_alone: bool) -> str | StrongroomError:
        match order:
            case "fail":
                return TemporarilyUnavailableError("busy")
            case "misname":
                return MalformedIdentifierError("no account")
            case "break":
                raise KeyError("a bug")
        return f"did {order}{' alone' if is_alone else ''}"


@pytest.fixture
def together() -> Together:
    return Together()


def failed_together(together: Together, *bodies: dict[str, Any] | str, receives: str = "1") -> list[str]:
    """The messages that a handler of batches leaves on their queue."""
    many = each_batch(Order, read=lambda event: event.detail.do)(together.decide)
    messages = batch(*bodies)
    for record in messages["Records"]:
        record["attributes"]["ApproximateReceiveCount"] = receives
    return [each["itemIdentifier"] for each in many(messages, None)["batchItemFailures"]]


def test_a_batch_is_decided_together_and_each_event_has_its_own_answer(post: FakePost, together: Together) -> None:
    left = failed_together(together, an_event("a"), an_event("fail"), "{", an_event("misname"), an_event("b"))
    assert left == ["m-1"]
    assert [[each.subject for each in some] for some in together.given] == [["a", "fail", "misname", "b"]]
    assert [each["MessageBody"][:1] for each in post.buried] == ["{", "{"]
    assert "no account" in post.buried[1]["MessageAttributes"]["reason"]["StringValue"]


def test_a_fault_of_the_program_ends_only_the_event_that_has_it(post: FakePost, together: Together) -> None:
    assert failed_together(together, an_event("a"), an_event("break"), an_event("b")) == ["m-1"]
    assert [len(some) for some in together.given] == [3, 1, 1, 1]


def test_what_comes_again_is_told_as_such(post: FakePost, together: Together) -> None:
    failed_together(together, an_event("a"))
    failed_together(together, an_event("a"), receives="2")
    assert [each.is_again for some in together.given for each in some] == [False, True]
