"""Tags that are changed in the sandbox: what tells of it, and what becomes of ours under the tagging role, by IAM.

CloudTrail's records: public ones of CreateTags, DeleteTags and PutBucketTagging. The notice: Resource Groups Tagging
API User Guide, "Monitor tag changes with serverless workflows and Amazon EventBridge".
"""

import json
import uuid
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

import msgspec
import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.calls import Heard
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.drift.changes import TagChange, ToldChange, judge_change, judge_named
from strongroom.domain.tags.drift.patterns import change_forwarder_pattern
from strongroom.domain.tags.judging import Place
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TagsChanged
from strongroom.services.tags.answer_drift import answer_drift
from strongroom.services.tags.answering import EnforcementVerdict
from tests.contract.iam.tagging_documents import tagging_statements
from tests.integration.authority.conftest import Role, a_role, allow
from tests.unit.services.tags.world import World

type Taken = Callable[[], Any]

KEY: Final = "Backup"
TAGS: Final = [{"Key": KEY, "Value": "daily-prod"}]
NOTICE: Final = "Tag Change on Resource"
DECODER: Final = msgspec.json.Decoder(Event[TagsChanged])


def aws(service: str) -> Any:
    """A client of the account whose tags are changed."""
    return client(service, PAYMENTS_ACCOUNT)


def a_name() -> str:
    return f"t-{uuid.uuid4().hex[:10]}"


def named(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{HOME_REGION}:{PAYMENTS_ACCOUNT}:{rest}"


def a_volume() -> str:
    made = aws("ec2").create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1)
    return named("ec2", f"volume/{made['VolumeId']}")


def a_table() -> str:
    made = aws("dynamodb").create_table(
        TableName=a_name(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return str(made["TableDescription"]["TableArn"])


def a_database() -> str:
    made = aws("rds").create_db_instance(
        DBInstanceIdentifier=a_name(), DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return str(made["DBInstance"]["DBInstanceArn"])


def a_file_system() -> str:
    return str(aws("efs").create_file_system(CreationToken=a_name())["FileSystemArn"])


def a_bucket() -> str:
    name = a_name()
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    return f"arn:aws:s3:::{name}"


def last(arn: str) -> str:
    return arn.replace("/", ":").rpartition(":")[2]


@dataclass(frozen=True)
class Change:
    """Who has the tag, how it is put on, and how it is taken off, each with the call by which it is told."""

    make: Callable[[], str]
    on: Callable[[str], Any]
    put: str
    off: Callable[[str], Any]
    taken: str


CHANGES: Final = {
    "ec2": Change(
        a_volume,
        lambda arn: aws("ec2").create_tags(Resources=[last(arn)], Tags=TAGS),
        "CreateTags",
        lambda arn: aws("ec2").delete_tags(Resources=[last(arn)], Tags=[{"Key": KEY}]),
        "DeleteTags",
    ),
    "ec2, without a key": Change(
        a_volume,
        lambda arn: aws("ec2").create_tags(Resources=[last(arn)], Tags=TAGS),
        "CreateTags",
        lambda arn: aws("ec2").delete_tags(Resources=[last(arn)]),
        "DeleteTags",
    ),
    "rds": Change(
        a_database,
        lambda arn: aws("rds").add_tags_to_resource(ResourceName=arn, Tags=TAGS),
        "AddTagsToResource",
        lambda arn: aws("rds").remove_tags_from_resource(ResourceName=arn, TagKeys=[KEY]),
        "RemoveTagsFromResource",
    ),
    "dynamodb": Change(
        a_table,
        lambda arn: aws("dynamodb").tag_resource(ResourceArn=arn, Tags=TAGS),
        "TagResource",
        lambda arn: aws("dynamodb").untag_resource(ResourceArn=arn, TagKeys=[KEY]),
        "UntagResource",
    ),
    "elasticfilesystem": Change(
        a_file_system,
        lambda arn: aws("efs").tag_resource(ResourceId=last(arn), Tags=TAGS),
        "TagResource",
        lambda arn: aws("efs").untag_resource(ResourceId=last(arn), TagKeys=[KEY]),
        "UntagResource",
    ),
    "s3": Change(
        a_bucket,
        lambda arn: aws("s3").put_bucket_tagging(Bucket=last(arn), Tagging={"TagSet": TAGS}),
        "PutBucketTagging",
        lambda arn: aws("s3").delete_bucket_tagging(Bucket=last(arn)),
        "DeleteBucketTagging",
    ),
    "tagging": Change(
        a_table,
        lambda arn: aws("resourcegroupstaggingapi").tag_resources(ResourceARNList=[arn], Tags={KEY: "daily-prod"}),
        "TagResources",
        lambda arn: aws("resourcegroupstaggingapi").untag_resources(ResourceARNList=[arn], TagKeys=[KEY]),
        "UntagResources",
    ),
}


@pytest.fixture
def ear(listen: Callable[..., Any]) -> Any:
    """What leaves a member whose key is ours."""
    return listen(PAYMENTS_ACCOUNT, change_forwarder_pattern([KEY]))


def read(event: dict[str, Any], intent: Intent) -> TagChange | TagVerdict:
    parsed = DECODER.decode(json.dumps(event))
    return judge_change(parsed.detail.observed(parsed), intent=intent, now=parsed.time)


def named_by(event: dict[str, Any], intent: Intent) -> list[str]:
    change = read(event, intent)
    assert isinstance(change, TagChange), change
    reading = judge_named(change, place=Place(target=intent.targets[0]), intent=intent)
    assert reading.ended == ()
    return [each.resource.arn for each in reading.made]


@pytest.mark.parametrize("name", CHANGES)
def test_each_call_is_heard_and_names_what_it_changed(name: str, ear: Any, intent: Intent) -> None:
    change = CHANGES[name]
    arn = change.make()
    for act, call in ((change.on, change.put), (change.off, change.taken)):
        act(arn)
        assert named_by(ear.wait(eventName=call), intent) == [arn]


def test_another_key_does_not_leave_the_member_where_a_rule_can_tell(ear: Any) -> None:
    volume = last(a_volume())
    aws("ec2").create_tags(Resources=[volume], Tags=[{"Key": "team", "Value": "payments"}])
    aws("ec2").create_tags(Resources=[volume], Tags=TAGS)
    ear.wait(eventName="CreateTags")
    told = [each["detail"]["requestParameters"]["tagSet"] for each in ear.events if each["source"] == "aws.ec2"]
    assert told == [{"items": [{"key": KEY, "value": "daily-prod"}]}]


@pytest.mark.parametrize("count", [1, 2], ids=["one tag", "several"])
def test_a_set_of_one_tag_is_told_without_a_list(ear: Any, count: int) -> None:
    tags = [*TAGS, {"Key": "team", "Value": "payments"}][:count]
    bucket = last(a_bucket())
    aws("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    told = ear.wait(eventName="PutBucketTagging")["detail"]["requestParameters"]
    assert (told["bucketName"], told["Tagging"]) == (bucket, {"TagSet": {"Tag": tags[0] if count == 1 else tags}})


@pytest.mark.parametrize("name", ["ec2", "s3"])
def test_a_notice_has_every_tag_and_what_has_changed_but_nobody_s_name(name: str, listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {"source": ["aws.tag"]})
    change = CHANGES[name]
    arn = change.make()
    change.on(arn)
    change.on(arn)  # which changes nothing
    change.off(arn)
    put = ear.wait(tags={KEY: "daily-prod"})
    taken = ear.wait(tags={})
    assert [each["detail-type"] for each in ear.events] == [NOTICE] * 2
    assert (put["resources"], taken["resources"]) == ([arn], [arn])
    assert put["detail"]["changed-tag-keys"] == taken["detail"]["changed-tag-keys"] == [KEY]
    assert (put["detail"]["service"], put["detail"]["resource-type"]) == (
        (name, "volume") if name == "ec2" else (name, "bucket")
    )
    assert "userIdentity" not in put["detail"]


@dataclass
class Lent:
    """Clients of the tagging role, each made once."""

    role: Role
    made: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        assert (account, region) == (PAYMENTS_ACCOUNT, HOME_REGION)
        if service not in self.made:
            self.made[service] = self.role.client(service)
        return self.made[service]


def moved(told: ToldChange, at: datetime) -> ToldChange:
    """The same change, made at another time."""
    return cast("ToldChange", replace(told, at=at))


@dataclass
class Member:
    """The account, the function that answers what it tells, and somebody there who changes tags."""

    ear: Any
    world: World
    tags: MemberTags
    person: Role
    answered: set[str] = field(default_factory=set)

    def answer(self, *, at: datetime | None = None) -> list[TagVerdict]:
        """Answer all that was heard since, as if it had happened then."""
        told = [each for each in self.ear.events if each["id"] not in self.answered]
        self.answered |= {each["id"] for each in told}
        parsed = [DECODER.decode(json.dumps(each)) for each in told]
        now = at or max(each.time for each in parsed)
        changes = [each.detail.observed(each) for each in parsed]
        heard: list[Heard[ToldChange]] = [Heard(subject=moved(each, at) if at else each) for each in changes]
        answers = answer_drift(heard, needs=replace(self.world.needs, tags=self.tags), now=now)
        verdicts: list[TagVerdict] = []
        for each in answers:
            assert isinstance(each, EnforcementVerdict), each
            verdicts += each.verdicts
        return verdicts

    def take_off(self, volume: str) -> str:
        """The person takes our tag off; who that was, as the record has it."""
        before = len(self.ear.events)
        self.person.client("ec2").delete_tags(Resources=[last(volume)], Tags=[{"Key": KEY}])
        while not any(each["detail"].get("eventName") == "DeleteTags" for each in self.ear.events[before:]):
            self.ear.wait(eventName="DeleteTags")
        event = [each for each in self.ear.events if each["detail"].get("eventName") == "DeleteTags"][-1]
        return str(event["detail"]["userIdentity"]["arn"])


@pytest.fixture
def member(ear: Any, intent: Intent, sandbox_host: lifecycle.Sandbox) -> Member:
    """Payments with the tagging role as the member stack makes it, and a person who may change any tag."""
    assert sandbox_host
    roles = aws("iam").list_roles(PathPrefix="/strongroom/")["Roles"]
    known = next((each["Arn"] for each in roles if each["RoleName"] == "strongroom-tagging"), None)
    tagging = (
        Role("strongroom-tagging", known, PAYMENTS_ACCOUNT)
        if known
        else a_role(
            *tagging_statements(account=PAYMENTS_ACCOUNT),
            account=PAYMENTS_ACCOUNT,
            path="/strongroom/",
            name="strongroom-tagging",
        )
    )
    lent: Any = Lent(tagging)
    person = a_role(allow("ec2:*", "s3:*"), account=PAYMENTS_ACCOUNT)
    return Member(ear, World(intent), MemberTags(lent), person)


def tags_of(volume: str) -> dict[str, str]:
    [found] = aws("ec2").describe_volumes(VolumeIds=[last(volume)])["Volumes"]
    return {each["Key"]: each["Value"] for each in found.get("Tags", [])}


def test_what_a_person_takes_off_is_put_back_with_their_name_and_our_own_write_is_not_answered(member: Member) -> None:
    volume = a_volume()
    aws("ec2").create_tags(Resources=[last(volume)], Tags=[*TAGS, {"Key": "team", "Value": "payments"}])
    who = member.take_off(volume)
    verdicts = member.answer()
    assert {each.state for each in verdicts} <= {TagState.TAGGED, TagState.IGNORED}
    [put] = {each.reason for each in verdicts if each.state is TagState.TAGGED}
    assert f"Backup was changed by {who} under the role {member.person.arn}, with ec2:DeleteTags" in put
    assert tags_of(volume) == {KEY: "daily-prod", "team": "payments"}

    while not any(each["detail"].get("eventName") == "CreateTags" for each in member.ear.events[-2:]):
        member.ear.wait(eventName="CreateTags")
    ours = member.answer()
    assert {each.state for each in ours} == {TagState.IGNORED}
    assert any("Strongroom wrote it itself" in each.reason for each in ours)


def test_what_is_fought_over_ends_in_one_alert_and_no_write(member: Member) -> None:
    volume = a_volume()
    aws("ec2").create_tags(Resources=[last(volume)], Tags=TAGS)
    began = member.world.now
    states = []
    for number in range(5):
        member.take_off(volume)
        verdicts = member.answer(at=began + timedelta(hours=number))
        states.append({each.state for each in verdicts} - {TagState.IGNORED, TagState.COMPLIANT})
    assert states == [{TagState.TAGGED}, {TagState.TAGGED}, {TagState.TAG}, {TagState.TAG}, {TagState.TAG}]
    assert tags_of(volume) == {}
    [alert] = member.world.alerts.told
    assert (alert.kind, alert.resource) == (AlertKind.TAGS_FOUGHT_OVER, volume)
    assert alert.subject == f"{PAYMENTS_ACCOUNT} {member.person.arn}"


def test_a_bucket_whose_whole_set_is_written_without_ours_keeps_the_other_tags(member: Member) -> None:
    bucket = a_bucket()
    aws("s3").put_bucket_tagging(Bucket=last(bucket), Tagging={"TagSet": TAGS})
    s3 = member.person.client("s3")
    s3.put_bucket_tagging(Bucket=last(bucket), Tagging={"TagSet": [{"Key": "team", "Value": "payments"}]})
    member.ear.wait(tags={"team": "payments"})
    verdicts = member.answer()
    assert TagState.CANNOT in {each.state for each in verdicts}, "it keeps no versions, and is tagged all the same"
    tags = aws("s3").get_bucket_tagging(Bucket=last(bucket))["TagSet"]
    assert {each["Key"]: each["Value"] for each in tags} == {KEY: "daily-prod", "team": "payments"}
