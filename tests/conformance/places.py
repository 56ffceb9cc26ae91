"""Living things of one sandbox, so that a generated call meets something: by service and member of a request."""

import io
import json
import time
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from sandbox.clients import client
from sandbox.cloudformation.stack_sets.records import (
    FAILED,
    OUTDATED,
    Definition,
    Operation,
    StackInstance,
    StackSet,
    remember,
)
from sandbox.example import estate
from sandbox.settings import (
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    ROOT_ID,
)

ACCOUNT: Final = PAYMENTS_ACCOUNT
NAME: Final = "conformance"
GAPPED: Final = f"{NAME}-gapped"
STATEMENT: Final = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
POLICY: Final = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["backup.amazonaws.com", "lambda.amazonaws.com", "states.amazonaws.com"]},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
OPEN: Final = json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Principal": "*"}]})
PASSES: Final = json.dumps({"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}})
STACK: Final = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})

type Pool = Mapping[str, Mapping[str, list[Any]]]


def account_of(service: str) -> str:
    """Who calls a service."""
    return MANAGEMENT_ACCOUNT if service == "organizations" else ACCOUNT


def fill() -> Pool:
    """Create one of each, and say under which members they are named."""
    estate.plant()
    return {
        "application-autoscaling": {"ServiceNamespace": ["dynamodb"]},
        "backup": _backup(),
        "cloudformation": _cloudformation(),
        "dynamodb": _dynamodb(),
        "ec2": _ec2(),
        "efs": _efs(),
        "events": _events(),
        "iam": _iam(),
        "kms": _kms(),
        "lambda": _lambda(),
        "organizations": _organizations(),
        "rds": _rds(),
        "s3": _s3(),
        "secretsmanager": _secrets(),
        "sns": _sns(),
        "sqs": _sqs(),
        "stepfunctions": _machines(),
        "sts": {"RoleArn": [role_arn()], "DurationSeconds": [900], "Policy": [POLICY]},
    }


def role_arn() -> str:
    """The role that everything of the account may take."""
    return f"arn:aws:iam::{ACCOUNT}:role/{NAME}"


def _backup() -> dict[str, list[Any]]:
    iam = client("iam", ACCOUNT)
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=TRUST)
    for right in ("Backup", "Restores"):
        name = f"AWSBackupServiceRolePolicyFor{right}"
        iam.attach_role_policy(RoleName=NAME, PolicyArn=f"arn:aws:iam::aws:policy/service-role/{name}")
    aws = client("backup", ACCOUNT)
    for name in (NAME, f"{NAME}-two"):
        aws.create_backup_vault(BackupVaultName=name)
    aws.create_logically_air_gapped_backup_vault(BackupVaultName=GAPPED, MinRetentionDays=7, MaxRetentionDays=35)
    rule = {"RuleName": "daily", "TargetBackupVaultName": NAME, "Lifecycle": {"DeleteAfterDays": 35}}
    plan = aws.create_backup_plan(BackupPlan={"BackupPlanName": NAME, "Rules": [rule]})
    table = f"arn:aws:dynamodb:{HOME_REGION}:{ACCOUNT}:table/payments-sessions"
    selection = aws.create_backup_selection(
        BackupPlanId=plan["BackupPlanId"],
        BackupSelection={"SelectionName": NAME, "IamRoleArn": role_arn(), "Resources": [table]},
    )
    job = aws.start_backup_job(BackupVaultName=NAME, ResourceArn=table, IamRoleArn=role_arn())
    while not aws.describe_backup_job(BackupJobId=job["BackupJobId"]).get("CompletionDate"):
        time.sleep(0.05)
    return {
        "BackupVaultName": [NAME, f"{NAME}-two", GAPPED],
        "SourceBackupVaultName": [NAME],
        "DestinationBackupVaultArn": [f"arn:aws:backup:{HOME_REGION}:{ACCOUNT}:backup-vault:{NAME}-two"],
        "BackupPlanId": [plan["BackupPlanId"]],
        "SelectionId": [selection["SelectionId"]],
        "BackupJobId": [job["BackupJobId"]],
        "RecoveryPointArn": [job["RecoveryPointArn"]],
        "ResourceArn": [table, plan["BackupPlanArn"]],
        "IamRoleArn": [role_arn()],
        "Policy": [OPEN],
        "ResourceType": ["DynamoDB", "RDS"],
        "ScheduleExpression": ["cron(0 5 ? * * *)"],
    }


def _cloudformation() -> dict[str, list[Any]]:
    client("cloudformation", ACCOUNT).create_stack(StackName=NAME, TemplateBody=STACK)
    stack_set = _stack_set()
    operations = [operation.id for operation in stack_set.operations]
    return {
        "StackName": [NAME],
        "TemplateBody": [STACK],
        "StackSetName": [NAME, stack_set.id],
        "OperationId": operations,
    }


def _stack_set() -> StackSet:
    """A StackSet of the calling account, which AWS leaves to the management account, with what its lists can show."""
    regions = (HOME_REGION, ORGANIZATIONS_REGION)
    definition = Definition(body=STACK, parameters={}, units=(OU_PRODUCTION,), regions=regions)
    stack_set = StackSet(NAME, ACCOUNT, HOME_REGION, definition)
    for region in regions:
        place = (ACCOUNT, region)
        stack_set.instances[place] = StackInstance(
            account=ACCOUNT,
            region=region,
            unit=OU_PRODUCTION,
            stack_id="",
            status=OUTDATED,
            detail=FAILED,
            reason="why",
        )
    results = dict.fromkeys(stack_set.instances, (FAILED, "why"))
    stack_set.operations += [
        Operation(action, status=FAILED, ended=0.0, results=results) for action in ("CREATE", "UPDATE")
    ]
    remember(stack_set)
    return stack_set


def _dynamodb() -> dict[str, list[Any]]:
    client("dynamodb", ACCOUNT).create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return {"TableName": [NAME, "payments-sessions"]}


def _ec2() -> dict[str, list[Any]]:
    aws = client("ec2", ACCOUNT)
    volumes = [aws.create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=8)["VolumeId"] for _ in range(6)]
    run = aws.run_instances(ImageId="ami-12345678", MinCount=6, MaxCount=6, InstanceType="t3.micro")
    instances = [each["InstanceId"] for each in run["Instances"]]
    return {
        "VolumeIds": volumes,
        "InstanceIds": instances,
        "Resources": volumes + instances,
        "AvailabilityZone": [f"{HOME_REGION}a"],
        "MinCount": [1],
        "MaxCount": [1],
    }


def _efs() -> dict[str, list[Any]]:
    aws = client("efs", ACCOUNT)
    made = [aws.create_file_system(CreationToken=f"{NAME}-{number}")["FileSystemId"] for number in range(3)]
    return {"FileSystemId": made, "ResourceId": made}


def _events() -> dict[str, list[Any]]:
    aws = client("events", ACCOUNT)
    aws.create_event_bus(Name=NAME)
    pattern = json.dumps({"source": ["conformance"]})
    for name in (NAME, f"{NAME}-two"):
        arn = aws.put_rule(Name=name, EventPattern=pattern)["RuleArn"]
    queue = f"arn:aws:sqs:{HOME_REGION}:{ACCOUNT}:{NAME}"
    aws.put_targets(Rule=NAME, Targets=[{"Id": "one", "Arn": queue}, {"Id": "two", "Arn": queue}])
    return {
        "Rule": [NAME, f"{NAME}-two"],
        "Name": [NAME, f"{NAME}-two"],
        "EventPattern": [pattern],
        "ScheduleExpression": ["rate(1 day)"],
        "ResourceARN": [arn],
        "Detail": ['{"a": 1}'],
    }


def _iam() -> dict[str, list[Any]]:
    aws = client("iam", ACCOUNT)
    policies = [
        aws.create_policy(PolicyName=f"{NAME}-{number}", PolicyDocument=POLICY)["Policy"]["Arn"] for number in range(2)
    ]
    for arn in policies:
        aws.attach_role_policy(RoleName=NAME, PolicyArn=arn)
        aws.put_role_policy(RoleName=NAME, PolicyName=arn.rpartition("/")[2], PolicyDocument=POLICY)
    return {
        "RoleName": [NAME],
        "PolicyArn": policies,
        "PolicyDocument": [POLICY],
        "AssumeRolePolicyDocument": [TRUST],
        "AWSServiceName": ["backup.amazonaws.com"],
    }


def _kms() -> dict[str, list[Any]]:
    aws = client("kms", ACCOUNT)
    keys = [aws.create_key()["KeyMetadata"] for _ in range(2)]
    for number, key in enumerate(keys):
        aws.create_alias(AliasName=f"alias/{NAME}-{number}", TargetKeyId=key["KeyId"])
    return {"KeyId": [keys[0]["KeyId"], keys[1]["Arn"]], "TargetKeyId": [keys[0]["KeyId"]], "Policy": [POLICY]}


def _lambda() -> dict[str, list[Any]]:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    aws = client("lambda", ACCOUNT)
    for name in (NAME, f"{NAME}-two"):
        made = aws.create_function(
            FunctionName=name, Runtime="python3.13", Handler="app.handler", Role=role_arn(),
            Code={"ZipFile": package.getvalue()},
        )  # fmt: skip
        # It is pending at first, and lists would differ from one page to the next.
        aws.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return {
        "FunctionName": [NAME, f"{NAME}-two", made["FunctionArn"]],
        "Resource": [made["FunctionArn"]],
        "ZipFile": [package.getvalue()],
        "Role": [role_arn()],
        "Runtime": ["python3.13"],
        "InvocationType": [
            "DryRun"
        ],  # a worker takes a second to start, and its answer is a stream that no model knows
    }


def _organizations() -> dict[str, list[Any]]:
    aws = client("organizations", MANAGEMENT_ACCOUNT)
    policies = [
        aws.create_policy(Name=f"{NAME}-{number}", Description="", Type="SERVICE_CONTROL_POLICY", Content=POLICY)
        for number in range(2)
    ]
    ids = [policy["Policy"]["PolicySummary"]["Id"] for policy in policies]
    return {
        "PolicyId": ids,
        "ResourceId": ids,
        "Content": [json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Effect": "Deny"}]})],
        "AccountId": [REPORTS_ACCOUNT, PAYMENTS_ACCOUNT],
        "TargetId": [REPORTS_ACCOUNT, OU_PRODUCTION, ROOT_ID],
        "ChildId": [REPORTS_ACCOUNT, OU_PRODUCTION],
        "ParentId": [ROOT_ID, OU_PRODUCTION],
        "SourceParentId": [OU_PRODUCTION],
        "DestinationParentId": [ROOT_ID, OU_PRODUCTION],
        "RootId": [ROOT_ID],
        "OrganizationalUnitId": [OU_PRODUCTION],
        "ServicePrincipal": ["backup.amazonaws.com"],
    }


def _rds() -> dict[str, list[Any]]:
    database = f"arn:aws:rds:{HOME_REGION}:{ACCOUNT}:db:payments-db"
    aws, said = client("rds", ACCOUNT), {"Description": NAME}
    aws.create_db_parameter_group(DBParameterGroupName=NAME, DBParameterGroupFamily="postgres16", **said)
    aws.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=NAME, DBParameterGroupFamily="aurora-postgresql16", **said
    )
    return {
        "DBParameterGroupName": [NAME],
        "DBClusterParameterGroupName": [NAME],
        "DBInstanceIdentifier": ["payments-db"],
        "ResourceName": [database],
        "Engine": ["postgres", "aurora-postgresql"],
        "DBInstanceClass": ["db.t4g.medium"],
        "AllocatedStorage": [20],
        "MasterUserPassword": ["hunter2hunter2"],
    }


def _s3() -> dict[str, list[Any]]:
    aws = client("s3", ACCOUNT)
    aws.create_bucket(Bucket=f"{NAME}-bucket", CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    for key in ("one", "two"):
        aws.put_object(Bucket=f"{NAME}-bucket", Key=key, Body=b"x")
    return {"Bucket": [f"{NAME}-bucket"], "Key": ["one", "two"], "Policy": [OPEN], "CopySource": [f"{NAME}-bucket/one"]}


def _secrets() -> dict[str, list[Any]]:
    arns = [client("secretsmanager", ACCOUNT).create_secret(Name=f"{NAME}-{n}", SecretString="x")["ARN"] for n in "ab"]
    return {"SecretId": arns}


def _sns() -> dict[str, list[Any]]:
    topics = [client("sns", ACCOUNT).create_topic(Name=f"{NAME}-{number}")["TopicArn"] for number in range(2)]
    return {"TopicArn": topics, "Protocol": ["sqs"], "Endpoint": [f"arn:aws:sqs:{HOME_REGION}:{ACCOUNT}:{NAME}"]}


def _sqs() -> dict[str, list[Any]]:
    urls = [client("sqs", ACCOUNT).create_queue(QueueName=name)["QueueUrl"] for name in (NAME, f"{NAME}-two")]
    return {"QueueUrl": urls, "QueueName": [NAME], "WaitTimeSeconds": [0]}


def _machines() -> dict[str, list[Any]]:
    aws = client("stepfunctions", ACCOUNT)
    arns = [
        aws.create_state_machine(name=name, definition=PASSES, roleArn=role_arn())["stateMachineArn"]
        for name in (NAME, f"{NAME}-two")
    ]
    execution = aws.start_execution(stateMachineArn=arns[0])["executionArn"]
    return {
        "stateMachineArn": arns,
        "executionArn": [execution],
        "definition": [PASSES],
        "roleArn": [role_arn()],
        "input": ['{"a": 1}'],
        "output": ['{"a": 1}'],
    }
