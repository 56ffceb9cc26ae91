"""Restore ceremonies as people look at them: how far each is, who said what, and the evidence to take away."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.chain import EvidenceEntry, find_break
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.steps import (
    CeremonyStep,
    Closed,
    Copied,
    CopyJobStarted,
    Restored,
    RestoreJobStarted,
    RestoreOutcome,
)
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.asking.show_restores import (
    RestoreViewNeeds,
    list_restores,
    show_evidence,
    show_restore,
)
from tests.builders.places import PAYMENTS
from tests.builders.restores import DATABASE, NOW, POINT, RESTORED, a_request, a_vote, an_approval_closed
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, STREAM

APPROVED = an_approval_closed()
COPYING = CopyJobStarted(job="copy-1")
COPIED = Copied(recovery_point=POINT, at=NOW)
RESTORING = RestoreJobStarted(job="restore-1")
MADE = Restored(created=RESTORED, at=NOW)
ENDED = Closed(outcome=RestoreOutcome.RESTORED, reason="restored as x", created=RESTORED)


def _needs(world: World) -> RestoreViewNeeds:
    return RestoreViewNeeds(book=world.book, log=world.log)


@pytest.mark.parametrize(
    ("steps", "state", "reason"),
    [
        ((), "awaiting-approval", ""),
        ((an_approval_closed(decision="denied", reason="denied by sana"),), "denied", "denied by sana"),
        ((APPROVED,), "approved", "approved by maria"),
        ((APPROVED, COPYING), "copying-back", ""),
        ((APPROVED, COPYING, COPIED), "copied-back", ""),
        ((APPROVED, COPYING, COPIED, RESTORING), "restoring", ""),
        ((APPROVED, COPYING, COPIED, RESTORING, MADE), "being-tagged", ""),
        ((APPROVED, COPYING, COPIED, RESTORING, MADE, ENDED), "restored", "restored as x"),
        ((Closed(outcome=RestoreOutcome.EXPIRED, reason="late", created=""),), "expired", "late"),
    ],
    ids=["asked", "denied", "approved", "copying", "copied", "restoring", "restored", "ended", "expired"],
)
def test_a_ceremony_is_as_far_as_the_last_step_that_was_recorded(
    steps: tuple[CeremonyStep, ...], state: str, reason: str, world: World
) -> None:
    for step in steps:
        world.book.record(ID, step)
    view = show_restore(ID, needs=_needs(world))
    assert (view.state, view.reason) == (state, reason)
    assert [summary.state for summary in list_restores(needs=_needs(world))] == [state]


def test_a_ceremony_in_full_shows_the_request_the_votes_the_jobs_and_what_was_made(world: World) -> None:
    world.book.cast(ID, a_vote())
    for step in (APPROVED, COPYING, RESTORING, MADE):
        world.book.record(ID, step)
    view = show_restore(ID, needs=_needs(world))
    assert (view.request, view.digest) == (a_request(), world.book.read(ID).digest)
    assert view.votes == (a_vote(),)
    assert view.jobs == {"copy_back": "copy-1", "restore": "restore-1"}
    assert view.created == RESTORED


def test_a_ceremony_that_has_just_begun_has_no_votes_no_jobs_and_made_nothing(world: World) -> None:
    view = show_restore(ID, needs=_needs(world))
    assert (view.votes, view.jobs, view.created) == ((), {}, "")


def test_the_latest_fifty_are_listed_newest_first(world: World) -> None:
    names = [f"r-{chr(97 + number // 26)}{chr(97 + number % 26)}aaaaaaaaaa" for number in range(51)]
    for number, name in enumerate(names, start=1):
        world.book.add(seal_request(a_request(id=name, requested_at=NOW + timedelta(minutes=number))))
    assert [each.request_id for each in list_restores(needs=_needs(world))] == names[:0:-1]


def test_a_line_of_the_list_says_who_asked_for_what(world: World) -> None:
    [line] = list_restores(needs=_needs(world))
    assert (line.request_id, line.requester, line.account, line.resource) == (ID, "omar", PAYMENTS, DATABASE)
    assert (line.target_name, line.ticket, line.requested_at) == ("payments-db-0200", "OPS-123", NOW)


def test_evidence_of_a_ceremony_that_goes_on_has_no_seal_yet(world: World) -> None:
    bundle = show_evidence(ID, needs=_needs(world))
    assert (bundle["format"], bundle["stream"], bundle["seal"]) == ("strongroom-evidence/1", STREAM, None)
    assert [entry["kind"] for entry in bundle["entries"]] == ["requested"]


def test_evidence_of_an_ended_ceremony_is_whole_and_sealed_over_its_last_entry(world: World) -> None:
    close_restore(ID, outcome=RestoreOutcome.DENIED, reason="-", needs=world.closing, now=NOW)
    bundle = show_evidence(ID, needs=_needs(world))
    entries = [EvidenceEntry(**entry) for entry in bundle["entries"]]
    assert find_break(entries, stream=STREAM) == ""
    assert entries[-1].kind == "closed"
    seal = world.log.seal(STREAM)
    assert seal is not None
    assert (bundle["seal"], seal.digest) == (asdict(seal), entries[-1].digest)


@pytest.mark.parametrize("request_id", ["r-aaaaaaaaaaaa", "../x", ""], ids=["unknown", "no id", "empty"])
def test_what_nobody_asked_for_is_not_found(request_id: str, world: World) -> None:
    for look in (show_restore, show_evidence):
        with pytest.raises(NotFoundError):
            look(request_id, needs=_needs(world))
