"""What was restored gets the tags of its recovery point."""

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, NotFoundError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from tests.builders.restores import POINT, RESTORED
from tests.fakes.restores.world import CeremonyWorld


def _tag(world: CeremonyWorld, request: str, *, execution: str = "") -> RestoredTagged:
    execution = execution or world.execution(request)
    return tag_restored(request, execution=execution, needs=world.tagging, now=world.now)


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def test_the_tags_of_the_point_are_put_on_what_was_made(world: CeremonyWorld) -> None:
    request = _restored(world)
    tagged = _tag(world, request)
    assert (tagged.keys, tagged.reason) == (("Backup", "team"), "carries Backup, team")
    assert world.tagged == [(RESTORED, {"Backup": "daily-prod", "team": "payments"})]
    assert world.points.asked == [POINT]
    assert world.kinds(request)[-2:] == ["tagged", "after-step"]
    assert world.kept(request).last(EntryKind.TAGGED) == {"resource": RESTORED, "keys": ["Backup", "team"]}


def test_it_is_written_down_once(world: CeremonyWorld) -> None:
    request = _restored(world)
    _tag(world, request)
    _tag(world, request)
    assert world.kinds(request).count("tagged") == 1


def test_a_point_without_tags_tags_nothing(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.points.kept_tags = {}
    assert _tag(world, request).reason == "the recovery point has no tags"
    assert world.tagged == []


def test_tags_that_nobody_tells_are_not_taken_for_none_and_what_is_left_is_done(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, why = (
        _restored(world),
        f"the tags of {POINT} cannot be listed: ListTags answered ResourceNotFoundException",
    )

    def untold(*_: object, **__: object) -> dict[str, str]:
        raise NotFoundError(why)

    monkeypatch.setattr(world.points, "tags", untold)
    with pytest.raises(NotFoundError, match=f"^{why}$"):
        _tag(world, request)
    assert (world.tagged, world.kept(request).has(EntryKind.TAGGED)) == ([], False)
    ended = world.close(request, error="NotFoundError", reason=why)
    assert (ended.outcome, ended.created) == ("restored", RESTORED)
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.RESOURCE_NOT_TAGGED, RESTORED)
    assert why in alert.reason


def test_nothing_is_tagged_before_it_is_restored(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    with pytest.raises(ApprovalVoidError, match=r"^nothing was restored for this request yet$"):
        _tag(world, request)


def test_where_the_evidence_names_something_else_than_the_job_made_nothing_is_changed_and_it_is_told(
    world: CeremonyWorld,
) -> None:
    """Mallory, who may write entries, names a database of others as the one that was restored."""
    request = _restored(world)
    other = RESTORED.replace("payments", "ledger")
    world.keeper.record(world.kept(request), EntryKind.RESTORED, facts={"created": other}, at=world.now)
    with pytest.raises(
        ForeignExecutionError, match=f"that {other} was restored; job restore-1 made {RESTORED}"
    ) as told:
        _tag(world, request)
    assert (world.tagged, world.finishing.taken) == ([], [])
    ended = world.close(request, error="ForeignExecutionError", reason=str(told.value))
    assert (ended.outcome, ended.created) == ("restored", RESTORED)
    assert world.alerts.kinds == [
        AlertKind.TAMPERING_ATTEMPTED,
        AlertKind.RESOURCE_NOT_TAGGED,
        AlertKind.RESTORE_UNFINISHED,
    ]
    assert (world.alerts.told[0].subject, world.alerts.told[0].reason) == (request, str(told.value))


def test_what_the_job_has_not_made_yet_is_not_changed(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.keeper.record(world.kept(request), EntryKind.RESTORED, facts={"created": RESTORED}, at=world.now)
    with pytest.raises(ForeignExecutionError, match=f"{RESTORED} was restored; job restore-1 made nothing$"):
        _tag(world, request)
    assert world.tagged == []


def test_what_a_job_made_that_was_not_approved_is_not_changed(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.restores.changes = {"role": "arn:aws:iam::222222222222:role/other"}
    with pytest.raises(RestoreFailedError, match="is not the one that was approved"):
        _tag(world, request)
    assert world.tagged == []


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = _restored(world)
    with pytest.raises(ForeignExecutionError):
        _tag(world, request, execution="arn:other:by-hand")
