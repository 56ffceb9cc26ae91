"""The intent's restore profiles and limits, as the decision takes them."""

from typing import Final

from msgspec import Struct

from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.deciding.case import Choice, Limits, RestoreProfile

# Which list of a profile has the choices for a key of the metadata.
LIST_OF: Final = {
    "ClusterParameterGroupName": "parameter_groups",
    "ClusterSubnetGroupName": "redshift_subnet_group",
    "DBClusterParameterGroupName": "parameter_groups",
    "DBParameterGroupName": "parameter_groups",
    "DBSubnetGroupName": "db_subnet_group",
    "DatabaseName": "timestream_database",
    "OntapConfiguration.storageVirtualMachineId": "svm",
    "OpenZFSConfiguration.PreferredSubnetId": "subnets",
    "OptionGroupName": "option_groups",
    "SecurityGroupIds": "security_groups",
    "SubnetId": "subnets",
    "SubnetIds": "subnets",
    "VpcSecurityGroupIds": "security_groups",
    "WindowsConfiguration.ActiveDirectoryId": "directory",
    "WindowsConfiguration.PreferredSubnetId": "subnets",
    "availabilityZone": "zones",
    "availabilityZoneName": "zones",
    "clusterName": "clusters",
}


class Allowance(Struct, frozen=True, kw_only=True):
    """What the intent has and lets for restores into one account and Region."""

    profile: RestoreProfile
    limits: Limits


def allowance_of(restores: Restores, *, account: str, region: str) -> Allowance:
    """The profile of the place, which has nothing where the intent has none for it, and the limits of the intent."""
    found = next((each for each in restores.profiles if (each.account, each.region) == (account, region)), None)
    limits = restores.limits
    return Allowance(
        profile=RestoreProfile() if found is None else _profile(found),
        limits=Limits(
            classes=() if found is None else found.classes,
            raw=() if found is None else found.raw,
            native=() if found is None else found.native,
            allow_into_existing=limits.into_existing == ELEVATED_RISK,
            allow_backed_up_role=limits.backed_up_role == ELEVATED_RISK,
            allow_infected=limits.infected == ELEVATED_RISK,
        ),
    )


def _profile(found: AccountProfile) -> RestoreProfile:
    places: dict[str, tuple[Choice, ...]] = {key: getattr(found, name) for key, name in LIST_OF.items()}
    return RestoreProfile(places={key: choices for key, choices in places.items() if choices}, keys=found.keys)
