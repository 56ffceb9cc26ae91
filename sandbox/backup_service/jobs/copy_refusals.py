"""Why a copy may not be made: a table of rules, each of them one refusal of AWS's."""

from collections.abc import Callable

from sandbox.backup_service.estate import CopyJob, Estate, RecoveryPoint, Vault
from sandbox.backup_service.jobs.records import ACCESS_DENIED, INVALID_PARAMETERS
from sandbox.backup_service.keys import is_aws_managed
from sandbox.backup_service.preferences import is_cross_account_enabled
from sandbox.backup_service.resources.catalogue import enters_air_gap, kind_by_type
from sandbox.backup_service.resources.kind import ResourceKind
from sandbox.backup_service.surroundings import Place
from sandbox.backup_service.vaults.access_policies import lets_copy_in
from sandbox.organization.regions import ALWAYS_ON

type Refusal = tuple[str, str] | None

# Developer Guide, "Encryption for backups in AWS Backup".
UNENCRYPTED_AS_THEIR_SOURCE = frozenset({"Aurora", "DocumentDB", "Neptune"})
# Developer Guide, "Feature availability by resource": stacks are copied across Regions, not across accounts.
_OF_ONE_ACCOUNT = ("CloudFormation",)
# Developer Guide, "Feature availability by resource", the notes on opt-in Regions.
_OPTIONAL_LACK = {
    "DocumentDB": ("another account", "another Region"),
    "Neptune": ("another account",),
    "Timestream": ("another account",),
    "CloudFormation": ("another account",),
    "FSx": ("another Region",),
}
_DEFAULT_KEY = "The destination backup vault is encrypted with the default AWS Backup managed key"


def why_refused(estate: Estate, job: CopyJob) -> Refusal:
    """Why a copy may not be made: the first rule that says so."""
    source = estate.recovery_points.get(job.source_recovery_point_arn)
    if source is None:
        return f"Recovery point {job.source_recovery_point_arn} does not exist", INVALID_PARAMETERS
    if source.resource_type in _OF_ONE_ACCOUNT and job.place.account != _destination_account(job):
        return f"Copying {source.arn} across accounts is not supported for {source.resource_type}", INVALID_PARAMETERS
    if not source.capture.can_be_copied:
        return f"Copying {source.arn} is not supported for this {source.resource_type} resource", INVALID_PARAMETERS
    destination = estate.vault_by_arn(job.destination_vault_arn)
    if job.place.account != _destination_account(job):
        refusal = _why_may_not_leave(estate, job)
        if refusal is not None:
            return refusal
    if destination is None:
        return f"Backup vault {job.destination_vault_arn} does not exist", INVALID_PARAMETERS
    for rule in _RULES:
        if (refusal := rule(estate, job, source, destination)) is not None:
            return refusal
    return None


def _destination_account(job: CopyJob) -> str:
    return job.destination_vault_arn.split(":")[4]


def _why_may_not_leave(estate: Estate, job: CopyJob) -> Refusal:
    if not is_cross_account_enabled(estate):
        return "Cross-account backup is not enabled in the organization's global settings", ACCESS_DENIED
    if estate.surroundings.organization.path_of(_destination_account(job)) is None:
        return "Destination account is not a member of the organization", ACCESS_DENIED
    return None


def _policy(estate: Estate, job: CopyJob, _source: RecoveryPoint, destination: Vault) -> Refusal:
    if lets_copy_in(estate, destination, job):
        return None
    return f"Access Denied trying to call AWS Backup service: copy into {destination.arn}", ACCESS_DENIED


def _lock(_estate: Estate, job: CopyJob, _source: RecoveryPoint, destination: Vault) -> Refusal:
    why = destination.lock.why_refused(job.lifecycle) if destination.lock else None
    return (why, INVALID_PARAMETERS) if why else None


def _age(estate: Estate, job: CopyJob, source: RecoveryPoint, _destination: Vault) -> Refusal:
    """A copy keeps its source's creation date (Developer Guide, "Creating a backup copy"), and expires by it."""
    if job.lifecycle.delete is None or source.created + job.lifecycle.delete > estate.now():
        return None
    why = (
        f"Retention of {job.lifecycle.delete.days} days has ended: the backup was created on {source.created:%Y-%m-%d}"
    )
    return why, INVALID_PARAMETERS


def _cold(_estate: Estate, _job: CopyJob, source: RecoveryPoint, _destination: Vault) -> Refusal:
    """What lies in cold storage is copied nowhere (Developer Guide, "Feature availability by resource")."""
    if source.storage_class == "WARM":
        return None
    return f"Recovery point {source.arn} is in cold storage, from where it cannot be copied", INVALID_PARAMETERS


def why_reach_refuses(resource_type: str, source: Place, destination: Place) -> str | None:
    """Why a type is not copied as far as that, where a Region is concerned that accounts have to enable."""
    optional = sorted({source.region, destination.region} - ALWAYS_ON)
    further = {
        "another account": source.account != destination.account,
        "another Region": source.region != destination.region,
    }
    for where in _OPTIONAL_LACK.get(resource_type, ()) if optional else ():
        if further[where]:
            return f"{resource_type} cannot be copied to {where} where {optional[0]} is concerned"
    return None


def _reach(_estate: Estate, job: CopyJob, source: RecoveryPoint, destination: Vault) -> Refusal:
    why = why_reach_refuses(source.resource_type, job.place, destination.place)
    return (why, INVALID_PARAMETERS) if why else None


def _destination_key(_estate: Estate, _job: CopyJob, source: RecoveryPoint, destination: Vault) -> Refusal:
    if not _needs_customer_keys(source, destination) or not is_aws_managed(destination.key_arn, destination.place):
        return None
    return f"{_DEFAULT_KEY}: a copy needs a customer managed key there", INVALID_PARAMETERS


def _source_key(_estate: Estate, _job: CopyJob, source: RecoveryPoint, destination: Vault) -> Refusal:
    if source.key_arn is None or not _needs_customer_keys(source, destination):
        return None
    if not is_aws_managed(source.key_arn, source.vault.place):
        return None
    return "Snapshots encrypted with the AWS Managed CMK can't be shared", INVALID_PARAMETERS


def _needs_customer_keys(source: RecoveryPoint, destination: Vault) -> bool:
    if source.vault.is_air_gapped or destination.is_air_gapped:
        return False
    is_fully_managed = kind_by_type(source.resource_type, source.resource_arn).is_fully_managed
    return not is_fully_managed and source.vault.place.account != destination.place.account


def why_air_gap_refuses(kind: ResourceKind, key_arn: str | None, place: Place) -> str | None:
    """Why an air-gapped vault takes no copy of a source under this key (Developer Guide, "Compatible encryption")."""
    if not enters_air_gap(kind):
        return f"{kind.resource_type} is not supported by logically air-gapped backup vault"
    if kind.is_fully_managed:
        return None
    if key_arn is None and kind.resource_type in UNENCRYPTED_AS_THEIR_SOURCE:
        return f"Unencrypted {kind.resource_type} clusters are not supported by logically air-gapped backup vault"
    if key_arn is not None and is_aws_managed(key_arn, place):
        return "A resource that is encrypted with an AWS managed key cannot be copied to it"
    return None


def _into_air_gap(_estate: Estate, job: CopyJob, source: RecoveryPoint, destination: Vault) -> Refusal:
    if not destination.is_air_gapped:
        return None
    if source.vault.is_air_gapped:
        # "Creating backups in a logically air-gapped vault": from one to another on demand, never by a plan.
        return ("Copies between air-gapped vaults are not scheduled", INVALID_PARAMETERS) if job.created_by else None
    why = why_air_gap_refuses(
        kind_by_type(source.resource_type, source.resource_arn), source.key_arn, source.vault.place
    )
    return (why, INVALID_PARAMETERS) if why else None


def _out_of_air_gap(_estate: Estate, _job: CopyJob, source: RecoveryPoint, destination: Vault) -> Refusal:
    """Into a standard vault "as long as the copy is encrypted with a customer managed key" (the same section)."""
    if not source.vault.is_air_gapped or destination.is_air_gapped:
        return None
    if not is_aws_managed(destination.key_arn, destination.place):
        return None
    return f"{_DEFAULT_KEY}: a copy needs a customer managed key there", INVALID_PARAMETERS


_RULES: tuple[Callable[[Estate, CopyJob, RecoveryPoint, Vault], Refusal], ...] = (
    _policy,
    _cold,
    _reach,
    _age,
    _lock,
    _into_air_gap,
    _out_of_air_gap,
    _destination_key,
    _source_key,
)
