"""AWS Backup in its place in the sandbox: its API behind the front door, its controls under `/_sandbox`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.authority.approvals import ask_teams
from sandbox.authority.judging import why_role_may_not
from sandbox.backup_service.estate import Caller
from sandbox.backup_service.faults import FaultRequestError
from sandbox.backup_service.passing_days import JobsRunError
from sandbox.backup_service.service import BackupService
from sandbox.backup_service.surroundings import Document, Natives, Place, Surroundings
from sandbox.backup_service.vaults.approvals import Habits, VoteError, habits
from sandbox.backup_service.vaults.scans import ScanRequestError
from sandbox.example.disks import DiskError, Disks
from sandbox.file_systems import service as file_systems
from sandbox.organization import service as organization_service
from sandbox.seams import backup as seams_backup
from sandbox.seams import databases, snapshots
from sandbox.seams import host as seams
from sandbox.seams.backup import InternalCallError
from sandbox.seams.host import ServiceAnswer
from sandbox.seams.snapshots import NativeSnapshot
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATION_ID, Settings
from sandbox.sharing import service as sharing
from sandbox.trail import tap as trail
from sandbox.warehouses import serverless
from sandbox.warehouses import service as warehouses
from sandbox.web import control, lag

# Who keeps them, by the service in their ARNs; all others the emulator does.
_KEEPERS: Final[Mapping[str, Natives]] = {
    "fsx": file_systems,
    "redshift": warehouses,
    "redshift-serverless": serverless,
}
_running: list[BackupService] = []


@dataclass(frozen=True, slots=True)
class SandboxOrganization:
    """The sandbox's organisation, as AWS Backup sees it."""

    id: str = ORGANIZATION_ID
    management_account: str = MANAGEMENT_ACCOUNT

    def accounts(self) -> list[str]:
        """Every account of the organisation that is not closed."""
        return [account for account in organization_service.accounts() if not organization_service.is_closed(account)]

    def path_of(self, account: str) -> str | None:
        """`o-x/r-x/ou-x/` for a member, None for a stranger."""
        return organization_service.path_of(account)

    def delegated_administrators(self) -> list[str]:
        """The accounts that may watch the backups of all others."""
        return organization_service.delegated_administrators()

    def effective_backup_policy(self, account: str) -> Document:
        """The account's merged backup policy."""
        return organization_service.effective_backup_policy(account)


@dataclass(frozen=True, slots=True)
class _Natives:
    """The services that keep snapshots, images and backups of their own."""

    def keep(self, snapshot: NativeSnapshot, account: str, region: str) -> None:
        """Let the service show it."""
        _keeper(snapshot.arn).keep(snapshot, account, region)

    def drop(self, arn: str, account: str, region: str) -> None:
        """Let the service show it no more."""
        _keeper(arn).drop(arn, account, region)


def _keeper(arn: str) -> Natives:
    return _KEEPERS.get(arn.split(":")[2], snapshots)


def publish(
    source: str, detail_type: str, detail: Document, account: str, region: str, resources: Sequence[str]
) -> None:
    """Put an event of AWS Backup on the default bus of an account."""
    seams.publish_aws_event(source, detail_type, detail, account, region, resources)


def install(settings: Settings) -> None:
    """Answer AWS Backup's API, and offer its controls."""
    stop()
    service = BackupService(
        Surroundings(
            call=seams_backup.call,
            publish=publish,
            record_service_call=trail.record_service_call,
            decide_by_resource_policy=seams_backup.decide_by_resource_policy,
            why_role_may_not=why_role_may_not,
            natives=_Natives(),
            shared_with=sharing.accounts_of,
            engine_of=databases.engine_of,
            organization=SandboxOrganization(),
            disks=Disks(),
            now=lambda: datetime.now(UTC),
            lag=lambda: lag.of("backup"),
            job_seconds=settings.job_seconds,
        )
    )
    _running.append(service)
    sharing.offer(service.may_be_shared)
    seams.replace_backup_service(handler_of(service))
    register_controls(service)


def stop() -> None:
    """End the service that runs, if any, and its thread."""
    while _running:
        _running.pop().stop()


def handler_of(service: BackupService) -> seams.ServiceHandler:
    """The service as a handler of MiniStack's."""

    async def handle_request(
        method: str,
        path: str,
        headers: dict[str, Any],  # noqa: ARG001 the handler's signature is MiniStack's
        body: bytes,
        query_params: dict[str, Any],
    ) -> ServiceAnswer:
        caller = Caller(Place(seams.request_account(), seams.request_region()), seams_backup.caller_arn())
        return await service.answer(caller, method, path, body, query_params)

    return handle_request


def register_controls(service: BackupService) -> None:
    """`/_sandbox/backup/run`, `/days`, `/settle`, `/lose`, `/scan` and `/faults`, and `/_sandbox/databases/sql`."""

    def run(request: Document) -> Document:
        return {"jobs": service.run_plans(request.get("schedule"))}

    def settle(request: Document) -> Document:
        try:
            service.settle(float(request.get("seconds", 60.0)))
        except JobsRunError as error:
            raise control.ControlError(str(error), 409) from error
        return {"settled": True}

    def order_fault(request: Document) -> Document:
        try:
            return {"waiting": service.order_fault(request)}
        except FaultRequestError as error:
            raise control.ControlError(str(error)) from error

    def clear_faults(_request: Document) -> Document:
        service.clear_faults()
        return {"waiting": []}

    def execute(request: Document) -> Document:
        try:
            return service.execute_sql(request["arn"], request["sql"])
        except (DiskError, InternalCallError) as error:
            raise control.ControlError(str(error)) from error

    control.register("POST", "/backup/run", run)
    control.register("POST", "/backup/settle", settle)
    control.register("POST", "/backup/faults", order_fault)
    control.register("DELETE", "/backup/faults", clear_faults)
    control.register("POST", "/databases/sql", execute)
    _register_losses(service)


def _register_losses(service: BackupService) -> None:
    """What becomes of recovery points by themselves: they expire, are lost, or malware is found in them."""

    def pass_days(request: Document) -> Document:
        try:
            return {"expired": service.let_days_pass(int(request["days"]))}
        except JobsRunError as error:
            raise control.ControlError(str(error), 409) from error

    def lose(request: Document) -> Document:
        try:
            service.lose(request["recovery_point"])
        except LookupError as error:
            raise control.ControlError(f"there is no {error}", 404) from error
        return {"lost": True}

    control.register("POST", "/backup/days", pass_days)

    def scan(request: Document) -> Document:
        try:
            job = service.end_scan(
                request["recovery_point"],
                state=request.get("state", "COMPLETED"),
                result=request.get("result", "NO_THREATS_FOUND"),
            )
        except LookupError as error:
            raise control.ControlError(f"there is no {error}", 404) from error
        except ScanRequestError as error:
            raise control.ControlError(str(error)) from error
        return {"scan_job": job}

    control.register("POST", "/backup/lose", lose)
    _register_teams(service)
    control.register("POST", "/backup/scan", scan)


def _register_teams(service: BackupService) -> None:
    """Approval teams: whom they are shared with, how they vote, and what AWS's pages do not say of both."""

    def share(request: Document) -> Document:
        service.share_team(request["team"], request["accounts"])
        return {"team": request["team"]}

    def vote(request: Document) -> Document:
        try:
            return service.vote(request["vault"], request.get("decision", "APPROVED"))
        except VoteError as error:
            raise control.ControlError(str(error), 404) from error

    def behave(request: Document) -> Document:
        for name, value in request.items():
            if name not in Habits.__slots__:
                raise control.ControlError(f"unknown habit {name}")
            setattr(habits, name, bool(value))
        return {name: getattr(habits, name) for name in Habits.__slots__}

    behave({"shows_pending": True, "names_source": False})
    ask_teams(service.team_of)
    control.register("POST", "/backup/team", share)
    control.register("POST", "/backup/vote", vote)
    control.register("POST", "/backup/access-habits", behave)
