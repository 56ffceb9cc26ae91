"""Clients of services whose own calls restore, and whatever restores all else."""

from dataclasses import dataclass, field
from datetime import datetime

from botocore.exceptions import ClientError

from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.restores import a_restore_job


@dataclass
class Accounts[Client]:
    """The one client of all members, and how it was asked for."""

    given: Client
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    behalf: Behalf | None = None
    policy: str = ""

    def client(
        self, service: str, *, account: str, region: str, behalf: Behalf | None = None, policy: str = ""
    ) -> Client:
        self.asked.append((service, account, region))
        self.behalf, self.policy = behalf, policy
        return self.given


class Others:
    """Whatever does all else is told by its name."""

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return f"job of {request.id} out of {recovery_point}"

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        return a_restore_job(id=job_id, account=request.account)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        return (request.id, recovery_point, str(since))


def refused(code: str, operation: str) -> ClientError:
    """How boto3 tells that a service refuses an operation."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
