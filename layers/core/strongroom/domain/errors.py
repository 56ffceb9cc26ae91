"""Every way in which Strongroom can fail: each name finishes the sentence "this failed because …".

The branches are drawn by what follows from them, and whoever retries, buries or answers HTTP names a branch:

StrongroomError
├── TemporarilyUnavailableError      of the moment: queues and state machines try again
│   ├── ResourceNotReadyError
│   ├── ThrottledError
│   └── NotWitnessedYetError
├── MalformedError                   no other try mends it: events are buried at once
│   ├── MalformedIdentifierError
│   ├── MalformedEventError
│   ├── MalformedRequestError
│   ├── MalformedRecordError
│   └── IntentInvalidError
├── RefusedError                     somebody said no, and is right until the world changes: told to whoever asked
│   ├── NotAuthenticatedError
│   ├── PermissionRefusedError
│   ├── AccessRefusedError
│   │   ├── CredentialsExpiredError
│   │   └── CredentialsUnknownError
│   ├── CeremonyMissingError
│   ├── RestoreRefusedError
│   │   └── FaultsFoundError
│   ├── ApprovalPendingError
│   ├── QuorumUndefinedError
│   ├── TicketRefusedError
│   ├── WrongAccountError
│   ├── RolloutRefusedError
│   ├── AlreadyDoneError
│   ├── AlertChangedError
│   └── ConditionUnmetError
├── VoidError                        what was agreed no longer holds: the ceremony ends
│   ├── ApprovalVoidError
│   │   └── ForeignExecutionError
│   └── TicketWithdrawnError
├── NotFoundError                    an answer like any other, to whoever asked
│   ├── SettingNotFoundError
│   └── TagsNotFoundError
└── FailedError                      nobody's decision: somebody of ours must look
    ├── ConfigurationMissingError
    ├── CallRefusedError
    │   ├── CopyRefusedError
    │   └── CredentialsMissingError
    ├── ItemUnreadableError
    ├── LogBrokenError
    ├── ExecutionEndedError
    ├── CopyBackFailedError
    ├── RestoreFailedError
    │   └── RestoreDiffersError
    └── StepFailedError
"""

from datetime import datetime


class StrongroomError(Exception):
    """The root of every error that Strongroom raises on purpose."""


# try again


class TemporarilyUnavailableError(StrongroomError):
    """The other side is busy or not ready; the same call may succeed later."""


class ResourceNotReadyError(TemporarilyUnavailableError):
    """The resource exists but cannot be changed yet."""


class ThrottledError(TemporarilyUnavailableError):
    """The call was refused as one too many at once: it was answered, and began nothing."""


class NotWitnessedYetError(TemporarilyUnavailableError):
    """The audit account's log has not signed what must be witnessed before the act."""


# malformed


class MalformedError(StrongroomError):
    """What came in is not spelled as it must be, and will not be at the next try."""


class MalformedIdentifierError(MalformedError):
    """An ARN, account id or key does not have the shape that its kind demands."""


class MalformedEventError(MalformedError):
    """An event does not carry what its contract promises."""


class MalformedRequestError(MalformedError):
    """What was asked for is not spelled as it must be."""


class MalformedRecordError(MalformedError):
    """A request, a proof, a rule or a piece of evidence is not written as its format has it."""


class IntentInvalidError(MalformedError):
    """The intent file contradicts itself or the world."""


# refused


class RefusedError(StrongroomError):
    """Whoever decides said no."""


class NotAuthenticatedError(RefusedError):
    """Whoever asks did not prove who they are."""


class PermissionRefusedError(RefusedError):
    """Whoever asks is known, and may not."""


class AccessRefusedError(RefusedError):
    """The other side does not let Strongroom do what it relies on."""


class CredentialsExpiredError(AccessRefusedError):
    """The credentials were good once."""


class CredentialsUnknownError(AccessRefusedError):
    """AWS does not know the credentials: they are wrong, or good and their account has that Region switched off."""


class CeremonyMissingError(RefusedError):
    """The intent has no restore ceremony, or not all that one takes."""


class RestoreRefusedError(RefusedError):
    """The rules do not allow the restore that was asked for."""


class FaultsFoundError(RestoreRefusedError):
    """More than one thing is wrong with what was asked for; `faults` has a sentence for each."""

    def __init__(self, *faults: str) -> None:
        """Keep the sentences beside the one text that joins them."""
        self.faults = faults
        super().__init__(faults[0] if len(faults) == 1 else f"{len(faults)} things are wrong: {'; '.join(faults)}")


class ApprovalPendingError(RefusedError):
    """Not enough people have signed yet, or a delay still runs: nothing is wrong, and nothing may be done."""


class QuorumUndefinedError(RefusedError):
    """Nobody is named who could approve."""


class TicketRefusedError(RefusedError):
    """The ticket does not entitle to this restore."""


class WrongAccountError(RefusedError):
    """The credentials at hand belong to another account than the one that the work is done from."""


class RolloutRefusedError(RefusedError):
    """The plan has errors that must be settled first."""


class AlreadyDoneError(RefusedError):
    """Things stand already as the call would have made them, or it comes too late to change them."""


class AlertChangedError(RefusedError):
    """The alert is not any more what the person saw who answers it."""


class ConditionUnmetError(RefusedError):
    """What is stored is not as the writer demanded: somebody else was first."""


# void


class VoidError(StrongroomError):
    """What was agreed does not hold at the moment of acting."""


class ApprovalVoidError(VoidError):
    """The approval does not hold at the moment of acting."""


class ForeignExecutionError(ApprovalVoidError):
    """Another execution than the one that the request belongs to tries to carry it."""


class TicketWithdrawnError(VoidError):
    """The ticket entitled to this restore and no longer does."""


# not found


class NotFoundError(StrongroomError):
    """What was asked for does not exist."""


class SettingNotFoundError(NotFoundError):
    """The resource exists and has no such setting."""


class TagsNotFoundError(NotFoundError):
    """The resource exists and carries no tags."""


# failed


class FailedError(StrongroomError):
    """What should have worked did not, and only a person can say why."""


class ConfigurationMissingError(FailedError):
    """A setting, a permission or a resource that the function needs was not given to it."""


class CallRefusedError(FailedError):
    """AWS did not accept a call, or it could not even be sent."""


class CopyRefusedError(CallRefusedError):
    """AWS Backup does not accept the copy: what it asks for is not possible as things stand."""


class CredentialsMissingError(CallRefusedError):
    """There are no credentials to sign a call with."""


class ItemUnreadableError(FailedError):
    """The ledger holds it, and not as this release reads it; `due_at` is since when it is to be looked at, if known."""

    def __init__(self, reason: str, *, due_at: datetime | None = None) -> None:
        """Keep the moment beside the sentence."""
        self.due_at = due_at
        super().__init__(reason)


class LogBrokenError(FailedError):
    """What is kept of the log contradicts what was signed."""


class ExecutionEndedError(FailedError):
    """The execution that carried a ceremony ended before the ceremony did."""


class CopyBackFailedError(FailedError):
    """The recovery point did not arrive in the local vault."""


class RestoreFailedError(FailedError):
    """The restore job did not make what was approved."""


class RestoreDiffersError(RestoreFailedError):
    """The restore job made something, and not what was approved."""


class StepFailedError(FailedError):
    """A step of the rollout could not be taken."""
