"""Records that somebody bent by hand, through the function itself: none stops a batch, none touches anything else."""

import json
import uuid
from collections.abc import Callable
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.wiring.tags.seeing_to import kept_managers
from tests.builders.places import HOME, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakeOrganizations
from tests.fakes.night import Night, a_night

type Document = dict[str, Any]

ORDERS: Final = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders"
FOREIGN: Final = ORDERS.replace(PAYMENTS, "333333333333")
KEYS: Final = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/"


class Databases:
    """RDS with one database, `touched` are the ARNs that somebody asked about or wrote to."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.touched: set[str] = set()

    def list_tags_for_resource(self, *, ResourceName: str) -> Document:  # noqa: N803 - boto3's spelling
        self.touched.add(ResourceName)
        return {"TagList": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def add_tags_to_resource(self, *, ResourceName: str, Tags: list[dict[str, str]]) -> None:  # noqa: N803
        self.touched.add(ResourceName)
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}


class Kms:
    """KMS as somebody bent it: `answer` is what DescribeKey answers, or raises."""

    def __init__(self) -> None:
        self.answer: Any = {"KeyMetadata": {"KeyManager": "AWS"}}
        self.asked: list[str] = []

    def describe_key(self, *, KeyId: str) -> Any:  # noqa: N803 - boto3's spelling
        self.asked.append(KeyId)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Untouchable:
    """A service of a member in which nothing may be read or written."""

    def __getattr__(self, method: str) -> Any:
        raise AssertionError(f"{method} was called")


@pytest.fixture
def rds(fake_clients: FakeClients) -> Databases:
    made = fake_clients.member[PAYMENTS, "rds"] = Databases()
    return made


@pytest.fixture
def kms(fake_clients: FakeClients) -> Kms:
    kept_managers.cache_clear()
    made = fake_clients.member[PAYMENTS, "kms"] = Kms()
    return made


@pytest.fixture
def night(
    platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable, rds: Databases
) -> Night:
    fake_clients.own["organizations"] = FakeOrganizations()
    for service in ("dynamodb", "ec2", "efs", "fsx", "s3"):
        fake_clients.member[PAYMENTS, service] = Untouchable()
    return a_night(fake_clients, dynamodb, ledger_table)


def a_call(source: str, name: str, request: Any = None, response: Any = None, **more: Any) -> Document:
    """The event of a call; what stands in the envelope is named `at_<member>`."""
    envelope = {key.removeprefix("at_"): more.pop(key) for key in [*more] if key.startswith("at_")}
    record = {"eventSource": f"{source}.amazonaws.com", "eventName": name, "eventVersion": "1.11"}
    said = {"requestParameters": request, "responseElements": response}
    place = {"account": PAYMENTS, "region": HOME, "time": "2026-09-01T00:00:00Z", "id": str(uuid.uuid4())}
    about = {"source": f"aws.{source}", "detail-type": "AWS API Call via CloudTrail"}
    return about | place | envelope | {"detail": record | said | more}


def a_database(response: Any = None, **more: Any) -> Document:
    answer = {"dBInstanceArn": ORDERS} if response is None else response
    return a_call("rds", "CreateDBInstance", more.pop("request", {"dBInstanceIdentifier": "orders"}), answer, **more)


def deep(levels: int) -> Document:
    document: Document = {"dBInstanceArn": ORDERS}
    for _ in range(levels):
        document = {"a": document}
    return document


def states(night: Night) -> set[str]:
    """The states that were said, or why none was: nobody could read the letter, or the call makes nothing."""
    said = {each["Detail"]["state"] for each in night.post.facts if each["DetailType"] == "TagEnforced"}
    return said or ({"DEAD LETTER"} if night.post.buried else {"NOTHING SAID"})


TAGGED, REFUSED, QUIET, DEAD = {"TAGGED"}, {"REFUSED"}, {"NOTHING SAID"}, {"DEAD LETTER"}
UNREADABLE: Final = {"UNREADABLE"}
LONG: Final = "x" * 100_000
RECORDS: Final[dict[str, tuple[Document | str, set[str]]]] = {
    # What names the thing.
    "ARN in capitals": (a_database({"dBInstanceArn": ORDERS.upper()}), REFUSED),
    "ARN with a line's end": (a_database({"dBInstanceArn": f"{ORDERS}\n"}), REFUSED),
    "ARN with a blank before it": (a_database({"dBInstanceArn": f" {ORDERS}"}), REFUSED),
    "ARN with a zero byte": (a_database({"dBInstanceArn": f"{ORDERS}\0"}), REFUSED),
    "ARN with letters that look alike": (a_database({"dBInstanceArn": ORDERS.replace("o", "\u043e")}), REFUSED),
    "ARN with half a letter": (a_database({"dBInstanceArn": f"{ORDERS}\ud800"}), DEAD),
    "ARN of an automated backup": (a_database({"dBInstanceArn": ORDERS.replace(":db:", ":auto-backup:")}), REFUSED),
    "ARN with a wildcard": (a_database({"dBInstanceArn": ORDERS.replace("orders", "*")}), REFUSED),
    "ARN of 100,000 letters": (a_database({"dBInstanceArn": ORDERS + LONG}), REFUSED),
    "two ARNs, one of another account": (a_database({"dBInstanceArn": [ORDERS, FOREIGN]}), TAGGED),
    "a document where the ARN was": (a_database({"dBInstanceArn": {"arn": ORDERS}}), TAGGED),
    "a number where the ARN was": (a_database({"dBInstanceArn": 7}), TAGGED),
    "nested by 400 levels": (a_database(deep(400)), TAGGED),
    "nested answer and request that disagree": (
        a_database({"dBInstance": {"dBInstanceArn": FOREIGN}}), REFUSED,
    ),
    "answer as text": (a_database(json.dumps({"dBInstanceArn": FOREIGN})), TAGGED),
    "answer as a list": (a_database([{"dBInstanceArn": FOREIGN}]), TAGGED),
    "request as a number": (a_database({}, request=7), UNREADABLE),
    "name with a path in it": (a_database({}, request={"dBInstanceIdentifier": "../../orders"}), REFUSED),
    "name that is an ARN of another account": (a_database({}, request={"dBInstanceIdentifier": FOREIGN}), REFUSED),
    "name that CloudTrail hid": (
        a_database({}, request={"dBInstanceIdentifier": "HIDDEN_DUE_TO_SECURITY_REASONS"}), UNREADABLE,
    ),
    "point in time without any name": (a_call("rds", "RestoreDBInstanceToPointInTime", {}, {}), UNREADABLE),
    "blue and green without a green one": (
        a_call("rds", "CreateBlueGreenDeployment", {"source": ORDERS}, {"target": None}), UNREADABLE,
    ),
    # Who called, and where.
    "error that is empty": (a_database(errorCode=""), TAGGED),
    "error that is a number": (a_database(errorCode=7), TAGGED),
    "no identity": (a_database(userIdentity=None), TAGGED),
    "identity as a list": (a_database(userIdentity=[]), TAGGED),
    "identity of a kind that nobody knows": (a_database(userIdentity={"type": "Martian", "arn": "x"}), TAGGED),
    "record of another account": (a_database(recipientAccountId="333333333333"), TAGGED),
    "record of another Region": (a_database(awsRegion="us-east-1"), TAGGED),
    "account with a blank": (a_database(at_account=f"{PAYMENTS} "), DEAD),
    "account in other digits": (a_database(at_account="\u0662" * 12), DEAD),
    "account as a number": (a_database(at_account=int(PAYMENTS)), DEAD),
    "Region in capitals": (a_database(at_region=HOME.upper()), DEAD),
    "no Region": (a_database(at_region=""), DEAD),
    "Region of another partition": (a_database(at_region="cn-north-1"), REFUSED),
    "source of another service": (a_database(at_source="aws.dynamodb"), QUIET),
    "source of somebody's own": (a_database(at_source="rds"), QUIET),
    "event source in capitals": (a_database(eventSource="RDS.AMAZONAWS.COM"), QUIET),
    "event source of an elder partition": (a_database(eventSource="rds.amazonaws.com.cn"), QUIET),
    "no name of a call": (a_database(eventName=None), DEAD),
    "name of a call in small letters": (a_database(eventName="createdbinstance"), QUIET),
    "no time": (a_database(at_time=None), DEAD),
    "time of nowhere": (a_database(at_time="yesterday"), DEAD),
    "time at the end of all times": (a_database(at_time="9999-12-31T23:59:59Z"), TAGGED),
    "time before all": (a_database(at_time="0001-01-01T00:00:00Z"), TAGGED),
    "no id": (a_database(at_id=None), DEAD),
    "id of 100,000 letters": (a_database(at_id=LONG), TAGGED),
    "no record": (a_database() | {"detail": None}, DEAD),
    "record as a list": (a_database() | {"detail": []}, DEAD),
    "number of a thousand digits": (a_database({"dBInstanceArn": ORDERS, "port": 10**999}), TAGGED),
    "number that is none": (json.dumps(a_database({"dBInstanceArn": ORDERS, "port": float("nan")})), DEAD),
    "member that stands twice": (
        json.dumps(a_database()).replace('"dBInstanceArn":', f'"dBInstanceArn": "{FOREIGN}", "dBInstanceArn":'), TAGGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_a_bent_record_ends_as_it_must_and_touches_nothing_else(name: str, night: Night, rds: Databases) -> None:
    event, expected = RECORDS[name]
    assert night.run("enforce_tags", event) == [], "it would come again"
    assert (states(night), rds.touched <= {ORDERS}) == (expected, True)
    assert (rds.tags == {"Backup": "daily-prod"}) == (expected == TAGGED)


NAMED: Final[dict[str, Any]] = {
    "null": None, "nought": 0, "true": True, "empty": "", "list": [], "list of lists": [[]], "document": {"a": "b"},
    "long": LONG, "alias with a line's end": "alias/aws/rds\n", "alias of nothing": "alias/",
    "alias after a blank": " alias/aws/rds", "hidden": "****", "role": f"arn:aws:iam::{PAYMENTS}:role/Admin",
    "other partition": f"arn:aws-cn:kms:{HOME}:{PAYMENTS}:key/",
    "account of 13 digits": f"arn:aws:kms:{HOME}:{PAYMENTS}2:key/",
    "way out": f"{KEYS}../../alias/aws/rds", "wildcard": f"{KEYS}*", "half a letter's escape": "\\ud800",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_whatever_stands_for_the_key_the_tag_is_there_and_kms_is_asked_for_keys_only(
    name: str, night: Night, rds: Databases, kms: Kms
) -> None:
    event = a_database({"dBInstanceArn": ORDERS, "kmsKeyId": NAMED[name]}, request={"kmsKeyId": NAMED[name]})
    assert night.run("enforce_tags", event) == []
    assert (states(night), rds.tags, kms.asked) == (TAGGED, {"Backup": "daily-prod"}, [])


def refused(code: str) -> Callable[[], Exception]:
    return lambda: ClientError({"Error": {"Code": code, "Message": LONG}}, "DescribeKey")


ANSWERS: Final[dict[str, Callable[[], Any]]] = {
    "nothing": dict,
    "no metadata": lambda: {"KeyMetadata": {}},
    "a manager of tomorrow": lambda: {"KeyMetadata": {"KeyManager": "SOMEBODY"}},
    "a manager in small letters": lambda: {"KeyMetadata": {"KeyManager": "aws"}},
    "no route": lambda: EndpointConnectionError(endpoint_url="https://kms"),
    "no answer in time": lambda: ReadTimeoutError(endpoint_url="https://kms"),
    **{
        code: refused(code)
        for code in (
            "AccessDeniedException", "DependencyTimeoutException", "InvalidArnException", "KMSInternalException",
            "NotFoundException", "ThrottlingException", "UnrecognizedClientException",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_kms_answers_the_tag_is_there_and_that_nobody_knows_is_said(
    name: str, night: Night, rds: Databases, kms: Kms
) -> None:
    key, kms.answer = f"{KEYS}{uuid.uuid4()}", ANSWERS[name]()
    assert night.run("enforce_tags", a_database({"dBInstanceArn": ORDERS, "kmsKeyId": key})) == []
    assert (states(night), rds.tags, kms.asked) == (TAGGED, {"Backup": "daily-prod"}, [key])
    [said] = [each["Detail"]["reason"] for each in night.post.facts if each["DetailType"] == "TagEnforced"]
    assert f"whether AWS manages the key {key} is not known" in said


def test_a_key_of_aws_is_said_by_the_function_itself(night: Night, rds: Databases, kms: Kms) -> None:
    key = f"{KEYS}{uuid.uuid4()}"
    assert night.run("enforce_tags", a_database({"dBInstanceArn": ORDERS, "kmsKeyId": key})) == []
    assert (states(night), rds.tags, kms.asked) == ({"CANNOT"}, {"Backup": "daily-prod"}, [key])
