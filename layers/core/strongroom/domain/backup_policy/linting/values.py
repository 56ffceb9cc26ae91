"""Whether a single value is one that its setting takes: one check for each kind of value."""

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any, Final

from strongroom.domain.backup_policy.grammar import INDEXED_TYPES, RESOURCE_TYPES, SCANNED_TYPES, Kind
from strongroom.domain.backup_policy.linting.advice import nearest
from strongroom.domain.backup_policy.linting.reading import flag, shown, whole
from strongroom.domain.backup_policy.quotas import LEAST_WINDOW_MINUTES, MOST_WINDOW_MINUTES
from strongroom.domain.forms import LONGEST_RETENTION_DAYS
from strongroom.domain.intent.cron import in_numbers
from strongroom.domain.intent.schedules import fault_of_cron

type Told = tuple[str, str, str]

_DAY_MINUTES: Final = 24 * 60
LONG_WINDOW_MINUTES: Final = 30 * _DAY_MINUTES
_TAG_KEY_LENGTH, _TAG_VALUE_LENGTH = 128, 256
_DEFAULT_ROLE: Final = "AWSBackupDefaultServiceRole"
_RESOURCE_TAG: Final = "aws:ResourceTag/"
_VAULT_NAME: Final = re.compile(r"[A-Za-z0-9_-]{2,50}")
_AIR_GAPPED_ARN: Final = re.compile(r"arn:aws[a-z-]*:backup:\$region:\$account:backup-vault:[A-Za-z0-9_-]{1,50}")
_ROLE_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:iam::(\$account|[0-9]{12}):role/((?:[\w+=,.@-]+/)*)([\w+=,.@-]{1,64})", re.ASCII
)
_PARTITION: Final = re.compile(r"arn:aws-(?:us-gov|cn|eusc):")


def faults_of_value(value: Any, kind: Kind) -> Iterator[Told]:
    """The code, what is found and what to write instead, for everything that is wrong with a value."""
    return _CHECKS[kind](value)


def is_resource_type(pattern: str) -> bool:
    """Whether a pattern selects a resource type, in any partition."""
    return pattern == "*" or without_partition(pattern) in RESOURCE_TYPES


def without_partition(arn: str) -> str:
    """The ARN as it would be in the commercial partition."""
    return _PARTITION.sub("arn:aws:", arn, count=1)


def _schedule(value: Any) -> Iterator[Told]:
    fault = fault_of_cron(value) if isinstance(value, str) else f"{shown(value)} is no text"
    if fault is None:
        return
    if isinstance(value, str) and fault_of_cron(numbered := in_numbers(value)) is None:
        yield "schedule-by-name", f"{shown(value)} names a day together with # or L", f"write {numbered}"
    else:
        yield "schedule", f"{shown(value)} is no schedule", fault


def _vault_name(value: Any) -> Iterator[Told]:
    if not isinstance(value, str) or not _VAULT_NAME.fullmatch(value):
        yield "vault-name", f"{shown(value)} cannot name a vault", "write 2 to 50 letters, digits, '-' or '_'"


def _air_gapped_vault(value: Any) -> Iterator[Told]:
    if not isinstance(value, str) or not _AIR_GAPPED_ARN.fullmatch(value):
        right = "write arn:aws:backup:$region:$account:backup-vault:<name>"
        yield "air-gapped-vault-arn", f"{shown(value)} does not fit every account and Region", right


def _vault_arn(value: Any) -> Iterator[Told]:
    # What the ARN says is judged with the key of its copy action, which must be the same.
    if not isinstance(value, str):
        yield "copy-key-mismatch", f"{shown(value)} differs from the key of the copy action", "repeat the key"


def _role(value: Any) -> Iterator[Told]:
    parts = _ROLE_ARN.fullmatch(value) if isinstance(value, str) and len(value) <= 700 else None
    if parts is None:
        yield "role-arn", f"{shown(value)} is no ARN of a role", "write arn:aws:iam::$account:role/<path and name>"
    elif parts[1] != "$account":
        yield "role-account", f"the role is fixed to account {parts[1]}", "write $account in its place"
    elif parts[3] == _DEFAULT_ROLE and parts[2] != "service-role/":
        found = f"AWS makes {_DEFAULT_ROLE} below the path service-role/, and on first use of the console only"
        yield "role-path", found, f"write role/service-role/{_DEFAULT_ROLE}, or better a role of your own"


def _scanner_role(value: Any) -> Iterator[Told]:
    if not isinstance(value, str) or len(value) > 700 or not _ROLE_ARN.fullmatch(value):
        yield "role-arn", f"{shown(value)} is no ARN of a role", "write arn:aws:iam::$account:role/<path and name>"


def _window(value: Any) -> Iterator[Told]:
    minutes = whole(value)
    if minutes is None or minutes < LEAST_WINDOW_MINUTES:
        found = f"{shown(value)} is no whole number of minutes of {LEAST_WINDOW_MINUTES} or more"
        yield "window", found, f"write {LEAST_WINDOW_MINUTES} or more"
    elif minutes > MOST_WINDOW_MINUTES:
        found = f"{shown(value)} minutes are more than {MOST_WINDOW_MINUTES:,}, which are 100 years"
        yield "minutes-too-many", found, _shorter(minutes)
    elif minutes > LONG_WINDOW_MINUTES:
        yield "window-too-long", f"{minutes} minutes are {minutes // _DAY_MINUTES} days", _shorter(minutes)


def _shorter(minutes: int) -> str:
    meant = minutes // 60
    return f"if seconds were meant, write {meant}" if meant <= LONG_WINDOW_MINUTES else "write a shorter one"


def _days(value: Any) -> Iterator[Told]:
    days = whole(value)
    if days is None or days < 1:
        yield "days", f"{shown(value)} is no whole number of days of 1 or more", "write 1 or more"
    elif days > LONGEST_RETENTION_DAYS:
        yield (
            "days-too-many",
            f"{shown(value)} days are more than {LONGEST_RETENTION_DAYS:,}",
            f"write {LONGEST_RETENTION_DAYS} at most",
        )


def _flag(value: Any) -> Iterator[Told]:
    if flag(value) is None:
        yield "flag", f"{shown(value)} is neither true nor false", 'write "true" or "false", in small letters'


def _one_of(*words: str) -> Callable[[Any], Iterator[Told]]:
    def check(value: Any) -> Iterator[Told]:
        if value not in words:
            right = nearest(value, words) if isinstance(value, str) else f"one of {', '.join(words)}"
            yield "choice", f"{shown(value)} is none of {', '.join(words)}", f"write {right}"

    return check


def _region(value: Any) -> Iterator[Told]:
    # What a text says is judged with all Regions that are known.
    if not isinstance(value, str):
        yield "region-code", f"{shown(value)} is no Region code", "name each Region, for instance eu-west-1"


def _tag_key(value: Any) -> Iterator[Told]:
    if not isinstance(value, str) or not 1 <= len(value) <= _TAG_KEY_LENGTH:
        yield "tag-key", f"{shown(value)} cannot be a tag key", f"write a text of 1 to {_TAG_KEY_LENGTH} characters"


def _tag_value(value: Any) -> Iterator[Told]:
    if isinstance(value, str) and len(value) > _TAG_VALUE_LENGTH:
        found = f"{len(value)} characters are more than the {_TAG_VALUE_LENGTH} of a tag value"
        yield "tag-value", found, f"write {_TAG_VALUE_LENGTH} characters at most"


def _condition_key(value: Any) -> Iterator[Told]:
    tag = value.removeprefix(_RESOURCE_TAG) if isinstance(value, str) and value.startswith(_RESOURCE_TAG) else ""
    if not 1 <= len(tag) <= _TAG_KEY_LENGTH:
        yield "condition-key", f"{shown(value)} is no condition on a tag", f"write {_RESOURCE_TAG}<tag key>"


def _resource_type(value: Any) -> Iterator[Told]:
    if not isinstance(value, str) or not is_resource_type(value):
        right = nearest(without_partition(value), (*RESOURCE_TYPES, "*")) if isinstance(value, str) else "a pattern"
        yield "resource-type", f"{shown(value)} selects no resource type", f"write {right}"


_CHECKS: Final = MappingProxyType(
    {
        Kind.SCHEDULE: _schedule,
        Kind.VAULT_NAME: _vault_name,
        Kind.AIR_GAPPED_VAULT_ARN: _air_gapped_vault,
        Kind.VAULT_ARN: _vault_arn,
        Kind.ROLE_ARN: _role,
        Kind.WINDOW_MINUTES: _window,
        Kind.DAYS: _days,
        Kind.FLAG: _flag,
        Kind.SWITCH: _one_of("enabled", "disabled"),
        Kind.REGION: _region,
        Kind.TAG_KEY: _tag_key,
        Kind.TAG_VALUE: _tag_value,
        Kind.CONDITION_KEY: _condition_key,
        Kind.CONDITION_VALUE: _tag_value,
        Kind.RESOURCE_TYPE: _resource_type,
        Kind.INDEXED_TYPE: _one_of(*INDEXED_TYPES),
        Kind.SCANNED_TYPE: _one_of(*SCANNED_TYPES, "ALL"),
        Kind.SCAN_MODE: _one_of("INCREMENTAL_SCAN", "FULL_SCAN"),
        Kind.SCANNER_ROLE_ARN: _scanner_role,
    }
)
