"""Everything that is rendered from an intent, as values: what is written as files, deployed, or held against AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

from strongroom.domain.stacks.attached_policies import AttachedPolicy
from strongroom.domain.stacks.management import ManagementTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The policies, the templates as they are deployed, and the parameters of every stack, both by its name."""

    policies: tuple[AttachedPolicy, ...]
    management: ManagementTemplate
    stacks: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, str]]
