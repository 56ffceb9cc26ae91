"""What AWS Backup takes of a cluster of EKS, and what it puts into one.

Source: AWS Backup Developer Guide, "Restore an Amazon EKS cluster".
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.eks_cluster import EksCluster
from sandbox.backup_service.resources.kind import Capture, Metadata, ResourceGoneError, RestoreRefusedError
from sandbox.backup_service.surroundings import Place
from sandbox.example.disks import Disks
from sandbox.seams.backup import InternalCallError

ACCOUNT, REGION = "222222222222", "eu-west-1"
NIGHT, OTHER = (f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{name}" for name in ("night", "restores"))
MANIFESTS = {"clusterName": "restores", "restoreKubernetesManifestsOnly": "true"}
ROWS = [["audit", "Secret", "token"], ["shop", "Deployment", "web"]]


@dataclass
class Surroundings:
    """Only the disks of it."""

    disks: Disks = field(default_factory=Disks)


@dataclass
class Services:
    """Clusters of one account, and the volumes that belong to them."""

    states: dict[str, str] = field(default_factory=lambda: {"night": "ACTIVE", "restores": "ACTIVE"})
    volumes: tuple[str, ...] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        match service, operation:
            case "ec2", "DescribeVolumes":
                assert parameters["Filters"] == [{"Name": "tag-key", "Values": ["kubernetes.io/cluster/night"]}]
                return {"Volumes": [{"VolumeId": each} for each in self.volumes]}
            case "eks", "DescribeCluster":
                name = parameters["name"]
                if name not in self.states:
                    raise InternalCallError("ResourceNotFoundException", name)
                arn = NIGHT.replace("night", name)
                return {"cluster": {"arn": arn, "status": self.states[name]}}
        raise AssertionError(operation)

    def objects(self, arn: str) -> Any:
        return self.surroundings.disks.execute(arn, "SELECT * FROM objects ORDER BY 1, 2, 3")["rows"]


def captured(services: Services) -> Capture:
    return asyncio.run(EksCluster().capture(services, NIGHT))  # type: ignore[arg-type]


def restored(services: Services, capture: Capture, **said: str) -> str:
    metadata = Metadata(MANIFESTS | said)
    return asyncio.run(EksCluster().restore(services, capture, metadata, "arn:point"))  # type: ignore[arg-type]


@pytest.fixture
def services() -> Iterator[Services]:
    """A cluster with two objects, and one with none."""
    found = Services()
    captured(found)
    for row in ROWS:
        found.surroundings.disks.execute(NIGHT, "INSERT INTO objects VALUES (?, ?, ?)", row)
    yield found
    found.surroundings.disks.close()


def test_all_that_is_in_a_cluster_comes_into_another_one(services: Services) -> None:
    assert restored(services, captured(services)) == OTHER
    assert services.objects(OTHER) == ROWS
    assert captured(services).metadata == {"clusterName": "night"}


def test_what_is_there_stays_as_it_was(services: Services) -> None:
    capture = captured(services)
    restored(services, capture)
    services.surroundings.disks.execute(OTHER, "INSERT INTO objects VALUES ('own', 'Secret', 'a')")
    restored(services, capture)
    assert services.objects(OTHER) == [ROWS[0], ["own", "Secret", "a"], ROWS[1]]


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        pytest.param({"namespaceLevelRestore": "true", "namespaces": '["shop"]'}, ROWS[1:], id="one namespace"),
        pytest.param({"namespaces": '["shop"]'}, ROWS, id="all, where the flag is not set"),
    ],
)
def test_namespaces_count_only_with_the_flag(services: Services, said: dict[str, str], rows: list[Any]) -> None:
    restored(services, captured(services), **said)
    assert services.objects(OTHER) == rows


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"namespaceLevelRestore": "true"}, "One to 5 namespaces", id="no namespace"),
        pytest.param(
            {"namespaceLevelRestore": "true", "namespaces": '["a","b","c","d","e","f"]'}, "One to 5", id="six"
        ),
        pytest.param({"clusterName": "gone"}, "gone was not found", id="no such cluster"),
        pytest.param({"clusterName": "young"}, "young is CREATING", id="one that is still made"),
        pytest.param({"newCluster": "true"}, "not played", id="a new cluster"),
    ],
)
def test_what_is_said_wrongly_puts_nothing_in(services: Services, said: dict[str, str], why: str) -> None:
    services.states["young"] = "CREATING"
    capture = captured(services)
    services.surroundings.disks.execute(OTHER, "CREATE TABLE objects (namespace, kind, name)")
    with pytest.raises(RestoreRefusedError, match=why):
        restored(services, capture, **said)
    assert services.objects(OTHER) == []


def test_volumes_want_a_zone_each_unless_objects_alone_are_restored(services: Services) -> None:
    services.volumes = ("vol-1",)
    capture = captured(services)
    assert [each.arn for each in capture.content] == [f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-1"]
    with pytest.raises(RestoreRefusedError, match="Availability Zone is required"):
        restored(services, capture, restoreKubernetesManifestsOnly="false")
    restored(services, capture)


def test_what_is_gone_cannot_be_backed_up(services: Services) -> None:
    del services.states["night"]
    with pytest.raises(ResourceGoneError):
        captured(services)
