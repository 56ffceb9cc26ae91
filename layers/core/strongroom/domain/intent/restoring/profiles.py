"""What the intent says of where restores may lie: what each account has for them, and what is let through at all."""

from typing import Annotated, Literal

from msgspec import Struct

from strongroom.domain import forms
from strongroom.domain.identifiers import AccountId, Region

_Names = tuple[Annotated[str, forms.AWS_NAME], ...]
_Limit = Literal["never", "elevated"]


class RestoreLimits(Struct, frozen=True, kw_only=True):
    """What is refused (`never`), or let through where the stricter rule decides (`elevated`)."""

    into_existing: Annotated[
        _Limit,
        "Restores into what lives: the file system or bucket that was backed up, or a cluster of EKS of the profile.",
    ] = "never"
    backed_up_role: Annotated[
        _Limit,
        "Restored instances under the role that they were backed up with, where a profile lends it.",
    ] = "never"
    replication_role: Annotated[
        _Limit,
        "Replication of restored buckets under a role that a profile lends: S3 gets it, and may be set to copy.",
    ] = "never"
    infected: Annotated[_Limit, "Backups in which malware was found."] = "never"


class AccountProfile(Struct, frozen=True, kw_only=True):
    """What an account has for restores in one Region; of each list the first is taken unless the asker names another.

    What is left out cannot be chosen, and what needs it is not restored there.
    """

    account: Annotated[AccountId, forms.ACCOUNT_ID, "The account that is restored into."]
    region: Annotated[Region, forms.REGION, "The Region that is restored into."]
    keys: Annotated[
        tuple[Annotated[str, forms.KMS_KEY_ARN], ...],
        "ARNs of the keys that what is restored is encrypted with, by their ids and not by an alias. Under the first "
        "lies the vault `strongroom-restores`, which copies come back into.",
    ] = ()
    subnets: Annotated[tuple[Annotated[str, forms.SUBNET_ID], ...], "Subnets, without a way in from outside."] = ()
    security_groups: Annotated[
        tuple[Annotated[tuple[Annotated[str, forms.SECURITY_GROUP_ID], ...], forms.AT_LEAST_ONE], ...],
        "Lists of security groups that go together.",
    ] = ()
    zones: Annotated[_Names, "Availability Zones of volumes, and of file systems in one zone."] = ()
    db_subnet_group: Annotated[_Names, "Subnet groups of databases and clusters of databases."] = ()
    redshift_subnet_group: Annotated[_Names, "Subnet groups of Redshift."] = ()
    parameter_groups: Annotated[
        _Names, "Parameter groups of databases, of their clusters and of Redshift; else the service's own is taken."
    ] = ()
    option_groups: Annotated[_Names, "Option groups of databases; else the service's own is taken."] = ()
    roles: Annotated[
        tuple[Annotated[str, forms.ROLE_ARN], ...],
        "Roles of the account that an instance may be restored with, or S3 replicates a restored bucket under; no "
        "other can be lent to them.",
    ] = ()
    classes: Annotated[_Names, "Classes and types of machines, nodes and volumes that somebody may ask for."] = ()
    directory: Annotated[
        tuple[Annotated[str, forms.DIRECTORY_ID], ...], "Directories of AWS for file systems of Windows."
    ] = ()
    svm: Annotated[tuple[Annotated[str, forms.SVM_ID], ...], "Virtual machines of ONTAP that volumes come into."] = ()
    timestream_database: Annotated[_Names, "Databases of Timestream that tables come into."] = ()
    clusters: Annotated[_Names, "Clusters of EKS that namespaces come into."] = ()
    raw: Annotated[
        tuple[Annotated[str, forms.TYPE_BY_HAND], ...],
        "Types that no machine restores, of which a person may write all metadata; the stricter rule decides.",
    ] = ()
    native: Annotated[
        tuple[Annotated[str, forms.OWN_CALL], ...],
        "Calls of services that restore what AWS Backup cannot, of which a person may write the parameters; the "
        "stricter rule decides.",
    ] = ()

    @property
    def place(self) -> str:
        """The account and Region as people call them."""
        return f"{self.account} in {self.region}"
