"""The intent that the functions carry, held against the file: what differs, and what would become looser."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rollout.carried import intent_differences
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import DeployEvidenceLog
from strongroom.domain.stacks.evidence_log import LOG_STACK
from strongroom_cli.compile import compiled_intent
from tests.builders.intents import with_restores
from tests.builders.places import AUDIT_ACCOUNT
from tests.builders.proving.passkeys import with_passkeys
from tests.builders.rollout import a_desired_organization, a_settled_organization, an_archive_of, with_stack
from tests.unit.domain.rollout.plans import codes, findings_of, plan_of, steps_of

type Change = Callable[[Intent], Intent]


def restores(**changed: object) -> Change:
    return lambda intent: with_restores(intent, **changed)


def deadlines(**changed: timedelta) -> Change:
    return lambda intent: replace(intent, deadlines=replace(intent.deadlines, **changed))


def statuses(*names: str) -> Change:
    return lambda intent: replace(intent, tickets=replace(ceremony_of(intent).tickets, approved_statuses=names))


def rules(needed: int, *of_accounts: int) -> Change:
    unit = ApprovalRule(unit="Production", group="approvers", needed=needed)
    accounts = (
        ApprovalRule(unit=None, account=AccountId("222222222222"), group="approvers", needed=each)
        for each in of_accounts
    )
    return restores(rules=(unit, *accounts))


GROUPS = {
    "oncall": ("omar",),
    "service-owners": ("maria",),
    "approvers": ("maria", "sana"),
    "change-managers": ("chiara",),
}


def same(intent: Intent) -> Intent:
    return intent


def carrying(intent: Intent, *carried: Intent) -> tuple[Desired, LiveOrganization]:
    """What the intent wants, and an organisation in accord with it but for what its functions carry."""
    wanted = a_desired_organization(intent)
    found = [a_desired_organization(each).compiled for each in carried]
    kept = an_archive_of(*(each.intent for each in found if each.intent), wanted.intent)
    return wanted, replace(a_settled_organization(wanted), carried=tuple(found), kept_rules=kept)


def without_maria(intent: Intent) -> Intent:
    groups = {**ceremony_of(intent).restores.groups, "approvers": ("sana",), "service-owners": ("sana",)}
    people = {name: person for name, person in intent.people.items() if name != "maria"}
    return replace(restores(groups=groups)(intent), people=people)


def watched_by(intent: Intent, *carried: Intent) -> tuple[Desired, LiveOrganization]:
    """What the intent wants, and an organisation in accord with it but for what the watch of restores carries."""
    wanted, live = carrying(intent, *carried)
    kept = an_archive_of(wanted.intent)
    return wanted, replace(live, carried=(wanted.compiled,), watch_carried=live.carried, kept_rules=kept)


def test_an_approver_who_was_taken_out_of_the_file_is_a_change(intent: Intent) -> None:
    wanted, live = carrying(without_maria(intent), intent)
    [step] = steps_of(wanted, live).values()
    assert (step.id, step.kind) == ("control-plane", "confirm")
    assert "(people, restores)" in step.what
    assert 'restores.groups.approvers = ["maria"]' in step.before
    assert "restores.groups.approvers = nothing" in step.after
    assert step.before.startswith(live.carried[0].digest[:12])
    assert step.after.startswith(wanted.compiled.digest[:12])
    assert findings_of(wanted, live) == ()


def test_the_same_intent_is_no_change(intent: Intent) -> None:
    wanted, live = carrying(intent, a_desired_organization(intent).intent)
    assert steps_of(wanted, live) == {}


@pytest.mark.parametrize("carried", [0, 2], ids=["a function that carries none", "functions that differ"])
def test_what_not_every_function_carries_is_a_change(intent: Intent, carried: int) -> None:
    wanted = a_desired_organization(intent)
    found = (wanted.compiled, compiled_intent(without_maria(intent)))[:carried]
    live = replace(a_settled_organization(wanted), carried=found)
    step = steps_of(wanted, live)["control-plane"]
    assert step.before.startswith(", ".join(each.digest[:12] for each in found) or "missing")


def test_an_approver_whom_only_the_watch_still_knows_is_a_change(intent: Intent) -> None:
    wanted, live = watched_by(without_maria(intent), intent)
    [step] = steps_of(wanted, live).values()
    assert (step.id, step.kind, step.account, step.act) == (
        "evidence-log",
        "confirm",
        AUDIT_ACCOUNT,
        DeployEvidenceLog(),
    )
    assert "the watch of restores carries (people, restores)" in step.what
    assert "`sam deploy --config-env audit`" in step.what
    assert 'restores.groups.approvers = ["maria"]' in step.before
    assert findings_of(wanted, live) == ()


def test_a_watch_without_its_intent_is_a_change(intent: Intent) -> None:
    wanted, live = watched_by(intent)
    [step] = steps_of(wanted, live).values()
    assert (step.id, step.before, step.after) == ("evidence-log", "missing", wanted.compiled.digest[:12])


def test_a_watch_that_is_not_there_is_no_change_of_its_intent(intent: Intent) -> None:
    wanted, live = watched_by(intent)
    stacks = {name: stack for name, stack in live.stacks.items() if name != LOG_STACK}
    assert steps_of(wanted, replace(live, stacks=stacks)) == {}


def test_the_keys_that_its_own_deployment_made_are_not_asked_of_the_watch(intent: Intent) -> None:
    keys = EvidenceLog(log_key="strongroom-log+1b2c3d4e+AQID", witness="strongroom-witness+1b2c3d4e+BAUG")
    wanted, live = watched_by(replace(intent, evidence=keys), intent)
    assert (steps_of(wanted, live), findings_of(wanted, live)) == ({}, ())


def test_without_a_ceremony_nobody_watches(intent: Intent) -> None:
    wanted, live = watched_by(replace(intent, restores=None), intent)
    assert [step for step in steps_of(wanted, live) if step == "evidence-log"] == []


def test_the_watch_is_deployed_before_those_who_act(intent: Intent) -> None:
    wanted, live = watched_by(without_maria(intent), intent)
    assert list(steps_of(wanted, replace(live, carried=live.watch_carried)))[-2:] == ["evidence-log", "control-plane"]


def test_other_parameters_are_told_once(intent: Intent) -> None:
    wanted, live = carrying(intent, without_maria(intent))
    live = with_stack(live, CONTROL_PLANE_STACK, parameters={"OrganizationId": "o-another"})
    assert [step.before for step in steps_of(wanted, live).values()] == ["OrganizationId=o-another"]


LOOSER = {
    "fewer approvals": (rules(2), rules(1), "restores", "Production: 1 of approvers would be needed in place of 2"),
    "fewer for an account": (rules(2), rules(2, 1), "restores", "account 222222222222: 1 of approvers would be needed"),
    "an account's stricter rule gone": (rules(1, 2), rules(1), "restores", "account 222222222222: 1 of approvers"),
    "an older proof": (
        same,
        restores(presence_max_age=timedelta(minutes=20)),
        "restores",
        "0:20:00 in place of 0:05:00",
    ),
    "more methods": (same, restores(accepted_methods=("mfa", "hwk", "sms")), "restores", "amr hwk or mfa or sms"),
    "a longer approval": (
        same,
        restores(approval_expires_after=timedelta(hours=8)),
        "restores.approval_expires_after",
        "8:00:00",
    ),
    "a longer execution": (
        same,
        restores(execution_expires_after=timedelta(hours=2)),
        "restores.execution_expires_after",
        "2:00:00",
    ),
    "somebody more in a group": (
        same,
        restores(groups=GROUPS | {"approvers": ("maria", "sana", "piet")}),
        "restores",
        "approvers would be joined by idp|piet",
    ),
    "a later alert": (
        same,
        deadlines(copy_verified_within=timedelta(days=9)),
        "deadlines.copy_verified_within",
        "9 days",
    ),
    "a later try": (same, deadlines(copy_retry_after=timedelta(days=9)), "deadlines.copy_retry_after", "9 days"),
    "more statuses": (
        statuses("Approved"),
        statuses("Approved", "Open"),
        "restores",
        "approved_statuses would take Open",
    ),
}


@pytest.mark.parametrize(("before", "after", "path", "said"), LOOSER.values(), ids=LOOSER)
def test_a_looser_ceremony_is_a_loosening(intent: Intent, before: Change, after: Change, path: str, said: str) -> None:
    wanted, live = carrying(after(intent), before(intent))
    [finding] = plan_of(wanted, live, confirmed_days=2555).errors
    assert (finding.code, finding.path) == ("protection-shrinks", path)
    assert said in finding.message
    assert plan_of(wanted, live, confirmed_days=2555, accepts_loosening=True).errors == ()
    wanted, live = carrying(before(intent), after(intent))
    assert plan_of(wanted, live, confirmed_days=2555).errors == ()


@pytest.mark.parametrize(("before", "after", "path", "said"), LOOSER.values(), ids=LOOSER)
def test_what_is_looser_than_the_watch_is_told_is_a_loosening(
    intent: Intent, before: Change, after: Change, path: str, said: str
) -> None:
    """Somebody deployed the control plane without any plan; the watch still knows better."""
    wanted, live = watched_by(after(intent), before(intent))
    [finding] = plan_of(wanted, live, confirmed_days=2555).errors
    assert (finding.code, finding.path) == ("protection-shrinks", path)
    assert said in finding.message
    wanted, live = watched_by(before(intent), after(intent))
    assert plan_of(wanted, live, confirmed_days=2555).errors == ()


def test_looser_rules_than_the_watch_has_take_two_governors(intent: Intent) -> None:
    signed = with_passkeys(intent)
    wanted, live = watched_by(restores(presence_max_age=timedelta(minutes=20))(signed), signed)
    errors = plan_of(wanted, live, confirmed_days=2555, accepts_loosening=True).errors
    assert [each.code for each in errors] == ["rules-loosened", "rules-evidence"]


def test_what_both_carry_is_told_once(intent: Intent) -> None:
    wanted, live = watched_by(deadlines(copy_retry_after=timedelta(days=9))(intent), intent)
    live = replace(live, carried=live.watch_carried)
    assert codes(plan_of(wanted, live, confirmed_days=2555).errors) == ["protection-shrinks"]


@pytest.mark.parametrize(("before", "after", "path", "said"), LOOSER.values(), ids=LOOSER)
def test_looser_rules_are_accepted_by_nobody_once_people_could_sign(
    intent: Intent, before: Change, after: Change, path: str, said: str
) -> None:
    signed = with_passkeys(intent)
    wanted, live = carrying(after(signed), before(signed))
    errors = plan_of(wanted, live, confirmed_days=2555, accepts_loosening=True).errors
    if path.startswith("deadlines."):
        assert errors == ()  # what is no rule can be accepted as ever
        return
    assert [each.code for each in errors] == ["rules-loosened", "rules-evidence"]
    assert (errors[0].path, errors[1].path) == (path, "restores")
    assert said in errors[0].message
    wanted, live = carrying(before(signed), after(signed))
    assert plan_of(wanted, live, confirmed_days=2555).errors == ()


def test_the_first_passkeys_are_no_loosening(intent: Intent) -> None:
    wanted, live = carrying(with_passkeys(intent), intent)
    assert plan_of(wanted, live, confirmed_days=2555).errors == ()


def test_an_intent_of_another_form_is_told_as_far_as_it_can_be(intent: Intent) -> None:
    wanted, live = carrying(intent)
    live = replace(live, carried=(CompiledIntent(content=b'{"people":{}}', intent=None),))
    assert codes(findings_of(wanted, live)) == ["intent-of-another-release"]
    [step] = steps_of(wanted, live).values()
    assert "people.maria = nothing" in step.before


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, (("a.b", "1", "2"),)),
        ({}, {"a": "x"}, (("a", "nothing", '"x"'),)),
        ({"a": [1, 2]}, {"a": [2, 3]}, (("a", "[1]", "[3]"),)),
        ({"a": [1, 2]}, {"a": [2, 1]}, (("a", "[1,2]", "[2,1]"),)),
    ],
    ids=["nothing", "a value", "a new key", "a list", "another order"],
)
def test_differences_name_the_place_and_both_values(
    before: object, after: object, told: tuple[tuple[str, str, str], ...]
) -> None:
    assert intent_differences(before, after) == told
