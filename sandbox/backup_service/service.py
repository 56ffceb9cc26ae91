"""AWS Backup, put together: one handler for its API, and the controls of the sandbox."""

import asyncio
from collections.abc import Awaitable, Collection, Mapping
from typing import Any

from sandbox.backup_service import audit_manager, preferences, tags, wire
from sandbox.backup_service.clockwork import Clockwork
from sandbox.backup_service.errors import BackupServiceError, UnknownOperationException
from sandbox.backup_service.estate import ApprovalTeam, Caller, Estate, Operation
from sandbox.backup_service.jobs import backup_calls, copy_calls, restores
from sandbox.backup_service.jobs import scans as scan_jobs
from sandbox.backup_service.jobs.expiry import lose
from sandbox.backup_service.passing_days import JobsRunError, let_days_pass, running_jobs
from sandbox.backup_service.plans import local as local_plans
from sandbox.backup_service.plans.runs import run_plans
from sandbox.backup_service.surroundings import Document, Place, Surroundings
from sandbox.backup_service.vaults import access_policies, air_gapped, approvals, recovery_points, restore_access, scans
from sandbox.backup_service.vaults import calls as vaults
from sandbox.backup_service.vaults import locks as vault_locks
from sandbox.seams.backup import InternalCallError

OPERATIONS: Mapping[str, Operation] = {
    **vaults.OPERATIONS,
    **air_gapped.OPERATIONS,
    **restore_access.OPERATIONS,
    **access_policies.OPERATIONS,
    **vault_locks.OPERATIONS,
    **recovery_points.OPERATIONS,
    **scans.OPERATIONS,
    **scan_jobs.OPERATIONS,
    **tags.OPERATIONS,
    **backup_calls.OPERATIONS,
    **copy_calls.OPERATIONS,
    **restores.OPERATIONS,
    **local_plans.OPERATIONS,
    **preferences.OPERATIONS,
    **audit_manager.OPERATIONS,
}


_DATABASES = {
    "db": ("DescribeDBInstances", "DBInstanceIdentifier"),
    "cluster": ("DescribeDBClusters", "DBClusterIdentifier"),
}


class BackupService:
    """AWS Backup in every account and Region."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.clockwork = Clockwork()
        self.estate = Estate(surroundings, self.clockwork)

    async def answer(
        self, caller: Caller, method: str, path: str, body: bytes, query: Mapping[str, Any]
    ) -> wire.Answer:
        """Answer one API request of a caller whom IAM has let through."""
        return await asyncio.wrap_future(self.clockwork.submit(self._answer(caller, method, path, body, query)))

    async def _answer(
        self, caller: Caller, method: str, path: str, body: bytes, query: Mapping[str, Any]
    ) -> wire.Answer:
        try:
            name, request = wire.read_request(method, path, body, query)
            operation = OPERATIONS.get(name)
            if operation is None:
                raise UnknownOperationException(f"{name} is not played here")
            approvals.expire_sessions(self.estate)
            access_policies.ensure_not_denied(self.estate, caller, name, request)
            answer = operation(self.estate, caller, request)
            return wire.write_answer(name, await answer if isinstance(answer, Awaitable) else answer)
        except BackupServiceError as error:
            return wire.write_error(error)

    def run_plans(self, schedule: str | None = None) -> list[Document]:
        """It is that schedule's time now (or every rule's): the jobs that were started. Not for the event loop."""
        return self.clockwork.submit(run_plans(self.estate, schedule)).result()

    def settle(self, timeout: float = 60.0) -> None:
        """Wait until every job has ended; JobsRunError, which names those that have not, after so many seconds."""
        try:
            self.clockwork.submit(self.clockwork.settle()).result(timeout)
        except TimeoutError as error:
            raise JobsRunError(running_jobs(self.estate)) from error

    def let_days_pass(self, days: int, *, patience: float = 45.0) -> list[str]:
        """Make all that is kept that many days older, once every job has ended; the recovery points that expired.

        JobsRunError after so many seconds of `patience`, and no day has passed: a job that began in another day than
        it ended would be a backup of a whole day. Not for the event loop.
        """
        self.settle(patience)
        return self.clockwork.submit(let_days_pass(self.estate, days)).result()

    def lose(self, recovery_point: str) -> None:
        """Let what a vault keeps be gone, as nothing of AWS's would have it; LookupError if there is no such thing."""
        self.clockwork.submit(lose(self.estate, recovery_point)).result()

    def end_scan(self, recovery_point: str, *, state: str, result: str) -> str:
        """Let a scan of the recovery point end so; the id of its job."""

        async def end() -> str:
            return scans.end_scan(self.estate, recovery_point, state=state, result=result).job_id

        return self.clockwork.submit(end()).result()

    def share_team(self, arn: str, accounts: Collection[str]) -> None:
        """Let there be an approval team, which is shared with these accounts."""

        async def share() -> None:
            self.estate.approval_teams[arn] = ApprovalTeam(arn, frozenset(accounts))

        self.clockwork.submit(share()).result()

    def vote(self, vault: str, decision: str) -> Document:
        """Let the team say so of what it is asked for of the vault; VoteError where it is asked for nothing."""

        async def say() -> Document:
            session = approvals.vote(self.estate, vault, decision)
            return {"session": session.arn, "action": session.action, "status": session.status}

        return self.clockwork.submit(say()).result()

    def team_of(self, vault: str) -> str:
        """The approval team of the vault, empty where it has none."""
        found = self.estate.vault_by_arn(vault)
        return (found.approval_team if found else None) or ""

    def order_fault(self, request: Document) -> list[Document]:
        """Let something go wrong once; answers all faults that wait."""

        async def order() -> list[Document]:
            self.estate.faults.order(request)
            return self.estate.faults.described()

        return self.clockwork.submit(order()).result()

    def clear_faults(self) -> None:
        """Forget the faults that have not happened, and end those that last."""

        async def clear() -> None:
            self.estate.faults.clear()

        self.clockwork.submit(clear()).result()

    def may_be_shared(self, vault_arn: str) -> bool | None:
        """Whether a vault can be shared with other accounts, which an air-gapped one can; None where there is none."""
        vault = self.estate.vault_by_arn(vault_arn)
        return None if vault is None else vault.is_air_gapped

    def execute_sql(self, database_arn: str, sql: str) -> Document:
        """Play the application that is connected to an RDS instance or cluster, which must exist."""

        async def ensure_exists() -> None:
            parts = database_arn.split(":", 6)
            services = self.estate.services(Place(parts[4], parts[3]))
            if parts[2] == "eks":
                await services.call("eks", "DescribeCluster", name=parts[5].partition("/")[2])
                return
            operation, member = _DATABASES.get(parts[5] if len(parts) == 7 else "", ("", ""))
            if not operation:
                raise InternalCallError("InvalidParameterValue", f"{database_arn} is not a database")
            await services.call("rds", operation, **{member: parts[6]})

        self.clockwork.submit(ensure_exists()).result()
        return self.estate.surroundings.disks.execute(database_arn, sql)

    def stop(self) -> None:
        """Cancel what runs, and end the service's thread."""
        self.clockwork.stop()
        self.estate.surroundings.disks.close()
