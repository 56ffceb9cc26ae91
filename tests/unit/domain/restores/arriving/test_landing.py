"""Where a restore comes to lie: places that are there, copies that live long enough, and keys that are said."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.arriving.landing import (
    LandingVault,
    PlaceFound,
    check_places,
    consequences,
    decide_keeping,
    demand_as_rendered,
    key_of_restored,
    landing_vault_of,
)
from strongroom.domain.restores.plans import RestorePlan
from tests.builders.intents import with_restores
from tests.builders.places import (
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    REPLICA_REGION,
    TEMPORARY_VAULT,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.builders.restores import (
    LOCAL_KEY,
    NOW,
    PROFILE,
    RESTORE_KEY,
    WORKLOAD_KEY,
    a_landing_vault,
    a_local_landing,
    a_recovery_point,
    a_request,
)

PROFILED = (PROFILE, replace(PROFILE, region=REPLICA_REGION, keys=()))


@pytest.fixture
def profiled(intent: Intent) -> Intent:
    """The example with a profile at home, and one that names no key in the other Region."""
    return with_restores(intent, profiles=PROFILED)


@pytest.mark.parametrize(
    ("asked", "region", "vault"),
    [
        pytest.param(TEMPORARY_VAULT, HOME, TEMPORARY_VAULT, id="what the profile has"),
        pytest.param("", HOME, LOCAL_VAULT, id="of before there were such vaults"),
        pytest.param(
            TEMPORARY_VAULT.replace(HOME, REPLICA_REGION),
            REPLICA_REGION,
            LOCAL_VAULT.replace(HOME, REPLICA_REGION),
            id="what no profile has",
        ),
        pytest.param(CENTRAL_VAULT, HOME, LOCAL_VAULT, id="any other vault"),
    ],
)
def test_a_copy_comes_back_into_what_the_request_says_where_the_intent_says_so(
    asked: str, region: Region, vault: str, profiled: Intent
) -> None:
    request = a_request(plan=RestorePlan.COPY_BACK, temporary_vault=asked, region=region)
    assert landing_vault_of(request, intent=profiled) == vault


def test_b_7_a_temporary_vault_under_a_key_of_nobodys_profile_takes_no_copy(profiled: Intent) -> None:
    """A member who made it before us would choose the key that a database lives under for ever."""
    demand_as_rendered(a_landing_vault(), intent=profiled)
    demand_as_rendered(a_local_landing(), intent=profiled)
    with pytest.raises(RestoreRefusedError, match="lies under arn:k, which is no key of the restore profile"):
        demand_as_rendered(a_landing_vault(encryption_key="arn:k"), intent=profiled)
    with pytest.raises(RestoreRefusedError, match="lies under no key"):
        demand_as_rendered(a_landing_vault(encryption_key=""), intent=profiled)


@pytest.mark.parametrize("lock", [{"min_days": 36_500}, {"max_days": 1}, {"min_days": 0, "max_days": 9_999}], ids=str)
def test_a_temporary_vault_that_somebody_locked_takes_no_copy(lock: dict[str, int], profiled: Intent) -> None:
    """It would keep the copy for a hundred years, or not long enough; the local vault may have a lock."""
    with pytest.raises(RestoreRefusedError, match="is locked, as none of Strongroom's is"):
        demand_as_rendered(a_landing_vault(**lock), intent=profiled)
    demand_as_rendered(a_local_landing(**lock), intent=profiled)


def test_any_key_of_the_profile_will_do_though_it_was_made_under_the_first(intent: Intent) -> None:
    two = with_restores(intent, profiles=(replace(PROFILE, keys=("arn:k", RESTORE_KEY)),))
    demand_as_rendered(a_landing_vault(), intent=two)


def _place(name: str, *, is_there: bool = True, network: str = "") -> PlaceFound:
    return PlaceFound(key="DBSubnetGroupName", name=name, is_there=is_there, network=network)


def test_what_is_there_in_one_network_passes() -> None:
    check_places([_place("a", network="vpc-1"), _place("b", network="vpc-1"), _place("c")])


@pytest.mark.parametrize(
    ("places", "why"),
    [
        pytest.param([_place("a"), _place("b", is_there=False)], "no DBSubnetGroupName b;", id="one is missing"),
        pytest.param(
            [_place("a", is_there=False), _place("b", is_there=False)],
            "no DBSubnetGroupName a, no DBSubnetGroupName b;",
            id="two are missing",
        ),
        pytest.param(
            [_place("a", network="vpc-1"), _place("b", network="vpc-2")], "a in vpc-1 and .*b in vpc-2", id="apart"
        ),
    ],
)
def test_what_is_missing_or_apart_is_refused_by_its_name(places: list[PlaceFound], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        check_places(places)


@pytest.mark.parametrize(
    ("age", "lock", "kept"),
    [
        pytest.param({"days": 0}, {}, 14, id="new"),
        pytest.param({"days": 40}, {}, 54, id="older than the local retention"),
        pytest.param({"days": 39, "seconds": 1}, {}, 54, id="a day begun counts"),
        pytest.param({"days": 2500}, {}, 2514, id="almost seven years"),
        pytest.param({"days": 1}, {"min_days": 30}, 30, id="not below the lock"),
        pytest.param({"days": 40}, {"max_days": 50}, 50, id="not above the lock"),
        pytest.param({"days": 40}, {"max_days": 41}, 41, id="just long enough"),
    ],
)
def test_a_copy_is_kept_for_its_age_and_two_weeks_inside_the_lock(
    age: dict[str, float], lock: dict[str, int], kept: int
) -> None:
    point = a_recovery_point(created_at=NOW - timedelta(**age))
    days = decide_keeping(point, vault=a_landing_vault(**lock), act_before=NOW + timedelta(hours=6), now=NOW)
    assert days == timedelta(days=kept)


def test_a_copy_lives_as_long_as_people_may_take() -> None:
    point = a_recovery_point(created_at=NOW - timedelta(days=40))
    act_before = NOW + timedelta(days=24)
    kept = decide_keeping(point, vault=a_landing_vault(), act_before=act_before, now=NOW)
    assert kept == timedelta(days=64)


@pytest.mark.parametrize("longest", [35, 40])
def test_what_the_lock_lets_expire_before_it_could_be_restored_is_refused(longest: int) -> None:
    point = a_recovery_point(created_at=NOW - timedelta(days=40))
    vault = a_landing_vault(min_days=7, max_days=longest)
    with pytest.raises(RestoreRefusedError, match=f"40 days old .* nothing for longer than {longest}"):
        decide_keeping(point, vault=vault, act_before=NOW + timedelta(hours=6), now=NOW)


@pytest.mark.parametrize(
    ("point", "metadata", "vault", "key"),
    [
        pytest.param({}, (), None, WORKLOAD_KEY, id="RDS from its own account keeps its key"),
        pytest.param({}, (), a_local_landing(), LOCAL_KEY, id="RDS that was copied back lies under the vault's"),
        pytest.param({"encryption_key": None}, (), None, "no key: it is not encrypted", id="RDS without encryption"),
        pytest.param({"resource_type": "DynamoDB"}, (), a_landing_vault(), "a key that AWS owns", id="DynamoDB"),
        pytest.param(
            {"resource_type": "DynamoDB"}, (("kmsMasterKeyArn", "arn:k"),), None, "arn:k", id="DynamoDB under a key"
        ),
    ],
)
def test_the_key_that_it_will_live_under(
    point: dict[str, Any], metadata: tuple[tuple[str, str], ...], vault: LandingVault | None, key: str
) -> None:
    assert key_of_restored(a_recovery_point(**point), metadata=metadata, vault=vault) == key


CLUSTER = {"resource": f"arn:aws:rds:{HOME}:222222222222:cluster:payments", "encryption_key": WORKLOAD_KEY}
MACHINE = {"resource": f"arn:aws:ec2:{HOME}:222222222222:instance/i-1", "resource_type": "EC2", "encryption_key": None}
VOLUME = {
    "resource": f"arn:aws:fsx:{HOME}:222222222222:volume/fs-0123456789abcdef0/fsvol-0123456789abcdef0",
    "resource_type": "FSx",
    "encryption_key": WORKLOAD_KEY,
    "restore_metadata": {"FileSystemType": "ONTAP"},
}
STACK = f"arn:aws:cloudformation:{HOME}:222222222222:stack/shop/1f"
DEVICES = f'[{{"DeviceName":"xvda","Ebs":{{"Encrypted":true,"KmsKeyId":"{RESTORE_KEY}"}}}}]'


@pytest.mark.parametrize(
    ("point", "metadata", "key"),
    [
        pytest.param(CLUSTER, {"KmsKeyId": RESTORE_KEY}, RESTORE_KEY, id="a cluster that AWS calls RDS, too"),
        pytest.param(MACHINE, {"BlockDeviceMappings": DEVICES}, RESTORE_KEY, id="the devices of a machine"),
        pytest.param(
            MACHINE,
            {},
            "the keys of the snapshots in its image, and none where those are not encrypted",
            id="a machine whose devices nobody tells",
        ),
        pytest.param(VOLUME, {"Name": "x"}, "the key of the file system that it comes into", id="a volume of ONTAP"),
        pytest.param(
            {"resource": STACK, "resource_type": "CloudFormation"}, {"StackName": "shop"}, "", id="a stack has none"
        ),
        pytest.param(
            {"resource": f"arn:aws:eks:{HOME}:222222222222:cluster/shop", "resource_type": "EKS"},
            {"clusterName": "restores"},
            "the key of its cluster, as all that is in it",
            id="what comes into a cluster",
        ),
        pytest.param(
            {"resource": f"arn:aws:dsql:{HOME}:222222222222:cluster/{'a' * 26}", "resource_type": "Aurora DSQL"},
            {"regionalConfig": f'[{{"kmsKeyId":"{RESTORE_KEY}","region":"{HOME}"}}]'},
            RESTORE_KEY,
            id="a key among the settings of a Region",
        ),
        pytest.param(
            {"resource": f"arn:aws:timestream:{HOME}:222222222222:database/d/table/t", "resource_type": "Timestream"},
            {"DatabaseName": "restores", "TableName": "t"},
            "the key of its database",
            id="a table of Timestream",
        ),
    ],
)
def test_the_key_of_what_does_not_keep_its_own(point: dict[str, Any], metadata: dict[str, str], key: str) -> None:
    found = a_recovery_point(**point)
    assert key_of_restored(found, metadata=tuple(metadata.items()), vault=a_landing_vault()) == key


COPIED = {"plan": RestorePlan.COPY_BACK, "vault": CENTRAL_VAULT, "copy_kept_for": timedelta(days=14)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"key": ""}, [], id="of before keys were said"),
        pytest.param({"key": WORKLOAD_KEY}, [WORKLOAD_KEY], id="local"),
        pytest.param({"key": LOCAL_KEY, **COPIED}, [LOCAL_KEY, "if it shall stay", "2026-12-07"], id="copied back"),
        pytest.param(
            {"key": RESTORE_KEY, "temporary_vault": TEMPORARY_VAULT, **COPIED},
            [RESTORE_KEY, "a key of the account itself, out of its restore profile", "2026-12-07"],
            id="copied back under a key of the account's own",
        ),
        pytest.param(
            {"key": "a key that AWS owns", "resource_type": "DynamoDB", **COPIED},
            ["a key that AWS owns", "2026-12-07"],
            id="a table that was copied back",
        ),
        pytest.param(
            {"key": "", "vault": a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)},
            ["out of the air-gapped vault gapped-vault of account 444444444444, which is shared with its account"],
            id="shared by another account",
        ),
    ],
)
def test_what_follows_is_said_a_sentence_each(changes: dict[str, Any], said: list[str]) -> None:
    sentences = consequences(a_request(**changes))
    assert len(sentences) == len(said)
    assert all(word in sentence for word, sentence in zip(said, sentences, strict=True))
