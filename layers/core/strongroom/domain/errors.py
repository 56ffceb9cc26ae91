"""Every way in which Strongroom can fail: each name finishes the sentence "this failed because …"."""


class StrongroomError(Exception):
    """The root of every error that Strongroom raises on purpose."""


class MalformedIdentifierError(StrongroomError):
    """An ARN, account id or key does not have the shape that its kind demands."""


class MalformedEventError(StrongroomError):
    """An event does not carry what its contract promises."""


class IntentInvalidError(StrongroomError):
    """The intent file contradicts itself or the world."""


class ConfigurationMissingError(StrongroomError):
    """A setting that the function needs was not given to it."""


class AccessRefusedError(StrongroomError):
    """AWS refused a call that Strongroom relies on."""


class TemporarilyUnavailableError(StrongroomError):
    """The other side is busy or not ready; the same call may succeed later."""


class ResourceNotReadyError(TemporarilyUnavailableError):
    """The resource exists but cannot be changed yet."""


class NotFoundError(StrongroomError):
    """What was asked for does not exist."""


# the restore ceremony


class NotAuthenticatedError(StrongroomError):
    """Whoever asks did not prove who they are."""


class PermissionRefusedError(StrongroomError):
    """Whoever asks is known, and may not."""


class MalformedRequestError(StrongroomError):
    """What was asked for is not spelled as it must be."""


class RestoreRefusedError(StrongroomError):
    """The rules do not allow the restore that was asked for."""


class QuorumUndefinedError(StrongroomError):
    """Nobody is named who could approve."""


class TicketRefusedError(StrongroomError):
    """The ticket does not entitle to this restore."""


class TicketWithdrawnError(StrongroomError):
    """The ticket entitled to this restore and no longer does."""


class ApprovalVoidError(StrongroomError):
    """The approval does not hold at the moment of acting."""


class ForeignExecutionError(ApprovalVoidError):
    """Another execution than the one that the request belongs to tries to carry it."""


class CopyBackFailedError(StrongroomError):
    """The recovery point did not arrive in the local vault."""


class RestoreFailedError(StrongroomError):
    """The restore job did not make what was approved."""


class CopyRefusedError(StrongroomError):
    """AWS Backup does not accept the request: what it asks for is not possible as things stand."""


# the rollout


class CallRefusedError(StrongroomError):
    """AWS did not accept a call, or could not be reached at all."""


class WrongAccountError(StrongroomError):
    """The credentials at hand belong to another account than the one that the work is done from."""


class RolloutRefusedError(StrongroomError):
    """The plan has errors that must be settled first."""


class StepFailedError(StrongroomError):
    """A step of the rollout could not be taken."""
