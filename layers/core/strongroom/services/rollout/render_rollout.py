"""Render everything that AWS is told from an intent and the project's templates, once and as values."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.intent.destinations import made_vaults, vault_accounts
from strongroom.domain.partitions import COMMERCIAL
from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.delegation import render_delegation
from strongroom.domain.stacks.landing_zone import landing_zone_forwarder
from strongroom.domain.stacks.management import ManagementTemplate
from strongroom.domain.stacks.member_parts import member_parts
from strongroom.domain.stacks.member_vaults import member_vaults
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.restore_vaults import restore_vaults
from strongroom.domain.stacks.stack_sets import (
    FRAMEWORK_STACK_SET,
    GLOBAL_STACK_SET,
    MEMBER_STACK_SET,
    ROLES_STACK_SET,
    MemberTemplate,
    framework_regions,
    global_regions,
    member_regions,
    member_stack,
    member_template,
    render_stack_sets,
    role_regions,
)
from strongroom.domain.stacks.templates import (
    AIR_GAPPED_VAULT,
    AUDIT,
    FRAMEWORK,
    MANAGEMENT,
    MANAGEMENT_HOME,
    MEMBER,
    MEMBER_GLOBAL,
    MEMBERS,
    RESTORE_VAULT,
    VAULT,
    VAULT_ACCOUNT,
    VAULT_FORWARDER,
    Template,
    Templates,
    with_more,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.domain.intent.model import Intent


def render(intent: Intent, templates: Templates) -> Rendered:
    """The policies, stacks and parameters of an intent; GuardrailTooLargeError where one statement is too long."""
    policies, parameters = render_attached_policies(intent), render_parameters(intent)
    unwanted = tuple(_unwanted(intent))
    texts = {name: _at_home(text, intent) for name, text in templates.texts.items() if name not in unwanted}
    management = ManagementTemplate(frame=texts[MANAGEMENT], delegation=render_delegation(intent), policies=policies)
    members = _members(intent, templates.carried, parameters)
    stack_sets = render_stack_sets(intent, (replace(each, body=_at_home(each.body, intent)) for each in members))
    return Rendered(
        policies=policies,
        management=management,
        stack_sets=stack_sets,
        stacks={**texts, MANAGEMENT: management.text(), MEMBERS: member_stack(stack_sets, region=intent.global_region)},
        parameters=parameters,
    )


def _members(
    intent: Intent, carried: Mapping[str, Template], parameters: Mapping[str, Mapping[str, str]]
) -> Iterator[MemberTemplate]:
    """What governed accounts get."""
    parts = member_parts(carried[MEMBER], restores=intent.restores is not None)
    frameworks = with_more(carried[FRAMEWORK], render_frameworks(intent))
    yield from member_vaults(intent, parts.vault, carried[AIR_GAPPED_VAULT], told=parameters[MEMBER])
    for stack_set, template, told, regions in (
        (ROLES_STACK_SET, parts.roles, MEMBER, role_regions(intent)),
        (MEMBER_STACK_SET, parts.rest, MEMBER, member_regions(intent)),
        (GLOBAL_STACK_SET, carried[MEMBER_GLOBAL], MEMBER_GLOBAL, global_regions(intent)),
        (FRAMEWORK_STACK_SET, frameworks, FRAMEWORK, framework_regions(intent)),
    ):
        yield member_template(stack_set, template, told=parameters[told], regions=regions)
    yield from restore_vaults(intent, carried[RESTORE_VAULT], told=parameters[MEMBER])


def _unwanted(intent: Intent) -> Iterator[str]:
    """The templates that the intent has no use for."""
    kinds = {vault.is_air_gapped for vault in made_vaults(intent)}
    if False not in kinds:
        yield VAULT
    if True not in kinds:
        yield AIR_GAPPED_VAULT
    if not vault_accounts(intent):
        yield from (VAULT_ACCOUNT, VAULT_FORWARDER)
    if intent.organization.audit_account is None:
        yield AUDIT
    if landing_zone_forwarder(intent) is None:
        yield MANAGEMENT_HOME


def _at_home(text: str, intent: Intent) -> str:
    """A template whose description names the global Region, with that of the intent's partition."""
    return text.replace(COMMERCIAL.global_region, intent.global_region)
