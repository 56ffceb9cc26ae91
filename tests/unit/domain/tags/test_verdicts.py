"""What is decided about the tags of a new resource."""

from copy import replace
from datetime import date

import pytest

from strongroom.domain.intent.model import Exemption, Intent, Target
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.verdicts import TagState, judge_gone, judge_unseen
from tests.builders.places import HOME, PAYMENTS
from tests.unit.domain.tags.judged import judged

TARGET = Target(unit="Production", tiers=("daily-prod", "monthly-prod"), default_tier="daily-prod")
ORDERS = Resource(
    arn="arn:aws:rds:eu-west-1:222222222222:db:orders",
    label="RDS instance",
    account=PAYMENTS,
    region=HOME,
)


@pytest.mark.parametrize(
    ("tags", "state", "tier", "previous"),
    [
        ({}, TagState.TAGGED, "daily-prod", None),
        ({"team": "payments"}, TagState.TAGGED, "daily-prod", None),
        ({"Backup": "monthly-prod"}, TagState.COMPLIANT, "monthly-prod", None),
        ({"Backup": "daily-prod", "backup": "no"}, TagState.COMPLIANT, "daily-prod", None),
        ({"Backup": "weekly"}, TagState.CORRECTED, "daily-prod", "weekly"),
        ({"Backup": ""}, TagState.CORRECTED, "daily-prod", ""),
        ({"Backup": "Daily-Prod"}, TagState.CORRECTED, "daily-prod", "Daily-Prod"),
        ({"Backup": "compliance-7y"}, TagState.CORRECTED, "daily-prod", "compliance-7y"),
        ({"backup": "daily-prod"}, TagState.TAGGED, "daily-prod", None),
    ],
    ids=[
        "no tags",
        "other tags only",
        "a tier that is not the default",
        "the default, beside a lookalike key",
        "no tier",
        "an empty value",
        "a tier in other letters",
        "a tier of another unit",
        "a key in other letters",
    ],
)
def test_a_governed_resource_ends_with_a_tier(
    tags: dict[str, str], state: TagState, tier: str, previous: str | None, intent: Intent
) -> None:
    verdict = judged(ORDERS, tags=tags, intent=intent, target=TARGET)
    assert (verdict.state, verdict.tier, verdict.previous) == (state, tier, previous)
    assert verdict.writes == ({} if state is TagState.COMPLIANT else {"Backup": tier})


@pytest.mark.parametrize(
    ("tags", "state", "previous", "said"),
    [
        ({}, TagState.UNTAGGED, None, "it is in none of daily-prod, monthly-prod: it was left"),
        ({"Backup": "weekly"}, TagState.UNTAGGED, "weekly", "with Backup=weekly it is in none of daily-prod,"),
        ({"Backup": "monthly-prod"}, TagState.COMPLIANT, None, "it carries Backup=monthly-prod already"),
    ],
    ids=["no tags", "no tier", "a tier"],
)
def test_without_a_default_tier_a_resource_is_left_as_it_is(
    tags: dict[str, str], state: TagState, previous: str | None, said: str, intent: Intent
) -> None:
    target = replace(TARGET, default_tier="none")
    verdict = judged(ORDERS, tags=tags, intent=intent, target=target)
    assert (verdict.state, verdict.previous, verdict.writes) == (state, previous, {})
    assert said in verdict.reason


def test_the_reason_of_a_correction_names_the_old_and_the_new_value_and_what_was_possible(intent: Intent) -> None:
    verdict = judged(ORDERS, tags={"Backup": "weekly"}, intent=intent, target=TARGET)
    for word in ("weekly", "Backup=daily-prod", "monthly-prod", ORDERS.arn):
        assert word in verdict.reason


def test_the_reason_names_the_key_that_was_spelt_otherwise(intent: Intent) -> None:
    verdict = judged(ORDERS, tags={"BACKUP": "daily-prod"}, intent=intent, target=TARGET)
    assert "BACKUP does not count" in verdict.reason


def test_a_resource_of_an_ungoverned_account_is_not_touched(intent: Intent) -> None:
    verdict = judged(ORDERS, tags={"Backup": "weekly"}, intent=intent, target=None)
    assert verdict.state is TagState.NOT_GOVERNED
    assert verdict.writes == {}


EXEMPT = Exemption(resource=ORDERS.arn, until=date(2026, 12, 31), reason="thrown away each night", granted_by="sana")


def test_an_exempted_resource_is_left_as_it_is_and_the_reason_says_by_whom_why_and_until_when(intent: Intent) -> None:
    verdict = judged(ORDERS, tags={"Backup": "weekly"}, intent=replace(intent, exceptions=(EXEMPT,)), target=TARGET)
    assert (verdict.state, verdict.tier, verdict.previous) == (TagState.EXEMPT, None, "weekly")
    assert verdict.writes == {}
    for word in ("2026-12-31", "thrown away each night", "sana", ORDERS.arn):
        assert word in verdict.reason


def test_an_exempted_resource_that_chose_a_tier_is_protected_all_the_same(intent: Intent) -> None:
    tags = {"Backup": "monthly-prod"}
    verdict = judged(ORDERS, tags=tags, intent=replace(intent, exceptions=(EXEMPT,)), target=TARGET)
    assert (verdict.state, verdict.tier) == (TagState.COMPLIANT, "monthly-prod")


def test_an_exempted_resource_that_may_not_be_read_is_left_unseen() -> None:
    verdict = judge_unseen(ORDERS, exemption=EXEMPT)
    assert (verdict.state, verdict.writes) == (TagState.EXEMPT, {})
    assert "sana" in verdict.reason


def test_the_target_of_a_single_account_is_named_by_the_account(intent: Intent) -> None:
    own = Target(account=ORDERS.account, tiers=("monthly-prod",), default_tier="monthly-prod")
    verdict = judged(ORDERS, tags={}, intent=intent, target=own)
    assert "the default of account 222222222222" in verdict.reason


def test_a_resource_that_is_gone_has_no_tier() -> None:
    verdict = judge_gone(ORDERS)
    assert (verdict.state, verdict.tier, verdict.writes) == (TagState.GONE, None, {})
