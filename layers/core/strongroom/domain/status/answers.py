"""What an auditor asks of each resource, answered from its status and the intent, each with how it is known."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.promises import Learnt
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.destinations import DestinationVault, destinations_of, local_lifecycle, local_vault
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.schedule_words import words_of
from strongroom.domain.status.resources import CopyStatus, Known, ResourceStatus

_KNOWN_BY: Final[Mapping[Learnt, str]] = {
    Learnt.EVENT: "event",
    Learnt.COPY: "event of the copy",
    Learnt.SWEEP: "sweep",
    Learnt.RECONCILIATION: "reconciliation",
}


class VaultAnswer(Struct, frozen=True, kw_only=True):
    """What one vault is to hold of a rule's backups, and its newest copy that was read there."""

    vault: str
    account: str
    account_name: str
    region: str
    retention_days: int
    last_verified_copy: str | None
    copy_of: datetime | None
    verified_at: datetime | None
    known_by: str
    state: str
    reason: str


class RuleAnswer(Struct, frozen=True, kw_only=True):
    """When a rule backs up, how long that is kept beside the resource, and where its copies go."""

    tier: str
    rule: str
    schedule: str
    local_vault: str
    local_retention_days: int
    last_run: str
    last_run_at: datetime | None
    next_run_at: datetime | None
    destinations: tuple[VaultAnswer, ...]


class ResourceAnswer(Struct, frozen=True, kw_only=True):
    """The six answers: schedule, retention, destination, last backup, last verified copies, last restore test."""

    resource: str
    name: str
    account: str
    account_name: str
    region: str
    tier: str
    state: str
    words: str
    reason: str
    since: datetime
    seen_at: datetime
    last_backup: datetime | None
    backup_known_by: str
    restorable_to: datetime | None
    rules: tuple[RuleAnswer, ...]
    last_restore_test: str = "none"


def answer_resource(status: ResourceStatus, *, intent: Intent, names: Mapping[AccountId, str]) -> ResourceAnswer:
    """The answers about one resource; `names` are what its account, and those of its vaults, are called."""
    return ResourceAnswer(
        resource=status.resource,
        name=Arn.parse(status.resource).name,
        account=status.account,
        account_name=names.get(status.account, ""),
        region=status.region,
        tier=status.tier,
        state=status.state,
        words=status.state.words,
        reason=status.reason,
        since=status.since,
        seen_at=status.seen_at,
        last_backup=status.last_backup,
        backup_known_by=_backup_known_by(status),
        restorable_to=status.restorable_to,
        rules=tuple(_rules(status, intent=intent, names=names)),
    )


def uncopied_rules(known: Known, *, intent: Intent) -> frozenset[tuple[str, str]]:
    """The tiers and rules of what is expected of the resource that owe no copy."""
    return frozenset(
        (each.tier, each.rule)
        for each in known.expected
        if each.tier in intent.tiers
        for rule in rules_of(intent.tiers[each.tier])
        if rule.name == each.rule and not destinations_of(intent, rule, account=each.account, region=each.region)
    )


def vaults_of(status: ResourceStatus, *, intent: Intent) -> frozenset[DestinationVault]:
    """The vaults that are to hold its copies."""
    return frozenset(
        destination.vault
        for _, rule in _rules_of(status, intent=intent)
        for destination in destinations_of(intent, rule, account=status.account, region=status.region)
    )


def _rules(status: ResourceStatus, *, intent: Intent, names: Mapping[AccountId, str]) -> Iterator[RuleAnswer]:
    for tier, rule in _rules_of(status, intent=intent):
        yield _rule(status, tier, rule, intent=intent, names=names)


def _rules_of(status: ResourceStatus, *, intent: Intent) -> Iterator[tuple[str, BackupRule]]:
    """What backs it up: each tier with each of its rules."""
    for tier in sorted({status.tier, *(run.tier for run in status.runs)} & intent.tiers.keys()):
        for rule in rules_of(intent.tiers[tier]):
            yield tier, rule


def _rule(
    status: ResourceStatus, tier: str, rule: BackupRule, *, intent: Intent, names: Mapping[AccountId, str]
) -> RuleAnswer:
    run = next((each for each in status.runs if (each.tier, each.rule) == (tier, rule.name)), None)
    copies = {each.destination: each for each in status.copies if (each.tier, each.rule) == (tier, rule.name)}
    return RuleAnswer(
        tier=tier,
        rule=rule.name,
        schedule=words_of(rule.schedule) or rule.schedule,
        local_vault=local_vault(intent, rule).vault.name,
        local_retention_days=local_lifecycle(intent, rule).retention_days,
        last_run=run.reason if run else "no run of it is known yet",
        last_run_at=run.last_created if run else None,
        next_run_at=run.next_firing if run else None,
        destinations=tuple(_vaults(status, rule, copies, intent=intent, names=names)),
    )


def _vaults(
    status: ResourceStatus,
    rule: BackupRule,
    copies: Mapping[str, CopyStatus],
    *,
    intent: Intent,
    names: Mapping[AccountId, str],
) -> Iterator[VaultAnswer]:
    for destination in destinations_of(intent, rule, account=status.account, region=status.region):
        vault, found = destination.vault, copies.get(destination.vault.arn)
        read = found.verified if found else None
        yield VaultAnswer(
            vault=vault.name,
            account=vault.account,
            account_name=names.get(vault.account, ""),
            region=vault.region,
            retention_days=destination.lifecycle.retention_days,
            last_verified_copy=read.copy if read else None,
            copy_of=read.of if read else None,
            verified_at=read.at if read else None,
            known_by=_KNOWN_BY[read.learnt] if read and read.learnt else "",
            state=found.state.lower() if found else "none yet",
            reason=found.reason if found else "no backup has promised a copy there yet",
        )


def _backup_known_by(status: ResourceStatus) -> str:
    newest = max(status.copies, key=lambda each: each.created_at, default=None)
    return _KNOWN_BY[newest.opened_by] if newest else ""
