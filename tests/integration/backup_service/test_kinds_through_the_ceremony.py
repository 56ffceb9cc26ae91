"""A request of each kind that the ceremony restores, from asking to the tags, with AWS Backup played by the sandbox.

The services, the decision and the adapters are those of the product, and the restore is started under a role that may
start what the member stack lets it, narrowed for the one act. The log, the ticket, chat and the table are kept in
memory. Sources: AWS Backup Developer Guide, the pages on restoring each type, and "Creating backup copies across AWS
accounts".
"""

import json
import os
import re
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sandbox.clients import client, session_client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores
from strongroom.adapters.aws.backup.recovery_points import MemberPointTags, VaultedPoints
from strongroom.adapters.aws.backup.restores import (
    CentralCopyJobs,
    CentralCopyStarter,
    MemberRestoreJobs,
    MemberRestoreStarter,
)
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.adapters.aws.restores.namespace_tables import (
    MemberNamespaceSnapshots,
    MemberNamespaceTables,
    MemberNamespaceTableStarter,
)
from strongroom.adapters.aws.restores.namespaces import MemberNamespaces, MemberNamespaceStarter
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from strongroom.adapters.aws.restores.own_calls import MemberCallJobs, MemberCallStarter
from strongroom.adapters.aws.restores.settings import MemberSettingsReader
from strongroom.adapters.aws.restores.table_calls import MemberTables, MemberTableStarter
from strongroom.adapters.aws.restores.volume_calls import MemberVolumes, MemberVolumeStarter
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.errors import (
    CopyBackFailedError,
    FaultsFoundError,
    RestoreFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.kinds import table
from strongroom.domain.restores.requests import RestoreWish
from strongroom.domain.restores.settings.note import KeptNote
from strongroom.domain.restores.source_identity import Behalf, source_identity
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds, start_restore
from strongroom.services.restores.acting.tag_restored import RestoredTagNeeds, tag_restored
from strongroom.services.restores.asking.request_restore import RestoreRequestNeeds
from tests.builders.deciding.called import small
from tests.builders.intents import with_restores
from tests.builders.places import (
    CENTRAL_VAULT,
    HOME,
    LOCAL_NAME,
    PRODUCTION,
    REPLICA_REGION,
    REPLICA_VAULT,
    TEMPORARY_VAULT,
)
from tests.builders.restores import a_proving_intent, a_ticket, an_approval
from tests.contract.iam.iam_documents import documents_of
from tests.fakes.restores.world import CeremonyWorld

OWNER: Final = AccountId(PAYMENTS_ACCOUNT)
TAGS: Final = [{"Key": "Backup", "Value": "daily-prod"}]
READ_HERE: Final = "999999999999"  # the account that templates are read with
CENTRAL_NAME: Final = CENTRAL_VAULT.rpartition(":")[2]
REPLICA_NAME: Final = REPLICA_VAULT.rpartition(":")[2]
# What is made of these has no name that anybody chooses.
NAMED: Final = {
    "RDS": "back-db",
    "RDS cluster": "back-zones",
    "Aurora": "back-cluster",
    "DocumentDB": "back-documents",
    "Neptune": "back-graph",
    "DynamoDB": "back-table",
    "FSx ONTAP": "back_volume",
    "Redshift": "back-warehouse",
    "CloudFormation": "back-stack",
    "S3": "back-bucket-2f9c",
    "Timestream": "back-series",
}
ENGINES: Final = {"RDS cluster": "postgres", "DocumentDB": "docdb", "Neptune": "neptune"}
SYSTEMS: Final = {
    "FSx Windows": ("WindowsConfiguration", {"ActiveDirectoryId": "d-0123456789", "ThroughputCapacity": 32}),
    "FSx Lustre": ("LustreConfiguration", {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 125}),
    "FSx OpenZFS": ("OpenZFSConfiguration", {"DeploymentType": "SINGLE_AZ_2", "ThroughputCapacity": 160}),
}
CLASS: Final = "db.r6g.large"
# Parameters of the member stack.
GIVEN: Final = {
    "RestoredClusterArns": ",".join(
        f"arn:aws:eks:{HOME}:{PAYMENTS_ACCOUNT}:{each}"
        for each in ("cluster/restores", "access-entry/restores/*/*/*/*", "addon/restores/*/*")
    ),
    "RestoredRoleArns": "arn:aws:iam::1:role/none",
    "ReplicationRoleArns": "arn:aws:iam::1:role/no-replication",
    "OverwrittenByCallArns": f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS_ACCOUNT}:snapshot/*",
    "RestoredByCallArns": ",".join(
        (
            f"arn:aws:ec2:{HOME}::snapshot/*",
            f"arn:aws:ec2:{HOME}:{PAYMENTS_ACCOUNT}:volume/*",
            f"arn:aws:redshift:{HOME}:{PAYMENTS_ACCOUNT}:snapshot:*/awsbackup:*",
            f"arn:aws:redshift:{HOME}:{PAYMENTS_ACCOUNT}:cluster:*",
            f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS_ACCOUNT}:snapshot/*",
            f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS_ACCOUNT}:namespace/*",
        )
    ),
}
FINISHED: Final = {
    **dict.fromkeys(("RDS", "EBS", "EC2", "EFS", "S3", "Redshift", "FSx ONTAP", *SYSTEMS), ("alarms",)),
    **dict.fromkeys(("Aurora", "DocumentDB", "Neptune"), ("deletion-protection", "writer", "readers", "alarms")),
    "RDS cluster": ("deletion-protection", "alarms"),
    "DynamoDB": ("deletion-protection", "continuous-backups", "alarms"),
}
DIMENSIONS: Final = {
    ":table/": "TableName",
    ":db:": "DBInstanceIdentifier",
    ":rds:": "DBClusterIdentifier",
    ":volume/vol-": "VolumeId",
    ":instance/": "InstanceId",
    ":s3:": "BucketName",
    ":redshift:": "ClusterIdentifier",
    "/fsvol-": "VolumeId",
    ":file-system/": "FileSystemId",
}
COPIED: Final = (
    *("RDS", "Aurora", "Aurora DSQL", "DynamoDB", "EBS", "EC2", "EFS", "EKS", "S3", "DocumentDB", "Neptune"),
    "Timestream",
    *SYSTEMS,
)
# Of these there is a copy in the other Region, too.
ACROSS: Final = ("RDS", "Aurora", "Aurora DSQL", "DynamoDB", "EBS", "EFS", "S3")
KINDS: Final = (*COPIED, "RDS cluster", "Redshift", "FSx ONTAP", "CloudFormation")
# Of these the composite is restored.
WHOLE: Final = ("EKS",)
# Whether it is copied to another account AWS's pages disagree; here it is not.
DOUBTFUL: Final = ("CloudFormation",)
# What it makes is not tagged by us.
UNTAGGED: Final = ("CloudFormation", "EKS")
# A cluster of EKS is there before.
INTO_LIVE: Final = RestoreLimits(into_existing="elevated")
SHOP: Final = {"namespaces": '["shop"]'}
# What must be asked for besides.
ASKED: Final = {"EKS": SHOP}
# What has a name of its own in it cannot be made a second time.
TEMPLATE: Final = {
    "Resources": {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        }
    }
}


CALLED: Final = ("ec2", "redshift", "redshift-serverless")


class Members:
    """Clients in every account; those for an act may do what the restore role may, narrowed as it asks."""

    def client(self, service: str, *, account: str, region: str, policy: str = "", **_: Any) -> Any:
        # The emulator knows no ARNs of FSx: what may be done with its backups is held to the policies in contract/iam.
        if not policy or account != OWNER or service == "fsx":
            return client(service, account, region)
        name = "strongroom-restore-native" if service in CALLED else "strongroom-restore"
        role = f"arn:aws:iam::{account}:role/strongroom/{name}"
        lent = client("sts", account).assume_role(RoleArn=role, RoleSessionName="act", Policy=policy)["Credentials"]
        return session_client(service, lent, region)


class Finishers:
    """Clients in the account under the role for what follows a restore, as the member stack has it, and narrowed."""

    def client(self, service: str, *, account: str, region: str, behalf: Behalf, policy: str) -> Any:
        lent = client("sts", account).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/strongroom/strongroom-restore-after",
            RoleSessionName=behalf.request_id,
            Policy=policy,
            SourceIdentity=source_identity(behalf.subject),
            Tags=[{"Key": "ticket", "Value": behalf.ticket}],
        )
        return session_client(service, lent["Credentials"])


def own(service: str, region: str) -> Any:
    return client(service, BACKUP_ACCOUNT, region)


class Points(VaultedPoints):
    """Recovery points, and their tags."""

    def __init__(self, intent: Intent) -> None:
        super().__init__(own, Members(), intent=intent)
        self.tags = MemberPointTags(own, Members(), native=MemberTags(Members()), intent=intent).tags  # type: ignore[arg-type]


class Copies(CentralCopyJobs):
    """Copies back, started and looked at."""

    def __init__(self, intent: Intent) -> None:
        CentralCopyJobs.__init__(self, own)
        self.start = CentralCopyStarter(Members(), intent=intent).start


class RealWorld(CeremonyWorld):
    """The ceremony around AWS Backup."""

    def __init__(self, intent: Intent, settle: Callable[[], None]) -> None:
        super().__init__(intent, now=datetime.now(UTC).replace(microsecond=0), units_of_account=(PRODUCTION,))
        self.settle = settle
        self.points = Points(intent)  # type: ignore[assignment]
        self.places = MemberRestorePlaces(Members(), BucketNames(Members()), OntapVolumes(Members()))  # type: ignore[arg-type,assignment]
        self.copies = Copies(intent)  # type: ignore[assignment]
        files = MemberCallJobs(Members(), otherwise=MemberRestoreJobs(Members()))
        tables = MemberTables(Members(), otherwise=files)
        snapshots = MemberNamespaceSnapshots(Members())
        in_namespaces = MemberNamespaceTables(Members(), snapshots=snapshots, otherwise=tables)
        namespaces = MemberNamespaces(Members(), otherwise=in_namespaces)
        self.restores = MemberVolumes(Members(), otherwise=namespaces)  # type: ignore[assignment]

    def random(self, length: int) -> bytes:
        """AWS Backup remembers tokens longer than a test lasts: no two requests have one id."""
        return os.urandom(length)

    @property
    def asking(self) -> RestoreRequestNeeds:
        lists = ListedPoints(own, Members(), own_account=AccountId(BACKUP_ACCOUNT), now=self.now)
        finding = replace(self.finding.needs, lists=lists, vaults=self.points, past=PastRestores(Members()))
        return replace(super().asking, finding=finding)

    @property
    def restoring(self) -> RestoreStartNeeds:
        files = MemberCallStarter(Members(), otherwise=MemberRestoreStarter(Members()))
        tables = MemberTableStarter(Members(), otherwise=files)
        snapshots = MemberNamespaceSnapshots(Members())
        in_namespaces = MemberNamespaceTableStarter(Members(), snapshots=snapshots, otherwise=tables)
        namespaces = MemberNamespaceStarter(
            Members(), snapshots=snapshots, now=lambda: self.now, otherwise=in_namespaces
        )
        starter = MemberVolumeStarter(Members(), otherwise=namespaces)
        return replace(super().restoring, starter=starter, running=MemberRestoreJobs(Members()))

    @property
    def tagging(self) -> RestoredTagNeeds:
        taking, reading = MemberFinishing(Finishers()), MemberSettingsReader(Members())  # type: ignore[arg-type]
        return replace(super().tagging, tags=MemberTags(Members()), finishing=taking, settings=reading)  # type: ignore[arg-type]

    def wish(self, resource: str, point: str, name: str = "", **metadata: str) -> RestoreWish:
        """A wish, and a ticket that entitles to it."""
        at = self.now - timedelta(minutes=5)
        ticket = "OPS-1"
        self.tickets.ticket = a_ticket(
            key=ticket, resources=(resource,), updated_at=at, approvals=(an_approval(at=at - timedelta(minutes=5)),)
        )
        return RestoreWish(
            account=OWNER,
            recovery_point=point,
            target_name=name,
            ticket=ticket,
            reason="it was deleted",
            vault="",
            metadata=metadata,
        )

    def copied(self, request_id: str) -> str:
        """What became of the next copy on its way back."""
        execution = self.execution(request_id)
        start_copy_back(request_id, execution=execution, needs=self.copying, now=self.now)
        self.settle()
        return check_copy_back(request_id, execution=execution, needs=self.checking_copy, now=self.now).state

    def restored(self, wish: RestoreWish) -> str:
        """The request from asking to its end; its id."""
        return self.followed(self.open(wish))

    def followed(self, request_id: str) -> str:
        """A request that is open, to its end; its id."""
        self.read_ticket(request_id)
        self.sign(request_id, "maria")
        if "elevated" in self.kept(request_id).sealed.request.risks:
            self.sign(request_id, "sana")
        execution = self.execution(request_id)
        sealed = self.kept(request_id).sealed.request
        if sealed.temporary_vault:
            if sealed.through_vault:
                assert self.copied(request_id) == "between"
            assert self.copied(request_id) == "completed"
        start_restore(request_id, execution=execution, needs=self.restoring, now=self.now)
        self.settle()
        found = check_restore(request_id, execution=execution, needs=self.checking_restore, now=self.now)
        assert found.state == "completed", found
        tag_restored(request_id, execution=execution, needs=self.tagging, now=self.now)
        assert self.close(request_id, reason="").outcome == "restored"
        return request_id


def _role(name: str, documents: list[Any], principal: dict[str, str], account: str = OWNER) -> None:
    iam = client("iam", account)
    trust = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=name, Path="/strongroom/", AssumeRolePolicyDocument=document)
    for number, each in enumerate(documents):
        iam.put_role_policy(RoleName=name, PolicyName=f"part-{number}", PolicyDocument=json.dumps(each))


def member_policies(role: str) -> list[Any]:
    found = [
        json.loads(json.dumps(each.document).replace(READ_HERE, OWNER))
        for each in documents_of("stacks/member.yaml", GIVEN)
        if f"{role}.Policies" in each.name
    ]
    assert found
    return found


@pytest.fixture(scope="module")
def profile(night: Any) -> AccountProfile:
    """What the account has for restores."""
    return _profile(HOME)


@pytest.fixture(scope="module")
def profile_there(night: Any) -> AccountProfile:
    """What it has in the other Region."""
    return _profile(REPLICA_REGION)


def _profile(region: Region) -> AccountProfile:
    ec2, rds, redshift = (client(service, OWNER, region) for service in ("ec2", "rds", "redshift"))
    network = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=network, CidrBlock=f"10.9.{place}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]
        for place, zone in enumerate("ab")
    ]
    ids = [each["SubnetId"] for each in subnets]
    group = ec2.create_security_group(GroupName="restores", Description="restores", VpcId=network)["GroupId"]
    rds.create_db_subnet_group(DBSubnetGroupName="restores", DBSubnetGroupDescription="restores", SubnetIds=ids)
    redshift.create_cluster_subnet_group(ClusterSubnetGroupName="restores", Description="restores", SubnetIds=ids)
    key = _shared_key(OWNER, region)
    client("timestream-write", OWNER, region).create_database(DatabaseName="restores", KmsKeyId=key)
    return AccountProfile(
        account=OWNER,
        region=region,
        keys=(key,),
        subnets=tuple(ids),
        native=tuple(OWN_CALLS),
        security_groups=((group,),),
        zones=(f"{region}a",),
        db_subnet_group=("restores",),
        directory=("d-0123456789",),
        redshift_subnet_group=("restores",),
        svm=(_virtual_machine(region, key, subnet=ids[0]),),
        clusters=(_kubernetes("restores", region),),
        timestream_database=("restores",),
    )


def _virtual_machine(region: Region, key: str, *, subnet: str) -> str:
    """A virtual machine of ONTAP, in a file system of its own under the key."""
    fsx = client("fsx", OWNER, region)
    settings = {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 128}
    made = fsx.create_file_system(
        FileSystemType="ONTAP", StorageCapacity=1024, SubnetIds=[subnet], KmsKeyId=key, OntapConfiguration=settings
    )
    machine = fsx.create_storage_virtual_machine(FileSystemId=made["FileSystem"]["FileSystemId"], Name="restores")
    return str(machine["StorageVirtualMachine"]["StorageVirtualMachineId"])


def _shared_key(account: str, region: str) -> str:
    owners = {"AWS": [f"arn:aws:iam::{each}:root" for each in (OWNER, BACKUP_ACCOUNT)]}
    shared = {"Effect": "Allow", "Principal": owners, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [shared]})
    return str(client("kms", account, region).create_key(Policy=policy)["KeyMetadata"]["Arn"])


@pytest.fixture(scope="module")
def restoring(intent: Intent, profile: AccountProfile, profile_there: AccountProfile) -> Intent:
    """The example with plans and a profile in each of two Regions, and a stricter rule for what is graver."""
    organization = replace(intent.organization, governed_regions=(HOME, REPLICA_REGION))
    proving = a_proving_intent(replace(intent, organization=organization))
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    assert proving.restores is not None
    return with_restores(
        proving, rules=(*proving.restores.rules, grave), profiles=(profile, profile_there), limits=INTO_LIVE
    )


@pytest.fixture(scope="module")
def resources(night: Any, profile: AccountProfile) -> dict[str, str]:
    """What there is to back up, by kind: that of the night, and of kinds that it does not have."""
    rds, fsx, found = client("rds", OWNER), client("fsx", OWNER), dict(night.resources)
    under = {"KmsKeyId": night.keys[OWNER]}
    for kind, engine in ENGINES.items():
        login = {"MasterUsername": "a", "MasterUserPassword": "password1"} if engine != "neptune" else {}
        made = rds.create_db_cluster(
            DBClusterIdentifier=engine, Engine=engine, StorageEncrypted=True, Tags=TAGS, **under, **login
        )
        found[kind] = made["DBCluster"]["DBClusterArn"]
    for name, engine in {"night": "aurora-postgresql", "docdb": "docdb", "neptune": "neptune"}.items():
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-writer",
            DBClusterIdentifier=name,
            DBInstanceClass=CLASS,
            Engine=engine,
            Tags=TAGS,
        )
    for kind, (member, configuration) in SYSTEMS.items():
        made = fsx.create_file_system(
            FileSystemType=kind.rpartition(" ")[2].upper(),
            StorageCapacity=1200,
            SubnetIds=list(profile.subnets[:1]),
            Tags=TAGS,
            **under,
            **{member: configuration},
        )
        found[kind] = made["FileSystem"]["ResourceARN"]
    ontap = _virtual_machine(HOME, night.keys[OWNER], subnet=profile.subnets[0])
    volume = fsx.create_volume(
        VolumeType="ONTAP",
        Name="night",
        OntapConfiguration={"JunctionPath": "/night", "SizeInMegabytes": 2048, "StorageVirtualMachineId": ontap},
        Tags=TAGS,
    )
    found["FSx ONTAP"] = volume["Volume"]["ResourceARN"]
    client("redshift", OWNER).create_cluster(
        ClusterIdentifier="night",
        NodeType="ra3.large",
        NumberOfNodes=2,
        MasterUsername="a",
        ManageMasterPassword=True,
        ClusterSubnetGroupName="restores",
        Encrypted=True,
        Tags=TAGS,
        **under,
    )
    found["Redshift"] = f"arn:aws:redshift:{HOME}:{OWNER}:cluster:night"
    found["Redshift Serverless"] = _namespace("shop", night.keys[OWNER])
    found["CloudFormation"] = _stack()
    found["EKS"] = _backed_up_cluster(night)
    distributed = client("dsql", OWNER).create_cluster(
        kmsEncryptionKey=night.keys[OWNER], tags={each["Key"]: each["Value"] for each in TAGS}
    )
    found["Aurora DSQL"] = distributed["arn"]
    series = client("timestream-write", OWNER)
    series.create_database(DatabaseName="night", **under)
    table = series.create_table(
        DatabaseName="night",
        TableName="cpu",
        RetentionProperties={"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 365},
        MagneticStoreWriteProperties={
            "EnableMagneticStoreWrites": True,
            "MagneticStoreRejectedDataLocation": {"S3Configuration": {"BucketName": "rejected"}},
        },
        Tags=TAGS,
    )
    found["Timestream"] = table["Table"]["Arn"]
    for kind in FINISHED:
        _watch(found[kind])
    return found


_OWNED: Final = {"owner": "platform"}


def _namespace(name: str, key: str = "") -> str:
    """A namespace of Redshift Serverless with its workgroup."""
    serverless = client("redshift-serverless", OWNER)
    tags = [{"key": each["Key"], "value": each["Value"]} for each in TAGS]
    under = {"kmsKeyId": key} if key else {}
    made = serverless.create_namespace(namespaceName=name, adminUsername="then", tags=tags, **under)["namespace"]
    serverless.create_workgroup(workgroupName=f"{name}-team", namespaceName=name)
    return str(made["namespaceArn"])


def _kubernetes(name: str, region: str = HOME) -> str:
    """A cluster, in its own words."""
    trust = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = client("iam", OWNER).create_role(
        RoleName=f"{name}-{region}",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    eks = client("eks", OWNER, region)
    eks.create_cluster(
        name=name, roleArn=role["Role"]["Arn"], resourcesVpcConfig={"subnetIds": ["subnet-1"]}, tags=_OWNED
    )
    eks.get_waiter("cluster_active").wait(name=name, WaiterConfig={"Delay": 1})
    return name


def _cluster_arn(name: str) -> str:
    return f"arn:aws:eks:{HOME}:{OWNER}:cluster/{name}"


def _objects(night: Any, name: str, sql: str) -> Any:
    """What a statement tells of the objects of a cluster."""
    return night.sql(_cluster_arn(name), sql)["rows"]


def _backed_up_cluster(night: Any) -> str:
    name = _kubernetes("night")
    _objects(night, name, "CREATE TABLE objects (namespace TEXT, kind TEXT, name TEXT, UNIQUE (namespace, kind, name))")
    _objects(night, name, "INSERT INTO objects VALUES ('shop', 'Deployment', 'web'), ('audit', 'Secret', 'token')")
    return _cluster_arn(name)


def _stack() -> str:
    cloudformation = client("cloudformation", OWNER)
    made = cloudformation.create_stack(StackName="night", TemplateBody=json.dumps(TEMPLATE), Tags=TAGS)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="night", WaiterConfig={"Delay": 1})
    return str(made["StackId"])


@pytest.fixture(scope="module")
def points(
    night: Any, resources: dict[str, str], restoring: Intent, profile: AccountProfile
) -> dict[str, dict[str, str]]:
    """A local recovery point of each resource, and its copy in the central vault, by kind."""
    backup, central = client("backup", OWNER), client("backup", BACKUP_ACCOUNT)
    backup.create_backup_vault(BackupVaultName=LOCAL_NAME, EncryptionKeyArn=night.keys[OWNER])
    central.create_backup_vault(BackupVaultName=CENTRAL_NAME, EncryptionKeyArn=night.keys[BACKUP_ACCOUNT])
    backup.create_backup_vault(BackupVaultName="strongroom-restores", EncryptionKeyArn=profile.keys[0])
    for keeper, name in ((central, CENTRAL_NAME), (backup, "strongroom-restores")):
        _let_copies_in(keeper, name)
    _role("strongroom-restore", member_policies("RestoreRole"), {"AWS": f"arn:aws:iam::{OWNER}:root"})
    native = member_policies("RestoreNativeRole")
    _role("strongroom-restore-native", native, {"AWS": f"arn:aws:iam::{OWNER}:root"})
    _role("strongroom-restore-after", member_policies("RestoreAfterRole"), {"AWS": f"arn:aws:iam::{OWNER}:root"})
    _role("strongroom-restore-job", member_policies("RestoreJobRole"), {"Service": "backup.amazonaws.com"})
    _role("strongroom-central-backup", [], {"Service": "backup.amazonaws.com"}, BACKUP_ACCOUNT)
    managed = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    client("iam", BACKUP_ACCOUNT).attach_role_policy(RoleName="strongroom-central-backup", PolicyArn=managed)
    jobs = {
        kind: backup.start_backup_job(
            BackupVaultName=LOCAL_NAME, ResourceArn=arn, IamRoleArn=night.role_arn, RecoveryPointTags={"Backup": "x"}
        )
        for kind, arn in resources.items()
    }
    night.settle()
    local, composites = {}, {}
    for kind, job in jobs.items():
        done = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
        assert done["State"] == "COMPLETED", done
        local[kind] = done["RecoveryPointArn"]
        if done["IsParent"] and kind not in WHOLE:
            composites[kind], local[kind] = local[kind], _nested(local[kind], kind)
        if kind not in COPIED:
            continue
        backup.start_copy_job(
            RecoveryPointArn=local[kind],
            SourceBackupVaultName=LOCAL_NAME,
            DestinationBackupVaultArn=CENTRAL_VAULT,
            IamRoleArn=night.role_arn,
        )
    night.settle()
    copies = central.list_recovery_points_by_backup_vault(BackupVaultName=CENTRAL_NAME)["RecoveryPoints"]
    copied = {each["ResourceArn"]: each["RecoveryPointArn"] for each in copies if "ParentRecoveryPointArn" not in each}
    return {"local": local, "copied": {kind: copied[resources[kind]] for kind in COPIED}, "composite": composites}


def _nested(composite: str, resource_type: str) -> str:
    backup = client("backup", OWNER)
    found = backup.list_recovery_points_by_backup_vault(
        BackupVaultName=LOCAL_NAME, ByParentRecoveryPointArn=composite, ByResourceType=resource_type
    )
    [point] = found["RecoveryPoints"]
    return str(point["RecoveryPointArn"])


def _let_copies_in(keeper: Any, name: str) -> None:
    let = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let]})
    keeper.put_backup_vault_access_policy(BackupVaultName=name, Policy=policy)


@pytest.fixture(scope="module")
def replicas(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], profile_there: AccountProfile
) -> dict[str, str]:
    """The copy of each in the vault of the other Region, by kind; there is a vault there for what comes back, too."""
    own, there = client("backup", OWNER, REPLICA_REGION), client("backup", BACKUP_ACCOUNT, REPLICA_REGION)
    key = _shared_key(BACKUP_ACCOUNT, REPLICA_REGION)
    there.create_backup_vault(BackupVaultName=REPLICA_NAME, EncryptionKeyArn=key)
    own.create_backup_vault(BackupVaultName="strongroom-restores", EncryptionKeyArn=profile_there.keys[0])
    for keeper, name in ((there, REPLICA_NAME), (own, "strongroom-restores")):
        _let_copies_in(keeper, name)
    for kind in ACROSS:
        client("backup", OWNER).start_copy_job(
            RecoveryPointArn=points["local"][kind],
            SourceBackupVaultName=LOCAL_NAME,
            DestinationBackupVaultArn=REPLICA_VAULT,
            IamRoleArn=night.role_arn,
        )
    night.settle()
    copies = there.list_recovery_points_by_backup_vault(BackupVaultName=REPLICA_NAME)["RecoveryPoints"]
    copied = {each["ResourceArn"]: each["RecoveryPointArn"] for each in copies}
    return {kind: copied[resources[kind]] for kind in ACROSS}


@pytest.fixture
def world(night: Any, restoring: Intent) -> RealWorld:
    """A ceremony of its own."""
    return RealWorld(restoring, night.settle)


def _tags(created: str) -> dict[str, str]:
    return MemberTags(Members()).read(created, account=OWNER, region=Region(HOME))  # type: ignore[arg-type]


def test_no_kind_that_the_ceremony_restores_is_missing_here() -> None:
    restored = {kind.name: kind.row for kind in table.KINDS if kind.row.is_restored_here}
    assert sorted(KINDS) == sorted(restored)
    copied = {kind for kind, row in restored.items() if row.comes_back(source=HOME, target=HOME)}
    assert sorted(COPIED) == sorted(copied - {*DOUBTFUL})


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_each_kind_comes_back_out_of_its_own_vault_with_its_tags(
    kind: str,
    night: Any,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    world: RealWorld,
    profile: AccountProfile,
) -> None:
    wish = world.wish(resources[kind], points["local"][kind], NAMED.get(kind, ""), **ASKED.get(kind, {}))
    request = world.restored(wish)
    created = _created(world, request)
    assert created != resources[kind]
    assert kind in UNTAGGED or "Backup" in _tags(created)
    taken = [(each.step, each.outcome) for each in world.kept(request).steps()]
    assert taken == [(step, "done") for step in FINISHED.get(kind, ())]
    assert all(IS_SO[step](created) for step, _ in taken)
    # An instance of RDS keeps the key of its snapshot.
    other = {"CloudFormation": "", "EC2": "", "EKS": "", "S3": "", "RDS": night.keys[OWNER]}
    assert MADE[kind](created) == other.get(kind, profile.keys[0])


@pytest.mark.parametrize("kind", FINISHED)
def test_what_is_set_on_what_was_restored_is_held_against_what_was_noted(
    kind: str, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    name = f"{NAMED[kind]}2" if kind in NAMED else ""
    request = world.open(world.wish(resources[kind], points["local"][kind], name, **ASKED.get(kind, {})))
    asked = world.kept(request).sealed.request
    noted = world.tagging.settings.read(resources[kind], account=OWNER, region=HOME)
    at = asked.recovery_point_created_at
    world.notes.keep(KeptNote(note=noted, since=at, read_at=at), was=None)
    world.followed(request)
    step = world.kept(request).steps()[-1]
    assert (step.step, step.outcome) == ("settings", "done"), step.told
    assert "made, and off until somebody turns them on: alarms (the actions of 1)" in step.parts


@pytest.mark.parametrize("kind", COPIED)
def test_a_backup_of_each_kind_is_copied_back_and_restored_under_a_key_of_the_profile(
    kind: str, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld, profile: AccountProfile
) -> None:
    name = f"{NAMED[kind]}-copied" if kind in NAMED else ""
    request = world.restored(world.wish(resources[kind], points["copied"][kind], name, **ASKED.get(kind, {})))
    sealed = world.kept(request).sealed.request
    assert (sealed.plan, sealed.vault) == ("copy-back", CENTRAL_VAULT)
    assert "vault-key" not in sealed.risks
    created = _created(world, request)
    assert kind in UNTAGGED or "Backup" in _tags(created)
    assert MADE[kind](created) == {"EC2": "", "EKS": "", "S3": ""}.get(kind, profile.keys[0])


@pytest.mark.parametrize("kind", [kind for kind in ACROSS if kind != "S3"])
def test_a_central_copy_comes_back_in_another_region_in_one_action(
    kind: str,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    replicas: dict[str, str],
    world: RealWorld,
    profile_there: AccountProfile,
) -> None:
    wish = world.wish(resources[kind], points["copied"][kind], NAMED.get(kind, ""))
    request = world.restored(replace(wish, region=REPLICA_REGION))
    sealed = world.kept(request).sealed.request
    assert (sealed.source_region, sealed.region) == (HOME, REPLICA_REGION)
    assert f"It is copied out of {HOME} into {REPLICA_REGION} first" in consequences(sealed)[0]
    made = Arn.parse(_created(world, request))
    assert (made.region, made.account) == (REPLICA_REGION, OWNER)
    [landed] = _landed_there(resources[kind])
    assert landed["EncryptionKeyArn"] == profile_there.keys[0]


def test_where_aws_refuses_to_copy_across_both_at_once_nothing_is_restored_and_its_words_are_told(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], replicas: dict[str, str], world: RealWorld
) -> None:
    message = "Cross-Region and cross-account copies are not supported in one action"
    match = {"kind": "copy", "region": HOME, "destination_vault": TEMPORARY_VAULT.replace(HOME, REPLICA_REGION)}
    night.control("/backup/faults", {"fault": "fail", "match": match, "message": message})
    wish = replace(world.wish(resources["EFS"], points["copied"]["EFS"]), region=REPLICA_REGION)
    request_id = world.open(wish)
    world.read_ticket(request_id)
    world.sign(request_id, "maria")
    execution = world.execution(request_id)
    start_copy_back(request_id, execution=execution, needs=world.copying, now=world.now)
    night.settle()
    with pytest.raises(CopyBackFailedError, match=message):
        check_copy_back(request_id, execution=execution, needs=world.checking_copy, now=world.now)
    assert world.close(request_id, reason=message).outcome == "failed"


@pytest.mark.parametrize("kind", ["RDS", "EFS"])
def test_where_aws_refuses_both_at_once_two_copies_bring_it_there(
    kind: str,
    night: Any,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    replicas: dict[str, str],
    world: RealWorld,
    profile_there: AccountProfile,
) -> None:
    """Each of them crosses one thing only; into another account and Region at once none is asked for."""
    name = f"{NAMED[kind]}-twice" if kind in NAMED else ""
    wish = world.wish(resources[kind], points["copied"][kind], name)
    request = world.restored(replace(wish, region=REPLICA_REGION, in_two_copies=True))
    sealed = world.kept(request).sealed.request
    assert (sealed.plan, sealed.through_vault) == ("copy-back", REPLICA_VAULT)
    jobs = [world.kept(request).last(each) for each in (EntryKind.COPY_THROUGH_STARTED, EntryKind.COPY_BACK_STARTED)]
    made = [
        own("backup", region).describe_copy_job(CopyJobId=facts["job"])["CopyJob"]  # type: ignore[index]
        for region, facts in zip((HOME, REPLICA_REGION), jobs, strict=True)
    ]
    between, landed = made
    assert (between["SourceRecoveryPointArn"], between["DestinationBackupVaultArn"]) == (
        points["copied"][kind],
        REPLICA_VAULT,
    )
    assert landed["SourceRecoveryPointArn"] == between["DestinationRecoveryPointArn"]
    created = Arn.parse(_created(world, request))
    assert (created.region, created.account) == (REPLICA_REGION, OWNER)
    kept = own("backup", REPLICA_REGION).describe_recovery_point(
        BackupVaultName=REPLICA_NAME, RecoveryPointArn=between["DestinationRecoveryPointArn"]
    )
    assert kept["Lifecycle"]["DeleteAfterDays"] == sealed.through_kept_for.days


@pytest.mark.parametrize(("kind", "region"), [("RDS", REPLICA_REGION), ("S3", ""), ("EFS", ""), ("RDS", "")])
def test_a_replica_comes_back_where_it_lies_or_where_the_resource_was(
    kind: str, region: str, resources: dict[str, str], replicas: dict[str, str], world: RealWorld
) -> None:
    """A bucket is restored in the Region of its copy only, and names no other."""
    name = f"{NAMED[kind]}-replica{region}" if kind in NAMED else ""
    request = world.restored(replace(world.wish(resources[kind], replicas[kind], name), region=region))
    sealed = world.kept(request).sealed.request
    back_in = REPLICA_REGION if region or kind == "S3" else HOME
    assert (sealed.source_region, sealed.region) == (REPLICA_REGION, back_in)
    chosen = [row.way_of(sealed.recovery_point, sealed.vault) for row in sealed.candidates.rows]  # type: ignore[union-attr]
    assert {way.plan for way in chosen if way} == {"other-region" if back_in == HOME else "replica"}
    created = _created(world, request)
    where = (
        client("s3", OWNER).get_bucket_location(Bucket=created.rpartition(":")[2])["LocationConstraint"]
        if kind == "S3"
        else Arn.parse(created).region
    )
    assert where == back_in


def _landed_there(resource: str) -> Any:
    found = client("backup", OWNER, REPLICA_REGION).list_recovery_points_by_backup_vault(
        BackupVaultName="strongroom-restores", ByResourceArn=resource
    )
    return found["RecoveryPoints"]


def _across_zones(profile: AccountProfile, **changes: Any) -> dict[str, str]:
    """The parameters of the call that makes a file system in several zones."""
    settings = {
        "DeploymentType": "MULTI_AZ_1",
        "PreferredSubnetId": profile.subnets[0],
        "ThroughputCapacity": 160,
        "AutomaticBackupRetentionDays": 0,
    }
    return {
        "SubnetIds": json.dumps(list(profile.subnets)),
        "SecurityGroupIds": json.dumps(list(profile.security_groups[0])),
        "KmsKeyId": profile.keys[0],
        "OpenZFSConfiguration": json.dumps(settings | changes),
    }


def test_what_aws_backup_cannot_restore_is_made_by_the_call_of_its_service_and_two_approve(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld, profile: AccountProfile
) -> None:
    kind, written = "FSx OpenZFS", _across_zones(profile)
    wish = replace(world.wish(resources[kind], points["local"][kind], **written), is_native=True)
    request = world.restored(wish)
    created = _created(world, request)
    [made] = client("fsx", OWNER).describe_file_systems(FileSystemIds=[created.rpartition("/")[2]])["FileSystems"]
    assert (made["SubnetIds"], made["KmsKeyId"]) == (list(profile.subnets), profile.keys[0])
    assert made["OpenZFSConfiguration"]["DeploymentType"] == "MULTI_AZ_1"
    assert _tags(created).keys() >= {"Backup", "strongroom-restore"}
    assert _tags(created)["strongroom-restore"] == request
    jobs = client("backup", OWNER).list_restore_jobs(ByResourceType="FSx")["RestoreJobs"]
    assert created not in [job.get("CreatedResourceArn") for job in jobs]


def test_what_the_service_does_not_take_ends_the_request_and_makes_nothing(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld, profile: AccountProfile
) -> None:
    kind, fsx = "FSx OpenZFS", client("fsx", OWNER)
    written = _across_zones(profile) | {"StorageCapacity": "1"}
    wish = replace(world.wish(resources[kind], points["local"][kind], **written), is_native=True)
    before = len(fsx.describe_file_systems()["FileSystems"])
    with pytest.raises(RestoreFailedError, match="StorageCapacity must be at least"):
        world.restored(wish)
    assert len(fsx.describe_file_systems()["FileSystems"]) == before


def _at_a_rate(profile: AccountProfile, **changes: str) -> dict[str, str]:
    """The parameters of the call that makes a volume which is read out of its snapshot at a rate."""
    usual = {"AvailabilityZone": profile.zones[0], "KmsKeyId": profile.keys[0], "VolumeInitializationRate": "300"}
    return usual | changes


@pytest.mark.parametrize("vault", ["local", "copied"])
def test_a_volume_that_aws_backup_cannot_make_so_is_made_by_ec2_and_two_approve(
    vault: str,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    world: RealWorld,
    profile: AccountProfile,
) -> None:
    wish = replace(world.wish(resources["EBS"], points[vault]["EBS"], **_at_a_rate(profile)), is_native=True)
    request = world.restored(wish)
    created = _created(world, request)
    [made] = client("ec2", OWNER).describe_volumes(VolumeIds=[created.rpartition("/")[2]])["Volumes"]
    assert (made["KmsKeyId"], made["VolumeInitializationRate"]) == (profile.keys[0], 300)
    assert _tags(created).keys() >= {"Backup", "strongroom-restore"}
    assert _tags(created)["strongroom-restore"] == request
    jobs = client("backup", OWNER).list_restore_jobs(ByResourceType="EBS")["RestoreJobs"]
    assert created not in [job.get("CreatedResourceArn") for job in jobs]


def test_a_volume_smaller_than_its_snapshot_ends_the_request_and_makes_nothing(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld, profile: AccountProfile
) -> None:
    written = _at_a_rate(profile, Size="1")
    wish = replace(world.wish(resources["EBS"], points["local"]["EBS"], **written), is_native=True)
    before = len(client("ec2", OWNER).describe_volumes()["Volumes"])
    with pytest.raises(RestoreFailedError, match="smaller than snapshot"):
        world.restored(wish)
    assert len(client("ec2", OWNER).describe_volumes()["Volumes"]) == before


def _a_table(**changes: str) -> dict[str, str]:
    """The parameters of the call that restores one table into the cluster of the night."""
    names = {f"{side}{of}": name for side in ("Source", "Target") for of, name in _SHOP.items()}
    usual = {"ClusterIdentifier": "night", "SourceTableName": "orders", "NewTableName": "orders_of_tuesday"}
    return names | usual | changes


_SHOP: Final = {"DatabaseName": "dev", "SchemaName": "public"}


def test_one_table_comes_into_the_cluster_that_lives_by_redshifts_own_call_and_two_approve(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    redshift = client("redshift", OWNER)
    before, tags = redshift.describe_clusters()["Clusters"], _tags(resources["Redshift"])
    wish = replace(world.wish(resources["Redshift"], points["local"]["Redshift"], **_a_table()), is_native=True)
    request = world.restored(wish)
    assert _created(world, request) == resources["Redshift"]
    started = world.kept(request).last(EntryKind.RESTORE_STARTED)
    assert started is not None
    [made] = redshift.describe_table_restore_status(TableRestoreRequestId=started["job"])["TableRestoreStatusDetails"]
    assert (made["Status"], made.items() >= _a_table().items()) == ("SUCCEEDED", True)
    assert points["local"]["Redshift"].endswith(f"night/{made['SnapshotIdentifier']}")
    assert len(redshift.describe_clusters()["Clusters"]) == len(before)
    assert _tags(resources["Redshift"]) == tags
    jobs = client("backup", OWNER).list_restore_jobs(ByResourceType="Redshift")["RestoreJobs"]
    assert [job for job in jobs if job.get("CreatedResourceArn") == resources["Redshift"]] == []
    later = RealWorld(world.intent, night.settle)
    again = later.wish(resources["Redshift"], points["local"]["Redshift"], **_a_table())
    with pytest.raises(RestoreFailedError, match="orders_of_tuesday already exists"):
        later.restored(replace(again, is_native=True))


def _a_table_of(name: str, **changes: str) -> dict[str, str]:
    """The parameters of the call that restores one table into a namespace."""
    written = {small(key): value for key, value in _a_table().items() if key != "ClusterIdentifier"}
    return written | {"namespaceName": name, "workgroupName": f"{name}-team"} | changes


def test_one_table_comes_into_the_namespace_that_lives_by_the_call_of_redshift_serverless_and_two_approve(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    serverless, namespace = client("redshift-serverless", OWNER), resources["Redshift Serverless"]
    before = serverless.get_namespace(namespaceName="shop")["namespace"]
    point = points["local"]["Redshift Serverless"]
    request = world.restored(replace(world.wish(namespace, point, **_a_table_of("shop")), is_native=True))
    assert _created(world, request) == namespace
    started = world.kept(request).last(EntryKind.RESTORE_STARTED)
    assert started is not None
    made = serverless.get_table_restore_status(tableRestoreRequestId=started["job"])["tableRestoreStatus"]
    assert (made["status"], made.items() >= _a_table_of("shop").items()) == ("SUCCEEDED", True)
    assert serverless.get_snapshot(snapshotName=made["snapshotName"])["snapshot"]["snapshotArn"] == point
    assert serverless.get_namespace(namespaceName="shop")["namespace"] == before
    later = RealWorld(world.intent, night.settle)
    with pytest.raises(RestoreFailedError, match="orders_of_tuesday already exists"):
        later.restored(replace(later.wish(namespace, point, **_a_table_of("shop")), is_native=True))


def test_a_namespace_of_another_id_and_a_workgroup_of_another_namespace_are_not_restored_into(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    serverless, namespace = client("redshift-serverless", OWNER), resources["Redshift Serverless"]
    other, point = _namespace("other"), points["local"]["Redshift Serverless"]
    with pytest.raises(RestoreRefusedError, match=f"what is named is {other}"):
        world.draft(replace(world.wish(namespace, point, **_a_table_of("other")), is_native=True))
    lent = _a_table_of("shop", workgroupName="other-team", newTableName="lent")
    with pytest.raises(RestoreFailedError, match="is of another namespace"):
        world.restored(replace(world.wish(namespace, point, **lent), is_native=True))
    found = serverless.list_table_restore_status()["tableRestoreStatuses"]
    assert [each for each in found if each["newTableName"] == "lent"] == []


def test_a_table_of_a_database_that_was_not_backed_up_ends_the_request(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    written = _a_table(SourceDatabaseName="nowhere")
    wish = replace(world.wish(resources["Redshift"], points["local"]["Redshift"], **written), is_native=True)
    before = len(client("redshift", OWNER).describe_table_restore_status()["TableRestoreStatusDetails"])
    with pytest.raises(RestoreFailedError, match="nowhere is not in the snapshot"):
        world.restored(wish)
    after = client("redshift", OWNER).describe_table_restore_status()["TableRestoreStatusDetails"]
    assert len(after) == before


def _over(name: str, **changes: str) -> dict[str, str]:
    """The parameters of the call that overwrites a namespace."""
    return {"namespaceName": name, "workgroupName": f"{name}-team"} | changes


def test_a_namespace_is_overwritten_once_and_is_told_with_what_nothing_proves(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    serverless, namespace = client("redshift-serverless", OWNER), resources["Redshift Serverless"]
    serverless.update_namespace(namespaceName="shop", adminUsername="since")
    point, tags = points["local"]["Redshift Serverless"], _tags(namespace)
    request = world.open(replace(world.wish(namespace, point, **_over("shop")), is_native=True))
    assert world.kept(request).sealed.request.risks[:3] == ("elevated", "overwrites", "as-written")
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    execution = world.execution(request)
    for _ in range(2):
        start_restore(request, execution=execution, needs=world.restoring, now=world.now)
    told = []
    for seconds in (1, 30, 61):
        at = world.now + timedelta(seconds=seconds)
        told.append(check_restore(request, execution=execution, needs=world.checking_restore, now=at).state)
    assert told == ["running", "running", "completed"]
    assert serverless.get_namespace(namespaceName="shop")["namespace"]["adminUsername"] == "then"
    world.now += timedelta(seconds=61)
    tag_restored(request, execution=execution, needs=world.tagging, now=world.now)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created, _tags(namespace)) == ("restored", namespace, tags)
    assert "look at its data" in " ".join(ended.faults)


def test_another_namespace_than_that_which_was_backed_up_is_never_overwritten(
    points: dict[str, dict[str, str]], resources: dict[str, str], world: RealWorld
) -> None:
    serverless, namespace = client("redshift-serverless", OWNER), resources["Redshift Serverless"]
    other = _namespace("spared")
    serverless.update_namespace(namespaceName="spared", adminUsername="since")
    point = points["local"]["Redshift Serverless"]
    with pytest.raises(RestoreRefusedError, match=f"what is named is {other}"):
        world.draft(replace(world.wish(namespace, point, **_over("spared")), is_native=True))
    assert serverless.get_namespace(namespaceName="spared")["namespace"]["adminUsername"] == "since"


def _created(world: RealWorld, request: str) -> str:
    restored = world.kept(request).last(EntryKind.RESTORED)
    assert restored is not None
    return str(restored["created"])


def _database_key(arn: str) -> Any:
    [found] = client("rds", OWNER).describe_db_instances(DBInstanceIdentifier=arn.rpartition(":")[2])["DBInstances"]
    return found["KmsKeyId"]


def _cluster_key(arn: str) -> Any:
    return _cluster(arn)["KmsKeyId"]


def _table_key(arn: str) -> Any:
    return client("dynamodb", OWNER).describe_table(TableName=arn.rpartition("/")[2])["Table"]["SSEDescription"][
        "KMSMasterKeyArn"
    ]


def _volume_key(arn: str) -> Any:
    """The emulator tells that a volume is encrypted, and not by which key; which one was sent says the job."""
    [found] = client("ec2", OWNER).describe_volumes(VolumeIds=[arn.rpartition("/")[2]])["Volumes"]
    assert found["Encrypted"]
    jobs = client("backup", OWNER).list_restore_jobs(ByResourceType="EBS")["RestoreJobs"]
    [job] = [each["RestoreJobId"] for each in jobs if each["CreatedResourceArn"] == arn]
    return client("backup", OWNER).get_restore_job_metadata(RestoreJobId=job)["Metadata"]["kmsKeyId"]


def _instance_state(arn: str) -> Any:
    """Under which keys its volumes lie says its image; it has no role, and does run."""
    [found] = client("ec2", OWNER).describe_instances(InstanceIds=[arn.rpartition("/")[2]])["Reservations"]
    [instance] = found["Instances"]
    assert instance.get("IamInstanceProfile") is None
    return ""


def _system_key(arn: str) -> Any:
    return client("efs", OWNER).describe_file_systems(FileSystemId=arn.rpartition("/")[2])["FileSystems"][0]["KmsKeyId"]


def _server_key(arn: str) -> Any:
    systems = client("fsx", OWNER).describe_file_systems(FileSystemIds=[arn.rpartition("/")[2]])["FileSystems"]
    return systems[0]["KmsKeyId"]


def _ontap_key(arn: str) -> Any:
    """It lies in the virtual machine of the profile, at a junction of its own, and is as large as it was."""
    fsx = client("fsx", OWNER)
    [made] = fsx.describe_volumes(VolumeIds=[arn.rpartition("/")[2]])["Volumes"]
    settings = made["OntapConfiguration"]
    assert (settings["JunctionPath"], settings["SizeInMegabytes"]) == (f"/{made['Name']}", 2048)
    return _server_key(made["FileSystemId"])


def _warehouse_key(arn: str) -> Any:
    """It has the nodes of the backup, lies inside, and Redshift keeps its password."""
    [made] = client("redshift", OWNER).describe_clusters(ClusterIdentifier=arn.rpartition(":")[2])["Clusters"]
    assert (made["NodeType"], made["NumberOfNodes"]) == ("ra3.large", 2)
    assert (made["ClusterSubnetGroupName"], made["PubliclyAccessible"]) == ("restores", False)
    assert made["MasterPasswordSecretArn"].startswith(f"arn:aws:secretsmanager:{HOME}:{OWNER}:secret:redshift!")
    return made["KmsKeyId"]


def _cluster_tags(arn: str) -> str:
    """The cluster of the profile, with the tags that it had."""
    cluster = client("eks", OWNER).describe_cluster(name=arn.rpartition("/")[2])["cluster"]
    assert (cluster["name"], cluster["tags"]) == ("restores", {"owner": "platform"})
    return ""


def _change_set_run(arn: str) -> str:
    """Nothing is in the stack, and a change set waits; whoever runs it makes what was in the template."""
    cloudformation = client("cloudformation", OWNER)
    [stack] = cloudformation.describe_stacks(StackName=arn)["Stacks"]
    assert (stack["StackName"], stack["StackStatus"]) == ("back-stack", "REVIEW_IN_PROGRESS")
    [waiting] = cloudformation.list_change_sets(StackName="back-stack")["Summaries"]
    assert (waiting["ChangeSetName"][:2], waiting["ExecutionStatus"]) == ("r-", "AVAILABLE")
    cloudformation.execute_change_set(ChangeSetName=waiting["ChangeSetId"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName="back-stack", WaiterConfig={"Delay": 1})
    made = cloudformation.list_stack_resources(StackName="back-stack")["StackResourceSummaries"]
    assert [each["LogicalResourceId"] for each in made] == ["Orders"]
    return ""


def _distributed_key(arn: str) -> Any:
    """It lies in one Region, and is protected from deletion."""
    place = Arn.parse(arn)
    made = client("dsql", OWNER, place.region).get_cluster(identifier=arn.rpartition("/")[2])
    assert (made["deletionProtectionEnabled"], made.get("multiRegionProperties")) == (True, None)
    return made["encryptionDetails"]["kmsKeyArn"]


def _series_key(arn: str) -> Any:
    """It keeps records as long as the original, no bucket gets rejected ones, and the key is its database's."""
    series, place = client("timestream-write", OWNER, Arn.parse(arn).region), arn.split("/")
    made = series.describe_table(DatabaseName=place[1], TableName=place[3])["Table"]
    assert made["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 24,
        "MagneticStoreRetentionPeriodInDays": 365,
    }
    assert made["MagneticStoreWriteProperties"] == {"EnableMagneticStoreWrites": True}
    return series.describe_database(DatabaseName=place[1])["Database"]["KmsKeyId"]


def _bucket_key(arn: str) -> Any:
    s3, name = client("s3", OWNER), arn.rpartition(":")[2]
    assert s3.get_object(Bucket=name, Key="a/b")["Body"].read() == b"\x00\xff"
    return ""


def _is_continuous(arn: str) -> bool:
    told = client("dynamodb", OWNER).describe_continuous_backups(TableName=arn.rpartition("/")[2])
    status = told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    return bool(status == "ENABLED")


def _is_protected(arn: str) -> bool:
    if ":table/" in arn:
        table = client("dynamodb", OWNER).describe_table(TableName=arn.rpartition("/")[2])["Table"]
        return bool(table["DeletionProtectionEnabled"])
    return bool(_cluster(arn)["DeletionProtection"])


def _has_a_writer(arn: str) -> bool:
    [member] = _cluster(arn)["DBClusterMembers"]
    [made] = client("rds", OWNER).describe_db_instances(DBInstanceIdentifier=member["DBInstanceIdentifier"])[
        "DBInstances"
    ]
    return (made["DBInstanceClass"], made["PubliclyAccessible"]) == (CLASS, False)


def _dimensions(arn: str) -> list[dict[str, str]]:
    """What CloudWatch tells the metrics of a resource apart by, its own first (the services' pages on metrics)."""
    name = re.split("[/:]", arn)[-1]
    parent = [{"Name": "FileSystemId", "Value": arn.split("/")[-2]}] if "/fsvol-" in arn else []
    own = next(dimension for part, dimension in DIMENSIONS.items() if part in arn)
    return [{"Name": own, "Value": name}, *parent]


def _watch(arn: str) -> None:
    """An alarm on a metric of what is backed up."""
    own, *parent = _dimensions(arn)
    client("cloudwatch", OWNER).put_metric_alarm(
        AlarmName=f"{own['Name']}-{own['Value']}",
        Dimensions=[own, *parent],
        Namespace="Ours",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )


def _has_the_alarm_of_its_original(arn: str) -> bool:
    alarms = client("cloudwatch", OWNER).describe_alarms()["MetricAlarms"]
    [own] = [each for each in alarms if each["Dimensions"] == _dimensions(arn)]
    return own["AlarmName"].startswith("r-") and not own["ActionsEnabled"]


def _cluster(arn: str) -> Any:
    [found] = client("rds", OWNER).describe_db_clusters(DBClusterIdentifier=arn.rpartition(":")[2])["DBClusters"]
    return found


IS_SO: Final[dict[str, Callable[[str], bool]]] = {
    "continuous-backups": _is_continuous,
    "deletion-protection": _is_protected,
    "writer": _has_a_writer,
    # No original here has a reader: the writer is the only instance then, as is looked at with it.
    "readers": _has_a_writer,
    "alarms": _has_the_alarm_of_its_original,
}
MADE: Final[dict[str, Callable[[str], Any]]] = {
    "RDS": _database_key,
    **dict.fromkeys(("Aurora", *ENGINES), _cluster_key),
    **dict.fromkeys(SYSTEMS, _server_key),
    "Aurora DSQL": _distributed_key,
    "DynamoDB": _table_key,
    "EBS": _volume_key,
    "EC2": _instance_state,
    "EFS": _system_key,
    "FSx ONTAP": _ontap_key,
    "Redshift": _warehouse_key,
    "CloudFormation": _change_set_run,
    "EKS": _cluster_tags,
    "S3": _bucket_key,
    "Timestream": _series_key,
}


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        pytest.param("S3", "night-bucket", "is taken by bucket night-bucket", id="a bucket of one's own"),
        pytest.param("S3", "somebody-elses", "is taken by bucket somebody-elses", id="a bucket of somebody else"),
        pytest.param("Aurora", "night", "is taken by arn:aws:rds", id="a cluster"),
        pytest.param("RDS", "only-a-cluster", "is taken by arn:aws:rds", id="an instance by the name of a cluster"),
        pytest.param("Redshift", "night", "is taken by cluster night", id="a cluster of Redshift"),
        pytest.param("CloudFormation", "night", "is taken by arn:aws:cloudformation", id="a stack"),
        pytest.param("CloudFormation", "waiting", "is taken by arn:aws:cloudformation", id="a stack in review"),
        pytest.param("Timestream", "there", "is taken by arn:aws:timestream", id="a table of Timestream"),
        pytest.param("EFS", "files", "has no name to choose", id="a file system has no name"),
        pytest.param("EBS", "disk", "has no name to choose", id="a volume has no name"),
        pytest.param("Aurora DSQL", "shop", "has no name to choose", id="a cluster of DSQL has no name"),
    ],
)
def test_a_name_that_is_taken_or_is_none_is_told_before_anybody_is_asked(
    kind: str, name: str, why: str, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    if name == "somebody-elses":
        where = {"LocationConstraint": HOME}
        client("s3", BACKUP_ACCOUNT).create_bucket(Bucket=name, CreateBucketConfiguration=where)
    if name == "waiting":
        client("cloudformation", OWNER).create_change_set(
            StackName=name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=json.dumps(TEMPLATE)
        )
    if name == "only-a-cluster":
        client("rds", OWNER).create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="a", MasterUserPassword="password1"
        )
    if name == "there":
        client("timestream-write", OWNER).create_table(DatabaseName="restores", TableName=name)
    with pytest.raises(RestoreRefusedError, match=why):
        world.draft(world.wish(resources[kind], points["local"][kind], name))


@pytest.mark.parametrize(
    ("kind", "field", "missing"),
    [
        pytest.param("EC2", "subnets", "SubnetId", id="a machine without a subnet"),
        pytest.param("EC2", "security_groups", "SecurityGroupIds", id="a machine without a group"),
        pytest.param("EBS", "zones", "availabilityZone", id="a volume without a zone"),
        pytest.param("EFS", "keys", "KmsKeyId", id="a file system without a key"),
        pytest.param("Aurora DSQL", "keys", "regionalConfig", id="a cluster of DSQL without a key"),
        pytest.param("S3", "keys", "KMSKey", id="a bucket without a key"),
        pytest.param("Aurora", "db_subnet_group", "DBSubnetGroupName", id="a cluster without a subnet group"),
        pytest.param("Redshift", "redshift_subnet_group", "ClusterSubnetGroupName", id="Redshift without subnets"),
        pytest.param("FSx ONTAP", "svm", "storageVirtualMachineId", id="a volume without a virtual machine"),
        pytest.param("Timestream", "timestream_database", "DatabaseName", id="a table without a database"),
    ],
)
def test_what_the_profile_has_not_is_told(
    kind: str,
    field: str,
    missing: str,
    night: Any,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    restoring: Intent,
    profile: AccountProfile,
) -> None:
    without: dict[str, Any] = {field: ()}
    world = RealWorld(with_restores(restoring, profiles=(replace(profile, **without),)), night.settle)
    with pytest.raises(FaultsFoundError, match=f"{missing} must come from a restore profile"):
        world.draft(world.wish(resources[kind], points["local"][kind], NAMED.get(kind, "")))


def test_a_subnet_that_is_gone_is_told_before_anybody_is_asked(
    night: Any, points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    gone = with_restores(restoring, profiles=(replace(profile, subnets=("subnet-0123456789abcdef0",)),))
    world = RealWorld(gone, night.settle)
    with pytest.raises(RestoreRefusedError, match="has no SubnetId subnet-0123456789abcdef0"):
        world.draft(world.wish(night.resources["EC2"], points["local"]["EC2"]))


@pytest.mark.parametrize(
    ("name", "junction", "why"),
    [
        pytest.param("Taken_Volume", "/free", "Taken_Volume is taken by arn:aws:fsx:.* at /taken;", id="the name"),
        pytest.param("free_volume", "/Taken", "free_volume is taken by arn:aws:fsx:.* at /taken;", id="the junction"),
    ],
)
def test_a_name_or_a_junction_that_is_taken_in_the_virtual_machine_is_told_before_anybody_is_asked(
    name: str,
    junction: str,
    why: str,
    resources: dict[str, str],
    points: dict[str, dict[str, str]],
    world: RealWorld,
    profile: AccountProfile,
) -> None:
    fsx, (machine,), kind = client("fsx", OWNER), profile.svm, "FSx ONTAP"
    settings = {"JunctionPath": "/taken", "SizeInMegabytes": 20, "StorageVirtualMachineId": machine}
    taken = fsx.create_volume(VolumeType="ONTAP", Name="taken_volume", OntapConfiguration=settings)["Volume"]
    asked = json.dumps({"junctionPath": junction})
    with pytest.raises(RestoreRefusedError, match=why):
        world.draft(world.wish(resources[kind], points["local"][kind], name, OntapConfiguration=asked))
    fsx.delete_volume(VolumeId=taken["VolumeId"])


def test_a_virtual_machine_that_is_gone_is_told_before_anybody_is_asked(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    gone = with_restores(restoring, profiles=(replace(profile, svm=("svm-0123456789abcdef0",)),))
    world, kind = RealWorld(gone, night.settle), "FSx ONTAP"
    why = "has no OntapConfiguration.storageVirtualMachineId svm-0123456789abcdef0"
    with pytest.raises(RestoreRefusedError, match=why):
        world.draft(world.wish(resources[kind], points["local"][kind], "back_nowhere"))


def test_a_key_of_a_cluster_of_dsql_that_is_gone_is_told_before_anybody_is_asked(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    key = f"arn:aws:kms:{HOME}:{OWNER}:key/00000000-0000-4000-8000-000000000000"
    gone = with_restores(restoring, profiles=(replace(profile, keys=(key,)),))
    world = RealWorld(gone, night.settle)
    with pytest.raises(RestoreRefusedError, match=f"has no regionalConfig {key}"):
        world.draft(world.wish(resources["Aurora DSQL"], points["local"]["Aurora DSQL"]))


def test_a_database_of_timestream_that_is_gone_is_told_before_anybody_is_asked(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    gone = with_restores(restoring, profiles=(replace(profile, timestream_database=("nowhere",)),))
    world = RealWorld(gone, night.settle)
    with pytest.raises(RestoreRefusedError, match="has no DatabaseName nowhere"):
        world.draft(world.wish(resources["Timestream"], points["local"]["Timestream"], "back-none"))


def test_a_fourth_restore_of_dsql_waits_until_one_of_three_has_ended(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    """AWS Backup Developer Guide, "Amazon Aurora DSQL restore": four at once in an account, one of them for others."""
    backup, kind = client("backup", OWNER), "Aurora DSQL"
    request = world.open(world.wish(resources[kind], points["local"][kind]))
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    for number in range(3):
        night.control("/backup/faults", {"fault": "stall", "match": {"kind": "restore"}, "seconds": 3.0})
        backup.start_restore_job(
            RecoveryPointArn=points["local"][kind],
            Metadata={"regionalConfig": f'[{{"region":"{HOME}"}}]'},
            IamRoleArn=f"arn:aws:iam::{OWNER}:role/strongroom/strongroom-restore-job",
            IdempotencyToken=f"{request}-{number}",
        )
    execution = world.execution(request)
    with pytest.raises(TemporarilyUnavailableError, match="3 of Aurora DSQL are being restored"):
        start_restore(request, execution=execution, needs=world.restoring, now=world.now)
    night.settle()
    start_restore(request, execution=execution, needs=world.restoring, now=world.now)
    night.settle()
    assert check_restore(request, execution=execution, needs=world.checking_restore, now=world.now).made


def test_groups_of_redshift_that_are_gone_are_told_before_anybody_is_asked(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    wish = RealWorld(restoring, night.settle).wish(resources["Redshift"], points["local"]["Redshift"], "back-none")
    elsewhere = replace(profile, redshift_subnet_group=("nowhere",), parameter_groups=("no-queues",))
    world = RealWorld(with_restores(restoring, profiles=(elsewhere,)), night.settle)
    world.wish(resources["Redshift"], points["local"]["Redshift"])
    with pytest.raises(RestoreRefusedError, match="has no ClusterSubnetGroupName nowhere"):
        world.draft(wish)
    named = replace(wish, metadata={"ClusterParameterGroupName": "no-queues"})
    there = replace(elsewhere, redshift_subnet_group=profile.redshift_subnet_group)
    world = RealWorld(with_restores(restoring, profiles=(there,)), night.settle)
    world.wish(resources["Redshift"], points["local"]["Redshift"])
    with pytest.raises(RestoreRefusedError, match="has no ClusterParameterGroupName no-queues"):
        world.draft(named)


@pytest.mark.parametrize("kind", ["Redshift", "FSx ONTAP"])
def test_a_backup_of_such_a_kind_is_copied_nowhere(kind: str, night: Any, points: dict[str, dict[str, str]]) -> None:
    """AWS Backup Developer Guide, "Feature availability by resource", of which two editions disagree on ONTAP."""
    backup = client("backup", OWNER)
    job = backup.start_copy_job(
        RecoveryPointArn=points["local"][kind],
        SourceBackupVaultName=LOCAL_NAME,
        DestinationBackupVaultArn=CENTRAL_VAULT,
        IamRoleArn=night.role_arn,
    )
    night.settle()
    ended = backup.describe_copy_job(CopyJobId=job["CopyJobId"])["CopyJob"]
    assert ended["State"] == "FAILED"
    assert f"not supported for this {kind.partition(' ')[0]}" in ended["StatusMessage"]


def test_the_composite_of_a_stack_is_refused_and_what_lies_in_it_comes_back_as_what_it_is(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    """AWS Backup Developer Guide, "Restore CloudFormation stacks"."""
    composite = points["composite"]["CloudFormation"]
    with pytest.raises(FaultsFoundError, match="it is a composite of others, which are restored one by one"):
        world.draft(world.wish(resources["CloudFormation"], composite, "back-composite"))
    members = client("cloudformation", OWNER).list_stack_resources(StackName=resources["CloudFormation"])
    [table] = [each["PhysicalResourceId"] for each in members["StackResourceSummaries"]]
    arn = f"arn:aws:dynamodb:{HOME}:{OWNER}:table/{table}"
    request = world.restored(world.wish(arn, _nested(composite, "DynamoDB"), "back-member"))
    assert _created(world, request).endswith(":table/back-member")


def test_namespaces_come_into_a_cluster_of_the_profile_beside_what_is_there(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    """AWS Backup Developer Guide, "Restore an Amazon EKS cluster"; its jobs are one, and one in it."""
    _objects(night, "restores", "DELETE FROM objects")
    _objects(night, "restores", "INSERT INTO objects VALUES ('shop', 'Secret', 'own')")
    request = world.restored(world.wish(resources["EKS"], points["local"]["EKS"], **SHOP))
    found = _objects(night, "restores", "SELECT namespace, kind, name FROM objects ORDER BY kind")
    assert found == [["shop", "Deployment", "web"], ["shop", "Secret", "own"]]
    sealed = world.kept(request).sealed.request
    assert sealed.risks[:3] == ("elevated", "adds-into-live", "rarely-tried")
    assert "It will live under the key of its cluster, as all that is in it." in consequences(sealed)
    started = world.kept(request).last(EntryKind.RESTORE_STARTED)
    assert started is not None
    jobs = client("backup", OWNER).list_restore_jobs(ByParentJobId=started["job"])["RestoreJobs"]
    assert [each["Status"] for each in jobs] == ["COMPLETED"]


def test_a_second_restore_into_clusters_waits_for_its_turn(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    """AWS Backup Developer Guide, "AWS Backup quotas": one at a time in a cluster."""
    backup = client("backup", OWNER)
    role = f"arn:aws:iam::{OWNER}:role/strongroom/strongroom-restore-job"
    metadata = {"clusterName": "restores", "newCluster": "false", "restoreKubernetesManifestsOnly": "true"}
    request = world.open(world.wish(resources["EKS"], points["local"]["EKS"], **SHOP))
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    night.control("/backup/faults", {"fault": "stall", "seconds": 5, "match": {"kind": "restore"}})
    first = backup.start_restore_job(RecoveryPointArn=points["local"]["EKS"], Metadata=metadata, IamRoleArn=role)
    with pytest.raises(TemporarilyUnavailableError, match=r"it waits for its turn: job .* restores into"):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.settle()
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.settle()
    job = backup.describe_restore_job(RestoreJobId=first["RestoreJobId"])
    assert (job["Status"], job["IsParent"]) == ("COMPLETED", True)


def test_a_cluster_that_is_gone_is_told_before_anybody_is_asked(
    night: Any, resources: dict[str, str], points: dict[str, dict[str, str]], restoring: Intent, profile: AccountProfile
) -> None:
    gone = with_restores(restoring, profiles=(replace(profile, clusters=("gone",)),))
    world = RealWorld(gone, night.settle)
    with pytest.raises(RestoreRefusedError, match="has no clusterName gone"):
        world.draft(world.wish(resources["EKS"], points["local"]["EKS"], **SHOP))


def test_what_lies_in_the_composite_of_a_cluster_is_not_restored_without_it(
    resources: dict[str, str], points: dict[str, dict[str, str]], world: RealWorld
) -> None:
    nested = _nested(points["local"]["EKS"], "EKS")
    with pytest.raises(FaultsFoundError, match="it is a part of a composite, which is restored as a whole"):
        world.draft(world.wish(resources["EKS"], nested, **SHOP))
