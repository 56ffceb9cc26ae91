"""The identifiers of AWS, parsed once and compared by value."""

import re
from typing import Final, NewType, Self

from msgspec import Struct

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.partitions import partition_of

AccountId = NewType("AccountId", str)
Region = NewType("Region", str)

# The role under which AWS Backup copies back, in the backup account.
CENTRAL_BACKUP_ROLE: Final = "strongroom/strongroom-central-backup"
# The role under which the ceremony starts one copy back, in the backup account.
COPY_BACK_ROLE: Final = "strongroom/strongroom-copy-back"
# What vaults are called through which an account sees an air-gapped one, before the request's id.
ACCESS_VAULTS: Final = "strongroom-access-"
# The role under which Step Functions runs the ceremony, in the backup account.
CEREMONY_ROLE: Final = "strongroom/strongroom-restore-approval"
# The role under which Step Functions has copies seen to that did not come about, in the backup account.
REMEDIATION_ROLE: Final = "strongroom/strongroom-copy-remediation"
# The role under which Step Functions sees to accounts that are not ready yet, in the backup account.
ONBOARDING_ROLE: Final = "strongroom/strongroom-account-onboarding"
# In the audit account: under it the ceremony asks the evidence log.
WITNESS_ROLE: Final = "strongroom/strongroom-ask-witness"
# Where vaults are that approval teams open: under it the end of an access is asked for, and nothing else.
REVOKE_ROLE: Final = "strongroom/strongroom-revoke-access"
# Wherever a vault is: under it the malware scan of Amazon GuardDuty reads recovery points.
SCANNER_ROLE: Final = "strongroom/strongroom-scanner"
# The role under which a scan for malware is started, in the backup account.
SCAN_ROLE: Final = "strongroom/strongroom-scan"
# In each governed account: under it the ceremony asks whether nobody has a bucket of a name.
BUCKET_NAMES_ROLE: Final = "strongroom/strongroom-bucket-names"
# In each governed account: under it the settings of what is backed up are read.
SETTINGS_ROLE: Final = "strongroom/strongroom-settings"
# In each governed account, and in the backup account: under it the audit account looks for restores nobody asked for.
WATCHED_ROLE: Final = "strongroom/strongroom-watched"
# With it a service's own call tags what it restores; the value is the request's id.
REQUEST_TAG: Final = "strongroom-restore"

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
# `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`.
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")


def is_account_id(text: str) -> bool:
    """Whether `text` is twelve digits."""
    return _ACCOUNT_ID.fullmatch(text) is not None


def function_role(function: str) -> str:
    """The role of a function of the control plane, by the name of its folder, as path and name."""
    return f"strongroom/strongroom-{function.replace('_', '-')}"


def parse_account_id(text: str) -> AccountId:
    """Return `text` as an account id of twelve digits, or raise MalformedIdentifierError."""
    if not is_account_id(text):
        raise MalformedIdentifierError(f"{text!r} is not an account id of twelve digits")
    return AccountId(text)


def parse_region(text: str) -> Region:
    """Return `text` as the name of a Region, or raise MalformedIdentifierError."""
    if _REGION.fullmatch(text) is None:
        raise MalformedIdentifierError(f"{text!r} is not the name of a Region")
    return Region(text)


class Arn(Struct, frozen=True):
    """An Amazon Resource Name. Region and account are empty where the service leaves them out (S3, EC2 snapshots)."""

    partition: str
    service: str
    region: Region
    account: AccountId
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split `arn:partition:service:region:account:resource`; the resource may itself hold colons and slashes."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5]:
            raise MalformedIdentifierError(f"{text!r} is not an ARN")
        return cls(
            partition=parts[1],
            service=parts[2],
            region=Region(parts[3]),
            account=AccountId(parts[4]),
            resource=parts[5],
        )

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def name(self) -> str:
        """What follows the resource type: `db-1` of `db:db-1`, `a/b` of `table/a/b`, `bucket` of `bucket`."""
        return re.split(r"[:/]", self.resource, maxsplit=1)[-1]


def vault_arn(name: str, *, account: AccountId, region: Region) -> str:
    """The ARN of a backup vault."""
    return _regional_arn("backup", f"backup-vault:{name}", account=account, region=region)


def bus_arn(bus: str, *, account: AccountId, region: Region) -> str:
    """The ARN of an event bus."""
    return _regional_arn("events", f"event-bus/{bus}", account=account, region=region)


def queue_arn(queue: str, *, account: AccountId, region: Region) -> str:
    """The ARN of a queue of Amazon SQS, by its name."""
    return _regional_arn("sqs", queue, account=account, region=region)


def role_arn(role: str, *, account: AccountId, partition: str) -> str:
    """The ARN of an IAM role; `role` is its path and name without the leading slash: `strongroom/strongroom-backup`."""
    return f"arn:{partition}:iam::{account}:role/{role}"


def _regional_arn(service: str, resource: str, *, account: AccountId, region: Region) -> str:
    return f"arn:{partition_of(region).name}:{service}:{region}:{account}:{resource}"
