"""Everything that is rendered from an intent, as values: what is written as files, deployed, or held against AWS."""

from collections.abc import Mapping

from msgspec import Struct

from strongroom.domain.stacks.attached_policies import AttachedPolicy
from strongroom.domain.stacks.management import ManagementTemplate
from strongroom.domain.stacks.stack_sets import StackSet


class Rendered(Struct, frozen=True, kw_only=True):
    """The policies, the StackSets, and by their names the templates as they are deployed and the stacks' parameters."""

    policies: tuple[AttachedPolicy, ...]
    management: ManagementTemplate
    stack_sets: tuple[StackSet, ...]
    stacks: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, str]]
