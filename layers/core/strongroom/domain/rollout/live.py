"""What the organisation is: the facts that a rollout compares with the intent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.rollout.members import LiveMembers
from strongroom.domain.rollout.surroundings.keys import FoundKey, Sources
from strongroom.domain.rollout.surroundings.trails import TrailFound


class LiveSwitches(Struct, frozen=True, kw_only=True):
    """What Organizations has switched on: feature set (`ALL`), policy types, trusted services, and delegates."""

    feature_set: str
    policy_types: frozenset[str]
    trusted_services: frozenset[str]
    administrators: frozenset[AccountId]


class LivePolicy(Struct, frozen=True, kw_only=True):
    """A policy and the ids that it is attached to; `document` is None for what is neither ours nor a plan."""

    id: str
    name: str
    type: str
    description: str = ""
    document: Mapping[str, Any] | None = None
    targets: tuple[str, ...] = ()


class LiveAttachment(Struct, frozen=True, kw_only=True):
    """A policy that is attached to a target, whoever made it."""

    name: str
    type: str


class LiveResourcePolicy(Struct, frozen=True, kw_only=True):
    """The statements of the organisation's one resource policy."""

    statements: tuple[Mapping[str, Any], ...]


class LiveStack(Struct, frozen=True, kw_only=True):
    """A stack's status, its template as it was given, its parameters, and the ids of the policies that it made.

    `resource_policy_id` is that of the organisation's resource policy, None where the stack did not make it.
    """

    status: str
    template: str
    parameters: Mapping[str, str]
    policy_ids: frozenset[str] = frozenset()
    changed_at: datetime | None = None
    resource_policy_id: str | None = None


class LiveVault(Struct, frozen=True, kw_only=True):
    """A vault's lock: in governance mode without `lock_date`, in compliance mode immutable from then on.

    Of an air-gapped one with its `approval_team`, and with the ARN of its `key`, each empty where it has none of its
    owner's.
    """

    is_locked: bool
    min_retention_days: int | None = None
    max_retention_days: int | None = None
    lock_date: datetime | None = None
    approval_team: str = ""
    key: str = ""


class LiveShare(Struct, frozen=True, kw_only=True):
    """A share of AWS RAM that a vault is in: its ARN and name, and for whom it is."""

    arn: str
    name: str
    principals: frozenset[str]


class LiveOptIns(Struct, frozen=True, kw_only=True):
    """Which types AWS Backup serves in a Region, and which of them it manages fully; a type may be missing there."""

    served: Mapping[str, bool]
    fully_managed: Mapping[str, bool]


class ProfileValue(Struct, frozen=True, kw_only=True):
    """A value of a restore profile as AWS has it: the list that it stands in, its VPC, and why it does not fit."""

    field: str
    name: str
    is_there: bool
    network: str = ""
    unfit: str = ""


class LiveOrganization(Struct, frozen=True, kw_only=True):
    """All facts at one moment.

    `paths` leads from the root to a target, both included, and is None for what does not exist; `stacks` are by name,
    `vaults` by ARN; `carried` are the intents that the functions of the control plane have, each once, and
    `watch_carried` those of the evidence log's; `attached` are the policies on each target that ours are for;
    `scps_per_target` is None where Service Quotas does not say; `kept_rules` are the texts about rules among the
    evidence, by their digest; `unrecorded` are the types of AWS Backup that AWS Config does not record in a place, None
    where nobody could look. `profiles` is what is there of what restore profiles name, None where nobody could look;
    so it is with `trails`, those of the management account, and `sources`, what lies under keys in a place. `shares`
    are those of air-gapped vaults, by ARN, and `gap_keys` the keys of such vaults that are their owners'.
    """

    switches: LiveSwitches
    stack_sets_are_active: bool
    global_settings: Mapping[str, str]
    opt_ins: Mapping[Region, LiveOptIns]
    service_linked_roles: frozenset[tuple[AccountId, str]]
    policies: tuple[LivePolicy, ...]
    paths: Mapping[str, tuple[str, ...] | None]
    stacks: Mapping[str, LiveStack]
    vaults: Mapping[str, LiveVault]
    trails: tuple[TrailFound, ...] | None
    carried: tuple[CompiledIntent, ...] = ()
    watch_carried: tuple[CompiledIntent, ...] = ()
    attached: Mapping[str, tuple[LiveAttachment, ...]] = field(default_factory=dict)
    scps_per_target: int | None = None
    resource_policy: LiveResourcePolicy | None = None
    accounts_with_invalid_policy: tuple[str, ...] = ()
    has_report_bucket: bool = False
    kept_rules: Mapping[str, str] = field(default_factory=dict)
    members: LiveMembers = field(default_factory=LiveMembers)
    unrecorded: Mapping[tuple[AccountId, Region], frozenset[str] | None] = field(default_factory=dict)
    sources: Sources = field(default_factory=dict)
    shares: Mapping[str, tuple[LiveShare, ...]] = field(default_factory=dict)
    gap_keys: Mapping[str, FoundKey] = field(default_factory=dict)
    profiles: Mapping[tuple[AccountId, Region], tuple[ProfileValue, ...] | None] = field(default_factory=dict)
