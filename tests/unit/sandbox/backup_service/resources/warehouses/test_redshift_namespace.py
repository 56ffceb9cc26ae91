"""What AWS Backup takes of a namespace of Redshift Serverless.

Source: AWS Backup Developer Guide, "Feature availability by resource"; AWS managed policy
AWSBackupServiceRolePolicyForRestores, which names its snapshots by an id.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.kind import Metadata, ResourceGoneError, RestoreRefusedError
from sandbox.backup_service.resources.warehouses.redshift_namespace import RedshiftNamespace
from sandbox.backup_service.surroundings import Place
from sandbox.warehouses.namespaces import Namespaces

ACCOUNT, REGION = "222222222222", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
PREFIX = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:"
KIND = RedshiftNamespace()


@dataclass
class Services:
    """Redshift Serverless of one account."""

    serverless: Namespaces = field(default_factory=lambda: Namespaces(ACCOUNT, REGION))
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        assert service == "redshift-serverless"
        calls = {
            "ListNamespaces": Namespaces.list_all,
            "ListTagsForResource": Namespaces.list_tags,
            "TagResource": Namespaces.tag,
        }
        return calls[operation](self.serverless, parameters)


@pytest.fixture
def services() -> Services:
    """A namespace with a tag, under a key."""
    found = Services()
    tags = [{"key": "Backup", "value": "daily"}]
    found.serverless.create({"namespaceName": "shop", "adminUsername": "then", "kmsKeyId": KEY, "tags": tags})
    return found


def test_namespaces_are_found_with_their_tags_and_get_more(services: Any) -> None:
    [found] = asyncio.run(KIND.find_all(services))
    assert (KIND.owns(found.arn), found.tags) == (True, {"Backup": "daily"})
    asyncio.run(KIND.tag(services, found.arn, {"owner": "data"}))
    assert dict(services.serverless.tags_of(found.arn)) == {"Backup": "daily", "owner": "data"}


def test_a_backup_has_its_settings_and_its_key_and_is_copied_nowhere(services: Any) -> None:
    capture = asyncio.run(KIND.capture(services, services.serverless.namespace_arn("shop")))
    assert (capture.metadata, capture.key_arn, capture.can_be_copied) == ({"NamespaceIdentifier": "shop"}, KEY, False)
    assert capture.configuration == {"namespaceName": "shop", "adminUsername": "then", "dbName": "dev"}


def test_a_recovery_point_has_an_id_and_no_name() -> None:
    arn = KIND.recovery_point_arn(ACCOUNT, REGION, f"{PREFIX}namespace/1", "8f1ab3c4")
    assert arn == f"{PREFIX}snapshot/8f1ab3c4"


def test_what_is_gone_is_not_backed_up(services: Any) -> None:
    with pytest.raises(ResourceGoneError):
        asyncio.run(KIND.capture(services, f"{PREFIX}namespace/none"))


def test_by_jobs_it_is_not_played(services: Any) -> None:
    with pytest.raises(RestoreRefusedError, match="not played here"):
        asyncio.run(KIND.restore(services, None, Metadata({}), f"{PREFIX}snapshot/1"))  # type: ignore[arg-type]
