"""What a described job means for the ceremony."""

import pytest

from strongroom.domain.restores.jobs import (
    JobState,
    JobVerdict,
    described_facts,
    judge_copy_back,
    judge_restore,
)
from strongroom.domain.restores.requests import UNNAMED
from tests.builders.restores import (
    CENTRAL_POINT,
    NOW,
    POINT,
    RESTORED,
    ROLE,
    WORKLOAD_KEY,
    a_copy_back_job,
    a_request,
    a_restore_job,
)


@pytest.mark.parametrize(
    ("state", "point", "meaning"),
    [
        ("CREATED", "", JobState.RUNNING),
        ("RUNNING", "", JobState.RUNNING),
        ("COMPLETED", POINT, JobState.COMPLETED),
        ("COMPLETED", "", JobState.FAILED),
        ("PARTIAL", POINT, JobState.FAILED),
        ("FAILED", "", JobState.FAILED),
        ("SOMETHING_NEW", POINT, JobState.FAILED),
    ],
)
def test_copy_back(state: str, point: str, meaning: JobState) -> None:
    job = a_copy_back_job(state=state, recovery_point=point)
    assert judge_copy_back(job).state is meaning


@pytest.mark.parametrize(
    ("status", "created", "meaning"),
    [
        ("PENDING", "", JobState.RUNNING),
        ("RUNNING", "", JobState.RUNNING),
        ("COMPLETED", RESTORED, JobState.COMPLETED),
        ("COMPLETED", "", JobState.FAILED),
        ("ABORTED", "", JobState.FAILED),
        ("FAILED", "", JobState.FAILED),
    ],
)
def test_restore(status: str, created: str, meaning: JobState) -> None:
    metadata = dict(a_request().metadata)
    job = a_restore_job(status=status, created=created, metadata=metadata)
    assert judge_restore(job, request=a_request(), recovery_point=POINT).state is meaning


def test_a_restore_that_used_something_else_has_failed() -> None:
    metadata = dict(a_request().metadata) | {"DBInstanceClass": "db.r5.24xlarge"}
    job = a_restore_job(metadata=metadata)
    verdict = judge_restore(job, request=a_request(), recovery_point=POINT)
    assert verdict.state is JobState.FAILED
    assert "dbinstanceclass" in verdict.reason


def test_attack_22_a_restore_that_used_something_else_in_another_case_has_failed() -> None:
    job = a_restore_job(metadata=dict(a_request().metadata) | {"DBINSTANCECLASS": "db.r5.24xlarge"})
    assert judge_restore(job, request=a_request(), recovery_point=POINT).state is JobState.FAILED


@pytest.mark.parametrize(
    ("besides", "state"),
    [
        pytest.param({"EngineVersion": "16.4", "vpcId": "vpc-1"}, JobState.COMPLETED, id="what is told"),
        pytest.param({"InformationalOnly:KmsKeyId": "arn:any"}, JobState.COMPLETED, id="for information only"),
        pytest.param({"aws:backup:request-id": "1"}, JobState.COMPLETED, id="AWS's own"),
        pytest.param({"PubliclyAccessible": "false"}, JobState.COMPLETED, id="private"),
        pytest.param({"publiclyaccessible": "true"}, JobState.FAILED, id="public"),
        pytest.param({"KmsKeyId": WORKLOAD_KEY}, JobState.COMPLETED, id="the key that was said"),
        pytest.param({"KmsKeyId": "arn:another"}, JobState.FAILED, id="another key"),
        pytest.param({"VpcSecurityGroupIds": '["sg-open"]'}, JobState.FAILED, id="security groups"),
        pytest.param({"DBSubnetGroupName": "public"}, JobState.FAILED, id="subnets"),
        pytest.param({"DomainIAMRoleName": "Admin"}, JobState.FAILED, id="a role"),
        pytest.param(
            {"publiclyaccessible": "true", "PubliclyAccessible": "false"},
            JobState.FAILED,
            id="public in one case of two",
        ),
    ],
)
def test_what_a_job_used_besides_condemns_it_by_a_list_of_risks(besides: dict[str, str], state: JobState) -> None:
    request = a_request(key=WORKLOAD_KEY)
    metadata = dict(request.metadata) | besides
    job = a_restore_job(metadata=metadata)
    verdict = judge_restore(job, request=request, recovery_point=POINT)
    assert verdict.state is state
    assert verdict.added == (tuple(sorted(map(str.lower, _told(besides)))) if state is JobState.COMPLETED else ())


def _told(besides: dict[str, str]) -> list[str]:
    return [key for key in besides if ":" not in key]


def test_a_table_under_a_key_that_nobody_approved_is_told() -> None:
    request = a_request(resource_type="DynamoDB", metadata=(("targetTableName", "t"),), key="a key that AWS owns")
    used = {"targetTableName": "t", "kmsMasterKeyArn": "arn:any"}
    job = a_restore_job(metadata=used)
    assert "kmsmasterkeyarn" in judge_restore(job, request=request, recovery_point=POINT).reason


HERE = f"eu-west-1:{a_request().account}"
SYSTEM = f"arn:aws:fsx:{HERE}:file-system/fs-1"
STACK = f"arn:aws:cloudformation:{HERE}:stack"
CLUSTER = f"arn:aws:eks:{HERE}:cluster"
DISTRIBUTED = f"arn:aws:dsql:{HERE}:cluster"
SERIES = f"arn:aws:timestream:{HERE}:database"
# A request of each, with what an honest job of it tells that it made.
HONEST = {
    "FSx": (SYSTEM, {"LustreConfiguration": "{}", "SubnetIds": '["subnet-1"]'}, SYSTEM[:-1] + "2"),
    "CloudFormation": (f"{STACK}/shop/1", {"StackName": "shop-2", "ChangeSetName": "r-1"}, f"{STACK}/shop-2/9-9"),
    "EKS": (f"{CLUSTER}/shop", {"clusterName": "restores"}, f"{CLUSTER}/restores"),
    "Aurora DSQL": (f"{DISTRIBUTED}/a", {"regionalConfig": "[1]"}, f"{DISTRIBUTED}/b"),
    "Timestream": (f"{SERIES}/a/table/a", {"DatabaseName": "b", "TableName": "t"}, f"{SERIES}/b/table/t"),
}


def _verdict(kind: str, besides: dict[str, str], created: str = "") -> JobVerdict:
    resource, metadata, made = HONEST[kind]
    name = metadata.get("StackName") or metadata.get("TableName") or UNNAMED
    request = a_request(resource_type=kind, resource=resource, metadata=tuple(metadata.items()), target_name=name)
    job = a_restore_job(metadata=metadata | besides, created=created or made)
    return judge_restore(job, request=request, recovery_point=POINT)


@pytest.mark.parametrize(
    ("kind", "besides"),
    [
        *((kind, {}) for kind in HONEST),
        ("FSx", {"KmsKeyId": WORKLOAD_KEY, "FileSystemId": "fs-1", "WindowsConfiguration": "{}", "VpcId": "vpc-1"}),
        ("EKS", {"nodeGroups": "[]", "kubernetesRestoreOrder": "[]", "nestedRestoreJobs": "{}"}),
        ("CloudFormation", {"ChangeSetDescription": "by AWS Backup"}),
        ("Aurora DSQL", {"cluster_id": "a", "backup_size_bytes": "12"}),
    ],
)
def test_what_an_honest_job_of_a_kind_tells_condemns_it_not(kind: str, besides: dict[str, str]) -> None:
    assert _verdict(kind, besides).state is JobState.COMPLETED


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("FSx", "KmsKeyId", "arn:aws:kms:us-east-1:999999999999:key/x"),
        ("FSx", "SecurityGroupIds", '["sg-open"]'),
        ("FSx", "WindowsConfiguration", '{"SelfManagedActiveDirectoryConfiguration":{}}'),
        ("FSx", "OntapConfiguration", '{"storageVirtualMachineId":"svm-foreign"}'),
        ("CloudFormation", "RoleARN", "arn:aws:iam::222222222222:role/admin"),
        ("CloudFormation", "TemplateURL", "https://example.com/template"),
        ("CloudFormation", "TemplateBody", "{}x"),
        ("CloudFormation", "Capabilities", "CAPABILITY_NAMED_IAM"),
        ("EKS", "podIdentityAssociations", '[{"roleArn":"arn:aws:iam::999999999999:role/x"}]'),
        ("EKS", "nodeGroups", '[{"nodeRole":"admin"}]'),
        ("EKS", "fargateProfiles", '[{"podExecutionRoleArn":"a"}]'),
        ("EKS", "clusterVpcConfig", '{"endpointPublicAccess":true}'),
        ("EKS", "encryptionConfigProviderKeyArn", "arn:aws:kms:us-east-1:999999999999:key/x"),
        ("EKS", "nestedRestoreJobs", '{"a":"b"}'),
        ("EKS", "accessPolicy", "everybody"),
        ("Aurora DSQL", "multiRegionProperties", '{"witnessRegion":"us-east-1"}'),
        ("Timestream", "ReportBucket", "rejected"),
    ],
)
def test_a_job_that_adds_what_opens_or_places_made_something_else(kind: str, key: str, value: str) -> None:
    verdict = _verdict(kind, {key: value})
    assert (verdict.state, verdict.reason.rpartition(": ")[2]) == (JobState.FAILED, key.lower())


@pytest.mark.parametrize(
    "changes",
    [{"account": "333333333333"}, {"recovery_point": CENTRAL_POINT}, {"role": ROLE + "-2"}],
    ids=["another account", "another point", "another role"],
)
def test_a_job_that_was_not_approved_has_failed_whatever_its_state(changes: dict[str, str]) -> None:
    verdict = judge_restore(a_restore_job(status="RUNNING", **changes), request=a_request(), recovery_point=POINT)
    assert (verdict.state, "not the one that was approved" in verdict.reason) == (JobState.FAILED, True)


def test_a_job_is_kept_in_the_words_of_aws_backup() -> None:
    assert described_facts(a_restore_job(metadata={"k": "v"}), request=a_request()) == {
        "Id": "restore-1",
        "Status": "COMPLETED",
        "AccountId": a_request().account,
        "RecoveryPointArn": POINT,
        "IamRoleArn": ROLE,
        "CreationDate": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
        "Metadata": {"k": "v"},
    }
