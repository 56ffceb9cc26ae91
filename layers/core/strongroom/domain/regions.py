"""What is known of Regions beside their names: which may be off in an account, and which was meant by a wrong name.

Sources: AWS General Reference, "AWS Regions": what opened after 20 March 2019 is off until it is enabled; Account
Management Reference Guide, "Enable or disable AWS Regions in your account" and EnableRegion.
"""

from collections.abc import Iterable
from typing import Final

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.nearest import nearest
from strongroom.domain.partitions import COMMERCIAL, partition_of

ALWAYS_ON: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)

_ON: Final = frozenset({"ENABLED", "ENABLED_BY_DEFAULT"})
_ENABLING: Final = "ENABLING"
_DISABLING: Final = "DISABLING"
_SOME_TIME: Final = "which takes minutes and may take hours"
_TRUST: Final = "aws organizations enable-aws-service-access --service-principal account.amazonaws.com"


def may_be_off(region: Region) -> bool:
    """Whether nothing can be done there in an account before somebody enables it."""
    return region not in ALWAYS_ON and partition_of(region) == COMMERCIAL


def is_off(opt_status: str) -> bool:
    """Whether an account can do nothing in a Region of that status: one that is being enabled is not on yet."""
    return opt_status not in _ON


def enabling(region: Region, account: AccountId, *, opt_status: str, management: AccountId) -> str:
    """What a person does about a Region that is off in an account; while AWS changes its status it takes no order."""
    if opt_status == _ENABLING:
        return f"wait until AWS has enabled it, {_SOME_TIME}"
    command = _enable_command(region, account, management=management)
    return f"wait until AWS has disabled it, {_SOME_TIME}, then {command}" if opt_status == _DISABLING else command


def _enable_command(region: Region, account: AccountId, *, management: AccountId) -> str:
    """Who is not the management account, which cannot name itself, is named."""
    if account == management:
        return f"aws account enable-region --region-name {region}, in that account"
    command = f"aws account enable-region --account-id {account} --region-name {region}"
    return f"{command}, from the management account (once before: {_TRUST})"


def meant_region(name: str, known: Iterable[str]) -> str | None:
    """The known Region that is spelled most like a name; None where none is like it."""
    return nearest(name[:40].lower(), sorted(known))
