"""A preview of what the example would make of a live organisation."""

from collections.abc import Mapping
from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.preview.proposal import Preview
from strongroom.domain.preview.resources.catches import Change, Remark
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.preview.tree import LiveTree
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from strongroom.services.preview.preview_rollout import preview_rollout
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS, PRODUCTION, REPORTS
from tests.builders.preview import a_plan_document, a_policy, a_tag_selection, a_volume, an_empty_price_table
from tests.builders.rollout import (
    LOCK_DATE,
    NOW,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
)
from tests.fakes.preview import FakeEstate

ROOT, PREPRODUCTION, OUTSIDE = "r-strg", "ou-strg-prep0001", "ou-strg-clos0001"
DAILY: Mapping[str, str] = {"Backup": "daily-prod"}


@pytest.fixture
def wanted(intent: Intent) -> Desired:
    """What the example asks for, with one more unit that has one tier."""
    more = Target(unit="PreProduction", tiers=("monthly-prod",), default_tier="monthly-prod")
    return a_desired_organization(replace(intent, targets=(*intent.targets, more)))


@pytest.fixture
def estate(intent: Intent) -> FakeEstate:
    """An account in production, one in pre-production, one that nobody governs, and the management account."""
    return FakeEstate(
        LiveTree(
            units={ROOT: None, PRODUCTION: ROOT, PREPRODUCTION: ROOT, OUTSIDE: ROOT},
            names={ROOT: "Root", PRODUCTION: "Production", PREPRODUCTION: "PreProduction", OUTSIDE: "Closed accounts"},
            accounts={
                PAYMENTS: PRODUCTION,
                REPORTS: PREPRODUCTION,
                AccountId("444444444444"): OUTSIDE,
                intent.organization.management_account: ROOT,
            },
        )
    )


def seen(wanted: Desired, live: LiveOrganization, estate: FakeEstate) -> Preview:
    """The preview at a fixed time, without prices."""
    return preview_rollout(wanted, live, needs=estate.needs, prices=an_empty_price_table(), now=NOW)


def with_legacy(live: LiveOrganization, *targets: str) -> LiveOrganization:
    """The organisation with a policy of somebody else's on these targets."""
    document = a_policy(legacy=a_plan_document(a_tag_selection("Backup", "daily-prod")))
    legacy = LivePolicy(id="p-1", name="legacy", type="BACKUP_POLICY", document=document, targets=targets)
    return replace(live, policies=(*live.policies, legacy))


def test_before_the_first_rollout_everything_is_new(wanted: Desired, estate: FakeEstate) -> None:
    estate.found = (a_volume(account=PAYMENTS, tags=DAILY), a_volume(2, account=PAYMENTS))
    preview = seen(wanted, an_empty_organization(wanted), estate)
    assert preview.accounts.become_governed == {"Production": (PAYMENTS,), "PreProduction": (REPORTS,)}
    assert preview.accounts.stay_outside == {"Closed accounts": (AccountId("444444444444"),)}
    assert preview.caught.total.changes == {Change.NEWLY: 1}
    assert preview.caught.total.fates == {Fate.CAUGHT: 1, Fate.UNTAGGED: 1}


def test_what_the_rollout_opts_in_is_caught_only_then(wanted: Desired, estate: FakeEstate) -> None:
    estate.found = (a_volume(account=PAYMENTS, tags=DAILY),)
    live = an_empty_organization(wanted)
    legacy = seen(wanted, with_legacy(live, PRODUCTION), estate)
    assert legacy.caught.total.changes == {Change.NEWLY: 1}


def test_where_all_is_settled_nothing_changes(wanted: Desired, estate: FakeEstate) -> None:
    estate.found = (a_volume(account=PAYMENTS, tags=DAILY),)
    preview = seen(wanted, a_settled_organization(wanted), estate)
    assert (preview.accounts.become_governed, preview.accounts.stay_governed) == ({}, 2)
    assert preview.caught.total.changes == {Change.UNCHANGED: 1}


def test_a_policy_of_others_goes_on_beside_ours_on_the_same_unit(wanted: Desired, estate: FakeEstate) -> None:
    estate.found = (a_volume(account=PAYMENTS, tags=DAILY),)
    opt_ins = a_settled_organization(wanted).opt_ins
    live = replace(with_legacy(an_empty_organization(wanted), PRODUCTION), opt_ins=opt_ins)
    preview = seen(wanted, live, estate)
    assert preview.caught.total.plans == {"legacy": 1, "strongroom-daily-prod": 1}
    assert preview.caught.total.changes == {Change.OTHERWISE: 1}


def test_a_plan_below_ours_that_may_stop_is_told_as_the_rollout_tells_it(wanted: Desired, estate: FakeEstate) -> None:
    estate.found = (a_volume(account=PAYMENTS, tags=DAILY),)
    live = with_legacy(an_empty_organization(wanted), PAYMENTS)
    live = replace(live, paths={**live.paths, PRODUCTION: (ROOT, PRODUCTION), PAYMENTS: (ROOT, PRODUCTION, PAYMENTS)})
    preview = seen(wanted, live, estate)
    assert [finding.code for finding in preview.findings] == ["protection-shrinks"]
    assert preview.caught.total.plans == {"strongroom-daily-prod": 1}


def test_the_tiers_of_another_unit_are_not_on_offer(wanted: Desired, estate: FakeEstate) -> None:
    live = an_empty_organization(wanted)
    everywhere = tuple(
        replace(policy, targets=(ROOT,)) if policy.name == "strongroom-daily-prod" else policy
        for policy in wanted.policies
    )
    rooted = replace(wanted, rendered=replace(wanted.rendered, policies=everywhere))
    estate.found = (a_volume(account=REPORTS, tags=DAILY),)
    preview = seen(rooted, live, estate)
    assert preview.caught.total.remarks == {Remark.NOT_OFFERED: 1}
    assert preview.accounts.management is not None


def test_only_accounts_that_plans_reach_are_looked_into(wanted: Desired, estate: FakeEstate) -> None:
    estate.closed = frozenset({REPORTS})
    preview = seen(wanted, an_empty_organization(wanted), estate)
    assert estate.asked == [(PAYMENTS, HOME), (REPORTS, HOME)]
    assert preview.accounts.unread == (REPORTS,)


def test_the_size_of_the_last_backup_counts_before_that_of_the_volume(wanted: Desired, estate: FakeEstate) -> None:
    known, other = a_volume(1, tags=DAILY, gigabytes=500.0), a_volume(2, tags=DAILY, gigabytes=7.0)
    estate.found, estate.sizes = (known, other), {known.arn: 100.0}
    money = seen(wanted, an_empty_organization(wanted), estate).money
    nightly = 1 + 34 * 0.02 + 1 + 2554 * 0.02
    assert money.unpriced == {"EBS in eu-west-1, warm": pytest.approx(107 * nightly)}


def test_locks_bind_from_the_day_that_aws_says_or_that_would_come(wanted: Desired, estate: FakeEstate) -> None:
    begun = {lock.vault: lock for lock in seen(wanted, a_settled_organization(wanted), estate).locks}
    assert begun[CENTRAL_VAULT].immutable_from == LOCK_DATE.date()
    assert begun[CENTRAL_VAULT].longest_days == 2555
    coming = {lock.vault: lock for lock in seen(wanted, an_empty_organization(wanted), estate).locks}
    assert coming[CENTRAL_VAULT].immutable_from == (NOW + timedelta(days=30)).date()


def test_slots_are_told_by_the_name_of_the_unit(wanted: Desired, estate: FakeEstate) -> None:
    slots = {slot.target: slot for slot in seen(wanted, a_settled_organization(wanted), estate).slots}
    assert slots["Production"].taken == ("FullAWSAccess",)
    assert slots["Production"].needed >= 1
