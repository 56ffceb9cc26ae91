"""What is promised, whose a copy is, and when it keeps the promise."""

from copy import replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from strongroom.domain.copies.found import RecoveryPointFound, VaultFound
from strongroom.domain.copies.promises import PromiseState, is_ours, promises_of
from strongroom.domain.copies.verification import CopyState, judge_copy, judge_failed_job
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from tests.builders.copies import (
    COMPLETED_AT,
    DEADLINE,
    IN_TIME,
    KEY,
    TOO_LATE,
    a_copy,
    a_copy_job,
    a_promise,
    a_source,
    a_vault,
    an_origin,
)
from tests.builders.intents import with_settings
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT


def judge(intent: Intent, *, found: RecoveryPointFound | None, vault: VaultFound | None, late: bool = False) -> Any:
    return judge_copy(a_promise(), found=found, vault=vault, intent=intent, now=TOO_LATE if late else IN_TIME)


def test_a_copy_that_is_as_promised_is_verified(intent: Intent) -> None:
    verdict = judge(intent, found=a_copy(), vault=a_vault())
    assert verdict.state is CopyState.VERIFIED
    assert "late" not in verdict.reason


def test_a_copy_after_the_deadline_is_verified_and_called_late(intent: Intent) -> None:
    verdict = judge(intent, found=a_copy(), vault=a_vault(), late=True)
    assert verdict.state is CopyState.VERIFIED
    assert "0:15:00 late" in verdict.reason


@pytest.mark.parametrize(
    ("point", "named"),
    [
        pytest.param({"retention_days": 35}, "kept 35 days instead of 2555", id="kept-too-short"),
        pytest.param({"encryption_key": "arn:other"}, "encrypted with arn:other", id="foreign-key"),
        pytest.param({"encryption_key": None}, "encrypted with no key", id="not-encrypted"),
        pytest.param({"status": "PARTIAL"}, "its status is PARTIAL", id="partial"),
        pytest.param({"status": "EXPIRED"}, "its status is EXPIRED", id="expired"),
        pytest.param({"vault": REPLICA_VAULT}, f"it is in {REPLICA_VAULT}", id="other-vault"),
        pytest.param({"resource": "arn:x"}, "it is a backup of arn:x", id="other-resource"),
    ],
)
def test_what_is_wrong_with_a_copy_is_named(intent: Intent, point: dict[str, Any], named: str) -> None:
    verdict = judge(intent, found=a_copy(**point), vault=a_vault())
    assert verdict.state is CopyState.FAILED
    assert named in verdict.reason


def test_every_fault_is_named_not_only_the_first(intent: Intent) -> None:
    verdict = judge(intent, found=a_copy(retention_days=35, encryption_key=None), vault=a_vault())
    assert all(part in verdict.reason for part in ("35 days", "no key"))


@pytest.mark.parametrize(
    ("found", "state"),
    [
        pytest.param(None, CopyState.PENDING, id="not-there"),
        pytest.param(a_copy(status="CREATING"), CopyState.PENDING, id="being-made"),
        pytest.param(a_copy(status="AVAILABLE"), CopyState.VERIFIED, id="available"),
        pytest.param(a_copy(retention_days=None), CopyState.VERIFIED, id="kept-for-ever"),
        pytest.param(a_copy(retention_days=3000), CopyState.VERIFIED, id="kept-longer"),
    ],
)
def test_a_copy_is_judged_by_what_is_there(intent: Intent, found: RecoveryPointFound | None, state: CopyState) -> None:
    assert judge(intent, found=found, vault=a_vault()).state is state


@pytest.mark.parametrize("vault", [None, a_vault(is_locked=False)], ids=["no-vault", "unlocked"])
def test_a_good_copy_in_a_vault_that_keeps_nothing_waits_to_be_verified(
    intent: Intent, vault: VaultFound | None
) -> None:
    assert judge(intent, found=a_copy(), vault=vault).state is CopyState.PENDING


def test_a_good_copy_in_a_vault_with_other_numbers_is_verified(intent: Intent) -> None:
    assert judge(intent, found=a_copy(), vault=a_vault(max_retention_days=2557)).state is CopyState.VERIFIED


@pytest.mark.parametrize(
    ("lock", "is_locked", "words"),
    [
        pytest.param(None, True, "with its key, locked, and kept 2555 days", id="the lock of the example"),
        pytest.param("none", False, "with its key and kept 2555 days", id="no lock"),
    ],
)
def test_a_copy_is_called_locked_where_it_is(
    intent: Intent,
    lock: Literal["none"] | None,
    is_locked: bool,  # noqa: FBT001
    words: str,
) -> None:
    changed = with_settings(intent, "central", lock=lock or intent.vaults["central"].lock)
    verdict = judge(changed, found=a_copy(), vault=a_vault(is_locked=is_locked))
    assert verdict.state is CopyState.VERIFIED
    assert words in verdict.reason


# Developer Guide, "Encryption for backups in AWS Backup".
@pytest.mark.parametrize(
    ("resource", "key", "words", "is_unencrypted"),
    [
        pytest.param(
            "arn:aws:rds:eu-west-1:222222222222:cluster:c", None, "unencrypted as its source", True, id="open"
        ),
        pytest.param(
            "arn:aws:rds:eu-west-1:222222222222:cluster:c", KEY, "encrypted with its key", False, id="cluster"
        ),
        pytest.param("arn:aws:ec2:eu-west-1:222222222222:instance/i", None, "without a key", False, id="image"),
        pytest.param("arn:aws:ec2:eu-west-1:222222222222:instance/i", KEY, "encrypted", False, id="image-with-a-key"),
    ],
)
def test_a_copy_lies_under_the_key_that_its_type_is_copied_to(
    intent: Intent,
    resource: str,
    key: str | None,
    words: str,
    is_unencrypted: bool,  # noqa: FBT001
) -> None:
    promise, found = a_promise(resource=resource), a_copy(resource=resource, encryption_key=key)
    verdict = judge_copy(promise, found=found, vault=a_vault(), intent=intent, now=IN_TIME)
    assert (verdict.state, verdict.is_unencrypted) == (CopyState.VERIFIED, is_unencrypted)
    assert words in verdict.reason


def test_a_foreign_key_is_wrong_whatever_the_type(intent: Intent) -> None:
    cluster = "arn:aws:rds:eu-west-1:222222222222:cluster:c"
    found = a_copy(resource=cluster, encryption_key="arn:other")
    verdict = judge_copy(a_promise(resource=cluster), found=found, vault=a_vault(), intent=intent, now=IN_TIME)
    assert verdict.state is CopyState.FAILED


def test_a_failed_job_is_told_with_its_cause_without_the_quotation_marks_of_aws(intent: Intent) -> None:
    job = a_copy_job(state="FAILED", message='"Access denied."')
    assert judge_failed_job(a_promise(), job, intent=intent).reason == "the copy job ended FAILED: Access denied."


def test_a_job_that_failed_by_a_key_says_what_stops_it_and_what_to_do_beside_the_words_of_aws(intent: Intent) -> None:
    job = a_copy_job(state="FAILED", message="Given key ID is not accessible")
    reason = judge_failed_job(a_promise(), job, intent=intent).reason
    assert reason.startswith(
        "the copy job ended FAILED: Given key ID is not accessible; diagnosed as cannot: key policy: the backup lies "
        "under a key, which the account of the vault may not use; to do in account 222222222222 (KMS, the key's policy)"
    )


def test_the_deadline_counts_from_the_end_of_the_backup(intent: Intent) -> None:
    later = COMPLETED_AT + timedelta(hours=1)
    (promise,) = promises_of(
        a_source(), origin=an_origin(intent), account=PAYMENTS, region=HOME, intent=intent, now=later
    )
    assert promise == a_promise()
    assert promise.deadline == DEADLINE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, True, id="local-to-central"),
        pytest.param({"destination": REPLICA_VAULT}, True, id="local-to-replica"),
        pytest.param({"source_vault": CENTRAL_VAULT, "destination": LOCAL_VAULT}, False, id="copy-back"),
        pytest.param(
            {"destination": CENTRAL_VAULT.replace("9" * 12, "6" * 12)}, False, id="foreign-vault-of-that-name"
        ),
        pytest.param({"source_vault": LOCAL_VAULT + "-own"}, False, id="a-teams-own-vault"),
        pytest.param({"recovery_point": "arn:aws:ec2:eu-west-1::snapshot/snap-1"}, True, id="arn-without-account"),
    ],
)
def test_whose_a_copy_is_is_told_by_its_vaults(intent: Intent, changes: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    assert is_ours(a_copy_job(**changes), account=PAYMENTS, region=HOME, intent=intent) is expected


def test_an_account_cannot_speak_for_another_accounts_vault(intent: Intent) -> None:
    assert not is_ours(a_copy_job(), account=AccountId("333333333333"), region=HOME, intent=intent)


def test_states_rank_in_the_order_in_which_they_may_follow() -> None:
    ranks = [state.rank for state in PromiseState]
    assert ranks == sorted(ranks)
    assert not replace(a_promise(), state=PromiseState.FAILED).is_settled
    assert replace(a_promise(), state=PromiseState.VERIFIED).is_settled
