"""Under which key a copy is read, and under which it lies: both ends of the copy must be let use either."""

from sandbox.backup_service.estate import CopyJob, Estate, RecoveryPoint, Vault
from sandbox.backup_service.jobs.copy_refusals import UNENCRYPTED_AS_THEIR_SOURCE, Refusal
from sandbox.backup_service.jobs.records import ACCESS_DENIED
from sandbox.backup_service.jobs.roles import service_linked_role
from sandbox.backup_service.keys import is_aws_managed
from sandbox.backup_service.surroundings import Place
from sandbox.backup_service.vaults.access_policies import principal_keys
from sandbox.seams.backup import InternalCallError, PolicyQuestion

# AWS knowledge center, "Given key ID not accessible": what the source's key policy must allow; the grant is the
# service's own (Developer Guide, "Creating backup copies across AWS accounts").
_ACTIONS = (
    "kms:DescribeKey",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:CreateGrant",
)
_AS_A_SERVICE = {"kms:GrantIsForAWSResource": "true"}
_SNAPSHOT_KEY = (
    "The source snapshot KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it"
)
# https://github.com/aws-samples/aws-backup-automation/issues/2
_DISK_KEY = "Given key ID is not accessible. You must have DescribeKey permissions on the default CMK"
_VAULT_KEY = "The KMS key [{key}] of the destination backup vault does not exist, is not enabled or you may not use it"
_WORDS = {"EBS": _DISK_KEY, "EC2": _DISK_KEY}


# Developer Guide, "Encryption for backups in AWS Backup".
_WITHOUT_KEY = frozenset({"EC2"})


def key_of_copy(source: RecoveryPoint, destination: Vault) -> str | None:
    """The key of a copy: the vault's, but none where an image names none or an unencrypted cluster stays so.

    In an air-gapped vault all lies under its key (Developer Guide, "Understanding encryption key types").
    """
    if destination.is_air_gapped:
        return destination.key_arn
    is_bare = source.key_arn is None and source.resource_type in UNENCRYPTED_AS_THEIR_SOURCE
    return None if is_bare or source.resource_type in _WITHOUT_KEY else destination.key_arn


async def why_key_refuses(estate: Estate, job: CopyJob) -> Refusal:
    """Why the source's customer key stops a copy, or that of the vault which it is copied into."""
    source = estate.recovery_points[job.source_recovery_point_arn]
    return await _why_source_refuses(estate, job, source) or await _why_destination_refuses(estate, job, source)


async def _why_source_refuses(estate: Estate, job: CopyJob, source: RecoveryPoint) -> Refusal:
    """In the words of the service that keeps the snapshot."""
    key = source.key_arn
    if key is None or await lets_use(estate, _ends(job), key, at=source.vault):
        return None
    return _WORDS.get(source.resource_type, _SNAPSHOT_KEY).format(key=key), ACCESS_DENIED


async def _why_destination_refuses(estate: Estate, job: CopyJob, source: RecoveryPoint) -> Refusal:
    """A copy is encrypted anew under the key of its vault (Developer Guide, "Creating backup copies across accounts").

    Whom its policy must name besides AWS Backup of its own account no page says; here it is who copies, too.
    """
    vault = estate.vault_by_arn(job.destination_vault_arn)
    if vault is None or vault.is_air_gapped or key_of_copy(source, vault) is None:
        return None
    if await lets_use(estate, _ends(job), vault.key_arn, at=vault):
        return None
    return _VAULT_KEY.format(key=vault.key_arn), ACCESS_DENIED


def _ends(job: CopyJob) -> tuple[str, str]:
    return job.role_arn, service_linked_role(job.destination_vault_arn.split(":")[4])


async def lets_use(estate: Estate, users: tuple[str, ...], key: str, *, at: Vault) -> bool:
    """Whether all of these may use a customer's key; `at` is the vault at which it is met."""
    if is_aws_managed(key, at.place):
        return True
    place = _place_of(key, at)
    return await _is_enabled(estate, place, key) and all([await _lets_use(estate, place, key, who) for who in users])


def _place_of(key: str, vault: Vault) -> Place:
    """Where a key lives: an ARN says so, an id is one of the vault's own account and Region."""
    parts = key.split(":")
    return Place(parts[4], parts[3]) if len(parts) > 1 else vault.place


async def _is_enabled(estate: Estate, place: Place, key: str) -> bool:
    try:
        answer = await estate.services(place).call("kms", "DescribeKey", KeyId=key)
    except InternalCallError:
        return False
    return bool(answer["KeyMetadata"].get("Enabled", True))


async def _lets_use(estate: Estate, place: Place, key: str, principal: str) -> bool:
    account = principal.split(":")[4]
    keys = principal_keys(estate, account) | _AS_A_SERVICE
    answer = await estate.services(place).call("kms", "GetKeyPolicy", KeyId=key, PolicyName="default")
    return all(
        estate.surroundings.decide_by_resource_policy(
            PolicyQuestion(
                document=answer["Policy"],
                action=action,
                resource_arn=key,
                principal_arn=principal,
                principal_account=account,
                region=place.region,
                principal_keys=keys,
            )
        )
        == "Allow"
        for action in _ACTIONS
    )
