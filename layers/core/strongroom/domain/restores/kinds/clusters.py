"""Clusters of Redshift, Aurora DSQL and EKS, and stacks of CloudFormation.

From the AWS Backup Developer Guide, "Restore an Amazon Redshift cluster", "Amazon Aurora DSQL restore", "Restore an
Amazon EKS cluster" and "Restoring CloudFormation stack backups"; the Amazon Redshift API Reference,
RestoreFromClusterSnapshot and RestoreTableFromClusterSnapshot. That DSQL refuses what AWS tells of it is from public
records.
"""

from typing import Final

from strongroom.domain.catalogue import cloudformation, dsql, eks, redshift
from strongroom.domain.restores.kinds.estimates import Estimate, Pace
from strongroom.domain.restores.kinds.finishing import LOOK_AT_TABLE, SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Barred, Condition, Name, NativeCall, RestoreKind, Shape
from strongroom.domain.restores.kinds.spelled import (
    asked,
    asked_where,
    carried,
    chosen,
    encrypted_by,
    fixed,
    flags,
    made,
    named,
    never,
    never_added,
    number,
    offer,
    place,
    size_class,
    zones,
)

# Of the one Region, protected from deletion.
_REGIONAL: Final = '[{"isDeletionProtectionEnabled":true,"kmsKeyId":"{key}","region":"{region}"}]'

WAREHOUSE: Final = RestoreKind(
    row=redshift.TYPES[0],
    target=Name(
        shape=r"[a-z](?:-?[a-z0-9]){0,62}",
        rule="1 to 63 lower-case letters, digits and single hyphens, a letter first",
        before="no cluster of the account has the name",
        after="its ARN follows from the name",
    ),
    keys=(
        *named("ClusterIdentifier"),
        *fixed("RestoreType", "CLUSTER_RESTORE"),
        *fixed("Encrypted", "true"),
        *fixed("PubliclyAccessible", "false"),
        *place("ClusterSubnetGroupName"),
        *place("VpcSecurityGroupIds", shape=Shape.LIST),
        *encrypted_by("KmsKeyId"),
        *offer("ClusterParameterGroupName", unset="default."),
        *size_class("NodeType"),
        *number("NumberOfNodes", least=1),
        *number("Port", least=1115, most=65535, unset="0"),
        *number("AutomatedSnapshotRetentionPeriod", most=35),
        *number("ManualSnapshotRetentionPeriod", most=3653),
        *chosen("AquaConfigurationStatus", "IpAddressType", "MaintenanceTrackName", "PreferredMaintenanceWindow"),
        *flags("AllowVersionUpgrade", "AvailabilityZoneRelocation", "EnhancedVpcRouting", "ManageMasterPassword"),
        *zones("MultiAZ", "true"),
        *never("AdditionalInfo", "AvailabilityZone", "CatalogName", "ClusterSecurityGroups", "ElasticIp"),
        *never("HsmClientCertificateIdentifier", "HsmConfigurationIdentifier", "MasterPasswordSecretKmsKeyId"),
        *never("OwnerAccount", "RedshiftIdcApplicationArn", "ReservedNodeId", "SnapshotArn"),
        *never("SnapshotClusterIdentifier", "SnapshotIdentifier", "SnapshotScheduleIdentifier"),
        *never("TargetReservedNodeOfferingId"),
        *never("DefaultIamRoleArn", "IamRoles", barred=Barred.ROLE),
    ),
    calls=(NativeCall(call=redshift.TABLE_CALL, into="ClusterIdentifier", steps=(LOOK_AT_TABLE,)),),
    steps=(
        SENTENCES[MachineStep.ALARMS],
        "Give it its roles, its snapshot schedule and its datashares.",
    ),
    comes_back="the data, the nodes and the settings, in a subnet group of the profile",
    lost="roles, schedules, datashares, the old endpoint, the alarms",
    pace="about 15 minutes and 3 seconds for each GiB; it is never copied",
    estimate=Estimate(pace=Pace(fixed=15, per_gib=0.05), is_of_its_start=False),
)
DISTRIBUTED: Final = RestoreKind(
    row=dsql.TYPES[0],
    target=Name(before="nothing: a cluster has no name", after="the job tells the cluster's id"),
    keys=(
        *made("regionalConfig", _REGIONAL),
        *fixed("useMultiRegionOrchestration", "false"),
        *never("backup_size_bytes", "cluster_id"),
        *never_added("multiRegionProperties", "peerRegion", "witnessRegion"),
    ),
    steps=("Point applications at the new endpoint, and set its policy and its streams again, if it had any.",),
    comes_back="the data, in one Region, protected from deletion, under a key of the profile",
    lost="the other Regions of the cluster, its policy, its streams, the old endpoint",
    pace="about 5 minutes, as 12 MB took, and 10 seconds for each GiB; 4 at once in an account",
    estimate=Estimate(pace=Pace(fixed=5, per_gib=0.17), is_of_its_start=False),
    at_once=4,
)
KUBERNETES: Final = RestoreKind(
    row=eks.TYPES[0],
    target=Name(before="the cluster of the profile is there", after="the job tells the cluster of the profile"),
    keys=(
        *place("clusterName"),
        *fixed("newCluster", "false"),
        # Without the flag AWS restores all that is in the cluster, whatever namespaces are named beside it.
        *asked("namespaceLevelRestore", shape=Shape.FLAG, value="true"),
        *asked_where("namespaces", Condition("namespaceLevelRestore", ("true",)), shape=Shape.FEW),
        # Of its volumes those of EBS are restored only where their zone is said, each by its recovery point.
        *fixed("restoreKubernetesManifestsOnly", "true"),
        *never("kubernetesRestoreOrder"),
        *never_added("clusterVpcConfig", "encryptionConfigProviderKeyArn", "fargateProfiles", "nestedRestoreJobs"),
        *never_added("nodeGroups", "podIdentityAssociations"),
        *never("clusterRole", barred=Barred.ROLE),
    ),
    steps=(
        "Look first at which volumes its workloads name: they start at once.",
        "Restore its volumes, each as what it is, and bind them anew; make the access points that they need.",
        "Look for what was there already: it stays as it was, and nothing is put in its place.",
    ),
    comes_back="the objects of up to five namespaces, or of all where somebody asks for that, in a cluster of the "
    "profile, beside what is there",
    lost="the cluster itself, roles, node groups, identities of pods, and the volumes: a person restores each with a "
    "request of its own",
    pace="about a quarter of an hour; AWS lets one run at a time in a cluster and 5 in an account, of ours 4",
    estimate=Estimate(pace=Pace(fixed=15), is_of_its_start=False),
    at_once=5,
    is_one_at_a_time=True,
    lives_in="clusterName",
    lies_under="the key of its cluster, as all that is in it",
    is_composite=True,
    untagged="the cluster was there before, and keeps the tags that it has",
)
STACK: Final = RestoreKind(
    row=cloudformation.TYPES[0],
    target=Name(
        shape=r"[A-Za-z][A-Za-z0-9-]{0,127}",
        rule="1 to 128 letters, digits and hyphens, a letter first",
        before="there is no stack of the name; one that is in review has it",
        after="its stack waits in review",
        # Behind it stands an id.
        part=1,
    ),
    keys=(
        *named("StackName"),
        *made("ChangeSetName", "{request}"),
        *asked("ChangeSetDescription"),
        *carried("StackParameters", shape=Shape.PARAMETERS),
        *never_added("Capabilities", "NotificationARNs", "TemplateBody"),
    ),
    steps=(
        "Take the change set's ARN from list-change-sets: who may write there could put another of its name there.",
        "Read its template (get-template) and capabilities (describe-change-set) by it: nobody approved a template.",
        "Run it by that ARN, and by no name: only a person does.",
        "Restore the data of its resources, each as what it is: the stack makes them empty.",
        "Update it with its tags: nobody else sets them, and without them it is not backed up.",
    ),
    comes_back="a stack with nothing in it yet, and a change set of its template, which a person runs",
    lost="the data of its resources, its tags; where a name in it is taken, the change set fails",
    pace="a few minutes, and then its resources each by itself",
    estimate=Estimate(pace=Pace(fixed=5), is_of_its_start=False),
    untagged="its tags change by an update of all that is in it, which a person makes",
)

KINDS: Final = (WAREHOUSE, DISTRIBUTED, KUBERNETES, STACK)
