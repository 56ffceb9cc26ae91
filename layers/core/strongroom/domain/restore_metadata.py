"""Restore metadata: which keys a restore may carry, by resource type; everything else is refused.

From the AWS Backup Developer Guide's restore pages. Keys are case-insensitive there, so two that differ only in case
are one key said twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from strongroom.domain.errors import MalformedIdentifierError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region

type Metadata = tuple[tuple[str, str], ...]

_VALUE_LIMIT = 1000
_AWS_OWN = "aws:backup:"
_OTHER = {"true": "false", "false": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRules:
    """One resource type: the key that names what is made, what may be said, what is always said, what never."""

    name_key: str
    name_shape: re.Pattern[str]
    name_rule: str
    allowed: tuple[str, ...]
    forced: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


RULES_OF: dict[str, MetadataRules] = {
    "RDS": MetadataRules(
        name_key="DBInstanceIdentifier",
        name_shape=re.compile(r"[a-z](?:-?[a-z0-9]){0,62}"),
        name_rule="1 to 63 lower-case letters, digits and single hyphens, a letter first",
        allowed=(
            "AllocatedStorage",
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "CopyTagsToSnapshot",
            "DBInstanceClass",
            "DBParameterGroupName",
            "DBSubnetGroupName",
            "DeletionProtection",
            "Engine",
            "Iops",
            "LicenseModel",
            "MultiAZ",
            "OptionGroupName",
            "Port",
            "PubliclyAccessible",
            "StorageThroughput",
            "StorageType",
            "VpcSecurityGroupIds",
        ),
        forced={"PubliclyAccessible": "false"},
        refused={"PubliclyAccessible": "true", "DeletionProtection": "false"},
    ),
    "DynamoDB": MetadataRules(
        name_key="targetTableName",
        name_shape=re.compile(r"[A-Za-z0-9_.-]{3,255}"),
        name_rule="3 to 255 letters, digits, underscores, dots and hyphens",
        allowed=("encryptionType", "kmsMasterKeyArn"),
    ),
}


def build_metadata(
    resource_type: str,
    *,
    target_name: str,
    at_backup: Mapping[str, str],
    overrides: Mapping[str, str],
    account: AccountId,
    region: Region,
) -> Metadata:
    """The metadata of a restore: the configuration at backup time, then the overrides, then the new name; sorted.

    RestoreRefusedError names the first key that may not be said.
    """
    rules = RULES_OF.get(resource_type)
    if rules is None:
        raise RestoreRefusedError(
            f"{resource_type} must be restored by hand; {' and '.join(RULES_OF)} are restored here"
        )
    if rules.name_shape.fullmatch(target_name) is None:
        raise RestoreRefusedError(f"{target_name[:80]!r} cannot be the name of what is restored: {rules.name_rule}")
    spelled = {key.lower(): key for key in rules.allowed}
    kept = {spelled[key.lower()]: value for key, value in at_backup.items() if key.lower() in spelled and value}
    said = {key: _allowed(key, value, rules) for key, value in _spelled(overrides, spelled, rules).items()}
    metadata = kept | dict(rules.forced) | said | {rules.name_key: target_name}
    for key, value in metadata.items():
        _check_place(key, value, account=account, region=region)
    return tuple(sorted(metadata.items()))


def differences(approved: Metadata, *, used: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in which what a job used is not what was approved; AWS Backup's own keys do not count."""
    wanted = {key.lower(): value for key, value in approved}
    found = {key.lower(): value for key, value in used.items() if not key.lower().startswith(_AWS_OWN)}
    return tuple(sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)))


def _spelled(overrides: Mapping[str, str], spelled: Mapping[str, str], rules: MetadataRules) -> dict[str, str]:
    said: dict[str, str] = {}
    for key, value in overrides.items():
        if key.lower() == rules.name_key.lower():
            raise RestoreRefusedError(f"{key} is the target name and is not said twice")
        if key.lower() not in spelled:
            allowed = ", ".join(rules.allowed)
            raise RestoreRefusedError(f"the metadata key {key[:80]!r} is not allowed; allowed are {allowed}")
        if spelled[key.lower()] in said:
            raise RestoreRefusedError(f"the metadata key {key[:80]!r} is said twice in different letter case")
        said[spelled[key.lower()]] = value
    return said


def _allowed(key: str, value: str, rules: MetadataRules) -> str:
    if not value or len(value) > _VALUE_LIMIT:
        raise RestoreRefusedError(f"the value of {key} must have 1 to {_VALUE_LIMIT} characters")
    if not value.isprintable():
        raise RestoreRefusedError(f"the value of {key} holds characters that cannot be seen")
    # Only the one other word: what AWS makes of "1" or "yes" is not known here.
    if key in rules.refused and value != _OTHER[rules.refused[key]]:
        raise RestoreRefusedError(f"{key}={value[:80]} is never allowed")
    return value


def _check_place(key: str, value: str, *, account: AccountId, region: Region) -> None:
    # Anywhere in the value: a list, a blank in front or capitals must not smuggle an ARN in.
    if "arn:" not in value.lower():
        return
    try:
        place = Arn.parse(value)
    except MalformedIdentifierError as error:
        raise RestoreRefusedError(f"the value of {key} is not an ARN") from error
    if place.partition != "aws" or (place.account or account) != account or (place.region or region) != region:
        raise RestoreRefusedError(f"the value of {key} lies outside account {account} in {region}")
