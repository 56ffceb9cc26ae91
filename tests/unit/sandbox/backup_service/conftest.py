"""AWS Backup among fakes of its neighbours: asked on the wire, as an SDK asks."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.parsers
import botocore.serialize
import pytest

from sandbox.backup_service.estate import Caller
from sandbox.backup_service.service import BackupService
from sandbox.backup_service.surroundings import Place, Surroundings
from sandbox.clients import service_model
from sandbox.example.disks import Disks
from sandbox.seams.backup import InternalCallError, PolicyQuestion
from sandbox.seams.snapshots import NativeSnapshot
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

MANAGEMENT = "111111111111"
STRANGER = "123456789012"
VOLUME = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/backup"
CENTRAL_ROLE = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/backup"
CENTRAL_VAULT = a_vault_arn("central")
CUSTOMER_KEY = f"arn:aws:kms:{HOME}:{BACKUP_ACCOUNT}:key/mine"
OWN_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}}]}
LETS_ALL_IN = json.dumps({"Statement": [{"Effect": "Allow"}]})
DENIES_ALL = json.dumps({"Statement": [{"Effect": "Deny"}]})


class RefusedError(Exception):
    """The call was refused; `str()` is the code."""


@dataclass
class FakeKey:
    """A customer's key; `refuses` are the principals that its policy names in a refusal of all to them."""

    enabled: bool = True
    refuses: tuple[str, ...] = ()


@dataclass
class FakeAws:
    """Volumes and instances, roles and tables, as the other services would show them."""

    volumes: dict[str, dict[str, Any]] = field(default_factory=dict)
    instances: dict[str, dict[str, Any]] = field(default_factory=dict)
    clusters: dict[str, dict[str, Any]] = field(default_factory=dict)
    machines: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    stacks: dict[str, dict[str, str]] = field(default_factory=dict)
    file_systems: dict[str, dict[str, Any]] = field(default_factory=dict)
    distributed: list[str] = field(default_factory=list)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: set[str] = field(default_factory=lambda: {ROLE, CENTRAL_ROLE})
    keys: dict[str, FakeKey] = field(default_factory=lambda: {OWN_KEY: FakeKey(), CUSTOMER_KEY: FakeKey()})

    def engine_of(self, arn: str) -> str:
        return next((row["Engine"] for row in self.clusters.values() if row["DBClusterArn"] == arn), "")

    async def call(self, service: str, operation: str, parameters: dict[str, Any], account: str, region: str) -> Any:
        # FSx has volumes, too.
        answer = None if service == "fsx" else getattr(self, f"_{operation.lower()}", None)
        return answer(parameters, account, region) if answer else {}

    def _getrole(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        arn = f"arn:aws:iam::{account}:role/{parameters['RoleName']}"
        if arn not in self.roles:
            raise InternalCallError("NoSuchEntity", arn)
        return {"Role": {"Arn": arn, "AssumeRolePolicyDocument": TRUST}}

    def _describekey(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        key = self.keys.get(parameters["KeyId"])
        if key is None:
            raise InternalCallError("NotFoundException", parameters["KeyId"])
        return {"KeyMetadata": {"Enabled": key.enabled}}

    def _getkeypolicy(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        statement = {"Effect": "Allow", "NotPrincipal": self.keys[parameters["KeyId"]].refuses}
        return {"Policy": json.dumps({"Statement": [statement]})}

    def _describevolumes(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        if any(wanted not in self.volumes for wanted in parameters.get("VolumeIds", [])):
            raise InternalCallError("InvalidVolume.NotFound", "gone")
        tags = {arn.rpartition("/")[2]: tags for arn, tags in self.tags.items()}
        rows = [
            row | {"Tags": [{"Key": k, "Value": v} for k, v in tags.get(row["VolumeId"], {}).items()]}
            for row in self.volumes.values()
            if row["Account"] == account
        ]
        return {"Volumes": rows}

    def _createvolume(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        identifier = f"vol-{len(self.volumes) + 1}"
        self.volumes[identifier] = parameters | {"VolumeId": identifier, "Account": account}
        return {"VolumeId": identifier}

    def _createtags(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        for resource in parameters["Resources"]:
            self.tags[resource] = {tag["Key"]: tag["Value"] for tag in parameters["Tags"]}
        return {}

    def _describedbinstances(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        wanted = parameters.get("DBInstanceIdentifier")
        if wanted is not None and wanted not in self.instances:
            raise InternalCallError("DBInstanceNotFound", wanted)
        rows = [self.instances[wanted]] if wanted else list(self.instances.values())
        return {"DBInstances": [row for row in rows if row["DBInstanceArn"].split(":")[4] == account]}

    def _createdbinstance(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        identifier = parameters["DBInstanceIdentifier"]
        if identifier in self.instances:
            raise InternalCallError("DBInstanceAlreadyExists", identifier)
        arn = f"arn:aws:rds:{region}:{account}:db:{identifier}"
        self.instances[identifier] = parameters | {"DBInstanceArn": arn}
        return {"DBInstance": self.instances[identifier]}

    def _listtagsforresource(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        return {"TagList": [{"Key": k, "Value": v} for k, v in self.tags.get(parameters["ResourceName"], {}).items()]}

    def _addtagstoresource(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        self.tags[parameters["ResourceName"]] = {tag["Key"]: tag["Value"] for tag in parameters["Tags"]}
        return {}

    def _describedbsubnetgroups(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        networks = {"data": "vpc-1", "elsewhere": "vpc-2"}
        name = parameters["DBSubnetGroupName"]
        if name not in networks:
            raise InternalCallError("DBSubnetGroupNotFoundFault", name)
        return {"DBSubnetGroups": [{"VpcId": networks[name]}]}

    def _describedbparametergroups(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        raise InternalCallError("DBParameterGroupNotFound", parameters["DBParameterGroupName"])

    def _describeoptiongroups(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        raise InternalCallError("OptionGroupNotFoundFault", parameters["OptionGroupName"])

    def _describesecuritygroups(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        if parameters["GroupIds"] != ["sg-1"]:
            raise InternalCallError("InvalidGroup.NotFound", str(parameters["GroupIds"]))
        return {"SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1"}]}

    def _createtable(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        name = parameters["TableName"]
        if "DatabaseName" in parameters:
            return {"Table": parameters | self._describetable(parameters, account, region)["Table"]}
        self.tables[name] = parameters | {"Account": account, "TableStatus": "ACTIVE"}
        return {"TableDescription": {"TableArn": f"arn:aws:dynamodb:{region}:{account}:table/{name}"}}

    def _describedbclusters(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        wanted = parameters.get("DBClusterIdentifier")
        if wanted is not None and wanted not in self.clusters:
            raise InternalCallError("DBClusterNotFoundFault", wanted)
        return {"DBClusters": [self.clusters[wanted]] if wanted else list(self.clusters.values())}

    def _createdbcluster(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        identifier = parameters["DBClusterIdentifier"]
        if identifier in self.clusters:
            raise InternalCallError("DBClusterAlreadyExistsFault", identifier)
        arn = f"arn:aws:rds:{region}:{account}:cluster:{identifier}"
        self.clusters[identifier] = parameters | {"DBClusterArn": arn}
        return {"DBCluster": self.clusters[identifier]}

    def _describeinstances(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        rows = [row for row in self.machines.values() if row["Account"] == account]
        return {"Reservations": [{"Instances": rows}]}

    def _describefilesystems(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        wanted = parameters.get("FileSystemId")
        if wanted is not None and wanted not in self.file_systems:
            raise InternalCallError("FileSystemNotFound", wanted)
        return {"FileSystems": [self.file_systems[wanted]] if wanted else list(self.file_systems.values())}

    def _createfilesystem(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        identifier = f"fs-{len(self.file_systems) + 1}"
        self.file_systems[identifier] = parameters | {"FileSystemId": identifier}
        return self.file_systems[identifier]

    def _getcluster(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        return {"encryptionDetails": {"encryptionType": "AWS_OWNED_KMS_KEY", "kmsKeyArn": "arn:aws:kms:::key/aws"}}

    def _createcluster(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        name = f"{len(self.distributed):026}"
        self.distributed.append(f"arn:aws:dsql:{region}:{account}:cluster/{name}")
        return {"identifier": name, "arn": self.distributed[-1], **parameters}

    def _describestacks(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        own = [arn for arn in self.stacks if arn.split(":")[4] == account]
        return {"Stacks": [{"StackId": arn, "StackName": arn.split("/")[1]} for arn in own]}

    def _gettemplate(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        if parameters["StackName"] not in self.stacks:
            raise InternalCallError("ValidationError", parameters["StackName"])
        return {"TemplateBody": "{}"}

    def _liststackresources(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        names = ("LogicalResourceId", "ResourceType", "PhysicalResourceId")
        kinds = {"vol": "AWS::EC2::Volume", "db": "AWS::RDS::DBInstance", "role": "AWS::IAM::Role"}
        members = self.stacks[parameters["StackName"]].items()
        return {
            "StackResourceSummaries": [
                dict(zip(names, (name, kinds[physical.partition("-")[0]], physical), strict=True))
                for name, physical in members
            ]
        }

    def _listtables(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        return {"TableNames": [name for name, table in self.tables.items() if table["Account"] == account]}

    def _describedatabase(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        return {"Database": {"KmsKeyId": "arn:aws:kms:eu-west-1:222222222222:alias/aws/timestream"}}

    def _describetable(self, parameters: dict[str, Any], account: str, region: str) -> Any:
        if database := parameters.get("DatabaseName"):
            arn = f"arn:aws:timestream:{region}:{account}:database/{database}/table/{parameters['TableName']}"
            return {"Table": {"Arn": arn, "RetentionProperties": {}}}
        return {"Table": self.tables[parameters["TableName"]]}


@dataclass
class FakeNatives:
    """The snapshots and images of AWS Backup in other services, by their ARN."""

    kept: dict[str, NativeSnapshot] = field(default_factory=dict)

    def keep(self, snapshot: NativeSnapshot, account: str, region: str) -> None:
        self.kept[snapshot.arn] = snapshot

    def drop(self, arn: str, account: str, region: str) -> None:
        del self.kept[arn]


@dataclass
class FakeOrganization:
    """Three members, one of them management, one a delegate."""

    id: str = "o-example"
    management_account: str = MANAGEMENT
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def accounts(self) -> list[str]:
        return [MANAGEMENT, PAYMENTS, BACKUP_ACCOUNT]

    def path_of(self, account: str) -> str | None:
        return f"{self.id}/r-root/" if account in self.accounts() else None

    def delegated_administrators(self) -> list[str]:
        return [BACKUP_ACCOUNT]

    def effective_backup_policy(self, account: str) -> dict[str, Any]:
        return self.policies.get(account, {})


def decide(question: PolicyQuestion) -> str:
    """Read the effect of the first statement, and whom it leaves out."""
    statement = json.loads(question.document)["Statement"][0]
    return "ImplicitDeny" if question.principal_arn in statement.get("NotPrincipal", ()) else str(statement["Effect"])


@dataclass
class World:
    """The service under test, its neighbours, its events and its clock."""

    aws: FakeAws = field(default_factory=FakeAws)
    natives: FakeNatives = field(default_factory=FakeNatives)
    organization: FakeOrganization = field(default_factory=FakeOrganization)
    events: list[dict[str, Any]] = field(default_factory=list)
    recorded: list[tuple[str, str, str]] = field(default_factory=list)
    moment: datetime = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
    disks: Disks = field(default_factory=Disks)
    denied: set[str] = field(default_factory=set)
    shared: dict[str, set[str]] = field(default_factory=dict)
    lag: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.service = BackupService(
            Surroundings(
                call=self.aws.call,
                publish=self._publish,
                record_service_call=self._record,
                decide_by_resource_policy=decide,
                why_role_may_not=lambda question: "not authorized" if question.action in self.denied else None,
                natives=self.natives,
                shared_with=lambda vault: self.shared.get(vault, ()),
                engine_of=self.aws.engine_of,
                organization=self.organization,
                disks=self.disks,
                now=lambda: self.moment,
                lag=lambda: self.lag,
                job_seconds=0.0,
            )
        )

    def _publish(
        self, source: str, detail_type: str, detail: dict[str, Any], account: str, region: str, resources: Any
    ) -> None:
        self.events.append(
            {
                "source": source,
                "detail-type": detail_type,
                # What is published must be JSON as it is.
                "detail": json.loads(json.dumps(detail)),
                "account": account,
                "region": region,
                "resources": list(resources),
            }
        )

    def _record(
        self,
        account: str,
        region: str,
        event_source: str,
        event_name: str,
        request_parameters: dict[str, Any],
        response_elements: dict[str, Any] | None,
        *,
        role_arn: str | None = None,
    ) -> None:
        self.recorded.append((account, event_name, role_arn or ""))

    def ask(self, operation: str, account: str = PAYMENTS, region: str = HOME, **parameters: Any) -> Any:
        """Ask as an SDK would, from a principal of the account."""
        model = service_model("backup").operation_model(operation)
        serializer = botocore.serialize.create_serializer("rest-json", include_validation=False)
        request: Any = serializer.serialize_to_request(parameters, model)
        caller = Caller(Place(account, region), f"arn:aws:iam::{account}:root")
        # What stands in the path itself ("?delete") comes over the wire as any other parameter.
        path, _, said = request["url_path"].partition("?")
        query = {key: [str(value)] for key, value in request["query_string"].items()} | ({said: [""]} if said else {})
        status, headers, body = asyncio.run(
            self.service.answer(caller, request["method"], path, request["body"] or b"", query)
        )
        response = {"status_code": status, "headers": headers, "body": body}
        shape: Any = model.output_shape
        parsed: Any = botocore.parsers.create_parser("rest-json").parse(response, shape)
        if status >= 300:
            raise RefusedError(parsed["Error"]["Code"])
        parsed.pop("ResponseMetadata")
        return parsed

    def settle(self) -> None:
        """Wait until every job has ended."""
        self.service.settle(10)

    def states(self, detail_type: str) -> list[str]:
        """The states that the events of one kind told, in order."""
        details = [event["detail"] for event in self.events if event["detail-type"] == detail_type]
        return [detail.get("state") or detail["status"] for detail in details]

    def pass_days(self, days: int) -> None:
        """Let time go by."""
        self.moment += timedelta(days=days)

    def backed_up(self, resource_arn: str = VOLUME, **parameters: Any) -> str:
        """Back a resource up into the local vault; answers the recovery point."""
        request = {"BackupVaultName": "local", "ResourceArn": resource_arn, "IamRoleArn": ROLE, **parameters}
        job_id = self.ask("StartBackupJob", **request)["BackupJobId"]
        self.settle()
        return str(self.ask("DescribeBackupJob", BackupJobId=job_id)["RecoveryPointArn"])

    def copied(self, recovery_point_arn: str, destination: str = CENTRAL_VAULT, **parameters: Any) -> Any:
        """Copy a recovery point out of the local vault; answers the job when it has ended."""
        request = {
            "SourceBackupVaultName": "local",
            "RecoveryPointArn": recovery_point_arn,
            "DestinationBackupVaultArn": destination,
            "IamRoleArn": ROLE,
            **parameters,
        }
        job_id = self.ask("StartCopyJob", **request)["CopyJobId"]
        self.settle()
        return self.ask("DescribeCopyJob", CopyJobId=job_id)["CopyJob"]


@pytest.fixture
def world() -> Iterator[World]:
    """Payments has a tagged volume and a vault; the central vault lets copies in; the switch is on."""
    built = World()
    built.aws.volumes["vol-1"] = {
        "VolumeId": "vol-1",
        "Account": PAYMENTS,
        "Size": 3,
        "VolumeType": "gp3",
        "AvailabilityZone": "eu-west-1a",
    }
    built.aws.tags[VOLUME] = {"Backup": "daily-prod", "owner": "payments"}
    built.ask("CreateBackupVault", BackupVaultName="local", EncryptionKeyArn=OWN_KEY)
    built.ask("CreateBackupVault", BACKUP_ACCOUNT, BackupVaultName="central", EncryptionKeyArn=CUSTOMER_KEY)
    built.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="central", Policy=LETS_ALL_IN)
    built.ask("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "true"})
    built.events.clear()
    yield built
    built.service.stop()
