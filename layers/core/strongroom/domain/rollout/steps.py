"""One step of a rollout: what it changes, where, and how; and the plan, which is all of them in their order."""

from dataclasses import dataclass
from enum import StrEnum

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
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class EnablePolicyType:
    """Enable a policy type on the root."""

    type: str


@dataclass(frozen=True, slots=True)
class EnableTrustedAccess:
    """Let a service act in every account of the organisation."""

    principal: str


@dataclass(frozen=True, slots=True)
class ActivateStackSets:
    """Let StackSets deploy to units by themselves."""


@dataclass(frozen=True, slots=True)
class RegisterAdministrator:
    """Make an account the delegated administrator of a service."""

    account: AccountId
    principal: str


@dataclass(frozen=True, slots=True)
class CreateServiceLinkedRole:
    """Create the role under which a service works in the step's account."""

    service: str


@dataclass(frozen=True, slots=True)
class SwitchGlobalSettings:
    """Switch on settings that AWS Backup keeps for the organisation."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptIn:
    """Let AWS Backup serve these types in the step's Region, and manage those of the second list fully."""

    served: tuple[str, ...]
    fully_managed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockVault:
    """Put the lock on a vault again; the cooling-off time begins anew."""

    vault: str
    lock: VaultLock


@dataclass(frozen=True, slots=True)
class DeployStack:
    """Create or update a stack, without the policies of these names if there are any."""

    name: str
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BringStacks:
    """Bring a StackSet's stacks to these accounts and Regions: once more, or for the first time."""

    stack_set: str
    accounts: tuple[AccountId, ...]
    regions: tuple[Region, ...]
    are_new: bool


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """Write the rendered document and description over a policy's own."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AttachPolicy:
    """Attach a policy to a unit or account."""

    id: str
    target: str


@dataclass(frozen=True, slots=True)
class DetachPolicy:
    """Detach a policy from a root, unit or account."""

    id: str
    target: str


@dataclass(frozen=True, slots=True)
class DeployControlPlane:
    """What only a person does: build and deploy the control plane with SAM."""


@dataclass(frozen=True, slots=True)
class DeployEvidenceLog:
    """What only a person does: build and deploy the application of the audit account with SAM."""


@dataclass(frozen=True, slots=True)
class KeepRules:
    """Put these texts among the evidence, each under its own hash, and in this order."""

    texts: tuple[str, ...]


type OrganizationAct = EnablePolicyType | EnableTrustedAccess | RegisterAdministrator
type PolicyAct = WritePolicy | AttachPolicy | DetachPolicy
type BackupAct = SwitchGlobalSettings | OptIn | LockVault
type StackAct = ActivateStackSets | DeployStack | BringStacks | DeployControlPlane | DeployEvidenceLog
type Act = OrganizationAct | PolicyAct | BackupAct | StackAct | CreateServiceLinkedRole | KeepRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change that is still missing; its id stays the same from plan to plan."""

    id: str
    kind: StepKind
    account: AccountId
    region: Region
    what: str
    before: str
    after: str
    act: Act


@dataclass(frozen=True, slots=True)
class RolloutPlan:
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
