"""Where the copies of a tier go, and that everybody who asks is told the same."""

import json
from copy import replace

import pytest

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.rendering import render_backup_policy
from strongroom.domain.copies.promises import Promise, promises_of
from strongroom.domain.copies.verification import CopyState, judge_copy
from strongroom.domain.findings import Level
from strongroom.domain.intent.destinations import (
    Destination,
    DestinationVault,
    Lifecycle,
    copy_actions_of,
    destination_vaults,
    destinations_of,
    local_vault,
    longest_retention,
    own_vaults,
    retentions_in,
    shortest_local_retention,
)
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.intent.tiers import Kept
from strongroom.domain.intent.vaults import VaultLock
from tests.builders.air_gaps import CENTRAL_GAP, DAYS, OWN_GAP, with_central_gap, with_own_gap, with_vaults
from tests.builders.copies import IN_TIME, a_copy, a_source, a_vault, an_origin
from tests.builders.intents import CRITICAL, with_kept, with_tier
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    a_vault_arn,
)


def copies_of(intent: Intent, tier: str) -> tuple[Destination, ...]:
    """Where the one rule of the tier copies to."""
    (rule,) = rules_of(intent.tiers[tier])
    return destinations_of(intent, rule, account=PAYMENTS, region=HOME)


def kept(intent: Intent, tier: str) -> dict[str, Lifecycle]:
    return {each.vault.arn: each.lifecycle for each in copies_of(intent, tier)}


def promised(intent: Intent) -> tuple[Promise, ...]:
    origin = an_origin(intent, CRITICAL)
    return promises_of(a_source(), origin=origin, account=PAYMENTS, region=HOME, intent=intent, now=IN_TIME)


@pytest.fixture
def shorter(intent: Intent) -> Intent:
    """The example with a critical tier whose replica is kept 400 days, and whose copies turn cold after 60."""
    central, replica = Kept(days=2555, cold_after=60), Kept(days=400, cold_after=60)
    return with_tier(with_kept(intent, central=central, replica=replica), archive=True)


def test_a_destination_says_all_that_is_promised_there(intent: Intent) -> None:
    replica = DestinationVault(
        key="replica",
        label="replica",
        name="replica-backup-vault",
        arn=REPLICA_VAULT,
        account=BACKUP_ACCOUNT,
        region=REPLICA_REGION,
        lock=VaultLock(min_retention_days=30, max_retention_days=2555, changeable_for_days=30),
    )
    _, destination = copies_of(intent, CRITICAL)
    assert destination == Destination(
        vault=replica, lifecycle=Lifecycle(retention_days=2555), retention_field="keep.replica"
    )


def test_only_a_critical_tier_is_copied_to_the_replica(intent: Intent) -> None:
    assert list(kept(intent, "daily-prod")) == [CENTRAL_VAULT]
    assert list(kept(intent, CRITICAL)) == [CENTRAL_VAULT, REPLICA_VAULT]


def test_the_replica_is_kept_as_long_as_the_central_copy_unless_the_tier_says_otherwise(shorter: Intent) -> None:
    central, replica = kept(shorter, CRITICAL).values()
    assert central == Lifecycle(retention_days=2555, cold_storage_after_days=60, archive=True)
    assert replica == replace(central, retention_days=400)


def test_nothing_is_archived_that_never_turns_cold(intent: Intent) -> None:
    archived = with_tier(with_kept(intent, local=Kept(days=35, cold_after=1)), archive=True)
    assert [each.archive for each in kept(archived, CRITICAL).values()] == [False, False]


def test_a_finding_about_a_retention_names_the_field_that_states_it(shorter: Intent) -> None:
    assert [each.retention_field for each in copies_of(shorter, CRITICAL)] == ["keep.central", "keep.replica"]


def test_a_vault_is_asked_for_the_retentions_of_the_offered_tiers_only(shorter: Intent) -> None:
    central, replica = destination_vaults(shorter)
    assert retentions_in(central, intent=shorter) == (2555, 2555, 2555)
    assert retentions_in(replica, intent=shorter) == (400,)
    daily = Target(unit="Production", tiers=("daily-prod",), default_tier="daily-prod")
    assert retentions_in(replica, intent=replace(shorter, targets=(daily,))) == ()


def test_the_longest_copy_may_lie_in_the_replica(intent: Intent) -> None:
    assert longest_retention(with_kept(intent, replica=3000)) == 3000
    assert longest_retention(replace(intent, targets=())) == 0


def test_the_shortest_local_backup_is_that_of_an_offered_tier(intent: Intent) -> None:
    short = with_kept(intent, "daily-prod", local=7).tiers["daily-prod"]
    unused = replace(intent, tiers={**intent.tiers, "short": short})
    assert (shortest_local_retention(intent), shortest_local_retention(unused)) == (35, 35)
    [target, *others] = intent.targets
    offered = replace(unused, targets=(replace(target, tiers=(*target.tiers, "short")), *others))
    assert shortest_local_retention(offered) == 7


@pytest.mark.parametrize(
    ("days", "state"),
    [
        pytest.param(400, CopyState.VERIFIED, id="as-the-intent-says"),
        pytest.param(399, CopyState.FAILED, id="a-day-less"),
    ],
)
def test_a_replica_copy_is_verified_when_it_is_kept_as_long_as_the_intent_says(
    shorter: Intent, days: int, state: CopyState
) -> None:
    owed = promised(shorter)
    promise = next(each for each in owed if each.destination == REPLICA_VAULT)
    found, vault = a_copy(vault=REPLICA_VAULT, retention_days=days), a_vault(arn=REPLICA_VAULT)
    assert judge_copy(promise, found=found, vault=vault, intent=shorter, now=IN_TIME).state is state


def test_the_policy_asks_for_what_is_promised(shorter: Intent) -> None:
    owed = promised(shorter)
    rule = render_backup_policy(shorter, CRITICAL)["plans"][f"strongroom-{CRITICAL}"]["rules"]["backup-and-copy"]
    rendered = {
        arn: Lifecycle(
            retention_days=int(action["lifecycle"]["delete_after_days"]["@@assign"]),
            cold_storage_after_days=int(action["lifecycle"]["move_to_cold_storage_after_days"]["@@assign"]),
            archive=action["lifecycle"]["opt_in_to_archive_for_supported_resources"]["@@assign"] == "true",
        )
        for arn, action in rule["copy_actions"].items()
        if not arn.startswith("@@")
    }
    assert rendered == {promise.destination: promise.lifecycle for promise in owed}


def test_a_vault_beside_the_resource_that_is_air_gapped_is_a_destination_without_a_copy_action(intent: Intent) -> None:
    gapped = with_own_gap(intent)
    (rule,) = rules_of(gapped.tiers["daily-prod"])
    assert kept(gapped, "daily-prod")[OWN_GAP] == Lifecycle(retention_days=DAYS)
    actions = copy_actions_of(gapped, rule, account=PAYMENTS, region=HOME)
    assert [each.vault.arn for each in actions] == [CENTRAL_VAULT]
    assert local_vault(gapped, rule).key == "local"
    policy = render_backup_policy(gapped, "daily-prod")
    (plan,) = (value for name, value in policy["plans"].items() if not name.startswith("@@"))
    (body,) = (value for name, value in plan["rules"].items() if not name.startswith("@@"))
    target = body["target_logically_air_gapped_backup_vault_arn"]["@@assign"]
    assert target == a_vault_arn("strongroom-gapped", account="$account", region="$region")
    assert body["target_backup_vault_name"]["@@assign"] == "local-prod-vault"
    assert [name for name in body["copy_actions"] if not name.startswith("@@")] == [CENTRAL_VAULT]
    assert not any(finding.level is Level.ERROR for finding in lint(parse_policy(json.dumps(policy))))


def test_one_of_another_account_is_a_copy_action_like_any_other(intent: Intent) -> None:
    gapped = with_central_gap(intent)
    assert CENTRAL_GAP in kept(gapped, "daily-prod")
    policy = json.dumps(render_backup_policy(gapped, "daily-prod"))
    assert CENTRAL_GAP in policy
    assert "target_logically_air_gapped_backup_vault_arn" not in policy


def test_the_vaults_of_an_account_itself_that_take_copies_are_in_other_regions_or_air_gapped(intent: Intent) -> None:
    second = replace(intent.vaults["central"], name="second", account="own", region=REPLICA_REGION)
    both = with_vaults(with_own_gap(intent), second=second)
    gaps = [OWN_GAP.replace(HOME, region) for region in both.organization.regions]
    arns = {vault.arn for vault in own_vaults(both, account=PAYMENTS)}
    assert arns == {*gaps, a_vault_arn("second", account=PAYMENTS, region=REPLICA_REGION)}
