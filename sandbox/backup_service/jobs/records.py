"""What all three kinds of job do alike: end, wait, remember idempotency tokens, show up in lists."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.backup_service.errors import AccessDeniedException, InvalidParameterValueException
from sandbox.backup_service.estate import Caller, Estate, Job, TokenUse
from sandbox.backup_service.listing import LISTED, keep
from sandbox.backup_service.surroundings import Document

SUCCESS = "SUCCESS"
ACCESS_DENIED = "AccessDenied"
INVALID_PARAMETERS = "INVALIDPARAMETERS"
FAILURE = "FAILURE"


def end(estate: Estate, job: Job, state: str, message: str | None = None, category: str = SUCCESS) -> None:
    """Bring a job to its last state."""
    job.state = state
    job.message = message
    job.category = category
    job.completed = estate.now()


async def breathe(estate: Estate) -> None:
    """Let half of a job's time pass."""
    await asyncio.sleep(estate.surroundings.job_seconds / 2)


def used_before(estate: Estate, operation: str, caller: Caller, request: Document) -> str | None:
    """The job that the request's idempotency token has started already, if any."""
    use = estate.tokens.get((operation, caller.place, str(request.get("IdempotencyToken"))))
    if use is None:
        return None
    if dict(use.request) != request:
        raise InvalidParameterValueException("The idempotency token was used before with other parameters")
    return use.job_id


def remember_token(estate: Estate, operation: str, caller: Caller, request: Document, job_id: str) -> None:
    """Tie the request's idempotency token, if it has one, to the job it started."""
    if token := request.get("IdempotencyToken"):
        estate.tokens[operation, caller.place, str(token)] = TokenUse(dict(request), job_id)


def visible[J: Job](estate: Estate, caller: Caller, jobs: dict[str, J], request: Document) -> list[J]:
    """The jobs of the Region that the caller may list: its own, or by `ByAccountId` those of others.

    API reference, ListBackupJobs, ListCopyJobs, ListRestoreJobs: those of the last 30 days.
    """
    account = request.get("ByAccountId") or caller.place.account
    if account != caller.place.account:
        organization = estate.surroundings.organization
        if caller.place.account not in (organization.management_account, *organization.delegated_administrators()):
            raise AccessDeniedException(f"Account {caller.place.account} cannot list the jobs of other accounts")
    since = estate.now() - LISTED
    here = [job for job in jobs.values() if job.place.region == caller.place.region and job.created > since]
    here = [job for job in here if estate.shows(job.created)]
    return [job for job in here if account in ("*", job.place.account)]


def children_told(jobs: Iterable[Job], parent: Job) -> Document:
    """What is told of a job's place in a composite: its parent, or how far its nested ones are."""
    states = Counter(job.state for job in jobs if job.parent_id == parent.id)
    return {
        "IsParent": parent.is_parent,
        "ParentJobId": parent.parent_id,
        "NumberOfChildJobs": states.total() if parent.is_parent else None,
        "ChildJobsInState": dict(states) if parent.is_parent else None,
    }


def select[J: Job](jobs: list[J], request: Document, filters: dict[str, Callable[[J], Any]]) -> list[J]:
    """The jobs that pass the filters common to all kinds and those of this one, newest first."""
    common: dict[str, Callable[[J], Any]] = {
        "ByResourceType": lambda job: job.resource_type,
        "ByCreatedBefore": lambda job: job.created,
        "ByCreatedAfter": lambda job: job.created,
        "ByCompleteBefore": lambda job: job.completed,
        "ByCompleteAfter": lambda job: job.completed,
        "ByParentJobId": lambda job: job.parent_id,
    }
    return sorted(keep(jobs, request, common | filters), key=lambda job: job.created, reverse=True)
