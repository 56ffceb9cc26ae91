"""Which way a listed point comes back is decided as a request for it would be."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.ways import Destination, copied_into, decide_way
from strongroom.domain.restores.deciding.case import Way
from tests.builders.deciding.candidates import a_listed_copy, a_listed_point
from tests.builders.intents import with_restores
from tests.builders.places import (
    BACKUP_ACCOUNT,
    HOME,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.builders.restores import NOW, PROFILE, a_landing_vault, a_local_landing


@pytest.fixture
def into(intent: Intent) -> Destination:
    return Destination(
        account=AccountId(PAYMENTS), intent=intent, landings={HOME: a_local_landing()}, act_within=timedelta(hours=9)
    )


@pytest.mark.parametrize(
    ("point", "way"),
    [
        (a_listed_point(), Way.LOCAL),
        (a_listed_copy(), Way.COPY_BACK),
        (a_listed_copy(vault=REPLICA_VAULT), Way.OTHER_REGION),
    ],
    ids=["local", "central", "replica"],
)
def test_what_can_be_asked_for_comes_that_way(point: ListedPoint, way: Way, into: Destination) -> None:
    assert decide_way(point, into=into, now=NOW) is way


BUCKET = {"resource": "arn:aws:s3:::papers", "resource_type": "S3"}


@pytest.mark.parametrize("resource", ["file-system/fs-0123456789abcdef0", "volume/fs-0123456789abcdef0/fsvol-1"])
def test_what_only_the_backup_itself_says_the_kind_of_is_offered(resource: str, into: Destination) -> None:
    point = a_listed_point(resource_type="FSx", resource=f"arn:aws:fsx:{HOME}:{PAYMENTS}:{resource}")
    assert decide_way(point, into=into, now=NOW) is Way.LOCAL


@pytest.mark.parametrize("owner", [VAULT_ACCOUNT, BACKUP_ACCOUNT])
def test_out_of_an_air_gapped_vault_that_is_shared_it_comes_without_a_copy(owner: str, into: Destination) -> None:
    vaults = {**into.intent.vaults, "gapped": Vault(name="gapped-vault", account=owner, kind="air-gapped")}
    shared = replace(into, intent=replace(into.intent, vaults=vaults), landings={})
    table = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
    point = a_listed_copy(vault=a_vault_arn("gapped-vault", account=owner), resource=table, resource_type="DynamoDB")
    way = decide_way(point, into=shared, now=NOW)
    assert (way, way.makes_copy, way.is_air_gapped) == (Way.AIR_GAPPED, False, True)


def test_out_of_one_that_a_team_opens_it_comes_by_its_vote(into: Destination) -> None:
    team = "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults"
    gapped = Vault(name="gapped-vault", account=VAULT_ACCOUNT, kind="air-gapped", approval_team=team)
    opened = replace(into, intent=replace(into.intent, vaults={**into.intent.vaults, "gapped": gapped}), landings={})
    table = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
    vault = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
    point = a_listed_copy(vault=vault, resource=table, resource_type="DynamoDB")
    assert decide_way(point, into=opened, now=NOW) is Way.AIR_GAPPED_MPA


def test_whose_the_copy_of_a_bucket_is_says_the_vault_that_its_backup_was_made_in(into: Destination) -> None:
    assert decide_way(a_listed_copy(**BUCKET), into=into, now=NOW) is Way.COPY_BACK
    assert decide_way(a_listed_point(**BUCKET), into=into, now=NOW) is Way.LOCAL
    with pytest.raises(RestoreRefusedError, match="does not say whose it is"):
        decide_way(a_listed_copy(**BUCKET, source_vault=""), into=into, now=NOW)
    foreign = a_vault_arn("local-prod-vault", account="555555555555")
    with pytest.raises(RestoreRefusedError, match="is of account 555555555555"):
        decide_way(a_listed_copy(**BUCKET, source_vault=foreign), into=into, now=NOW)


def test_without_a_vault_to_come_back_into_the_local_point_is_restored_all_the_same(into: Destination) -> None:
    assert decide_way(a_listed_point(), into=replace(into, landings={}), now=NOW) is Way.LOCAL


def test_a_copy_that_ends_before_it_could_be_approved_and_begun_is_refused(into: Destination) -> None:
    """It is 364 days and 20 hours old, a request may take nine, and the lock keeps nothing for 366 days."""
    old = a_listed_copy(created_at=NOW - timedelta(days=364, hours=20))
    locked = replace(into, landings={HOME: a_local_landing(max_days=365)})
    with pytest.raises(RestoreRefusedError, match="is 364 days old"):
        decide_way(old, into=locked, now=NOW)
    assert decide_way(old, into=replace(locked, act_within=timedelta(hours=4)), now=NOW) is Way.COPY_BACK


LOG = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db-1"
OTHERS = a_vault_arn("of-a-team", account=PAYMENTS)
OLD = {"created_at": NOW - timedelta(days=400)}


@pytest.mark.parametrize(
    ("point", "changes", "why"),
    [
        pytest.param(a_listed_point(status="EXPIRED"), {}, "its status is EXPIRED", id="state"),
        pytest.param(a_listed_copy(is_cold=True), {}, "lies in cold storage", id="cold in the central vault"),
        pytest.param(a_listed_point(vault=OTHERS), {}, "restores come from the local or a central", id="another vault"),
        pytest.param(
            a_listed_copy(**BUCKET, vault=REPLICA_VAULT), {}, "eu-central-1 is not one of the governed", id="its Region"
        ),
        pytest.param(
            a_listed_point(resource_type="Storage Gateway"), {}, "Gateway must be restored by hand", id="type"
        ),
        pytest.param(a_listed_point(resource_type="Unheard"), {}, "Unheard must be restored by hand", id="unheard"),
        pytest.param(a_listed_point(arn=LOG, status="AVAILABLE"), {}, "it is a log", id="log"),
        pytest.param(
            a_listed_copy(**OLD), {"landings": {HOME: a_local_landing(max_days=365)}}, "is 400 days old", id="too old"
        ),
        pytest.param(a_listed_copy(), {"landings": {HOME: "there is none"}}, "vault: there is none", id="no vault"),
        pytest.param(a_listed_point(), {"account": AccountId("333333333333")}, "is of account 2222", id="foreign"),
    ],
)
def test_what_would_be_refused_is_refused_before_it_is_asked_for(
    point: ListedPoint, changes: dict[str, Any], why: str, into: Destination
) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        decide_way(point, into=replace(into, **changes), now=NOW)


def test_b_7_no_copy_is_offered_by_way_of_a_vault_that_is_not_as_we_make_it(into: Destination) -> None:
    profiled = replace(into, intent=with_restores(into.intent, profiles=(PROFILE,)), landings={HOME: a_landing_vault()})
    assert decide_way(a_listed_copy(), into=profiled, now=NOW) is Way.COPY_BACK
    foreign = {HOME: a_landing_vault(encryption_key="arn:k")}
    with pytest.raises(RestoreRefusedError, match="lies under arn:k, which is no key of the restore profile"):
        decide_way(a_listed_copy(), into=replace(profiled, landings=foreign), now=NOW)


@pytest.mark.parametrize(
    ("point", "region", "way"),
    [
        pytest.param(a_listed_copy(), REPLICA_REGION, Way.OTHER_REGION, id="out of the central vault"),
        pytest.param(a_listed_copy(vault=REPLICA_VAULT), REPLICA_REGION, Way.REPLICA, id="out of the one there"),
    ],
)
def test_what_is_wished_for_in_another_region_comes_back_there(
    point: ListedPoint, region: Region, way: Way, into: Destination
) -> None:
    intent = replace(into.intent, organization=replace(into.intent.organization, governed_regions=(HOME, region)))
    there = replace(into, intent=intent, region=region, landings={region: a_local_landing()})
    assert [*copied_into((point, a_listed_point()), wished=region, intent=intent)] == [region]
    assert decide_way(point, into=there, now=NOW) is way
    with pytest.raises(RestoreRefusedError, match="choose its copy in a central vault"):
        decide_way(a_listed_point(), into=there, now=NOW)


def test_what_would_come_back_where_nobody_governs_needs_no_vault_there(intent: Intent) -> None:
    assert [*copied_into((a_listed_copy(**BUCKET, vault=REPLICA_VAULT),), wished="", intent=intent)] == []
