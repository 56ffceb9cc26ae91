"""Protection from deletion, of tables and clusters, and continuous backups of tables.

Sources: Amazon DynamoDB API Reference, UpdateTable and UpdateContinuousBackups; Amazon RDS API Reference,
ModifyDBCluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.restores.cluster_instances import cluster_of
from strongroom.domain.restores.kinds.finishing import StepOutcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.identifiers import Arn
    from strongroom.domain.restores.requests import RestoreRequest

    type Client = Callable[..., Any]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
    "rds:ModifyDBCluster",
)


def protect_table(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    """Keep a table from being deleted."""
    dynamodb = client(region=request.region)
    if not dynamodb.describe_table(TableName=arn.name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=arn.name, DeletionProtectionEnabled=True)
    return StepOutcome.DONE, "nobody deletes it before this is taken off"


def make_continuous(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    """Switch a table's point-in-time recovery on."""
    dynamodb = client(region=request.region)
    told = dynamodb.describe_continuous_backups(TableName=arn.name)["ContinuousBackupsDescription"]
    if told.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        wanted = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=arn.name, PointInTimeRecoverySpecification=wanted)
    return StepOutcome.DONE, "point-in-time recovery is on, and begins now"


def protect_cluster(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    """Keep a cluster from being deleted."""
    rds = client(region=request.region)
    if not cluster_of(rds, arn).get("DeletionProtection"):
        rds.modify_db_cluster(DBClusterIdentifier=arn.name, DeletionProtection=True)
    return StepOutcome.DONE, "nobody deletes it before this is taken off"
