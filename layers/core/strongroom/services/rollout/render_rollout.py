"""Render everything that AWS is told from an intent and the project's templates, once and as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.intent.destinations import made_vaults
from strongroom.domain.intent.places import member_air_gaps
from strongroom.domain.partitions import COMMERCIAL
from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.delegation import render_delegation
from strongroom.domain.stacks.management import ManagementTemplate
from strongroom.domain.stacks.member_parts import member_parts
from strongroom.domain.stacks.parameters import air_gap_parameters, render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.stack_sets import (
    AIR_GAP_STACK_SET,
    FRAMEWORK_STACK_SET,
    GLOBAL_STACK_SET,
    MEMBER_STACK_SET,
    ROLES_STACK_SET,
    VAULT_STACK_SET,
    MemberTemplate,
    framework_regions,
    global_regions,
    member_regions,
    member_stack,
    render_stack_sets,
    role_regions,
)
from strongroom.domain.stacks.templates import (
    AIR_GAPPED_VAULT,
    AUDIT,
    FRAMEWORK,
    MANAGEMENT,
    MEMBER,
    MEMBER_GLOBAL,
    MEMBERS,
    Template,
    Templates,
    carried_body,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.domain.intent.model import Intent


def render(intent: Intent, templates: Templates) -> Rendered:
    """The policies, stacks and parameters of an intent; GuardrailTooLargeError where one statement is too long."""
    policies, parameters = render_attached_policies(intent), render_parameters(intent)
    unwanted = _unwanted(intent)
    texts = {name: _at_home(text, intent) for name, text in templates.texts.items() if name not in unwanted}
    management = ManagementTemplate(frame=texts[MANAGEMENT], delegation=render_delegation(intent), policies=policies)
    members = (*_members(intent, templates.carried, parameters), *_air_gaps(intent, templates.carried))
    stack_sets = render_stack_sets(intent, members)
    return Rendered(
        policies=policies,
        management=management,
        stack_sets=stack_sets,
        stacks={**texts, MANAGEMENT: management.text(), MEMBERS: _at_home(member_stack(stack_sets), intent)},
        parameters=parameters,
    )


def _members(
    intent: Intent, carried: Mapping[str, Template], parameters: Mapping[str, Mapping[str, str]]
) -> Iterator[MemberTemplate]:
    """What governed accounts get."""
    parts = member_parts(carried[MEMBER], restores=intent.restores is not None)
    for stack_set, template, told, regions in (
        (VAULT_STACK_SET, parts.vault, MEMBER, member_regions(intent)),
        (ROLES_STACK_SET, parts.roles, MEMBER, role_regions(intent)),
        (MEMBER_STACK_SET, parts.rest, MEMBER, member_regions(intent)),
        (GLOBAL_STACK_SET, carried[MEMBER_GLOBAL], MEMBER_GLOBAL, global_regions(intent)),
        (FRAMEWORK_STACK_SET, carried[FRAMEWORK], FRAMEWORK, framework_regions(intent)),
    ):
        declared = template.get("Parameters", {})
        body = carried_body(template, render_frameworks(intent) if stack_set == FRAMEWORK_STACK_SET else {})
        yield MemberTemplate(
            name=stack_set,
            body=_at_home(body, intent),
            parameters={name: value for name, value in parameters[told].items() if name in declared},
            regions=regions,
        )


def _air_gaps(intent: Intent, carried: Mapping[str, Template]) -> Iterator[MemberTemplate]:
    """The air-gapped vaults of governed accounts, each by a StackSet of its own."""
    for place in member_air_gaps(intent):
        yield MemberTemplate(
            name=f"{AIR_GAP_STACK_SET}-{place.key}",
            body=carried_body(carried[AIR_GAPPED_VAULT]),
            parameters=air_gap_parameters(place.vault.name, place.lock),
            regions=(place.region,) if place.region else member_regions(intent),
        )


def _unwanted(intent: Intent) -> frozenset[str]:
    """The templates of which no stack is made."""
    auditors = () if intent.organization.audit_account is not None else (AUDIT,)
    air_gaps = () if any(vault.is_air_gapped for vault in made_vaults(intent)) else (AIR_GAPPED_VAULT,)
    return frozenset((*auditors, *air_gaps))


def _at_home(text: str, intent: Intent) -> str:
    """A template whose description names the global Region, with that of the intent's partition."""
    return text.replace(COMMERCIAL.global_region, intent.global_region)
