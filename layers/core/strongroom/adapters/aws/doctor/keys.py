"""Keys of KMS with their policies, and the resources of a Region that lie under one.

Sources: KMS API reference, KeyMetadata and GetKeyPolicy; RDS and EC2 API references.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.identifiers import Arn
from strongroom.domain.rollout.surroundings.keys import KeyFound, SourceFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS = (
    "ec2:DescribeVolumes",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
)

# Those whose backups lie under the key of the resource, which must be shared (Developer Guide, "Creating backup copies
# across AWS accounts", "Encryption"): service, what lists them, where in the answer, their name, what one is called.
_SOURCES: Final = (
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DBInstance"),
    ("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier", "DBCluster"),
    ("ec2", "describe_volumes", "Volumes", "VolumeId", "Volume"),
)


class Keys:
    """Keys, in the accounts that own them."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def key(self, key: str, *, account: AccountId, region: Region) -> KeyFound:
        """The key with this ARN, or with this id in that account; NotFoundError where it is gone."""
        owner = Arn.parse(key).account if key.startswith("arn:") else account  # nobody else may read its policy
        kms = self._clients.client("kms", account=owner, region=region)
        with aws_errors(f"the key {key}"):
            described = kms.describe_key(KeyId=key)["KeyMetadata"]
            policy = kms.get_key_policy(KeyId=described["KeyId"], PolicyName="default")["Policy"]
        statements = json.loads(policy)["Statement"]
        return KeyFound(
            arn=described["Arn"],
            manager=described["KeyManager"],
            state=described["KeyState"],
            statements=tuple([statements] if isinstance(statements, dict) else statements),
        )

    def sources(self, account: AccountId, region: Region) -> tuple[SourceFound, ...]:
        """For each type and key, one of the Region's resources that lies under it."""
        found: dict[tuple[str, str], str] = {}
        for type_, name, key in self._encrypted(account, region):
            found.setdefault((type_, key), name)
        return tuple(
            SourceFound(name=name, type=type_, key=self.key(key, account=account, region=region))
            for (type_, key), name in found.items()
        )

    def _encrypted(self, account: AccountId, region: Region) -> Iterator[tuple[str, str, str]]:
        for service, operation, kept_in, name, type_ in _SOURCES:
            client: Any = self._clients.client(service, account=account, region=region)
            with aws_errors():
                pages = list(client.get_paginator(operation).paginate())
            for each in (resource for page in pages for resource in page[kept_in]):
                # The volumes of instances have no key of ours where they are not encrypted.
                if key := each.get("KmsKeyId"):
                    yield type_, each[name], key
