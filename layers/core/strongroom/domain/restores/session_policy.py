"""The least that a session must be allowed which takes one act: a policy that narrows the role's own.

Where a copy goes no key of StartCopyJob says; that is asked of the role which is passed, as CopyFromBackupVault.
Source: STS API Reference, AssumeRole, "Policy"; Service Authorization Reference, "AWS Backup", "Amazon RDS", "Amazon
DynamoDB" and "Amazon CloudWatch".
"""

from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.catalogue import ec2, fsx, redshift
from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.replication import passed_role
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf

# In a policy they stand for more than themselves (IAM User Guide, "IAM JSON policy elements: Resource").
_WILD: Final = frozenset("*?$")
_LONGEST_INSTANCE: Final = 63  # Amazon RDS API Reference, CreateDBInstance
# What an instance is made with besides its cluster, which says what of these it gets.
_BESIDE: Final = ("og", "pg", "secgrp", "subgrp")


# What each call makes, and how that is tagged.
_MADE: Final = {
    fsx.SYSTEM_CALL: ("arn:{}:fsx:{}:{}:file-system/*", fsx.FILE_SYSTEM.tagging),
    ec2.VOLUME_CALL: ("arn:{}:ec2:{}:{}:volume/*", ec2.VOLUME.tagging),
}
# What adds a table to what lives, as IAM knows it: to that, out of a snapshot.
_TABLES: Final = (redshift.TABLE_CALL, redshift.NAMESPACE_TABLE_CALL)
# What a service does with the key of what it makes as whoever asks for it (Amazon FSx for OpenZFS User Guide,
# "Encryption at rest"; Amazon EBS User Guide, "Requirements for Amazon EBS encryption").
CALLED_WITH_KEY: Final = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
# What EC2 reads a snapshot with, under whatever key of the account that lies.
_READ_WITH_KEY: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom")
# What Redshift Serverless does with the key of a namespace and that of its snapshot as whoever has it overwritten
# (Service Authorization Reference, "Amazon Redshift Serverless", RestoreFromSnapshot).
OVERWRITTEN_WITH_KEY: Final = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
    "kms:RetireGrant",
)
_OF_VOLUMES: Final = "ec2"


def behalf_of(request: RestoreRequest) -> Behalf:
    """For whom a session is opened, and by which ticket or incident, or after which restore."""
    return Behalf(
        subject=request.requester, ticket=request.ticket or request.incident or request.of, request_id=request.id
    )


def restore_session_policy(request: RestoreRequest, *, recovery_point: str) -> str:
    """Start a restore of exactly this recovery point, and pass AWS Backup exactly the role of the request; JSON."""
    return _policy("backup:StartRestoreJob", recovery_point=recovery_point, role=request.role)


def access_session_policy(request: RestoreRequest) -> str:
    """Ask exactly this approval team to open exactly this vault, as exactly the one of the request; JSON."""
    _demand_exact(request.vault, request.access_vault, request.approval_team)
    return _written(
        _allow("backup:CreateRestoreAccessBackupVault", on=[request.access_vault, request.vault]),
        _allow("mpa:StartSession", on=[request.approval_team]),
    )


def listing_session_policy(vault: str) -> str:
    """See who has access to exactly this vault; JSON."""
    _demand_exact(vault)
    return _written(_allow("backup:ListRestoreAccessBackupVaults", on=[vault]))


def revoking_session_policy(request: RestoreRequest, *, team: str) -> str:
    """See who has access to exactly this vault, and ask exactly this team for the end of the request's; JSON."""
    _demand_exact(request.vault, request.access_vault, team)
    return _written(
        _allow("backup:ListRestoreAccessBackupVaults", on=[request.vault]),
        _allow("backup:RevokeRestoreAccessBackupVault", on=[request.access_vault, request.vault]),
        _allow("mpa:StartSession", on=[team]),
    )


def call_session_policy(request: RestoreRequest, *, recovery_point: str) -> str:
    """Make the request's call out of exactly this backup, in its place, under the key that was written; JSON.

    Of what lies under the key of something live no key is written, and nothing is tagged. What overwrites is asked for
    the backup alone: which namespace it is, the caller looks up.
    """
    if request.call in _TABLES:
        _demand_exact(recovery_point, request.resource)
        return _written(_allow(request.call, on=[recovery_point, request.resource]))
    partition, service = Arn.parse(recovery_point).partition, request.call.partition(":")[0]
    via = {"Condition": {"StringLike": {"kms:ViaService": f"{service}.*"}}}
    keys = str(Arn(partition, "kms", request.region, request.account, "key/*"))
    if request.call == redshift.NAMESPACE_CALL:
        _demand_exact(recovery_point)
        return _written(_allow(request.call, on=[recovery_point]), _allow(*OVERWRITTEN_WITH_KEY, on=[keys]) | via)
    template, tagging = _MADE[request.call]
    made = template.format(partition, request.region, request.account)
    key = dict(request.metadata)["KmsKeyId"]
    _demand_exact(recovery_point, key)
    return _written(
        _allow(request.call, on=[recovery_point, made]),
        _allow(*tagging, on=[made]),
        _allow(*CALLED_WITH_KEY, on=[key]) | via,
        *((_allow(*_READ_WITH_KEY, on=[keys]) | via,) if service == _OF_VOLUMES else ()),
    )


def copy_session_policy(recovery_point: str, *, role: str) -> str:
    """Start a copy of exactly this recovery point, and pass AWS Backup exactly this role; JSON."""
    return _policy("backup:StartCopyJob", recovery_point=recovery_point, role=role)


def setting_session_policy(request: RestoreRequest) -> str:
    """Make the request's call on exactly what it is about, and pass S3 exactly the role that it names; JSON."""
    role = passed_role(request.call, dict(request.metadata))
    _demand_exact(request.resource, role)
    return _written(
        _allow(request.call, on=[request.resource]), *([_allow_passing(role, to="s3.amazonaws.com")] if role else [])
    )


def finishing_session_policy(created: str, *, instance: str = "") -> str:
    """Change exactly what was created, which is a table or a cluster, and make that instance, or its first; JSON."""
    _demand_exact(created)
    arn = Arn.parse(created)
    if arn.service == "dynamodb":
        return _written(
            _allow(
                "dynamodb:DescribeContinuousBackups",
                "dynamodb:DescribeTable",
                "dynamodb:UpdateContinuousBackups",
                "dynamodb:UpdateTable",
                on=[created],
            )
        )
    named = f"db:{instance or first_instance(arn)}"
    made = str(Arn(arn.partition, arn.service, arn.region, arn.account, named))
    beside = [str(Arn(arn.partition, arn.service, arn.region, arn.account, f"{kind}:*")) for kind in _BESIDE]
    return _written(
        _allow("rds:DescribeDBClusters", "rds:DescribeDBInstances", on=["*"]),
        _allow("rds:ModifyDBCluster", on=[created]),
        _allow("rds:AddTagsToResource", on=[made]),
        _allow("rds:CreateDBInstance", on=[created, made, *beside]),
    )


def alarms_session_policy(request: RestoreRequest) -> str:
    """See the account's alarms, and make and tag those whose names begin with the request's id; JSON."""
    partition = Arn.parse(request.resource).partition
    made = str(Arn(partition, "cloudwatch", request.region, request.account, f"alarm:{alarm_prefix(request)}"))
    return _written(
        _allow("cloudwatch:DescribeAlarms", on=["*"]),
        _allow("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", on=[f"{made}*"]),
    )


def alarm_prefix(request: RestoreRequest) -> str:
    """How the names of alarms begin that are made for what a request restored: no other alarm's name does."""
    return f"{request.id}-"


def first_instance(cluster: Arn) -> str:
    """The name of the instance that a restored cluster gets."""
    return instance_named(cluster, 1)


def instance_named(cluster: Arn, number: int) -> str:
    """The name of that instance of a restored cluster, the first being its writer."""
    end = f"-{number}"
    return f"{cluster.name[: _LONGEST_INSTANCE - len(end)].rstrip('-')}{end}"


def _demand_exact(*arns: str) -> None:
    for arn in arns:
        if _WILD & set(arn):
            raise ApprovalVoidError(f"{arn[:200]} would mean others as well where it says what may be restored")


def _allow(*actions: str, on: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def _written(*statements: dict[str, Any]) -> str:
    return canonical_text({"Version": "2012-10-17", "Statement": list(statements)})


def _policy(action: str, *, recovery_point: str, role: str) -> str:
    _demand_exact(recovery_point, role)
    return _written(
        {"Effect": "Allow", "Action": action, "Resource": recovery_point},
        _allow_passing(role, to="backup.amazonaws.com"),
    )


def _allow_passing(role: str, *, to: str) -> dict[str, Any]:
    passed = {"StringEquals": {"iam:PassedToService": to}}
    return {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": passed}
