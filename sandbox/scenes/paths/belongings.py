"""What payments has to lose in the night of paths: how it is named, what is in it, and how that is looked at."""

from typing import Any, Final

from sandbox.example import estate
from sandbox.example.paths import CONTRACTS
from sandbox.example.world import World
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT

HISTORY: Final = f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:db:payments-history"
GRAPH: Final = f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:cluster:payments-graph"
SESSIONS: Final = f"arn:aws:dynamodb:{HOME_REGION}:{PAYMENTS_ACCOUNT}:table/payments-sessions"
LIMITS: Final = f"arn:aws:dynamodb:{HOME_REGION}:{PAYMENTS_ACCOUNT}:table/payments-limits"
SIGNED: Final = {"2019/ada.pdf": b"signed by Ada", "2026/grace.pdf": b"signed by Grace"}
ROWS: Final = "SELECT customer, cents FROM balances ORDER BY customer"
_ITEMS: Final = ({"id": {"S": "ada"}, "cents": {"N": "120050"}}, {"id": {"S": "grace"}, "cents": {"N": "7300"}})


def fill(world: World) -> None:
    """Write what is to come back into each that holds data here."""
    for database in (HISTORY, GRAPH):
        for statement in estate.BALANCES:
            sql(world, database, statement)
    dynamodb, s3 = (world.person("piet", PAYMENTS_ACCOUNT, service) for service in ("dynamodb", "s3"))
    for table in (SESSIONS, LIMITS):
        for item in _ITEMS:
            dynamodb.put_item(TableName=table.rpartition("/")[2], Item=item)
    for key, content in SIGNED.items():
        s3.put_object(Bucket=CONTRACTS, Key=key, Body=content)


def sql(world: World, arn: str, statement: str) -> list[Any]:
    """What a database or a cluster answers, as the application would ask it."""
    return list(world.control("POST", "/databases/sql", {"arn": arn, "sql": statement}).get("rows", []))


def items(world: World, table: str) -> list[dict[str, Any]]:
    """All that is in a table of payments."""
    found = world.look(PAYMENTS_ACCOUNT, "dynamodb").scan(TableName=table)["Items"]
    return sorted(found, key=lambda item: str(item["id"]["S"]))


def is_filled(world: World, created: str) -> bool:
    """Whether all that was written is in the table that a restore made."""
    return items(world, created.rpartition("/")[2]) == list(_ITEMS)


def has_balances(world: World, created: str) -> bool:
    """Whether the database that a restore made has the rows of the night."""
    return [tuple(row) for row in sql(world, created, ROWS)] == [("ada", 120050), ("edsger", 99), ("grace", 7300)]


def has_contracts(world: World, created: str) -> bool:
    """Whether every contract is in the bucket that a restore made."""
    return objects(world, created.rpartition(":")[2]) == SIGNED


def objects(world: World, bucket: str) -> dict[str, bytes]:
    """What is in a bucket of payments, by its keys."""
    s3 = world.look(PAYMENTS_ACCOUNT, "s3")
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}
