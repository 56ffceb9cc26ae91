"""What CloudTrail leaves out (User Guide, "CloudTrail record contents" and "Quotas in CloudTrail")."""

from typing import Any

import pytest

from sandbox.trail.records import MOST_EVENT_BYTES, MOST_FIELD_BYTES, within_limits


@pytest.mark.parametrize("field", ["requestParameters", "responseElements"])
def test_a_field_above_100_kb_is_omitted_with_its_size(field: str) -> None:
    large = {"text": "x" * MOST_FIELD_BYTES}
    told: Any = within_limits({"eventName": "PutRule", field: large})
    assert told["eventName"] == "PutRule"
    assert told[field] == {
        "omitted": True,
        "originalSize": MOST_FIELD_BYTES + len('{"text": ""}'),
        "reason": f"{field} too large",
    }


def test_a_field_of_100_kb_is_told_whole() -> None:
    detail = {"requestParameters": "x" * (MOST_FIELD_BYTES - 2)}
    assert within_limits(detail) == detail


def test_an_event_above_256_kb_is_not_told_at_all() -> None:
    assert within_limits({"errorMessage": "x" * MOST_EVENT_BYTES}) is None
