"""What governed accounts get: the StackSets, in a stack that holds nothing else.

A stack that fails is told by `plan` and takes nothing with it: as many may fail as there are. Accounts that move in get
their stacks in any order of Regions and StackSets, so that what names a role waits for the StackSet of the roles.
Sources: CloudFormation User Guide, AWS::CloudFormation::StackSet; API reference, AutoDeployment and
StackSetOperationPreferences; cloudformation-coverage-roadmap #1208.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.logical_ids import logical_id
from strongroom.domain.stacks.templates import Resource, with_resources

VAULT_STACK_SET: Final = "strongroom-member-vault"
ROLES_STACK_SET: Final = "strongroom-member-roles"
MEMBER_STACK_SET: Final = "strongroom-member"
GLOBAL_STACK_SET: Final = "strongroom-member-global"
FRAMEWORK_STACK_SET: Final = "strongroom-framework"
AIR_GAP_STACK_SET: Final = "strongroom-air-gap"  # one for each such vault, by its name in the intent

# What cannot be deleted stays with its stack when the account leaves; without the role of its plan no backup expires
# (AWS Backup Developer Guide, "Deleting backups").
_KEPT: Final = (VAULT_STACK_SET, AIR_GAP_STACK_SET)
# What sends events names the role under which it sends them.
_AFTER_THE_ROLES: Final = frozenset({MEMBER_STACK_SET, GLOBAL_STACK_SET})
_FRAME: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  Strongroom in the management account, us-east-1: the StackSets that bring every governed account what it needs.

Resources:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTemplate:
    """A template that governed accounts get: its StackSet's name, its text, its parameters and its Regions."""

    name: str
    body: str
    parameters: Mapping[str, str]
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSet:
    """A StackSet over units, whose accounts it follows, or over single accounts of the root, whom it does not."""

    name: str
    template: MemberTemplate
    units: tuple[str, ...]
    accounts: tuple[AccountId, ...] = ()

    @property
    def id(self) -> str:
        """Its logical id."""
        return _id(self.name)

    @property
    def roles(self) -> str | None:
        """The StackSet that makes the roles which this one names, None where it names none."""
        if self.template.name not in _AFTER_THE_ROLES:
            return None
        return self.name.replace(self.template.name, ROLES_STACK_SET, 1)


def member_stack(stack_sets: Iterable[StackSet]) -> str:
    """The template of the stack that holds the StackSets."""
    return with_resources(_FRAME, {each.id: _resource(each) for each in stack_sets})


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
    return () if intent.global_region in intent.organization.governed_regions else (intent.global_region,)


def framework_regions(intent: Intent) -> tuple[Region, ...]:
    """Where the Audit Manager frameworks lie; empty where the intent wants none."""
    return member_regions(intent) if intent.audit.framework else ()


def _stack_sets(intent: Intent, template: MemberTemplate) -> Iterator[StackSet]:
    targets = [target.id(intent) for target in intent.targets]
    units = tuple(target for target in targets if target.startswith("ou-"))
    accounts = tuple(AccountId(target) for target in targets if not target.startswith("ou-"))
    if units and template.regions:
        yield StackSet(name=template.name, template=template, units=units)
    if accounts and template.regions:
        # Automatic deployment knows units only: it would bring the stack to every account of the organisation.
        root = (intent.organization.root_id,)
        yield StackSet(name=f"{template.name}-accounts", template=template, units=root, accounts=accounts)


def _resource(stack_set: StackSet) -> Resource:
    template = stack_set.template
    where: dict[str, Any] = {"OrganizationalUnitIds": list(stack_set.units)}
    if stack_set.accounts:
        where |= {"Accounts": list(stack_set.accounts), "AccountFilterType": "INTERSECTION"}
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
    follows = {"Enabled": True, "RetainStacksOnAccountRemoval": stack_set.name.startswith(_KEPT)}
    if stack_set.roles is None:
        return follows
    place = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stackset"
    return follows | {"DependsOn": [{"Fn::Sub": f"{place}/${{{_id(stack_set.roles)}}}"}]}


def _id(name: str) -> str:
    return logical_id(name.removeprefix("strongroom-"), kind="StackSet")
