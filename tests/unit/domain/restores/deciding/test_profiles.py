"""What the intent has and lets for restores into an account, as the decision takes it."""

from copy import replace

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.deciding.case import Limits, RestoreProfile
from strongroom.domain.restores.deciding.profiles import LIST_OF, allowance_of
from strongroom.domain.restores.kinds.model import Key, Use
from strongroom.domain.restores.kinds.table import KINDS
from tests.builders.places import HOME, PAYMENTS

PROFILE = AccountProfile(
    account=PAYMENTS,
    region=HOME,
    keys=(f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1",),
    subnets=("subnet-1",),
    security_groups=(("sg-1", "sg-2"), ("sg-3",)),
    parameter_groups=("pg16",),
    classes=("gp3",),
    raw=("VirtualMachine",),
    native=("ec2:CreateVolume",),
)
LIMITS = Limits(classes=("gp3",), raw=("VirtualMachine",), native=("ec2:CreateVolume",))
RESTORES = Restores(requesters="oncall", rules=(), profiles=(PROFILE,))


def _paths(keys: tuple[Key, ...], path: str = "") -> list[str]:
    inner = [each for key in keys for each in _paths(key.inner, f"{path}{key.name}.")]
    return inner + [path + key.name for key in keys if key.use in (Use.PLACE, Use.OFFER)]


def test_every_place_that_a_kind_takes_is_in_a_list_of_the_profile() -> None:
    assert {path for kind in KINDS for path in _paths(kind.keys)} == LIST_OF.keys()


def test_a_profile_gives_the_choices_for_each_key() -> None:
    allowed = allowance_of(RESTORES, account=PAYMENTS, region=HOME)
    assert allowed.profile == RestoreProfile(
        keys=(f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1",),
        places={
            "ClusterParameterGroupName": ("pg16",),
            "DBClusterParameterGroupName": ("pg16",),
            "DBParameterGroupName": ("pg16",),
            "OpenZFSConfiguration.PreferredSubnetId": ("subnet-1",),
            "SecurityGroupIds": (("sg-1", "sg-2"), ("sg-3",)),
            "SubnetId": ("subnet-1",),
            "SubnetIds": ("subnet-1",),
            "VpcSecurityGroupIds": (("sg-1", "sg-2"), ("sg-3",)),
            "WindowsConfiguration.PreferredSubnetId": ("subnet-1",),
        },
    )
    assert allowed.limits == LIMITS


def test_a_place_without_a_profile_has_nothing() -> None:
    for account, region in ((AccountId("333333333333"), HOME), (PAYMENTS, Region("us-east-1"))):
        allowed = allowance_of(RESTORES, account=account, region=region)
        assert allowed.profile == RestoreProfile()
        assert allowed.limits == Limits()


def test_what_is_elevated_is_let_through() -> None:
    limits = RestoreLimits(into_existing="elevated", backed_up_role="elevated", infected="elevated")
    allowed = allowance_of(replace(RESTORES, limits=limits), account=PAYMENTS, region=HOME)
    assert allowed.limits == replace(LIMITS, allow_into_existing=True, allow_backed_up_role=True, allow_infected=True)
