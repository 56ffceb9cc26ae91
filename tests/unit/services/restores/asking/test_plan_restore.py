"""Planning a restore: what AWS would refuse is refused before anybody is asked to approve."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.copies.found import MadeBy
from strongroom.domain.errors import MalformedRequestError, RestoreRefusedError
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
from strongroom.services.restores.asking.plan_restore import plan_restore
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, REPLICA_REGION, REPLICA_VAULT, TEMPORARY_VAULT
from tests.builders.restores import (
    CENTRAL_POINT,
    LOCAL_KEY,
    NOW,
    ORGANIZATION_PLAN,
    POINT,
    PROFILE,
    RESTORE_KEY,
    WORKLOAD_KEY,
    a_landing_vault,
    a_local_landing,
    a_recovery_point,
)
from tests.fakes.restores.world import CeremonyWorld


def _plan(world: CeremonyWorld, recovery_point: str = POINT, region: str = "", **metadata: str) -> RestoreRequest:
    wish = RestoreWish(
        account="222222222222",
        recovery_point=recovery_point,
        target_name="payments-db-0200",
        ticket="OPS-123",
        reason="UPDATE without WHERE",
        vault="",
        metadata=metadata,
        region=region,
    )
    return plan_restore(wish, requester="idp|omar", needs=world.asking, now=world.now)


MINE = "arn:aws:backup:eu-west-1:222222222222:backup-plan:544033d1"
ELSEWHERE = ORGANIZATION_PLAN.replace("222222222222", "333333333333")


@pytest.mark.parametrize(
    ("made_by", "tier"),
    [
        pytest.param(
            MadeBy(plan=ORGANIZATION_PLAN, plan_name="strongroom-compliance-7y"), "compliance-7y", id="a plan of ours"
        ),
        pytest.param(None, "", id="asked for by hand"),
        pytest.param(MadeBy(plan=ORGANIZATION_PLAN), "", id="a plan that is not named"),
        pytest.param(MadeBy(plan=ORGANIZATION_PLAN, plan_name="strongroom-weekly"), "", id="of no tier"),
        pytest.param(MadeBy(plan=MINE, plan_name="strongroom-scratch"), "", id="a plan of the account's own"),
        pytest.param(MadeBy(plan=ELSEWHERE, plan_name="strongroom-compliance-7y"), "", id="a plan of another account"),
    ],
)
@pytest.mark.parametrize(
    ("recovery_point", "vault"), [(POINT, LOCAL_VAULT), (CENTRAL_POINT, CENTRAL_VAULT)], ids=["local", "central"]
)
def test_x_10_a_backup_is_of_the_tier_whose_plan_made_it_and_of_no_other(
    recovery_point: str, vault: str, made_by: MadeBy | None, tier: str, world: CeremonyWorld
) -> None:
    """Whoever may tag, or make plans of the same name in the account, picks no approvers by that."""
    point = a_recovery_point(arn=recovery_point, vault=vault, made_by=made_by)
    world.points.points[recovery_point, vault] = point
    assert _plan(world, recovery_point).tier == tier


def _of_age(world: CeremonyWorld, days: int, **changes: Any) -> None:
    """The point in the central vault is that old."""
    point = a_recovery_point(arn=CENTRAL_POINT, vault=CENTRAL_VAULT, created_at=NOW - timedelta(days=days))
    world.points.points[CENTRAL_POINT, CENTRAL_VAULT] = replace(point, **changes)


def test_a_local_restore_keeps_its_key_and_copies_nothing(world: CeremonyWorld) -> None:
    request = _plan(world)
    assert (request.plan, request.key, request.copy_kept_for) == (RestorePlan.LOCAL, WORKLOAD_KEY, timedelta(0))


@pytest.mark.parametrize("days", [1, 40, 400, 2500])
def test_what_is_copied_back_lives_under_a_key_of_its_account_and_for_its_age_and_two_weeks(
    days: int, world: CeremonyWorld
) -> None:
    _of_age(world, days)
    request = _plan(world, CENTRAL_POINT)
    assert (request.plan, request.temporary_vault) == (RestorePlan.COPY_BACK, TEMPORARY_VAULT)
    assert (request.key, request.copy_kept_for) == (RESTORE_KEY, timedelta(days=days + 14))
    assert request.risks == ("temporary-copy", "steps-after")


def test_without_a_key_in_the_profile_it_comes_back_under_the_local_vaults(world: CeremonyWorld) -> None:
    world.intent = with_restores(world.intent, profiles=(replace(PROFILE, keys=()),))
    world.points.vault = a_local_landing()
    request = _plan(world, CENTRAL_POINT)
    assert (request.temporary_vault, request.key) == ("", LOCAL_KEY)
    assert request.risks == ("vault-key", "temporary-copy", "steps-after")


def test_b_7_a_temporary_vault_that_somebody_else_made_is_refused_before_anybody_is_asked(
    world: CeremonyWorld,
) -> None:
    world.points.vault = a_landing_vault(encryption_key=LOCAL_KEY)
    with pytest.raises(RestoreRefusedError, match=f"{TEMPORARY_VAULT} lies under {LOCAL_KEY}"):
        _plan(world, CENTRAL_POINT)


def test_a_copy_that_would_be_born_expired_is_refused_before_anybody_is_asked(world: CeremonyWorld) -> None:
    _of_age(world, 400)
    world.points.vault = a_landing_vault(max_days=400)
    with pytest.raises(RestoreRefusedError, match="400 days old"):
        _plan(world, CENTRAL_POINT)


def test_what_lies_cold_in_the_central_vault_is_refused(world: CeremonyWorld) -> None:
    _of_age(world, 40, is_cold=True)
    with pytest.raises(RestoreRefusedError, match="cold storage"):
        _plan(world, CENTRAL_POINT)


def test_a_log_is_refused_before_anybody_is_asked(world: CeremonyWorld) -> None:
    """AWS restores none without the second to restore to, which no request says."""
    log = "arn:aws:backup:eu-west-1:222222222222:recovery-point:continuous:db-1"
    world.points.points[log, LOCAL_VAULT] = a_recovery_point(arn=log, status="AVAILABLE")
    with pytest.raises(RestoreRefusedError, match="it is a log"):
        _plan(world, log)


@pytest.mark.parametrize("name", ["restores-db", '["sg-0a1"]'])
def test_what_the_account_does_not_have_is_refused_by_its_name(name: str, world: CeremonyWorld) -> None:
    world.places.missing = {name}
    with pytest.raises(RestoreRefusedError, match="the account has no "):
        _plan(world)
    other = {"DBSubnetGroupName": "restores-db-2", "VpcSecurityGroupIds": '["sg-0b2"]'}
    assert _plan(world, **other).metadata


REPLICA_POINT = CENTRAL_POINT.replace(HOME, REPLICA_REGION)


@pytest.fixture
def wide(world: CeremonyWorld) -> CeremonyWorld:
    """Plans run in the other Region, too, where the account has a profile; a copy lies in either Region."""
    intent = world.intent
    there = replace(PROFILE, region=REPLICA_REGION, keys=(RESTORE_KEY.replace(HOME, REPLICA_REGION),))
    organization = replace(intent.organization, governed_regions=(HOME, REPLICA_REGION))
    world.intent = with_restores(replace(intent, organization=organization), profiles=(PROFILE, there))
    for point, vault in ((CENTRAL_POINT, CENTRAL_VAULT), (REPLICA_POINT, REPLICA_VAULT)):
        world.points.points[point, vault] = a_recovery_point(arn=point, vault=vault)
    return world


@pytest.mark.parametrize(
    ("point", "wished", "region", "told"),
    [
        pytest.param(CENTRAL_POINT, "", HOME, (), id="central"),
        pytest.param(CENTRAL_POINT, REPLICA_REGION, REPLICA_REGION, (HOME, REPLICA_REGION), id="to another Region"),
        pytest.param(REPLICA_POINT, REPLICA_REGION, REPLICA_REGION, (), id="replica"),
        pytest.param(REPLICA_POINT, "", HOME, (REPLICA_REGION, HOME), id="replica, home again"),
    ],
)
def test_what_approvers_sign_says_the_whole_way_through_the_regions(
    point: str, wished: str, region: str, told: tuple[str, ...], wide: CeremonyWorld
) -> None:
    wide.points.vault = a_landing_vault(
        arn=TEMPORARY_VAULT.replace(HOME, region), encryption_key=RESTORE_KEY.replace(HOME, region)
    )
    request = _plan(wide, point, wished)
    assert request.plan is RestorePlan.COPY_BACK
    assert (request.recovery_point, request.region) == (point, region)
    assert (request.temporary_vault, request.key) == (wide.points.vault.arn, wide.points.vault.encryption_key)
    said = [each for each in consequences(request) if each.startswith("It is copied out of ")]
    assert len(said) == bool(told)
    assert all(f"out of {told[0]} into {told[1]}" in each for each in said)


def test_a_region_that_nobody_governs_is_refused_before_anybody_is_asked(world: CeremonyWorld) -> None:
    with pytest.raises(MalformedRequestError, match="eu-central-1 is not one of the governed Regions"):
        _plan(world, CENTRAL_POINT, REPLICA_REGION)


def test_what_lies_in_the_accounts_own_vault_is_restored_there(wide: CeremonyWorld) -> None:
    with pytest.raises(RestoreRefusedError, match="choose its copy in a central vault"):
        _plan(wide, POINT, REPLICA_REGION)
