"""Nights under faults, as far as there is time for them in each run of the tests; `make simulation` plays more."""

import os
import subprocess
import sys
from collections import Counter
from copy import replace
from datetime import timedelta
from pathlib import Path

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.copies.promises import Learnt, PromiseState, measures_of
from strongroom.domain.health.metrics import Metric
from tests.contract.metric_math import is_open
from tests.contract.templates import CONTROL_PLANE
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, since
from tests.simulation.nights.faults import AT_A_CALL
from tests.simulation.nights.history import History, Script, play
from tests.simulation.nights.reached import interrupted_calls
from tests.simulation.nights.truth import SEVERAL, Resource
from tests.simulation.trials.nights import play_nights, the_intent
from tests.simulation.trials.planted import Report, notice, too_late
from tests.simulation.trials.planting import Edit, Planted, one, planted
from tests.simulation.trials.plants import PLANTS
from tests.simulation.trials.shrinking import shrink, told
from tests.simulation.trials.systematic import STORIES, WAYS, interrupt_each

ROOT = Path(__file__).parents[2]
# Of the numbers of histories one in which a slow copy takes nine hours.
NINE_HOURS = 46
# One in which a slow copy takes seven, and one with deadlines that are learnt.
SEVEN_HOURS = 1
LEARNT = 6
# Of four nights the last in which each of several rules runs.
_LAST_RUNS = {"nightly": 3, "noon": 3, "weekly": 2}
EVENTS_LOST = CONTROL_PLANE["EventsLostAlarm"]
NAMES = {fault.name: fault for fault in PLANTS}


def test_every_property_holds_in_two_hundred_nights() -> None:
    played = play_nights(200, seed=0)
    assert [line for result in played.wrong for line in result.wrong] == []
    assert played.nights >= 200


def test_a_function_may_be_interrupted_at_each_of_its_effects() -> None:
    done = interrupt_each(the_intent(), stories=("events lost", "verified, vanished"))
    assert done.wrong == {}
    assert done.runs > 500
    assert {name.partition(" at ")[0] for name in done.reached} >= set(WAYS)


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_the_same_seed_is_the_same_history_however_python_orders_its_sets(hash_seed: str) -> None:
    # In this one copies of two days arrive in one page, and no job tells of them.
    digest = play(the_intent(), 16).functions.digest
    code = (
        "from tests.simulation.nights.history import play\n"
        "from tests.simulation.trials.nights import the_intent\n"
        "print(play(the_intent(), 16).functions.digest)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment, cwd=ROOT)
    assert run.stdout.decode().strip() == digest


@pytest.mark.parametrize("name", STORIES)
def test_every_story_ends_well_and_as_its_name_says(name: str) -> None:
    story = STORIES[name]
    history = play(the_intent(), story.seed, replace(story.script(), is_quiet=False))
    assert violations(history) == []
    assert set(history.chance.fired) == set(story.faults)


def test_another_seed_is_another_history() -> None:
    assert play(the_intent(), 2).functions.digest != play(the_intent(), 5).functions.digest


def test_leaving_a_fault_out_moves_no_other_draw() -> None:
    every = play(the_intent(), 2).chance.fired
    gone = next(fault for fault in every if fault.startswith("backup-"))
    rest = play(the_intent(), 2, Script(without=(gone,))).chance.fired
    of_backups = {fault for fault in every if fault.startswith("backup-")}
    assert {fault for fault in rest if fault.startswith("backup-")} == of_backups - {gone}


@pytest.mark.parametrize("name", ["an end is not told", "any retention will do", "the deadline is twice as late"])
def test_a_planted_fault_is_noticed(name: str) -> None:
    assert notice(NAMES[name], 0, most=30) is not None
    assert notice(Planted("nothing"), 0, most=5) is None


@pytest.mark.parametrize(
    ("how", "why_not", "is_well"),
    [
        ("property 8", "", True),
        ("", "it is equivalent", True),
        ("", "", False),
        ("property 8", "it is equivalent", False),
    ],
    ids=["noticed", "stays as was said", "stays", "noticed, though it was said to stay"],
)
def test_a_fault_is_noticed_or_stays_for_a_reason(how: str, why_not: str, *, is_well: bool) -> None:
    assert Report(fault="a fault", nights=5, how=how, why_not=why_not).is_well is is_well


@pytest.mark.parametrize(
    ("nights", "wrong"),
    [
        ([], []),
        ([None, 50, 50, 1_000], []),
        ([5, 51, 51], ["half of them only within 51 nights"]),
        ([5, 5, 1_001], ["one only after 1001 nights"]),
    ],
)
def test_planted_faults_are_noticed_soon_enough(nights: list[int | None], wrong: list[str]) -> None:
    reports = [Report(fault="a fault", nights=each, how="property 8", why_not="") for each in nights]
    assert too_late(reports) == wrong


def test_each_call_that_was_made_must_be_interrupted_in_each_way() -> None:
    made = play(the_intent(), STORIES["events lost"].seed, STORIES["events lost"].script()).functions.reached
    wanted = interrupted_calls(made)
    assert {f"{way} at DescribeRecoveryPoint" for way in AT_A_CALL} <= {*wanted}
    assert made.total()
    assert not any(made[name] for name in wanted)


def test_what_broke_off_and_is_over_is_noticed_where_it_is_told_as_over_only() -> None:
    fault = NAMES["an opening that broke off is dropped"]
    story = "issues that a list tells, and the next backup is good while nobody is awake"
    with planted(fault):
        done = interrupt_each(the_intent(), stories=(story,), until_wrong=True)
    (lines,) = done.wrong.values()
    assert "resolved before it was opened" in lines[0]
    assert 0 < done.runs < done.every_pair


@pytest.mark.parametrize(
    ("fault", "story", "why"),
    [
        (
            "failed jobs are not looked for",
            "failed in time, and neither its event nor a list says so before it is looked for",
            "6 r1/0/1: its copy failed, and people were told that it is missing",
        ),
        (
            "what the index says is believed",
            "came, and the index still has it as due; then it vanishes",
            "11 r19/0/1: arn:aws:backup:eu-west-1:999999999999:recovery-point:copy-r19/0/1 vanished",
        ),
        *(
            (
                fault,
                "came, and neither an event nor a job tells, but the list of its vault",
                f"2 r3/{night}/2: verified ",
            )
            for fault, night in (
                ("no vault is read for what arrived", 0),
                ("only what was made of late is looked for in vaults", 0),
                ("what arrived in a vault counts for any night", 1),
            )
        ),
        *(
            (fault, "slow in quiet hours, told when they are over, verified", "5 r1/0/1: nothing came by")
            for fault in ("alerts that broke off are left", "an alert that broke off is not on the index")
        ),
    ],
)
def test_what_nights_by_chance_do_not_notice_a_story_does(fault: str, story: str, why: str) -> None:
    told_of = STORIES[story]
    with planted(NAMES[fault]):
        (line, *_) = violations(play(the_intent(), told_of.seed, told_of.script()))
    assert line.startswith(why)


@pytest.mark.parametrize(
    "fault", ["what the list of a vault lacks is not missed", "a week's comparison is over after its first day"]
)
def test_a_copy_that_vanished_outside_of_the_sample_is_missed_by_its_vaults_list_alone(fault: str) -> None:
    told_of = STORIES["verified, and vanished outside of the sample"]
    history = play(the_intent(), told_of.seed, told_of.script())
    assert [mail.alert.kind for mail in history.people.mails] == [AlertKind.COPY_VANISHED]
    assert [promise and promise.state for promise in history.outcomes.values()] == [PromiseState.VANISHED]
    with planted(NAMES[fault]):
        unseen = play(the_intent(), told_of.seed, told_of.script())
    assert unseen.people.mails == []
    (line,) = violations(unseen)
    assert line.startswith("11 r1/0/1: ")


def test_a_copy_that_vanishes_when_no_job_tells_of_it_any_more_is_missed_by_what_was_noted_before() -> None:
    copy = "arn:aws:backup:eu-west-1:999999999999:recovery-point:copy-r1/0/1"
    script = Script(forced=(f"copy-vanishes-late|{copy}",), resources=("r1",), nights=1, days=43, is_quiet=True)
    history = play(the_intent(), 0, script)
    assert violations(history) == []
    (mail,) = history.people.mails
    assert (mail.status, mail.alert.kind) == ("opened", AlertKind.COPY_VANISHED)
    assert 38 * DAY < mail.ms < 42 * DAY
    forget = one(
        "nothing is noted", "domain.copies.comparing.kept", "is_to_be_noted", "step.since < now - NOTED_AFTER", "False"
    )
    with planted(forget):
        assert play(the_intent(), 0, script).people.mails == []


def test_what_is_over_before_quiet_hours_are_is_told_to_nobody() -> None:
    story = STORIES["slow in quiet hours, and verified before they are over"]
    history = play(the_intent(), story.seed, story.script())
    assert history.people.mails == []
    assert history.functions.reached["alert: over before quiet hours were"] == 1


def test_planting_changes_the_product_only_meanwhile() -> None:
    before = play(the_intent(), 0).functions.digest
    with planted(NAMES["no list is read"]):
        assert play(the_intent(), 0).functions.digest != before
    assert play(the_intent(), 0).functions.digest == before


@pytest.mark.parametrize("fault", PLANTS, ids=lambda fault: fault.name)
def test_what_is_planted_still_fits_the_product(fault: Planted) -> None:
    with planted(fault):
        assert fault.edits or fault.spoil


def test_an_edit_of_what_is_not_there_is_refused() -> None:
    edit = Edit("domain.copies.transitions", "failed", "what nobody wrote", "")
    with pytest.raises(LookupError, match="0 times"), planted(Planted("nothing", (edit,))):
        pass


def test_an_edit_that_names_what_its_module_does_not_have_is_refused() -> None:
    edit = Edit("domain.copies.transitions", "failed", "promise.is_settled", "promise.is_settled and unheard_of")
    with pytest.raises(LookupError, match="knows no unheard_of"), planted(Planted("nothing", (edit,))):
        pass


def test_every_planted_fault_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(fault.name for fault in PLANTS).items() if count > 1] == []
    assert len(PLANTS) >= 40


def test_a_failing_history_is_shrunk_to_what_a_person_can_read() -> None:
    with planted(NAMES["an end is not told"]):
        shrunk = shrink(the_intent(), 0)
        lines = told(shrunk, the_intent())
    assert 1 <= len(shrunk.faults) <= 8
    assert len(lines) <= 60
    assert any("does not hold: 9" in line for line in lines)


def test_what_is_well_cannot_be_shrunk() -> None:
    with pytest.raises(ValueError, match="nothing is wrong"):
        shrink(the_intent(), 0)


def test_with_every_event_lost_each_good_copy_is_learnt_of_from_the_lists() -> None:
    lost = [f"drop-{kind}|{name} COMPLETED" for kind, name in _every_job()]
    history = play(the_intent(), 0, Script(forced=lost, nights=3))
    assert violations(history) == []
    assert not history.delivery.came
    verified = [promise for owed in history.aws.owed.values() if (promise := history.promise(owed))]
    assert Counter((promise.state, promise.learnt) for promise in verified) == {("VERIFIED", "reconciliation"): 81}
    assert is_open(EVENTS_LOST, measures_of(promise.learnt for promise in verified))


def test_a_copy_that_neither_an_event_nor_a_job_tells_is_verified_by_the_list_of_its_vault() -> None:
    told_of = STORIES["came, and neither an event nor a job tells, but the list of its vault"]
    history = play(the_intent(), told_of.seed, told_of.script())
    assert violations(history) == []
    assert {*told_of.faults} <= {*history.chance.fired}
    assert history.people.mails == []
    for name in ("r3/0/2", "r3/1/2"):
        promise = history.outcomes[name]
        assert promise is not None
        assert (promise.state, promise.learnt) == (PromiseState.VERIFIED, Learnt.RECONCILIATION)
        assert promise.settled_at is not None
        assert promise.settled_at < promise.deadline


def test_no_alarm_says_that_events_are_lost_where_none_is() -> None:
    history = play(the_intent(), 0, Script(nights=3))
    verified = [promise for owed in history.aws.owed.values() if (promise := history.promise(owed))]
    measured = measures_of(promise.learnt for promise in verified)
    assert measured[Metric.TOLD_BY_EVENT] >= 80  # a list may be read the moment before its event comes
    assert not is_open(EVENTS_LOST, measured)


@pytest.mark.parametrize(
    ("found", "told", "is_alarmed"),
    [(4, None, False), (5, None, True), (5, 20, False), (6, 20, True), (None, 9, False)],
)
def test_the_alarm_of_lost_events_opens_above_a_fifth_of_five_or_more(
    found: float | None, told: float | None, *, is_alarmed: bool
) -> None:
    sums = {Metric.FOUND_WITHOUT_EVENT: found, Metric.TOLD_BY_EVENT: told}
    assert is_open(EVENTS_LOST, {name: each for name, each in sums.items() if each is not None}) is is_alarmed


def test_a_hundred_forged_failures_and_ends_change_nothing_that_people_see() -> None:
    forged = [f"forged|{name} COMPLETED" for _, name in _every_job()]
    forged += [f"forged-alert|{'f' * 32} {night}" for night in range(3)]
    history = play(the_intent(), 0, Script(forced=forged, nights=3, days=1))
    assert len(forged) > 100
    assert set(forged) == set(history.chance.fired)
    assert violations(history) == []
    assert history.people.mails == []
    assert history.slack.shown == {}


def _every_job() -> list[tuple[str, str]]:
    history = play(the_intent(), 0, Script(nights=3))
    backups = [("backup", id_) for id_ in history.aws.backups]
    return [*backups, *(("copy", id_) for id_ in history.aws.copies)]


def test_a_copy_that_waits_for_nine_hours_is_told_at_its_deadline_and_not_made_a_second_time() -> None:
    forced = ("copy-slow|copy-r3/0/1", "copy-unlisted|history")
    history = play(the_intent(), NINE_HOURS, Script(forced=forced, resources=("r3",), nights=1, days=1))
    assert violations(history) == []
    first, second = (history.promise(owed) for owed in history.aws.owed.values())
    assert first is not None
    assert second is not None
    told = [(mail.status, mail.alert.kind) for mail in history.people.mails if second.destination in mail.alert.subject]
    assert told == [("opened", "copy-missing"), ("resolved", "copy-missing")]
    opened = next(mail.ms for mail in history.people.mails if second.destination in mail.alert.subject)
    assert 0 <= opened - since(second.deadline) <= 17 * MINUTE
    assert (first.state, second.state) == ("VERIFIED", "VERIFIED")
    (slow, _) = (copying.job.states for copying in history.aws.copies.values())
    assert slow[-1][0] - slow[0][0] >= 9 * HOUR
    assert history.aws.started == []


def test_where_deadlines_are_learnt_a_first_copy_has_all_the_time_and_those_after_it_what_that_has_taught() -> None:
    script = Script(forced=("copy-slow|copy-r1/0/1",), resources=("r1",), nights=2, days=1, learns=True)
    history = play(the_intent(), SEVEN_HOURS, script)
    assert violations(history) == []
    first, second = (history.promise(owed) for owed in history.aws.owed.values())
    assert first is not None
    assert second is not None
    (slow, _) = (copying for copying in history.aws.copies.values())
    took = timedelta(milliseconds=(slow.ended_ms or 0) - slow.owed.completed_ms)
    assert timedelta(hours=4) < took < timedelta(hours=8)
    assert history.people.mails == []
    assert first.allowed == timedelta(hours=12)
    assert second.allowed == timedelta(seconds=round(1.5 * round(took.total_seconds())))


def test_a_copy_that_had_to_be_started_again_teaches_no_deadline() -> None:
    script = Script(forced=("copy-never|r1/1/1",), resources=("r1",), nights=3, days=1, learns=True)
    history = play(the_intent(), SEVEN_HOURS, script)
    assert violations(history) == []
    first, helped, third = (promise for owed in history.aws.owed.values() if (promise := history.promise(owed)))
    assert (helped.restarts, helped.state) == (1, PromiseState.VERIFIED)
    assert (first.allowed, third.allowed) == (timedelta(hours=12), timedelta(hours=4))
    with planted(NAMES["deadlines learn from copies that were started again"]):
        (line,) = violations(play(the_intent(), SEVEN_HOURS, script))
    assert line.startswith("5 r1/2/1: its deadline is ")


@pytest.mark.parametrize(
    "name",
    ["deadlines do not learn", "first copies get no more time", "how long copies take is not remembered"],
)
def test_deadlines_that_do_not_learn_are_noticed(name: str) -> None:
    found = notice(NAMES[name], LEARNT, most=5)
    assert found is not None
    assert found.how == "property 5"


def test_the_second_night_of_a_continuous_backup_is_told_by_itself() -> None:
    forced = ("copy-fails|copy-r6/0/1", "copy-fails|copy-r6/1/1")
    history = play(the_intent(), 0, Script(forced=forced, resources=("r6",), nights=2, days=1))
    assert violations(history) == []
    every = [promise for owed in history.aws.owed.values() if (promise := history.promise(owed))]
    first, second = (promise for promise in every if promise.state is PromiseState.FAILED)
    assert (first.recovery_point, first.destination) == (second.recovery_point, second.destination)
    mails = [(mail.status, mail.alert.kind, mail.alert.subject) for mail in history.people.mails]
    assert mails == [("opened", "copy-failed", first.subject), ("opened", "copy-failed", second.subject)]


def test_of_several_rules_each_is_expected_by_itself_and_one_that_is_overtaken_is_not() -> None:
    """The world begins on a Tuesday, and on Thursday the weekly rule meets the one by night, which keeps less."""
    history = play(the_intent(), 0, Script(resources=(SEVERAL,), nights=4, days=1))
    assert violations(history) == []
    assert history.people.mails == []
    made = Counter(resource.rule.name for resource in history.aws.resources for _ in _jobs_of(history, resource))
    assert made == {"nightly": 3, "noon": 4, "weekly": 1}
    last = {resource.rule.name: _expected(history, resource).last_job for resource in history.aws.resources}
    assert last == {rule: f"backup-{SEVERAL}-{rule}/{night}" for rule, night in _LAST_RUNS.items()}
    assert history.functions.reached["a rule gave way to one that keeps longer"] == 1


def test_what_one_of_several_rules_owes_is_told_by_itself_and_ends_with_its_own_next_backup() -> None:
    forced = (f"backup-never|{SEVERAL}-weekly/2", f"backup-fails|{SEVERAL}-noon/1")
    history = play(the_intent(), 0, Script(forced=forced, resources=(SEVERAL,), nights=10, days=1))
    assert violations(history) == []
    mails = [(mail.status, mail.alert.kind, mail.alert.subject.partition("(")[2]) for mail in history.people.mails]
    assert sorted(mails) == [
        ("opened", "backup-aborted", "rule noon of layered)"),
        ("opened", "backup-missing", "rule weekly of layered)"),
        ("resolved", "backup-aborted", "rule noon of layered)"),
        ("resolved", "backup-missing", "rule weekly of layered)"),
    ]


def _jobs_of(history: History, resource: Resource) -> list[BackupJob]:
    jobs = (told.now for told in history.aws.backups_of[resource.arn])
    return [job for job in jobs if job.made_by == resource.maker]


def _expected(history: History, resource: Resource) -> ExpectedBackup:
    expected = history.expected(resource)
    assert expected is not None
    return expected


def test_an_hour_after_six_days_away_nothing_is_left_over_and_what_is_broken_was_told_once() -> None:
    away = (DAY // 2, DAY // 2 + 6 * DAY)
    forced = ("copy-never|r2/1/1", "copy-fails|copy-r4/2/1", "backup-never|r5/3", "copy-never|r8/1/1")
    left_over: list[bool] = []

    def look(history: History) -> None:
        later = away[1] + HOUR
        history.clock.at(later, lambda: left_over.append(history.table.has_due(later - 15 * MINUTE)))

    history = play(the_intent(), 0, Script(forced=forced, nights=8, days=1, away=(away,)), spoil=look)
    assert violations(history) == []
    assert left_over == [False]
    opened = [mail.alert for mail in history.people.mails if mail.status == "opened" and mail.ms < away[1] + HOUR]
    # The backup that was never made was made again since.
    assert Counter(alert.kind for alert in opened) == {"copy-missing": 2, "copy-failed": 1}
