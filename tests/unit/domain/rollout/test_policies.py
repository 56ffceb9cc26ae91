"""Policies that drifted, were deleted, are in the way, or are strangers'."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired, governed_targets
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from strongroom.domain.rollout.policies import differences
from strongroom.domain.rollout.steps import AttachPolicy, DeployStack, DetachPolicy, WritePolicy
from tests.builders.places import PAYMENTS, PRODUCTION, SANDBOX
from tests.builders.rollout import NOW, a_desired_organization, a_settled_organization, with_policy, with_stack
from tests.unit.domain.rollout.plans import codes, findings_of, plan_of, steps_of

OURS = "strongroom-daily-prod"


def changed_document(live: LiveOrganization) -> dict[str, Any]:
    document = next(policy.document for policy in live.policies if policy.name == OURS)
    assert document is not None
    plans: dict[str, Any] = document["plans"]
    regions = {**plans[OURS]["regions"], "@@assign": ["us-west-2"]}
    return {**document, "plans": {**plans, OURS: {**plans[OURS], "regions": regions}}}


def test_a_document_that_was_changed_by_hand_is_written_again(wanted: Desired, live: LiveOrganization) -> None:
    [step] = steps_of(wanted, with_policy(live, OURS, document=changed_document(live))).values()
    assert step.act == WritePolicy(f"p-{OURS}", OURS)
    assert step.before == f'plans.{OURS}.regions.@@assign = ["us-west-2"]'
    assert step.after == f'plans.{OURS}.regions.@@assign = ["eu-west-1"]'


def test_a_guardrail_that_was_changed_by_hand_is_told_by_its_statements(
    wanted: Desired, live: LiveOrganization
) -> None:
    name = "strongroom-protect-backups-3"
    [policy] = [policy for policy in live.policies if policy.name == name]
    assert policy.document is not None
    first, second, *others = policy.document["Statement"]
    strange = {"Sid": "Strange", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    changed = {**policy.document, "Statement": [{**first, "Action": "s3:*"}, *others, strange]}
    [step] = steps_of(wanted, with_policy(live, name, document=changed)).values()
    assert step.before == f"{first['Sid']} = other than rendered; {second['Sid']} = missing; Strange = there"
    assert step.after == f"{first['Sid']} = as rendered; {second['Sid']} = added; Strange = removed"


def test_a_description_that_was_changed_by_hand_is_written_again(wanted: Desired, live: LiveOrganization) -> None:
    [step] = steps_of(wanted, with_policy(live, OURS, description="mine")).values()
    assert (step.before, step.act) == ('description = "mine"', WritePolicy(f"p-{OURS}", OURS))


def test_the_order_of_keys_and_spaces_do_not_count(wanted: Desired, live: LiveOrganization) -> None:
    [policy] = [policy for policy in live.policies if policy.name == OURS]
    assert policy.document is not None
    turned = dict(reversed(policy.document["plans"][OURS].items()))
    plans = {**policy.document["plans"], OURS: turned}
    assert steps_of(wanted, with_policy(live, OURS, document={**policy.document, "plans": plans})) == {}


def test_a_policy_that_was_detached_is_attached_again(wanted: Desired, live: LiveOrganization) -> None:
    [target] = governed_targets(wanted.intent)
    [step] = steps_of(wanted, with_policy(live, OURS, targets=())).values()
    assert (step.id, step.act) == (f"attach-{OURS}-{target}", AttachPolicy(f"p-{OURS}", target))


def test_a_policy_that_was_attached_elsewhere_is_detached_there(wanted: Desired, live: LiveOrganization) -> None:
    [target] = governed_targets(wanted.intent)
    [step] = steps_of(wanted, with_policy(live, OURS, targets=(target, "ou-strg-sand0001"))).values()
    assert (step.id, step.act) == (
        f"detach-{OURS}-ou-strg-sand0001",
        DetachPolicy(f"p-{OURS}", "ou-strg-sand0001"),
    )


def test_a_deleted_policy_is_forgotten_by_its_stack_and_then_made_again(
    wanted: Desired, live: LiveOrganization
) -> None:
    deleted = replace(live, policies=tuple(policy for policy in live.policies if policy.name != OURS))
    forget, update = steps_of(wanted, deleted).values()
    assert forget.act == DeployStack(MANAGEMENT_STACK, without=frozenset({OURS}))
    assert update.act == DeployStack(MANAGEMENT_STACK)
    assert f"with the new policies {OURS}" in update.after


def test_a_policy_that_no_intent_wants_anymore_is_left_to_the_stack(wanted: Desired, live: LiveOrganization) -> None:
    old = LivePolicy(id="p-old", name="strongroom-old", type="BACKUP_POLICY", targets=governed_targets(wanted.intent))
    ids = live.stacks[MANAGEMENT_STACK].policy_ids | {"p-old"}
    dropped = with_stack(
        replace(live, policies=(*live.policies, old)), MANAGEMENT_STACK, policy_ids=ids, template="old"
    )
    plan = plan_of(wanted, dropped)
    assert [step.id for step in plan.steps] == [f"stack-{MANAGEMENT_STACK}"]
    assert plan.findings == ()


def test_a_policy_of_our_name_that_is_not_the_stacks_is_an_error(wanted: Desired, live: LiveOrganization) -> None:
    assert codes(plan_of(wanted, with_policy(live, OURS, id="p-foreign")).errors) == ["policy-not-ours"]


def test_a_policy_that_its_stack_made_a_moment_ago_is_waited_for_and_not_taken_for_deleted(
    wanted: Desired, live: LiveOrganization
) -> None:
    unseen = replace(live, policies=tuple(policy for policy in live.policies if policy.name != OURS))
    fresh = with_stack(unseen, MANAGEMENT_STACK, changed_at=NOW - timedelta(minutes=4))
    assert steps_of(wanted, fresh) == {}
    assert codes(findings_of(wanted, fresh)) == ["policies-not-shown"]
    old = with_stack(unseen, MANAGEMENT_STACK, changed_at=NOW - timedelta(minutes=6))
    assert "forget-deleted-policies" in steps_of(wanted, old)
    assert findings_of(wanted, old) == ()


def test_a_target_that_does_not_exist_is_an_error(wanted: Desired, live: LiveOrganization) -> None:
    [target] = governed_targets(wanted.intent)
    plan = plan_of(wanted, replace(live, paths={target: None}))
    assert [(finding.code, target in finding.message) for finding in plan.errors] == [("unknown-target", True)]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param(("r-strg", "ou-strg-prod0001"), "to the governed ou-strg-prod0001", id="on it"),
        pytest.param(
            ("r-strg", "ou-strg-prod0001", "222222222222"), "below the governed ou-strg-prod0001", id="below it"
        ),
        pytest.param(("r-strg",), "above the governed ou-strg-prod0001", id="above it"),
        pytest.param(("r-strg", "ou-strg-sand0001"), None, id="elsewhere"),
    ],
)
def test_a_strangers_backup_policy_is_told_where_it_reaches_what_we_govern(
    path: tuple[str, ...], said: str | None, wanted: Desired, live: LiveOrganization
) -> None:
    stranger = LivePolicy(id="p-stranger", name="theirs", type="BACKUP_POLICY", targets=(path[-1],))
    with_stranger = replace(live, policies=(*live.policies, stranger), paths={**live.paths, path[-1]: path})
    found = plan_of(wanted, with_stranger).findings
    assert codes(found) == (["foreign-backup-policy"] if said else [])
    assert said is None or said in found[0].message


NARROW = Target(unit="Production", tiers=("daily-prod",), default_tier="daily-prod")


@pytest.mark.parametrize(
    ("upper", "lower", "path", "blocked"),
    [
        pytest.param(
            NARROW,
            Target(account=AccountId(PAYMENTS), tiers=("daily-prod", "monthly-prod"), default_tier="daily-prod"),
            ("r-strg", PRODUCTION, SANDBOX, PAYMENTS),
            True,
            id="an account below",
        ),
        pytest.param(
            NARROW,
            Target(unit="Sandbox", tiers=("monthly-prod",), default_tier="monthly-prod"),
            ("r-strg", PRODUCTION, SANDBOX),
            True,
            id="a unit below",
        ),
        pytest.param(
            NARROW,
            Target(unit="Sandbox", tiers=("monthly-prod",), default_tier="monthly-prod"),
            ("r-strg", SANDBOX),
            False,
            id="a unit beside",
        ),
        pytest.param(
            NARROW,
            Target(account=AccountId(PAYMENTS), tiers=("daily-prod",), default_tier="daily-prod"),
            ("r-strg", PRODUCTION, PAYMENTS),
            False,
            id="the same tier below",
        ),
    ],
)
def test_a_tier_that_a_governed_unit_above_does_not_offer_is_an_error(
    intent: Intent, upper: Target, lower: Target, path: tuple[str, ...], *, blocked: bool
) -> None:
    wanted = a_desired_organization(replace(intent, targets=(upper, lower)))
    found = a_settled_organization(wanted)
    plan = plan_of(wanted, replace(found, paths={**found.paths, path[-1]: path}))
    assert [(each.code, each.path) for each in plan.errors] == [("tier-blocked-above", "targets[1].tiers")] * blocked
    assert all("ignore the plans of monthly-prod; " in each.message for each in plan.errors)


def test_a_target_that_lies_elsewhere_than_its_name_says_is_an_error(intent: Intent) -> None:
    units = {"Production": PRODUCTION, "Production/Sandbox": SANDBOX}
    lower = Target(unit="Production/Sandbox", tiers=("daily-prod", "monthly-prod"), default_tier="daily-prod")
    nested = replace(
        intent, organization=replace(intent.organization, units=units), targets=(NARROW, lower), tiers=intent.tiers
    )
    wanted = a_desired_organization(nested)
    found = a_settled_organization(wanted)
    below = plan_of(wanted, replace(found, paths={**found.paths, SANDBOX: ("r-strg", PRODUCTION, SANDBOX)}))
    assert below.errors == ()
    beside = plan_of(wanted, replace(found, paths={**found.paths, SANDBOX: ("r-strg", SANDBOX)}))
    assert [(each.code, each.path) for each in beside.errors] == [("target-misplaced", "targets[1]")]
    assert "Production/Sandbox does not lie below Production" in beside.errors[0].message


@pytest.mark.parametrize(
    ("accounts", "missing"),
    [
        pytest.param((), "999999999999 and 888888888888", id="nobody"),
        pytest.param(("999999999999",), "888888888888", id="nobody in the audit account"),
        pytest.param(("888888888888", "222222222222"), "999999999999", id="nobody in the backup account"),
        pytest.param(("999999999999", "888888888888"), None, id="somebody in both"),
    ],
)
def test_nothing_is_applied_while_nobody_could_change_the_control_plane(
    intent: Intent, accounts: tuple[str, ...], missing: str | None
) -> None:
    roles = tuple(f"arn:aws:iam::{account}:role/deployer" for account in accounts)
    wanted = a_desired_organization(intent)
    guardrails = replace(intent.guardrails, deployer_role_arns=roles)
    found = plan_of(
        replace(wanted, intent=replace(intent, guardrails=guardrails)), a_settled_organization(wanted)
    ).errors
    assert codes(found) == ["no-deployers"] * bool(missing)
    assert missing is None or f"no role of account {missing} is named" in found[0].message


def test_a_strangers_service_control_policy_is_theirs(wanted: Desired, live: LiveOrganization) -> None:
    targets = governed_targets(wanted.intent)
    stranger = LivePolicy(id="p-stranger", name="theirs", type="SERVICE_CONTROL_POLICY", targets=targets)
    assert plan_of(wanted, replace(live, policies=(*live.policies, stranger))).findings == ()


def test_an_account_without_a_valid_effective_policy_is_told(wanted: Desired, live: LiveOrganization) -> None:
    found = plan_of(wanted, replace(live, accounts_with_invalid_policy=("222222222222",))).findings
    assert [(finding.code, finding.path) for finding in found] == [("effective-policy-invalid", "222222222222")]


def test_differences_are_told_by_path() -> None:
    before = {"a": {"b": 1, "gone": True}, "list": [1, 2]}
    after = {"a": {"b": 2}, "list": [1, 2], "new": None, "more": "x" * 100}
    assert differences(before, after) == (
        ("a.b", "1", "2"),
        ("a.gone", "true", "nothing"),
        ("more", "nothing", '"' + "x" * 58 + "…"),
    )


def test_a_deeply_nested_document_is_compared_without_recursion() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = {"a": deep}
    [(path, before, after)] = differences({"a": deep}, {"a": {"a": {"a": 1}}})
    assert (path, after) == ("a.a.a", "1")
    assert before
