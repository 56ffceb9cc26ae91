"""What a note says of a setting is what the service told when it was read, as the call takes it."""

import json
from typing import Any, Final

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.noted import noted_parameters
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.settings.note import kept_of, make_note
from strongroom.domain.restores.settings.table import settings_kind
from tests.builders.deciding.afterwards import DOCS, EXPIRES, NOTIFIED, REPLICATED, STREAMED, TABLE

RULE: Final = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 30}}
NOTIFYING: Final = json.loads(NOTIFIED["NotificationConfiguration"])
ANSWERS: Final[dict[AskedStep, tuple[str, str, Any, dict[str, str]]]] = {
    AskedStep.TIME_TO_LIVE: (
        TABLE,
        "time to live",
        {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}},
        EXPIRES,
    ),
    AskedStep.STREAM: (
        TABLE,
        "stream",
        {"Table": {"LatestStreamArn": "arn:x", "StreamSpecification": json.loads(STREAMED["StreamSpecification"])}},
        STREAMED,
    ),
    AskedStep.LIFECYCLE: (
        DOCS,
        "lifecycle",
        {"Rules": [RULE]},
        {"LifecycleConfiguration": json.dumps({"Rules": [RULE]}, sort_keys=True, separators=(",", ":"))},
    ),
    AskedStep.NOTIFICATIONS: (DOCS, "notifications", NOTIFYING | {"ResponseMetadata": {"RequestId": "1"}}, NOTIFIED),
    AskedStep.REPLICATION: (
        DOCS,
        "replication",
        {"ReplicationConfiguration": json.loads(REPLICATED["ReplicationConfiguration"])},
        REPLICATED,
    ),
}


def noted(step: AskedStep, answer: Any = None) -> dict[str, Any]:
    """What the note keeps of an answer of AWS."""
    resource, what, told, _ = ANSWERS[step]
    kind = settings_kind(Arn.parse(resource))
    assert kind is not None
    [reading] = [each for each in kind.readings if each.what == what]
    answered = answer or told
    answered = {name: value for name, value in answered.items() if name != "ResponseMetadata"}
    return dict(make_note(resource, read={what: kept_of(reading, answered)}, unread={}).settings)


@pytest.mark.parametrize("step", ANSWERS)
def test_what_was_told_comes_back_as_it_was(step: AskedStep) -> None:
    assert dict(noted_parameters(step, noted(step), left_out=())) == ANSWERS[step][3]


@pytest.mark.parametrize("step", ANSWERS)
def test_what_was_not_on_is_not_made_up(step: AskedStep) -> None:
    with pytest.raises(RestoreRefusedError, match=f"the note has no {CALLS[step].label}"):
        noted_parameters(step, {}, left_out=())


def test_what_was_off_is_off() -> None:
    off = {"time to live": {"TimeToLiveStatus": "DISABLED", "AttributeName": "expires"}}
    with pytest.raises(RestoreRefusedError, match="the note has no time to live"):
        noted_parameters(AskedStep.TIME_TO_LIVE, off, left_out=())
    with pytest.raises(RestoreRefusedError, match="the note has no stream"):
        noted_parameters(AskedStep.STREAM, {"stream": {"LatestStreamArn": "arn:x"}}, left_out=())


@pytest.mark.parametrize("path", ["notifications", "notifications.QueueConfigurations.token"])
def test_of_what_was_left_out_nothing_is_set(path: str) -> None:
    """A filter that is missing would have more called than the original did."""
    with pytest.raises(RestoreRefusedError, match="leaves something of notifications out"):
        noted_parameters(AskedStep.NOTIFICATIONS, noted(AskedStep.NOTIFICATIONS), left_out=(path,))
    assert noted_parameters(AskedStep.NOTIFICATIONS, noted(AskedStep.NOTIFICATIONS), left_out=("tags.token",))


def test_what_may_not_be_asked_for_is_refused_out_of_a_note_as_out_of_a_file() -> None:
    dated = {"lifecycle": [RULE | {"Expiration": {"Date": "2020-01-01T00:00:00+00:00"}}]}
    with pytest.raises(RestoreRefusedError, match="and no date"):
        noted_parameters(AskedStep.LIFECYCLE, dated, left_out=())
