"""What stops `strongroom plan` and `strongroom apply` in AWS, with the least policy that lets them go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from strongroom.adapters.aws import account_access, account_inspection, intent_layers, tagged_resources
from strongroom.adapters.aws.backup import job_sizes, settings
from strongroom.adapters.aws.cloudformation import stack_sets, stacks
from strongroom.adapters.aws.doctor import keys, surroundings
from strongroom.adapters.aws.doctor.reading import READINGS
from strongroom.adapters.aws.evidence.bucket import EvidenceReader
from strongroom.adapters.aws.organizations import policies, quotas, switches, tree, vault_shares
from strongroom.adapters.aws.restores import profile_places
from strongroom.domain.doctor.diagnosis import Check
from strongroom.domain.doctor.obstacles import narrowed, remedy_of
from strongroom.domain.errors import (
    AccessRefusedError,
    CredentialsMissingError,
    StepFailedError,
    StrongroomError,
    TemporarilyUnavailableError,
    WrongAccountError,
)

_ASKED_OF_AWS: Final = tuple(
    action
    for adapter in (
        account_inspection,
        intent_layers,
        job_sizes,
        keys,
        policies,
        profile_places,
        quotas,
        settings,
        stack_sets,
        stacks,
        surroundings,
        switches,
        tagged_resources,
        tree,
        vault_shares,
    )
    for action in adapter.ACTIONS
)
PLAN: Final = Check(
    id="plan",
    assumption="what the intent asks for can be compared with the organisation",
    calls=(
        *account_access.ACTIONS,
        *EvidenceReader.ACTIONS,
        *(action for action in _ASKED_OF_AWS if action.partition(":")[2].startswith(READINGS)),
    ),
    remedy="run strongroom plan --policy, which prints all that it reads with",
)

GO_ON: Final = "run this again to go on"

type Why = Callable[[StrongroomError, Check], str]


@contextmanager
def obstacles_told(why: Why) -> Iterator[None]:
    """Say of what AWS refuses, in one line, what is missing and the least policy that gives it."""
    try:
        yield
    except (
        AccessRefusedError,
        CredentialsMissingError,
        TemporarilyUnavailableError,
        WrongAccountError,
    ) as error:
        check = narrowed(PLAN, error)
        told = why(error, check)
        raise type(error)(f"{told}; {PLAN.remedy}" if check.least_policy in told else told) from error


def why_stopped(error: StepFailedError) -> str:
    """The step that failed, and how to go on: what is missing first, where that is known."""
    cause = error.__cause__
    if not isinstance(cause, StrongroomError) or isinstance(cause, StepFailedError):
        return str(error)  # it says itself what to do
    remedy = remedy_of(cause, narrowed(PLAN, cause))
    again = () if "run this again" in remedy else (GO_ON,)
    return "; ".join(part for part in (str(error), remedy, *again) if part)
