"""What is wrong with restore profiles: said twice, somewhere that nobody governs, or with keys of elsewhere."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.catalogue.rows import TYPES_BY_HAND
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.intent_rules.ceremony.profiles import find_profile_contradictions
from tests.builders.places import HOME, PAYMENTS

KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/app/orders-server"
PROFILE = AccountProfile(account=PAYMENTS, region=HOME, keys=(KEY,), subnets=("subnet-1",))


def _found(intent: Intent, *profiles: AccountProfile, limits: RestoreLimits | None = None) -> list[tuple[str, str]]:
    assert intent.restores is not None
    restores = replace(intent.restores, profiles=profiles, limits=limits or RestoreLimits())
    told = replace(intent, restores=restores)
    return [(finding.code, finding.path) for finding in find_profile_contradictions(told, restores)]


def test_a_profile_of_what_an_account_has_is_right(intent: Intent) -> None:
    assert _found(intent, PROFILE) == []
    assert _found(intent) == []


def test_a_place_has_one_profile(intent: Intent) -> None:
    elsewhere = replace(PROFILE, account=AccountId("333333333333"), keys=())
    twice = [("profile-twice", f"restores.profiles[{number}]") for number in (0, 2)]
    assert _found(intent, PROFILE, elsewhere, replace(PROFILE, subnets=("subnet-2",))) == twice


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        pytest.param({"region": Region("us-east-1"), "keys": ()}, "profile-place", "region", id="a Region of nobody"),
        pytest.param(
            {"account": "999999999999", "keys": ()}, "profile-place", "account", id="the account of the control plane"
        ),
        pytest.param({"account": "111111111111", "keys": ()}, "profile-place", "account", id="the management account"),
        pytest.param(
            {"keys": (KEY, KEY.replace(PAYMENTS, "999999999999"))}, "profile-key", "keys[1]", id="somebody else's key"
        ),
        pytest.param({"keys": (KEY.replace(HOME, "us-east-1"),)}, "profile-key", "keys[0]", id="a key of elsewhere"),
        pytest.param({"keys": (KEY.replace("aws:", "aws-cn:", 1),)}, "profile-key", "keys[0]", id="another partition"),
        pytest.param(
            {"subnets": ("subnet-1", "subnet-1")}, "profile-choice-twice", "subnets", id="the same choice twice"
        ),
        pytest.param(
            {"security_groups": (("sg-1",), ("sg-1",))}, "profile-choice-twice", "security_groups", id="a list twice"
        ),
        pytest.param({"keys": (), "subnets": ()}, "profile-empty", "", id="nothing at all"),
        pytest.param(
            {"roles": (ROLE, ROLE.replace(PAYMENTS, "333333333333"))}, "profile-role", "roles[1]", id="a role of others"
        ),
        pytest.param(
            {"roles": (ROLE.replace("app/", "strongroom/"),)}, "profile-role", "roles[0]", id="a role of Strongroom"
        ),
        pytest.param(
            {"roles": (ROLE.replace("aws:", "aws-cn:", 1),)}, "profile-role", "roles[0]", id="a role of elsewhere"
        ),
    ],
)
def test_what_is_wrong_with_a_profile(changes: dict[str, Any], code: str, path: str, intent: Intent) -> None:
    assert _found(intent, replace(PROFILE, **changes)) == [(code, f"restores.profiles[0].{path}".rstrip("."))]


LENDING = RestoreLimits(backed_up_role="elevated")
REPLICATING = RestoreLimits(replication_role="elevated")


def test_who_lends_roles_names_at_least_one(intent: Intent) -> None:
    path = "restores.limits.backed_up_role"
    assert _found(intent, PROFILE, limits=LENDING) == [("no-role-to-lend", path)]
    assert _found(intent, limits=LENDING) == [("no-role-to-lend", path)]
    assert _found(intent, replace(PROFILE, roles=(ROLE,)), limits=LENDING) == []
    assert _found(intent, PROFILE, limits=REPLICATING) == [("no-role-to-lend", "restores.limits.replication_role")]
    assert _found(intent, replace(PROFILE, roles=(ROLE,)), limits=REPLICATING) == []


@pytest.mark.parametrize(
    ("many", "limits"),
    [
        pytest.param({"roles": tuple(f"{ROLE}-{number:03}" for number in range(60))}, LENDING, id="roles"),
        pytest.param(
            {"roles": tuple(f"{ROLE}-{number:03}" for number in range(90))}, REPLICATING, id="roles of replication"
        ),
        pytest.param(
            {"clusters": tuple(f"cluster-{number:03}" for number in range(30))}, RestoreLimits(), id="clusters"
        ),
    ],
)
def test_more_than_the_role_has_room_for_is_told_before_it_is_deployed(
    many: dict[str, Any], limits: RestoreLimits, intent: Intent
) -> None:
    assert _found(intent, replace(PROFILE, **many), limits=limits) == [("profiles-too-long", "restores.profiles")]
    few = {name: values[:5] for name, values in many.items()}
    assert _found(intent, replace(PROFILE, **few), limits=limits) == []


def test_what_is_restored_by_hand_fits_into_its_role(intent: Intent) -> None:
    many = [
        AccountProfile(account=AccountId(f"{number:012d}"), region=HOME, raw=TYPES_BY_HAND) for number in range(1, 31)
    ]
    few = AccountProfile(account=PAYMENTS, region=HOME, raw=TYPES_BY_HAND)
    assert _found(intent, few) == []
    assert ("profiles-too-long", "restores.profiles") in _found(intent, *many)
