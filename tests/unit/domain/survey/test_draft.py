"""What the file says: who is governed, by which tiers, in which vaults, and what stands in it as a question."""

from copy import replace
from typing import Any, Final

import pytest
import yaml

from strongroom.domain.backup_policy.merge import merge_levels
from strongroom.domain.identifiers import AccountId, Region, vault_arn
from strongroom.domain.preview.tree import LiveTree
from strongroom.domain.survey.draft import Draft, draft_of
from strongroom.domain.survey.found import AccountPlan, LandingZoneFound, Unseen, VaultFound
from tests.builders.places import a_vault_arn
from tests.builders.survey import (
    CARDS,
    CENTRAL,
    HOME,
    ORGANIZATION,
    PLATFORM,
    ROOT,
    SHOP,
    TODAY,
    WALLET,
    WORKLOADS,
    a_locked_vault,
    a_policy,
    a_survey,
    an_open_survey,
)
from tests.unit.domain.backup_policy.good_policies import condition
from tests.unit.domain.backup_policy.linting.sound_policies import (
    copied,
    keeps,
    plan,
    policy,
    rule,
    tagged,
    typed,
)

NIGHTLY: Final = "0 2 ? * * *"
CENTRAL_VAULT: Final = vault_arn("central", account=CENTRAL, region=HOME)
AUDIT: Final = AccountId("555566667777")


def daily(name: str = "daily", **changed: Any) -> dict[str, Any]:
    """A policy with one plan, for what is tagged with its name."""
    return policy(**{name: plan({"nightly": rule(NIGHTLY, 35, **changed)}, tagged("Backup", name))})


def written(draft: Draft) -> Any:
    """The file as a reader of YAML has it, which is what the draft meant."""
    return yaml.safe_load(draft.text(today=TODAY))


def targets(*policies: Any, **found: Any) -> Any:
    return written(draft_of(a_survey(*policies, **found)))["targets"]


def remarks(draft: Draft, section: str) -> list[str]:
    return [remark.told for remark in draft.remarks if remark.section == section]


def test_the_file_of_a_simple_organisation_is_as_one_would_write_it() -> None:
    document = daily(
        copy_actions=copied(CENTRAL_VAULT, 90), start_backup_window_minutes="60", complete_backup_window_minutes="240"
    )
    surveyed = an_open_survey(a_policy(document), central=a_locked_vault())
    assert draft_of(surveyed).text(today=TODAY) == EXPECTED


EXPECTED: Final = """\
# Drafted by strongroom init on 2027-03-01 from o-ab12cd34ef, which was read and not changed.
# Nothing is left to answer.

version: 2

# backup_account: the delegated administrator of AWS Backup
# audit_account: none was found, so there are no reports and no restore ceremony
organization:
  id: o-ab12cd34ef
  root_id: r-ab12
  management_account: "111122223333"
  backup_account: "444455556666"
  home_region: eu-west-1
  units: {Workloads: ou-ab12-aaaaaaaa}

tag_key: Backup

vaults:
  local: {name: team-vault, existing: true}
  central:
    name: central
    lock: {min_retention_days: 7, max_retention_days: 2560, changeable_for_days: 30}
    existing: true

# The policies and plans that were read go on beside what is made of this file: detach or delete them once it runs, or
#   everything is backed up twice
tiers:
  daily: {schedule: daily 02:00, keep: {local: 35, central: 90}}

targets:
  - {unit: Workloads, tiers: [daily], default_tier: none}
"""


def test_a_unit_below_another_is_a_target_only_where_it_has_other_plans() -> None:
    more = a_policy(daily("weekly"), CARDS, name="more")
    assert targets(a_policy(daily()), more) == [
        {"unit": "Workloads", "tiers": ["daily"], "default_tier": "none"},
        {"unit": "Workloads/Cards", "tiers": ["daily", "weekly"], "default_tier": "none"},
    ]
    again = a_policy(daily(), CARDS, name="again")
    assert targets(a_policy(daily()), again) == [{"unit": "Workloads", "tiers": ["daily"], "default_tier": "none"}]


def test_what_a_unit_spoils_of_an_inherited_plan_is_a_question_about_that_unit() -> None:
    spoiled = {"plans": {"daily": {"regions": {"@@remove": ["eu-west-1"]}}}}
    draft = draft_of(a_survey(a_policy(daily(), ROOT), a_policy(spoiled, PLATFORM, name="spoiled")))
    assert written(draft)["targets"] == [{"root": True, "tiers": ["daily"], "default_tier": "none"}]
    assert any(
        each.startswith("TODO the plan daily on Platform is not in this file") for each in remarks(draft, "tiers")
    )


def test_an_account_with_a_policy_of_its_own_is_a_target_below_its_unit() -> None:
    assert targets(a_policy(daily(), WALLET)) == [
        {"unit": "Workloads/Cards", "account": WALLET, "tiers": ["daily"], "default_tier": "none"}
    ]


def test_the_plan_of_an_account_is_a_tier_with_that_account_as_target() -> None:
    own = AccountPlan(
        account=SHOP,
        name="team",
        plan={
            "regions": [HOME],
            "rules": {
                "nightly": {
                    "schedule_expression": "cron(0 2 ? * * *)",
                    "target_backup_vault_name": "team-vault",
                    "lifecycle": keeps(7),
                    "copy_actions": copied(a_vault_arn("second", account=SHOP, region="eu-central-1"), 14),
                }
            },
            "selections": tagged("team", "shop"),
        },
    )
    read = written(draft_of(a_survey(plans=(own, replace(own, account=WALLET)))))
    assert read["vaults"]["second"] == {"name": "second", "account": "own", "region": "eu-central-1", "existing": True}
    assert [target["account"] for target in read["targets"]] == [SHOP, WALLET]
    assert read["tiers"]["shop"]["keep"] == {"local": 7, "second": 14}


def test_settings_that_units_inherit_are_merged_before_they_are_read() -> None:
    above, below = daily(), daily()
    del above["plans"]["daily"]["selections"], below["plans"]["daily"]["rules"], below["plans"]["daily"]["regions"]
    read = written(draft_of(a_survey(a_policy(above, ROOT, name="above"), a_policy(below, WORKLOADS, name="below"))))
    assert read["targets"] == [{"unit": "Workloads", "tiers": ["daily"], "default_tier": "none"}]


def test_plans_for_each_region_that_copy_within_it_are_one_tier() -> None:
    regions = ("eu-west-1", "eu-central-1")
    document = policy(
        **{
            f"nightly-{region}": plan(
                {
                    "nightly": rule(
                        NIGHTLY,
                        35,
                        copy_actions=copied(vault_arn("central", account=CENTRAL, region=Region(region)), 90),
                    )
                },
                tagged("Backup", "daily"),
                region,
            )
            for region in regions
        }
    )
    read = written(draft_of(a_survey(a_policy(document))))
    assert list(read["tiers"]) == ["daily"]
    assert read["vaults"]["central"] == {"name": "central", "region": "same", "existing": True}
    assert read["organization"]["governed_regions"] == ["eu-west-1", "eu-central-1"]


def test_what_strongroom_made_is_read_back_under_its_names() -> None:
    document = policy(
        **{
            "strongroom-gfs": plan(
                {"weekly": rule("0 3 ? * SUN *", 21, copy_actions=copied(CENTRAL_VAULT, 90))}, tagged("Backup", "gfs")
            )
        }
    )
    draft = draft_of(an_open_survey(a_policy(document, name="strongroom-gfs"), central=a_locked_vault()))
    read = written(draft)
    assert list(read["tiers"]["gfs"]["rules"]) == ["weekly"]
    assert not any("existing" in vault for vault in read["vaults"].values())
    assert remarks(draft, "version")[0].startswith("TODO Strongroom runs here already")


@pytest.mark.parametrize(
    ("selections", "said"),
    [
        (tagged("Stage", "live", "test"), {"tag": {"Stage": ["live", "test"]}}),
        (tagged("Backup", "yes"), {"tag": {"Backup": "yes"}}),
        (typed("arn:aws:dynamodb:*:*:table/*"), {"everything": True, "resource_types": ["DynamoDB"]}),
        (
            typed(
                "*",
                conditions={
                    "string_equals": {"a": condition("Stage", "live"), "b": condition("Team", "shop")},
                    "string_not_equals": {"c": condition("Backup", "false")},
                },
            ),
            {"tag": {"Stage": "live", "Team": "shop"}, "unless": {"Backup": "false"}},
        ),
        (
            {
                "resources": {
                    stage: {
                        "iam_role_arn": "arn:aws:iam::$account:role/backup",
                        "resource_types": ["*"],
                        "conditions": {
                            "string_equals": {"a": condition("Stage", stage), "b": condition("Team", "shop")}
                        },
                    }
                    for stage in ("live", "test")
                }
            },
            {"tag": {"Stage": ["live", "test"], "Team": "shop"}},
        ),
    ],
    ids=["values of a key", "an answer", "a type", "keys and an exception", "a selection for each value"],
)
def test_tags_are_said_as_the_selections_say_them(selections: dict[str, Any], said: dict[str, Any]) -> None:
    document = policy(nightly=plan({"nightly": rule(NIGHTLY, 35)}, selections))
    tier = written(draft_of(a_survey(a_policy(document))))["tiers"]["nightly"]
    assert {key: tier.get(key) for key in said} == said


def test_every_type_but_some_is_said_by_the_names_of_the_others() -> None:
    selections = typed("*", not_resource_types=["arn:aws:s3:::*"])
    draft = draft_of(a_survey(a_policy(policy(nightly=plan({"nightly": rule(NIGHTLY, 35)}, selections)))))
    types = written(draft)["tiers"]["nightly"]["resource_types"]
    assert ("S3" in types, {"DynamoDB", "EBS", "EFS"} <= set(types)) == (False, True)
    assert "nightly: types that AWS Backup learns later are not taken, where the plan takes them" in remarks(
        draft, "tiers"
    )


GOVERNANCE: Final = {"mode": "governance", "min_retention_days": 7, "max_retention_days": 2560}
WITHOUT_END: Final = {"min_retention_days": 7, "max_retention_days": 36500, "changeable_for_days": 30}


@pytest.mark.parametrize(
    ("vault", "said", "open_"),
    [
        (a_locked_vault(lock_date=None), {"lock": GOVERNANCE}, False),
        (a_locked_vault(max_retention_days=None), {"lock": WITHOUT_END}, False),
        (VaultFound(), {"lock": "none"}, False),
        (None, {}, True),
    ],
    ids=["governance", "without a maximum", "no lock", "not there"],
)
def test_the_lock_is_said_as_it_was_seen(vault: VaultFound | None, said: dict[str, Any], *, open_: bool) -> None:
    document = daily(copy_actions=copied(CENTRAL_VAULT, 90))
    draft = draft_of(an_open_survey(a_policy(document), **({} if vault is None else {"central": vault})))
    existing = {} if vault is None else {"existing": True}
    assert written(draft)["vaults"]["central"] == {"name": "central", **said, **existing}
    assert draft.open_questions == open_


def test_a_vault_that_nobody_could_look_at_is_a_question() -> None:
    draft = draft_of(a_survey(a_policy(daily())))
    assert remarks(draft, "vaults") == ["TODO local: team-vault: nobody could look: is it there, and how is it locked?"]


def test_control_tower_tells_accounts_regions_and_its_guardrails() -> None:
    zone = LandingZoneFound(regions=(HOME,), audit_account=AUDIT, backup_administrator=CENTRAL)
    draft = draft_of(
        a_survey(administrators=(), landing_zone=zone, scps={WORKLOADS: ("FullAWSAccess", "aws-guardrails-x")})
    )
    read = written(draft)
    assert (read["organization"]["audit_account"], read["organization"]["backup_account"]) == (AUDIT, CENTRAL)
    assert read["guardrails"] == {"landing_zone": ["control-tower"]}
    assert any("AWS Control Tower calls it the backup administrator" in each for each in remarks(draft, "organization"))
    assert any("Workloads carries 2 service control policies of others" in each for each in remarks(draft, "targets"))


def test_the_accelerator_is_known_by_its_policies_and_more_slots_by_the_quota() -> None:
    surveyed = a_survey(scps={ROOT: ("AWSAccelerator-Guardrails-1",)}, scps_per_target=10)
    assert written(draft_of(surveyed))["guardrails"] == {"landing_zone": ["landing-zone-accelerator"], "scp_slots": 10}


@pytest.mark.parametrize(
    ("found", "account", "why"),
    [
        ({"administrators": (CENTRAL, SHOP)}, CENTRAL, "the delegated administrator"),
        ({"administrators": ()}, CENTRAL, "most copies go there"),
        ({"administrators": (SHOP, WALLET)}, CENTRAL, "most copies go there"),
    ],
    ids=["the delegate that copies go to", "no delegate", "two others"],
)
def test_the_backup_account_is_the_delegate_that_copies_go_to(found: dict[str, Any], account: str, why: str) -> None:
    draft = draft_of(a_survey(a_policy(daily(copy_actions=copied(CENTRAL_VAULT, 90))), **found))
    assert written(draft)["organization"]["backup_account"] == account
    assert why in remarks(draft, "organization")[0]


def test_an_account_called_so_is_a_guess_and_without_one_the_key_is_left_out() -> None:
    tree = ORGANIZATION.tree
    another = replace(tree, accounts={**tree.accounts, AUDIT: ROOT}, names={**tree.names, AUDIT: "Backup EU"})
    called = replace(ORGANIZATION, tree=another)
    guessed = draft_of(a_survey(organization=called, administrators=()))
    assert written(guessed)["organization"]["backup_account"] == AUDIT
    unknown = draft_of(a_survey(administrators=()))
    assert "backup_account" not in written(unknown)["organization"]
    assert any(each.startswith("TODO backup_account: which account") for each in remarks(unknown, "organization"))


def test_the_home_region_is_where_most_plans_run_and_a_question_where_the_credentials_say_another() -> None:
    elsewhere = policy(daily=plan({"nightly": rule(NIGHTLY, 35)}, tagged("Backup", "daily"), "eu-central-1"))
    draft = draft_of(a_survey(a_policy(elsewhere)))
    assert written(draft)["organization"]["home_region"] == "eu-central-1"
    assert any(each.startswith("TODO home_region: is it eu-central-1?") for each in remarks(draft, "organization"))


def test_what_could_not_be_asked_stands_in_its_section() -> None:
    unseen = Unseen(section="tiers", question="which policies?", reason="no rights")
    draft = draft_of(a_survey(unseen=(unseen,)))
    assert "TODO which policies? no rights" in remarks(draft, "tiers")


def test_where_aws_merges_otherwise_it_is_a_question() -> None:
    theirs = merge_levels([[daily("weekly")]]).effective
    draft = draft_of(a_survey(a_policy(daily()), effective={SHOP: theirs}))
    told = f"TODO look at daily, weekly in account {SHOP}: AWS merges its policies otherwise than they were merged here"
    assert told in remarks(draft, "tiers")
    same = draft_of(a_survey(a_policy(daily()), effective={SHOP: merge_levels([[daily()]]).effective}))
    assert not any("AWS merges" in each for each in remarks(same, "tiers"))


def test_without_units_the_root_is_proposed_and_with_a_tag_policy_its_key() -> None:
    bare = replace(ORGANIZATION, tree=LiveTree(units={ROOT: None}, names={}, accounts={}))
    read = written(draft_of(a_survey(organization=bare, tag_keys=("CostCenter", "backup-plan"))))
    assert read["targets"] == [{"root": True, "tiers": ["daily"], "default_tier": "none"}]
    assert read["tag_key"] == "backup-plan"
    assert "units" not in read["organization"]


def test_rules_whose_names_become_one_are_told_apart() -> None:
    twice = {"night.1": rule(NIGHTLY, 35), "night-1": rule("0 12 ? * * *", 7)}
    read = written(draft_of(a_survey(a_policy(policy(daily=plan(twice, tagged("Backup", "daily")))))))
    assert list(read["tiers"]["daily"]["rules"]) == ["night-1", "night-1-2"]


def test_an_air_gapped_vault_in_which_backups_end_is_kept_beside_the_local_one() -> None:
    gapped = a_vault_arn("gapped", account="$account", region="$region")
    policies = a_policy(daily(target_logically_air_gapped_backup_vault_arn=gapped))
    seen = a_locked_vault(is_air_gapped=True, lock_date=None)
    surveyed = replace(an_open_survey(policies), vaults={vault_arn("gapped", account=SHOP, region=HOME): seen})
    read = written(draft_of(surveyed))
    assert read["tiers"]["daily"]["keep"] == {"local": 35, "air-gap": 35}
    assert read["vaults"]["air-gap"] == {
        "name": "gapped",
        "kind": "air-gapped",
        "account": "own",
        "region": "same",
        "lock": {"min_retention_days": 7, "max_retention_days": 2560},
        "existing": True,
    }
