"""What overwrites a namespace is asked for once: a try that died is looked into by people, and never repeated."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    FaultsFoundError,
    NotWitnessedYetError,
    RestoreFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.metadata import Metadata
from strongroom.domain.restores.requests import RestoreWish
from strongroom.domain.written import moment_text
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from tests.builders.deciding.called import (
    NAMESPACE,
    NAMESPACE_CALL,
    NAMESPACE_POINT,
    NAMESPACE_TABLE_CALL,
    WRITTEN_NAMESPACE,
    an_intent_with_native,
)
from tests.builders.places import LOCAL_VAULT, PAYMENTS
from tests.builders.restores import a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld

OTHER: Final = NAMESPACE[:-1] + "2"


def a_world(intent: Intent, *calls: str) -> CeremonyWorld:
    """A world with a namespace, which is there, and a profile that lets these calls be made."""
    made = CeremonyWorld(an_intent_with_native(intent, *calls))
    made.points.points[NAMESPACE_POINT, LOCAL_VAULT] = a_recovery_point(
        arn=NAMESPACE_POINT, resource=NAMESPACE, resource_type="Redshift Serverless", restore_metadata={}
    )
    made.tickets.ticket = a_ticket(resources=(NAMESPACE,))
    made.places.taken = {"shop": NAMESPACE}
    return made


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """A world in which the namespace may be overwritten."""
    return a_world(intent, NAMESPACE_CALL)


def a_namespace_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for the namespace as it was."""
    made = {
        "recovery_point": NAMESPACE_POINT,
        "target_name": "",
        "metadata": WRITTEN_NAMESPACE,
        "is_native": True,
    }
    return a_wish(**made | changes)


def approved(world: CeremonyWorld) -> str:
    """The request, approved by as many as it takes."""
    request = world.open(a_namespace_wish())
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    world.restores.changes = {"created": NAMESPACE, "request": request, "recovery_point": ""}
    return request


def is_ticket_free(world: CeremonyWorld) -> bool | None:
    """Whether the end of the one request that there is gave its ticket back."""
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    return line.is_ticket_free


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def checked(world: CeremonyWorld, request: str) -> Any:
    return check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)


def test_approvers_read_first_that_it_overwrites_what_lives_and_two_of_them_decide(world: CeremonyWorld) -> None:
    asked = world.proposing.drafts.read(world.draft(a_namespace_wish()).request_id).sealed.request
    assert asked.risks[:3] == ("elevated", "overwrites", "as-written")
    assert asked.risk_sentences[0] == "It overwrites shop, which lives: what was written since is gone."
    assert (asked.call, dict(asked.metadata), asked.key) == (NAMESPACE_CALL, WRITTEN_NAMESPACE, "")
    before, look, password = asked.steps
    assert before.startswith("Before it is restored: stop whatever writes to the namespace")
    assert "nothing that Redshift Serverless tells proves it" in look
    assert "password of the time of the backup" in password


def test_one_approver_is_not_enough(world: CeremonyWorld) -> None:
    request = world.open(a_namespace_wish())
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalPendingError, match="still needed: approvers"):
        start(world, request)
    assert world.restores.begun == []


def test_the_word_for_single_tables_is_none_for_the_whole(intent: Intent) -> None:
    world = a_world(intent, NAMESPACE_TABLE_CALL)
    with pytest.raises(RestoreRefusedError, match=f"does not let {NAMESPACE_CALL} be made"):
        world.draft(a_namespace_wish())


def test_it_ends_as_restored_and_says_what_nothing_proves(world: CeremonyWorld) -> None:
    request = approved(world)
    start(world, request)
    world.now += timedelta(seconds=61)
    world.restores.states = ["COMPLETED"]
    assert checked(world, request).state == "completed"
    found = world.kept(request).last(EntryKind.RESTORED) or {}
    assert (found["created"], found["job"]["Request"]) == (NAMESPACE, request)
    [unproved] = found["faults"]
    assert "look at its data" in unproved
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.created, ended.faults) == ("restored", NAMESPACE, (unproved,))
    assert "with faults" in ended.reason


def test_the_namespace_keeps_its_tags(world: CeremonyWorld) -> None:
    request = approved(world)
    start(world, request)
    world.now += timedelta(seconds=61)
    world.restores.states = ["COMPLETED"]
    checked(world, request)
    world.points.kept_tags = {"Backup": "daily-prod"}
    tagged = tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    assert (world.tagged, tagged.keys) == ([], ())


def test_what_has_failed_within_that_minute_has_failed(world: CeremonyWorld) -> None:
    request = approved(world)
    start(world, request)
    world.restores.states, world.restores.message = ["FAILED"], "no capacity"
    with pytest.raises(RestoreFailedError, match="no capacity"):
        checked(world, request)


@pytest.mark.parametrize(("seconds", "state"), [(1, "running"), (60, "running"), (61, "completed")])
def test_within_a_minute_what_is_described_may_be_what_was_there_before(
    world: CeremonyWorld, seconds: int, state: str
) -> None:
    request = approved(world)
    start(world, request)
    world.now += timedelta(seconds=seconds)
    world.restores.states = ["COMPLETED"]
    verdict = checked(world, request)
    assert verdict.state == state
    awaited = "it was asked for so lately that what was there before may be what is described"
    assert (verdict.reason == awaited) is (state == "running")
    assert world.kept(request).has(EntryKind.RESTORED) is (state == "completed")


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("minutes", [0, 1, 30])
def test_a_try_that_nobody_answered_is_never_repeated_and_ends_in_words(
    world: CeremonyWorld, dies: str, minutes: int
) -> None:
    request, at = approved(world), moment_text(world.now)
    world.restores.dies = dies
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    asked = list(world.restores.begun)
    world.restores.dies = ""
    world.now += timedelta(minutes=minutes)
    for _ in range(2):
        with pytest.raises(RestoreFailedError, match="cannot be told whether") as told:
            start(world, request)
    assert world.restores.begun == asked
    assert str(told.value) == (
        f"it cannot be told whether {Arn.parse(NAMESPACE).name} was overwritten: {NAMESPACE_CALL} was about to be made "
        f"at {at}, and no answer is written down. It is not made again. Look for it in the trail of {PAYMENTS} in the "
        f"session {request}, and at the data: where it was not made, ask anew, with another ticket"
    )
    ended = world.close(request, reason=str(told.value), error="RestoreFailedError")
    assert (ended.outcome, ended.created) == ("failed", "")
    assert "cannot be told" in ended.reason
    assert not is_ticket_free(world)


@pytest.mark.parametrize("dies", ["before", "after"])
def test_the_ticket_carries_no_other_request_while_it_cannot_be_told_and_nothing_tells(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    request = approved(world)
    monkeypatch.setattr(world.restores, "started", lambda *_, **__: ())
    world.restores.dies = dies
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        start(world, request)
    world.close(request, reason="it cannot be told", error="RestoreFailedError")
    assert not is_ticket_free(world)


def test_the_ticket_of_what_was_overwritten_and_is_not_available_carries_no_other_request(world: CeremonyWorld) -> None:
    request = approved(world)
    start(world, request)
    world.restores.changes |= {"status": "DELETING", "created": ""}
    world.close(request, reason="it is being deleted", error="RestoreFailedError")
    assert not is_ticket_free(world)


def test_what_was_refused_as_one_too_many_and_given_up_leaves_the_ticket_free(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = approved(world)
    monkeypatch.setattr(world.restores, "started", lambda *_, **__: ())
    world.restores.dies = "too many"
    with pytest.raises(ThrottledError):
        start(world, request)
    world.close(request, reason="AWS refused it as one too many", error="ThrottledError")
    assert is_ticket_free(world)


def test_what_was_refused_as_one_too_many_was_not_done_and_may_be_asked_for_again(world: CeremonyWorld) -> None:
    request = approved(world)
    world.restores.dies = "too many"
    with pytest.raises(ThrottledError):
        start(world, request)
    world.restores.dies = ""
    start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]


def test_after_a_try_that_nobody_answered_a_refusal_does_not_let_it_be_asked_for_again(world: CeremonyWorld) -> None:
    request = approved(world)
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError):
        start(world, request)
    world.restores.dies = "too many"
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        start(world, request)
    world.restores.dies = ""
    with pytest.raises(RestoreFailedError, match="cannot be told"):
        start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]


def test_once_it_is_written_down_as_started_a_second_try_asks_for_nothing(world: CeremonyWorld) -> None:
    request = approved(world)
    for _ in range(3):
        start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]


@pytest.mark.parametrize("taken", [{}, {"shop": OTHER}], ids=["gone", "another of its name"])
def test_attack_20_nothing_but_the_namespace_that_was_backed_up_is_overwritten(
    world: CeremonyWorld, taken: dict[str, str]
) -> None:
    request = approved(world)
    world.places.taken = taken
    with pytest.raises(ApprovalVoidError, match=f"{NAMESPACE}|{NAMESPACE[-36:]}"):
        start(world, request)
    assert world.restores.begun == []
    with pytest.raises(RestoreRefusedError):
        world.draft(a_namespace_wish())


def test_attack_20_whose_the_name_is_is_looked_up_again_by_a_try_after_one_that_was_not_witnessed(
    world: CeremonyWorld,
) -> None:
    request = approved(world)
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        start(world, request)
    world.witness.is_down = False
    world.places.taken = {"shop": OTHER}
    with pytest.raises(ApprovalVoidError, match=OTHER):
        start(world, request)
    assert world.restores.begun == []


def test_a_try_after_others_that_were_not_witnessed_overwrites_it_once_and_waits_longer_each_time(
    world: CeremonyWorld,
) -> None:
    request = approved(world)
    world.witness.is_down = True
    for _ in range(2):
        with pytest.raises(NotWitnessedYetError):
            start(world, request)
    world.witness.is_down = False
    with pytest.raises(
        TemporarilyUnavailableError, match="nothing came of its 2 intents so far, and it is tried again at "
    ):
        start(world, request)
    world.now += timedelta(minutes=1)
    start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]
    assert world.kinds(request).count("restore-intended") == 3


def test_of_two_tries_at_once_one_overwrites_it_and_the_other_finds_that_it_did(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, witness, others = approved(world), world.witness.witness, iter([True])

    def meanwhile(request_id: str) -> Mapping[str, str]:
        if next(others, False):
            start(world, request)
        return witness(request_id)

    monkeypatch.setattr(world.witness, "witness", meanwhile)
    with pytest.raises(TemporarilyUnavailableError, match=f"another try of {request}"):
        start(world, request)
    start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]


def test_what_is_witnessed_while_another_try_begins_may_be_going_on_and_stops_it(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, holder = approved(world), world.places.holder
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        start(world, request)
    world.witness.is_down = False

    def meanwhile(metadata: Metadata, *, account: AccountId, region: Region) -> str:
        world.witness.witness(request)
        return holder(metadata, account=account, region=region)

    monkeypatch.setattr(world.places, "holder", meanwhile)
    with pytest.raises(RestoreFailedError, match="cannot be told whether"):
        start(world, request)
    assert world.restores.begun == []


def test_what_was_refused_as_one_too_many_after_a_try_that_was_not_witnessed_may_be_asked_for_again(
    world: CeremonyWorld,
) -> None:
    request = approved(world)
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        start(world, request)
    world.witness.is_down, world.restores.dies = False, "too many"
    with pytest.raises(ThrottledError):
        start(world, request)
    world.restores.dies = ""
    world.now += timedelta(minutes=1)
    start(world, request)
    assert world.restores.begun == [NAMESPACE_POINT]


def test_attack_20_a_namespace_that_takes_the_name_while_the_intent_is_witnessed_is_not_overwritten(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, witness = approved(world), world.witness.witness

    def meanwhile(request_id: str) -> Mapping[str, str]:
        world.places.taken = {"shop": OTHER}
        return witness(request_id)

    monkeypatch.setattr(world.witness, "witness", meanwhile)
    with pytest.raises(ApprovalVoidError, match=OTHER):
        start(world, request)
    assert world.restores.begun == []


def test_it_has_no_name_besides_those_that_are_written(world: CeremonyWorld) -> None:
    with pytest.raises(FaultsFoundError, match="leave the name out"):
        world.draft(a_namespace_wish(target_name="back"))
