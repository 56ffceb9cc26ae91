"""Whether an account is ready, and what exactly it lacks."""

from copy import replace
from datetime import date
from typing import Any

import pytest

from sandbox.organization.effective_policy import merge
from strongroom.domain.accounts.membership import (
    AccountState,
    AccountVerdict,
    Membership,
    Placement,
    judge_membership,
)
from strongroom.domain.accounts.readiness import Inspection, RegionInspection, judge_readiness
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Exemption, Intent
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.regions import enabling
from tests.builders.accounts import (
    IN_PRODUCTION,
    IN_SANDBOX,
    TIERS,
    a_complete_inspection,
    a_complete_region,
    an_effective_policy,
)
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import BUS, HOME, LOCAL_NAME, MANAGEMENT, PRODUCTION, REPLICA_REGION, REPORTS


def judge(
    intent: Intent,
    *,
    policy: dict[str, Any] | None = None,
    inspection: Inspection | None = None,
    exemption: Exemption | None = None,
) -> AccountVerdict:
    placed = judge_membership(REPORTS, membership=IN_PRODUCTION, intent=intent)
    assert isinstance(placed, Placement)
    return judge_readiness(
        REPORTS,
        placement=placed,
        effective_policy=an_effective_policy(*TIERS) if policy is None else policy,
        inspection=inspection or a_complete_inspection(),
        intent=intent,
        central_bus=BUS,
        exemption=exemption,
    )


MILAN = Region("eu-south-1")


@pytest.mark.parametrize("status", ["DISABLED", "ENABLING", "DISABLING"])
def test_a_region_that_is_off_is_named_with_what_enables_it_and_nothing_else_there(status: str, intent: Intent) -> None:
    wide = replace(intent, organization=replace(intent.organization, governed_regions=(HOME, MILAN)))
    seen = (a_complete_region(vaults={}), RegionInspection(region=MILAN, opt_status=status))
    policy = an_effective_policy(*TIERS, regions=(HOME, MILAN))
    verdict = judge(wide, policy=policy, inspection=a_complete_inspection(regions=seen))
    assert verdict.missing == (
        "vault local-prod-vault in eu-west-1",
        f"Region eu-south-1, which is {status}: {enabling(MILAN, REPORTS, opt_status=status, management=MANAGEMENT)}",
    )


def test_where_the_roles_may_be_missing_because_the_home_region_is_off_that_is_said(intent: Intent) -> None:
    wide = replace(intent, organization=replace(intent.organization, home_region=MILAN, governed_regions=(HOME,)))
    told = judge(wide, inspection=Inspection(refusal="cannot be assumed: AccessDenied")).missing
    how = enabling(MILAN, REPORTS, opt_status="DISABLED", management=MANAGEMENT)
    assert told == (
        "inspection role: cannot be assumed: AccessDenied",
        f"Region eu-south-1, if it is off there: {how}",
    )


def test_an_account_with_every_piece_is_ready(intent: Intent) -> None:
    verdict = judge(intent)
    assert (verdict.state, verdict.missing, verdict.unit) == (AccountState.READY, (), "Production")


LACKING: dict[str, tuple[Inspection, tuple[str, ...]]] = {
    "the inspection role": (
        Inspection(refusal="cannot be assumed: AccessDenied"),
        ("inspection role: cannot be assumed: AccessDenied",),
    ),
    "every role": (
        a_complete_inspection(role_arns=frozenset()),
        (
            "role strongroom/strongroom-backup",
            "role strongroom/strongroom-tagging",
            "role strongroom/strongroom-restore",
            "role strongroom/strongroom-restore-job",
            "role strongroom/strongroom-restore-after",
            "role strongroom/strongroom-bucket-names",
            "role strongroom/strongroom-copying",
        ),
    ),
    "a role at the right path": (
        a_complete_inspection(
            role_arns=a_complete_inspection().role_arns - {f"arn:aws:iam::{REPORTS}:role/strongroom/strongroom-tagging"}
            | {f"arn:aws:iam::{REPORTS}:role/strongroom-tagging"}
        ),
        ("role strongroom/strongroom-tagging",),
    ),
    "the vault": (
        a_complete_inspection(regions=(a_complete_region(vaults={}),)),
        ("vault local-prod-vault in eu-west-1",),
    ),
    "a stack as its StackSet wants it": (
        a_complete_inspection(
            regions=(a_complete_region(stacks_behind={"strongroom-member": "UPDATE_ROLLBACK_COMPLETE"}),)
        ),
        ("current stack of strongroom-member (it is UPDATE_ROLLBACK_COMPLETE) in eu-west-1",),
    ),
    "a key of its own": (
        a_complete_inspection(regions=(a_complete_region(vaults={LOCAL_NAME: "AWS"}),)),
        ("customer-managed key of vault local-prod-vault in eu-west-1",),
    ),
    "a key that exists": (
        a_complete_inspection(regions=(a_complete_region(vaults={LOCAL_NAME: None}),)),
        ("customer-managed key of vault local-prod-vault in eu-west-1",),
    ),
    "the forwarder": (
        a_complete_inspection(regions=(a_complete_region(forwarder_enabled=False, forwarder_targets=()),)),
        ("enabled rule strongroom-forwarder in eu-west-1",),
    ),
    "the forwarder's aim": (
        a_complete_inspection(regions=(a_complete_region(forwarder_targets=(BUS.replace("strongroom", "default"),)),)),
        (f"target {BUS} of rule strongroom-forwarder in eu-west-1",),
    ),
    "an opt-in that we need": (
        a_complete_inspection(regions=(a_complete_region(types_switched_off=("EFS", "Timestream")),)),
        ("AWS Backup opt-in for EFS in eu-west-1",),
    ),
}


@pytest.mark.parametrize(("inspection", "missing"), LACKING.values(), ids=LACKING.keys())
def test_a_missing_piece_is_named(inspection: Inspection, missing: tuple[str, ...], intent: Intent) -> None:
    verdict = judge(intent, inspection=inspection)
    assert (verdict.state, verdict.missing) == (AccountState.NOT_READY, missing)
    assert all(piece in verdict.reason for piece in missing)


SECOND = Vault(name="second", account="own", region=REPLICA_REGION)
A_SECOND_REGION = RegionInspection(region=REPLICA_REGION, vaults={"second": "CUSTOMER"})
OWN_VAULTS: dict[str, tuple[dict[str, Vault], RegionInspection, RegionInspection | None, tuple[str, ...]]] = {
    "two vaults": (
        {"long": Vault(name="long", account="own", region="same")},
        a_complete_region(),
        None,
        ("vault long in eu-west-1",),
    ),
    "a vault of others, under whichever key": (
        {"theirs": Vault(name="theirs", account="own", region="same", existing=True)},
        a_complete_region(vaults={LOCAL_NAME: "CUSTOMER", "theirs": "AWS"}),
        None,
        (),
    ),
    "a vault of others that is not there": (
        {"theirs": Vault(name="theirs", account="own", region="same", existing=True)},
        a_complete_region(),
        None,
        ("vault theirs in eu-west-1",),
    ),
    "a second Region, where nothing else is": ({"second": SECOND}, a_complete_region(), A_SECOND_REGION, ()),
    "none in the second Region": (
        {"second": SECOND},
        a_complete_region(),
        replace(A_SECOND_REGION, vaults={}),
        ("vault second in eu-central-1",),
    ),
    "AWS's key in the second Region": (
        {"second": SECOND},
        a_complete_region(),
        replace(A_SECOND_REGION, vaults={"second": "AWS"}),
        ("customer-managed key of vault second in eu-central-1",),
    ),
}


@pytest.mark.parametrize(("vaults", "home", "second", "missing"), OWN_VAULTS.values(), ids=OWN_VAULTS)
def test_each_vault_of_the_account_is_asked_for_where_it_lies(
    vaults: dict[str, Vault],
    home: RegionInspection,
    second: RegionInspection | None,
    missing: tuple[str, ...],
    intent: Intent,
) -> None:
    seen = a_complete_inspection(regions=(home, *((second,) if second else ())))
    assert judge(replace(intent, vaults=intent.vaults | vaults), inspection=seen).missing == missing


@pytest.mark.parametrize(
    ("policy", "tiers"),
    [
        ({}, TIERS),
        (an_effective_policy("daily-prod", "compliance-7y"), ("monthly-prod",)),
        (an_effective_policy("daily-prod-x", "monthly-prod", "compliance-7y"), ("daily-prod",)),
        (an_effective_policy(*TIERS, regions=("us-east-1",)), TIERS),
    ],
    ids=["no policy", "one tier without a plan", "a value that only begins alike", "another Region"],
)
def test_a_tier_without_a_plan_is_named(policy: dict[str, Any], tiers: tuple[str, ...], intent: Intent) -> None:
    expected = tuple(f"effective backup policy: no plan for Backup={tier} in eu-west-1" for tier in tiers)
    assert judge(intent, policy=policy).missing == expected


def test_the_rendered_policies_once_merged_leave_no_tier_without_a_plan(intent: Intent) -> None:
    policy = merge([list(render_backup_policies(intent).values())])
    assert judge(intent, policy=policy).state is AccountState.READY


def test_tiers_of_chosen_resource_types_have_their_plan_once_merged(intent: Intent) -> None:
    tiers: dict[str, Tier] = {name: replace(tier, resource_types=("RDS",)) for name, tier in intent.tiers.items()}
    narrowed = replace(intent, tiers=tiers)
    policy = merge([list(render_backup_policies(narrowed).values())])
    assert judge(narrowed, policy=policy).state is AccountState.READY
    assert len(judge(replace(narrowed, tag_key="Tier"), policy=policy).missing) == len(TIERS)


OWN_TAGS: dict[str, tuple[dict[str, Any], str]] = {
    "two keys, one of two values": (
        {"tag": {"Backup": "daily", "Stage": ("live", "beta")}},
        "Backup=daily and Stage=live or beta",
    ),
    "several values": ({"tag": {"Backup": ("daily", "nightly")}}, "Backup=daily or nightly"),
    "a tag that keeps out": (
        {"tag": {"is-production": "true"}, "unless": {"backup": ("false", "no")}},
        "is-production=true, without backup=false or no",
    ),
    "everything": ({"everything": True}, "everything"),
    "everything but": ({"everything": True, "unless": {"Backup": "none"}}, "everything, without Backup=none"),
    "types of its own": ({"tag": {"Backup": "daily"}, "resource_types": ("RDS", "S3")}, "Backup=daily"),
}


@pytest.mark.parametrize(("changes", "words"), OWN_TAGS.values(), ids=OWN_TAGS.keys())
def test_the_plan_of_a_tier_with_tags_of_its_own_is_told_from_those_of_others(
    intent: Intent, changes: dict[str, Any], words: str
) -> None:
    changed = replace(intent, tiers={**intent.tiers, "daily-prod": replace(intent.tiers["daily-prod"], **changes)})
    policy = merge([list(render_backup_policies(changed).values())])
    assert judge(changed, policy=policy).state is AccountState.READY
    for lacking in (an_effective_policy(*TIERS), without_a_selection(policy)):
        assert judge(changed, policy=lacking).missing == (f"effective backup policy: no plan for {words} in eu-west-1",)


def without_a_selection(policy: dict[str, Any]) -> dict[str, Any]:
    """The policy in which the plan of daily-prod has lost a selection, or a value of its only one."""
    (kind, selections), *_ = policy["plans"]["strongroom-daily-prod"]["selections"].items()
    name, last = list(selections.items())[-1]
    rest = {each: selection for each, selection in selections.items() if each != name}
    if kind == "tags":
        rest[name] = {**last, "tag_value": last["tag_value"][:1]}
    daily = {**policy["plans"]["strongroom-daily-prod"], "selections": {kind: rest}}
    return {"plans": {**policy["plans"], "strongroom-daily-prod": daily}}


@pytest.mark.parametrize(
    "narrowing",
    [
        {"conditions": {"string_like": {"team": {"condition_key": "aws:ResourceTag/team", "condition_value": "p*"}}}},
        {"resource_types": ["arn:aws:rds:*:*:db:*"]},
        {"conditions": {"string_not_equals": {"x": {"condition_key": "aws:ResourceTag/x", "condition_value": "y"}}}},
    ],
    ids=["another condition", "fewer types", "an exception"],
)
def test_a_plan_that_takes_less_than_the_tier_is_not_its_plan(intent: Intent, narrowing: dict[str, Any]) -> None:
    everything = replace(intent.tiers["daily-prod"], everything=True)
    changed = replace(intent, tiers={**intent.tiers, "daily-prod": everything})
    policy = merge([list(render_backup_policies(changed).values())])
    policy["plans"]["strongroom-daily-prod"]["selections"]["resources"]["by-tag"] |= narrowing
    assert len(judge(changed, policy=policy).missing) == 1


def test_a_tier_is_wanted_in_its_own_regions_only_and_one_plan_for_each_will_do(intent: Intent) -> None:
    ireland, frankfurt = Region("eu-west-1"), Region("eu-central-1")
    organization = replace(intent.organization, governed_regions=(ireland, frankfurt))
    central = replace(intent.vaults["central"], region="same")
    changed = replace(
        intent,
        organization=organization,
        vaults={**intent.vaults, "central": central},
        tiers={**intent.tiers, "monthly-prod": replace(intent.tiers["monthly-prod"], regions=(frankfurt,))},
    )
    policy = merge([list(render_backup_policies(changed).values())])
    assert not any("effective backup policy" in each for each in judge(changed, policy=policy).missing)
    del policy["plans"]["strongroom-daily-prod-eu-central-1"], policy["plans"]["strongroom-monthly-prod-eu-central-1"]
    assert judge(changed, policy=policy).missing[:2] == (
        "effective backup policy: no plan for Backup=daily-prod in eu-central-1",
        "effective backup policy: no plan for Backup=monthly-prod in eu-central-1",
    )


def test_an_exempted_account_is_not_ready_but_needs_no_attention(intent: Intent) -> None:
    exemption = Exemption(account=REPORTS, until=date(2026, 12, 31), reason="it is being closed", granted_by="sana")
    verdict = judge(intent, inspection=Inspection(refusal="no role"), exemption=exemption)
    assert (verdict.state, verdict.needs_attention) == (AccountState.NOT_READY, False)
    for word in ("2026-12-31", "it is being closed", "sana", "no role"):
        assert word in verdict.reason
    assert judge(intent, inspection=Inspection(refusal="no role")).needs_attention


def test_leaves_of_a_policy_may_be_single_texts(intent: Intent) -> None:
    policy = an_effective_policy(*TIERS)
    for tier in TIERS:
        policy["plans"][f"plan-{tier}"]["selections"]["tags"]["by-tag"]["tag_value"] = tier
        policy["plans"][f"plan-{tier}"]["regions"] = "eu-west-1"
    assert judge(intent, policy=policy).state is AccountState.READY


@pytest.mark.parametrize(
    ("membership", "state"),
    [
        (None, AccountState.LEFT),
        (Membership(status="SUSPENDED", units=(PRODUCTION,)), AccountState.LEFT),
        (Membership(status="PENDING_CLOSURE", units=(PRODUCTION,)), AccountState.LEFT),
        (IN_SANDBOX, AccountState.NOT_GOVERNED),
        (Membership(status="ACTIVE", units=()), AccountState.NOT_GOVERNED),
    ],
    ids=["not in the organisation", "suspended", "being closed", "in a unit without a target", "in the root"],
)
def test_an_account_that_need_not_be_looked_into(
    membership: Membership | None, state: AccountState, intent: Intent
) -> None:
    verdict = judge_membership(REPORTS, membership=membership, intent=intent)
    assert isinstance(verdict, AccountVerdict)
    assert verdict.state is state


def test_no_role_for_restores_is_missed_where_there_is_no_ceremony(intent: Intent) -> None:
    of_restores = tuple(
        f"strongroom/strongroom-{each}" for each in ("restore", "restore-job", "restore-after", "bucket-names")
    )
    roles = a_complete_inspection().role_arns - {f"arn:aws:iam::{REPORTS}:role/{each}" for each in of_restores}
    lacking = a_complete_inspection(role_arns=roles)
    assert judge(intent, inspection=lacking).missing == tuple(f"role {each}" for each in of_restores)
    assert judge(an_intent_without_ceremony(intent), inspection=lacking).missing == ()
