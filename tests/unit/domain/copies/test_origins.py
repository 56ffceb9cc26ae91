"""Which rule made a backup: as it is told, as its plan knows, or as the time tells."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.found import MadeBy, PlanFound
from strongroom.domain.copies.origins import is_nameless, is_our_plan, joined, named, rule_behind
from strongroom.domain.intent.model import Intent
from tests.builders.copies import BY_PLAN, PLAN
from tests.builders.gfs import RULE_IDS, a_maker, with_gfs

FOREIGN = "arn:aws:backup:eu-west-1:222222222222:backup-plan:orgs/9"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("made_by", "expected"),
    [
        pytest.param(BY_PLAN, True, id="a plan of the organisation without its name"),
        pytest.param(MadeBy(plan=PLAN, plan_name="strongroom-gfs"), True, id="ours by name"),
        pytest.param(MadeBy(plan=PLAN, plan_name="strongroom-given-up"), True, id="a tier that was given up"),
        pytest.param(MadeBy(plan=PLAN, plan_name="orgs/strongroom-gfs"), True, id="ours with something before it"),
        pytest.param(
            MadeBy(plan=PLAN, plan_name="superwerker-backup"), False, id="somebody else's of the organisation"
        ),
        pytest.param(MadeBy(plan=PLAN.replace("orgs/", ""), plan_name="strongroom-gfs"), False, id="an account's own"),
        pytest.param(MadeBy(plan=PLAN.replace("orgs/", "aws/efs/")), False, id="efs-automatic"),
    ],
)
def test_only_our_plans_of_the_organisation_promise_copies(made_by: MadeBy, expected: bool) -> None:  # noqa: FBT001
    assert is_our_plan(made_by) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(None, None, None, id="by hand"),
        pytest.param(None, BY_PLAN, BY_PLAN, id="only the second tells"),
        pytest.param(BY_PLAN, None, BY_PLAN, id="only the first tells"),
        pytest.param(BY_PLAN, a_maker(rule_id="1"), a_maker(rule_id="1"), id="the second knows the rule"),
        pytest.param(
            a_maker(rule_id="1"),
            a_maker(plan_name="strongroom-gfs", rule_id="2", rule_name="weekly"),
            a_maker(plan_name="strongroom-gfs", rule_id="1"),
            id="no rule by the id of one and the name of another",
        ),
        pytest.param(BY_PLAN, MadeBy(plan=FOREIGN, rule_name="weekly"), BY_PLAN, id="two plans"),
    ],
)
def test_what_one_leaves_out_the_other_tells(
    first: MadeBy | None, second: MadeBy | None, expected: MadeBy | None
) -> None:
    assert joined(first, second) == expected


@pytest.mark.parametrize(
    ("told", "plan_name", "rule_name"),
    [
        pytest.param({"rule_id": RULE_IDS["weekly"]}, "strongroom-gfs", "weekly", id="by the rule's id"),
        pytest.param({"rule_id": "gone"}, "strongroom-gfs", None, id="a rule that the plan has no more"),
        pytest.param({}, "strongroom-gfs", None, id="without a rule"),
        pytest.param({"plan_name": "as-told", "rule_name": "as-told"}, "as-told", "as-told", id="both were told"),
    ],
)
def test_a_plan_knows_the_names_that_were_not_told(told: dict[str, str], plan_name: str, rule_name: str | None) -> None:
    plan = PlanFound(name="strongroom-gfs", rule_names={id_: name for name, id_ in RULE_IDS.items()})
    found = named(a_maker(**told), plan=plan)
    assert (found.plan_name, found.rule_name) == (plan_name, rule_name)
    assert is_nameless(found) is (rule_name is None)


@pytest.mark.parametrize(
    ("told", "began_at", "rule"),
    [
        pytest.param({"rule_name": "weekly"}, "2027-08-01 04:00", "weekly", id="its name counts, not its time"),
        pytest.param({}, "2027-08-02 02:00", "daily", id="a Monday"),
        pytest.param({}, "2027-08-08 03:59:59", "weekly", id="the last second of a window"),
        pytest.param({}, "2027-08-01 03:00", "weekly", id="one window ends as the next begins"),
        pytest.param({}, "2027-08-01 04:00", "monthly", id="the first of a month"),
        pytest.param({}, "2028-01-01 05:00", "yearly", id="New Year"),
        pytest.param({"rule_name": "given-up"}, "2027-08-02 02:30", "daily", id="a name that is no more"),
        pytest.param({}, "2027-08-01 06:00", "monthly", id="no window is open: what fired last"),
        pytest.param({}, "2027-08-02 01:59:59", "monthly", id="a second too early: what fired last"),
    ],
)
def test_the_time_tells_the_rule_whose_name_is_not_known(
    intent: Intent, told: dict[str, str], began_at: str, rule: str
) -> None:
    found = rule_behind(a_maker(**told), tier="gfs", began_at=at(began_at), intent=with_gfs(intent))
    assert found.name == rule


@pytest.mark.parametrize(
    ("began_at", "rule"),
    [
        pytest.param("2027-08-02 02:00", "daily", id="only one is open"),
        pytest.param("2027-08-08 03:30", "weekly", id="of two the longer"),
        pytest.param("2027-08-01 04:30", "monthly", id="of three the longest"),
    ],
)
def test_where_windows_meet_the_rule_that_keeps_longest_made_the_backup(
    intent: Intent, began_at: str, rule: str
) -> None:
    wide = with_gfs(intent, start_window=timedelta(hours=8))
    assert rule_behind(a_maker(), tier="gfs", began_at=at(began_at), intent=wide).name == rule


def test_the_only_rule_of_a_tier_made_its_backups_whatever_its_name_was_then(intent: Intent) -> None:
    told = a_maker(plan_name="strongroom-daily-prod", rule_name="nightly")
    found = rule_behind(told, tier="daily-prod", began_at=at("2027-08-02 20:00"), intent=intent)
    assert found.name == "backup-and-copy"
