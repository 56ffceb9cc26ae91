"""What governed accounts get: the StackSets, in a stack that holds nothing else.

A stack that fails is told by `plan` and takes nothing with it: as many may fail as there are. Accounts that move in get
their stacks in any order of Regions and StackSets, so that what names a role waits for the StackSet of the roles.
Sources: CloudFormation User Guide, AWS::CloudFormation::StackSet; API reference, AutoDeployment and
StackSetOperationPreferences; cloudformation-coverage-roadmap #1208.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import replace
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.governed import left_out_accounts, named_accounts, topmost_targets
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace
from strongroom.domain.stacks.logical_ids import logical_id
from strongroom.domain.stacks.templates import Resource, Template, carried_body, with_resources

VAULT_STACK_SET: Final = "strongroom-member-vault"
ROLES_STACK_SET: Final = "strongroom-member-roles"
MEMBER_STACK_SET: Final = "strongroom-member"
GLOBAL_STACK_SET: Final = "strongroom-member-global"
FRAMEWORK_STACK_SET: Final = "strongroom-framework"
AIR_GAP_STACK_SET: Final = "strongroom-air-gap"  # one for each such vault, by its name in the intent

# What sends events names the role under which it sends them.
_AFTER_THE_ROLES: Final = frozenset({MEMBER_STACK_SET, GLOBAL_STACK_SET})
_FRAME: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  Strongroom in the management account, {}: the StackSets that bring every governed account what it needs.

Resources:
"""


class MemberTemplate(Struct, frozen=True, kw_only=True):
    """A template that governed accounts get: its StackSet's name, its text, its parameters and its Regions.

    `vault` is the one that it makes, None where it makes none. `accounts` are those that alone get it, none of them for
    every governed one.
    """

    name: str
    body: str
    parameters: Mapping[str, str]
    regions: tuple[Region, ...]
    vault: VaultPlace | None = None
    accounts: tuple[AccountId, ...] = ()


class StackSet(Struct, frozen=True, kw_only=True):
    """A StackSet over units or the root, whose accounts it follows, or over single accounts, whom it does not.

    `left_out` are the accounts below its units that it does not reach.
    """

    name: str
    template: MemberTemplate
    units: tuple[str, ...]
    accounts: tuple[AccountId, ...] = ()
    left_out: tuple[AccountId, ...] = ()

    @property
    def id(self) -> str:
        """Its logical id."""
        return _id(self.name)

    @property
    def stays(self) -> bool:
        """Whether what it made stays when an account leaves: vaults, and the role without which no backup expires.

        AWS Backup Developer Guide, "Deleting backups".
        """
        return self.name.startswith((VAULT_STACK_SET, AIR_GAP_STACK_SET))

    @property
    def roles(self) -> str | None:
        """The StackSet that makes the roles which this one names, None where it names none."""
        if self.template.name not in _AFTER_THE_ROLES:
            return None
        return self.name.replace(self.template.name, ROLES_STACK_SET, 1)


def of_accounts(name: str) -> str:
    """The name of the StackSet that carries the same template into single accounts."""
    return f"{name}-accounts"


def member_template(
    name: str,
    template: Template,
    *,
    told: Mapping[str, str],
    regions: tuple[Region, ...],
    vault: VaultPlace | None = None,
) -> MemberTemplate:
    """A template as it is carried, with what it declares of the parameters that it is told."""
    declared = template.get("Parameters", {})
    return MemberTemplate(
        name=name,
        body=carried_body(template),
        parameters={key: value for key, value in told.items() if key in declared},
        regions=regions,
        vault=vault,
    )


def leaving_out(stack_sets: Iterable[StackSet], accounts: Iterable[AccountId]) -> tuple[StackSet, ...]:
    """The StackSets, of which those over units do not reach these accounts."""
    left_out = tuple(accounts)
    return tuple(each if each.accounts else replace(each, left_out=left_out) for each in stack_sets)


def member_stack(stack_sets: Iterable[StackSet], *, region: Region) -> str:
    """The template of the stack that holds the StackSets, and lies in this Region."""
    return with_resources(_FRAME.format(region), {each.id: _resource(each) for each in stack_sets})


def render_stack_sets(intent: Intent, templates: Iterable[MemberTemplate]) -> tuple[StackSet, ...]:
    """The StackSets that carry these templates into the governed units and accounts."""
    return tuple(each for template in templates for each in _stack_sets(intent, template))


def member_regions(intent: Intent) -> tuple[Region, ...]:
    """The governed Regions, the home Region first."""
    place = intent.organization
    return (place.home_region, *(region for region in place.regions if region != place.home_region))


def role_regions(intent: Intent) -> tuple[Region, ...]:
    """Where the roles are made, which hold in every Region."""
    return (intent.organization.home_region,)


def global_regions(intent: Intent) -> tuple[Region, ...]:
    """Where a governed account needs a forwarder and nothing else; empty where that Region is governed anyway."""
    return () if intent.global_region in intent.organization.regions else (intent.global_region,)


def framework_regions(intent: Intent) -> tuple[Region, ...]:
    """Where the Audit Manager frameworks lie; empty where the intent wants none."""
    return member_regions(intent) if intent.audit.framework else ()


def _stack_sets(intent: Intent, template: MemberTemplate) -> Iterator[StackSet]:
    # Automatic deployment knows units only: it would bring the stack to every account of the organisation.
    root = (intent.organization.root_id,)
    if template.accounts:
        yield StackSet(name=template.name, template=template, units=root, accounts=template.accounts)
        return
    # What lies below another target is reached by way of that.
    targets = topmost_targets(intent)
    units = tuple(target.id(intent) for target in targets if not target.account)
    accounts = named_accounts(targets)
    if units and template.regions:
        yield StackSet(name=template.name, template=template, units=units, left_out=left_out_accounts(intent))
    if accounts and template.regions:
        yield StackSet(name=of_accounts(template.name), template=template, units=root, accounts=accounts)


def _resource(stack_set: StackSet) -> Resource:
    template = stack_set.template
    where: dict[str, Any] = {"OrganizationalUnitIds": list(stack_set.units)}
    if stack_set.accounts:
        where |= {"Accounts": list(stack_set.accounts), "AccountFilterType": "INTERSECTION"}
    elif stack_set.left_out:
        where |= {"Accounts": list(stack_set.left_out), "AccountFilterType": "DIFFERENCE"}
    # Single accounts are not followed; where they are, what automatic deployment waits for is referred to already.
    waits = {"DependsOn": [_id(stack_set.roles)]} if stack_set.accounts and stack_set.roles else {}
    return waits | {
        "Type": "AWS::CloudFormation::StackSet",
        "Properties": {
            "StackSetName": stack_set.name,
            "Description": "Strongroom in every governed account.",
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": _automatic(stack_set),
            "ManagedExecution": {"Active": True},
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "OperationPreferences": {
                "RegionConcurrencyType": "SEQUENTIAL",
                "RegionOrder": list(template.regions),
                "MaxConcurrentPercentage": 25,
                "FailureTolerancePercentage": 100,
                "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
            },
            "StackInstancesGroup": [{"DeploymentTargets": where, "Regions": list(template.regions)}],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in template.parameters.items()
            ],
            "TemplateBody": template.body,
        },
    }


def _automatic(stack_set: StackSet) -> dict[str, Any]:
    if stack_set.accounts:
        return {"Enabled": False}
    follows = {"Enabled": True, "RetainStacksOnAccountRemoval": stack_set.stays}
    if stack_set.roles is None:
        return follows
    place = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stackset"
    return follows | {"DependsOn": [{"Fn::Sub": f"{place}/${{{_id(stack_set.roles)}}}"}]}


def _id(name: str) -> str:
    return logical_id(name.removeprefix("strongroom-"), kind="StackSet")
