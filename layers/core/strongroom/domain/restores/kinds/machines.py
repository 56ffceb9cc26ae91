"""Volumes of EBS and instances of EC2.

From the AWS Backup Developer Guide, "Restore an Amazon EBS volume", "Restore an Amazon EC2 instance" and "Restore files
and folders"; what AWS tells of an instance, public addresses among it, is from public records.
"""

from typing import Final

from strongroom.domain.catalogue import ec2
from strongroom.domain.restores.kinds.estimates import Estimate, Pace
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Barred, Key, Name, NativeCall, RestoreKind, Shape, Use
from strongroom.domain.restores.kinds.spelled import (
    asked,
    carried,
    chosen,
    encrypted_by,
    fixed,
    flags,
    never,
    number,
    place,
    size_class,
    speed,
)

_INSTANCES, _VOLUMES = ec2.TYPES
_ALARMS: Final = SENTENCES[MachineStep.ALARMS]

VOLUME: Final = RestoreKind(
    row=_VOLUMES,
    target=Name(before="nothing: a volume has no name", after="the job tells the volume's id"),
    keys=(
        *place("availabilityZone"),
        *encrypted_by("kmsKeyId"),
        *fixed("encrypted", "true"),
        *size_class("volumeType"),
        *number("volumeSize", least=1, most=65536, grows=True),
        *speed("iops", of="volumeType", kinds=("gp3", "io1", "io2"), needs=("io1", "io2")),
        *speed("throughput", of="volumeType", kinds=("gp3",), needs=()),
        *asked("temporaryRestoreDays", shape=Shape.NUMBER, most=180),
        *never("volumeId"),
        *never("destinationBucketName", "encryptionType", "pathsToRestore", "restoreType", barred=Barred.EXPORT),
    ),
    calls=(NativeCall(call=ec2.VOLUME_CALL),),
    steps=(
        _ALARMS,
        "Attach it: a volume comes back beside its instance and not in it.",
    ),
    comes_back="the blocks, the size and the type, under a key of the profile",
    lost="the attachment, the device name, the alarms",
    pace="about 2 minutes, blocks arrive when they are first read; out of the archive up to 72 hours",
    estimate=Estimate(pace=Pace(fixed=2), cold=4320),
)
INSTANCE: Final = RestoreKind(
    row=_INSTANCES,
    target=Name(before="nothing: an instance has no name", after="the job tells the instance's id"),
    keys=(
        *place("SubnetId"),
        *place("SecurityGroupIds", shape=Shape.LIST),
        Key(name="BlockDeviceMappings", use=Use.DEVICES, shape=Shape.JSON),
        Key(name="IamInstanceProfileName", use=Use.ROLE, value="UseBackedUpValue", barred=Barred.ROLE),
        *fixed("RequireIMDSv2", "true"),
        *fixed("InstanceInitiatedShutdownBehavior", "stop"),
        *size_class("InstanceType"),
        *chosen("KeyName"),
        *flags("DisableApiStop", "DisableApiTermination", "EbsOptimized"),
        *carried("CpuOptions", "CreditSpecification", "EnclaveOptions", "HibernationOptions", shape=Shape.JSON),
        *carried("LicenseSpecifications", "MaintenanceOptions", "Monitoring", shape=Shape.JSON),
        *never("Architecture", "CapacityReservationSpecification", "ElasticGpuSpecification", "EnaSupport"),
        *never("ImageId", "InstanceMarketOptions", "KernelId", "LaunchTemplate", "MetadataOptions"),
        *never("NetworkInterfaces", "Placement", "Platform", "PrivateIpAddress", "RamdiskId", "RootDeviceName"),
        *never("RootDeviceType", "SecurityGroups", "SnapshotId", "VirtualizationType", "VpcId"),
        *never("UserData", barred=Barred.CODE),
        *never("IamInstanceProfile", barred=Barred.ROLE),
    ),
    steps=(
        _ALARMS,
        "Give it a role: it comes back without one, unless the backed-up one was approved.",
        "Join it to its domain, and give it the address by which it is known.",
    ),
    comes_back="the volumes, the type and the processor's options, in a subnet of the profile",
    lost="the role, user data, addresses, interfaces, placement, groups, the domain, the alarms",
    pace="about 5 minutes, blocks arrive when they are first read; an image and snapshots are made beside it",
    estimate=Estimate(pace=Pace(fixed=5)),
)

KINDS: Final = (VOLUME, INSTANCE)
