"""When backups must exist, as AWS makes them: where start windows overlap, of the rule that keeps longest alone."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.expected.runs import runs_of, why_not_expected
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import RuleSettings
from tests.builders.copies import CREATED_AT
from tests.builders.expected import BACKUP_DUE, FIRING, NIGHT, a_timetable, an_expected
from tests.builders.gfs import with_gfs

AT_TWO = {
    "daily": RuleSettings(schedule="daily 02:00", keep={"local": 14}),
    "weekly": RuleSettings(schedule="weekly sun 02:00", keep={"local": 21}),
    "monthly": RuleSettings(schedule="monthly 1 02:00", keep={"local": 35}),
    "yearly": RuleSettings(schedule="yearly jan 1 02:00", keep={"local": 40}),
}
TIES = {name: replace(rule, keep={"local": 14}) for name, rule in AT_TWO.items()}
AUGUST = datetime(2027, 7, 31, 12, tzinfo=UTC)
NEW_YEAR = datetime(2027, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "after", "following"),
    [
        pytest.param("monthly", AUGUST, datetime(2027, 8, 1, 2, tzinfo=UTC), id="the longest of three"),
        pytest.param("weekly", AUGUST, datetime(2027, 8, 8, 2, tzinfo=UTC), id="the monthly takes this Sunday"),
        pytest.param("daily", AUGUST, datetime(2027, 8, 2, 2, tzinfo=UTC), id="the monthly takes this night"),
        pytest.param("monthly", NEW_YEAR, datetime(2028, 2, 1, 2, tzinfo=UTC), id="the yearly takes this month"),
        pytest.param("yearly", NEW_YEAR, datetime(2028, 1, 1, 2, tzinfo=UTC), id="the yearly"),
    ],
)
def test_a_run_that_a_rule_which_keeps_longer_takes_is_none(
    intent: Intent, rule: str, after: datetime, following: datetime
) -> None:
    runs = a_timetable(with_gfs(intent, rules=AT_TWO), tier="gfs", rule=rule)
    assert runs.following(after) == following
    assert runs.has(following)
    assert not runs.has(following + timedelta(hours=1))


@pytest.mark.parametrize("rule", ["daily", "weekly", "monthly", "yearly"])
def test_rules_that_do_not_meet_each_have_their_own(intent: Intent, rule: str) -> None:
    runs = a_timetable(with_gfs(intent), tier="gfs", rule=rule)
    following = runs.following(NEW_YEAR)
    assert following is not None
    assert runs.rivals(following) == frozenset()
    assert runs.reach_back(following) == following


def test_of_rules_that_keep_equally_long_each_may_be_answered_by_another(intent: Intent) -> None:
    runs = a_timetable(with_gfs(intent, rules=TIES), tier="gfs", rule="daily")
    sunday = datetime(2027, 8, 1, 2, tzinfo=UTC)
    assert runs.following(AUGUST) == sunday
    assert runs.rivals(sunday) == {"weekly", "monthly"}
    assert runs.reach_back(sunday) == sunday - timedelta(hours=1)


def test_a_rule_that_is_always_overtaken_is_never_expected(intent: Intent) -> None:
    rules = AT_TWO | {"twin": RuleSettings(schedule="daily 02:30", keep={"local": 60})}
    assert a_timetable(with_gfs(intent, rules=rules), tier="gfs", rule="daily").following(AUGUST) is None


def test_a_run_is_due_after_its_windows_and_the_grace_and_a_running_job_later(intent: Intent) -> None:
    runs = a_timetable(intent)
    assert runs.following(CREATED_AT) == FIRING
    assert runs.due(FIRING) == BACKUP_DUE
    assert runs.due(None) is None
    assert runs.over(FIRING) == FIRING + timedelta(hours=12)
    slow = replace(runs, rule=replace(runs.rule, complete_window=timedelta(hours=20)))
    assert slow.over(FIRING) == FIRING + timedelta(hours=22, minutes=10)


@pytest.mark.parametrize(("tier", "rule"), [("no-tier", "backup-and-copy"), ("daily-prod", "no-rule")])
def test_what_the_intent_has_no_more_has_no_runs(intent: Intent, tier: str, rule: str) -> None:
    assert runs_of(intent, tier=tier, rule=rule) is None
    assert "any more" in (why_not_expected(an_expected(tier=tier, rule=rule), intent=intent) or "")


def test_a_tier_that_left_the_region_or_the_type_expects_nothing_there(intent: Intent) -> None:
    assert why_not_expected(an_expected(), intent=intent) is None
    assert "does not run in" in (why_not_expected(an_expected(region=Region("eu-west-9")), intent=intent) or "")
    tier = replace(intent.tiers["daily-prod"], resource_types=("S3",))
    narrowed = replace(intent, tiers=intent.tiers | {"daily-prod": tier})
    assert "type" in (why_not_expected(an_expected(), intent=narrowed) or "")


def test_the_next_run_is_later_than_the_one_before_for_a_whole_year(intent: Intent) -> None:
    runs, at = a_timetable(intent), FIRING
    for _ in range(366):
        following = runs.following(at)
        assert following == at + NIGHT
        at = following
