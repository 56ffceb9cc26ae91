"""Where one copy does not lead to another account and Region, two do, and where they do not either it is said.

Source: AWS Backup Developer Guide, "Feature availability" (copies across accounts and Regions in one action, and what
is less where a Region is off at first).
"""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.restores.planning import choose_through, decide_plan
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.builders.restores import CENTRAL_POINT, a_recovery_point

OFF, FAR = Region("eu-south-1"), Region("ap-east-1")
OFF_VAULT = a_vault_arn("off-vault", region=OFF)
FAR_VAULT = a_vault_arn("far-vault", region=FAR)
VAULT_IN = {HOME: CENTRAL_VAULT, REPLICA_REGION: REPLICA_VAULT, OFF: OFF_VAULT, FAR: FAR_VAULT}
LOCK = VaultLock(min_retention_days=35, max_retention_days=3000)
ONE, TWO, NEVER = "one", "two", "never"
RESOURCES = {
    "RDS": f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders",
    "Aurora": f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders",
    "DocumentDB": f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:papers",
    "Neptune": f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:graph",
    "DynamoDB": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
    "EBS": f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-0a",
    "EC2": f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-0a",
    "EFS": f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-0a",
    "FSx": f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0a",
    "Timestream": f"arn:aws:timestream:{HOME}:{PAYMENTS}:database/d/table/t",
    "Redshift": f"arn:aws:redshift:{HOME}:{PAYMENTS}:cluster:sums",
}
EVERYWHERE = ("RDS", "Aurora", "DynamoDB", "EBS", "EC2", "EFS")
# Of Regions that every account has, of such a one into one that is off at first, back, and between two of those.
WAYS = ((HOME, REPLICA_REGION), (HOME, OFF), (OFF, HOME), (OFF, FAR))
TABLE = {
    **dict.fromkeys(EVERYWHERE, (ONE, ONE, ONE, ONE)),
    "DocumentDB": (ONE, NEVER, NEVER, NEVER),
    "Neptune": (ONE, NEVER, TWO, NEVER),
    "Timestream": (ONE, NEVER, TWO, NEVER),
    "FSx": (ONE, NEVER, NEVER, NEVER),
    "Redshift": (NEVER, NEVER, NEVER, NEVER),
}
CASES = [
    pytest.param(kind, *way, planned, id=f"{kind} from {way[0]} to {way[1]}")
    for kind, row in TABLE.items()
    for way, planned in zip(WAYS, row, strict=True)
]


@pytest.fixture
def wide(intent: Intent) -> Intent:
    """The example with plans in four Regions, of which two are off at first, and a vault for copies in each."""
    more = {
        "off": Vault(name="off-vault", account=BACKUP_ACCOUNT, region=OFF, lock=LOCK),
        "far": Vault(name="far-vault", account=BACKUP_ACCOUNT, region=FAR, lock=LOCK),
    }
    organization = replace(intent.organization, governed_regions=(HOME, REPLICA_REGION, OFF, FAR))
    return replace(intent, organization=organization, vaults={**intent.vaults, **more})


def a_copy(kind: str, vault: str, **changes: Any) -> RecoveryPoint:
    """A copy in a vault of the backup account."""
    return a_recovery_point(arn=CENTRAL_POINT, vault=vault, resource=RESOURCES[kind], resource_type=kind, **changes)


def _planned(point: RecoveryPoint, region: Region, intent: Intent, *, in_two: bool = False) -> str:
    """By how many copies it comes there."""
    try:
        through = choose_through(point, region=region, in_two=in_two, intent=intent)
        plan = decide_plan(point, account=PAYMENTS, region=region, intent=intent, through=through)
    except RestoreRefusedError:
        return NEVER
    assert plan is RestorePlan.COPY_BACK
    assert through in ("", VAULT_IN[region])
    return TWO if through else ONE


@pytest.mark.parametrize(("kind", "source", "target", "planned"), CASES)
def test_it_comes_back_by_as_few_copies_as_aws_takes(
    kind: str, source: Region, target: Region, planned: str, wide: Intent
) -> None:
    assert _planned(a_copy(kind, VAULT_IN[source]), target, wide) == planned


@pytest.mark.parametrize(("kind", "source", "target", "planned"), CASES)
def test_two_copies_can_be_wished_for_wherever_one_would_do(
    kind: str, source: Region, target: Region, planned: str, wide: Intent
) -> None:
    """Where AWS refuses both in one action against its pages."""
    wished = _planned(a_copy(kind, VAULT_IN[source]), target, wide, in_two=True)
    assert wished == (NEVER if planned == NEVER else TWO)


@pytest.mark.parametrize(
    ("point", "region", "why"),
    [
        pytest.param(
            a_copy("RDS", CENTRAL_VAULT), HOME, "out of a central vault into another Region", id="in its Region"
        ),
        pytest.param(
            a_recovery_point(),
            REPLICA_REGION,
            "out of a central vault into another Region",
            id="out of the local vault",
        ),
        pytest.param(
            a_copy("DocumentDB", OFF_VAULT),
            HOME,
            "a backup of DocumentDB cluster does not come from eu-south-1 into eu-west-1 in two copies either: between "
            "the two AWS Backup copies it neither to another Region nor to another account, and inside eu-west-1 ",
            id="no way to the Region",
        ),
        pytest.param(
            a_copy("Neptune", CENTRAL_VAULT), OFF, "and inside eu-south-1 to other Regions only", id="no way on from it"
        ),
    ],
)
def test_a_wish_for_two_copies_that_cannot_be_is_refused(
    point: RecoveryPoint, region: Region, why: str, wide: Intent
) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        choose_through(point, region=region, in_two=True, intent=wide)


def test_without_a_vault_to_copy_through_it_is_said_what_is_missing(wide: Intent) -> None:
    """An air-gapped vault is none, and neither is one of another account."""
    others = {
        "central": replace(wide.vaults["central"], region=REPLICA_REGION, name="there"),
        "gapped": Vault(name="gapped", account=BACKUP_ACCOUNT, region=HOME, lock=LOCK, kind="air-gapped"),
        "apart": Vault(name="apart", account=VAULT_ACCOUNT, region=HOME, lock=LOCK),
    }
    without = replace(wide, vaults={**wide.vaults, **others})
    point = a_copy("Neptune", OFF_VAULT)
    assert choose_through(point, region=HOME, in_two=False, intent=without) == ""
    missing = "the backup account has no vault in eu-west-1 through which it could be copied there in two steps"
    with pytest.raises(
        RestoreRefusedError, match=f"copies a backup of Neptune cluster to other Regions only.*; {missing}"
    ):
        decide_plan(point, account=PAYMENTS, region=HOME, intent=without)
    with pytest.raises(RestoreRefusedError, match=missing):
        choose_through(point, region=HOME, in_two=True, intent=without)


def test_of_several_vaults_it_goes_through_the_one_that_lets_it_go_soonest(wide: Intent) -> None:
    brief = Vault(name="brief", account=BACKUP_ACCOUNT, region=REPLICA_REGION, lock=replace(LOCK, min_retention_days=1))
    through = choose_through(
        a_copy("RDS", CENTRAL_VAULT),
        region=REPLICA_REGION,
        in_two=True,
        intent=replace(wide, vaults={**wide.vaults, "brief": brief}),
    )
    assert Arn.parse(through).name == "brief"


@pytest.mark.parametrize(
    "through",
    [CENTRAL_VAULT, OFF_VAULT, a_vault_arn("unheard", region=REPLICA_REGION), a_vault_arn("apart", account=PAYMENTS)],
    ids=["the one it lies in", "of another Region", "unheard of", "of another account"],
)
def test_no_other_vault_is_copied_through(through: str, wide: Intent) -> None:
    with pytest.raises(RestoreRefusedError, match="no vault in eu-central-1 through which"):
        decide_plan(a_copy("RDS", CENTRAL_VAULT), account=PAYMENTS, region=REPLICA_REGION, intent=wide, through=through)


@pytest.mark.parametrize("through", [REPLICA_VAULT, CENTRAL_VAULT])
def test_what_lies_in_its_own_vault_goes_through_no_other(through: str, wide: Intent) -> None:
    with pytest.raises(RestoreRefusedError, match="out of a central vault into another Region, and from nowhere else"):
        decide_plan(a_recovery_point(), account=PAYMENTS, region=HOME, intent=wide, through=through)
