"""What a rollout asks of the world: small Protocols, shaped by `plan` and `apply`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.compiled import CompiledIntent
    from strongroom.domain.intent.restoring.profiles import AccountProfile
    from strongroom.domain.intent.vaults import VaultLock
    from strongroom.domain.rollout.desired import DesiredStack, StackPlace
    from strongroom.domain.rollout.live import (
        LiveAttachment,
        LiveOptIns,
        LivePolicy,
        LiveResourcePolicy,
        LiveShare,
        LiveStack,
        LiveSwitches,
        LiveVault,
        ProfileValue,
    )
    from strongroom.domain.rollout.members import LiveInstance
    from strongroom.domain.rollout.steps import ShareVault
    from strongroom.domain.rollout.surroundings.keys import KeyFound, SourceFound
    from strongroom.domain.rollout.surroundings.trails import TrailFound
    from strongroom.domain.stacks.attached_policies import AttachedPolicy


class OrganizationSwitchboard(Protocol):
    """The switches of the organisation itself."""

    def read(self) -> LiveSwitches:
        """What is enabled, trusted and delegated in the organisation now."""

    def enable_type(self, policy_type: str) -> None:
        """Enable a policy type on the root; nothing happens when it is enabled."""

    def trust(self, principal: str) -> None:
        """Let the service act in every account."""

    def delegate(self, account: AccountId, principal: str) -> None:
        """Make the account the service's delegated administrator; nothing happens when it is that already."""


class PolicyCabinet(Protocol):
    """The policies of the organisation, and the tree that they hang in."""

    def policies(self, ours: frozenset[str]) -> tuple[LivePolicy, ...]:
        """Every policy of both types; documents of those with our names and of backup policies that are attached."""

    def attached(self, target: str) -> tuple[LiveAttachment, ...]:
        """Every policy of both types on the target itself, whoever made it; none for what does not exist."""

    def resource_policy(self) -> LiveResourcePolicy | None:
        """The organisation's resource policy, None when it has none."""

    def path(self, target: str) -> tuple[str, ...] | None:
        """The ids from the root to the target, None for what does not exist."""

    def accounts_below(self, target: str) -> tuple[AccountId, ...]:
        """The active accounts in a unit and in those below it, or the account itself."""

    def accounts_with_invalid_policy(self) -> tuple[str, ...]:
        """The accounts whose effective backup policy is not valid."""

    def write(self, policy_id: str, policy: AttachedPolicy) -> None:
        """Write document and description over those of the policy."""

    def attach(self, policy_id: str, target: str) -> None:
        """Attach the policy to the target; nothing happens when it is attached."""

    def detach(self, policy_id: str, target: str) -> None:
        """Detach the policy from the target; nothing happens when it is not attached."""


class QuotaBook(Protocol):
    """What AWS allows this organisation."""

    def scps_per_target(self) -> int | None:
        """How many service control policies a target takes, None where nobody says."""


class BackupSettings(Protocol):
    """AWS Backup's own settings and vault locks."""

    def global_settings(self) -> Mapping[str, str]:
        """The organisation's settings by name, `true` or `false`."""

    def opt_ins(self, region: Region) -> LiveOptIns:
        """The management account's opt-ins in a Region."""

    def vault(self, arn: str) -> LiveVault | None:
        """The lock of a vault, None when there is no such vault."""

    def switch_on(self, names: tuple[str, ...]) -> None:
        """Switch settings of the organisation on."""

    def opt_in(self, region: Region, *, served: tuple[str, ...], fully_managed: tuple[str, ...]) -> None:
        """Switch types on for the management account in a Region."""

    def lock(self, arn: str, lock: VaultLock) -> None:
        """Put the lock on the vault; the cooling-off time begins."""


class VaultShares(Protocol):
    """With whom vaults are shared, by AWS RAM."""

    def shares(self, vault: str) -> tuple[LiveShare, ...]:
        """Each share that the vault is in; none of a vault that does not exist."""

    def enable(self) -> None:
        """Let accounts of the organisation share without invitations; nothing happens when they do."""

    def share(self, act: ShareVault) -> None:
        """Share the vault so; TemporarilyUnavailableError while AWS RAM does not know the organisation yet."""


class StackDeployer(Protocol):
    """CloudFormation in any account."""

    def find(self, place: StackPlace) -> LiveStack | None:
        """The stack, None when there is none."""

    def stack_sets_are_active(self) -> bool:
        """Whether StackSets may deploy to units."""

    def activate_stack_sets(self) -> None:
        """Let StackSets deploy to units."""

    def deploy(self, stack: DesiredStack) -> None:
        """Create or update the stack and wait for the end; nothing happens when nothing differs."""


class RestorePlacesBook(Protocol):
    """What accounts have for restores."""

    def values(self, profile: AccountProfile) -> tuple[ProfileValue, ...] | None:
        """Each value of the profile as it is now, None where the account cannot be entered."""


class AccountInspector(Protocol):
    """What single accounts have."""

    def has_service_linked_role(self, account: AccountId, service: str) -> bool:
        """Whether the service has its role there."""

    def create_service_linked_role(self, account: AccountId, service: str) -> None:
        """Give the service its role there; nothing happens when it has one."""

    def unrecorded(
        self, places: Sequence[tuple[AccountId, Region]]
    ) -> Mapping[tuple[AccountId, Region], frozenset[str] | None]:
        """The types of AWS Backup that AWS Config does not record in each place, None where nobody may look."""

    def opt_statuses(self, places: Sequence[tuple[AccountId, Region]]) -> Mapping[tuple[AccountId, Region], str | None]:
        """AWS's own word for whether the Region is on in the account, of each place; None where nobody may look."""

    def has_bucket(self, name: str, *, account: AccountId, region: Region) -> bool:
        """Whether the name of a bucket is taken, by that account or by anybody."""


class TrailReader(Protocol):
    """What CloudTrail logs."""

    def trails(self, account: AccountId, region: Region) -> tuple[TrailFound, ...]:
        """The trails that the account has."""


class SourceReader(Protocol):
    """What lies under keys."""

    def sources(self, account: AccountId, region: Region) -> tuple[SourceFound, ...]:
        """For each type and key, one resource that lies under it."""

    def key(self, key: str, *, account: AccountId, region: Region) -> KeyFound:
        """The key of that ARN, with its policy; NotFoundError where it is gone."""


class MemberStacks(Protocol):
    """The StackSets of the management account."""

    def instances(self, stack_set: str) -> tuple[LiveInstance, ...] | None:
        """The stacks of the StackSet, None when there is no such StackSet."""

    def bring(
        self, stack_set: str, *, accounts: tuple[AccountId, ...], regions: tuple[Region, ...], are_new: bool
    ) -> None:
        """Make these stacks, or bring those that are there once more, and wait; CallRefusedError tells what failed."""


class IntentCarriers(Protocol):
    """The functions that carry the intent: all of the control plane's, and of the evidence log's the watch."""

    def carried(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        """Each intent that a function of the stack carries, once; none where one carries none."""

    def carried_by_some(self, place: StackPlace) -> tuple[CompiledIntent, ...]:
        """Each intent that a function of the stack carries, once, where others need none."""


class RulesArchive(Protocol):
    """What is kept of the rules of the ceremony among the evidence: each text once, under its own hash."""

    def kept(self) -> Mapping[str, str]:
        """Every such text by its SHA-256; ApprovalVoidError where one was tampered with."""

    def keep(self, text: str) -> None:
        """Keep the text, unless it is there; CallRefusedError where something else lies under its hash."""
