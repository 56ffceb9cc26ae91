"""The log of the evidence works, is the one that the intent names, and leaves nothing out."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.doctor.diagnosis import Diagnosis, Outcome
from strongroom.domain.doctor.evidence_log import judge_log
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.evidence.trust import LogTrust
from tests.builders.doctor import NOW, a_checkpoint, a_log
from tests.builders.proving.ceremony import LOG_ORIGIN, THE_LOG, THE_WITNESS, WITNESS, NoteSigner
from tests.builders.proving.signing import RememberedSignatures

OURS = LogTrust(origin=LOG_ORIGIN, witness=WITNESS, keys=(THE_LOG.key, THE_WITNESS.key))
MINUTE = timedelta(minutes=1)


def judged(trust: LogTrust | None = OURS, **changed: Any) -> Diagnosis:
    return judge_log(a_log(**changed), trust=trust, signatures=RememberedSignatures(), now=NOW, where="here")


def test_a_log_at_work_holds() -> None:
    assert judged().outcome is Outcome.HOLDS


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"state": "Failed"}, "its function is Failed", id="its function does not run"),
        pytest.param({"state": ""}, "its function is not there", id="its function is gone"),
        pytest.param(
            {"checkpoint": a_checkpoint(origin="another.example/log")}, "it is of another log", id="another log"
        ),
        pytest.param({"checkpoint": a_checkpoint(THE_LOG)}, "not signed by both", id="the log alone signed"),
        pytest.param({"checkpoint": a_checkpoint(THE_WITNESS)}, "not signed by both", id="the witness alone signed"),
        pytest.param(
            {"checkpoint": a_checkpoint(THE_LOG, NoteSigner(WITNESS, WITNESS_TYPE, "mine"))},
            "not signed by both",
            id="another witness of that name",
        ),
        pytest.param(
            {"checkpoint": a_checkpoint(NoteSigner(LOG_ORIGIN, LOG_TYPE, "mine"), THE_WITNESS)},
            "not signed by both",
            id="another log of that name",
        ),
        pytest.param({"checkpoint": "hello"}, "is not what the intent names", id="no checkpoint at all"),
        pytest.param(
            {"newest": NOW - 59 * MINUTE}, "is 59 minutes old and not in it", id="the newest evidence is left out"
        ),
        pytest.param({"checkpoint": None}, "is 61 minutes old and not in it", id="nothing was ever logged"),
    ],
)
def test_a_log_that_is_otherwise_is_alarming(changed: dict[str, Any], said: str) -> None:
    found = judged(**changed)
    assert found.is_alarming
    assert said in found.evidence


@pytest.mark.parametrize(("age", "holds"), [(14, True), (15, True), (16, False)])
def test_what_was_put_just_now_may_still_come(age: int, *, holds: bool) -> None:
    assert (judged(newest=NOW - age * MINUTE).outcome is Outcome.HOLDS) is holds


def test_what_was_put_when_the_witness_saw_it_is_in() -> None:
    assert judged(newest=NOW - 60 * MINUTE).outcome is Outcome.HOLDS


def test_before_there_is_any_evidence_nothing_is_seen() -> None:
    assert judged(checkpoint=None, newest=None).outcome is Outcome.UNSEEN
    assert judged(checkpoint=None, newest=None, state="").outcome is Outcome.FAILS


def test_without_the_keys_of_the_intent_nothing_is_seen() -> None:
    found = judged(trust=None)
    assert (found.outcome, found.remedy) == (
        Outcome.UNSEEN,
        "put what strongroom evidence keys prints into the intent",
    )


def test_an_old_key_of_the_witness_counts_as_well() -> None:
    older = NoteSigner(WITNESS, WITNESS_TYPE, "older")
    trust = replace(OURS, keys=(*OURS.keys, older.key))
    assert judged(trust, checkpoint=a_checkpoint(THE_LOG, older)).outcome is Outcome.HOLDS
