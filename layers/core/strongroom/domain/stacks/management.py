"""What the management stack holds beyond its frame: delegation, the StackSets of the members, policies with targets.

Each policy waits for the one before it, because Organizations takes few changes at a time; the service control policies
come last, when every governed account has the roles that they exempt. Sources: CloudFormation User Guide,
AWS::Organizations::Policy and AWS::CloudFormation::StackSet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.attached_policies import SERVICE_CONTROL_POLICY, AttachedPolicy
from strongroom.domain.stacks.logical_ids import logical_id
from strongroom.domain.stacks.templates import Resource, with_resources

MEMBER_STACK_SET: Final = "strongroom-member"
GLOBAL_STACK_SET: Final = "strongroom-member-global"
FRAMEWORK_STACK_SET: Final = "strongroom-framework"
# IAM and Organizations tell in this Region only what is called anywhere.
GLOBAL_REGION: Final = Region("us-east-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTemplate:
    """A template that governed accounts get: its name without suffix, its text, its parameters and its Regions."""

    name: str
    body: str
    parameters: Mapping[str, str]
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementTemplate:
    """The management stack's template: its frame, delegation and StackSets, and the policies that are made after them.

    `delegation` is empty where the organisation's resource policy is somebody else's.
    """

    frame: str
    delegation: Mapping[str, Resource]
    stack_sets: Mapping[str, Resource]
    policies: tuple[AttachedPolicy, ...]

    def text(self, *, without: frozenset[str] = frozenset()) -> str:
        """The template as it is deployed, without the policies of these names, or the delegation by its logical id."""
        return with_resources(self.frame, self.resources(without=without))

    def resources(self, *, without: frozenset[str] = frozenset()) -> dict[str, Resource]:
        """What comes into the frame, by logical id, in the order in which it is made."""
        delegation = {name: body for name, body in self.delegation.items() if name not in without}
        resources = {**delegation, **self.stack_sets}
        kept = [policy for policy in self.policies if policy.name not in without]
        made_before = list(resources)
        for policy in sorted(kept, key=lambda policy: policy.type == SERVICE_CONTROL_POLICY):
            id_ = logical_id(_without_prefix(policy.name), kind="Policy", taken=resources)
            resources[id_] = _policy(policy) | ({"DependsOn": made_before} if made_before else {})
            made_before = [id_]
        return resources


def render_stack_sets(intent: Intent, templates: Iterable[MemberTemplate]) -> dict[str, Resource]:
    """The StackSets that carry these templates into the governed units and accounts, by logical id."""
    return {name: body for template in templates for name, body in _stack_sets(intent, template).items()}


def member_regions(intent: Intent) -> tuple[Region, ...]:
    """The governed Regions, the home Region first: its stack makes the roles that the others name."""
    place = intent.organization
    return (place.home_region, *(region for region in place.governed_regions if region != place.home_region))


def global_regions(intent: Intent) -> tuple[Region, ...]:
    """Where a governed account needs a forwarder and nothing else; empty where that Region is governed anyway."""
    return () if GLOBAL_REGION in intent.organization.governed_regions else (GLOBAL_REGION,)


def framework_regions(intent: Intent) -> tuple[Region, ...]:
    """Where the Audit Manager frameworks lie; empty where the intent wants none."""
    return member_regions(intent) if intent.audit.framework else ()


def _policy(policy: AttachedPolicy) -> Resource:
    return {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Name": policy.name,
            "Description": policy.description,
            "Type": policy.type,
            "TargetIds": list(policy.targets),
            "Content": dict(policy.document),
        },
    }


def _stack_sets(intent: Intent, template: MemberTemplate) -> dict[str, Resource]:
    targets = [target.id(intent) for target in intent.targets]
    units = [target for target in targets if target.startswith("ou-")]
    accounts = [target for target in targets if not target.startswith("ou-")]
    resources: dict[str, Resource] = {}
    if units and template.regions:
        where: Mapping[str, Any] = {"OrganizationalUnitIds": units}
        resources[logical_id(_without_prefix(template.name), kind="StackSet")] = _stack_set(
            template, where, name=template.name
        )
    if accounts and template.regions:
        # Automatic deployment knows units only: it would bring the stack to every account of the organisation.
        root = [intent.organization.root_id]
        where = {"OrganizationalUnitIds": root, "Accounts": accounts, "AccountFilterType": "INTERSECTION"}
        name = f"{template.name}-accounts"
        resources[logical_id(_without_prefix(name), kind="StackSet")] = _stack_set(
            template, where, name=name, follows_moves=False
        )
    return resources


def _stack_set(
    template: MemberTemplate, where: Mapping[str, Any], *, name: str, follows_moves: bool = True
) -> Resource:
    moves = {"Enabled": True, "RetainStacksOnAccountRemoval": False} if follows_moves else {"Enabled": False}
    return {
        "Type": "AWS::CloudFormation::StackSet",
        "Properties": {
            "StackSetName": name,
            "Description": "Strongroom in every governed account.",
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": moves,
            "ManagedExecution": {"Active": True},
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "OperationPreferences": {
                "RegionConcurrencyType": "SEQUENTIAL",
                "RegionOrder": list(template.regions),
                "MaxConcurrentPercentage": 25,
                "FailureTolerancePercentage": 10,
                "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
            },
            "StackInstancesGroup": [{"DeploymentTargets": dict(where), "Regions": list(template.regions)}],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in template.parameters.items()
            ],
            "TemplateBody": template.body,
        },
    }


def _without_prefix(name: str) -> str:
    return name.removeprefix("strongroom-")
