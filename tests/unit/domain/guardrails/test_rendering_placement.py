"""Which guardrails hang where: by the topmost targets, and by what the intent asks of them."""

from collections.abc import Mapping
from copy import replace
from typing import Any

import pytest

from strongroom.domain.guardrails.denials import Denial
from strongroom.domain.guardrails.rendering import (
    PROTECT_BACKUPS,
    PROTECT_CONTROL_PLANE,
    find_crowded_targets,
    find_unknown_statements,
    guardrail_targets,
    list_denials,
    render_guardrails,
)
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Guardrails, Intent, Target
from tests.builders.organizations import CONTROL_TOWER, NESTED, an_organization
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT, a_vault_arn

UNITS = {"Production": "ou-strg-prod0001", "Sandbox": "ou-strg-sand0001", "Shared": "ou-strg-shar0001"}
WHOLE = Target(unit="Production", tiers=("daily-prod", "compliance-7y"), default_tier="daily-prod")
ALIKE = replace(WHOLE, unit="Shared")
FEWER = Target(unit="Sandbox", tiers=("daily-prod",))


def governed(intent: Intent, *targets: Target, **guardrails: Any) -> Intent:
    return replace(intent, targets=targets, guardrails=replace(intent.guardrails, **guardrails))


def anywhere(name: str) -> str:
    return a_vault_arn(name, account="*", region="*")


def by_sid(intent: Intent, guardrail: str = PROTECT_BACKUPS) -> Mapping[str, Denial]:
    return {denial.sid: denial for denial in list_denials(intent)[guardrail]}


def test_units_with_the_same_guardrails_share_documents_and_others_have_their_own(intent: Intent) -> None:
    targets = guardrail_targets(governed(intent, WHOLE, FEWER, ALIKE))
    shared, own = (UNITS["Production"], UNITS["Shared"]), (UNITS["Sandbox"],)
    members = {name: where for name, where in targets.items() if not name.startswith(PROTECT_CONTROL_PLANE)}
    assert set(members.values()) == {shared, own}
    assert members[PROTECT_BACKUPS] == shared
    assert members[f"{PROTECT_BACKUPS}-for-2"] == own


def test_each_way_lists_the_tiers_and_the_copies_of_its_own(intent: Intent) -> None:
    apart = governed(intent, WHOLE, FEWER)
    first, second = by_sid(apart), by_sid(apart, f"{PROTECT_BACKUPS}-for-2")
    tag, copies = "aws:RequestTag/Backup", "backup:CopyTargets"
    assert first["KeepTier"].when["StringNotEquals"][tag] == ["daily-prod", "compliance-7y"]
    assert second["KeepTier"].when["StringNotEquals"][tag] == ["daily-prod"]
    assert first["CopyToOurVaultsOnly"].when == {"ForAnyValue:ArnNotLike": {copies: [CENTRAL_VAULT, REPLICA_VAULT]}}
    assert second["CopyToOurVaultsOnly"].when == {"ForAnyValue:ArnNotLike": {copies: [CENTRAL_VAULT]}}


def test_where_nothing_is_copied_no_statement_is_about_copies(intent: Intent) -> None:
    local = replace(intent.tiers["daily-prod"], keep={"local": 35})
    at_home = governed(replace(intent, tiers={"daily-prod": local}), FEWER, refuse_unnamed_copies=True)
    assert not {"CopyToOurVaultsOnly", "CopyNowhereUnnamed"} & by_sid(at_home).keys()


def test_a_copy_in_the_account_itself_is_compared_as_text(intent: Intent) -> None:
    second = replace(intent.vaults["replica"], name="second-vault", account="own")
    tier = replace(intent.tiers["daily-prod"], keep={"local": 35, "central": 90, "second": 90})
    twice = replace(intent, vaults={**intent.vaults, "second": second}, tiers={"daily-prod": tier})
    assert by_sid(governed(twice, FEWER))["CopyToOurVaultsOnly"].when == {
        "ForAnyValue:StringNotLike": {
            "backup:CopyTargets": [
                CENTRAL_VAULT,
                a_vault_arn("second-vault", account="${aws:PrincipalAccount}", region="eu-central-1"),
            ]
        }
    }


def test_what_hangs_on_the_root_binds_neither_our_accounts_nor_what_is_left_out() -> None:
    nested = an_organization(NESTED)
    for denial in list_denials(nested)[PROTECT_BACKUPS]:
        assert "o-moj1000000/*/ou-moj1-closed01/*" in denial.when["ForAllValues:StringNotLike"]["aws:PrincipalOrgPaths"]
        assert denial.when["StringNotEquals"]["aws:PrincipalAccount"] == ["999999999999", "888888888888"]
    members = {
        name: where for name, where in guardrail_targets(nested).items() if not name.startswith(PROTECT_CONTROL_PLANE)
    }
    assert set(members.values()) == {("r-moj1",)}


def test_attached_to_the_root_they_bind_their_units_only_and_take_no_slot_of_them(intent: Intent) -> None:
    alone = Target(account=AccountId("333333333333"), tiers=("daily-prod",))
    on_root = governed(intent, WHOLE, ALIKE, FEWER, alone, attach="root")
    targets = guardrail_targets(on_root)
    assert {where for name, where in targets.items() if not name.startswith(PROTECT_CONTROL_PLANE)} == {
        ("r-strg",),
        ("333333333333",),
    }
    units = [f"o-strongroom1/*/{UNITS[name]}/*" for name in ("Production", "Shared")]
    for denial in by_sid(on_root).values():
        assert denial.when["ForAnyValue:StringLike"] == {"aws:PrincipalOrgPaths": units}
    [account] = [denials for name, denials in list_denials(on_root).items() if name.startswith("protect-backups-for-3")]
    assert not any("ForAnyValue:StringLike" in denial.when for denial in account)


def test_the_example_on_its_root_needs_four_documents(intent: Intent) -> None:
    on_root = governed(intent, *intent.targets, attach="root")
    documents = [name for name, where in guardrail_targets(on_root).items() if where == ("r-strg",)]
    assert len(documents) <= 4
    assert find_crowded_targets(on_root) == ()


def test_a_statement_is_left_out_of_governed_accounts_only(intent: Intent) -> None:
    without = governed(intent, *intent.targets, leave_out={"KeepTrails": "our own SCP has it"})
    assert by_sid(intent).keys() - by_sid(without).keys() == {"KeepTrails"}
    assert by_sid(without, PROTECT_CONTROL_PLANE).keys() == by_sid(intent, PROTECT_CONTROL_PLANE).keys()
    assert list(find_unknown_statements(without)) == []


def test_a_statement_that_there_is_none_of_cannot_be_left_out(intent: Intent) -> None:
    [finding] = find_unknown_statements(governed(intent, *intent.targets, leave_out={"KeepTrials": "misspelled"}))
    assert (finding.level, finding.code, finding.path) == ("error", "left-out", "guardrails.leave_out.KeepTrials")
    assert "KeepTrails" in finding.message


def test_vaults_that_are_not_ours_can_be_left_to_their_teams(intent: Intent) -> None:
    ours = by_sid(governed(intent, *intent.targets, vaults="ours"))
    assert "KeepVaults" not in ours
    assert ours["KeepOurVaults"].resources == tuple(
        anywhere(name) for name in ("local-prod-vault", "central-backup-vault", "replica-backup-vault")
    )
    assert "KeepVaults" in by_sid(governed(intent, *intent.targets, vaults="ours"), PROTECT_CONTROL_PLANE)


def test_a_vault_that_is_there_already_is_not_ours_to_keep(intent: Intent) -> None:
    existing = replace(intent.vaults["local"], existing=True)
    theirs = replace(intent, vaults={**intent.vaults, "local": existing})
    kept = by_sid(governed(theirs, *intent.targets, vaults="ours"))["KeepOurVaults"]
    assert anywhere("local-prod-vault") not in kept.resources


def test_control_tower_is_exempt_by_its_exact_role_from_what_is_its_own() -> None:
    tower = by_sid(an_organization(CONTROL_TOWER))
    role = "arn:aws:iam::${aws:PrincipalAccount}:role/AWSControlTowerExecution"
    joint = {sid for sid, denial in tower.items() if role in denial.exempt_arns}
    assert joint == {"KeepControlTowerVaults", "KeepLandingZoneRoles", "KeepTrails", "KeepRecorder"}
    assert tower["KeepVaults"].not_resources == (anywhere("aws-controltower-*"),)
    assert tower["KeepControlTowerVaults"].resources == tower["KeepVaults"].not_resources


def test_a_vault_of_ours_that_is_called_as_control_towers_is_kept_from_it() -> None:
    vaults = {"local": {"name": "aws-controltower-x"}, "central": {"name": "c", "lock": "none", "region": "same"}}
    found = by_sid(an_organization(CONTROL_TOWER, vaults=vaults))
    assert anywhere("aws-controltower-x") in found["KeepOurVaults"].resources


def test_the_accelerators_role_is_known_by_its_account_and_region() -> None:
    guardrails = {"landing_zone": ["landing-zone-accelerator"]}
    found = by_sid(an_organization(CONTROL_TOWER, guardrails=guardrails))
    roles = {
        f"arn:aws:iam::${{aws:PrincipalAccount}}:role/cdk-accel-cfn-exec-role-${{aws:PrincipalAccount}}-{region}"
        for region in ("eu-central-1", "eu-west-1")
    }
    assert {sid for sid, denial in found.items() if roles & set(denial.exempt_arns)} == {
        "KeepVaults",
        "KeepLandingZoneRoles",
    }


def test_a_unit_of_control_tower_has_room_for_two_documents(intent: Intent) -> None:
    tower = an_organization(CONTROL_TOWER)
    documents = [name for name, where in guardrail_targets(tower).items() if "ou-ctw1-work0001" in where]
    assert len(documents) == 2
    assert find_crowded_targets(tower) == ()
    [finding] = find_crowded_targets(governed(intent, *intent.targets, landing_zone=("control-tower",)))
    assert "ou-strg-prod0001 gets 3 service control policies beside FullAWSAccess and 2 of the landing zone" in (
        finding.message
    )


@pytest.mark.parametrize("keys", [("Backup", "Retention"), ("Retention", "Backup")])
def test_every_key_that_is_guarded_has_its_values(intent: Intent, keys: tuple[str, ...]) -> None:
    tier = replace(intent.tiers["compliance-7y"], tag={"Retention": ("7y", "10y")})
    two = replace(intent, tiers={**intent.tiers, "compliance-7y": tier})
    found = by_sid(governed(two, WHOLE, tag_keys=keys))
    values = {
        key: values for sid in ("KeepTier", "KeepTier2") for key, values in found[sid].when["StringNotEquals"].items()
    }
    assert values == {"aws:RequestTag/Backup": ["daily-prod"], "aws:RequestTag/Retention": ["7y", "10y"]}
    assert found["KeepBackupTag"].when == {"ForAnyValue:StringEquals": {"aws:TagKeys": list(keys)}}
    required = list_denials(governed(two, WHOLE, tag_keys=keys))["require-backup-tag"]
    assert [each.when for each in required if each.sid == "RequireTag"] == [
        {"Null": {f"aws:RequestTag/{key}": "true" for key in keys}}
    ]
    assert len({denial.sid for denial in required}) == len(required)


def test_every_document_of_every_organisation_has_a_name_of_its_own(intent: Intent) -> None:
    many = governed(intent, WHOLE, FEWER, replace(FEWER, unit="Shared", tiers=("monthly-prod",)), tag_required_on=())
    names = [name for name in render_guardrails(many) if not name.startswith(PROTECT_CONTROL_PLANE)]
    statements = sum(len(document["Statement"]) for document in render_guardrails(many).values())
    assert statements == sum(len(denials) for denials in list_denials(many).values())
    assert {PROTECT_BACKUPS, f"{PROTECT_BACKUPS}-for-2", f"{PROTECT_BACKUPS}-for-3"} <= set(names)


def test_no_create_action_and_no_zone_leave_two_documents(intent: Intent) -> None:
    plain = replace(intent, guardrails=Guardrails())
    documents = [name for name, where in guardrail_targets(plain).items() if "ou-strg-prod0001" in where]
    assert len(documents) <= 3
