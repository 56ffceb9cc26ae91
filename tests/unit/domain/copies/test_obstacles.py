"""Which causes of a failed copy the next one would share."""

import pytest

from strongroom.domain.copies.obstacles import obstacle_of
from tests.builders.copies import a_copy_job

# https://github.com/aws-samples/aws-backup-automation/issues/2
_OF_A_DISK = (
    "AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions"
)
# https://repost.aws/knowledge-center/backup-cross-account-copy-error
_OF_A_DATABASE = "The source snapshot KMS key [arn] does not exist, is not enabled or you do not have permissions to it"


@pytest.mark.parametrize(
    ("message", "obstacle"),
    [
        ("Given key ID is not accessible", "cannot: key policy"),
        (_OF_A_DISK, "cannot: key policy"),
        (_OF_A_DATABASE, "cannot: key policy"),
        ("Copy job failed: the source snapshot KMS key does not exist", "cannot: key policy"),
        ("... is not authorized to perform: kms:CreateGrant on this resource", "cannot: key policy"),
        ("Snapshots encrypted with the AWS Managed CMK can't be shared", "cannot: AWS-managed key"),
        ("Access Denied trying to call AWS Backup service", None),
        ("Internal failure", None),
        (None, None),
    ],
)
def test_an_obstacle_is_read_from_the_words_of_aws(message: str | None, obstacle: str | None) -> None:
    assert obstacle_of(a_copy_job(state="FAILED", message=message)) == obstacle


def test_a_copy_that_did_not_fail_met_none() -> None:
    assert obstacle_of(a_copy_job(state="COMPLETED", message="Given key ID is not accessible")) is None
