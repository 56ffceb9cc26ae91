"""What was carried out is what was asked for: the point of the intent, and every fact of the job at its end."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.acts import started_job, why_not_intended, why_not_made_then, why_not_restored
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, next_entry
from strongroom.domain.evidence.history import History
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.written import moment_text
from tests.builders.proving.ceremony import POINT, ROLE, START, a_job, a_request_content

BACK = POINT.replace("job-1", "job-2")
INTENDED_AT = START + timedelta(minutes=10)
SECOND = timedelta(seconds=1)
LATEST = START + timedelta(hours=5, minutes=10)
NOT_THEN = "the job was not made between the intent and the end of the approval"


def asked(**changes: Any) -> AskedRestore:
    return read_asked(canonical_text(a_request_content(**changes)))


LOCAL, COPYING = asked(), asked(plan="copy-back", resource_type=None)


def chained(*told: tuple[str, dict[str, Any]]) -> tuple[ChainEntry, ...]:
    entries: list[ChainEntry] = []
    for kind, facts in told:
        last = entries[-1] if entries else None
        entries.append(next_entry(last, stream=LOCAL.id, kind=kind, facts=facts, at=INTENDED_AT))
    return tuple(entries)


def intended(point: Any, *before: tuple[str, dict[str, Any]], after: Any = None) -> tuple[History, ChainEntry]:
    """The history of an intent for that point, and the intent; `after` is copied back when it is too late."""
    facts = {} if point is None else {"recovery_point": point}
    late = () if after is None else ((EntryKind.COPIED_BACK, {"recovery_point": after}),)
    entries = chained(*before, (EntryKind.RESTORE_INTENDED, facts), *late)
    intent = entries[len(before)]
    return History(entries=entries, end=None, intent=intent, started=None, restored=None), intent


def copied(point: Any) -> tuple[str, dict[str, Any]]:
    return EntryKind.COPIED_BACK, {"recovery_point": point}


ANOTHER, NOT_COPIED = (
    "it is about another recovery point than the one that was asked for",
    "its recovery point was not copied back before",
)


@pytest.mark.parametrize(
    ("of", "point", "before", "after", "why"),
    [
        pytest.param(LOCAL, POINT, (), None, "", id="the one that was asked for"),
        pytest.param(LOCAL, BACK, (), None, ANOTHER, id="another"),
        pytest.param(LOCAL, BACK, (copied(BACK),), None, ANOTHER, id="one that nobody asked to copy back"),
        pytest.param(LOCAL, None, (), None, ANOTHER, id="none"),
        pytest.param(COPYING, POINT, (), None, "", id="the central one itself"),
        pytest.param(COPYING, BACK, (copied(BACK),), None, "", id="what was copied back"),
        pytest.param(COPYING, BACK, (copied("other"), copied(BACK)), None, "", id="what was copied back last"),
        pytest.param(COPYING, BACK, (copied(BACK), copied("other")), None, "", id="what was copied back first"),
        pytest.param(COPYING, BACK, (), None, NOT_COPIED, id="what was not copied back"),
        pytest.param(COPYING, BACK, (copied("other"),), None, NOT_COPIED, id="another than was copied back"),
        pytest.param(COPYING, BACK, (), BACK, NOT_COPIED, id="what was copied back afterwards"),
        pytest.param(COPYING, BACK, ((EntryKind.TAGGED, {"recovery_point": BACK}),), None, NOT_COPIED, id="tagged"),
        pytest.param(COPYING, None, (copied(None),), None, NOT_COPIED, id="none, copied back from none"),
        pytest.param(COPYING, None, ((EntryKind.COPIED_BACK, {}),), None, NOT_COPIED, id="none, of nothing told"),
        pytest.param(COPYING, [BACK], (copied([BACK]),), None, NOT_COPIED, id="no point at all"),
    ],
)
def test_attack_13_the_intent_is_about_the_approved_point(
    of: AskedRestore, point: Any, before: tuple[tuple[str, dict[str, Any]], ...], after: Any, why: str
) -> None:
    history, intent = intended(point, *before, after=after)
    assert why_not_intended(of, history, intent) == why


BETWEEN = "arn:aws:rds:eu-central-1:999999999999:snapshot:awsbackup:between"
IN_TWO = asked(plan="copy-back", resource_type=None, through_vault="arn:aws:backup:eu-central-1:999999999999:v")
NOT_THROUGH = "its recovery point was not copied through the vault between before"
THROUGH, BACK_AGAIN = EntryKind.COPY_THROUGH_INTENDED, EntryKind.COPY_BACK_INTENDED


def copied_through(point: Any) -> tuple[str, dict[str, Any]]:
    return EntryKind.COPIED_THROUGH, {"recovery_point": point}


@pytest.mark.parametrize(
    ("of", "kind", "point", "before", "why"),
    [
        pytest.param(IN_TWO, THROUGH, POINT, (), "", id="the first, of the one that was asked for"),
        pytest.param(IN_TWO, THROUGH, BETWEEN, (copied_through(BETWEEN),), NOT_COPIED, id="the first, of another"),
        pytest.param(
            IN_TWO, BACK_AGAIN, BETWEEN, (copied_through(BETWEEN),), "", id="the second, of what lies between"
        ),
        pytest.param(IN_TWO, BACK_AGAIN, BETWEEN, (), NOT_THROUGH, id="the second, before the first"),
        pytest.param(IN_TWO, BACK_AGAIN, BETWEEN, (copied_through("other"),), NOT_THROUGH, id="the second, of another"),
        pytest.param(IN_TWO, BACK_AGAIN, BETWEEN, (copied(BETWEEN),), NOT_THROUGH, id="the second, of what came back"),
        pytest.param(
            IN_TWO,
            BACK_AGAIN,
            POINT,
            (copied_through(BETWEEN),),
            "it was not copied through the vault between before",
            id="the second, past the vault between",
        ),
        pytest.param(COPYING, BACK_AGAIN, POINT, (), "", id="the only one"),
        pytest.param(
            COPYING,
            BACK_AGAIN,
            BETWEEN,
            (copied_through(BETWEEN),),
            ANOTHER,
            id="through a vault that nobody asked for",
        ),
        pytest.param(COPYING, BACK_AGAIN, BACK, (copied(BACK),), ANOTHER, id="of what it has made itself"),
        pytest.param(LOCAL, THROUGH, BETWEEN, (), ANOTHER, id="where nothing was to be copied"),
    ],
)
def test_attack_13_each_copy_is_of_the_approved_point_or_of_its_copy_between(
    of: AskedRestore, kind: str, point: str, before: tuple[tuple[str, dict[str, Any]], ...], why: str
) -> None:
    entries = chained(*before, (kind, {"recovery_point": point}))
    history = History(entries=entries, end=None, intent=entries[-1], started=None, restored=None)
    assert why_not_intended(of, history, entries[-1]) == why


def ended(job: Any, *, started: str = "J1", point: str = POINT) -> str:
    intent, begun, restored = chained(
        (EntryKind.RESTORE_INTENDED, {"recovery_point": point}),
        (EntryKind.RESTORE_STARTED, {"job": started}),
        (EntryKind.RESTORED, {"job": job}),
    )
    return why_not_restored(LOCAL, intent=intent, started=begun, restored=restored, intended_at=INTENDED_AT)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in a_job().items() if key != name}


@pytest.mark.parametrize(
    ("job", "why"),
    [
        pytest.param(a_job(), "", id="as it was asked for"),
        pytest.param(a_job(Status="FAILED"), "the job's Status is not COMPLETED", id="failed"),
        pytest.param(without("Status"), "the job's Status is not COMPLETED", id="without a status"),
        pytest.param(a_job(AccountId="1"), f"the job's AccountId is not {LOCAL.content['account']}", id="account"),
        pytest.param(a_job(RecoveryPointArn=BACK), f"the job's RecoveryPointArn is not {POINT}", id="point"),
        pytest.param(a_job(IamRoleArn="r"), f"the job's IamRoleArn is not {ROLE}", id="role"),
        pytest.param(a_job(RestoreJobId="J2"), "it is another job than the one that was started", id="another job"),
        pytest.param(without("RestoreJobId"), "", id="a job that does not say which it is"),
        pytest.param(
            a_job(Metadata={"DBInstanceIdentifier": "orders"}),
            "the job's Metadata has another dbinstanceidentifier than was approved",
            id="other settings",
        ),
        pytest.param(
            a_job(Metadata={}),
            "the job's Metadata has another dbinstanceidentifier than was approved",
            id="no settings",
        ),
        pytest.param(a_job(CreationDate=moment_text(INTENDED_AT - SECOND)), NOT_THEN, id="too early"),
        pytest.param(a_job(CreationDate=moment_text(LATEST + SECOND)), NOT_THEN, id="too late"),
    ],
)
def test_attack_13_a_job_that_is_not_the_approved_one_is_no_restore(job: dict[str, Any], why: str) -> None:
    assert ended(job) == why


CALLED: Final = {"Request": LOCAL.id, "IamRoleArn": None, "RecoveryPointArn": None, "Metadata": {"KmsKeyId": "k"}}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({}, "", id="as it was asked for"),
        pytest.param({"Request": "r-other23456"}, f"the job's Request is not {LOCAL.id}", id="for another request"),
        pytest.param({"Request": None}, f"the job's Request is not {LOCAL.id}", id="for nobody"),
        pytest.param({"AccountId": "1"}, f"the job's AccountId is not {LOCAL.content['account']}", id="account"),
        pytest.param({"Status": "FAILED"}, "the job's Status is not COMPLETED", id="failed"),
        pytest.param(
            {"Metadata": {"KmsKeyId": "z"}}, "the job's Metadata has another kmskeyid than was approved", id="key"
        ),
        pytest.param({"Metadata": {}}, "the job's Metadata has another kmskeyid than was approved", id="no key told"),
    ],
)
def test_attack_13_what_a_call_made_is_held_against_what_was_approved_as_far_as_it_is_told(
    changes: dict[str, Any], why: str
) -> None:
    call = "fsx:CreateFileSystemFromBackup"
    given = asked(kind="native", call=call, metadata={"KmsKeyId": "k", "SecurityGroupIds": '["sg-1"]'})
    intent, begun, restored = chained(
        (EntryKind.RESTORE_INTENDED, {"recovery_point": POINT}),
        (EntryKind.RESTORE_STARTED, {"job": "J1"}),
        (EntryKind.RESTORED, {"job": a_job(**CALLED | changes)}),
    )
    told = why_not_restored(given, intent=intent, started=begun, restored=restored, intended_at=INTENDED_AT)
    assert told == why


TABLE: Final = "arn:aws:dynamodb:eu-west-1:111111111111:table/orders-0200"
SET: Final = {"AttributeName": "expires", "Enabled": True}
FOLLOWING: Final = {
    "kind": "after",
    "call": "dynamodb:UpdateTimeToLive",
    "resource": TABLE,
    "resource_type": None,
    "of": "r-bcdefghj2345",
    "of_closed": "a" * 64,
    "of_restored_at": moment_text(START - timedelta(hours=1)),
    "requested_at": moment_text(START),
    "metadata": {"TimeToLiveSpecification": canonical_text(SET)},
}
DONE: Final = {
    "Request": LOCAL.id,
    "Resource": TABLE,
    "CreationDate": None,
    "IamRoleArn": None,
    "RecoveryPointArn": None,
    "Metadata": FOLLOWING["metadata"],
}


def followed(changes: dict[str, Any], *, created: Any = TABLE, at: datetime = INTENDED_AT) -> str:
    """What a setting that was made after a restore is told to be, whose call was answered then."""
    intent, _, restored = chained(
        (EntryKind.RESTORE_INTENDED, {"recovery_point": POINT}),
        (EntryKind.RESTORE_STARTED, {"job": "J1"}),
        (EntryKind.RESTORED, {"job": a_job(**DONE | changes), "created": created}),
    )
    begun = next_entry(None, stream=LOCAL.id, kind=EntryKind.RESTORE_STARTED, facts={"job": "J1"}, at=at)
    return why_not_restored(
        asked(**FOLLOWING), intent=intent, started=begun, restored=restored, intended_at=INTENDED_AT
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({}, "", id="as it was asked for"),
        pytest.param({"Status": "FAILED"}, "the job's Status is not COMPLETED", id="failed"),
        pytest.param({"Request": "r-other23456"}, f"the job's Request is not {LOCAL.id}", id="for another request"),
        pytest.param({"Resource": f"{TABLE}-2"}, f"the job's Resource is not {TABLE}", id="on another table"),
        pytest.param({"Resource": None}, f"the job's Resource is not {TABLE}", id="on nothing"),
        pytest.param({"RestoreJobId": "J2"}, "it is another job than the one that was started", id="another call"),
        pytest.param(
            {"Metadata": {"TimeToLiveSpecification": "{}"}},
            "the job's Metadata has another timetolivespecification than was approved",
            id="another setting",
        ),
    ],
)
def test_attack_13_what_follows_a_restore_is_what_was_approved_on_what_was_approved(
    changes: dict[str, Any], why: str
) -> None:
    assert followed(changes) == why


@pytest.mark.parametrize("created", [f"{TABLE}-2", "", None])
def test_attack_13_what_was_done_on_something_else_is_not_what_was_asked_for(created: Any) -> None:
    assert followed({}, created=created) == "it was done on something else than what was asked for"


@pytest.mark.parametrize(
    ("at", "why"),
    [
        pytest.param(INTENDED_AT - SECOND, NOT_THEN, id="before the intent"),
        pytest.param(INTENDED_AT, "", id="with the intent"),
        pytest.param(LATEST, "", id="ten minutes after its end"),
        pytest.param(LATEST + SECOND, NOT_THEN, id="later"),
    ],
)
def test_attack_16_of_a_setting_the_time_of_its_call_counts(at: datetime, why: str) -> None:
    assert followed({}, at=at) == why


def test_the_point_of_the_job_is_that_of_the_intent() -> None:
    assert ended(a_job(RecoveryPointArn=BACK), point=BACK) == ""
    assert ended(a_job(), point=BACK) == f"the job's RecoveryPointArn is not {BACK}"


def test_the_first_setting_that_differs_is_named_and_cut_short() -> None:
    long = "k" * 80
    given = asked(metadata={"z": "1", long: "1"})
    intent, begun, restored = chained(
        (EntryKind.RESTORE_INTENDED, {"recovery_point": POINT}),
        (EntryKind.RESTORE_STARTED, {"job": "J1"}),
        (EntryKind.RESTORED, {"job": a_job(Metadata={})}),
    )
    told = why_not_restored(given, intent=intent, started=begun, restored=restored, intended_at=INTENDED_AT)
    assert told == f"the job's Metadata has another {'k' * 60} than was approved"


@pytest.mark.parametrize(
    ("job", "why"),
    [
        pytest.param(None, "the job is not a record", id="no job"),
        pytest.param([], "the job is not a record", id="a list"),
        pytest.param(without("Metadata"), "the job's Metadata is not a record", id="no metadata"),
        pytest.param(a_job(Metadata=["a"]), "the job's Metadata is not a record", id="metadata of another kind"),
        pytest.param(without("CreationDate"), "the job's CreationDate is not a text", id="no date"),
    ],
)
def test_what_is_no_job_is_not_read(job: Any, why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        ended(job)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("made", "why"),
    [
        pytest.param(INTENDED_AT - SECOND, NOT_THEN, id="before the intent"),
        pytest.param(INTENDED_AT, "", id="with the intent"),
        pytest.param(LATEST, "", id="ten minutes after its end"),
        pytest.param(LATEST + SECOND, NOT_THEN, id="later"),
    ],
)
def test_attack_16_a_job_is_made_between_the_intent_and_the_end(made: datetime, why: str) -> None:
    assert why_not_made_then(LOCAL, made, intended_at=INTENDED_AT) == why


@pytest.mark.parametrize("facts", [{}, {"job": ""}, {"job": 1}], ids=["none", "empty", "a number"])
def test_a_job_that_has_no_name_was_not_started(facts: dict[str, Any]) -> None:
    [begun] = chained((EntryKind.RESTORE_STARTED, facts))
    with pytest.raises(MalformedRecordError) as refused:
        started_job(begun)
    assert str(refused.value) == "job is not a text"


def test_the_job_is_named_by_the_entry_that_says_it_began() -> None:
    [begun] = chained((EntryKind.RESTORE_STARTED, {"job": "J1"}))
    assert started_job(begun) == "J1"
