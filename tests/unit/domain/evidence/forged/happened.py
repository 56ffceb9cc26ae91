"""What happens: in the wrong order, to something else, or otherwise than the end says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import moment_text
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    POINT,
    SANA,
    START,
    Play,
    a_job,
    a_policy_content,
    a_restored_play,
    a_started_play,
    an_approved_play,
)
from tests.unit.domain.evidence.forged.cases import (
    BROKEN,
    MINUTE,
    PIET,
    POINT_BACK,
    SECOND,
    Case,
    edited,
    finished,
    ruled_by,
    setting,
    texts_of,
    under,
)


def denied(person: str = SANA) -> tuple[str, str]:
    play = an_approved_play(MARIA)
    play.say(person, Decision.DENY)
    play.close("denied")
    return texts_of(play)


def cancelled(person: str = OMAR, outcome: str = "cancelled") -> tuple[str, str]:
    play = an_approved_play(MARIA)
    play.say(person, Decision.CANCEL)
    play.close(outcome)
    return texts_of(play)


def ended(outcome: str, *people: str, hours: float) -> tuple[str, str]:
    play = an_approved_play(*people)
    play.wait(hours=hours)
    play.close(outcome)
    return texts_of(play)


def failed_after_start(outcome: str = "failed") -> tuple[str, str]:
    play = a_started_play()
    play.wait(minutes=5)
    play.close(outcome)
    return texts_of(play)


def denied_after_intent(outcome: str = "denied", *, start: bool = False) -> tuple[str, str]:
    play = an_approved_play()
    play.intend()
    play.wait(seconds=1)
    play.say(SANA, Decision.DENY)
    if start:
        play.wait(seconds=20)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        play.happen(EntryKind.RESTORED, job=a_job())
    play.close(outcome)
    return texts_of(play)


def intended_twice(*, relied_on: list[str] | None = None) -> tuple[str, str]:
    play = an_approved_play()
    play.intend(relied_on=relied_on if relied_on is not None else [])
    play.wait(seconds=30)
    return texts_of(finished(play, first=START + timedelta(minutes=11)))


def copied_back(*, plan: str = "copy-back", copied: Any = POINT_BACK, intended: Any = POINT_BACK) -> tuple[str, str]:
    play = an_approved_play(play=under(a_policy_content(), plan=plan))
    play.happen(EntryKind.COPY_BACK_INTENDED, recovery_point=POINT)
    play.happen(EntryKind.COPIED_BACK, recovery_point=copied)
    return texts_of(finished(play, recovery_point=intended))


def ticket(approver: Any, *, disjoint: list[str] | None = None, ticket: str = "OPS-1") -> tuple[str, str]:
    play = ruled_by(disjoint=disjoint)
    play.wait(seconds=10)
    play.happen(EntryKind.TICKET_ENTITLES, ticket=ticket, approver=approver)
    for person in (MARIA, SANA, LENA):
        play.say(person)
    play.clock = START + timedelta(minutes=10)
    return texts_of(finished(play))


def no_ticket(policy: Mapping[str, Any], *, late: bool = False) -> tuple[str, str]:
    play = under(policy, ticket="OPS-1" if late else None)
    for person in (MARIA, SANA):
        play.say(person)
    play.clock = START + timedelta(minutes=10)
    play.intend()
    if late:
        play.happen(EntryKind.TICKET_ENTITLES, ticket="OPS-1")
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored")
    return texts_of(play)


def story_without_ticket() -> tuple[str, str]:
    play = Play()
    for person in (MARIA, SANA):
        play.say(person)
    play.clock = START + 10 * MINUTE
    return texts_of(finished(play))


def denied_at_once() -> tuple[str, str]:
    play = Play()
    play.say(SANA, Decision.DENY)
    play.close("denied")
    return texts_of(play)


def started_at_once(*, seconds: int) -> tuple[str, str]:
    """The witness sees the intent two seconds after it was made."""
    play = an_approved_play()
    play.intend()
    play.wait(seconds=seconds)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored")
    return texts_of(play)


def story(*kinds: EntryKind) -> tuple[str, str]:
    facts: dict[EntryKind, dict[str, Any]] = {
        EntryKind.RESTORE_STARTED: {"job": "J1"},
        EntryKind.RESTORED: {"job": a_job()},
        EntryKind.TICKET_ENTITLES: {"ticket": "OPS-1"},
    }
    play = an_approved_play()
    for kind in kinds:
        play.wait(seconds=20)
        if kind is EntryKind.RESTORE_INTENDED:
            play.intend()
        elif kind is EntryKind.CLOSED:
            play.close("restored")
        else:
            play.happen(kind, **facts[kind])
    return texts_of(play)


def started_with(**facts: Any) -> tuple[str, str]:
    play = an_approved_play()
    play.intend()
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, **facts)
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored")
    return texts_of(play)


def job(**changes: Any) -> tuple[str, str]:
    return texts_of(a_restored_play(**changes))


def restored_with(job: Any) -> tuple[str, str]:
    play = a_started_play()
    play.happen(EntryKind.RESTORED, job=job)
    play.close("restored")
    return texts_of(play)


def metadata(wanted: Mapping[str, Any], had: Any) -> tuple[str, str]:
    return texts_of(a_restored_play(play=under(a_policy_content(), metadata=dict(wanted)), Metadata=had))


def closed_with(outcome: Any = "restored", **facts: Any) -> tuple[str, str]:
    play = a_started_play()
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close(outcome, **facts)
    return texts_of(play)


def named_twice() -> tuple[str, str]:
    play = a_started_play()
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored", proofs=[digest_of(play.proofs[0]), *map(digest_of, play.proofs)])
    return texts_of(play)


def act_late() -> tuple[str, str]:
    play = an_approved_play()
    play.clock = START + timedelta(hours=5, minutes=1)
    return texts_of(finished(play, first=START + timedelta(hours=5, minutes=2)))


HAPPENED: Final[dict[str, Case]] = {
    "no ticket": Case(story_without_ticket, BROKEN, "no ticket entitled"),
    "a ticket after the intent": Case(lambda: no_ticket(a_policy_content(), late=True), BROKEN, "no ticket entitled"),
    "another ticket": Case(lambda: ticket(PIET, ticket="OPS-2"), BROKEN, "another ticket"),
    "a ticket that the requester approved": Case(lambda: ticket(OMAR), BROKEN, "approved by the requester"),
    "a ticket that a voter approved": Case(lambda: ticket(MARIA), BROKEN, "who approved the restore, too"),
    "a ticket that the requester approved, of whom nothing else is barred": Case(
        lambda: ticket(OMAR, disjoint=["ticket_approver", "requester"]), BROKEN, "approved by the requester"
    ),
    "a ticket that a voter approved, of whom nothing else is barred": Case(
        lambda: ticket(MARIA, disjoint=["ticket_approver", "voters"]), BROKEN, "who approved the restore, too"
    ),
    "a ticket that nobody knows who approved": Case(lambda: ticket(7), BROKEN, "approver is not a text"),
    "begun after the approval had run out": Case(act_late, BROKEN, "had to be carried out before"),
    "begun before the witness had seen it": Case(lambda: started_at_once(seconds=1), BROKEN, "had not seen the intent"),
    "begun without intent": Case(
        lambda: story(EntryKind.RESTORE_STARTED, EntryKind.RESTORED, EntryKind.CLOSED), BROKEN, "nothing was intended"
    ),
    "begun twice": Case(
        lambda: story(
            EntryKind.RESTORE_INTENDED,
            EntryKind.RESTORE_STARTED,
            EntryKind.RESTORE_STARTED,
            EntryKind.RESTORED,
            EntryKind.CLOSED,
        ),
        BROKEN,
        "it happened before",
    ),
    "restored twice": Case(
        lambda: story(
            EntryKind.RESTORE_INTENDED,
            EntryKind.RESTORE_STARTED,
            EntryKind.RESTORED,
            EntryKind.RESTORED,
            EntryKind.CLOSED,
        ),
        BROKEN,
        "it happened before",
    ),
    "intended again after the start": Case(
        lambda: story(
            EntryKind.RESTORE_INTENDED,
            EntryKind.RESTORE_STARTED,
            EntryKind.RESTORE_INTENDED,
            EntryKind.RESTORED,
            EntryKind.CLOSED,
        ),
        BROKEN,
        "intended after it had begun",
    ),
    "restored and never begun": Case(
        lambda: story(EntryKind.RESTORE_INTENDED, EntryKind.RESTORED, EntryKind.CLOSED), BROKEN, "nothing was started"
    ),
    "closed as restored, and nothing happened": Case(lambda: story(EntryKind.CLOSED), BROKEN, "what happened is"),
    "closed twice": Case(
        lambda: story(
            EntryKind.RESTORE_INTENDED,
            EntryKind.RESTORE_STARTED,
            EntryKind.RESTORED,
            EntryKind.CLOSED,
            EntryKind.CLOSED,
        ),
        BROKEN,
        "follows the end",
    ),
    "never closed": Case(
        lambda: edited(a_restored_play(), lambda content: content["chain"].pop()), BROKEN, "not the end"
    ),
    "no chain at all": Case(lambda: edited(a_restored_play(), setting("chain", to=[])), BROKEN, "there is none"),
    "restored, and closed as failed": Case(lambda: closed_with("failed"), BROKEN, "it says failed"),
    "restored, and closed as denied": Case(lambda: closed_with("denied"), BROKEN, "it says denied"),
    "failed, and closed as restored": Case(lambda: failed_after_start("restored"), BROKEN, "it says restored"),
    "failed, and closed as withdrawn": Case(lambda: failed_after_start("withdrawn"), BROKEN, "it says withdrawn"),
    "denied, and closed as withdrawn": Case(
        lambda: denied_after_intent("withdrawn"), BROKEN, "it says withdrawn, and what happened is denied"
    ),
    "failed, and closed as expired": Case(lambda: failed_after_start("expired"), BROKEN, "it says expired"),
    "denied, and closed as expired": Case(
        lambda: denied_after_intent("expired"), BROKEN, "it says expired, and what happened is denied"
    ),
    "denied by somebody who has no say": Case(lambda: denied(OMAR), BROKEN, "it says denied"),
    "cancelled by somebody else": Case(lambda: cancelled(MARIA), BROKEN, "it says cancelled"),
    "cancelled, and closed as denied": Case(lambda: cancelled(outcome="denied"), BROKEN, "it says denied"),
    "waiting, and closed as expired": Case(lambda: ended("expired", MARIA, hours=1), BROKEN, "it says expired"),
    "closed as something else": Case(lambda: closed_with("fine"), BROKEN, "it says fine"),
    "closed without outcome": Case(lambda: closed_with(7), BROKEN, "outcome is not a text"),
    "a proof that the end does not name": Case(lambda: closed_with(proofs=[]), BROKEN, "does not name the proofs"),
    "a proof that the end names twice": Case(named_twice, BROKEN, "does not name the proofs"),
    "an end that names no list of proofs": Case(lambda: closed_with(proofs="all"), BROKEN, "proofs is not a list"),
    "another recovery point is intended": Case(lambda: copied_back(plan="local"), BROKEN, "another recovery point"),
    "another recovery point than was copied back": Case(
        lambda: copied_back(copied=f"{POINT_BACK}0"), BROKEN, "was not copied back"
    ),
    "no recovery point was copied back": Case(lambda: copied_back(copied=None), BROKEN, "was not copied back"),
    "nothing was copied back, and nothing is what is intended": Case(
        lambda: copied_back(copied=None, intended=None), BROKEN, "was not copied back"
    ),
    "a start without job": Case(started_with, BROKEN, "job is not a text"),
    "another job": Case(lambda: started_with(job="J2"), BROKEN, "another job"),
    "no job": Case(lambda: restored_with("J1"), BROKEN, "the job is not a record"),
    "a job that did not complete": Case(lambda: job(Status="ABORTED"), BROKEN, "the job's Status"),
    "a job in another account": Case(lambda: job(AccountId="111111111111"), BROKEN, "the job's AccountId"),
    "a job of another point": Case(lambda: job(RecoveryPointArn=POINT_BACK), BROKEN, "the job's RecoveryPointArn"),
    "a job by another role": Case(lambda: job(IamRoleArn="arn:aws:iam::1:role/x"), BROKEN, "the job's IamRoleArn"),
    "a job before the intent": Case(
        lambda: job(CreationDate=moment_text(START + 10 * MINUTE + SECOND)), BROKEN, "was not made between"
    ),
    "a job long after the approval": Case(
        lambda: job(CreationDate=moment_text(START + 310 * MINUTE + SECOND)), BROKEN, "was not made between"
    ),
    "a job of no time": Case(lambda: job(CreationDate="2026-11-26"), BROKEN, "is not a moment"),
    "a job with other metadata": Case(
        lambda: metadata({"a": "1", "b": "2"}, {"a": "1", "b": "3"}), BROKEN, "has another b"
    ),
    "a job without some of the metadata": Case(lambda: metadata({"a": None}, {}), BROKEN, "has another a"),
    "a job with metadata that only look alike": Case(lambda: metadata({"a": True}, {"a": 1}), BROKEN, "has another a"),
    "a job with metadata that say a key in two ways": Case(
        lambda: metadata({"Key": "1"}, {"Key": "1", "key": "2"}), BROKEN, "has another key"
    ),
    "a job without metadata": Case(lambda: metadata({}, None), BROKEN, "Metadata is not a record"),
    "a restore of several points": Case(
        lambda: texts_of(a_restored_play(play=under(a_policy_content(), parts=[]))), BROKEN, "not the restore of one"
    ),
    "another kind of request": Case(
        lambda: texts_of(a_restored_play(play=under(a_policy_content(), kind="lock"))), BROKEN, "not the restore of one"
    ),
    "a request whose id is a path": Case(
        lambda: texts_of(a_restored_play(play=under(a_policy_content(), id="r-a/../b"))), BROKEN, "its id is none"
    ),
}
