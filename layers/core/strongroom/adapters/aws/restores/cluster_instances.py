"""The instances of a restored cluster, which AWS Backup brings back without any.

Sources: Amazon RDS API Reference, CreateDBInstance; Amazon DocumentDB Developer Guide, "Adding an instance to a
cluster", whose instances are never public and know no such setting.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.session_policy import first_instance, instance_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.note import SettingsNote

    type Client = Callable[..., Any]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = ("rds:CreateDBInstance", "rds:DescribeDBClusters", "rds:DescribeDBInstances")

_NEVER_PUBLIC: Final = "docdb"


def make_writer(client: Client, arn: Arn, request: RestoreRequest) -> tuple[StepOutcome, str]:
    """Make the first instance, of the class of the original's writer."""
    rds = client(region=request.region)
    cluster = cluster_of(rds, arn)
    if members := cluster.get("DBClusterMembers"):
        return StepOutcome.DONE, f"it has the instance {members[0]['DBInstanceIdentifier']}"
    name = first_instance(arn)
    if _is_asked_for(rds, name, arn):
        return StepOutcome.DONE, f"it has the instance {name}"
    size = _class_of_writer(client, Arn.parse(request.resource))
    if not size:
        return StepOutcome.SKIPPED, f"of which class, nobody can say: {request.resource} has no instance any more"
    _create(rds, name, cluster, size=size)
    return StepOutcome.DONE, f"{name} of {size} is being made; it answers once it is available"


def make_readers(
    lend: Callable[[str], Client], arn: Arn, request: RestoreRequest, note: SettingsNote | None
) -> tuple[StepOutcome, str]:
    """Make as many others as the original has, each in a session that `lend` narrows to its name."""
    client, original = lend(first_instance(arn)), Arn.parse(request.resource)
    is_seen = original.account == request.account
    found = _found(partial(cluster_of, client(region=original.region), original)) if is_seen else {}
    readers = [each for each in found.get("DBClusterMembers", ()) if not each.get("IsClusterWriter")]
    if not found:
        return StepOutcome.SKIPPED, f"{request.resource} is not there; {_noted(note)}"
    if not readers:
        return StepOutcome.DONE, "the original has none"
    rds = client(region=request.region)
    cluster = cluster_of(rds, arn)
    if not cluster.get("DBClusterMembers") and not _is_asked_for(rds, first_instance(arn), arn):
        return StepOutcome.SKIPPED, "it has no writer yet, and the first instance would be that"
    made = []
    for number, reader in enumerate(sorted(readers, key=lambda each: str(each["DBInstanceIdentifier"])), start=2):
        name, like = instance_named(arn, number), reader["DBInstanceIdentifier"]
        size = str(_found(partial(_instance, client(region=original.region), like)).get("DBInstanceClass", ""))
        if size and not _is_asked_for(rds, name, arn):
            tier = {"PromotionTier": reader["PromotionTier"]} if "PromotionTier" in reader else {}
            _create(lend(name)(region=request.region), name, cluster, size=size, **tier)
        made += [f"{name} of {size}"] if size else []
    return StepOutcome.DONE, f"{', '.join(made) or 'none'} beside the writer; each answers once it is available"


def cluster_of(rds: Any, arn: Arn) -> Mapping[str, Any]:
    """The cluster as it is described; botocore's error where there is none."""
    found: Mapping[str, Any] = rds.describe_db_clusters(DBClusterIdentifier=arn.name)["DBClusters"][0]
    return found


def _create(rds: Any, name: str, cluster: Mapping[str, Any], *, size: str, **more: Any) -> None:
    # DocumentDB's instances have no address outside of their network; the others' would follow from their subnets.
    hidden = {} if cluster["Engine"] == _NEVER_PUBLIC else {"PubliclyAccessible": False}
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBClusterIdentifier=cluster["DBClusterIdentifier"],
        DBInstanceClass=size,
        Engine=cluster["Engine"],
        Tags=[tag for tag in cluster.get("TagList", []) if not tag["Key"].startswith("aws:")],
        **hidden,
        **more,
    )


def _is_asked_for(rds: Any, name: str, cluster: Arn) -> bool:
    """Whether the cluster has it: one that was asked for just now is not among its members at once."""
    return _found(partial(_instance, rds, name)).get("DBClusterIdentifier") == cluster.name


def _class_of_writer(client: Client, original: Arn) -> str:
    """The class of the original's writer; empty where there is none any more."""
    rds = client(region=original.region)
    members = _found(partial(cluster_of, rds, original)).get("DBClusterMembers", [])
    writers = sorted(members, key=lambda member: not member.get("IsClusterWriter"))
    found = [_found(partial(_instance, rds, each["DBInstanceIdentifier"])) for each in writers[:1]]
    return str(found[0].get("DBInstanceClass", "")) if found else ""


def _noted(note: SettingsNote | None) -> str:
    """Which instances were noted of the original."""
    known = note.settings.get("instances", ()) if note else ()
    said = [f"{each.get('DBInstanceIdentifier')} of {each.get('DBInstanceClass')}" for each in known]
    return f"noted were {', '.join(said)}" if said else "nobody has noted its instances"


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
