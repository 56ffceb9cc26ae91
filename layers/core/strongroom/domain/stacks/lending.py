"""What restore profiles lend to restore jobs, of all accounts together: each StackSet is told once for all of them."""

from collections.abc import Mapping
from typing import Final

from strongroom.domain.catalogue import ec2, fsx, redshift
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.model import Intent

_SERVICES: Final = {row.name: row.arn.split(":")[2] for row in ROWS if row.is_restored_as_written}
# What of a service a restore names, or makes its resources in (Service Authorization Reference of each).
_NAMED: Final = {
    "backup-gateway": ("hypervisor/*",),
    "redshift-serverless": ("namespace/*", "snapshot/*", "workgroup/*"),
    "ssm-sap": ("HANA/*",),
    "storagegateway": ("gateway/*",),
}
# What a call restores from, and what it makes.
_CALLED: Final = {
    fsx.SYSTEM_CALL: (":{account}:backup/*", ":{account}:file-system/*"),
    # A snapshot's ARN has no account.
    ec2.VOLUME_CALL: ("::snapshot/*", ":{account}:volume/*"),
    redshift.TABLE_CALL: (":{account}:snapshot:*/awsbackup:*", ":{account}:cluster:*"),
    redshift.NAMESPACE_TABLE_CALL: (":{account}:snapshot/*", ":{account}:namespace/*"),
}
# What a call overwrites something from, which is asked for that alone: a right to it must come by no other call.
_OVERWRITTEN: Final = {redshift.NAMESPACE_CALL: (":{account}:snapshot/*",)}
_OF_EKS: Final = "arn:{}:eks:{}:{}:{}/{}{}"


def lent_roles(intent: Intent) -> tuple[str, ...]:
    """The roles that restored instances may have, by ARN: those of the profiles, where the intent lends any."""
    restores = intent.restores
    return () if restores is None or restores.limits.backed_up_role != ELEVATED_RISK else _roles(restores)


def replication_roles(intent: Intent) -> tuple[str, ...]:
    """The roles that S3 may replicate restored buckets under, by ARN: those of the profiles, where it may at all."""
    restores = intent.restores
    return () if restores is None or restores.limits.replication_role != ELEVATED_RISK else _roles(restores)


def _roles(restores: Restores) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role for profile in restores.profiles for role in profile.roles))


def entered_clusters(intent: Intent) -> tuple[str, ...]:
    """The ARNs of the clusters of EKS that namespaces come into, and of what AWS Backup enters and looks at there."""
    profiles = () if intent.restores is None else intent.restores.profiles
    partition = intent.partition.name
    return tuple(
        _OF_EKS.format(partition, profile.region, profile.account, kind, cluster, rest)
        for profile in profiles
        for cluster in profile.clusters
        for kind, rest in (("cluster", ""), ("access-entry", "/*/*/*/*"), ("addon", "/*/*"))
    )


def restored_by_hand(intent: Intent) -> tuple[str, ...]:
    """ARNs of what a service has of a type that a profile lets be restored by hand, in its account and Region."""
    profiles = () if intent.restores is None else intent.restores.profiles
    found = (
        f"arn:{intent.partition.name}:{service}:{profile.region}:{profile.account}:{named}"
        for profile in profiles
        for service in (_SERVICES[name] for name in profile.raw)
        for named in _NAMED[service]
    )
    return tuple(dict.fromkeys(found))


def restored_by_call(intent: Intent) -> tuple[str, ...]:
    """ARNs of what calls of services restore from and make, where a profile lets them, in its account and Region."""
    return _named_for(intent, _CALLED)


def overwritten_by_call(intent: Intent) -> tuple[str, ...]:
    """ARNs of what calls that overwrite restore from, where a profile lets them, in its account and Region."""
    return _named_for(intent, _OVERWRITTEN)


def _named_for(intent: Intent, named_by: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    profiles = () if intent.restores is None else intent.restores.profiles
    found = (
        f"arn:{intent.partition.name}:{call.partition(':')[0]}:{profile.region}{named.format(account=profile.account)}"
        for profile in profiles
        for call in profile.native
        for named in named_by.get(call, ())
    )
    return tuple(dict.fromkeys(found))
