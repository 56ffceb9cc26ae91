"""What stops a copy, by AWS's own words, and which of it the next try would meet as well."""

import pytest

from strongroom.domain.copies.obstacles import Cause, cause_in, obstacle_of
from tests.builders.copies import a_copy_job

# https://github.com/aws-samples/aws-backup-automation/issues/2
_OF_A_DISK = (
    "AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions"
)
# https://repost.aws/knowledge-center/backup-cross-account-copy-error
_OF_A_DATABASE = "The source snapshot KMS key [arn] does not exist, is not enabled or you do not have permissions to it"


# https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy
_OF_A_STRANGER = "Copy job failed. Both source and destination account must be a member of the same organization"
_OF_A_TYPE = "Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources. Feature is not supported"
_OF_A_DEFAULT_VAULT = "The destination backup vault is encrypted with the default AWS Backup managed key"

WORDS = [
    ("Given key ID is not accessible", Cause.KEY_POLICY),
    (_OF_A_DISK, Cause.KEY_POLICY),
    (_OF_A_DATABASE, Cause.KEY_POLICY),
    ("Copy job failed: the source snapshot KMS key does not exist", Cause.KEY_POLICY),
    ("... is not authorized to perform: kms:CreateGrant on this resource", Cause.KEY_POLICY),
    ("Snapshots encrypted with the AWS Managed CMK can't be shared", Cause.AWS_MANAGED_KEY),
    (_OF_A_DEFAULT_VAULT, Cause.VAULT_KEY),
    ("Access Denied trying to call AWS Backup service", Cause.VAULT_POLICY),
    (_OF_A_STRANGER, Cause.ACCOUNT_LEFT),
    ("Destination account is not a member of the organization", Cause.ACCOUNT_LEFT),
    ("Cross-account backup is not enabled in the organization's global settings", Cause.SWITCH),
    ("The resource type RDS is not opted in for this Region", Cause.OPT_IN),
    ("Recovery point arn:x is in cold storage, from where it cannot be copied", Cause.COLD),
    ("Retention of 2555 days is longer than the maximum retention of the vault", Cause.RETENTION),
    ("Backup vault arn:x does not exist", Cause.VAULT_MISSING),
    ("Recovery point arn:x does not exist", Cause.SOURCE_GONE),
    (_OF_A_TYPE, Cause.TYPE),
    ("LimitExceededException: you have too many snapshot copies in progress", Cause.QUOTA),
    ("Access denied exception while trying to list tags", None),
    ("Internal failure", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("words", "cause"), WORDS)
def test_a_cause_is_read_from_the_words_of_aws(words: str | None, cause: Cause | None) -> None:
    assert cause_in(words) is cause


@pytest.mark.parametrize(("words", "cause"), WORDS)
def test_only_what_may_pass_stands_in_the_way_of_no_other_try(words: str | None, cause: Cause | None) -> None:
    obstacle = None if cause is Cause.QUOTA else cause
    assert obstacle_of(a_copy_job(state="FAILED", message=words)) is obstacle


def test_every_cause_has_words_of_its_own_for_people() -> None:
    assert len({cause.words for cause in Cause}) == len(Cause)


def test_a_copy_that_did_not_fail_met_none() -> None:
    assert obstacle_of(a_copy_job(state="COMPLETED", message="Given key ID is not accessible")) is None
