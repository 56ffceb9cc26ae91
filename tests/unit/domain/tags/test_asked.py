"""Tags that were asked for are read in every spelling that a service has, and nothing else is taken for one."""

from typing import Any

import pytest

from strongroom.domain.tags.asked import asked_tags

SPECIFIED: dict[str, Any] = {
    "tagSpecificationSet": {
        "items": [
            {"resourceType": "instance", "tags": [{"key": "Backup", "value": "daily"}]},
            {"resourceType": "volume", "tags": [{"key": "Backup", "value": "none"}]},
        ]
    }
}
FLEET: dict[str, Any] = {
    "CreateFleetRequest": {"TagSpecification": {"ResourceType": "instance", "Tag": {"Key": "Backup", "Value": "daily"}}}
}


@pytest.mark.parametrize(
    ("request_", "kind", "tags"),
    [
        pytest.param({"tags": [{"key": "Backup", "value": "daily"}]}, None, {"Backup": "daily"}, id="small letters"),
        pytest.param({"tags": [{"Key": "Backup", "Value": "daily"}]}, None, {"Backup": "daily"}, id="capitals"),
        pytest.param({"tags": {"Backup": "daily", "n": 7}}, None, {"Backup": "daily"}, id="a mapping"),
        pytest.param({"tags": [{"key": "Backup"}]}, None, {"Backup": ""}, id="no value"),
        pytest.param(SPECIFIED, "instance", {"Backup": "daily"}, id="of instances"),
        pytest.param(SPECIFIED, "volume", {"Backup": "none"}, id="of volumes"),
        pytest.param(FLEET, "instance", {"Backup": "daily"}, id="wrapped and alone"),
        pytest.param(
            {"CreateBucketConfiguration": {"Tags": {"Tag": [{"Key": "Backup", "Value": "daily"}]}}}, None,
            {"Backup": "daily"}, id="of a bucket",
        ),
        pytest.param({"tags": "HIDDEN_DUE_TO_SECURITY_REASONS"}, None, {}, id="hidden"),
        pytest.param({"tags": [7, None, ["x"]], "tagSpecificationSet": "null"}, None, {}, id="no tags at all"),
        pytest.param(None, None, {}, id="no request"),
    ],
)  # fmt: skip
def test_every_spelling_is_read(request_: dict[str, Any] | None, kind: str | None, tags: dict[str, str]) -> None:
    assert asked_tags(request_, kind=kind) == tags
