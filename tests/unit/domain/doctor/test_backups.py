"""What nights of backups show."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.doctor.backups import (
    judge_copy_keys,
    judge_expiry,
    judge_jobs,
    judge_origins,
    judge_waiting_copies,
    newest_of_each_type,
)
from strongroom.domain.doctor.diagnosis import Diagnosis, Outcome
from strongroom.domain.doctor.found import JobFound, VaultContent
from tests.builders.doctor import NOW, a_job, a_point, a_vault

DAYS = 35


def test_the_newest_of_each_type_counts() -> None:
    old, new = a_point("old", created_at=NOW - timedelta(days=9)), a_point("new")
    assert newest_of_each_type([new, old, a_point("disk", type="EBS")]) == (a_point("disk", type="EBS"), new)


@pytest.mark.parametrize(
    ("vault", "outcome", "evidence"),
    [
        (a_vault(), Outcome.UNSEEN, "no copy yet"),
        (a_vault(a_point()), Outcome.HOLDS, "under the vault's key"),
        (a_vault(a_point(key=None)), Outcome.FAILS, "no key: it is not encrypted"),
        (a_vault(a_point(key="arn:other")), Outcome.FAILS, "under arn:other"),
    ],
    ids=["empty", "its key", "unencrypted", "another key"],
)
def test_copies_lie_under_the_key_of_their_vault(vault: VaultContent, outcome: Outcome, evidence: str) -> None:
    [line] = judge_copy_keys(vault)
    assert (line.outcome, evidence in line.evidence) == (outcome, True)


@pytest.mark.parametrize(
    ("vault", "outcome", "evidence"),
    [
        (a_vault(), Outcome.UNSEEN, "no plan has made anything"),
        (a_vault(a_point(is_by_plan=False, plan_name=None)), Outcome.UNSEEN, "no plan has made anything"),
        (a_vault(a_point()), Outcome.HOLDS, "names strongroom-daily-prod; tags are not listed"),
        (a_vault(a_point(tags={"Backup": "daily"})), Outcome.HOLDS, "1 tags are listed"),
        (a_vault(a_point(plan_name=None)), Outcome.FAILS, "names no plan"),
    ],
    ids=["empty", "by hand", "named", "with tags", "nameless"],
)
def test_points_of_plans_name_their_plan(vault: VaultContent, outcome: Outcome, evidence: str) -> None:
    [line] = judge_origins(vault)
    assert (line.outcome, evidence in line.evidence) == (outcome, True)


def outcomes(*jobs: JobFound) -> dict[str, Diagnosis]:
    return {line.where: line for line in judge_jobs(jobs)}


def test_the_last_job_of_each_kind_and_type_counts() -> None:
    failed = a_job("copy", state="FAILED", created_at=NOW - timedelta(days=2), message="no key")
    assert outcomes(failed, a_job("copy"), a_job())["copy jobs of RDS"].outcome is Outcome.HOLDS
    last = outcomes(replace(failed, created_at=NOW), a_job("copy"), a_job())["copy jobs of RDS"]
    assert (last.outcome, "no key" in last.evidence) == (Outcome.FAILS, True)


def test_a_running_job_and_a_missing_kind_cannot_be_seen_yet() -> None:
    found = outcomes(a_job(state="RUNNING"))
    assert {where: line.outcome for where, line in found.items()} == {
        "copy jobs": Outcome.UNSEEN,
        "backup jobs of RDS": Outcome.UNSEEN,
    }


def a_copy_of(source: str = "arn:point", *, begun: int, ended: int | None = None, **changes: Any) -> JobFound:
    """A copy that a plan made, begun and ended so many minutes ago."""
    over = None if ended is None else NOW - timedelta(minutes=ended)
    told = {"state": "RUNNING" if ended is None else "COMPLETED", "is_by_plan": True, "source": source}
    return a_job("copy", created_at=NOW - timedelta(minutes=begun), ended_at=over, **told | changes)


@pytest.mark.parametrize(
    ("jobs", "outcome", "evidence"),
    [
        ([a_copy_of(begun=9), a_copy_of(begun=8, state="CREATED")], Outcome.HOLDS, "1 wait as CREATED"),
        ([a_copy_of(begun=9, ended=5), a_copy_of(begun=9, ended=1)], Outcome.HOLDS, "1 were created before"),
        ([a_copy_of(begun=9, ended=5), a_copy_of(begun=5, ended=1)], Outcome.FAILS, "none of 1 was created"),
        (
            [a_copy_of(begun=9, ended=5), a_copy_of("arn:other", begun=9, ended=1)],
            Outcome.UNSEEN,
            "no plan has made two",
        ),
        ([a_copy_of(begun=9, ended=5), a_copy_of(begun=8, ended=1, is_by_plan=False)], Outcome.UNSEEN, "no plan"),
        ([a_copy_of(begun=9), a_copy_of(begun=8, state="RUNNING")], Outcome.HOLDS, "1 were created before"),
        ([a_job(), a_job()], Outcome.UNSEEN, "no plan"),
    ],
    ids=["waits now", "waited", "listed afterwards", "of two backups", "by hand", "beside each other", "backups"],
)
def test_a_copy_that_waits_its_turn_is_listed(jobs: list[JobFound], outcome: Outcome, evidence: str) -> None:
    line = judge_waiting_copies(jobs)
    assert (line.outcome, evidence in line.evidence) == (outcome, True)


def test_of_a_continuous_backup_every_night_is_another_copy() -> None:
    one = "arn:aws:backup:eu-west-1:222222222222:recovery-point:continuous:db-1"
    jobs = [a_copy_of(one, begun=9, ended=5), a_copy_of(one, begun=4, ended=1)]
    assert judge_waiting_copies(jobs).outcome is Outcome.UNSEEN


GONE = a_job(created_at=NOW - timedelta(days=DAYS), point="gone")


@pytest.mark.parametrize(
    ("vault", "jobs", "outcome", "evidence"),
    [
        (a_vault(a_point()), [a_job()], Outcome.UNSEEN, "the first is due on 2026-10-05"),
        (a_vault(a_point(delete_at=None)), [], Outcome.UNSEEN, "no point has an end"),
        (a_vault(), [GONE], Outcome.HOLDS, "1 points of the last thirty days are gone"),
        (a_vault(a_point(delete_at=NOW - timedelta(days=3))), [], Outcome.FAILS, "two days after their time"),
        (a_vault(a_point(delete_at=NOW - timedelta(days=1))), [], Outcome.UNSEEN, "nothing was due yet"),
        (a_vault(a_point(status="EXPIRED")), [], Outcome.FAILS, "EXPIRED"),
        (a_vault(), [a_job(point="gone")], Outcome.FAILS, "gone before their time: gone"),
        (a_vault(), [a_job(point="gone", ended_at=NOW)], Outcome.UNSEEN, "nothing was due yet"),
        (a_vault(), [a_job(point="gone", is_by_plan=False)], Outcome.UNSEEN, "nothing was due yet"),
        (a_vault(), [a_job(point="gone", vault="arn:elsewhere")], Outcome.UNSEEN, "nothing was due yet"),
    ],
    ids=[
        "young",
        "endless",
        "gone in time",
        "late",
        "just due",
        "stuck",
        "deleted",
        "just made",
        "by hand",
        "another vault",
    ],
)
def test_points_go_when_their_time_has_come(
    vault: VaultContent, jobs: list[JobFound], outcome: Outcome, evidence: str
) -> None:
    found = judge_expiry(vault, jobs=jobs, retention_days=DAYS, now=NOW)
    assert (found.outcome, evidence in found.evidence) == (outcome, True), found.evidence
