"""Audit Manager is asked what the intent promises, per tier, in numbers that AWS takes."""

from copy import replace
from typing import Any

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.stacks.audit_frameworks import (
    plan_frequency_days,
    render_frameworks,
)
from tests.builders.intents import an_intent_without_ceremony, with_settings


def _numbers(resource: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The parameters of each control of a framework."""
    return {
        control["ControlName"]: {
            one["ParameterName"]: one["ParameterValue"] for one in control.get("ControlInputParameters", [])
        }
        for control in resource["Properties"]["FrameworkControls"]
    }


def _with_tiers(intent: Intent, **tiers: Tier) -> Intent:
    target = replace(intent.targets[0], tiers=tuple(tiers), default_tier=next(iter(tiers)))
    return replace(intent, tiers=tiers, targets=(target,))


def test_each_tier_has_a_framework_for_its_own_tag(intent: Intent) -> None:
    frameworks = render_frameworks(intent)
    assert list(frameworks) == ["TierDailyProd", "TierMonthlyProd", "TierCompliance7y"]
    for tier, framework in zip(intent.tiers, frameworks.values(), strict=True):
        scopes = [control["ControlScope"] for control in framework["Properties"]["FrameworkControls"]]
        assert scopes == [{"Tags": [{"Key": "Backup", "Value": tier}]}] * len(scopes)


def test_daily_tier_is_asked_for_a_backup_of_the_last_night_and_a_copy_in_the_backup_account(intent: Intent) -> None:
    assert _numbers(render_frameworks(intent)["TierDailyProd"]) == {
        "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN": {},
        "BACKUP_LAST_RECOVERY_POINT_CREATED": {"recoveryPointAgeUnit": "hours", "recoveryPointAgeValue": "28"},
        "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT": {"crossAccountList": "999999999999"},
        "RESTORE_TIME_FOR_RESOURCES_MEET_TARGET": {"maxRestoreTime": "60"},
    }


def test_only_critical_tiers_are_asked_for_a_copy_in_the_replica_region(intent: Intent) -> None:
    control = "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION"
    asked = {name: _numbers(framework).get(control) for name, framework in render_frameworks(intent).items()}
    assert asked == {
        "TierDailyProd": None,
        "TierMonthlyProd": None,
        "TierCompliance7y": {"crossRegionList": "eu-central-1"},
    }


def test_age_that_aws_cannot_express_is_not_asked_for(intent: Intent) -> None:
    assert "BACKUP_LAST_RECOVERY_POINT_CREATED" not in _numbers(render_frameworks(intent)["TierMonthlyProd"])


def test_vault_lock_is_asked_for_only_where_plans_store_in_a_locked_vault(intent: Intent) -> None:
    lock = VaultLock(min_retention_days=7, max_retention_days=40, changeable_for_days=30)
    locked = with_settings(intent, "local", lock=lock)
    control = "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK"
    asked = _numbers(render_frameworks(locked)["TierDailyProd"])[control]
    assert asked == {"minRetentionDays": "7", "maxRetentionDays": "40"}
    assert control not in _numbers(render_frameworks(intent)["TierDailyProd"])


def test_tiers_of_the_same_numbers_differ_in_one_parameter(intent: Intent) -> None:
    daily = intent.tiers["daily-prod"]
    frameworks = render_frameworks(_with_tiers(intent, gold=daily, silver=daily, bronze=daily))
    asked = [str(_numbers(framework)) for framework in frameworks.values()]
    assert len(set(asked)) == 3


def test_tiers_whose_names_differ_in_punctuation_keep_frameworks_of_their_own(intent: Intent) -> None:
    daily = intent.tiers["daily-prod"]
    frameworks = render_frameworks(_with_tiers(intent, **{"a-b": daily, "a_b": daily}))
    names = [framework["Properties"]["FrameworkName"] for framework in frameworks.values()]
    assert names == ["strongroom_TierAB", "strongroom_TierAB2"]


def test_tier_that_no_target_offers_has_no_framework(intent: Intent) -> None:
    target = replace(intent.targets[0], tiers=("daily-prod",))
    assert list(render_frameworks(replace(intent, targets=(target,)))) == ["TierDailyProd"]


def test_account_is_asked_for_its_rarest_plan(intent: Intent) -> None:
    assert plan_frequency_days(intent) == 31


def test_frequency_that_aws_cannot_express_is_left_out(intent: Intent) -> None:
    quarterly = replace(intent.tiers["daily-prod"], schedule="cron(0 3 1 1/3 ? *)")
    assert plan_frequency_days(_with_tiers(intent, quarterly=quarterly)) == 0


def test_without_a_ceremony_no_time_of_restores_is_asked_for(intent: Intent) -> None:
    asked = _numbers(render_frameworks(an_intent_without_ceremony(intent))["TierDailyProd"])
    assert list(asked) == [
        "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN",
        "BACKUP_LAST_RECOVERY_POINT_CREATED",
        "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT",
    ]


def test_without_a_ceremony_tiers_of_the_same_numbers_differ_in_the_age_of_their_backups(intent: Intent) -> None:
    daily = intent.tiers["daily-prod"]
    plain = an_intent_without_ceremony(_with_tiers(intent, gold=daily, silver=daily))
    ages = [_numbers(each)["BACKUP_LAST_RECOVERY_POINT_CREATED"] for each in render_frameworks(plain).values()]
    assert [age["recoveryPointAgeValue"] for age in ages] == ["28", "29"]


def test_of_tiers_that_nothing_tells_apart_the_first_has_a_framework(intent: Intent) -> None:
    monthly = intent.tiers["monthly-prod"]
    plain = an_intent_without_ceremony(_with_tiers(intent, gold=monthly, silver=monthly))
    assert list(render_frameworks(plain)) == ["TierGold"]
