"""What AWS answers instead of a result, in our words: the one table, and the only place that knows botocore's errors.

Sources: "Errors" of each operation's page in the API references; "Common errors" of each service; for the codes of
throttling, botocore's `retries/standard.py`.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import (
    AccessRefusedError,
    AlreadyDoneError,
    CallRefusedError,
    ConditionUnmetError,
    ConfigurationMissingError,
    CopyRefusedError,
    CredentialsExpiredError,
    CredentialsMissingError,
    CredentialsUnknownError,
    NotFoundError,
    ResourceNotReadyError,
    SettingNotFoundError,
    StrongroomError,
    TagsNotFoundError,
    TemporarilyUnavailableError,
    ThrottledError,
)

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

type Meaning = type[StrongroomError]

_BUSY: Final = (
    "BandwidthLimitExceeded",
    "ConcurrentModification",
    "ConcurrentModificationException",
    "ConditionalRequestConflict",
    "DependencyTimeoutException",
    "EC2ThrottledException",
    "ExecutionLimitExceeded",
    "FinalizingOrganizationException",
    "InternalError",
    "InternalException",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "InternalServiceError",
    "KMSInternalException",
    "KMSThrottling",
    "KeyUnavailableException",
    "KmsThrottled",
    "KmsThrottlingException",
    "LimitExceededException",
    "OperationInProgressException",
    "PolicyChangesInProgressException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceException",
    "ServiceFailure",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "Unavailable",
)
# RDS says `Fault` for clusters and leaves it out for instances.
_NOT_READY: Final = (
    "IncorrectFileSystemLifeCycleState",
    "InvalidDBClusterStateFault",
    "InvalidDBInstanceState",
    "InvalidDBInstanceStateFault",
    "OperationAborted",
    "ResourceInUseException",
)
# A refusal may be about the call or about the credentials: whose sessions were revoked is denied like anybody else.
REFUSALS: Final = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "AuthorizationError",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
)
_ABSENT: Final = (
    "AWS.SimpleQueueService.NonExistentQueue",
    "AccountNotFoundException",
    "ChildNotFoundException",
    "ClusterNotFound",
    "DBClusterNotFound",
    "DBClusterNotFoundFault",
    "DBInstanceNotFound",
    "DBInstanceNotFoundFault",
    "EffectivePolicyNotFoundException",
    "FileSystemNotFound",
    "InvalidInstanceID.NotFound",
    "InvalidVolume.NotFound",
    "NoSuchBucket",
    "NoSuchEntity",
    "NoSuchEntityException",
    "NoSuchResourceException",
    "NotFound",
    "NotFoundException",
    "ParentNotFoundException",
    "PolicyNotFoundException",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
    "ResourcePolicyNotFoundException",
    "StackSetNotFoundException",
    "StateMachineDoesNotExist",
    "TargetNotFoundException",
    "VolumeNotFound",
)
_DONE: Final = (
    "AccountAlreadyRegisteredException",
    "DuplicatePolicyAttachmentException",
    "ExecutionAlreadyExists",
    "PolicyNotAttachedException",
    "PolicyTypeAlreadyEnabledException",
)

_MEANING: Final[Mapping[str, Meaning]] = {
    **dict.fromkeys(_BUSY, TemporarilyUnavailableError),
    **dict.fromkeys(_NOT_READY, ResourceNotReadyError),
    **dict.fromkeys(REFUSALS, AccessRefusedError),
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException"), CredentialsExpiredError),
    # Also the answer of a Region that the account has not switched on (Account Management Reference Guide, "Enable or
    # disable AWS Regions in your account"), and STS's own word for it.
    **dict.fromkeys(
        ("InvalidClientTokenId", "RegionDisabledException", "UnrecognizedClientException"), CredentialsUnknownError
    ),
    **dict.fromkeys(_ABSENT, NotFoundError),
    **dict.fromkeys(_DONE, AlreadyDoneError),
    **dict.fromkeys(("ConditionalCheckFailedException", "PreconditionFailed"), ConditionUnmetError),
    **dict.fromkeys(("NoSuchLifecycleConfiguration", "ReplicationConfigurationNotFoundError"), SettingNotFoundError),
    "NoSuchTagSet": TagsNotFoundError,
}

# The ledger, bus, topic, queue, secrets, key and ceremonies are our own: where they are missing or closed to us, the
# control plane is set up wrong, and nobody must take that for an absent item or for a member's refusal.
_OURS: Final = (
    "DescribeExecution",
    "GetItem",
    "GetPublicKey",
    "GetSecretValue",
    "Publish",
    "PutEvents",
    "PutItem",
    "Query",
    "SendMessage",
    "SendTaskSuccess",
    "Sign",
    "StartExecution",
    "TransactWriteItems",
    "UpdateItem",
)
# Of the codes above those of a quota or a rate: whoever is answered so has begun nothing.
_TOO_MANY: Final = (
    "LimitExceededException",
    "RequestLimitExceeded",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
)
# What begins a restore, the role that is assumed for it, and what Redshift Serverless is asked right before.
_RESTORING: Final = ("AssumeRole", "GetNamespace", "GetSnapshot", "RestoreFromSnapshot", "StartRestoreJob")
_UNUSABLE: Final = (
    "InvalidParameterValueException",
    "InvalidRequestException",
    "MissingParameterValueException",
)
# Why a transaction was cancelled and will be each time.
_UNMENDED: Final = ("ItemCollectionSizeLimitExceeded", "ValidationError")
# A late answer has a different name wherever it is given, and means the same.
_CLOSED: Final = ("InvalidToken", "TaskDoesNotExist", "TaskTimedOut")

# The same code, where an operation means something else by it.
_MEANING_OF_OPERATION: Final[Mapping[tuple[str, str], Meaning]] = {
    **{(operation, code): ConfigurationMissingError for operation in _OURS for code in (*REFUSALS, *_ABSENT)},
    **{("SendTaskSuccess", code): AlreadyDoneError for code in _CLOSED},
    **{("StartCopyJob", code): CopyRefusedError for code in _UNUSABLE},
    **{(operation, code): ThrottledError for operation in _RESTORING for code in _TOO_MANY},
    # AWS Backup lists no tags of the types that it does not fully manage (API reference of ListTags).
    **{("ListTags", code): NotFoundError for code in _UNUSABLE},
    # "AWS Backup can't perform the action that you requested until it finishes performing a previous action."
    **{(operation, "ConflictException"): TemporarilyUnavailableError for operation in ("ListTags", "StartCopyJob")},
    ("PutObject", "NoSuchBucket"): ConfigurationMissingError,
    # Quotas of stacks and of such vaults, and none of time.
    ("CreateChangeSet", "LimitExceededException"): CallRefusedError,
    ("CreateRestoreAccessBackupVault", "LimitExceededException"): CallRefusedError,
    ("DescribeStacks", "ValidationError"): NotFoundError,  # there is no code of its own for a stack that is not there
}


@contextmanager
def aws_errors(
    doing: str = "",
    *,
    otherwise: Meaning | None = None,
    absent: Collection[str] = (),
    early: Collection[str] = (),
) -> Iterator[None]:
    """Raise what AWS and botocore answer instead of a result as our own errors, in one line.

    `doing` says what could not be done; `otherwise` is raised for whatever the passing of time does not mend; `absent`
    are the codes by which a service says, here only, that what was asked for does not exist, `early` those by which it
    says that it is too early.
    """
    # Every client has loaded this module; our own import must not.
    from botocore import exceptions

    try:
        yield
    except exceptions.ClientError as error:
        said = f"{error.operation_name} answered {_code(error)}: {error.response['Error'].get('Message', '')}"
        meaning = _meaning_here(_code(error), absent=absent, early=early) or _meaning(error)
        raise _lasting(meaning, otherwise)(_one_line(doing, said.removesuffix(": "))) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.ProfileNotFound) as error:
        raise _lasting(CredentialsMissingError, otherwise)(_one_line(doing, str(error))) from error
    except (
        exceptions.SSOTokenLoadError,
        exceptions.TokenRetrievalError,
        exceptions.UnauthorizedSSOTokenError,
    ) as error:
        raise _lasting(CredentialsExpiredError, otherwise)(_one_line(doing, str(error))) from error
    except (exceptions.NoRegionError, exceptions.ParamValidationError) as error:  # never sent
        raise _lasting(CallRefusedError, otherwise)(_one_line(doing, str(error))) from error
    except (exceptions.BotoCoreError, _unreadable()) as error:  # no route, no answer in time, half of one
        raise TemporarilyUnavailableError(_one_line(doing, str(error))) from error


def _unreadable() -> type[Exception]:
    """The error of an answer that cannot be parsed; asked for late, because its module loads most of botocore."""
    from botocore.parsers import ResponseParserError

    return ResponseParserError


def _meaning_here(code: str, *, absent: Collection[str], early: Collection[str]) -> Meaning | None:
    if code in absent:
        return NotFoundError
    return ResourceNotReadyError if code in early else None


def _lasting(meaning: Meaning, otherwise: Meaning | None) -> Meaning:
    if otherwise is None or issubclass(meaning, (TemporarilyUnavailableError, otherwise)):
        return meaning
    return otherwise


def _meaning(error: "ClientError") -> Meaning:
    code = _code(error)
    if code == "TransactionCanceledException":
        return _meaning_of_transaction(error)
    known = _MEANING_OF_OPERATION.get((error.operation_name, code)) or _MEANING.get(code)
    if known is not None:
        return known
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return TemporarilyUnavailableError if status >= 500 or status == 429 else CallRefusedError


def _meaning_of_transaction(error: "ClientError") -> Meaning:
    """By its reasons: a condition that was not met is an answer, a change that cannot be made never will be.

    Whatever else was in the way passes (API reference of TransactWriteItems, "Cancellation reason codes").
    """
    reasons = {each.get("Code") for each in error.response.get("CancellationReasons", [])}
    if "ConditionalCheckFailed" in reasons:
        return ConditionUnmetError
    return CallRefusedError if reasons & {*_UNMENDED} else TemporarilyUnavailableError


def _code(error: "ClientError") -> str:
    return error.response["Error"].get("Code", "Unknown")


def _one_line(doing: str, said: str) -> str:
    return " ".join((f"{doing}: {said}" if doing else said).split())
