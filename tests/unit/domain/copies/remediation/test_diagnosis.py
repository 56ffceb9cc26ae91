"""What stops a copy, decided from AWS's words and from what was read, and what to do about it in whose account."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.remediation.circumstances import SOURCE, VAULT, of_words
from strongroom.domain.copies.remediation.diagnosis import Finding, diagnose
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from tests.builders.copies import RESOURCE, a_promise, a_source, a_vault
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, a_vault_arn
from tests.builders.remediation import OWN_KEY, a_key, a_reading

MANAGEMENT = "000000000001"
AWS_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/aws-rds"
AN_EFS = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-0aaaaaaaaaaaaaaaa"
MANAGED_POINT = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:11111111-2222-3333-4444-555555555555"
A_WAREHOUSE = f"arn:aws:redshift:{HOME}:{PAYMENTS}:cluster:facts"
BESIDE = a_vault_arn("beside-vault", account=PAYMENTS)
DISK_WORDS = "Given key ID is not accessible. You must have DescribeKey permissions on the default CMK"
DENIED = "Access Denied trying to call AWS Backup service"


def find(intent: Intent, *, promise: Promise | None = None, **changes: Any) -> Finding:
    return diagnose(promise or a_promise(), a_reading(intent, **changes), intent=intent)


# What was read (or AWS said), the cause, and a part of what is told.
CASES = [
    pytest.param({}, Cause.UNKNOWN, "read AWS's words", PAYMENTS, id="nothing-speaks-against-it"),
    pytest.param({"words": "Internal failure"}, Cause.UNKNOWN, "copy by hand", PAYMENTS, id="words-of-no-meaning"),
    pytest.param(
        {"key": a_key(statements=())}, Cause.KEY_POLICY, "key-policies/source-keys.json", PAYMENTS, id="key-policy"
    ),
    pytest.param({"key": a_key(state="Disabled")}, Cause.KEY_POLICY, OWN_KEY, PAYMENTS, id="key-disabled"),
    pytest.param(
        {"key": a_key(arn=OWN_KEY.replace(PAYMENTS, "333333333333"), statements=())},
        Cause.KEY_POLICY,
        "333333333333",
        "333333333333",
        id="key-of-another-account",
    ),
    pytest.param({"words": DISK_WORDS}, Cause.KEY_POLICY, OWN_KEY, PAYMENTS, id="key-by-words-alone"),
    pytest.param(
        {"words": DISK_WORDS, "key": a_key(arn=AWS_KEY, manager="AWS", statements=None)},
        Cause.AWS_MANAGED_KEY,
        AWS_KEY,
        PAYMENTS,
        id="words-of-one-key-fault-and-the-reading-of-another",
    ),
    pytest.param(
        {"key": a_key(arn=AWS_KEY, manager="AWS", statements=None)},
        Cause.AWS_MANAGED_KEY,
        "nobody can share",
        PAYMENTS,
        id="aws-managed-key",
    ),
    pytest.param({"vault_policy": ()}, Cause.VAULT_POLICY, "strongroom apply", BACKUP_ACCOUNT, id="vault-policy"),
    pytest.param(
        {"words": DENIED, "vault_policy": ()}, Cause.VAULT_POLICY, CENTRAL_VAULT, BACKUP_ACCOUNT, id="vault-denies"
    ),
    pytest.param(
        {"words": DENIED, "vault_policy": None}, Cause.VAULT_POLICY, "", BACKUP_ACCOUNT, id="denied-policy-unread"
    ),
    pytest.param({"words": DENIED}, Cause.ROLE, "service control policies", PAYMENTS, id="denied-by-somebody-else"),
    pytest.param({"vault": None}, Cause.VAULT_MISSING, "makes it again", BACKUP_ACCOUNT, id="vault-missing"),
    pytest.param(
        {"vault": a_vault(max_retention_days=365)},
        Cause.RETENTION,
        "kept 2555 days, and the lock of the vault takes 30 days to 365 days",
        BACKUP_ACCOUNT,
        id="retention-too-long",
    ),
    pytest.param(
        {"vault": a_vault(min_retention_days=3000, max_retention_days=None)},
        Cause.RETENTION,
        "3000 days to as long as you like",
        BACKUP_ACCOUNT,
        id="retention-too-short",
    ),
    pytest.param(
        {"vault": a_vault(is_locked=False, max_retention_days=365)}, Cause.UNKNOWN, "", PAYMENTS, id="no-lock-no-fault"
    ),
    pytest.param({"opt_ins": {"RDS": False}}, Cause.OPT_IN, f"in {HOME}", PAYMENTS, id="not-opted-in"),
    pytest.param({"is_cross_account": False}, Cause.SWITCH, "strongroom apply", MANAGEMENT, id="switch"),
    pytest.param({"has_left": True}, Cause.ACCOUNT_LEFT, PAYMENTS, MANAGEMENT, id="account-left"),
    pytest.param(
        {"words": "Both source and destination account must be a member of the same organization"},
        Cause.ACCOUNT_LEFT,
        "Organizations",
        MANAGEMENT,
        id="account-left-by-words",
    ),
    pytest.param({"source": a_source(is_cold=True)}, Cause.COLD, "cold_storage_after", BACKUP_ACCOUNT, id="cold"),
    pytest.param({"source": None}, Cause.SOURCE_GONE, LOCAL_VAULT, PAYMENTS, id="backup-gone"),
    pytest.param(
        {"words": "Feature is not supported for provided resource type"},
        Cause.TYPE,
        "not there, by its own words",
        PAYMENTS,
        id="type-by-words",
    ),
    pytest.param(
        {"words": "LimitExceededException: too many copies"}, Cause.QUOTA, "Service Quotas", PAYMENTS, id="quota"
    ),
    pytest.param({"error": "AccessRefusedError"}, Cause.ROLE, "strongroom-copying", PAYMENTS, id="role"),
    pytest.param(
        {"error": "TemporarilyUnavailableError"}, Cause.BUSY, "it is tried again", PAYMENTS, id="aws-was-away"
    ),
    pytest.param(
        {"error": "AccessRefusedError", "has_left": True}, Cause.ACCOUNT_LEFT, "", MANAGEMENT, id="left-and-so-refused"
    ),
    pytest.param(
        {"source": None, "vault": None, "key": None, "unread": frozenset({SOURCE, VAULT, "the key"})},
        Cause.UNKNOWN,
        "could not be read: the backup, the key, the vault",
        PAYMENTS,
        id="what-could-not-be-read-is-no-fault",
    ),
]


@pytest.mark.parametrize(("reading", "cause", "told", "account"), CASES)
def test_the_cause_is_told_with_what_to_change_and_in_whose_account(
    intent: Intent, reading: dict[str, Any], cause: Cause, told: str, account: str
) -> None:
    place = replace(intent.organization, management_account=AccountId(MANAGEMENT))
    found = find(replace(intent, organization=place), **reading)
    assert found.cause is cause
    assert told in found.told
    assert found.account == account
    assert "{" not in found.told


@pytest.mark.parametrize(
    ("promise", "reading"),
    [
        pytest.param(
            {"resource": AN_EFS, "recovery_point": MANAGED_POINT}, {"key": a_key(statements=())}, id="fully-managed"
        ),
        pytest.param({"destination": BESIDE}, {"key": a_key(statements=())}, id="key-inside-one-account"),
        pytest.param({"destination": BESIDE}, {"is_cross_account": False}, id="switch-inside-one-account"),
        pytest.param({"destination": BESIDE}, {"vault_policy": ()}, id="policy-inside-one-account"),
    ],
)
def test_what_a_copy_does_not_need_is_no_cause(
    intent: Intent, promise: dict[str, Any], reading: dict[str, Any]
) -> None:
    assert find(intent, promise=a_promise(**promise), **reading).cause is Cause.UNKNOWN


def test_a_type_that_is_copied_nowhere_says_so(intent: Intent) -> None:
    found = find(intent, promise=a_promise(resource=A_WAREHOUSE), source=a_source(type="Redshift"))
    assert found.cause is Cause.TYPE
    assert "neither to another Region nor to another account" in found.meaning


def test_a_cluster_is_told_from_others_of_its_arn_by_its_recovery_point(intent: Intent) -> None:
    cluster = a_promise(resource=RESOURCE.replace(":db:", ":cluster:"))
    off = {"Neptune": False, "Aurora": True}
    assert find(intent, promise=cluster, source=a_source(type="Neptune"), opt_ins=off).cause is Cause.OPT_IN
    assert find(intent, promise=cluster, source=a_source(type="Aurora"), opt_ins=off).cause is Cause.UNKNOWN


def test_a_continuous_backup_that_nothing_stops_waits_for_its_next_night(intent: Intent) -> None:
    assert find(intent, promise=a_promise(night="backup-1")).cause is Cause.CONTINUOUS
    assert find(intent, promise=a_promise(night="backup-1"), vault_policy=()).cause is Cause.VAULT_POLICY


AWS_MANAGED = {"key": a_key(arn=AWS_KEY, manager="AWS", statements=None)}


def test_from_under_aws_own_key_two_steps_lead_by_another_vault_of_the_account(intent: Intent) -> None:
    in_another = a_promise(source_vault=BESIDE)
    found = find(intent, promise=in_another, **AWS_MANAGED)
    assert f"try two steps: copy it into {LOCAL_VAULT}" in found.change
    assert f"and that copy on into {CENTRAL_VAULT}" in found.change


@pytest.mark.parametrize(
    ("promise", "why"),
    [
        ({}, "the account has none there but the one that the backup lies in"),
        ({"night": "backup-1"}, "does not copy continuous backups on demand"),
    ],
)
def test_where_no_two_steps_lead_anywhere_that_is_said(intent: Intent, promise: dict[str, Any], why: str) -> None:
    found = find(intent, promise=a_promise(**promise), **AWS_MANAGED)
    assert found.cause is Cause.AWS_MANAGED_KEY
    assert "there is no other way" in found.change
    assert why in found.change


def test_before_anything_is_read_the_words_alone_tell_what_they_can(intent: Intent) -> None:
    found = diagnose(a_promise(), of_words(DISK_WORDS), intent=intent)
    assert found.told == (
        "cannot: key policy: the backup lies under a key, which the account of the vault may not use; to do in account "
        "222222222222 (KMS, the key's policy): enable the key, and add the statements of "
        "key-policies/source-keys.json, which `strongroom compile` writes, to its policy"
    )
