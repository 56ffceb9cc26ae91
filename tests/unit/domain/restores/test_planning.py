"""Into which Region a recovery point comes back, and which ways there are: what AWS does not copy is refused early.

Source: AWS Backup Developer Guide, "Feature availability" (which types are copied across accounts and Regions in one
action, and what is less in Regions that are off at first), "Restore S3 data using AWS Backup" (in the copy's Region).
"""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import MalformedRequestError, RestoreRefusedError
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.restores.planning import choose_through, decide_plan, target_region
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
from tests.builders.restores import CENTRAL_POINT, DATABASE, a_recovery_point

OPT_IN = Region("eu-south-1")
OPT_IN_VAULT = a_vault_arn("far-backup-vault", region=OPT_IN)
GAPPED = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
SAFE = a_vault_arn("safe-vault", account=BACKUP_ACCOUNT)
GUARDED = a_vault_arn("guarded-vault", account=VAULT_ACCOUNT)
GUARDED_HERE = a_vault_arn("guarded-here-vault", account=BACKUP_ACCOUNT)
TEAM = "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults"
THEIRS = a_vault_arn("theirs-vault", account=VAULT_ACCOUNT)
VAULTS_ONLY = a_vault_arn("apart-vault", account=VAULT_ACCOUNT)
OWN_THERE = a_vault_arn("second-vault", account=PAYMENTS, region=REPLICA_REGION)
LOCAL, BACK = RestorePlan.LOCAL, RestorePlan.COPY_BACK
CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:documents"
TABLE = {"resource": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders", "resource_type": "DynamoDB"}
SYSTEM = f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0abc"
S3 = {"resource": "arn:aws:s3:::papers", "resource_type": "S3", "source_vault": a_recovery_point().vault}


@pytest.fixture
def wide(intent: Intent) -> Intent:
    """The example with plans in three Regions, of which one is off at first, and a vault for copies in each."""
    regions = (HOME, REPLICA_REGION, OPT_IN)
    more = {
        "far": Vault(name="far-backup-vault", account=BACKUP_ACCOUNT, region=OPT_IN),
        "gapped": Vault(name="gapped-vault", account=VAULT_ACCOUNT, kind="air-gapped"),
        "safe": Vault(name="safe-vault", account=BACKUP_ACCOUNT, kind="air-gapped"),
        "theirs": Vault(name="theirs-vault", account=VAULT_ACCOUNT, kind="air-gapped", existing=True),
        "guarded": Vault(
            name="guarded-vault", account=VAULT_ACCOUNT, kind="air-gapped", existing=True, approval_team=TEAM
        ),
        "guarded-here": Vault(name="guarded-here-vault", account=BACKUP_ACCOUNT, kind="air-gapped", approval_team=TEAM),
        "apart": Vault(name="apart-vault", account=VAULT_ACCOUNT),
        "second": Vault(name="second-vault", account="own", region=REPLICA_REGION),
    }
    organization = replace(intent.organization, governed_regions=regions)
    return replace(intent, organization=organization, vaults={**intent.vaults, **more})


def a_copy(vault: str, **changes: Any) -> RecoveryPoint:
    """A copy in a vault of the backup account."""
    return a_recovery_point(arn=CENTRAL_POINT, vault=vault, **changes)


THERE = DATABASE.replace(HOME, REPLICA_REGION)


@pytest.mark.parametrize(
    ("point", "wished", "region"),
    [
        pytest.param(a_recovery_point(), "", HOME, id="out of its own vault, where it lies"),
        pytest.param(a_copy(OWN_THERE), "", REPLICA_REGION, id="out of its own vault in another Region"),
        pytest.param(a_copy(CENTRAL_VAULT), "", HOME, id="central"),
        pytest.param(a_copy(REPLICA_VAULT), "", HOME, id="replica, where the resource was"),
        pytest.param(a_copy(CENTRAL_VAULT, resource=THERE), "", REPLICA_REGION, id="central, where the resource was"),
        pytest.param(a_copy(CENTRAL_VAULT, resource=THERE), HOME, HOME, id="as is wished for"),
        pytest.param(a_copy(REPLICA_VAULT), REPLICA_REGION, REPLICA_REGION, id="replica, as is wished for"),
        pytest.param(a_copy(REPLICA_VAULT, **S3), "", REPLICA_REGION, id="a bucket, where its copy lies"),
        pytest.param(a_copy(GUARDED_HERE, resource=THERE), "", HOME, id="where its team opens the vault"),
    ],
)
def test_it_comes_back_where_it_was_unless_somebody_wishes_otherwise(
    point: RecoveryPoint, wished: str, region: str, wide: Intent
) -> None:
    assert target_region(point, wished=wished, intent=wide) == region


@pytest.mark.parametrize("wished", ["us-east-1", "nowhere", "eu-west-1 ", REPLICA_REGION])
def test_nothing_comes_back_where_nobody_governs(wished: str, intent: Intent) -> None:
    with pytest.raises(MalformedRequestError, match="is not one of the governed Regions"):
        target_region(a_copy(CENTRAL_VAULT), wished=wished, intent=intent)


@pytest.mark.parametrize(
    ("point", "region", "plan"),
    [
        pytest.param(a_recovery_point(), HOME, LOCAL, id="out of its own vault"),
        pytest.param(a_copy(CENTRAL_VAULT), HOME, BACK, id="central"),
        pytest.param(a_copy(CENTRAL_VAULT), REPLICA_REGION, BACK, id="central, into another Region"),
        pytest.param(a_copy(REPLICA_VAULT), REPLICA_REGION, BACK, id="replica"),
        pytest.param(a_copy(REPLICA_VAULT), HOME, BACK, id="replica, into another Region"),
        pytest.param(a_copy(OWN_THERE), REPLICA_REGION, LOCAL, id="its own vault in another Region"),
        pytest.param(a_copy(OPT_IN_VAULT), HOME, BACK, id="out of a Region that is off at first"),
        pytest.param(a_copy(REPLICA_VAULT, **S3), REPLICA_REGION, BACK, id="a bucket, in the Region of its copy"),
        pytest.param(
            a_copy(OPT_IN_VAULT, resource=SYSTEM, resource_type="FSx"), OPT_IN, BACK, id="FSx, where it is off at first"
        ),
        pytest.param(a_copy(GAPPED, **TABLE), HOME, LOCAL, id="air-gapped, shared by an account of vaults"),
        pytest.param(a_copy(SAFE, **TABLE), HOME, LOCAL, id="air-gapped, shared by the backup account"),
        pytest.param(a_copy(GUARDED, **TABLE), HOME, LOCAL, id="air-gapped, opened by its team"),
        pytest.param(a_copy(GUARDED_HERE, **TABLE), HOME, LOCAL, id="of the backup account, opened by its team"),
        pytest.param(a_copy(SAFE, **TABLE), REPLICA_REGION, BACK, id="air-gapped, into another Region"),
        pytest.param(a_copy(GAPPED, **S3), HOME, LOCAL, id="a bucket, shared"),
    ],
)
def test_a_copy_of_the_backup_account_comes_back_from_wherever_it_lies(
    point: RecoveryPoint, region: Region, plan: RestorePlan, wide: Intent
) -> None:
    assert decide_plan(point, account=PAYMENTS, region=region, intent=wide) is plan


@pytest.mark.parametrize(
    ("point", "region", "why"),
    [
        pytest.param(a_recovery_point(), REPLICA_REGION, "choose its copy in a central vault", id="its own vault"),
        pytest.param(
            a_copy(CENTRAL_VAULT), Region("us-east-1"), "us-east-1 is not one of the governed", id="ungoverned"
        ),
        pytest.param(a_copy(CENTRAL_VAULT, **S3), REPLICA_REGION, "in the Region of its copy only", id="a bucket"),
        pytest.param(
            a_copy(GAPPED), HOME, "no backup of RDS is restored out of an air-gapped vault", id="no gap takes"
        ),
        pytest.param(
            a_copy(GAPPED, **TABLE), REPLICA_REGION, "it is restored in eu-west-1, where it lies", id="shared elsewhere"
        ),
        pytest.param(
            a_copy(GUARDED, **TABLE), REPLICA_REGION, "a vault that is shared or opened", id="opened elsewhere"
        ),
        pytest.param(
            a_copy(GUARDED_HERE, **TABLE),
            REPLICA_REGION,
            "a vault that is shared or opened",
            id="of the backup account, opened elsewhere",
        ),
        pytest.param(
            a_copy(THEIRS, **TABLE), HOME, "theirs-vault of account 444444444444, which is not made", id="theirs"
        ),
        pytest.param(
            a_copy(GAPPED, resource="arn:aws:s3:::papers", resource_type="S3"),
            HOME,
            "does not say whose it is",
            id="a bucket of anybody's",
        ),
        pytest.param(a_copy(VAULTS_ONLY), HOME, "account 444444444444, which has vaults only", id="vaults only"),
        pytest.param(a_copy(OWN_THERE), HOME, "choose its copy in a central vault", id="its own vault elsewhere"),
        pytest.param(a_copy(CENTRAL_VAULT, is_cold=True), REPLICA_REGION, "lies in cold storage", id="cold"),
        pytest.param(
            a_copy(OPT_IN_VAULT, resource=SYSTEM, resource_type="FSx"), HOME, "to other accounts only", id="FSx"
        ),
        pytest.param(
            a_copy(CENTRAL_VAULT, resource=CLUSTER, resource_type="DocumentDB"),
            OPT_IN,
            "between eu-west-1 and eu-south-1 AWS Backup copies a backup of DocumentDB cluster neither",
            id="DocumentDB",
        ),
        pytest.param(
            a_copy(OPT_IN_VAULT, resource=CLUSTER, resource_type="Neptune"),
            OPT_IN,
            "to other Regions only",
            id="Neptune",
        ),
    ],
)
def test_what_aws_does_not_do_is_refused_before_anybody_is_asked(
    point: RecoveryPoint, region: Region, why: str, wide: Intent
) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        decide_plan(point, account=PAYMENTS, region=region, intent=wide)


def test_no_two_copies_lead_past_the_team_of_a_vault(wide: Intent) -> None:
    point = a_copy(GUARDED_HERE, **TABLE)
    with pytest.raises(RestoreRefusedError, match="two copies lead out of a central vault"):
        choose_through(point, region=REPLICA_REGION, in_two=True, intent=wide)
    with pytest.raises(RestoreRefusedError, match="two copies lead out of a central vault"):
        decide_plan(point, account=PAYMENTS, region=REPLICA_REGION, intent=wide, through=REPLICA_VAULT)
