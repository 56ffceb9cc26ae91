"""Restore metadata: which keys a restore may carry, by the catalogue's rules; everything else is refused.

From the AWS Backup Developer Guide's restore pages. Keys are case-insensitive there, so two that differ only in case
are one key said twice.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.catalogue.model import MetadataRules
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import MalformedIdentifierError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.partitions import partition_of

type Metadata = tuple[tuple[str, str], ...]

_VALUE_LIMIT = 1000
_OTHER = {"true": "false", "false": "true"}


RULES_OF: Final[dict[str, MetadataRules]] = {row.name: row.restore for row in ROWS if row.restore is not None}


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

    What AWS Backup tells and its service would not take is left out. RestoreRefusedError names the first key that may
    not be said, or that is missing.
    """
    rules = RULES_OF.get(resource_type)
    if rules is None:
        raise RestoreRefusedError(
            f"{resource_type} must be restored by hand; {' and '.join(RULES_OF)} are restored here"
        )
    if re.fullmatch(rules.name_shape, target_name) is None:
        raise RestoreRefusedError(f"{target_name[:80]!r} cannot be the name of what is restored: {rules.name_rule}")
    spelled = {key.lower(): key for key in rules.allowed}
    told = {spelled[key.lower()]: value for key, value in at_backup.items() if key.lower() in spelled}
    kept = {key: value for key, value in told.items() if _is_carried(key, value, rules, account, region)}
    said = {key: _allowed(key, value, rules) for key, value in _spelled(overrides, spelled, rules).items()}
    for key, value in said.items():
        _check_place(key, value, account=account, region=region)
    whole = kept | dict(rules.forced) | said | {rules.name_key: target_name}
    unasked = {key for key in rules.asked if key not in said and not _is_needed(key, whole, rules)}
    metadata = {key: value for key, value in whole.items() if key not in unasked}
    _check_whole(metadata, rules)
    return tuple(sorted(metadata.items()))


def settings_at_backup(resource_type: str, at_backup: Mapping[str, str]) -> Metadata:
    """What the backup tells of the settings that a restore may say, spelled as the rules do; sorted."""
    spelled = {key.lower(): key for key in RULES_OF[resource_type].allowed}
    return tuple(sorted((spelled[key.lower()], value) for key, value in at_backup.items() if key.lower() in spelled))


def differing_keys(approved: Mapping[str, Any], *, used: Mapping[str, Any]) -> tuple[str, ...]:
    """The approved keys that a job did not use as they were approved, in small letters; sorted.

    AWS's keys are case-insensitive, and AWS tells them in its own case. What a job tells in two ways that differ is not
    as it was approved.
    """
    said, found = _folded(approved), _folded(used)
    return tuple(sorted(key for key, values in said.items() if len(values) > 1 or found.get(key) != values))


def _folded(metadata: Mapping[str, Any]) -> dict[str, set[str]]:
    """The keys in small letters, each with every value that it has: by their texts, because Python's 1 is its True."""
    values: dict[str, set[str]] = {}
    for key, value in metadata.items():
        values.setdefault(key.lower(), set()).add(json.dumps(value, sort_keys=True))
    return values


def listed(value: str) -> tuple[str, ...] | None:
    """The texts of a JSON list inside a text, or None where it is no such list, or an empty one."""
    try:
        items = json.loads(value)
    except ValueError:
        return None
    is_list = isinstance(items, list) and all(isinstance(item, str) and item for item in items)
    return tuple(items) if items and is_list else None


def _is_carried(key: str, value: str, rules: MetadataRules, account: AccountId, region: Region) -> bool:
    """Whether what the backup tells is said again: not where AWS would refuse it, or where nothing was set."""
    default = rules.defaults.get(key)
    if default is not None and value.startswith(default):
        return False
    try:
        _check_shape(key, value, rules)
        _check_place(key, value, account=account, region=region)
    except RestoreRefusedError:
        return False
    return True


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
    _check_shape(key, value, rules)
    # Only the one other word: what AWS makes of "1" or "yes" is not known here.
    if key in rules.refused and value != _OTHER[rules.refused[key]]:
        raise RestoreRefusedError(f"{key}={value[:80]} is never allowed")
    return value


def _check_shape(key: str, value: str, rules: MetadataRules) -> None:
    if not value or len(value) > _VALUE_LIMIT:
        raise RestoreRefusedError(f"the value of {key} must have 1 to {_VALUE_LIMIT} characters")
    if not value.isprintable():
        raise RestoreRefusedError(f"the value of {key} holds characters that cannot be seen")
    numbers = rules.numbers.get(key)
    if numbers is not None and not (value.isdecimal() and value.isascii() and int(value) in numbers):
        raise RestoreRefusedError(f"the value of {key} must be a number from {numbers[0]} to {numbers[-1]}")
    if key in rules.lists and listed(value) is None:
        raise RestoreRefusedError(f'the value of {key} must be a list in JSON, as in ["one", "two"]')


def _is_needed(key: str, metadata: Mapping[str, str], rules: MetadataRules) -> bool:
    needing = (pairing for pairing in rules.pairings if pairing.other == key and pairing.is_needed)
    return any(metadata.get(pairing.key) == pairing.value for pairing in needing)


def _check_whole(metadata: Mapping[str, str], rules: MetadataRules) -> None:
    if missing := [key for key in rules.demanded if key not in metadata]:
        raise RestoreRefusedError(f"the backup does not tell {' nor '.join(missing)}; say it with --metadata KEY=VALUE")
    for pairing in rules.pairings:
        if metadata.get(pairing.key) == pairing.value and (pairing.other in metadata) is not pairing.is_needed:
            verb = "needs" if pairing.is_needed else "does not go with"
            raise RestoreRefusedError(f"{pairing.key}={pairing.value} {verb} {pairing.other}")


def _check_place(key: str, value: str, *, account: AccountId, region: Region) -> None:
    # Anywhere in the value: a list, a blank in front or capitals must not smuggle an ARN in.
    if "arn:" not in value.lower():
        return
    try:
        place = Arn.parse(value)
    except MalformedIdentifierError as error:
        raise RestoreRefusedError(f"the value of {key} is not an ARN") from error
    if (
        place.partition != partition_of(region).name
        or (place.account or account) != account
        or (place.region or region) != region
    ):
        raise RestoreRefusedError(f"the value of {key} lies outside account {account} in {region}")
