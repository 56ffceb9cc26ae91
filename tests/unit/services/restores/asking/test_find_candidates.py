"""Candidates are looked for in every vault of the intent, and what cannot be read is said."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.restoring.profiles import RestoreLimits
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.candidates.shown import ShownCandidates
from strongroom.domain.restores.choosing.kept import Unread
from strongroom.domain.restores.deciding.case import Storage, Way
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.status.nights import BackupLine, BackupMade
from strongroom.services.restores.asking.find_candidates import CandidateWish, find_candidates
from tests.builders.deciding.candidates import BEFORE, TWO_O_CLOCK, a_listed_copy, a_listed_point
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_REGION, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT
from tests.fakes.many.candidates import Finding
from tests.fakes.restores.world import CeremonyWorld

AT_14 = "2026-11-23T14:00:00Z"


@pytest.fixture
def finding(world: CeremonyWorld) -> Finding:
    return world.finding


def _find(finding: Finding, resource: str = DATABASE, *, account: str = "", before: str = AT_14) -> ShownCandidates:
    wish = CandidateWish(resource=resource, account=account, before=before)
    return find_candidates(wish, needs=finding.needs, now=NOW)


def test_a_backup_is_found_with_all_its_ways(finding: Finding) -> None:
    answer = _find(finding)
    [row] = answer.candidates
    assert (answer.resource, answer.resource_type, answer.account, answer.before) == (DATABASE, "RDS", PAYMENTS, BEFORE)
    assert (row.recovery_point, row.vault, row.plan, row.storage) == (POINT, LOCAL_VAULT, Way.LOCAL, Storage.WARM)
    assert [each.recovery_point for each in row.ways] == [POINT, CENTRAL_POINT]
    assert (row.instant, row.minutes_lost, row.minutes, row.measured) == (TWO_O_CLOCK, 720, 15, False)
    assert row.marks == ("least loss", "soonest")
    assert row.steps[1].startswith("Set the parameters")
    assert (answer.more, answer.not_offered, answer.unread) == (0, (), ())


def test_what_is_to_come_back_elsewhere_comes_out_of_copies_only(finding: Finding) -> None:
    organization = finding.world.intent.organization
    wide = replace(organization, governed_regions=(HOME, REPLICA_REGION))
    needs = replace(finding.needs, intent=replace(finding.world.intent, organization=wide))
    wish = CandidateWish(resource=DATABASE, before=AT_14, region=REPLICA_REGION)
    answer = find_candidates(wish, needs=needs, now=NOW)
    assert [(each.recovery_point, each.plan) for each in answer.candidates[0].ways] == [
        (CENTRAL_POINT, Way.OTHER_REGION)
    ]
    assert [(each.vault, "choose its copy" in each.reason) for each in answer.not_offered] == [(LOCAL_VAULT, True)]
    with pytest.raises(MalformedRequestError, match="eu-central-1 is not one of the governed Regions"):
        find_candidates(wish, needs=finding.needs, now=NOW)


def test_every_vault_in_which_a_copy_may_lie_is_listed_once(finding: Finding) -> None:
    answer = _find(finding)
    vaults = [LOCAL_VAULT, CENTRAL_VAULT, REPLICA_VAULT]
    assert finding.lists.listed == [(DATABASE, vault) for vault in vaults]
    assert list(answer.read) == vaults


def test_an_arn_without_a_region_is_looked_for_in_each(finding: Finding) -> None:
    _find(finding, "arn:aws:s3:::payments-docs", account=PAYMENTS)
    assert [vault for _, vault in finding.lists.listed if PAYMENTS in vault] == [
        LOCAL_VAULT.replace(HOME, region) for region in finding.world.intent.organization.regions
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AccessRefusedError("arn:aws:iam::2:role/x cannot be assumed"), "it may not be read"),
        (NotFoundError("x"), "there is no such vault"),
        (TemporarilyUnavailableError("x"), "AWS does not answer at the moment"),
        (CallRefusedError("x"), "AWS refused the call"),
    ],
)
def test_a_list_that_cannot_be_read_is_said_and_never_taken_for_empty(
    error: StrongroomError, said: str, finding: Finding
) -> None:
    finding.lists.refused[LOCAL_VAULT] = error
    answer = _find(finding)
    [unread] = answer.unread
    assert unread.vault == LOCAL_VAULT
    assert unread.reason.startswith(said)
    assert "arn:" not in unread.reason
    assert LOCAL_VAULT not in answer.read
    assert [row.plan for row in answer.candidates] == [Way.COPY_BACK]


@pytest.mark.parametrize(
    ("resource", "account", "before", "error", "why"),
    [
        pytest.param("payments-db", "", AT_14, MalformedIdentifierError, "is not an ARN", id="no ARN"),
        pytest.param("arn:aws:s3:::docs", "", AT_14, MalformedRequestError, "names no account", id="no account"),
        pytest.param("arn:aws:s3:::docs", "12", AT_14, MalformedIdentifierError, "twelve digits", id="no id"),
        pytest.param(DATABASE, "333333333333", AT_14, MalformedRequestError, f"account {PAYMENTS}, not", id="other"),
        pytest.param(
            DATABASE.replace(HOME, "x.example/"),
            "",
            AT_14,
            MalformedRequestError,
            "x.example/ is not one of the governed",
            id="Region",
        ),
        pytest.param(DATABASE, "", "14:00", MalformedRequestError, "in UTC, to the second", id="time"),
        pytest.param(DATABASE, "", "2026-11-23T14:25:01Z", MalformedRequestError, "lies in the future", id="future"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_before_anything_is_read(
    resource: str, account: str, before: str, error: type[StrongroomError], why: str, finding: Finding
) -> None:
    with pytest.raises(error, match=why):
        _find(finding, resource, account=account, before=before)
    assert finding.lists.listed == []


def test_without_a_time_or_by_a_clock_that_is_a_little_fast_it_is_now(finding: Finding) -> None:
    for before in ("", "2026-11-23T14:25:00Z"):
        assert _find(finding, before=before).before == NOW


def test_an_account_that_nobody_governs_is_not_looked_into(finding: Finding) -> None:
    finding.world.units_of_account = ("ou-strg-other001",)
    with pytest.raises(NotFoundError, match="is in no governed organisational unit"):
        _find(finding)
    assert finding.lists.listed == []


def _line(state: PromiseState, vault: str = CENTRAL_VAULT) -> BackupLine:
    return BackupLine(
        at=TWO_O_CLOCK.replace(microsecond=7000),
        tier="daily-prod",
        rule="",
        backup=BackupMade.MADE,
        copies={vault: state},
    )


@pytest.mark.parametrize(
    ("line", "verified"),
    [
        (_line(PromiseState.VERIFIED), True),
        (_line(PromiseState.FAILED), False),
        (_line(PromiseState.MISSING), False),
        (_line(PromiseState.VANISHED), False),
        (_line(PromiseState.OPEN), None),
        (_line(PromiseState.VERIFIED, vault=REPLICA_VAULT), None),
        (replace(_line(PromiseState.VERIFIED), at=TWO_O_CLOCK + timedelta(seconds=1)), None),
    ],
    ids=["verified", "failed", "missing", "vanished", "open", "another vault", "another backup"],
)
def test_what_the_ledger_knows_of_its_copies_is_told(
    line: BackupLine, *, verified: bool | None, finding: Finding
) -> None:
    finding.history.lines = (line,)
    assert _find(finding).candidates[0].verified is verified


def test_while_the_views_cannot_be_read_nobody_knows_what_was_verified(finding: Finding) -> None:
    finding.history.lines = (_line(PromiseState.VERIFIED),)
    finding.history.refused = TemporarilyUnavailableError("x")
    assert _find(finding).candidates[0].verified is None


def test_restores_that_were_seen_are_measured(finding: Finding) -> None:
    finding.past.took = (timedelta(minutes=4),) * 3
    [row] = _find(finding).candidates
    assert [(each.minutes, each.measured) for each in row.ways] == [(4, True), (31, False)]
    assert finding.past.asked == [("RDS", PAYMENTS, HOME)]


def test_where_past_restores_cannot_be_read_there_is_the_estimate(finding: Finding) -> None:
    finding.past.refused = AccessRefusedError("no")
    assert _find(finding).candidates[0].minutes == 15


def test_without_a_vault_to_come_back_into_the_copy_is_not_offered(finding: Finding) -> None:
    finding.vaults.refused = NotFoundError("x")
    answer = _find(finding)
    assert [each.recovery_point for each in answer.candidates[0].ways] == [POINT]
    assert (
        answer.not_offered[0].reason == "it cannot be copied back into the account's own vault: there is no such vault"
    )


def test_infected_backups_are_offered_where_the_intent_lets_them(finding: Finding) -> None:
    finding.lists.points = [a_listed_point(scan=Scan.THREATS)]
    assert _find(finding).candidates == ()
    world = finding.world
    restores = world.intent.restores
    assert restores is not None
    world.intent = replace(world.intent, restores=replace(restores, limits=RestoreLimits(infected="elevated")))
    assert [row.scan for row in _find(finding).candidates] == [Scan.THREATS]


# What is shown was looked at.


def test_a_look_tells_what_a_list_does_not(finding: Finding) -> None:
    finding.lists.described[CENTRAL_POINT] = a_listed_copy(is_cold=True)
    finding.lists.described[POINT] = a_listed_point(scan=Scan.CLEAN, scanned_at=NOW)
    answer = _find(finding)
    [row] = answer.candidates
    assert [each.recovery_point for each in row.ways] == [POINT]
    assert (row.scan, row.scanned_at) == (Scan.CLEAN, NOW)
    assert "newest clean" in row.marks
    assert "cold storage" in answer.not_offered[0].reason


def test_what_is_gone_meanwhile_is_not_shown(finding: Finding) -> None:
    finding.lists.described = {POINT: None, CENTRAL_POINT: None}
    answer = _find(finding)
    assert (answer.candidates, answer.not_offered) == ((), ())


def test_what_cannot_be_looked_at_stays_as_its_list_has_it_and_that_is_said(finding: Finding) -> None:
    finding.lists.unseen[POINT] = TemporarilyUnavailableError("x")
    answer = _find(finding)
    assert answer.candidates[0].recovery_point == POINT
    told = f"{POINT} could not be looked at: AWS does not answer at the moment"
    assert answer.unread == (Unread(vault=LOCAL_VAULT, reason=told),)
    assert LOCAL_VAULT in answer.read


def _many(count: int) -> list[ListedPoint]:
    made = []
    for number in range(count):
        at = BEFORE - timedelta(hours=1, minutes=5 * number)
        made.append(a_listed_point(arn=f"{POINT}-{number}", created_at=at, expires_at=NOW + timedelta(days=35)))
    return made


def test_of_ten_thousand_points_five_rows_are_shown_after_few_looks(finding: Finding) -> None:
    finding.lists.points = _many(10_000)
    answer = _find(finding)
    assert [row.recovery_point for row in answer.candidates] == [f"{POINT}-{number}" for number in range(5)]
    assert answer.more == 9_995
    assert len(finding.lists.looks) == 5


def test_where_the_best_turn_out_to_be_bad_others_are_looked_at_and_never_more_than_twenty(finding: Finding) -> None:
    finding.lists.points = _many(200)
    for number in range(100):
        finding.lists.described[f"{POINT}-{number}"] = a_listed_point(arn=f"{POINT}-{number}", status="DELETING")
    answer = _find(finding)
    assert len(finding.lists.looks) == len(set(finding.lists.looks)) == 20
    assert len(answer.candidates) == 5


def test_a_look_is_not_repeated(finding: Finding) -> None:
    _find(finding)
    assert sorted(finding.lists.looks) == sorted([POINT, CENTRAL_POINT])


def test_of_what_is_not_offered_a_hundred_are_named_and_the_rest_are_counted(finding: Finding) -> None:
    finding.lists.points = [replace(each, status="EXPIRED") for each in _many(150)]
    answer = _find(finding)
    assert [each.recovery_point for each in answer.not_offered[:2]] == [f"{POINT}-0", f"{POINT}-1"]
    assert len(answer.not_offered) == 100
    [others] = answer.others_not_offered
    assert (others.count, "EXPIRED" in others.reason) == (50, True)


def test_of_a_resource_of_which_nothing_is_there_the_lists_are_told(finding: Finding) -> None:
    finding.lists.points = []
    answer = _find(finding)
    assert (answer.candidates, answer.resource_type, len(answer.read)) == ((), "", 3)
