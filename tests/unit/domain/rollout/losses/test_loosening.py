"""Whatever our policies in force protect and the intent would give up is told, one line each; a repair is no loss."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.guardrails.rendering import render_guardrails
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Guardrails, Intent, Target
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.losses.lost_denials import lost_denials, read_denials
from tests.builders.intents import with_kept
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT
from tests.builders.rollout import (
    DEPLOYERS,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_policy,
    with_stack,
)
from tests.unit.domain.rollout.plans import codes, plan_of

PLAN = "strongroom-daily-prod"
UNIT, CONTROL_PLANE = "ou-strg-prod0001", "999999999999, 888888888888"

type Change = Callable[[Intent], Intent]


def in_force(before: Intent) -> LiveOrganization:
    """The organisation after a rollout of another intent than the one that is planned."""
    return with_stack(
        a_settled_organization(a_desired_organization(before)), MANAGEMENT_STACK, template="of the intent before"
    )


def losses(before: Intent, after: Intent) -> list[tuple[str, str]]:
    wanted = a_desired_organization(after)
    live = replace(in_force(before), opt_ins=a_settled_organization(wanted).opt_ins)
    errors = plan_of(wanted, live, confirmed_days=2555).errors
    assert {each.code for each in errors} <= {"protection-shrinks"}
    return [(each.path, each.message) for each in errors]


def tier(**changed: object) -> Change:
    def change(intent: Intent) -> Intent:
        altered: Tier = replace(intent.tiers["daily-prod"], **changed)  # type: ignore[arg-type]
        return replace(intent, tiers={**intent.tiers, "daily-prod": altered})

    return change


def kept(**days: int) -> Change:
    return lambda intent: with_kept(intent, "daily-prod", **days)


def guardrails(**changed: object) -> Change:
    def change(intent: Intent) -> Intent:
        altered: Guardrails = replace(intent.guardrails, **changed)  # type: ignore[arg-type]
        return replace(intent, guardrails=altered)

    return change


def regions(*names: str) -> Change:
    governed = tuple(Region(name) for name in names)
    return lambda intent: replace(intent, organization=replace(intent.organization, governed_regions=governed))


def offered(*tiers: str, unit: str = "Production") -> Change:
    return lambda intent: replace(intent, targets=(Target(unit=unit, tiers=tiers, default_tier=tiers[0]),))


def same(intent: Intent) -> Intent:
    return intent


ALL = ("daily-prod", "monthly-prod", "compliance-7y")

PLANS: dict[str, tuple[Change, Change, str, str]] = {
    "backups kept for less": (same, kept(local=34), PLAN, "keep backups for 34 days in place of 35"),
    "copies kept for less": (
        same,
        kept(central=2000),
        PLAN,
        f"keep copies in {CENTRAL_VAULT} for 2000 days in place of 2555",
    ),
    "a copy less": (kept(replica=2555), same, PLAN, f"no longer copy to {REPLICA_VAULT}"),
    "a type less": (
        tier(resource_types=("EBS", "S3")),
        tier(resource_types=("EBS",)),
        PLAN,
        "no longer take arn:aws:s3:::*",
    ),
    "some types in place of all": (
        same,
        tier(resource_types=("S3",)),
        PLAN,
        "take arn:aws:s3:::* only in place of every resource type",
    ),
    "another tag": (
        same,
        lambda intent: replace(intent, tag_key="Copies"),
        PLAN,
        "no longer take what is tagged Backup=daily-prod",
    ),
    "less often": (
        same,
        tier(schedule="cron(0 2 1 * ? *)"),
        PLAN,
        "run less often: cron(0 2 1 * ? *) in place of cron(0 2 ? * * *)",
    ),
    "no continuous backup": (
        tier(continuous_backup=True),
        same,
        PLAN,
        "make no continuous backup, and so allow no restore to a point in time",
    ),
}


@pytest.mark.parametrize(("before", "after", "path", "said"), PLANS.values(), ids=PLANS)
def test_what_a_backup_plan_would_give_up_is_told(
    before: Change, after: Change, path: str, said: str, intent: Intent
) -> None:
    assert (path, f"the backup plan {path} would {said}") in losses(before(intent), after(intent))


def test_a_region_less_is_told_for_each_plan(intent: Intent) -> None:
    told = losses(regions("eu-west-1", "eu-west-2")(intent), intent)
    assert told == [
        (f"strongroom-{name}", f"the backup plan strongroom-{name} would no longer run in eu-west-2") for name in ALL
    ]


def test_a_tier_that_is_offered_no_more_is_told(intent: Intent) -> None:
    [told] = losses(intent, offered("daily-prod", "compliance-7y")(intent))
    assert told == (
        "strongroom-monthly-prod",
        f"the backup plan strongroom-monthly-prod would be removed from {UNIT}",
    )


def test_a_target_less_is_told_for_each_plan_and_guardrail(intent: Intent) -> None:
    sandbox = Target(unit="Sandbox", tiers=ALL, default_tier="daily-prod")
    wanted = a_desired_organization(intent)
    live = in_force(replace(intent, targets=(*intent.targets, sandbox)))
    [gone] = {target for policy in live.policies for target in policy.targets} - {
        target for policy in wanted.policies for target in policy.targets
    }
    *plans, guardrails = plan_of(wanted, live).errors
    assert [(each.path, each.message.endswith(f"would be removed from {gone}")) for each in plans] == [
        (f"strongroom-{name}", True) for name in ALL
    ]
    assert guardrails.path == gone
    assert "would be removed, and with them KeepRecoveryPoints" in guardrails.message
    assert guardrails.message.endswith("RequireSpelling2")


CREATE = "dynamodb:CreateTable"
GUARDRAILS: dict[str, tuple[Change, Change, str, str]] = {
    "a guardrail less": (
        guardrails(tag_required_on=(CREATE,)),
        guardrails(tag_required_on=()),
        UNIT,
        "the statement RequireTag would be removed, and with it the denial of dynamodb:createtable",
    ),
    "an action less": (
        guardrails(tag_required_on=(CREATE, "rds:CreateDBInstance")),
        guardrails(tag_required_on=("rds:CreateDBInstance",)),
        UNIT,
        "the statement RequireTag would no longer deny dynamodb:createtable",
    ),
    "somebody more to deploy": (
        guardrails(deployer_role_arns=DEPLOYERS),
        guardrails(deployer_role_arns=(*DEPLOYERS, "arn:aws:iam::999999999999:role/other")),
        CONTROL_PLANE,
        "the statement KeepLedger would exempt arn:aws:iam::999999999999:role/other",
    ),
    "somebody exempt for the first time": (
        same,
        guardrails(exempt_role_arns=("arn:aws:iam::222222222222:role/break-glass",)),
        UNIT,
        "the statement RestoreByCeremonyOnly would exempt arn:aws:iam::222222222222:role/break-glass",
    ),
}


@pytest.mark.parametrize(("before", "after", "path", "said"), GUARDRAILS.values(), ids=GUARDRAILS)
def test_what_a_guardrail_would_give_up_is_told(
    before: Change, after: Change, path: str, said: str, intent: Intent
) -> None:
    assert (path, said) in losses(before(intent), after(intent))


TIGHTENINGS: dict[str, tuple[Change, Change]] = {
    "nothing": (same, same),
    "kept longer": (kept(central=2000), same),
    "a copy more": (same, kept(replica=2555)),
    "a type more": (tier(resource_types=("EBS",)), tier(resource_types=("EBS", "S3"))),
    "all types in place of some": (tier(resource_types=("EBS",)), same),
    "more often": (tier(schedule="cron(0 2 1 * ? *)"), same),
    "a Region more": (same, regions("eu-west-1", "eu-west-2")),
    "a tier more": (offered("daily-prod", "compliance-7y"), same),
    "an action more": (guardrails(tag_required_on=(CREATE,)), same),
}


@pytest.mark.parametrize(("before", "after"), TIGHTENINGS.values(), ids=TIGHTENINGS)
def test_what_protects_more_is_no_loss(before: Change, after: Change, intent: Intent) -> None:
    assert losses(before(intent), after(intent)) == []


def test_a_unit_more_is_no_loss_although_copies_go_back_to_it(intent: Intent) -> None:
    sandbox = Target(unit="Sandbox", tiers=ALL, default_tier="daily-prod")
    before, after = (
        [denial for document in render_guardrails(each).values() for denial in read_denials(document)]
        for each in (intent, replace(intent, targets=(*intent.targets, sandbox)))
    )
    assert list(lost_denials(before, after)) == []
    assert list(lost_denials(after, before)) == []


def test_a_guardrail_that_is_split_otherwise_loses_nothing(intent: Intent) -> None:
    live = in_force(intent)
    name = "strongroom-protect-backups"
    first, second = (each for each in live.policies if each.name in (name, f"{name}-2"))
    assert first.document is not None
    assert second.document is not None
    *most, last = first.document["Statement"]
    split = with_policy(live, name, document={**first.document, "Statement": most})
    split = with_policy(split, f"{name}-2", document={**second.document, "Statement": second.document["Statement"][:3]})
    third = {**second.document, "Statement": [last, *second.document["Statement"][3:]]}
    policies = (*split.policies, replace(second, id="p-third", name=f"{name}-3", document=third))
    ids = frozenset(each.id for each in policies)
    split = with_stack(replace(split, policies=policies), MANAGEMENT_STACK, policy_ids=ids)
    assert plan_of(a_desired_organization(intent), split).errors == ()


def test_a_statement_that_goes_on_in_a_document_of_another_name_is_no_loss(intent: Intent) -> None:
    wanted, live = a_desired_organization(intent), in_force(intent)
    [policy] = [each for each in live.policies if each.name == "strongroom-protect-backups-3"]
    assert policy.document is not None
    tags = [each for each in policy.document["Statement"] if each["Sid"].startswith("Require")]
    others = [each for each in policy.document["Statement"] if each not in tags]
    assert tags
    assert others
    apart = replace(policy, id="p-tags", name="strongroom-require-backup-tag", document={"Statement": tags})
    live = with_policy(live, policy.name, document={"Statement": others})
    live = with_stack(
        replace(live, policies=(*live.policies, apart)),
        MANAGEMENT_STACK,
        policy_ids=frozenset({apart.id, *(each.id for each in live.policies)}),
    )
    assert plan_of(wanted, live).errors == ()


def test_what_was_changed_by_hand_is_repaired_and_no_loss(wanted: Desired, live: LiveOrganization) -> None:
    longer = a_desired_organization(kept(local=100)(wanted.intent))
    document = next(policy.document for policy in longer.policies if policy.name == PLAN)
    drifted = with_policy(live, PLAN, document=document, targets=(UNIT, "ou-strg-sand0001"))
    plan = plan_of(wanted, drifted)
    assert [step.id for step in plan.steps] == [f"policy-{PLAN}", f"detach-{PLAN}-ou-strg-sand0001"]
    assert plan.findings == ()


def test_nothing_is_lost_before_the_first_rollout(wanted: Desired) -> None:
    [found] = plan_of(wanted, an_empty_organization(wanted), confirmed_days=2555).findings
    assert found.code == "evidence-log-missing"


def test_a_loosening_that_is_accepted_is_a_warning(intent: Intent) -> None:
    wanted = a_desired_organization(kept(local=34)(intent))
    plan = plan_of(wanted, in_force(intent), accepts_loosening=True)
    assert (plan.errors, codes(plan.findings)) == ((), ["protection-shrinks"])


def test_who_deploys_in_an_account_that_comes_only_now_is_no_loss_in_another(intent: Intent) -> None:
    alone = replace(intent, organization=replace(intent.organization, audit_account=None))
    assert losses(alone, intent) == []
    more = (*(intent.guardrails.deployer_role_arns or ()), "arn:aws:iam::999999999999:role/other")
    told = losses(alone, guardrails(deployer_role_arns=more)(intent))
    assert {path for path, _ in told} == {"999999999999"}
    assert all("999999999999:role/other" in message for _, message in told)
