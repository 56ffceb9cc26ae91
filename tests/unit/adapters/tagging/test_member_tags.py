"""Tags through each service's own API: what is added is there, what was there survives."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.tagging import member_tags
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    ResourceNotReadyError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.seen import Seen
from tests.conftest import FakeClients
from tests.fakes.moto_clients import moto_client

ACCOUNT, REGION = AccountId("123456789012"), Region("eu-west-1")
OLD = [{"Key": "team", "Value": "payments"}, {"Key": "Backup", "Value": "weekly"}]


@pytest.fixture
def aws(fake_clients: FakeClients) -> Iterator[Callable[[str], Any]]:
    """Clients of moto's services, handed out as those of the member account."""
    with mock_aws():
        for service in ("rds", "dynamodb", "ec2", "efs", "s3"):
            fake_clients.member[ACCOUNT, service] = moto_client(service, REGION)
        yield lambda service: fake_clients.member[ACCOUNT, service]


@pytest.fixture
def tags(fake_clients: FakeClients) -> MemberTags:
    role = "arn:aws:iam::{}:role/strongroom/strongroom-tagging"
    return MemberTags(MemberClients(role.format, now=lambda: datetime.now(UTC)))


def instance(rds: Any) -> str:
    arn: str = rds.create_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass="db.t3.micro", Engine="postgres", Tags=OLD
    )["DBInstance"]["DBInstanceArn"]
    return arn


def cluster(rds: Any) -> str:
    arn: str = rds.create_db_cluster(
        DBClusterIdentifier="c", Engine="aurora-postgresql", MasterUsername="u", MasterUserPassword="password", Tags=OLD
    )["DBCluster"]["DBClusterArn"]
    return arn


def table(dynamodb: Any) -> str:
    arn: str = dynamodb.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=OLD,
    )["TableDescription"]["TableArn"]
    return arn


def volume(ec2: Any) -> str:
    made = ec2.create_volume(
        AvailabilityZone="eu-west-1a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": OLD}]
    )
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{made['VolumeId']}"


def encrypted_volume(ec2: Any, key: str) -> str:
    made = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=True, KmsKeyId=key)
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{made['VolumeId']}"


def file_system(efs: Any) -> str:
    arn: str = efs.create_file_system(CreationToken="t", Tags=OLD)["FileSystemArn"]
    return arn


def bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="orders", Tagging={"TagSet": OLD})
    return "arn:aws:s3:::orders"


MAKERS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "RDS instance": ("rds", instance),
    "database cluster": ("rds", cluster),
    "DynamoDB table": ("dynamodb", table),
    "EBS volume": ("ec2", volume),
    "EFS file system": ("efs", file_system),
    "S3 bucket": ("s3", bucket),
}


@pytest.mark.parametrize(("service", "make"), MAKERS.values(), ids=MAKERS.keys())
def test_the_added_tag_is_there_and_the_others_survive(
    service: str, make: Callable[[Any], str], aws: Callable[[str], Any], tags: MemberTags
) -> None:
    arn = make(aws(service))
    assert tags.read(arn, account=ACCOUNT, region=REGION) == {"team": "payments", "Backup": "weekly"}
    tags.add(arn, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)
    assert tags.read(arn, account=ACCOUNT, region=REGION) == {"team": "payments", "Backup": "daily-prod"}


def test_each_call_about_a_bucket_names_the_owner_that_it_expects(aws: Callable[[str], Any], tags: MemberTags) -> None:
    s3, named = aws("s3"), []
    arn = bucket(s3)

    def hear(params: dict[str, Any], **_: Any) -> None:
        named.append(params.get("ExpectedBucketOwner"))

    s3.meta.events.register("provide-client-params.s3", hear)
    tags.look([arn], account=ACCOUNT, region=REGION)
    tags.put({arn: {"Backup": "daily-prod"}}, account=ACCOUNT, region=REGION)
    tags.shown([arn], account=ACCOUNT, region=REGION)
    s3.meta.events.unregister("provide-client-params.s3", hear)
    # Two to look, two to add, one to see what shows.
    assert named == [ACCOUNT] * 5


# moto has no tags of these services: their models say what they take and what they answer.
PAIRS = [{"Key": "team", "Value": "payments"}, {"Key": "Backup", "Value": "weekly"}]
SMALL = [{"key": "team", "value": "payments"}, {"key": "Backup", "value": "weekly"}]
MAP = {"team": "payments", "Backup": "weekly"}
NEW_PAIRS, NEW_SMALL, NEW_MAP = [{"Key": "Backup", "Value": "b"}], [{"key": "Backup", "value": "b"}], {"Backup": "b"}
PLACE = f"{REGION}:{ACCOUNT}"
# For each service: its client, an ARN, how its tags are read and answered, and how one is added.
WIRES: dict[str, tuple[str, str, tuple[str, str, dict[str, Any]], tuple[str, str, Any]]] = {
    "virtual machine": (
        "backup-gateway", f"arn:aws:backup-gateway:{PLACE}:vm/vm-1",
        ("ListTagsForResource", "ResourceArn", {"Tags": PAIRS}), ("TagResource", "ResourceARN", NEW_PAIRS),
    ),
    "Aurora DSQL cluster": (
        "dsql", f"arn:aws:dsql:{PLACE}:cluster/abcdefghijklmnopqrstuvwxyz",
        ("ListTagsForResource", "resourceArn", {"tags": MAP}), ("TagResource", "resourceArn", NEW_MAP),
    ),
    "EKS cluster": (
        "eks", f"arn:aws:eks:{PLACE}:cluster/shop",
        ("ListTagsForResource", "resourceArn", {"tags": MAP}), ("TagResource", "resourceArn", NEW_MAP),
    ),
    "FSx file system": (
        "fsx", f"arn:aws:fsx:{PLACE}:file-system/fs-01234567",
        ("ListTagsForResource", "ResourceARN", {"Tags": PAIRS}), ("TagResource", "ResourceARN", NEW_PAIRS),
    ),
    "Redshift cluster": (
        "redshift", f"arn:aws:redshift:{PLACE}:cluster:dw",
        ("DescribeTags", "ResourceName", {"TaggedResources": [{"Tag": tag} for tag in PAIRS]}),
        ("CreateTags", "ResourceName", NEW_PAIRS),
    ),
    "Redshift Serverless namespace": (
        "redshift-serverless", f"arn:aws:redshift-serverless:{PLACE}:namespace/0a1b2c3d",
        ("ListTagsForResource", "resourceArn", {"tags": SMALL}), ("TagResource", "resourceArn", NEW_SMALL),
    ),
    "SAP HANA database": (
        "ssm-sap", f"arn:aws:ssm-sap:{PLACE}:HANA/a/DB/b",
        ("ListTagsForResource", "resourceArn", {"tags": MAP}), ("TagResource", "resourceArn", NEW_MAP),
    ),
    "Storage Gateway volume": (
        "storagegateway", f"arn:aws:storagegateway:{PLACE}:gateway/sgw-1/volume/vol-1",
        ("ListTagsForResource", "ResourceARN", {"Tags": PAIRS}), ("AddTagsToResource", "ResourceARN", NEW_PAIRS),
    ),
    "Timestream table": (
        "timestream-write", f"arn:aws:timestream:{PLACE}:database/d/table/t",
        ("ListTagsForResource", "ResourceARN", {"Tags": PAIRS}), ("TagResource", "ResourceARN", NEW_PAIRS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("label", WIRES)
def test_each_service_is_asked_and_told_in_its_own_words(
    label: str, fake_clients: FakeClients, tags: MemberTags
) -> None:
    service, arn, (read, named, answer), (write, target, added) = WIRES[label]
    client = moto_client(service, REGION)
    fake_clients.member[ACCOUNT, service] = client
    with Stubber(client) as wire:
        wire.add_response(xform_name(read), answer, {named: arn})
        assert tags.read(arn, account=ACCOUNT, region=REGION) == {"team": "payments", "Backup": "weekly"}
        key = "tags" if target == "resourceArn" else "Tags"
        wire.add_response(xform_name(write), {}, {target: arn, key: added})
        tags.add(arn, {"Backup": "b"}, account=ACCOUNT, region=REGION)
        wire.assert_no_pending_responses()


def test_a_service_that_answers_no_tags_has_none(fake_clients: FakeClients, tags: MemberTags) -> None:
    client = moto_client("eks", REGION)
    fake_clients.member[ACCOUNT, "eks"] = client
    with Stubber(client) as wire:
        wire.add_response("list_tags_for_resource", {}, {"resourceArn": WIRES["EKS cluster"][1]})
        assert tags.read(WIRES["EKS cluster"][1], account=ACCOUNT, region=REGION) == {}


def test_a_bucket_that_was_never_tagged_has_no_tags(aws: Callable[[str], Any], tags: MemberTags) -> None:
    aws("s3").create_bucket(Bucket="bare", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert tags.read("arn:aws:s3:::bare", account=ACCOUNT, region=REGION) == {}


@pytest.mark.parametrize("arn", ["arn:aws:dynamodb:eu-west-1:123456789012:table/none", "arn:aws:s3:::nothing-here"])
def test_reading_what_is_gone_says_so(arn: str, aws: Callable[[str], Any], tags: MemberTags) -> None:
    with pytest.raises(NotFoundError, match=arn.rpartition(":")[2]):
        tags.read(arn, account=ACCOUNT, region=REGION)


def test_tagging_a_volume_that_is_gone_says_so(aws: Callable[[str], Any], tags: MemberTags) -> None:
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-0123456789abcdef0"
    with pytest.raises(NotFoundError):
        tags.add(arn, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)


class Refusing:
    """A service that answers one error code to everything about tags."""

    def __init__(self, code: str) -> None:
        self.code = code

    def list_tags_for_resource(self, **_: str) -> dict[str, Any]:
        raise ClientError({"Error": {"Code": self.code, "Message": ""}}, "ListTagsForResource")

    def create_tags(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": self.code, "Message": ""}}, "CreateTags")


@pytest.mark.parametrize(
    ("service", "code", "resource"),
    [
        ("rds", "DBInstanceNotFound", "rds:eu-west-1:123456789012:db:none"),
        ("rds", "DBClusterNotFoundFault", "rds:eu-west-1:123456789012:cluster:none"),
        ("efs", "FileSystemNotFound", "elasticfilesystem:eu-west-1:123456789012:file-system/fs-1"),
    ],
)
def test_the_services_own_words_for_gone_are_known_when_reading(
    service: str, code: str, resource: str, fake_clients: FakeClients, tags: MemberTags
) -> None:
    fake_clients.member[ACCOUNT, service] = Refusing(code)
    with pytest.raises(NotFoundError, match=code):
        tags.read(f"arn:aws:{resource}", account=ACCOUNT, region=REGION)


def test_an_instance_that_is_gone_is_known_when_tagging(fake_clients: FakeClients, tags: MemberTags) -> None:
    fake_clients.member[ACCOUNT, "ec2"] = Refusing("InvalidInstanceID.NotFound")
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"
    with pytest.raises(NotFoundError, match=arn):
        tags.add(arn, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)


class FakeDynamoDB:
    """A table in one status, whose tags cannot be changed for one reason."""

    def __init__(self, *, status: str, refusal: str = "") -> None:
        self.status = status
        self.refusal = refusal

    def describe_table(self, **_: str) -> dict[str, Any]:
        return {"Table": {"TableStatus": self.status}}

    def tag_resource(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": self.refusal, "Message": ""}}, "TagResource")


TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"


@pytest.mark.parametrize(
    ("status", "error"), [("CREATING", ResourceNotReadyError), ("DELETING", NotFoundError)], ids=str
)
def test_a_table_that_is_not_active_is_not_read(
    status: str, error: type[StrongroomError], fake_clients: FakeClients, tags: MemberTags
) -> None:
    fake_clients.member[ACCOUNT, "dynamodb"] = FakeDynamoDB(status=status)
    with pytest.raises(error):
        tags.read(TABLE, account=ACCOUNT, region=REGION)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ResourceInUseException", ResourceNotReadyError),
        ("ThrottlingException", TemporarilyUnavailableError),
        ("AccessDeniedException", AccessRefusedError),
        ("ValidationException", CallRefusedError),
    ],
)
def test_a_refusal_is_translated(
    code: str, error: type[Exception], fake_clients: FakeClients, tags: MemberTags
) -> None:
    fake_clients.member[ACCOUNT, "dynamodb"] = FakeDynamoDB(status="ACTIVE", refusal=code)
    with pytest.raises(error) as caught:
        tags.add(TABLE, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)
    assert type(caught.value) is error


BUCKET = "arn:aws:s3:::orders"


@pytest.mark.parametrize("code", ["MethodNotAllowed", "AccessDenied", "InvalidRequest"])
def test_a_bucket_that_takes_no_sets_of_tags_takes_the_single_tag(
    code: str, aws: Callable[[str], Any], fake_clients: FakeClients, tags: MemberTags
) -> None:
    control = moto_client("s3control", REGION)
    fake_clients.member[ACCOUNT, "s3control"] = control
    with Stubber(aws("s3")) as wire, Stubber(control) as other:
        wire.add_response("get_bucket_tagging", {"TagSet": OLD})
        wire.add_client_error("put_bucket_tagging", code)
        wire.add_response("get_bucket_tagging", {"TagSet": OLD}, {"Bucket": "orders", "ExpectedBucketOwner": ACCOUNT})
        new = [{"Key": "Backup", "Value": "daily-prod"}]
        other.add_response("tag_resource", {}, {"AccountId": ACCOUNT, "ResourceArn": BUCKET, "Tags": new})
        assert tags.put({BUCKET: {"Backup": "daily-prod"}}, account=ACCOUNT, region=REGION) == {}
        other.assert_no_pending_responses()


def test_a_bucket_that_is_busy_or_gone_is_not_tried_in_another_way(aws: Callable[[str], Any], tags: MemberTags) -> None:
    for code, error in (("SlowDown", TemporarilyUnavailableError), ("NoSuchBucket", NotFoundError)):
        with Stubber(aws("s3")) as wire:
            wire.add_response("get_bucket_tagging", {"TagSet": OLD})
            wire.add_client_error("put_bucket_tagging", code)
            with pytest.raises(error):
                tags.add(BUCKET, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)


def test_what_is_refused_both_ways_is_refused(
    aws: Callable[[str], Any], fake_clients: FakeClients, tags: MemberTags
) -> None:
    control = moto_client("s3control", REGION)
    fake_clients.member[ACCOUNT, "s3control"] = control
    with Stubber(aws("s3")) as wire, Stubber(control) as other:
        wire.add_response("get_bucket_tagging", {"TagSet": OLD})
        wire.add_client_error("put_bucket_tagging", "AccessDenied")
        wire.add_response("get_bucket_tagging", {"TagSet": OLD})
        other.add_client_error("tag_resource", "AccessDenied")
        with pytest.raises(AccessRefusedError):
            tags.add(BUCKET, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)
        other.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDenied", AccessRefusedError), ("InvalidRequest", CallRefusedError)]
)
def test_a_bucket_that_may_be_of_somebody_else_is_not_tried_by_the_call_that_names_no_owner_of_the_bucket(
    code: str,
    error: type[Exception],
    aws: Callable[[str], Any],
    fake_clients: FakeClients,
    tags: MemberTags,
) -> None:
    control = moto_client("s3control", REGION)
    fake_clients.member[ACCOUNT, "s3control"] = control
    with Stubber(aws("s3")) as wire, Stubber(control) as other:
        for _ in ("to add", "to look whose it is"):
            wire.add_client_error("get_bucket_tagging", code)
        other.add_response("tag_resource", {})
        with pytest.raises(error):
            tags.add(BUCKET, {"Backup": "daily-prod"}, account=ACCOUNT, region=REGION)
        with pytest.raises(AssertionError):
            other.assert_no_pending_responses()


def test_a_service_that_we_cannot_tag_is_named(tags: MemberTags) -> None:
    with pytest.raises(NotFoundError, match="cloudformation"):
        tags.read("arn:aws:cloudformation:eu-west-1:123456789012:stack/dw/1", account=ACCOUNT, region=REGION)


def test_the_role_needs_a_reading_and_a_writing_action_of_every_service() -> None:
    prefixes = {action.split(":")[0] for action in member_tags.MEMBER_ACTIONS}
    assert prefixes == {*member_tags.SERVICES, "backup"}


def an_instance(ec2: Any) -> tuple[str, str]:
    """The ARNs of an instance and of its volume."""
    images = ec2.describe_images()["Images"]
    started = ec2.run_instances(ImageId=images[0]["ImageId"], MinCount=1, MaxCount=1)["Instances"][0]
    [attached] = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [started["InstanceId"]]}])[
        "Volumes"
    ]
    place = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
    return f"{place}:instance/{started['InstanceId']}", f"{place}:volume/{attached['VolumeId']}"


@pytest.fixture
def seen_by_backup(fake_clients: FakeClients) -> None:
    """AWS Backup without the advanced features for tables."""
    fake_clients.member[ACCOUNT, "backup"] = Settings()


class Settings:
    """Counts how often it was asked."""

    asked = 0

    def describe_region_settings(self) -> dict[str, Any]:
        self.asked += 1
        return {"ResourceTypeManagementPreference": {"DynamoDB": False}}


def test_an_instance_is_seen_with_its_volumes_and_a_volume_with_its_instance(
    aws: Callable[[str], Any], tags: MemberTags
) -> None:
    machine, attached = an_instance(aws("ec2"))
    alone = volume(aws("ec2"))
    gone = f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-0123456789abcdef0"
    seen = tags.look([machine, attached, alone, gone], account=ACCOUNT, region=REGION)
    assert seen[machine] == Seen(tags={}, volumes=(attached,))
    assert seen[attached] == Seen(tags={}, attached_to=machine.rpartition("/")[2])
    assert seen[alone] == Seen(tags={"team": "payments", "Backup": "weekly"})
    assert isinstance(seen[gone], NotFoundError)


def test_a_volume_is_seen_under_its_key_and_an_instance_under_those_of_its_volumes_for_one_call_more(
    aws: Callable[[str], Any], tags: MemberTags
) -> None:
    machine, _ = an_instance(aws("ec2"))
    keys = [f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890{n}" for n in ("aa", "ab")]
    made = [encrypted_volume(aws("ec2"), key) for key in keys]
    for letter, each in zip("fg", made, strict=True):
        name, instance_id = each.rpartition("/")[2], machine.rpartition("/")[2]
        aws("ec2").attach_volume(VolumeId=name, InstanceId=instance_id, Device=f"/dev/sd{letter}")
    calls: list[str] = []
    aws("ec2").meta.events.register("before-call.ec2", lambda model, **_: calls.append(model.name))
    seen = tags.look([machine, made[0]], account=ACCOUNT, region=REGION)
    assert {arn: each.keys for arn, each in seen.items() if isinstance(each, Seen)} == {
        machine: tuple(keys), made[0]: (keys[0],),
    }  # fmt: skip
    assert calls == ["DescribeInstances", "DescribeVolumes"]


def test_an_instance_that_was_ended_is_gone(aws: Callable[[str], Any], tags: MemberTags) -> None:
    machine, _ = an_instance(aws("ec2"))
    aws("ec2").terminate_instances(InstanceIds=[machine.rpartition("/")[2]])
    seen = tags.look([machine], account=ACCOUNT, region=REGION)
    assert isinstance(seen[machine], NotFoundError)


def test_many_of_ec2_are_tagged_and_read_back_together(
    aws: Callable[[str], Any], tags: MemberTags, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, attached = an_instance(aws("ec2"))
    calls: list[str] = []
    aws("ec2").meta.events.register("before-call.ec2", lambda model, **_: calls.append(model.name))
    wanted = {key: {"Backup": "daily-prod"} for key in (machine, attached)}
    assert tags.put(wanted, account=ACCOUNT, region=REGION) == {}
    assert tags.shown([machine, attached], account=ACCOUNT, region=REGION) == wanted
    assert calls == ["CreateTags", "DescribeTags"]


def test_one_of_many_that_is_gone_keeps_no_other_from_its_tag(aws: Callable[[str], Any], tags: MemberTags) -> None:
    there, gone = volume(aws("ec2")), f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-0123456789abcdef0"
    failed = tags.put({key: {"Backup": "daily-prod"} for key in (there, gone)}, account=ACCOUNT, region=REGION)
    assert (list(failed), isinstance(failed[gone], NotFoundError)) == ([gone], True)
    assert tags.shown([there], account=ACCOUNT, region=REGION)[there] == {"team": "payments", "Backup": "daily-prod"}


def test_other_services_answer_for_each_by_itself(
    aws: Callable[[str], Any], tags: MemberTags, fake_clients: FakeClients, seen_by_backup: None
) -> None:
    there = table(aws("dynamodb"))
    gone = there.replace("orders", "nobody")
    seen = tags.look([there, gone], account=ACCOUNT, region=REGION)
    assert isinstance(seen[gone], NotFoundError)
    settings = {"DescribeRegionSettings": {"ResourceTypeManagementPreference": {"DynamoDB": False}}}
    assert seen[there] == Seen(tags={"team": "payments", "Backup": "weekly"}, answers=settings)
    tags.look([there], account=ACCOUNT, region=REGION)
    assert fake_clients.member[ACCOUNT, "backup"].asked == 1


def test_a_bucket_says_whether_it_keeps_versions(aws: Callable[[str], Any], tags: MemberTags) -> None:
    arn = bucket(aws("s3"))
    seen = [tags.look([arn], account=ACCOUNT, region=REGION)[arn]]
    aws("s3").put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    seen.append(tags.look([arn], account=ACCOUNT, region=REGION)[arn])
    told = [each.answers["GetBucketVersioning"].get("Status") for each in seen if isinstance(each, Seen)]
    assert told == [None, "Enabled"]


def test_a_role_that_may_not_ask_for_more_is_no_hindrance(
    aws: Callable[[str], Any], tags: MemberTags, fake_clients: FakeClients
) -> None:
    class Refusing:
        def describe_region_settings(self) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "DescribeRegionSettings")

    fake_clients.member[ACCOUNT, "backup"] = Refusing()
    arn = table(aws("dynamodb"))
    assert tags.look([arn], account=ACCOUNT, region=REGION)[arn] == Seen(tags={"team": "payments", "Backup": "weekly"})
