"""A restored table has the alarms that the original has, or that were noted, under names of its own and silent."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto import mock_aws

from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.session_policy import alarms_session_policy
from strongroom.domain.restores.settings.note import SettingsNote, make_note
from tests.builders.places import HOME, PAYMENTS, a_vault_arn
from tests.builders.restores import a_request
from tests.fakes.account_clients import refusal
from tests.fakes.moto_clients import moto_client

ARN: Final = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/"
RESTORED: Final = f"{ARN}orders-0200"
TOPIC: Final = f"arn:aws:sns:{HOME}:{PAYMENTS}:on-call"
ALARM: Final[dict[str, Any]] = {
    "AlarmName": "orders-throttled",
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
    "Namespace": "AWS/DynamoDB",
    "MetricName": "ThrottledRequests",
    "Dimensions": [{"Name": "TableName", "Value": "orders"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}


class Lender:
    """Lends moto's clients, and remembers for what."""

    def __init__(self) -> None:
        self.lent: list[dict[str, Any]] = []

    def client(self, service: str, *, region: str, **terms: Any) -> Any:
        self.lent.append({"service": service, "region": region} | terms)
        return moto_client(service, region)


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


def _request(**changes: Any) -> RestoreRequest:
    return a_request(**{"resource": f"{ARN}orders", "account": PAYMENTS, "region": HOME} | changes)


def _note(*alarms: dict[str, Any], **unread: str) -> SettingsNote:
    return make_note(f"{ARN}orders", read={"alarms": list(alarms)} if alarms else {"tags": ["a"]}, unread=unread)


def _take(*, note: SettingsNote | None = None, lender: Any = None, created: str = RESTORED, **asked: Any) -> StepTaken:
    finishing = MemberFinishing(lender or Lender())
    return finishing.take(MachineStep.ALARMS, created=created, request=_request(**asked), note=note)


def _made(region: str = HOME) -> dict[str, dict[str, Any]]:
    found = moto_client("cloudwatch", region).describe_alarms()["MetricAlarms"]
    return {each["AlarmName"]: each for each in found if each["AlarmName"].startswith("r-")}


def _put(region: str = HOME, **changes: Any) -> None:
    moto_client("cloudwatch", region).put_metric_alarm(**ALARM | changes)


def test_the_original_s_alarms_are_made_anew_for_the_restored_and_tell_nobody() -> None:
    _put()
    _put(AlarmName="others", Dimensions=[{"Name": "TableName", "Value": "others"}])
    taken = _take()
    name = f"{_request().id}-orders-throttled"
    assert taken.outcome is StepOutcome.DONE
    assert taken.reason == f"1 are made as the original has them, called {_request().id}-…; they tell nobody yet"
    assert list(_made()) == [name]
    made = _made()[name]
    assert (made["ActionsEnabled"], made["AlarmActions"], made["Threshold"]) == (False, [TOPIC], 0.5)
    assert made["Dimensions"] == [{"Name": "TableName", "Value": "orders-0200"}]


def test_the_original_s_own_stay_as_they_are() -> None:
    _put()
    _take()
    [own] = moto_client("cloudwatch", HOME).describe_alarms(AlarmNames=["orders-throttled"])["MetricAlarms"]
    assert (own["ActionsEnabled"], own["Dimensions"]) == (True, ALARM["Dimensions"])


def test_where_the_original_has_none_any_more_those_that_were_noted_are_made() -> None:
    taken = _take(note=_note(ALARM | {"Threshold": "0.5"}))
    assert (taken.outcome, "as they were noted" in taken.reason) == (StepOutcome.DONE, True)
    assert [(each["Threshold"], each["ActionsEnabled"]) for each in _made().values()] == [(0.5, False)]


def test_what_the_original_has_now_goes_before_what_was_noted() -> None:
    _put()
    _take(note=_note(ALARM | {"AlarmName": "of-yesterday"}))
    assert list(_made()) == [f"{_request().id}-orders-throttled"]


def test_made_twice_it_is_made_once() -> None:
    _put()
    assert [_take().outcome for _ in range(2)] == [StepOutcome.DONE] * 2
    assert len(_made()) == 1


@pytest.mark.parametrize(
    ("note", "outcome", "words"),
    [
        pytest.param(None, StepOutcome.DONE, "the original has none now, and none were noted", id="no note"),
        pytest.param(
            _note(alarms="denied"), StepOutcome.SKIPPED, "no alarm of the original is known: denied", id="not read"
        ),
        pytest.param(_note(), StepOutcome.DONE, "the original has none now, and none were noted", id="none noted"),
    ],
)
def test_where_there_is_none_it_is_said_whether_that_is_known(
    note: SettingsNote | None, outcome: StepOutcome, words: str
) -> None:
    taken = _take(note=note)
    assert (taken.outcome, taken.reason) == (outcome, words)
    assert _made() == {}


def test_the_original_s_are_seen_where_it_lies_and_made_where_it_was_restored() -> None:
    _put("eu-central-1")
    _take(resource=ORIGINAL_ELSEWHERE)
    assert (len(_made()), _made("eu-central-1")) == (1, {})


VAULT_ELSEWHERE: Final = a_vault_arn("local", account=PAYMENTS, region="eu-central-1")
ORIGINAL_ELSEWHERE: Final = f"arn:aws:dynamodb:eu-central-1:{PAYMENTS}:table/orders"


def test_of_an_original_in_another_account_only_what_was_noted_is_known() -> None:
    _put()
    taken = _take(resource=f"arn:aws:dynamodb:{HOME}:333333333333:table/orders")
    assert taken.outcome is StepOutcome.SKIPPED
    assert _made() == {}


def test_what_nobody_knows_the_metrics_of_is_left_to_people() -> None:
    taken = _take(created=f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-1")
    assert (taken.outcome, "nobody here knows which metrics" in taken.reason) == (StepOutcome.SKIPPED, True)


FSX: Final = f"arn:aws:fsx:{HOME}:{PAYMENTS}:volume"
KINDS: Final = {
    "RDS": (f"arn:aws:rds:{HOME}:{PAYMENTS}:db:a", f"arn:aws:rds:{HOME}:{PAYMENTS}:db:b", "DBInstanceIdentifier"),
    "EBS": (f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/a", f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/b", "VolumeId"),
    "EC2": (f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/a", f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/b", "InstanceId"),
    "S3": ("arn:aws:s3:::a", "arn:aws:s3:::b", "BucketName"),
    "ONTAP": (f"{FSX}/fs-1/a", f"{FSX}/fs-1/b", "VolumeId"),
    "Redshift": (
        f"arn:aws:redshift:{HOME}:{PAYMENTS}:cluster:a",
        f"arn:aws:redshift:{HOME}:{PAYMENTS}:cluster:b",
        "ClusterIdentifier",
    ),
}


@pytest.mark.parametrize(("resource", "created", "dimension"), KINDS.values(), ids=KINDS)
def test_of_other_kinds_they_are_found_by_what_names_those(resource: str, created: str, dimension: str) -> None:
    _put(Dimensions=[{"Name": dimension, "Value": "a"}])
    assert _take(resource=resource, created=created).outcome is StepOutcome.DONE
    [made] = _made().values()
    assert made["Dimensions"] == [{"Name": dimension, "Value": "b"}]


def test_what_is_made_carries_the_tag_of_its_request() -> None:
    _put()
    _take()
    [made] = _made().values()
    tags = moto_client("cloudwatch", HOME).list_tags_for_resource(ResourceARN=made["AlarmArn"])["Tags"]
    assert tags == [{"Key": "strongroom-restore", "Value": _request().id}]


def test_what_cannot_be_moved_is_named_with_the_reason_and_the_others_are_made() -> None:
    bands = [ALARM | {"AlarmName": f"band-{number}", "ThresholdMetricId": "b"} for number in range(7)]
    taken = _take(note=_note(ALARM, *bands))
    assert taken.outcome is StepOutcome.SKIPPED
    assert taken.reason.startswith(
        f"1 are made as they were noted, called {_request().id}-…; they tell nobody yet; 7 left"
    )
    assert (
        "'band-4' (its band is learnt from the metric's past, and what is restored has none); … and 2 more"
        in taken.reason
    )
    assert list(_made()) == [f"{_request().id}-orders-throttled"]


def test_one_that_somebody_has_turned_on_stays_on_when_it_is_tried_again() -> None:
    _put()
    _take()
    moto_client("cloudwatch", HOME).enable_alarm_actions(AlarmNames=list(_made()))
    assert _take().reason.startswith("1 are made as the original has them")
    assert [each["ActionsEnabled"] for each in _made().values()] == [True]


def test_of_very_many_the_first_are_made_and_the_rest_are_told() -> None:
    taken = _take(note=_note(*(ALARM | {"AlarmName": f"a{number:02}"} for number in range(43))))
    assert (taken.outcome, len(_made())) == (StepOutcome.SKIPPED, 40)
    why = "(no more than 40 are made)"
    assert taken.reason.endswith(f"3 left to people: 'a40' {why}; 'a41' {why}; 'a42' {why}")
    again = _take(note=_note(*(ALARM | {"AlarmName": f"a{number:02}"} for number in range(43))))
    assert (again.reason, len(_made())) == (taken.reason, 40)


class OneRefused(Lender):
    """Lends clients that may not make one of the alarms."""

    def client(self, service: str, *, region: str, **terms: Any) -> Any:
        client = super().client(service, region=region, **terms)
        put = client.put_metric_alarm

        def put_or_refuse(**call: Any) -> Any:
            if call["AlarmName"].endswith("refused"):
                raise refusal("AccessDenied", "PutMetricAlarm")
            return put(**call)

        client.put_metric_alarm = put_or_refuse
        return client


def test_one_that_is_refused_is_left_to_people_and_stops_no_other() -> None:
    taken = _take(lender=OneRefused(), note=_note(ALARM | {"AlarmName": "a-refused"}, ALARM))
    assert taken.outcome is StepOutcome.SKIPPED
    assert taken.reason.startswith("1 are made as they were noted")
    assert "1 left to people: 'a-refused' (" in taken.reason
    assert list(_made()) == [f"{_request().id}-orders-throttled"]


def test_what_does_not_read_as_an_alarm_is_left_to_people() -> None:
    odd = make_note(
        f"{ARN}orders", read={"alarms": [{"a": 1}, "b", ALARM, ALARM | {"AlarmName": "c", "Metrics": 7}]}, unread={}
    )
    taken = _take(note=odd)
    assert "3 left to people: 'c' (its note does not read as an alarm); 2 without a name" in taken.reason
    assert len(_made()) == 1


def test_a_long_name_is_told_quoted_and_cut() -> None:
    taken = _take(note=_note(ALARM | {"AlarmName": "n" * 80, "ThresholdMetricId": "b"}))
    assert f"'{'n' * 59}…' (its band" in taken.reason


def test_of_a_bucket_of_another_region_that_nobody_noted_nothing_is_said_to_be_done() -> None:
    taken = _take(resource="arn:aws:s3:::a", created="arn:aws:s3:::b", vault=VAULT_ELSEWHERE)
    assert (taken.outcome, "in which Region" in taken.reason) == (StepOutcome.SKIPPED, True)


def test_what_is_restored_into_what_lives_keeps_its_own() -> None:
    _put()
    taken = _take(created=f"{ARN}orders")
    assert (taken.outcome, taken.reason, _made()) == (StepOutcome.DONE, "what was there before keeps its own", {})


def test_a_refusal_is_told_in_our_words() -> None:
    class Refusing(Lender):
        def client(self, service: str, **_: Any) -> Any:
            raise refusal("AccessDenied", "DescribeAlarms")

    with pytest.raises(AccessRefusedError):
        _take(lender=Refusing())


def test_the_session_sees_alarms_and_makes_those_of_its_request_alone() -> None:
    lender = Lender()
    _take(lender=lender, note=_note(ALARM))
    assert {(each["service"], each["account"], each["policy"]) for each in lender.lent} == {
        ("cloudwatch", PAYMENTS, alarms_session_policy(_request()))
    }
    allowed = json.loads(alarms_session_policy(_request()))["Statement"]
    assert [(each["Action"], each["Resource"]) for each in allowed] == [
        (["cloudwatch:DescribeAlarms"], ["*"]),
        (
            ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
            [f"arn:aws:cloudwatch:{HOME}:{PAYMENTS}:alarm:{_request().id}-*"],
        ),
    ]
