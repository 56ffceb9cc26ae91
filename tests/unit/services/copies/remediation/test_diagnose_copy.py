"""What stops a copy is read, noted in its promise, and told in its alert, without starting or changing anything."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState, KnownAccount
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.remediation.diagnose_copy import DiagnosisVerdict, LastTry, diagnose_copy
from tests.builders.copies import TOO_LATE, a_copy_job, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.builders.remediation import OWN_KEY, a_key
from tests.fakes.copies import LateNight

REASON = "due then, nothing arrived by now; no copy job exists"
MISSING = a_promise(state=PromiseState.MISSING, alert=AlertKind.COPY_MISSING, reason=REASON, version=2)


@pytest.fixture
def night(intent: Intent) -> LateNight:
    night = LateNight(intent)
    night.promises.open(MISSING)
    return night


def diagnose(night: LateNight, *, error: str = "", words: str = "") -> DiagnosisVerdict:
    last_try = LastTry(error=error, words=words)
    return diagnose_copy(MISSING.key, last_try=last_try, needs=night.diagnosis_needs, now=TOO_LATE)


def test_the_cause_is_noted_and_told_with_what_to_do_beside_what_happened(night: LateNight) -> None:
    night.surroundings.policies.clear()
    verdict = diagnose(night)
    assert (verdict.cause, verdict.account) == (Cause.VAULT_POLICY, night.intent.organization.backup_account)
    promise = night.promise()
    assert (promise.diagnosis, promise.version, promise.untold) == (Cause.VAULT_POLICY, 3, False)
    [told] = night.alerts.told
    assert told.kind is AlertKind.COPY_MISSING
    assert REASON in told.reason
    assert "cannot: vault policy" in told.reason
    assert "to do in account 999999999999" in told.reason


def test_the_same_cause_is_told_once(night: LateNight) -> None:
    night.surroundings.policies.clear()
    diagnose(night)
    diagnose(night)
    assert len(night.alerts.told) == 1


def test_the_words_of_the_last_copy_job_count(night: LateNight) -> None:
    night.jobs.jobs = [
        a_copy_job(id="copy-1", state="FAILED", message="Internal failure", destination_recovery_point=None),
        a_copy_job(id="copy-2", state="FAILED", message="too many copies", destination_recovery_point=None),
    ]
    assert diagnose(night).cause is Cause.QUOTA


def test_what_refused_our_own_try_counts_before_the_job_of_an_earlier_one(night: LateNight) -> None:
    night.jobs.jobs = [a_copy_job(state="FAILED", message="too many copies", destination_recovery_point=None)]
    assert diagnose(night, error="CopyRefusedError", words="it is in cold storage").cause is Cause.COLD


def test_the_key_of_the_backup_is_looked_at(night: LateNight) -> None:
    night.surroundings.held = {OWN_KEY: a_key(statements=())}
    assert diagnose(night).cause is Cause.KEY_POLICY


@pytest.mark.parametrize("state", [AccountState.LEFT, AccountState.NOT_GOVERNED])
def test_an_account_that_left_explains_a_refusal(state: AccountState, night: LateNight) -> None:
    night.accounts.known[PAYMENTS] = KnownAccount(
        account=PAYMENTS, state=state, units=(), assessed_at=TOO_LATE - timedelta(days=1), not_ready_since=None
    )
    assert diagnose(night, error="AccessRefusedError", words="no").cause is Cause.ACCOUNT_LEFT


def test_what_the_account_refuses_to_show_is_said_and_no_cause(night: LateNight) -> None:
    refusal = AccessRefusedError("no")
    night.surroundings.refusal = dict.fromkeys(("key", "policy", "opt-ins", "switch"), refusal)
    night.jobs.refusal, night.truth.refusal = refusal, {CENTRAL_VAULT: refusal}
    verdict = diagnose(night)
    assert verdict.cause is Cause.UNKNOWN
    assert "these could not be read: the copy jobs, the key, the opt-ins, the organisation's settings" in verdict.reason


def test_aws_that_is_away_is_asked_again_and_nothing_is_noted(night: LateNight) -> None:
    night.surroundings.refusal = {"key": TemporarilyUnavailableError("slow")}
    with pytest.raises(TemporarilyUnavailableError):
        diagnose(night)
    assert night.promise() == MISSING


@pytest.mark.parametrize("state", [PromiseState.VERIFIED, PromiseState.VANISHED])
def test_of_what_is_settled_nothing_is_said(state: PromiseState, night: LateNight) -> None:
    night.promises.held[MISSING.key] = replace(MISSING, state=state)
    night.surroundings.policies.clear()
    assert diagnose(night).cause is None
    assert night.alerts.told == []
    night.promises.held.clear()
    assert diagnose(night).cause is None


def test_a_diagnosis_is_written_on_what_others_wrote_meanwhile(night: LateNight) -> None:
    night.surroundings.policies.clear()
    night.promises.overtaken = [replace(MISSING, looks=2, revision=2)]
    diagnose(night)
    assert (night.promise().diagnosis, night.promise().looks) == (Cause.VAULT_POLICY, 2)
