"""What deletes or calls out after a restore goes through every gate: asked, approved, and done once."""

import json
from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyRequests
from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    NotFoundError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.drafts import line_of
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.builders.deciding.afterwards import (
    ASKED_ROLE,
    EXPIRES,
    RESTORED_TABLE,
    STREAM,
    STREAMED,
    TABLE,
    TTL,
    an_after_wish,
)
from tests.builders.restores import a_ticket
from tests.fakes.restores.tables import TableWorld

OFF = SettingFound(items=1204)


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def dismiss(world: TableWorld, of: str) -> None:
    """Somebody signs that what the restore leaves off shall stay off."""
    sentence = CALLS[AskedStep.TIME_TO_LIVE].sentence
    world.state(of, "omar", StepWish(step=sentence, outcome=StatedOutcome.DISMISSED, reason="nobody needs it"))


def test_time_to_live_is_set_as_the_original_has_it_and_approvers_read_what_it_deletes(world: TableWorld) -> None:
    of = world.restored_table()
    request = world.carried_out_after(of)
    [set_] = world.settings.calls
    assert (set_.call, set_.resource, dict(set_.metadata)) == (TTL, RESTORED_TABLE, EXPIRES)
    assert (set_.of, set_.kind, set_.role, set_.ticket, set_.risks) == (of, "after", ASKED_ROLE, "", ())
    assert set_.risk_sentences == (
        'DynamoDB deletes items whose "expires" lies in the past, of about 1,204 that it has, from then on.',
        "DynamoDB counts them about every six hours: soon after a restore there may be far more than that.",
        "Nobody gets back what it deletes but by another restore.",
    )
    kept = world.kept(request)
    assert world.kinds(request) == ["restore-intended", "restore-started", "restored", "closed"]
    entry = kept.last(EntryKind.RESTORED) or {}
    assert (entry["created"], entry["job"]["Resource"], entry["job"]["Request"]) == (
        RESTORED_TABLE,
        RESTORED_TABLE,
        request,
    )
    assert entry["job"]["Metadata"] == EXPIRES
    closed = kept.last(EntryKind.CLOSED) or {}
    assert (closed["outcome"], closed["reason"]) == (
        "restored",
        f"time to live of {RESTORED_TABLE} set as approved",
    )


def test_what_is_written_is_told_as_such(world: TableWorld) -> None:
    of = world.restored_table()
    written = {"StreamSpecification": json.dumps({"StreamViewType": "NEW_IMAGE", "StreamEnabled": True})}
    world.carried_out_after(of, step=AskedStep.STREAM, parameters=written)
    [set_] = world.settings.calls
    assert (set_.call, dict(set_.metadata), set_.risks) == (STREAM, STREAMED, ("as-written",))


def test_nothing_is_set_that_nobody_has_approved(world: TableWorld) -> None:
    request = world.open_after(world.restored_table(), an_after_wish())
    world.read_ticket(request)
    with pytest.raises(ApprovalPendingError):
        world.start(request)
    assert world.settings.calls == []


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(lambda world: world.settings.gone.add(RESTORED_TABLE), "is not there", id="the table is gone"),
        pytest.param(
            lambda world: setattr(world.settings, "made_at", world.now + timedelta(minutes=2)),
            "was made anew after",
            id="another table of the name",
        ),
        pytest.param(
            lambda world: world.settings.known.update({(RESTORED_TABLE, TTL): SettingFound(parameters=(("a", "b"),))}),
            "has another setting by now",
            id="another setting",
        ),
        pytest.param(
            lambda world: world.restores.changes.update(created=TABLE),
            "which is what was backed up",
            id="another job's table",
        ),
        pytest.param(
            lambda world: world.restores.changes.update(account=AccountId("333333333333")),
            "is not the one that was approved",
            id="a job of another account",
        ),
        pytest.param(
            lambda world: setattr(world, "units_of_account", ("ou-strg-elsewhere",)),
            "belonged to Production|no governed",
            id="another unit governs it",
        ),
    ],
)
def test_what_does_not_hold_at_the_act_any_more_ends_it(
    world: TableWorld, meanwhile: Callable[[TableWorld], Any], reason: str
) -> None:
    request = world.approved_after(world.restored_table())
    meanwhile(world)
    with pytest.raises(Exception, match=reason) as refused:
        world.start(request)
    assert not isinstance(refused.value, ApprovalPendingError)
    assert world.settings.calls == []


@pytest.mark.parametrize("items", [0, 1203, 1205, 2408])
def test_items_that_come_and_go_stop_nothing(world: TableWorld, items: int) -> None:
    request = world.approved_after(world.restored_table())
    world.settings.items = items
    world.start(request)
    assert len(world.settings.calls) == 1


@pytest.mark.parametrize("items", [2409, 5_000_000])
def test_where_there_are_far_more_items_than_approvers_read_nothing_is_deleted(world: TableWorld, items: int) -> None:
    """The function that asks has told them how many; whoever has changed it may tell few."""
    request = world.approved_after(world.restored_table())
    world.settings.items = items
    with pytest.raises(
        ApprovalVoidError, match=f"approvers read of about 1,204 items, and .* {items:,} by now: ask anew"
    ):
        world.start(request)
    assert world.settings.calls == []


def test_items_of_which_approvers_read_nothing_stop_it(world: TableWorld) -> None:
    world.settings.items = None
    request = world.approved_after(world.restored_table())
    world.settings.items = 1204
    with pytest.raises(ApprovalVoidError, match=r"approvers read of no number of items, and .* 1,204 by now: ask anew"):
        world.start(request)


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        pytest.param(
            StatedOutcome.DISMISSED,
            "nobody needs it",
            "Omar Haddad has stated meanwhile that it is dismissed: nobody needs it",
            id="it shall not be done",
        ),
        pytest.param(StatedOutcome.DONE, "", "", id="it is done, which changes nothing"),
    ],
)
def test_what_was_dismissed_after_its_approval_is_not_done(
    world: TableWorld, outcome: StatedOutcome, reason: str, said: str
) -> None:
    of = world.restored_table()
    request = world.approved_after(of)
    sentence = CALLS[AskedStep.TIME_TO_LIVE].sentence
    world.state(of, "omar", StepWish(step=sentence, outcome=outcome, reason=reason))
    if said:
        with pytest.raises(ApprovalVoidError, match=f"^{said}$"):
            world.start(request)
    else:
        world.start(request)
    assert len(world.settings.calls) == (0 if said else 1)


def test_what_is_signed_too_late_reads_a_ticket_and_has_none(world: TableWorld) -> None:
    of = world.restored_table()
    late = world.now + timedelta(days=7)
    world.now = late
    request = world.open_after(of, an_after_wish(), signed_after=timedelta(seconds=30))
    world.tickets.ticket = None
    with pytest.raises((TicketRefusedError, NotFoundError)):
        world.read_ticket(request)


def test_later_a_ticket_entitles_to_it_as_to_every_restore(world: TableWorld) -> None:
    of = world.restored_table()
    world.now += timedelta(days=8)
    world.tickets.ticket = a_ticket(key="OPS-124", resources=(RESTORED_TABLE,))
    request = world.carried_out_after(of, ticket="OPS-124")
    assert world.kinds(request)[0] == "ticket-entitles"
    assert [each.ticket for each in world.settings.calls] == ["OPS-124"]


def test_its_ticket_reads_what_is_set_and_of_no_restore(world: TableWorld) -> None:
    of = world.restored_table()
    world.now += timedelta(days=8)
    world.tickets.ticket = a_ticket(key="OPS-124", resources=(RESTORED_TABLE,))
    world.tickets.comments.clear()
    request = world.approved_after(of, ticket="OPS-124")
    tell_approvers(request, needs=world.telling, now=world.now)
    world.start(request)
    world.check(request)
    world.finish(request)
    begins = f"Request {request}: time to live of orders-0200 (after {of})"
    assert world.tickets.comments[0].startswith(f"{begins} in account payments (222222222222) awaits approval until ")
    assert world.tickets.comments[-1].startswith(f"Request {request}: done. time to live of {RESTORED_TABLE} set as ")


def test_the_first_of_two_sets_it(world: TableWorld) -> None:
    of = world.restored_table()
    request = world.approved_after(of)
    mine = world.kept(request).sealed
    rival = replace(line_of(mine), id="r-bbbbbbbbbbbb", requested_at=mine.request.requested_at - timedelta(seconds=1))
    assert CeremonyRequests(world.table).open(rival)
    with pytest.raises(ApprovalVoidError, match="asked for before it and sets time to live of orders-0200 as well"):
        world.start(request)


def test_a_call_that_nobody_wrote_down_is_told_as_such_at_its_end(world: TableWorld) -> None:
    request, world.settings.dies = world.approved_after(world.restored_table()), "after"
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request)
    world.break_off(request)
    world.close_again(request)
    told = world.alerts.told[-1].reason
    assert f"{RESTORED_TABLE} has the time to live that was asked for, and nobody wrote down that it was set" in told


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_lost_answer_is_resolved_by_looking(world: TableWorld, dies: str) -> None:
    request = world.approved_after(world.restored_table())
    world.settings.dies = dies
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request)
    world.settings.dies, world.witness.asked = "", []
    world.now += timedelta(minutes=20)
    world.start(request)
    assert len(world.settings.calls) == 1
    assert world.witness.asked == ([request] if dies == "before" else []), "what was set already is intended anew"
    assert world.kinds(request)[-1] == "restore-started"


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda world, _: world.settings.known.update({(TABLE, TTL): OFF}), id="the original has none"),
        pytest.param(lambda world, _: world.settings.gone.add(TABLE), id="the original is gone"),
        pytest.param(dismiss, id="somebody dismissed the step"),
    ],
)
def test_a_call_whose_answer_was_lost_is_done_whatever_was_changed_meanwhile(
    world: TableWorld, meanwhile: Callable[[TableWorld, str], Any]
) -> None:
    of = world.restored_table()
    request, world.settings.dies = world.approved_after(of), "after"
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request)
    world.settings.dies = ""
    meanwhile(world, of)
    world.start(request)
    world.check(request)
    world.finish(request)
    assert len(world.settings.calls) == 1
    assert (world.kept(request).last(EntryKind.CLOSED) or {})["outcome"] == "restored"


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(
            lambda world, _: world.settings.known.update({(TABLE, TTL): OFF}),
            "another setting by now than",
            id="changed",
        ),
        pytest.param(dismiss, "has stated meanwhile that it is dismissed", id="dismissed"),
    ],
)
def test_a_call_that_was_never_made_is_not_made_after_that(
    world: TableWorld, meanwhile: Callable[[TableWorld, str], Any], reason: str
) -> None:
    of = world.restored_table()
    request, world.settings.dies = world.approved_after(of), "before"
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request)
    world.settings.dies = ""
    meanwhile(world, of)
    with pytest.raises(ApprovalVoidError, match=reason):
        world.start(request)
    assert world.settings.calls == []


def test_what_somebody_else_has_set_before_it_was_about_to_be_is_judged_as_ever(world: TableWorld) -> None:
    of = world.restored_table()
    request = world.approved_after(of)
    world.settings.known[RESTORED_TABLE, TTL] = SettingFound(parameters=tuple(EXPIRES.items()))
    dismiss(world, of)
    with pytest.raises(ApprovalVoidError, match="has stated meanwhile that it is dismissed"):
        world.start(request)


def test_it_is_waited_for_while_it_does_not_work_yet(world: TableWorld) -> None:
    world.settings.is_pending = True
    request = world.approved_after(world.restored_table())
    world.start(request)
    assert world.check(request).state == "running"
    found = world.settings.known[RESTORED_TABLE, TTL]
    world.settings.known[RESTORED_TABLE, TTL] = replace(found, is_pending=False)
    assert world.check(request).state == "completed"


def test_what_is_set_otherwise_before_it_is_seen_fails(world: TableWorld) -> None:
    request = world.approved_after(world.restored_table())
    world.start(request)
    world.settings.known[RESTORED_TABLE, TTL] = OFF
    assert world.check(request).state == "running"
    world.now += timedelta(minutes=2)
    with pytest.raises(NotFoundError, match="has not the setting that was approved"):
        world.check(request)
    assert world.close(request, error="NotFoundError", reason="gone").outcome == "failed"


def test_it_makes_nothing_that_could_be_tagged(world: TableWorld) -> None:
    request = world.approved_after(world.restored_table())
    world.start(request)
    world.check(request)
    before = list(world.tagged)
    tagged = tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    assert tagged == RestoredTagged(request_id=request, resource=RESTORED_TABLE, keys=(), reason="nothing was made")
    assert (world.tagged, world.kinds(request)[-1]) == (before, "restored")


def test_what_is_changed_afterwards_leaves_it_done(world: TableWorld) -> None:
    request = world.approved_after(world.restored_table())
    world.start(request)
    world.check(request)
    world.settings.known[RESTORED_TABLE, TTL] = OFF
    world.finish(request)
    assert (world.kept(request).last(EntryKind.CLOSED) or {})["outcome"] == "restored"
