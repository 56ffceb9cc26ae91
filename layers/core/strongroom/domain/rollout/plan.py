"""The whole difference between the intent and the organisation, as steps in the order in which they must be applied."""

from collections.abc import Iterator
from copy import replace
from datetime import datetime

from strongroom.domain.findings import Finding, Level
from strongroom.domain.intent.destinations import copying_accounts, made_vaults, vault_accounts
from strongroom.domain.rollout.carried import judge_carried, judge_form, judge_rules, outdated_intent, outdated_watch
from strongroom.domain.rollout.delegation import judge_delegation
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    GLOBAL_STACK,
    MANAGEMENT_STACK,
    MEMBERS_STACK,
    Desired,
    vault_account_stack,
    vault_forwarder_stacks,
    vault_stack,
)
from strongroom.domain.rollout.evidence_log import judge_evidence_log
from strongroom.domain.rollout.foreign_plans import judge_foreign_plans
from strongroom.domain.rollout.kept_rules import unkept_rules
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.losses.loosening import judge_loosening
from strongroom.domain.rollout.members import judge_members, unfinished_members
from strongroom.domain.rollout.policies import deleted_policies, drifted_policies, judge_policies
from strongroom.domain.rollout.restore_profiles import judge_profiles
from strongroom.domain.rollout.slots import judge_slots
from strongroom.domain.rollout.stacks import judge_stack, missing_control_plane, pending_stack
from strongroom.domain.rollout.steps import DeployStack, RolloutPlan, Step
from strongroom.domain.rollout.surroundings.keys import judge_source_keys
from strongroom.domain.rollout.surroundings.regions import judge_regions
from strongroom.domain.rollout.surroundings.trails import judge_trails
from strongroom.domain.rollout.switches import judge_surroundings, missing_switches
from strongroom.domain.rollout.vaults.existing_vaults import judge_existing_vaults
from strongroom.domain.rollout.vaults.gap_keys import judge_gap_keys
from strongroom.domain.rollout.vaults.locks import drifted_locks, judge_lock_dates, judge_locks
from strongroom.domain.rollout.vaults.own_accounts import judge_own_accounts
from strongroom.domain.rollout.vaults.own_locks import judge_own_lock_dates, judge_own_locks
from strongroom.domain.rollout.vaults.shares import judge_shares, missing_sharing, pending_shares
from strongroom.domain.rollout.vaults.teams import judge_teams
from strongroom.domain.rulebook.agreement import RulesEvidence


def decide_rollout(
    desired: Desired,
    live: LiveOrganization,
    *,
    now: datetime,
    confirmed_days: int | None,
    has_bucket: bool,
    accepts_loosening: bool,
    rules_evidence: RulesEvidence | None = None,
) -> RolloutPlan:
    """What is to be done, and what forbids it; a step whose after is its before does not exist."""
    rules = unkept_rules(desired, live, now=now, evidence=rules_evidence)
    steps = tuple(_steps(desired, live, now=now, rules=rules))
    loosening = (
        *judge_carried(desired, live, now=now),
        *judge_loosening(desired, live),
        *judge_foreign_plans(desired, live),
        *judge_lock_dates(desired, live, now=now),
        *judge_own_lock_dates(desired, live),
    )
    return RolloutPlan(
        steps=steps,
        findings=(
            *judge_surroundings(live),
            *judge_trails(live.trails),
            *judge_source_keys(
                live.sources, copiers=copying_accounts(desired.intent), organization=desired.intent.organization.id
            ),
            *judge_form(desired, live),
            *judge_evidence_log(desired, live),
            *judge_regions(live.members.opt_statuses, management=desired.intent.organization.management_account),
            *judge_members(desired.rendered.stack_sets, live.members),
            *judge_delegation(desired, live),
            *judge_own_accounts(desired, live),
            *judge_policies(desired, live, now=now),
            *judge_slots(desired, live),
            *judge_locks(desired, live, now=now, confirmed_days=confirmed_days),
            *judge_own_locks(desired, live),
            *judge_existing_vaults(desired, live),
            *judge_shares(desired, live),
            *judge_teams(desired, live),
            *judge_gap_keys(desired, live),
            *judge_profiles(desired.intent, live),
            *judge_rules(desired, live, now=now, evidence=rules_evidence),
            *(replace(each, level=Level.WARNING) if accepts_loosening else each for each in loosening),
            *_judge_stacks(steps, desired, live, has_bucket=has_bucket),
        ),
    )


def _steps(desired: Desired, live: LiveOrganization, *, now: datetime, rules: Step | None) -> Iterator[Step]:
    yield from missing_switches(desired, live)
    yield from missing_sharing(desired, live)
    # Before anybody decides by them; the first ones have no bucket before the audit stack has made it.
    yield from _there(rules if live.has_report_bucket else None)
    # What cannot be undone comes after what a person still has to do, and before the policies that copy into it.
    yield from _there(
        outdated_watch(desired, live),
        missing_control_plane(desired, live) or outdated_intent(desired, live),
        *(pending_stack(desired, vault_stack(vault), live) for vault in made_vaults(desired.intent)),
        *(pending_stack(desired, vault_account_stack(account), live) for account in vault_accounts(desired.intent)),
        *(pending_stack(desired, name, live) for name in vault_forwarder_stacks(desired.intent)),
    )
    yield from drifted_locks(desired, live, now=now)
    # The policies come before what is repaired in them.
    forget = deleted_policies(desired, live, now=now)
    yield from _there(
        pending_stack(desired, GLOBAL_STACK, live),
        pending_stack(desired, AUDIT_STACK, live),
        None if live.has_report_bucket else rules,
        # The guardrails exempt roles that the members have.
        pending_stack(desired, MEMBERS_STACK, live),
        forget,
        pending_stack(desired, MANAGEMENT_STACK, live, has_forgotten=forget is not None),
    )
    yield from drifted_policies(desired, live)
    # Once the guardrails let nobody else share.
    yield from pending_shares(desired, live)
    # Last, because an account that cannot be brought on must keep nothing else waiting.
    yield from unfinished_members(desired.rendered.stack_sets, live.members, desired.intent)


def _there(*steps: Step | None) -> tuple[Step, ...]:
    return tuple(step for step in steps if step is not None)


def _judge_stacks(
    steps: tuple[Step, ...], desired: Desired, live: LiveOrganization, *, has_bucket: bool
) -> Iterator[Finding]:
    for step in steps:
        if isinstance(step.act, DeployStack) and not step.act.without:
            yield from judge_stack(step.act.name, desired, live, has_bucket=has_bucket)
