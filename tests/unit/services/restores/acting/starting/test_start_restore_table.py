"""A table of either Redshift comes into what lives: through every gate, once though no token says so."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

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
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.requests import RestoreWish
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.called import (
    NAMESPACE,
    NAMESPACE_POINT,
    NAMESPACE_TABLE_CALL,
    TABLE_CALL,
    TABLE_POINT,
    WAREHOUSE,
    WRITTEN_NAMESPACE_TABLE,
    WRITTEN_TABLE,
    an_intent_with_native,
)
from tests.builders.places import LOCAL_VAULT
from tests.builders.restores import a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld


class Table(NamedTuple):
    """What lives, its recovery point and what is written; `told` is what AWS tells of what has its name."""

    kind: str
    call: str
    point: str
    into: str
    name: str
    written: Mapping[str, str]
    told: str


TABLES: Final = (
    Table("Redshift", TABLE_CALL, TABLE_POINT, WAREHOUSE, "night", WRITTEN_TABLE, "cluster night"),
    Table(
        "Redshift Serverless",
        NAMESPACE_TABLE_CALL,
        NAMESPACE_POINT,
        NAMESPACE,
        "shop",
        WRITTEN_NAMESPACE_TABLE,
        NAMESPACE,
    ),
)


@pytest.fixture(params=TABLES, ids=lambda table: table.kind)
def table(request: pytest.FixtureRequest) -> Table:
    found: Table = request.param
    return found


@pytest.fixture
def world(intent: Intent, table: Table) -> CeremonyWorld:
    """A world with the cluster or the namespace, which is there."""
    made = CeremonyWorld(an_intent_with_native(intent, table.call))
    made.points.points[table.point, LOCAL_VAULT] = a_recovery_point(
        arn=table.point, resource=table.into, resource_type=table.kind, restore_metadata={}
    )
    made.tickets.ticket = a_ticket(resources=(table.into,))
    made.places.taken = {table.name: table.told}
    return made


def a_table_wish(table: Table, **changes: Any) -> RestoreWish:
    """Omar wishes for the table."""
    made = {"recovery_point": table.point, "target_name": "", "metadata": table.written, "is_native": True}
    return a_wish(**made | changes)


def approved(world: CeremonyWorld, table: Table) -> str:
    """The request, approved by as many as it takes."""
    request = world.open(a_table_wish(table))
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    world.restores.changes = {"created": table.into, "request": request}
    return request


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def restored(world: CeremonyWorld, table: Table) -> str:
    """The request, whose table was restored."""
    request = approved(world, table)
    start(world, request)
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def test_it_ends_as_restored_into_what_lived_with_what_was_written(world: CeremonyWorld, table: Table) -> None:
    request = restored(world, table)
    found = world.kept(request).last(EntryKind.RESTORED) or {}
    assert (found["created"], found["job"]["Request"], found["job"]["Metadata"]) == (table.into, request, table.written)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created, world.restores.begun) == ("restored", table.into, [table.point])


def test_it_takes_two_and_says_that_it_goes_into_what_lives(world: CeremonyWorld, table: Table) -> None:
    asked = world.proposing.drafts.read(world.draft(a_table_wish(table)).request_id).sealed.request
    assert asked.risks[:3] == ("elevated", "adds-into-live", "as-written")
    assert f"It is put into {table.name}, which lives." in asked.risk_sentences
    assert (asked.call, dict(asked.metadata)) == (table.call, table.written)


def test_nobody_is_told_of_another_key_than_that_of_what_lived(world: CeremonyWorld, table: Table) -> None:
    asked = world.proposing.drafts.read(world.draft(a_table_wish(table)).request_id).sealed.request
    assert asked.key == ""
    assert not [each for each in consequences(asked) if "live under" in each]


def test_what_lived_that_was_there_keeps_its_tags(world: CeremonyWorld, table: Table) -> None:
    request = restored(world, table)
    world.points.kept_tags = {"Backup": "daily-prod"}
    tagged = tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    assert (world.tagged, tagged.keys, tagged.reason) == ([], (), "what was there before keeps its own tags")


def test_it_has_no_name_besides_those_that_are_written(world: CeremonyWorld, table: Table) -> None:
    with pytest.raises(FaultsFoundError, match="leave the name out"):
        world.draft(a_table_wish(table, target_name="back"))


@pytest.mark.parametrize("table", TABLES[:1], ids=["Redshift"], indirect=True)
@pytest.mark.parametrize("name", ["day", "Night"])
def test_it_comes_into_the_cluster_that_was_backed_up(world: CeremonyWorld, table: Table, name: str) -> None:
    with pytest.raises(FaultsFoundError, match="ClusterIdentifier must be night"):
        world.draft(a_table_wish(table, metadata=WRITTEN_TABLE | {"ClusterIdentifier": name}))


OTHER_NAMESPACE: Final = NAMESPACE[:-1] + "2"


@pytest.mark.parametrize("table", TABLES[1:], ids=["Redshift Serverless"], indirect=True)
def test_attack_20_a_namespace_that_only_has_the_name_of_what_was_backed_up_is_another_one(
    world: CeremonyWorld, table: Table
) -> None:
    request = approved(world, table)
    world.places.taken = {"shop": OTHER_NAMESPACE}
    with pytest.raises(ApprovalVoidError, match=f"what is named is {OTHER_NAMESPACE}, and {NAMESPACE} was backed up"):
        start(world, request)
    assert world.restores.begun == []
    with pytest.raises(RestoreRefusedError, match="works on nothing else"):
        world.draft(a_table_wish(table))


def test_where_what_lived_is_gone_the_whole_of_it_must_be_restored(world: CeremonyWorld, table: Table) -> None:
    world.places.taken = {}
    with pytest.raises(RestoreRefusedError, match="is not there any more"):
        world.draft(a_table_wish(table))


def test_where_what_lived_has_gone_since_nothing_is_called(world: CeremonyWorld, table: Table) -> None:
    request = approved(world, table)
    world.places.taken = {}
    with pytest.raises(ApprovalVoidError, match="is not there any more"):
        start(world, request)
    assert world.restores.begun == []


def died_after(world: CeremonyWorld, table: Table) -> str:
    """The request whose call was made, and whose answer was lost."""
    request = approved(world, table)
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    return request


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_call_whose_answer_was_lost_is_found_by_what_it_was_asked_and_not_made_again(
    world: CeremonyWorld, table: Table, minutes: int
) -> None:
    request = died_after(world, table)
    world.now += timedelta(minutes=minutes)
    start(world, request)
    assert world.restores.begun == [table.point]
    assert world.kept(request).last(EntryKind.RESTORE_STARTED) == {"job": "restore-1"}


def test_the_restore_of_another_table_out_of_the_same_snapshot_is_not_taken_for_it(
    world: CeremonyWorld, table: Table
) -> None:
    request = approved(world, table)
    world.restores.dies = "before"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.restores.known.append("of-another")
    world.restores.used_by["of-another"] = {
        name: "customers" if name.lower() == "newtablename" else value for name, value in table.written.items()
    }
    start(world, request)
    assert world.restores.begun == [table.point]
    assert world.kept(request).last(EntryKind.RESTORE_STARTED) == {"job": "restore-2"}


def test_what_cannot_be_told_is_not_called_again(world: CeremonyWorld, table: Table) -> None:
    request = approved(world, table)
    world.restores.dies = "before"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = ""
    world.now += timedelta(minutes=11)
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        start(world, request)
    assert world.restores.begun == []
