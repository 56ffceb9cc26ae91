"""DynamoDB tables where AWS Backup's advanced features are off: DynamoDB's own backups, which nothing can copy."""

from copy import replace

from sandbox.backup_service.resources.kind import Capture
from sandbox.backup_service.resources.tables.dynamodb_table import DynamoDbTable
from sandbox.backup_service.surroundings import AccountServices


class BasicDynamoDbTable(DynamoDbTable):
    """A DynamoDB table, backed up by DynamoDB."""

    is_fully_managed = False
    has_cold_storage = False

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:dynamodb:R:A:table/name/backup/<id>`."""
        return f"{resource_arn}/backup/{unique.replace('-', '')}"

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """As with the advanced features, but not to be copied."""
        return replace(await super().capture(services, arn), can_be_copied=False)
