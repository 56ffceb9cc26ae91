"""What AWS Backup takes of a cluster of Redshift, and what it makes of it.

Source: AWS Backup Developer Guide, "Restore an Amazon Redshift cluster".
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.kind import Metadata, ResourceGoneError, RestoreRefusedError
from sandbox.backup_service.resources.warehouses.redshift_cluster import RedshiftCluster
from sandbox.backup_service.surroundings import Place
from sandbox.seams.backup import InternalCallError
from sandbox.warehouses.store import Snapshot, WarehouseError, Warehouses

ACCOUNT, REGION = "222222222222", "eu-west-1"
CLUSTER = f"arn:aws:redshift:{REGION}:{ACCOUNT}:cluster:night"
POINT = f"arn:aws:redshift:{REGION}:{ACCOUNT}:snapshot:night/awsbackup:job-1"
WANTED = {"ClusterIdentifier": "back", "RestoreType": "CLUSTER_RESTORE"}


@dataclass
class Services:
    """Redshift of one account, and what the trail is told."""

    redshift: Warehouses = field(default_factory=lambda: Warehouses(ACCOUNT, REGION))
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))
    told: list[tuple[str, str]] = field(default_factory=list)

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        assert service == "redshift"
        calls = {"DescribeClusters": Warehouses.describe, "RestoreFromClusterSnapshot": Warehouses.restore}
        try:
            return calls[operation](self.redshift, parameters)
        except WarehouseError as error:
            raise InternalCallError(error.code, error.message) from error

    def record(self, source: str, name: str, *_: Any) -> None:
        self.told.append((source, name))


@pytest.fixture
def services() -> Services:
    """A cluster that was backed up."""
    found = Services()
    subnets = {"Description": "d", "VpcId": "vpc-1", "SubnetIds": ["subnet-1"]}
    found.redshift.create_subnet_group({"ClusterSubnetGroupName": "inside", **subnets})
    found.redshift.create(
        {
            "ClusterIdentifier": "night",
            "MasterUsername": "a",
            "ManageMasterPassword": True,
            "ClusterSubnetGroupName": "inside",
            "VpcSecurityGroupIds": ["sg-1"],
            "NumberOfNodes": 2,
        }
    )
    return found


def captured(services: Services, arn: str = CLUSTER) -> Any:
    return asyncio.run(RedshiftCluster().capture(services, arn))  # type: ignore[arg-type]


def restored(services: Services, **said: str) -> str:
    capture = captured(services)
    services.redshift.snapshots[POINT] = Snapshot(settings=dict(capture.configuration), tags=[])
    metadata = Metadata({**WANTED, "ClusterSubnetGroupName": "inside", **said})
    return asyncio.run(RedshiftCluster().restore(services, capture, metadata, POINT))  # type: ignore[arg-type]


def test_a_backup_tells_the_cluster_in_the_words_of_a_restore(services: Services) -> None:
    told = captured(services).metadata
    assert (told["ClusterIdentifier"], told["NumberOfNodes"], told["Port"]) == ("night", "2", "5439")
    assert (told["ClusterSubnetGroupName"], told["VpcSecurityGroupIds"]) == ("inside", '["sg-1"]')
    assert (told["ManageMasterPassword"], told["Encrypted"], told["PubliclyAccessible"]) == ("true", "false", "false")
    assert told["ClusterParameterGroupName"] == "default.redshift-1.0"
    assert "KmsKeyId" not in told


def test_what_is_gone_cannot_be_backed_up(services: Services) -> None:
    with pytest.raises(ResourceGoneError):
        captured(services, CLUSTER + "-before")


def test_it_comes_back_with_what_is_said_and_the_trail_tells_of_it(services: Services) -> None:
    assert restored(services, NumberOfNodes="3", VpcSecurityGroupIds='["sg-2"]') == CLUSTER.replace("night", "back")
    made = services.redshift.clusters["back"]
    assert (made["NumberOfNodes"], made["VpcSecurityGroups"][0]["VpcSecurityGroupId"]) == (3, "sg-2")
    assert services.told == [("redshift.amazonaws.com", "RestoreFromClusterSnapshot")]


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        pytest.param({"RestoreType": "TABLE_RESTORE"}, RestoreRefusedError, "TABLE_RESTORE", id="a table alone"),
        pytest.param({"NumberOfNodes": "many"}, ValueError, "many", id="no number"),
        pytest.param({"VpcSecurityGroupIds": "sg-1"}, ValueError, "Expecting value", id="no list"),
        pytest.param({"ClusterIdentifier": "night"}, InternalCallError, "ClusterAlreadyExists", id="a name taken"),
        pytest.param({"ClusterSubnetGroupName": "x"}, InternalCallError, "SubnetGroupNotFound", id="no such subnets"),
        pytest.param({"ClusterParameterGroupName": "x"}, InternalCallError, "ParameterGroup", id="no such parameters"),
    ],
)
def test_what_is_said_wrongly_makes_nothing(
    services: Services, said: dict[str, str], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        restored(services, **said)
    assert (list(services.redshift.clusters), services.told) == (["night"], [])
