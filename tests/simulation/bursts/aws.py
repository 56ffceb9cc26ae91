"""Members' services as the real adapters ask them: what they have, how fast they answer, and what they refuse.

EC2 takes 100 writes at once and 10 a second (third-hand), DynamoDB 5 a second (API reference, "TagResource"), which
shows tags seconds later; other rates are assumed. Of all calls a part is refused for no reason, as under others' load.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

START: Final = datetime(2026, 9, 1, 10, tzinfo=UTC)
CALL: Final = timedelta(milliseconds=60)
SHOWN_AFTER: Final = timedelta(seconds=3)
WRITES_A_SECOND: Final = {"ec2": 100, "dynamodb": 5}
# The SDK's standard mode tries three times, with pauses between.
PAUSES: Final = (timedelta(milliseconds=500), timedelta(seconds=1))
# How the names of instances' root volumes begin.
ROOT: Final = "vol-00"
WRITES: Final = ("create_tags", "tag_resource", "put_bucket_tagging", "add_tags_to_resource")


@dataclass
class Clock:
    """The time in one execution environment."""

    now: datetime = START


@dataclass
class Thing:
    """A resource: its tags, when it can be tagged, and when its last tags show."""

    arn: str
    active_at: datetime
    tags: dict[str, str] = field(default_factory=dict)
    shown_at: datetime = START
    before: dict[str, str] = field(default_factory=dict)

    def shown(self, now: datetime) -> dict[str, str]:
        """What the service shows."""
        return self.tags if now >= self.shown_at else self.before


@dataclass
class Members:
    """Everything in the members, by account and name."""

    chance: random.Random
    refused: float
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    written: defaultdict[tuple[str, str, datetime], int] = field(default_factory=lambda: defaultdict(int))

    def call[Answer](self, clock: Clock, service: str, account: str, name: str, answer: Callable[[], Answer]) -> Answer:
        """One call of the SDK, which tries again while the service is too busy."""
        for pause in (*PAUSES, None):
            self.calls[f"{service}:{name}"] += 1
            clock.now += CALL
            if not self._is_busy(clock, service, account, name):
                return answer()
            if pause is not None:
                clock.now += pause
        raise refusal("ThrottlingException", name)

    def _is_busy(self, clock: Clock, service: str, account: str, name: str) -> bool:
        if self.chance.random() < self.refused:
            return True
        if name not in WRITES or service not in WRITES_A_SECOND:
            return False
        second = (service, account, clock.now.replace(microsecond=0))
        self.written[second] += 1
        return self.written[second] > WRITES_A_SECOND[service]


def keys_of(account: str) -> tuple[str, str, str]:
    """The keys of an account: of EBS, of its own, and of RDS."""
    first, second, third = (f"1234abcd-12ab-34cd-56ef-12345678900{n}" for n in range(3))
    there = f"arn:aws:kms:eu-west-1:{account}:key/"
    return f"{there}{first}", f"{there}{second}", f"{there}{third}"


def refusal(code: str, operation: str) -> ClientError:
    """AWS's answer of this code."""
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)


@dataclass
class Clients:
    """The clients of one execution environment, which borrows the role of each account once."""

    members: Members
    clock: Clock
    borrowed: set[str] = field(default_factory=set)

    def client(self, service: str, *, account: str, region: str) -> Any:
        """A client of the service there."""
        if account not in self.borrowed:
            self.borrowed.add(account)
            self.members.calls["sts:assume_role"] += 1
            self.clock.now += CALL
        return Client(self.members, self.clock, service, account)


@dataclass
class Client:
    """What the adapters call, by botocore's names."""

    members: Members
    clock: Clock
    service: str
    account: str

    def get_paginator(self, name: str) -> "Pages":
        return Pages(self, name)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        answer = getattr(self, f"_{name}")
        return lambda **asked: self.ask(name, lambda: answer(**asked))

    def ask[Answer](self, name: str, answer: Callable[[], Answer]) -> Answer:
        return self.members.call(self.clock, self.service, self.account, name, answer)

    def _thing(self, name: str) -> Thing:
        return self.members.things[self.account, name.rpartition(":")[2].rpartition("/")[2]]

    def _write(self, name: str, tags: list[dict[str, str]], *, is_late: bool = False) -> None:
        thing = self._thing(name)
        thing.before = dict(thing.tags)
        thing.tags |= {tag["Key"]: tag["Value"] for tag in tags}
        thing.shown_at = self.clock.now + SHOWN_AFTER if is_late else self.clock.now

    def _tags(self, name: str) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self._thing(name).shown(self.clock.now).items()]

    def described(self, filters: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        [asked] = filters
        return [self._described(name, key) for name in asked["Values"]]

    def _described(self, name: str, key: str) -> dict[str, Any]:
        """An instance with its root volume, or a volume with its key: of what came along nobody asks for the tags."""
        if name.startswith(ROOT):
            return {key: name, "KmsKeyId": keys_of(self.account)[0]}
        shown = {key: name, "Tags": self._tags(name)}
        if key == "InstanceId":
            return shown | {"BlockDeviceMappings": [{"Ebs": {"VolumeId": f"{ROOT}{name[2:]}"}}]}
        return shown | ({"KmsKeyId": keys_of(self.account)[len(name) % 2]} if key == "VolumeId" else {})

    def _describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803
        managers = dict(zip(keys_of(self.account), ("AWS", "CUSTOMER", "AWS"), strict=True))
        return {"KeyMetadata": {"KeyManager": managers[KeyId]}}

    def _create_tags(self, *, Resources: list[str], Tags: list[dict[str, str]]) -> None:  # noqa: N803
        for name in Resources:
            self._write(name, Tags)

    def _describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803
        is_there = self.clock.now >= self._thing(TableName).active_at
        return {"Table": {"TableStatus": "ACTIVE" if is_there else "CREATING"}}

    def _describe_region_settings(self) -> dict[str, Any]:
        return {"ResourceTypeManagementPreference": {"DynamoDB": True}}

    def _tag_resource(self, **asked: Any) -> None:
        name = asked.get("ResourceArn") or asked["ResourceId"]
        self._write(name, asked["Tags"], is_late=self.service == "dynamodb")

    def _list_tags_for_resource(self, **asked: Any) -> dict[str, Any]:
        tags = self._tags(asked.get("ResourceName") or asked["ResourceId"])
        return {"TagList" if self.service == "rds" else "Tags": tags}

    def _add_tags_to_resource(self, *, ResourceName: str, Tags: list[dict[str, str]]) -> None:  # noqa: N803
        self._write(ResourceName, Tags)

    def _hold_to_owner(self, expected: str, operation: str) -> None:
        """Refuse a call that expects the bucket to be somebody else's."""
        if expected != self.account:
            raise refusal("AccessDenied", operation)

    def _get_bucket_tagging(self, *, Bucket: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803
        self._hold_to_owner(ExpectedBucketOwner, "GetBucketTagging")
        tags = self._tags(Bucket)
        if not tags:
            raise refusal("NoSuchTagSet", "GetBucketTagging")
        return {"TagSet": tags}

    def _put_bucket_tagging(
        self,
        *,
        Bucket: str,  # noqa: N803
        ExpectedBucketOwner: str,  # noqa: N803
        Tagging: dict[str, Any],  # noqa: N803
    ) -> None:
        self._hold_to_owner(ExpectedBucketOwner, "PutBucketTagging")
        self._thing(Bucket).tags.clear()
        self._write(Bucket, Tagging["TagSet"])

    def _get_bucket_versioning(self, *, Bucket: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803
        self._hold_to_owner(ExpectedBucketOwner, "GetBucketVersioning")
        return {"Status": "Enabled"}


@dataclass
class Pages:
    """A list that fits on one page."""

    client: Client
    name: str

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield self.client.ask(self.name, lambda: self._page(**asked))

    def _page(self, **asked: Any) -> dict[str, Any]:
        match self.name:
            case "describe_instances":
                return {"Reservations": [{"Instances": self.client.described(asked["Filters"], "InstanceId")}]}
            case "describe_volumes":
                return {"Volumes": self.client.described(asked["Filters"], "VolumeId")}
            case "describe_tags":
                found = self.client.described(asked["Filters"], "ResourceId")
                return {"Tags": [tag | {"ResourceId": each["ResourceId"]} for each in found for tag in each["Tags"]]}
            case _:
                return {"Tags": self.client._tags(asked["ResourceArn"])}  # noqa: SLF001 - the client's own page
