"""Namespaces of Redshift Serverless. Their backups are snapshots in Redshift Serverless itself, and are copied nowhere.

AWS Backup Developer Guide, "Restore an Amazon Redshift Serverless namespace" and "Feature availability by resource";
AWS managed policy AWSBackupServiceRolePolicyForRestores, which names the snapshots so. What rights its backup takes of
a role nobody has recorded, so that none is asked here.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    stringified,
)
from sandbox.backup_service.surroundings import AccountServices

_PREFIX: Final = "arn:aws:redshift-serverless:"
_KEPT: Final = ("namespaceName", "adminUsername", "dbName")


class RedshiftNamespace:
    """A namespace of Redshift Serverless."""

    resource_type = "Redshift Serverless"
    selector = "arn:aws:redshift-serverless:*:*:namespace/*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("NamespaceIdentifier", "RestoreType")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a namespace."""
        return arn.startswith(_PREFIX) and ":namespace/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:redshift-serverless:R:A:snapshot/<uuid>`, which names neither namespace nor snapshot."""
        return f"{_PREFIX}{region}:{account}:snapshot/{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every namespace."""
        answer = await services.call("redshift-serverless", "ListNamespaces")
        return [
            Resource(each["namespaceArn"], await self._tags(services, each["namespaceArn"]))
            for each in answer.get("namespaces", [])
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The namespace's settings."""
        answer = await services.call("redshift-serverless", "ListNamespaces")
        found: dict[str, Any] | None = next(
            (each for each in answer.get("namespaces", []) if each["namespaceArn"] == arn), None
        )
        if found is None:
            raise ResourceGoneError(f"Namespace {arn} does not exist")
        return Capture(
            metadata=stringified({"NamespaceIdentifier": found["namespaceName"]}),
            key_arn=found["kmsKeyId"] if found["kmsKeyId"].startswith("arn:") else None,
            can_be_copied=False,
            configuration={name: found[name] for name in _KEPT},
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """By jobs of AWS Backup it is not played: of its metadata the guide says too little to be strict."""
        del services, capture, metadata, recovery_point_arn
        raise RestoreRefusedError(f"Restores of {self.resource_type} are not played here")

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the namespace."""
        pairs = [{"key": key, "value": value} for key, value in tags.items()]
        await services.call("redshift-serverless", "TagResource", resourceArn=arn, tags=pairs)

    async def _tags(self, services: AccountServices, arn: str) -> dict[str, str]:
        answer = await services.call("redshift-serverless", "ListTagsForResource", resourceArn=arn)
        return {tag["key"]: tag["value"] for tag in answer["tags"]}
