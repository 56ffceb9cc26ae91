"""A request keeps what there was to choose from, and never fails of what cannot be found out."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import (
    AccessRefusedError,
    ConfigurationMissingError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Region
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.choosing.kept import KeptCandidates, KeptRow, Unread
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.services.restores.asking.find_candidates import VERIFIED, CandidateWish, find_candidates
from strongroom.services.restores.asking.keep_candidates import keep_candidates
from tests.builders.deciding.candidates import BEFORE, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, REPLICA_REGION, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT, a_request
from tests.fakes.many.candidates import Finding
from tests.fakes.restores.world import CeremonyWorld

COPIED: Final[dict[str, Any]] = {
    "recovery_point": CENTRAL_POINT,
    "vault": CENTRAL_VAULT,
    "plan": RestorePlan.COPY_BACK,
}


@pytest.fixture
def finding(world: CeremonyWorld) -> Finding:
    return world.finding


def keep(finding: Finding, *, before: datetime | None = BEFORE, **changes: Any) -> KeptCandidates:
    return keep_candidates(a_request(**changes), before=before, needs=finding.needs, now=NOW)


def many(count: int) -> list[ListedPoint]:
    """One each minute before 13:59, and the one that is chosen, of 02:00."""
    moments = [BEFORE - timedelta(minutes=1 + number) for number in range(count)]
    return [a_listed_point(), *(a_listed_point(arn=f"{POINT}-{n}", created_at=at) for n, at in enumerate(moments))]


def chosen_of(kept: KeptCandidates) -> list[KeptRow]:
    return [row for row in kept.rows if row.way_of(POINT, LOCAL_VAULT)]


def test_the_rows_are_those_that_find_shows(finding: Finding) -> None:
    finding.lists.points = [*many(7), a_listed_copy()]
    kept = keep(finding)
    wish = CandidateWish(resource=DATABASE, before="2026-11-23T14:00:00Z")
    shown = find_candidates(wish, needs=finding.needs, now=NOW)
    assert [(row.instant, row.minutes_lost, row.ways[0].recovery_point, row.marks) for row in kept.rows[:5]] == [
        (row.instant, row.minutes_lost, row.recovery_point, row.marks) for row in shown.candidates
    ]
    assert (kept.before, kept.unread) == (shown.before, shown.unread)


@pytest.mark.parametrize(
    ("region", "ways"),
    [
        pytest.param(HOME, {POINT: "local", CENTRAL_POINT: "copy-back"}, id="where it was"),
        pytest.param(REPLICA_REGION, {CENTRAL_POINT: "other-region"}, id="elsewhere"),
    ],
)
def test_the_rows_are_of_what_comes_back_in_the_region_of_the_request(
    region: Region, ways: dict[str, str], finding: Finding
) -> None:
    organization = replace(finding.world.intent.organization, governed_regions=(HOME, REPLICA_REGION))
    finding.world.intent = replace(finding.world.intent, organization=organization)
    [row] = keep(finding, region=region, **COPIED).rows
    assert {way.recovery_point: way.plan for way in row.ways} == ways


def test_what_was_where_nobody_governs_any_more_has_its_rows_in_the_region_of_the_request(finding: Finding) -> None:
    resource = DATABASE.replace(HOME, REPLICA_REGION)
    finding.lists.points = [a_listed_copy(resource=resource)]
    [row] = keep(finding, resource=resource, **COPIED).rows
    assert [(way.recovery_point, way.plan) for way in row.ways] == [(CENTRAL_POINT, "copy-back")]


def test_a_chosen_backup_among_the_rows_is_no_row_more(finding: Finding) -> None:
    kept = keep(finding)
    assert (len(kept.rows), kept.more, chosen_of(kept)) == (1, 0, list(kept.rows))


def test_a_chosen_backup_that_is_older_than_the_rows_comes_behind_them(finding: Finding) -> None:
    finding.lists.points = many(7)
    kept = keep(finding)
    assert (len(kept.rows), kept.more) == (6, 2)
    [chosen] = chosen_of(kept)
    assert (chosen, chosen.why_not, chosen.instant, chosen.minutes_lost) == (kept.rows[5], "", TWO_O_CLOCK, 720)


def test_an_infected_backup_that_was_chosen_says_why_it_is_not_offered(finding: Finding) -> None:
    finding.lists.points = many(2)
    finding.lists.described[POINT] = a_listed_point(scan=Scan.THREATS, scanned_at=NOW)
    kept = keep(finding)
    [chosen] = chosen_of(kept)
    assert (chosen.why_not.startswith("malware was found"), chosen.scan, chosen.ways[0].plan) == (
        True,
        "threats",
        "local",
    )
    assert (len(kept.rows), kept.more) == (3, 0)


def test_without_a_time_it_is_the_chosen_backups(finding: Finding) -> None:
    finding.lists.points = [*many(3), a_listed_point(arn=f"{POINT}-old", created_at=TWO_O_CLOCK - timedelta(hours=1))]
    kept = keep(finding, before=None)
    assert kept.before == TWO_O_CLOCK
    assert [(row.ways[0].recovery_point, row.minutes_lost) for row in kept.rows] == [(POINT, 0), (f"{POINT}-old", 60)]


def test_without_a_time_what_holds_its_end_is_of_then(finding: Finding) -> None:
    files = "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"
    point = a_listed_point(resource=files, resource_type="EFS")
    finding.lists.points = [point]
    kept = keep(finding, before=None, resource=files, resource_type="EFS")
    assert (kept.before, [row.instant for row in kept.rows]) == (point.completed_at, [point.completed_at])


def test_a_chosen_point_that_no_list_has_is_looked_at_and_kept(finding: Finding) -> None:
    finding.lists.points = []
    finding.lists.described[POINT] = a_listed_point(scan=Scan.CLEAN, scanned_at=NOW)
    [row] = keep(finding).rows
    assert (row.scan, row.ways[0].recovery_point, row.instant) == ("clean", POINT, TWO_O_CLOCK)


@pytest.mark.parametrize(
    "refused", [{LOCAL_VAULT: AccessRefusedError("x")}, {}], ids=["its list is refused", "no list has it yet"]
)
def test_a_chosen_point_that_could_not_be_read_is_not_said_to_be_written(
    refused: dict[str, StrongroomError], finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> Any:
        raise AccessRefusedError("x")

    files = "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"
    finding.lists.points, finding.lists.refused = [], refused
    monkeypatch.setattr(finding.lists, "looked_at", refuse)
    [row] = keep(finding, resource=files, resource_type="EFS").rows
    assert row.why_not == "it could not be read, so that nobody can say of when it is"


def test_a_chosen_point_that_is_not_described_any_more_stays_as_its_list_has_it(finding: Finding) -> None:
    finding.lists.described[POINT] = None
    assert len(chosen_of(keep(finding))) == 1


def test_the_copy_that_was_chosen_is_a_way_of_its_backup(finding: Finding) -> None:
    plan = RestorePlan.COPY_BACK
    [row] = keep(finding, recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT, plan=plan).rows
    way = row.way_of(CENTRAL_POINT, CENTRAL_VAULT)
    assert way is not None
    assert (way.plan, row.ways.index(way)) == ("copy-back", 1)


def test_there_are_twenty_looks_at_most_and_none_twice(finding: Finding) -> None:
    finding.lists.points = many(200)
    for number in range(100):
        finding.lists.described[f"{POINT}-{number}"] = a_listed_point(arn=f"{POINT}-{number}", status="DELETING")
    kept = keep(finding)
    assert len(finding.lists.looks) == len(set(finding.lists.looks)) == 20
    assert finding.lists.looks[0] == POINT
    assert len(chosen_of(kept)) == 1


@pytest.mark.parametrize("vault", [LOCAL_VAULT, CENTRAL_VAULT, REPLICA_VAULT])
def test_a_list_that_cannot_be_read_is_said_and_the_others_are_read(vault: str, finding: Finding) -> None:
    finding.lists.refused[vault] = AccessRefusedError("role x of account y")
    kept = keep(finding)
    [unread] = kept.unread
    assert (unread.vault, "role x" in unread.reason) == (vault, False)
    assert len(chosen_of(kept)) == 1


def test_what_is_slow_is_not_waited_for(finding: Finding) -> None:
    finding.answers = 1
    kept = keep(finding)
    assert [each.vault for each in kept.unread] == [CENTRAL_VAULT, REPLICA_VAULT, LOCAL_VAULT]
    assert "no time left" in kept.unread[0].reason
    assert kept.unread[2].reason == f"{POINT} could not be looked at: there was no time left for it"
    assert (len(finding.lists.listed), finding.lists.looks, len(chosen_of(kept))) == (1, [], 1)


@pytest.mark.parametrize(
    "error", [TemporarilyUnavailableError("x"), NotFoundError("x"), ConfigurationMissingError("our own")], ids=str
)
def test_a_request_does_not_fail_of_it(
    error: StrongroomError, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise error

    monkeypatch.setattr(finding.lists, "of_resource", refuse)
    monkeypatch.setattr(finding.lists, "looked_at", refuse)
    kept = keep(finding)
    assert kept.unread != ()
    assert all("our own" not in each.reason for each in kept.unread)


def test_where_nothing_could_be_read_that_is_said_of_any_vault(
    finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise ConfigurationMissingError("our own")

    monkeypatch.setattr(finding.lists, "of_resource", refuse)
    kept = keep(finding, before=None)
    assert (kept.rows, kept.more, kept.before) == ((), 0, TWO_O_CLOCK)
    assert kept.unread == (Unread(vault="any vault", reason="something here does not work as it should"),)


def test_every_state_in_which_a_copy_ended_is_known_to_be_verified_or_not() -> None:
    assert set(VERIFIED) == {str(state) for state in PromiseState} - {"OPEN"}
