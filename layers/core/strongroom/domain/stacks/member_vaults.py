"""The vaults that each governed account has of its own, each with its key in a StackSet of its own.

All are cut out of the member template, whose vault takes copies back. The role of the backups lies in the StackSet of
the vault called `local`, because both stay when an account leaves.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy, replace
from typing import Any, Final

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import LOCAL, VaultPlace, member_air_gaps, own_places
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.stacks.member_parts import BACKUP_ROLE, LOCAL_VAULT, LOCAL_VAULT_KEY, cut
from strongroom.domain.stacks.parameters import air_gap_parameters
from strongroom.domain.stacks.stack_sets import (
    AIR_GAP_STACK_SET,
    VAULT_STACK_SET,
    MemberTemplate,
    member_regions,
    member_template,
    role_regions,
)
from strongroom.domain.stacks.templates import Resource, Template, properties_in

_COPIES_BACK: Final = "BackupAccountCopiesBack"
_OF_BACKUP_ACCOUNT: Final = (_COPIES_BACK, "BackupAccountCopies", "BackupAccountGrantsToAwsServices")

type Statement = dict[str, Any]


def member_vaults(
    intent: Intent, template: Template, air_gapped: Template, *, told: Mapping[str, str]
) -> Iterator[MemberTemplate]:
    """What is carried, none of it for an existing vault.

    `template` holds vault, key and role, and is `told` this; `air_gapped` is that of an air-gapped vault.
    """
    made = [place for place in own_places(intent) if not (place.vault.existing or place.vault.is_air_gapped)]
    for place in made:
        role = (BACKUP_ROLE,) if _is_first(place) else ()
        yield member_template(
            vault_stack_set(place),
            cut(_fitted(template, place, intent), (LOCAL_VAULT_KEY, LOCAL_VAULT, *role)),
            told={**told, "LocalVaultName": place.vault.name},
            regions=_regions(intent, place),
            vault=place,
        )
    if not any(_is_first(place) for place in made):
        yield member_template(VAULT_STACK_SET, cut(template, (BACKUP_ROLE,)), told=told, regions=role_regions(intent))
    for place in member_air_gaps(intent):
        numbers = air_gap_parameters(place.vault.name, place.lock)
        regions = _regions(intent, place)
        yield member_template(vault_stack_set(place), air_gapped, told=numbers, regions=regions, vault=place)


def vault_stack_set(place: VaultPlace) -> str:
    """The name of the StackSet that makes the vault; it follows from the vault's own and from no order in the file."""
    if _is_first(place):
        return VAULT_STACK_SET
    return f"{AIR_GAP_STACK_SET if place.vault.is_air_gapped else VAULT_STACK_SET}-{place.key.replace('_', '-')}"


def locks_in(text: str) -> dict[str, VaultLock]:
    """The locks that the text of `member_stack` puts on the vaults of governed accounts, by the StackSets' names."""
    found: dict[str, VaultLock] = {}
    for properties in properties_in(text):
        name = properties.get("StackSetName", "")
        vault = json.loads(properties.get("TemplateBody", "{}")).get("Resources", {}).get(LOCAL_VAULT, {})
        if lock := vault.get("Properties", {}).get("LockConfiguration"):
            found[name] = _lock_of(lock)
        elif name.startswith(AIR_GAP_STACK_SET):
            told = {each["ParameterKey"]: each["ParameterValue"] for each in properties["Parameters"]}
            numbers = {key: int(told[key]) for key in ("MinRetentionDays", "MaxRetentionDays")}
            found[name] = replace(_lock_of(numbers), mode="compliance")
    return found


def _configuration(lock: VaultLock) -> dict[str, int]:
    """The lock as CloudFormation has it: a cooling-off time makes it one in compliance mode."""
    numbers = {"MinRetentionDays": lock.min_retention_days, "MaxRetentionDays": lock.max_retention_days}
    return numbers if lock.changeable_for_days is None else numbers | {"ChangeableForDays": lock.changeable_for_days}


def _lock_of(configuration: Mapping[str, int]) -> VaultLock:
    changeable = configuration.get("ChangeableForDays")
    return VaultLock(
        min_retention_days=configuration["MinRetentionDays"],
        max_retention_days=configuration["MaxRetentionDays"],
        mode="governance" if changeable is None else "compliance",
        changeable_for_days=changeable,
    )


def _is_first(place: VaultPlace) -> bool:
    return place.key == LOCAL and place.is_local


def _regions(intent: Intent, place: VaultPlace) -> tuple[Region, ...]:
    return member_regions(intent) if place.region is None else (place.region,)


def _fitted(template: Template, place: VaultPlace, intent: Intent) -> Template:
    """The template with the lock of the intent, and open to the accounts that copy into this vault and out of it."""
    resources: dict[str, Resource] = deepcopy(dict(template["Resources"]))
    vault, key = resources[LOCAL_VAULT]["Properties"], resources[LOCAL_VAULT_KEY]["Properties"]
    for policy in (vault["AccessPolicy"], key["KeyPolicy"]):
        policy["Statement"] = list(_statements(policy["Statement"], place, vault_accounts(intent)))
    if place.lock is not None:
        vault["LockConfiguration"] = _configuration(place.lock)
    return {**template, "Resources": resources}


def _statements(given: Iterable[Statement], place: VaultPlace, accounts: Iterable[AccountId]) -> Iterator[Statement]:
    for statement in given:
        sid = statement.get("Sid", "")
        if sid not in _OF_BACKUP_ACCOUNT:
            yield statement
        elif place.is_local:
            yield statement
            for account in accounts:
                yield _said_of(account, statement, sid=sid.replace("BackupAccount", f"Account{account}"))
        elif sid == _COPIES_BACK:
            # What lies in a second Region was copied there by the account itself, and goes no farther.
            yield _said_of("${AWS::AccountId}", statement, sid="OwnAccountCopiesIn")


def _said_of(account: str, statement: Statement, *, sid: str) -> Statement:
    said: Statement = json.loads(json.dumps(statement).replace("${BackupAccount}", account))
    return said | {"Sid": sid}
