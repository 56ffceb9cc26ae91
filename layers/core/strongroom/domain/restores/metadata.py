"""Restore metadata: which keys a restore may carry, by the catalogue's rules; everything else is refused.

From the AWS Backup Developer Guide's restore pages. Keys are case-insensitive there, so two that differ only in case
are one key said twice.
"""

import re
from collections.abc import Mapping
from typing import Final

from strongroom.domain.catalogue.model import MetadataRules
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import MalformedIdentifierError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region

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

    RestoreRefusedError names the first key that may not be said.
    """
    rules = RULES_OF.get(resource_type)
    if rules is None:
        raise RestoreRefusedError(
            f"{resource_type} must be restored by hand; {' and '.join(RULES_OF)} are restored here"
        )
    if re.fullmatch(rules.name_shape, target_name) is None:
        raise RestoreRefusedError(f"{target_name[:80]!r} cannot be the name of what is restored: {rules.name_rule}")
    spelled = {key.lower(): key for key in rules.allowed}
    kept = {spelled[key.lower()]: value for key, value in at_backup.items() if key.lower() in spelled and value}
    said = {key: _allowed(key, value, rules) for key, value in _spelled(overrides, spelled, rules).items()}
    metadata = kept | dict(rules.forced) | said | {rules.name_key: target_name}
    for key, value in metadata.items():
        _check_place(key, value, account=account, region=region)
    return tuple(sorted(metadata.items()))


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
