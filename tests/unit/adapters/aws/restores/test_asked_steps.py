"""Time to live as the original has it, and as it is put on what was restored, by clients that answer as boto3's do."""

from collections.abc import Mapping
from typing import Any

import pytest

from strongroom.adapters.aws.restores.asked_steps import MemberAskedSteps, OriginalSettings
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.restores.kinds.asked_steps import AskedStep
from strongroom.domain.restores.kinds.finishing import StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import asked_session_policy
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_request
from tests.fakes.account_clients import refusal

TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders-0200"
OFF = {"TimeToLiveStatus": "DISABLED"}


def _on(attribute: str = "expires", status: str = "ENABLED") -> dict[str, str]:
    return {"TimeToLiveStatus": status, "AttributeName": attribute}


class Service:
    """DynamoDB of the account, with one table; `done` are the calls that change something."""

    def __init__(self, told: Mapping[str, str], *, error: str = "", refused: str = "") -> None:
        self.told, self.error, self.refused = told, error, refused
        self.done: list[dict[str, Any]] = []
        self.lent: list[dict[str, Any]] = []

    def client(self, service: str, **terms: Any) -> "Service":
        self.lent.append({"service": service} | terms)
        return self

    def describe_time_to_live(self, **_: str) -> Mapping[str, Any]:
        if self.error:
            raise refusal(self.error, "DescribeTimeToLive")
        return {"TimeToLiveDescription": self.told}

    def update_time_to_live(self, **request: Any) -> None:
        if self.refused:
            raise refusal(self.refused, "UpdateTimeToLive")
        self.done.append(request)


def _take(service: Service) -> StepTaken:
    step, request = AskedStep.TIME_TO_LIVE, a_request()
    return MemberAskedSteps(service).take(step, "expires", created=TABLE, request=request, subject="idp|ada")


def _left_off(service: Any, resource: str = TABLE) -> tuple[tuple[str, str], ...]:
    return OriginalSettings(service).left_off(resource, account=AccountId(PAYMENTS))


def test_it_is_put_on_by_the_attribute_of_the_original_for_whoever_asked() -> None:
    service = Service(OFF)
    assert _take(service).outcome == StepOutcome.DONE
    wanted = {"Enabled": True, "AttributeName": "expires"}
    assert service.done == [{"TableName": "orders-0200", "TimeToLiveSpecification": wanted}]
    [lent] = service.lent
    assert (lent["service"], lent["behalf"].subject) == ("dynamodb", "idp|ada")
    assert lent["policy"] == asked_session_policy(TABLE)


@pytest.mark.parametrize("status", ["ENABLED", "ENABLING"])
def test_what_is_on_already_is_done_and_not_touched(status: str) -> None:
    service = Service(_on(status=status))
    assert (_take(service).outcome, service.done) == (StepOutcome.DONE, [])


def test_what_somebody_put_on_by_another_attribute_is_left_to_people() -> None:
    service = Service(_on("other"))
    taken = _take(service)
    assert (taken.outcome, service.done) == (StepOutcome.FAILED, [])
    assert "another attribute, 'other'" in taken.reason


@pytest.mark.parametrize(
    ("code", "raised"), [("AccessDeniedException", AccessRefusedError), ("ValidationException", CallRefusedError)]
)
def test_what_dynamodb_refuses_is_told(code: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        _take(Service(OFF, refused=code))


@pytest.mark.parametrize(
    ("told", "left_off"),
    [
        pytest.param(_on(), (("time-to-live", "expires"),), id="on"),
        pytest.param(_on(status="ENABLING"), (("time-to-live", "expires"),), id="coming on"),
        pytest.param(_on("a`b\u202e"), (("time-to-live", ""),), id="a name that is not shown"),
        pytest.param(_on(status="DISABLING"), (), id="going off"),
        pytest.param(OFF, (), id="off"),
    ],
)
def test_a_restore_leaves_off_what_the_original_has(told: Mapping[str, str], left_off: tuple[Any, ...]) -> None:
    assert _left_off(Service(told)) == left_off


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "ThrottlingException"])
def test_what_cannot_be_read_is_said_to_be_unknown_and_stops_nobody(code: str) -> None:
    assert _left_off(Service(_on(), error=code)) == (("time-to-live", ""),)


def test_of_other_services_nobody_is_asked() -> None:
    service = Service(_on())
    assert _left_off(service, f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders") == ()
    assert service.lent == []
