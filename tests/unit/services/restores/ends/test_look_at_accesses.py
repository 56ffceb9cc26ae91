"""An access that is open and that no open end follows is told, whatever somebody made of its row."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Change, Equals, Key
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedRecordError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.destinations import guarded_vaults
from strongroom.domain.restores.ends.standing import ACCESS, EndState, OpenEnd
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from strongroom.services.restores.ends.begin_end import begin_end
from strongroom.services.restores.ends.look_at_accesses import look_at_accesses
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.builders.places import PAYMENTS, a_vault_arn
from tests.fakes.restores.opened import GAPPED, come_to_approval
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def followed(world: CeremonyWorld) -> OpenEnd:
    """An access that is open, and that its end follows."""
    made = come_to_approval(world)
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(made, execution=world.execution(made), needs=world.restoring, now=world.now)
    world.access.vote("AVAILABLE")
    begin_end(world.kept(made), needs=world.following, now=world.now)
    end = world.following.ends.end_of(made, ACCESS)
    assert end is not None
    world.revoker.opened = (end.vault, a_vault_arn("opened-in-an-outage", account=PAYMENTS))
    return look_at_end(end, needs=world.following, now=world.now)


def look(world: CeremonyWorld) -> None:
    [vault] = guarded_vaults(world.intent)
    look_at_accesses(vault, needs=world.following, now=world.now)


def told(world: CeremonyWorld) -> list[str]:
    return [each.reason for each in world.alerts.told if each.kind is AlertKind.VAULT_ACCESS_OVERDUE]


def test_one_that_is_followed_is_not_told(world: CeremonyWorld, followed: OpenEnd) -> None:
    look(world)
    assert told(world) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"state": EndState.GONE},
        {"state": EndState.NOTHING},
        {"due_at": None},
        {"due_at": datetime(9999, 1, 1, tzinfo=UTC)},
        {"vault": a_vault_arn("strongroom-access-r-other")},
    ],
    ids=["gone", "nothing", "never", "for ever", "another"],
)
def test_one_whose_row_says_that_nobody_need_look_is_told_until_somebody_does(
    lie: dict[str, Any], world: CeremonyWorld, followed: OpenEnd
) -> None:
    forged = replace(followed, revision=followed.revision + 1, **lie)
    assert world.following.ends.keep_end(forged, was=followed)
    look(world)
    [reason] = told(world)
    assert f"{followed.vault} shows gapped-vault, and no open end follows it" in reason
    assert world.following.ends.keep_end(replace(followed, revision=forged.revision + 1), was=forged)
    look(world)
    assert [each.subject for each in world.alerts.settled] == [followed.vault]


@pytest.mark.parametrize("torn", [{"due_bucket": "elsewhere", "state": "x"}, {"since": "long ago"}])
def test_one_whose_row_is_torn_is_told(torn: dict[str, str], world: CeremonyWorld, followed: OpenEnd) -> None:
    key = Key(f"END#{followed.request_id}", str(ACCESS))
    assert world.ledger.change(key, Change(set=torn, when=Equals("revision", followed.revision)))
    look(world)
    assert len(told(world)) == 1


def test_one_of_which_there_is_no_row_is_told(world: CeremonyWorld, followed: OpenEnd) -> None:
    world.revoker.opened = (f"{followed.vault}x",)
    look(world)
    assert len(told(world)) == 1


@pytest.mark.parametrize(
    "error", [AccessRefusedError("no such role"), CallRefusedError("no"), MalformedRecordError("")]
)
def test_that_nobody_may_see_who_has_access_is_told_until_somebody_may(
    error: StrongroomError, world: CeremonyWorld, followed: OpenEnd
) -> None:
    world.revoker.fails = error
    look(world)
    assert ["strongroom apply" in each for each in told(world)] == [True]
    world.revoker.fails = None
    look(world)
    assert [each.kind for each in world.alerts.settled] == [AlertKind.VAULT_ACCESS_OVERDUE]


def subjects(world: CeremonyWorld) -> list[str]:
    return [each.subject for each in world.alerts.told if each.kind is AlertKind.VAULT_ACCESS_OVERDUE]


def settled(world: CeremonyWorld) -> list[str]:
    return [each.subject for each in world.alerts.settled]


def test_an_access_is_told_that_is_found_once_the_vault_can_be_listed_again(
    world: CeremonyWorld, followed: OpenEnd
) -> None:
    lost = f"{followed.vault}x"
    world.revoker.fails = AccessRefusedError("no such role")
    look(world)
    world.revoker.fails, world.revoker.opened = None, (lost,)
    look(world)
    assert subjects(world) == [f"accesses to {GAPPED}", lost]
    assert settled(world) == [f"accesses to {GAPPED}"]


def test_each_access_is_told_once_and_settles_by_itself(world: CeremonyWorld, followed: OpenEnd) -> None:
    first, second = f"{followed.vault}x", f"{followed.vault}y"
    for opened in ((first,), (first, second), (first, second)):
        world.revoker.opened = opened
        look(world)
    assert subjects(world) == [first, second]
    assert settled(world) == []
    world.revoker.opened = (second,)
    look(world)
    assert settled(world) == [first]
    world.revoker.fails = NotFoundError("no such vault")
    look(world)
    assert settled(world) == [first, second]


def test_while_a_vault_cannot_be_listed_its_accesses_stay_told(world: CeremonyWorld, followed: OpenEnd) -> None:
    world.revoker.opened = (f"{followed.vault}x",)
    look(world)
    world.revoker.fails = AccessRefusedError("no such role")
    look(world)
    assert subjects(world) == [f"{followed.vault}x", f"accesses to {GAPPED}"]
    assert settled(world) == []


def test_what_is_told_of_another_vault_is_not_settled(world: CeremonyWorld, followed: OpenEnd) -> None:
    world.revoker.opened = (f"{followed.vault}x",)
    look(world)
    [vault] = guarded_vaults(world.intent)
    world.revoker.opened = ()
    other = replace(vault, arn=f"{vault.arn}-other", name=f"{vault.name}-other")
    look_at_accesses(other, needs=world.following, now=world.now)
    assert settled(world) == []


def test_to_a_vault_that_is_not_there_nobody_has_access(world: CeremonyWorld, followed: OpenEnd) -> None:
    world.revoker.fails = NotFoundError("no such vault")
    look(world)
    assert told(world) == []


def test_the_sweep_looks_each_hour_and_goes_on_where_it_cannot(world: CeremonyWorld, followed: OpenEnd) -> None:
    world.revoker.opened = (f"{followed.vault}x",)
    world.now = world.now.replace(minute=2) + timedelta(hours=1)
    sweep_ceremonies(needs=world.sweeping, now=world.now)
    assert told(world) == []
    world.now = world.now.replace(minute=1, second=29) + timedelta(hours=1)
    sweep_ceremonies(needs=world.sweeping, now=world.now)
    assert len(told(world)) == 1
    world.revoker.fails = TemporarilyUnavailableError("busy")
    with pytest.raises(TemporarilyUnavailableError, match=f"first {GAPPED}: busy"):
        sweep_ceremonies(needs=world.sweeping, now=world.now)
