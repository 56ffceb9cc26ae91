"""A stack's parts by their names in the template, read once."""

from collections.abc import Iterator
from typing import Any

import pytest

from strongroom.adapters.aws.health.stack_parts import StackParts
from strongroom.domain.errors import NotFoundError


class FakeCloudFormation:
    """One stack, told on two pages."""

    def __init__(self) -> None:
        self.asked = 0

    def get_paginator(self, _name: str) -> "FakeCloudFormation":
        return self

    def paginate(self, **request: str) -> Iterator[dict[str, Any]]:
        assert request == {"StackName": "strongroom"}
        self.asked += 1
        for name, physical in (("VerifyCopyQueue", "https://verify"), ("BusArchive", "archive-1")):
            yield {"StackResourceSummaries": [{"LogicalResourceId": name, "PhysicalResourceId": physical}]}


def test_parts_are_found_by_name_and_by_kind() -> None:
    cloudformation = FakeCloudFormation()
    parts = StackParts(cloudformation, "strongroom")
    assert parts.physical_id("BusArchive") == "archive-1"
    assert parts.named_like("Queue") == {"VerifyCopyQueue": "https://verify"}
    assert cloudformation.asked == 1


def test_what_a_stack_does_not_have_is_named() -> None:
    with pytest.raises(NotFoundError, match="the stack strongroom has no EnforceTagsQueue"):
        StackParts(FakeCloudFormation(), "strongroom").physical_id("EnforceTagsQueue")
