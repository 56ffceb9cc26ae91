"""A table of Redshift comes into the cluster that lives: through every gate, once though no token says so."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    FaultsFoundError,
    RestoreFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import RestoreWish
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.called import (
    TABLE_CALL,
    TABLE_POINT,
    WAREHOUSE,
    WRITTEN_TABLE,
    an_intent_with_native,
)
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """A world with a cluster of Redshift, which is there."""
    made = CeremonyWorld(an_intent_with_native(intent, TABLE_CALL))
    made.points.points[TABLE_POINT, LOCAL_VAULT] = a_recovery_point(
        arn=TABLE_POINT,
        resource=WAREHOUSE,
        resource_type="Redshift",
        restore_metadata={"ClusterIdentifier": "night", "NodeType": "ra3.large"},
    )
    made.tickets.ticket = a_ticket(resources=(WAREHOUSE,))
    made.places.taken = {"night": "cluster night"}
    return made


def a_table_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for the table."""
    made = {"recovery_point": TABLE_POINT, "target_name": "", "metadata": WRITTEN_TABLE, "is_native": True}
    return a_wish(**made | changes)


def approved(world: CeremonyWorld) -> str:
    """The request, approved by as many as it takes."""
    request = world.open(a_table_wish())
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    world.restores.changes = {"created": WAREHOUSE, "request": request}
    return request


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def restored(world: CeremonyWorld) -> str:
    """The request, whose table was restored."""
    request = approved(world)
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def test_it_ends_as_restored_into_the_cluster_with_what_was_written(world: CeremonyWorld) -> None:
    request = restored(world)
    found = world.kept(request).last(EntryKind.RESTORED) or {}
    assert (found["created"], found["job"]["Request"], found["job"]["Metadata"]) == (WAREHOUSE, request, WRITTEN_TABLE)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created, world.restores.begun) == ("restored", WAREHOUSE, [TABLE_POINT])


def test_it_takes_two_and_says_that_it_goes_into_what_lives(world: CeremonyWorld) -> None:
    asked = world.proposing.drafts.read(world.draft(a_table_wish()).request_id).sealed.request
    assert asked.risks[:3] == ("elevated", "adds-into-live", "as-written")
    assert "It is put into night, which lives." in asked.risk_sentences
    assert (asked.call, dict(asked.metadata)) == (TABLE_CALL, WRITTEN_TABLE)


def test_nobody_is_told_of_another_key_than_that_of_the_cluster(world: CeremonyWorld) -> None:
    asked = world.proposing.drafts.read(world.draft(a_table_wish()).request_id).sealed.request
    assert asked.key == ""
    assert not [each for each in consequences(asked) if "live under" in each]


def test_the_cluster_that_was_there_keeps_its_tags(world: CeremonyWorld) -> None:
    request = restored(world)
    world.points.kept_tags = {"Backup": "daily-prod"}
    tagged = tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    assert (world.tagged, tagged.keys, tagged.reason) == ([], (), "what was there before keeps its own tags")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"metadata": WRITTEN_TABLE | {"ClusterIdentifier": "day"}}, "ClusterIdentifier must be night"),
        ({"metadata": WRITTEN_TABLE | {"ClusterIdentifier": "Night"}}, "ClusterIdentifier must be night"),
        ({"target_name": "back"}, "leave the name out"),
    ],
)
def test_it_comes_into_what_was_backed_up_and_has_no_name_besides(
    world: CeremonyWorld, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(FaultsFoundError, match=why):
        world.draft(a_table_wish(**changes))


def test_where_the_cluster_is_gone_the_whole_of_it_must_be_restored(world: CeremonyWorld) -> None:
    world.places.taken = {}
    with pytest.raises(RestoreRefusedError, match="night is not there any more"):
        world.draft(a_table_wish())


def test_where_the_cluster_has_gone_since_nothing_is_called(world: CeremonyWorld) -> None:
    request = approved(world)
    world.places.taken = {}
    with pytest.raises(ApprovalVoidError, match="night is not there any more"):
        start(world, request)
    assert world.restores.begun == []


def died_after(world: CeremonyWorld) -> str:
    """The request whose call was made, and whose answer was lost."""
    request = approved(world)
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    return request


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_call_whose_answer_was_lost_is_found_by_what_it_was_asked_and_not_made_again(
    world: CeremonyWorld, minutes: int
) -> None:
    request = died_after(world)
    world.now += timedelta(minutes=minutes)
    start(world, request)
    assert world.restores.begun == [TABLE_POINT]
    assert world.kept(request).last(EntryKind.RESTORE_STARTED) == {"job": "restore-1"}


def test_the_restore_of_another_table_out_of_the_same_snapshot_is_not_taken_for_it(world: CeremonyWorld) -> None:
    request = approved(world)
    world.restores.dies = "before"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.restores.known.append("of-another")
    world.restores.used_by["of-another"] = WRITTEN_TABLE | {"NewTableName": "customers"}
    start(world, request)
    assert world.restores.begun == [TABLE_POINT]
    assert world.kept(request).last(EntryKind.RESTORE_STARTED) == {"job": "restore-2"}


def test_what_cannot_be_told_is_not_called_again(world: CeremonyWorld) -> None:
    request = approved(world)
    world.restores.dies = "before"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.now += timedelta(minutes=11)
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        start(world, request)
    assert world.restores.begun == []
