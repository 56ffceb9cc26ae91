"""Render everything that AWS is told from an intent and the project's templates, once and as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.delegation import render_delegation
from strongroom.domain.stacks.management import (
    FRAMEWORK_STACK_SET,
    GLOBAL_STACK_SET,
    MEMBER_STACK_SET,
    ManagementTemplate,
    MemberTemplate,
    framework_regions,
    global_regions,
    member_regions,
    render_stack_sets,
)
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.templates import FRAMEWORK, MANAGEMENT, MEMBER, MEMBER_GLOBAL, Templates, carried_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.domain.intent.model import Intent


def render(intent: Intent, templates: Templates) -> Rendered:
    """The policies, stacks and parameters of an intent; GuardrailTooLargeError where one statement is too long."""
    policies, parameters = render_attached_policies(intent), render_parameters(intent)
    management = ManagementTemplate(
        frame=templates.texts[MANAGEMENT],
        delegation=render_delegation(intent),
        stack_sets=render_stack_sets(intent, _members(intent, templates, parameters)),
        policies=policies,
    )
    return Rendered(
        policies=policies,
        management=management,
        stacks={**templates.texts, MANAGEMENT: management.text()},
        parameters=parameters,
    )


def _members(
    intent: Intent, templates: Templates, parameters: Mapping[str, Mapping[str, str]]
) -> Iterator[MemberTemplate]:
    """What governed accounts get."""
    frameworks = render_frameworks(intent)
    for name, stack_set, resources, regions in (
        (MEMBER, MEMBER_STACK_SET, {}, member_regions(intent)),
        (MEMBER_GLOBAL, GLOBAL_STACK_SET, {}, global_regions(intent)),
        (FRAMEWORK, FRAMEWORK_STACK_SET, frameworks, framework_regions(intent)),
    ):
        body = carried_body(templates.carried[name], resources)
        yield MemberTemplate(name=stack_set, body=body, parameters=parameters[name], regions=regions)
