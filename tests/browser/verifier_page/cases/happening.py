"""What happens in a ceremony."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from tests.browser.verifier_page.cases.plays import (
    OWN,
    Case,
    Files,
    asking,
    at,
    ended,
    files,
    finished,
    restored,
    with_its_job,
)
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    POINT,
    SANA,
    START,
    Play,
    a_job,
    a_restored_play,
    a_started_play,
    an_approved_play,
)


def stopped(outcome: str, *words: tuple[str, Decision], minutes: float = 10, **trust: Any) -> Callable[[], Files]:
    """Nothing is started: these words are said, and it is closed that many minutes after the start."""

    def made() -> Files:
        play = Play()
        play.happen(EntryKind.TICKET_ENTITLES, ticket="OPS-1")
        for person, decision in words:
            play.wait(seconds=10)
            play.say(person, decision)
        play.clock = START + timedelta(minutes=minutes)
        return ended(play, outcome, **trust)

    return made


def with_word_before(person: str, decision: Decision) -> Callable[[], Files]:
    """Somebody says something before the intent, which does not rely on it."""

    def made() -> Files:
        play = an_approved_play()
        relied_on = [digest_of(proof) for proof in play.proofs]
        play.say(person, decision)
        play.intend(relied_on=relied_on)
        return finished(play)

    return made


def flooded(outcome: str) -> Callable[[], Files]:
    """Somebody puts two hundred things that are no proofs."""

    def made() -> Files:
        play = an_approved_play()
        relied_on = [digest_of(proof) for proof in play.proofs]
        for number in range(200):
            play.keep(canonical_text({"junk": number}))
        if outcome == "denied":
            play.say(LENA, Decision.DENY)
            return ended(play, outcome)
        play.intend(relied_on=relied_on)
        return finished(play)

    return made


def of_job(**job: Any) -> Callable[[], Files]:
    """The job is described otherwise."""
    return lambda: files(a_restored_play(**job))


def faulty(faults: Any) -> Callable[[], Files]:
    """The job completed, and something of it failed."""

    def made() -> Files:
        play = a_started_play()
        play.wait(minutes=30)
        play.happen(EntryKind.RESTORED, job=a_job(), faults=faults)
        return ended(play, "restored")

    return made


def begun(outcome: str, *, started_after: float = 20, intend: bool = True) -> Callable[[], Files]:
    """Started, and closed without a restore."""

    def made() -> Files:
        play = an_approved_play()
        if intend:
            play.intend()
        play.wait(seconds=started_after)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        return ended(play, outcome)

    return made


def copied(plan: str, *, made_point: str = "arn:copy") -> Callable[[], Files]:
    """The recovery point is copied back first."""

    def made() -> Files:
        play = an_approved_play(play=asking(plan=plan))
        play.happen("copied-back", job="C1", recovery_point="arn:copy")
        play.intend(recovery_point=made_point)
        play.wait(seconds=20)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        return files(with_its_job(play, RecoveryPointArn=made_point))

    return made


def happening(*kinds: str) -> Callable[[], Files]:
    """These entries follow the start of an honest ceremony, and then its end."""

    def made() -> Files:
        play = a_started_play()
        for kind in kinds:
            play.happen(kind, job="J1", relied_on=[], recovery_point=POINT)
        return files(with_its_job(play))

    return made


def intended_twice() -> Files:
    """The witness was not there at first."""
    play = an_approved_play()
    play.intend(relied_on=[])
    play.wait(minutes=1)
    play.intend()
    return finished(play)


def refused_as_one_too_many() -> Files:
    """AWS ran as many as it takes, and took it later."""
    play = an_approved_play()
    play.intend()
    play.wait(minutes=1)
    play.happen(EntryKind.RESTORE_THROTTLED, reason="StartRestoreJob answered LimitExceededException")
    play.wait(minutes=1)
    play.intend()
    return finished(play)


HAPPENING: Final = [
    Case("denied", stopped("denied", (SANA, Decision.DENY)), 0),
    Case("denied by somebody who may not", stopped("denied", (OMAR, Decision.DENY)), 1),
    Case("denied and closed as failed", stopped("failed", (SANA, Decision.DENY)), 1),
    Case("denied and cancelled", stopped("denied", (SANA, Decision.DENY), (OMAR, Decision.CANCEL)), 0),
    Case("denied and closed as cancelled", stopped("cancelled", (SANA, Decision.DENY), (OMAR, Decision.CANCEL)), 1),
    Case(
        "denied after its rules were replaced",
        stopped("denied", (SANA, Decision.DENY), policies=[[digest_of(OWN), at(days=-1), at(minutes=1)]]),
        0,
    ),
    Case("cancelled", stopped("cancelled", (OMAR, Decision.CANCEL)), 0),
    Case("cancelled by an approver", stopped("cancelled", (SANA, Decision.CANCEL)), 1),
    Case("expired without enough approvals", stopped("expired", (SANA, Decision.APPROVE), minutes=241), 0),
    Case("expired too early", stopped("expired", (SANA, Decision.APPROVE), minutes=239), 1),
    Case(
        "expired though approved",
        stopped("expired", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE), minutes=241),
        1,
    ),
    Case("expired at the end", stopped("expired", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE), minutes=301), 0),
    Case("failed", stopped("failed"), 0),
    Case("failed after it expired", stopped("failed", minutes=301), 0),
    Case("withdrawn", stopped("withdrawn", (SANA, Decision.APPROVE)), 0),
    Case("restored out of nothing", stopped("restored", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE)), 1),
    Case("ended in some other way", stopped("forgotten"), 1),
    Case("denied before the intent", with_word_before(LENA, Decision.DENY), 1),
    Case("cancelled before the intent", with_word_before(OMAR, Decision.CANCEL), 1),
    Case("denied by nobody of weight before the intent", with_word_before(OMAR, Decision.DENY), 0),
    Case("more than 200 proofs, and restored", flooded("restored"), 1),
    Case("more than 200 proofs, and denied", flooded("denied"), 0),
    Case("restored with faults", faulty(["One or more objects failed to be restored."]), 0),
    Case("restored, and its faults are no texts", faulty([1, {"text": "any"}, ""]), 0),
    Case("restored, and its faults are no list", faulty("some"), 0),
    Case("started and failed", begun("failed"), 0),
    Case("started and closed as denied", begun("denied"), 1),
    Case("started and closed as restored", begun("restored"), 1),
    Case("started before the witness saw the intent", begun("failed", started_after=1), 1),
    Case("started without an intent", begun("failed", intend=False), 1),
    Case("intended twice, and the last counts", intended_twice, 0),
    Case("refused as one too many, and started later", refused_as_one_too_many, 0),
    Case("intended again after the start", happening("restore-intended"), 1),
    Case("started twice", happening("restore-started"), 1),
    Case("something else happens", happening("tagged", "after-step", "after-step", "told-somebody"), 0),
    Case("copied back", copied("copy-back"), 0),
    Case("copied back where that was not asked for", copied("local"), 1),
    Case("another point than was copied back", copied("copy-back", made_point="arn:other"), 1),
    Case("a job without what was approved", of_job(Metadata={"Engine": "postgres"}), 1),
    Case("a job with something else approved", of_job(Metadata={"DBInstanceIdentifier": "orders"}), 1),
    Case("a job in AWS's own case", of_job(Metadata={"dbInstanceIdentifier": "orders-restored"}), 0),
    Case(
        "a job that says it in two ways",
        of_job(Metadata={"DBInstanceIdentifier": "orders-restored", "dbinstanceidentifier": "orders"}),
        1,
    ),
    Case(
        "a job that says it twice",
        of_job(Metadata={"DBInstanceIdentifier": "orders-restored", "dbinstanceidentifier": "orders-restored"}),
        0,
    ),
    Case("a job of another role", of_job(IamRoleArn="arn:aws:iam::222222222222:role/other"), 1),
    Case("another job", of_job(RestoreJobId="J2"), 1),
    Case("a job that was made too late", of_job(CreationDate=at(hours=5, minutes=11)), 1),
    Case("a job that was made just in time", of_job(CreationDate=at(hours=5, minutes=10)), 0),
    Case("a job with a time of another zone", of_job(CreationDate="2026-11-26T14:10:30+00:00"), 1),
    Case("an application", restored(play=asking(kind="application")), 1),
    Case("parts", restored(play=asking(parts=[])), 1),
    Case("said to be a restore", restored(play=asking(kind="restore")), 0),
    Case("an id with a line break", restored(play=asking(id="r-abc\ndef")), 1),
    Case("to be approved after it is to be done", restored(play=asking(approve_before=at(hours=6))), 1),
    Case("letters of all kinds", restored(play=asking(reason='Daten kaputt: „häßlich“ \u2028 😀 \x7f \\ " \n')), 0),
]
