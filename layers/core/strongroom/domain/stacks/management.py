"""What the management stack holds beyond its frame: delegation, and the policies with their targets.

Each policy waits for the one before it, because Organizations takes few changes at a time; the service control policies
come last. Source: CloudFormation User Guide, AWS::Organizations::Policy.
"""

from collections.abc import Mapping

from msgspec import Struct

from strongroom.domain.stacks.attached_policies import SERVICE_CONTROL_POLICY, AttachedPolicy
from strongroom.domain.stacks.logical_ids import logical_id
from strongroom.domain.stacks.templates import Resource, with_resources


class ManagementTemplate(Struct, frozen=True, kw_only=True):
    """The management stack's template: its frame, the delegation, and the policies.

    `delegation` is empty where the organisation's resource policy is somebody else's.
    """

    frame: str
    delegation: Mapping[str, Resource]
    policies: tuple[AttachedPolicy, ...]

    def text(self, *, without: frozenset[str] = frozenset()) -> str:
        """The template as it is deployed, without the policies of these names, or the delegation by its logical id."""
        return with_resources(self.frame, self.resources(without=without))

    def resources(self, *, without: frozenset[str] = frozenset()) -> dict[str, Resource]:
        """What comes into the frame, by logical id, in the order in which it is made."""
        resources = {name: body for name, body in self.delegation.items() if name not in without}
        kept = [policy for policy in self.policies if policy.name not in without]
        made_before: list[str] = []
        for policy in sorted(kept, key=lambda policy: policy.type == SERVICE_CONTROL_POLICY):
            id_ = logical_id(_without_prefix(policy.name), kind="Policy", taken=resources)
            resources[id_] = _policy(policy) | ({"DependsOn": made_before} if made_before else {})
            made_before = [id_]
        return resources


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


def _without_prefix(name: str) -> str:
    return name.removeprefix("strongroom-")
