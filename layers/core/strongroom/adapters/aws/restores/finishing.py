"""What is done on what was restored, in a member account: protection, continuous backups, the writer of a cluster.

Sources: Amazon DynamoDB API Reference, UpdateTable and UpdateContinuousBackups; Amazon RDS API Reference,
ModifyDBCluster and CreateDBInstance; Amazon DocumentDB Developer Guide, "Adding an instance to a cluster", whose
instances are never public and know no such setting.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import behalf_of, finishing_session_policy, first_instance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.requests import RestoreRequest

    type Client = Callable[..., Any]
    type Act = Callable[[Client, Arn, RestoreRequest], tuple[StepOutcome, str]]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
    "rds:CreateDBInstance",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:ModifyDBCluster",
)

# A table is there some time before its backups are ("Errors" of UpdateContinuousBackups).
_EARLY: Final = ("ContinuousBackupsUnavailableException",)
_NEVER_PUBLIC: Final = "docdb"


class MemberFinishing:
    """Takes steps on what a restore created, each in a session that may change that and nothing else."""

    def __init__(self, borrowers: AttributedClients) -> None:
        """`borrowers` are the clients of the role for what follows a restore, lent for a person and a ticket."""
        self._borrowers = borrowers

    def take(self, step: MachineStep, *, created: str, request: RestoreRequest) -> StepTaken:
        """Take the step, unless it is so already."""
        arn = Arn.parse(created)
        act = _ACTS.get((arn.service, step))
        if act is None:
            outcome, reason = StepOutcome.SKIPPED, f"nobody here knows how that is done for {created}"
        else:
            client = partial(
                self._borrowers.client,
                arn.service,
                account=request.account,
                behalf=behalf_of(request),
                policy=finishing_session_policy(created),
            )
            with aws_errors(early=_EARLY):
                outcome, reason = act(client, arn, request)
        return StepTaken(step=step, outcome=outcome, reason=reason)


def _protect_table(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    dynamodb = client(region=request.region)
    if not dynamodb.describe_table(TableName=arn.name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=arn.name, DeletionProtectionEnabled=True)
    return StepOutcome.DONE, "nobody deletes it before this is taken off"


def _make_continuous(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    dynamodb = client(region=request.region)
    told = dynamodb.describe_continuous_backups(TableName=arn.name)["ContinuousBackupsDescription"]
    if told.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        wanted = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=arn.name, PointInTimeRecoverySpecification=wanted)
    return StepOutcome.DONE, "point-in-time recovery is on, and begins now"


def _protect_cluster(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    rds = client(region=request.region)
    if not _cluster(rds, arn).get("DeletionProtection"):
        rds.modify_db_cluster(DBClusterIdentifier=arn.name, DeletionProtection=True)
    return StepOutcome.DONE, "nobody deletes it before this is taken off"


def _make_writer(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    rds = client(region=request.region)
    cluster = _cluster(rds, arn)
    if members := cluster.get("DBClusterMembers"):
        return StepOutcome.DONE, f"it has the instance {members[0]['DBInstanceIdentifier']}"
    name, engine = first_instance(arn), cluster["Engine"]
    # One that was asked for just now is not among the members of its cluster at once.
    if _found(partial(_instance, rds, name)).get("DBClusterIdentifier") == arn.name:
        return StepOutcome.DONE, f"it has the instance {name}"
    size = _class_of_writer(client, Arn.parse(request.resource))
    if not size:
        return StepOutcome.SKIPPED, f"of which class, nobody can say: {request.resource} has no instance any more"
    # DocumentDB's instances have no address outside of their network; the others' would follow from their subnets.
    hidden = {} if engine == _NEVER_PUBLIC else {"PubliclyAccessible": False}
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBClusterIdentifier=arn.name,
        DBInstanceClass=size,
        Engine=engine,
        Tags=[tag for tag in cluster.get("TagList", []) if not tag["Key"].startswith("aws:")],
        **hidden,
    )
    return StepOutcome.DONE, f"{name} of {size} is being made; it answers once it is available"


def _class_of_writer(client: Client, original: Arn) -> str:
    """The class of the original's writer; empty where there is none any more."""
    rds = client(region=original.region)
    members = _found(partial(_cluster, rds, original)).get("DBClusterMembers", [])
    writers = sorted(members, key=lambda member: not member.get("IsClusterWriter"))
    found = [_found(partial(_instance, rds, each["DBInstanceIdentifier"])) for each in writers[:1]]
    return str(found[0].get("DBInstanceClass", "")) if found else ""


def _found(look: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What is described; nothing where it is not there."""
    try:
        with aws_errors():
            return look()
    except NotFoundError:
        return {}


def _instance(rds: Any, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def _cluster(rds: Any, arn: Arn) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rds.describe_db_clusters(DBClusterIdentifier=arn.name)["DBClusters"][0]
    return found


_ACTS: Final[Mapping[tuple[str, MachineStep], Act]] = {
    ("dynamodb", MachineStep.DELETION_PROTECTION): _protect_table,
    ("dynamodb", MachineStep.CONTINUOUS_BACKUPS): _make_continuous,
    ("rds", MachineStep.DELETION_PROTECTION): _protect_cluster,
    ("rds", MachineStep.WRITER): _make_writer,
}
