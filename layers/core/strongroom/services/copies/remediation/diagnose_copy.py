"""Find out what stops a copy, and write and tell what is to be changed, where, and in whose account."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.copies.deadlines import queue_of
from strongroom.domain.copies.obstacles import shared_cause
from strongroom.domain.copies.remediation.circumstances import SOURCE, VAULT, Circumstances
from strongroom.domain.copies.remediation.diagnosis import diagnose
from strongroom.domain.copies.transitions import diagnosed
from strongroom.domain.errors import CallRefusedError, NotFoundError, RefusedError
from strongroom.services.copies.conclude import change, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.copies.obstacles import Cause
    from strongroom.domain.copies.promises import Promise, PromiseKey
    from strongroom.domain.copies.remediation.circumstances import SourceKey
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.accounts import AccountBook
    from strongroom.ports.copies import (
        BackupSwitches,
        CopyJobs,
        GroupBook,
        PromiseBook,
        RecoveryPointInspection,
        SourceKeys,
        VaultInspection,
        VaultPolicies,
    )
    from strongroom.services.alerts.tell_alerts import AlertNotifier

_OUT = frozenset({AccountState.LEFT, AccountState.NOT_GOVERNED})


class CopyDiagnosisNeeds(Struct, frozen=True, kw_only=True):
    """What a diagnosis needs of the world: all that can stop a copy, and where what was found is written and told."""

    intent: Intent
    promises: PromiseBook
    groups: GroupBook
    jobs: CopyJobs
    points: RecoveryPointInspection
    vaults: VaultInspection
    policies: VaultPolicies
    keys: SourceKeys
    switches: BackupSwitches
    accounts: AccountBook
    alerts: AlertNotifier


class LastTry(Struct, frozen=True, kw_only=True):
    """What ended our own try to start the copy, by the name of the error and its words; both empty where none was."""

    error: str = ""
    words: str = ""


class DiagnosisVerdict(Struct, frozen=True, kw_only=True):
    """What was found to stop one copy, None where nothing is owed any more, in words, and in whose account to act."""

    cause: Cause | None
    reason: str
    recovery_point: str
    destination: str
    account: str | None = None


def diagnose_copy(key: PromiseKey, *, last_try: LastTry, needs: CopyDiagnosisNeeds, now: datetime) -> DiagnosisVerdict:
    """Read what can stop a copy, decide what does, and note it in the promise and its alert.

    What the account refuses to show counts as not known. Raises what makes another try worth while.
    """
    promise = needs.promises.current(key)
    if promise is None or promise.is_settled:
        return _verdict(key, None, "nothing is owed any more")
    found = _Reading(promise, needs).circumstances(last_try)
    finding = diagnose(promise, found, intent=needs.intent)
    group = shared_cause(finding.cause, key=_key_of(found), account=promise.account)
    step = partial(diagnosed, finding=finding, group=group, deadlines=needs.intent.deadlines, now=now)
    noted = change(promise, step, promises=needs.promises)
    if noted is not None:
        tell(noted, needs=needs, now=now)
    return _verdict(key, finding.cause, finding.told, account=finding.account)


class _Reading(Struct, frozen=True):
    """One reading of everything around a promise; what is refused is noted, and no more."""

    promise: Promise
    needs: CopyDiagnosisNeeds
    unread: set[str] = field(default_factory=set)

    def circumstances(self, last_try: LastTry) -> Circumstances:
        """All that can be read."""
        promise, needs = self.promise, self.needs
        source = self._read(SOURCE, lambda: needs.points.find(promise.recovery_point, vault=promise.source_vault))
        known = needs.accounts.find(promise.account)
        return Circumstances(
            words=last_try.words or self._read("the copy jobs", self._words_of_last_job) or "",
            error=last_try.error or None,
            source=source,
            key=self._read("the key", lambda: self._key(None if source is None else source.encryption_key)),
            vault=self._read(VAULT, lambda: needs.vaults.describe(promise.destination)),
            vault_policy=self._read("the vault's policy", lambda: needs.policies.statements(promise.destination)),
            opt_ins=self._read("the opt-ins", lambda: needs.switches.opt_ins(promise.account, promise.region)),
            is_cross_account=self._read("the organisation's settings", needs.switches.is_cross_account),
            has_left=known is not None and known.state in _OUT,
            unread=frozenset(self.unread),
        )

    def _words_of_last_job(self) -> str:
        last = queue_of(self.promise, self.needs.jobs.of_promise(self.promise)).last
        return (last.message or "") if last is not None and last.has_failed else ""

    def _key(self, key: str | None) -> SourceKey | None:
        if key is None:
            return None
        return self.needs.keys.find(key, account=self.promise.account, region=self.promise.region)

    def _read[Found](self, name: str, look: Callable[[], Found]) -> Found | None:
        try:
            return look()
        except (RefusedError, NotFoundError, CallRefusedError):
            self.unread.add(name)
            return None


def _key_of(found: Circumstances) -> str | None:
    """The key under which the backup lies, as KMS names it, else as the backup does."""
    if found.key is not None:
        return found.key.arn
    return None if found.source is None else found.source.encryption_key


def _verdict(key: PromiseKey, cause: Cause | None, reason: str, *, account: str | None = None) -> DiagnosisVerdict:
    return DiagnosisVerdict(
        cause=cause,
        reason=reason,
        recovery_point=key.recovery_point,
        destination=key.destination,
        account=account,
    )
