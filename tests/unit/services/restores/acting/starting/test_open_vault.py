"""An air-gapped vault that an approval team opens: the team is asked once, awaited, and believed in nothing else."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.showing.told import told_to_people
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.air_gaps import TEAM
from tests.builders.places import PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import a_recovery_point
from tests.fakes.restores.opened import GAPPED, POINT, TABLE, come_to_approval
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def request_id(world: CeremonyWorld) -> str:
    """It was approved."""
    return come_to_approval(world)


def start(world: CeremonyWorld, request: str) -> Any:
    return start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def waits(world: CeremonyWorld, request: str, *, match: str = "it waits for its vault") -> None:
    with pytest.raises(TemporarilyUnavailableError, match=match):
        start(world, request)
    assert world.restores.begun == []


def test_its_approvers_read_whose_vote_is_needed_besides_theirs(world: CeremonyWorld, request_id: str) -> None:
    sealed = world.kept(request_id).sealed
    assert (sealed.request.approval_team, sealed.request.course) == (
        TEAM,
        "air-gapped, opened by the approval team vaults",
    )
    assert any("vaults is asked to open the air-gapped vault gapped-vault" in each for each in told_to_people(sealed))
    assert sealed.request.access_vault == a_vault_arn(f"strongroom-access-{request_id}", account=PAYMENTS)
    within = world.ceremony.restores.execution_expires_after + timedelta(hours=24)
    assert sealed.request.act_before - sealed.request.approve_before == within


def test_the_team_is_asked_once_awaited_and_then_it_is_restored(world: CeremonyWorld, request_id: str) -> None:
    waits(world, request_id, match="^it waits for its vault: vaults was asked to open it$")
    world.now += timedelta(minutes=5)
    waits(world, request_id, match="has until")
    gates = {gate.name: gate.text for gate in show_restore(request_id, needs=world.showing, now=world.now).gates}
    assert "the vote of vaults, asked at" in gates["Opened by the vault's team"]
    world.access.vote("AVAILABLE")
    assert start(world, request_id).job == "restore-1"
    assert (world.access.asked, world.restores.begun) == ([request_id], [POINT])
    kept = world.kept(request_id)
    place = {"vault": kept.sealed.request.access_vault}
    intended = kept.last(EntryKind.ACCESS_INTENDED) or {}
    assert {name: intended[name] for name in ("source", "team", "vault")} == {"source": GAPPED, "team": TEAM, **place}
    assert (kept.last(EntryKind.ACCESS_ASKED), kept.last(EntryKind.ACCESS_OPENED)) == (place, place)
    assert world.kinds(request_id)[-5:] == [
        EntryKind.ACCESS_INTENDED,
        EntryKind.ACCESS_ASKED,
        EntryKind.ACCESS_OPENED,
        EntryKind.RESTORE_INTENDED,
        EntryKind.RESTORE_STARTED,
    ]


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("hides", [False, True], ids=["shown", "hidden before the vote"])
def test_a_try_that_died_is_taken_up_and_nobody_is_asked_for_two_vaults(
    world: CeremonyWorld, request_id: str, *, dies: str, hides: bool
) -> None:
    world.access.dies, world.access.hides = dies, hides
    waits(world, request_id, match="no route|the answer was lost")
    assert world.kinds(request_id)[-1] == EntryKind.ACCESS_INTENDED
    world.access.dies = ""
    waits(world, request_id)
    assert len(world.access.vaults) == 1
    is_seen = dies == "after" and not hides
    assert len(world.access.asked) == (1 if is_seen else 2), "what is there already is asked for again"
    world.access.vote("AVAILABLE")
    assert start(world, request_id).job == "restore-1"
    assert world.kinds(request_id).count(EntryKind.ACCESS_INTENDED) == 1
    assert world.kinds(request_id).count(EntryKind.ACCESS_ASKED) == 1


def test_a_vault_that_was_opened_before_anybody_wrote_down_that_it_was_asked_for_is_restored_from_at_once(
    world: CeremonyWorld, request_id: str
) -> None:
    world.access.dies = "after"
    waits(world, request_id, match="the answer was lost")
    world.access.vote("AVAILABLE")
    assert start(world, request_id).job == "restore-1"


@pytest.mark.parametrize(
    ("later", "said"),
    [(timedelta(hours=1), "has refused to"), (timedelta(hours=24), "has not said so within 24 hours")],
    ids=["refused", "expired"],
)
def test_a_team_that_does_not_open_it_ends_the_request(
    world: CeremonyWorld, request_id: str, later: timedelta, said: str
) -> None:
    waits(world, request_id)
    world.now += later
    world.access.vote("FAILED")
    with pytest.raises(RestoreFailedError, match=f"the approval team vaults {said}: it was asked to open gapped-vault"):
        start(world, request_id)
    assert world.restores.begun == []


def test_what_is_never_shown_is_not_awaited_for_ever(world: CeremonyWorld, request_id: str) -> None:
    world.access.hides = True
    waits(world, request_id)
    world.now += timedelta(hours=24, minutes=10)
    with pytest.raises(RestoreFailedError, match="and it is not open"):
        start(world, request_id)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (GAPPED, "was there before anybody was asked"),
        ("", "shows what it keeps itself, and not"),
        (a_vault_arn("other", account=VAULT_ACCOUNT), "backup-vault:other, and not"),
    ],
    ids=["the same", "one of its own", "another"],
)
def test_a_vault_that_somebody_has_put_in_its_place_is_not_restored_from(
    world: CeremonyWorld, request_id: str, source: str, said: str
) -> None:
    place = world.kept(request_id).sealed.request.access_vault
    world.access.vaults[place] = AccessVault(arn=place, source=source, state="AVAILABLE")
    with pytest.raises(RestoreFailedError, match=said):
        start(world, request_id)
    assert (world.access.asked, world.restores.begun) == ([], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"resource": f"{TABLE}-2"}, "is seen through the access is not of the approved resource"),
        ({"created_at": a_recovery_point().created_at - timedelta(days=1)}, "which is not the approved one"),
        (None, "is not there any more"),
    ],
    ids=["another table", "of another day", "gone"],
)
def test_what_is_seen_through_it_is_what_was_approved(
    world: CeremonyWorld, request_id: str, changes: dict[str, Any] | None, said: str
) -> None:
    waits(world, request_id)
    world.access.vote("AVAILABLE")
    place = POINT, world.kept(request_id).sealed.request.access_vault
    seen = world.points.points.pop(place)
    if changes is not None:
        world.points.points[place] = replace(seen, **changes)
    with pytest.raises(ApprovalVoidError, match=said):
        start(world, request_id)
    assert world.restores.begun == []


def test_a_team_that_the_intent_has_changed_since_is_not_asked(world: CeremonyWorld, request_id: str) -> None:
    other = replace(world.intent.vaults["gapped"], approval_team=TEAM.replace("vaults", "others"))
    world.intent = replace(world.intent, vaults={**world.intent.vaults, "gapped": other})
    with pytest.raises(ApprovalVoidError, match="is not the one that was approved"):
        start(world, request_id)
    assert world.access.asked == []


def open_and_die(world: CeremonyWorld, request: str, *, when: str) -> None:
    """It is open, and a try dies at its call."""
    waits(world, request)
    world.access.vote("AVAILABLE")
    world.restores.dies = when
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""


def test_a_restore_whose_answer_was_lost_is_found_when_its_vault_is_closed_since(
    world: CeremonyWorld, request_id: str
) -> None:
    open_and_die(world, request_id, when="after")
    world.access.vaults.clear()
    assert start(world, request_id).job == "restore-1"
    assert world.restores.begun == [POINT]


def test_a_restore_that_is_not_listed_yet_is_looked_for_while_it_may_be(world: CeremonyWorld, request_id: str) -> None:
    open_and_die(world, request_id, when="before")
    world.access.vaults.clear()
    with pytest.raises(TemporarilyUnavailableError, match=r"; whether a restore was begun before that is looked for$"):
        start(world, request_id)
    world.now += timedelta(minutes=11)
    with pytest.raises(RestoreFailedError, match="it cannot be told whether the restore was started"):
        start(world, request_id)
    assert world.restores.begun == []


@pytest.mark.parametrize("state", ["", "FAILED"], ids=["gone", "failed"])
def test_what_was_open_and_is_not_any_more_is_not_awaited(world: CeremonyWorld, request_id: str, state: str) -> None:
    open_and_die(world, request_id, when="too many")
    world.access.vote(state)
    if not state:
        world.access.vaults.clear()
    with pytest.raises(RestoreFailedError, match=r"gapped-vault was opened, and has been revoked since: .* anew"):
        start(world, request_id)
    assert world.restores.begun == []


@pytest.mark.parametrize("team", ["", TEAM.replace("vaults", "others")], ids=["none", "another"])
def test_a_vault_that_has_another_team_by_now_is_not_opened(world: CeremonyWorld, request_id: str, team: str) -> None:
    world.points.team = team
    name = "others" if team else "no approval team"
    with pytest.raises(ApprovalVoidError, match=f"gapped-vault is opened by {name}, and not by vaults"):
        start(world, request_id)
    assert world.access.asked == []


def test_the_team_of_the_vault_is_looked_at_until_it_is_open(world: CeremonyWorld, request_id: str) -> None:
    waits(world, request_id)
    world.points.team = ""
    with pytest.raises(ApprovalVoidError, match="is opened by no approval team"):
        start(world, request_id)
    world.points.team = TEAM
    open_and_die(world, request_id, when="too many")
    world.points.team = ""
    assert start(world, request_id).job == "restore-1"
