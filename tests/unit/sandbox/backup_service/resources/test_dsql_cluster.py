"""What AWS Backup takes of a cluster of Aurora DSQL, and what it makes of it.

Source: AWS Backup Developer Guide, "Amazon Aurora DSQL restore".
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.dsql_cluster import DsqlCluster
from sandbox.backup_service.resources.kind import Metadata, ResourceGoneError, RestoreRefusedError
from sandbox.backup_service.surroundings import Place
from sandbox.seams.backup import InternalCallError

ACCOUNT, REGION = "222222222222", "eu-west-1"
NIGHT, BACK = "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba"
CLUSTER = f"arn:aws:dsql:{REGION}:{ACCOUNT}:cluster/{NIGHT}"
POINT = f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"


@dataclass
class Services:
    """Aurora DSQL of one account, and what the trail is told."""

    encryption: dict[str, str]
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))
    made: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str, Any]] = field(default_factory=list)

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        assert service == "dsql"
        match operation:
            case "GetCluster" if parameters == {"identifier": NIGHT}:
                return {"encryptionDetails": self.encryption}
            case "CreateCluster":
                self.made.append(parameters)
                arn = CLUSTER.replace(NIGHT, BACK)
                return {"identifier": BACK, "arn": arn, "deletionProtectionEnabled": True}
            case _:
                raise InternalCallError("ResourceNotFoundException", str(parameters))

    def record(self, source: str, name: str, _: Any, answer: Any) -> None:
        self.told.append((source, name, answer["arn"]))


@pytest.fixture
def services() -> Services:
    """A cluster under a key of its own."""
    return Services({"encryptionType": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyArn": KEY})


def captured(services: Services, arn: str = CLUSTER) -> Any:
    return asyncio.run(DsqlCluster().capture(services, arn))  # type: ignore[arg-type]


def restored(services: Services, regions: str, **said: str) -> str:
    metadata = Metadata({"regionalConfig": regions, **said})
    return asyncio.run(DsqlCluster().restore(services, captured(services), metadata, POINT))  # type: ignore[arg-type]


def test_a_backup_tells_its_cluster_and_its_size_and_no_settings(services: Services) -> None:
    told = captured(services)
    assert (dict(told.metadata), told.key_arn) == ({"cluster_id": NIGHT, "backup_size_bytes": "0"}, KEY)
    own = Services({"encryptionType": "AWS_OWNED_KMS_KEY", "kmsKeyArn": "arn:of-aws"})
    assert captured(own).key_arn is None


def test_what_is_gone_cannot_be_backed_up(services: Services) -> None:
    with pytest.raises(ResourceGoneError):
        captured(services, CLUSTER.replace(NIGHT, BACK))


@pytest.mark.parametrize(
    ("regions", "made"),
    [
        pytest.param(
            f'[{{"region":"{REGION}","isDeletionProtectionEnabled":false,"kmsKeyId":"{KEY}"}}]',
            {"deletionProtectionEnabled": False, "kmsEncryptionKey": KEY},
            id="all is said",
        ),
        pytest.param("[{}]", {"deletionProtectionEnabled": True}, id="protected unless it is said otherwise"),
    ],
)
def test_it_comes_back_with_what_is_said_and_the_trail_tells_of_it(
    services: Services, regions: str, made: dict[str, Any]
) -> None:
    arn = restored(services, regions, useMultiRegionOrchestration="false")
    assert (arn, services.made) == (CLUSTER.replace(NIGHT, BACK), [made])
    assert services.told == [("dsql.amazonaws.com", "CreateCluster", arn)]


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        pytest.param({"regions": "x"}, ValueError, "Expecting value", id="no JSON"),
        pytest.param({"regions": "{}"}, RestoreRefusedError, "several Regions", id="no list"),
        pytest.param({"regions": "[{},{}]"}, RestoreRefusedError, "several Regions", id="two Regions"),
        pytest.param(
            {"regions": "[{}]", "useMultiRegionOrchestration": "true"},
            RestoreRefusedError,
            "several Regions",
            id="of several",
        ),
        pytest.param({"regions": '[{"region":"eu-north-1"}]'}, RestoreRefusedError, "no settings of", id="elsewhere"),
        pytest.param({"regions": '["eu-west-1"]'}, RestoreRefusedError, "no settings of", id="no mapping"),
        pytest.param({"regions": '[{"keyId":"1"}]'}, RestoreRefusedError, "keyId", id="a setting nobody knows"),
    ],
)
def test_what_is_said_wrongly_makes_nothing(
    services: Services, said: dict[str, str], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        restored(services, **said)
    assert (services.made, services.told) == ([], [])
