"""The whole plan: nothing where nothing is missing, and everything in its order where all is."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.identifiers import Region
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from tests.builders.rollout import a_region_with_opt_ins, an_empty_organization, without
from tests.unit.domain.rollout.plans import codes, plan_of, steps_of


def test_there_is_nothing_to_do_in_an_organization_in_accord(wanted: Desired, live: LiveOrganization) -> None:
    plan = plan_of(wanted, live)
    assert (plan.steps, plan.findings) == ((), ())
    assert plan.is_settled


def test_everything_is_done_in_the_order_in_which_it_depends_on_each_other(wanted: Desired) -> None:
    assert list(steps_of(wanted, an_empty_organization(wanted))) == [
        "trusted-access-backup",
        "policy-type-BACKUP_POLICY",
        "policy-type-SERVICE_CONTROL_POLICY",
        "trusted-access-stacksets",
        "service-linked-role-111111111111-backup",
        "service-linked-role-999999999999-backup",
        "service-linked-role-888888888888-reports.backup",
        "delegated-administrator-999999999999",
        "delegated-administrator-888888888888",
        "global-setting-isCrossAccountBackupEnabled",
        "global-setting-isDelegatedAdministratorEnabled",
        "opt-in-eu-west-1",
        "opt-in-eu-central-1",
        "control-plane",
        "stack-strongroom-central",
        "stack-strongroom-replica",
        "stack-strongroom-global",
        "stack-strongroom-audit",
        "rules",
        "stack-strongroom-members",
        "stack-strongroom-management",
    ]


def test_every_step_changes_something(wanted: Desired) -> None:
    assert all(step.before != step.after for step in steps_of(wanted, an_empty_organization(wanted)).values())


type Off = Callable[[LiveOrganization], LiveOrganization]

SWITCHES: dict[str, tuple[Off, str]] = {
    "a policy type": (
        lambda live: replace(live, switches=replace(live.switches, policy_types=frozenset({"SERVICE_CONTROL_POLICY"}))),
        "policy-type-BACKUP_POLICY",
    ),
    "trusted access": (
        lambda live: replace(live, switches=replace(live.switches, trusted_services=frozenset({"sso.amazonaws.com"}))),
        "trusted-access-backup",
    ),
    "StackSets": (lambda live: replace(live, stack_sets_are_active=False), "trusted-access-stacksets"),
    "a service-linked role": (
        lambda live: replace(
            live,
            service_linked_roles=frozenset(role for role in live.service_linked_roles if role[0] != "999999999999"),
        ),
        "service-linked-role-999999999999-backup",
    ),
    "a delegated administrator": (
        lambda live: replace(
            live, switches=replace(live.switches, administrators=live.switches.administrators - {"888888888888"})
        ),
        "delegated-administrator-888888888888",
    ),
    "a global setting": (
        lambda live: replace(live, global_settings={**live.global_settings, "isCrossAccountBackupEnabled": "false"}),
        "global-setting-isCrossAccountBackupEnabled",
    ),
    "a global setting that AWS does not name": (
        lambda live: replace(live, global_settings=without(live.global_settings, "isDelegatedAdministratorEnabled")),
        "global-setting-isDelegatedAdministratorEnabled",
    ),
    "an opt-in": (
        lambda live: replace(
            live, opt_ins={region: a_region_with_opt_ins(RDS=region != "eu-central-1") for region in live.opt_ins}
        ),
        "opt-in-eu-central-1",
    ),
}


@pytest.mark.parametrize(("switch_off", "step"), SWITCHES.values(), ids=SWITCHES)
def test_a_switch_that_is_off_is_named_and_nothing_else(
    switch_off: Off, step: str, wanted: Desired, live: LiveOrganization
) -> None:
    assert list(steps_of(wanted, switch_off(live))) == [step]


def test_an_opt_in_names_the_types_and_what_is_managed_fully(wanted: Desired, live: LiveOrganization) -> None:
    off = replace(a_region_with_opt_ins(RDS=False, S3=False), fully_managed={"DynamoDB": False, "EFS": True})
    step = steps_of(wanted, replace(live, opt_ins={**live.opt_ins, wanted.control_plane.region: off}))[
        "opt-in-eu-west-1"
    ]
    assert (step.what, step.before, step.after) == (
        "the resource types RDS, S3, DynamoDB (full management)",
        "off",
        "on",
    )


def test_a_type_that_a_region_does_not_serve_is_left_alone(wanted: Desired, live: LiveOrganization) -> None:
    some = replace(a_region_with_opt_ins(), served={"RDS": True}, fully_managed={})
    assert steps_of(wanted, replace(live, opt_ins=dict.fromkeys(live.opt_ins, some))) == {}


def test_only_types_that_a_tier_selects_are_switched_on(wanted: Desired, live: LiveOrganization) -> None:
    tiers = {name: replace(tier, resource_types=("S3",)) for name, tier in wanted.intent.tiers.items()}
    narrow = replace(wanted, intent=replace(wanted.intent, tiers=tiers))
    off = replace(live, opt_ins=dict.fromkeys(live.opt_ins, a_region_with_opt_ins(RDS=False)))
    assert not [step for step in steps_of(narrow, off) if step.startswith("opt-in")]


def test_an_organization_without_all_features_is_refused(wanted: Desired, live: LiveOrganization) -> None:
    billing = replace(live, switches=replace(live.switches, feature_set="CONSOLIDATED_BILLING"))
    assert codes(plan_of(wanted, billing).errors) == ["features-missing"]


TWO = frozenset({"AWS::Backup::BackupVault", "AWS::Backup::RecoveryPoint"})


def test_types_that_config_does_not_record_are_an_error_with_their_places(
    wanted: Desired, live: LiveOrganization
) -> None:
    place = (wanted.control_plane.account, wanted.control_plane.region)
    other = (wanted.control_plane.account, Region("us-east-1"))
    plan = plan_of(wanted, replace(live, unrecorded={place: TWO, other: frozenset({"AWS::Backup::BackupPlan"})}))
    assert codes(plan.errors) == ["config-recording-off", "config-recording-off"]
    assert "AWS::Backup::BackupVault, AWS::Backup::RecoveryPoint in 999999999999 eu-west-1" in plan.errors[0].message
    assert "audit.framework to false" in plan.errors[0].message


def test_an_account_that_nobody_can_look_into_is_named(wanted: Desired, live: LiveOrganization) -> None:
    account, region = wanted.control_plane.account, wanted.control_plane.region
    plan = plan_of(wanted, replace(live, unrecorded={(account, region): None}))
    assert (codes(plan.findings), plan.is_settled) == (["config-unknown"], True)


def test_config_that_records_all_is_not_mentioned(wanted: Desired, live: LiveOrganization) -> None:
    place = (wanted.control_plane.account, wanted.control_plane.region)
    assert plan_of(wanted, replace(live, unrecorded={place: frozenset()})).findings == ()
