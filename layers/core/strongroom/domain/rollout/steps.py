"""One step of a rollout: what it changes, where, and how; and the plan, which is all of them in their order."""

from enum import StrEnum

from msgspec import Struct

from strongroom.domain.findings import Finding, Level
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.vaults import VaultLock


class StepKind(StrEnum):
    """What sort of change it is; `confirm` is done by a person."""

    SWITCH_ON = "switch on"
    REGISTER = "register"
    CREATE_ROLE = "create role"
    CREATE_STACK = "create stack"
    UPDATE_STACK = "update stack"
    KEEP_RULES = "keep rules"
    REPAIR = "repair"
    SHARE = "share"
    CONFIRM = "confirm"


class EnablePolicyType(Struct, frozen=True):
    """Enable a policy type on the root."""

    type: str


class EnableTrustedAccess(Struct, frozen=True):
    """Let a service act in every account of the organisation."""

    principal: str


class ActivateStackSets(Struct, frozen=True):
    """Let StackSets deploy to units by themselves."""


class RegisterAdministrator(Struct, frozen=True):
    """Make an account the delegated administrator of a service."""

    account: AccountId
    principal: str


class CreateServiceLinkedRole(Struct, frozen=True):
    """Create the role under which a service works in the step's account."""

    service: str


class SwitchGlobalSettings(Struct, frozen=True):
    """Switch on settings that AWS Backup keeps for the organisation."""

    names: tuple[str, ...]


class OptIn(Struct, frozen=True):
    """Let AWS Backup serve these types in the step's Region, and manage those of the second list fully."""

    served: tuple[str, ...]
    fully_managed: tuple[str, ...]


class LockVault(Struct, frozen=True):
    """Put the lock on a vault again; the cooling-off time begins anew."""

    vault: str
    lock: VaultLock


class DeployStack(Struct, frozen=True):
    """Create or update a stack, without the policies of these names if there are any."""

    name: str
    without: frozenset[str] = frozenset()


class BringStacks(Struct, frozen=True):
    """Bring a StackSet's stacks to these accounts and Regions: once more, or for the first time."""

    stack_set: str
    accounts: tuple[AccountId, ...]
    regions: tuple[Region, ...]
    are_new: bool


class WritePolicy(Struct, frozen=True):
    """Write the rendered document and description over a policy's own."""

    id: str
    name: str


class AttachPolicy(Struct, frozen=True):
    """Attach a policy to a unit or account."""

    id: str
    target: str


class DetachPolicy(Struct, frozen=True):
    """Detach a policy from a root, unit or account."""

    id: str
    target: str


class DeployControlPlane(Struct, frozen=True):
    """What only a person does: build and deploy the control plane with SAM."""


class DeployEvidenceLog(Struct, frozen=True):
    """What only a person does: build and deploy the application of the audit account with SAM."""


class EnableSharing(Struct, frozen=True):
    """Let accounts of the organisation share without invitations that somebody must accept."""


class ShareVault(Struct, frozen=True, kw_only=True):
    """Share a vault with these accounts more, and with those no more, by a share; without one it is made anew."""

    vault: str
    name: str
    share: str
    added: tuple[AccountId, ...]
    removed: tuple[str, ...]


class KeepRules(Struct, frozen=True):
    """Put these texts among the evidence, each under its own hash, and in this order."""

    texts: tuple[str, ...]


type OrganizationAct = EnablePolicyType | EnableTrustedAccess | RegisterAdministrator
type PolicyAct = WritePolicy | AttachPolicy | DetachPolicy
type BackupAct = SwitchGlobalSettings | OptIn | LockVault
type StackAct = ActivateStackSets | DeployStack | BringStacks | DeployControlPlane | DeployEvidenceLog
type ShareAct = EnableSharing | ShareVault
type Act = OrganizationAct | PolicyAct | BackupAct | StackAct | ShareAct | CreateServiceLinkedRole | KeepRules


class Step(Struct, frozen=True, kw_only=True):
    """A change that is still missing; its id stays the same from plan to plan."""

    id: str
    kind: StepKind
    account: AccountId
    region: Region
    what: str
    before: str
    after: str
    act: Act


class RolloutPlan(Struct, frozen=True):
    """The steps in the order in which they must be applied, and what is wrong or risky."""

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be settled before anything is applied."""
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def is_settled(self) -> bool:
        """Whether the organisation is as the intent says."""
        return not self.steps and not self.errors
