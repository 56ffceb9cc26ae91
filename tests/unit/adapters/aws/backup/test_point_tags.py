"""A recovery point's tags, page by page, as far as AWS Backup tells them."""

from typing import Any

import pytest

from strongroom.adapters.aws.backup.point_tags import point_tags
from strongroom.domain.errors import AccessRefusedError
from tests.fakes.account_clients import refusal

POINT = "arn:aws:backup:eu-west-1:222222222222:recovery-point:1"


def test_every_page_is_read_and_what_is_aws_s_own_is_left_out() -> None:
    pages: dict[str | None, dict[str, Any]] = {
        None: {"Tags": {"Backup": "daily-prod", "aws:backup:source-resource": "x"}, "NextToken": "2"},
        "2": {"Tags": {"team": "payments"}},
    }

    def list_tags(*, ResourceArn: str, NextToken: str | None = None) -> dict[str, Any]:  # noqa: N803 AWS's names
        assert ResourceArn == POINT
        return pages[NextToken]

    assert point_tags(list_tags, POINT) == {"Backup": "daily-prod", "team": "payments"}


@pytest.mark.parametrize("code", ["InvalidParameterValueException", "InvalidRequestException"])
def test_what_aws_backup_cannot_tell_is_none(code: str) -> None:
    def list_tags(**_: str) -> dict[str, Any]:
        raise refusal(code, "ListTags")

    assert point_tags(list_tags, POINT) == {}


def test_a_refusal_is_no_absence() -> None:
    def list_tags(**_: str) -> dict[str, Any]:
        raise refusal("AccessDeniedException", "ListTags")

    with pytest.raises(AccessRefusedError):
        point_tags(list_tags, POINT)
