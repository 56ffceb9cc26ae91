"""The parts of the control plane's stack, by their names in its template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS = ("cloudformation:ListStackResources",)


class StackParts:
    """What a stack is made of, read once."""

    def __init__(self, cloudformation: Any, stack: str) -> None:
        """`cloudformation` is a client of the stack's account and Region."""
        self._cloudformation = cloudformation
        self._stack = stack
        self._parts: Mapping[str, str] | None = None

    def physical_id(self, name: str) -> str:
        """What AWS calls the part: a queue's URL, a function's name; NotFoundError where the stack has none."""
        found = self._all().get(name)
        if found is None:
            raise NotFoundError(f"the stack {self._stack} has no {name}")
        return found

    def named_like(self, ending: str) -> dict[str, str]:
        """The parts whose names end so, each with what AWS calls it."""
        return {name: physical for name, physical in self._all().items() if name.endswith(ending)}

    def _all(self) -> Mapping[str, str]:
        if self._parts is None:
            pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self._stack)
            with aws_errors(f"the stack {self._stack} cannot be read"):
                self._parts = {
                    each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
                    for page in pages
                    for each in page["StackResourceSummaries"]
                }
        return self._parts
