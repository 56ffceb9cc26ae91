"""What stands in an effective policy."""

from datetime import timedelta

from strongroom.domain.preview.plans import Comparison, Condition, Keep, Selection, read_plans
from tests.builders.places import a_vault_arn
from tests.builders.preview import CENTRAL, a_plan_document, a_rule, a_tag_selection, a_type_selection


def test_a_rule_keeps_the_backup_and_its_copies() -> None:
    document = a_plan_document(
        a_tag_selection("Backup", "daily"), {"nightly": a_rule(local=35, copies={CENTRAL: (400, 90)})}
    )
    [plan] = read_plans({"plans": {"daily": document}})
    [rule] = plan.rules
    assert (plan.name, sorted(plan.regions), rule.name) == ("daily", ["eu-west-1"], "nightly")
    assert rule.start_window == timedelta(hours=1)
    assert rule.keeps == (
        Keep(vault="local", is_copy=False, days=35),
        Keep(vault=CENTRAL, is_copy=True, days=400, cold_after=90),
    )


def test_an_air_gapped_vault_holds_the_backup_itself() -> None:
    gap = a_vault_arn("gap", account="$account", region="$region")
    rule = {**a_rule(), "target_logically_air_gapped_backup_vault_arn": gap}
    [plan] = read_plans({"plans": {"daily": a_plan_document(a_tag_selection("Backup", "daily"), {"nightly": rule})}})
    assert plan.rules[0].keeps[0].vault == "gap"


def test_selections_by_tag_and_by_type_are_told_apart() -> None:
    by_tag = a_plan_document(a_tag_selection("Backup", "daily", "weekly"))
    by_type = a_plan_document(a_type_selection("*", without=["arn:aws:s3:::*"], string_not_like={"Stage": "test-*"}))
    tagged, typed = (plan.selections[0] for plan in read_plans({"plans": {"a": by_tag, "b": by_type}}))
    assert tagged == Selection(tag_key="Backup", tag_values=frozenset({"daily", "weekly"}))
    assert typed == Selection(
        types=("*",),
        not_types=("arn:aws:s3:::*",),
        conditions=(Condition(Comparison.NOT_LIKE, "Stage", "test-*"),),
    )


def test_the_words_of_aws_are_read_in_any_letter_case() -> None:
    loud = {
        "PLANS": {
            "daily": {
                "Regions": ["eu-west-1"],
                "RULES": {"Nightly": {"SCHEDULE_EXPRESSION": "cron(0 2 ? * * *)", "Target_Backup_Vault_Name": "v"}},
            }
        }
    }
    [plan] = read_plans(loud)
    assert (plan.name, [rule.name for rule in plan.rules]) == ("daily", ["Nightly"])


def test_what_never_runs_is_no_rule() -> None:
    document = a_plan_document(a_tag_selection("Backup", "daily"), {"idle": {"target_backup_vault_name": "v"}})
    [plan] = read_plans({"plans": {"daily": document}})
    assert plan.rules == ()
    assert read_plans({}) == ()
