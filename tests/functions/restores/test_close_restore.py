"""The last step: recorded, sealed, told."""

import json
from typing import Any

from strongroom.domain.chat import PostedMessage
from strongroom.domain.restores.steps import Closed
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


class FakeSns:
    def __init__(self) -> None:
        self.subjects: list[str] = []

    def publish(self, **request: Any) -> None:
        self.subjects.append(request["Subject"])


def _close(functions: Functions, **step: str) -> Any:
    functions.clients.own["sns"] = FakeSns()
    functions.world.book.keep_message(ID, PostedMessage(channel="C0RESTORE", ts="1.1"))
    return load_handler("close_restore")({"request_id": ID, "error": "", "reason": ""} | step, None)


def test_a_restored_ceremony_is_recorded_sealed_and_told(functions: Functions) -> None:
    functions.add()
    answer = _close(functions, outcome="restored", reason="restored as x")
    assert answer["outcome"] == "restored"
    seal = functions.world.log.seal(f"restore-{ID}")
    assert seal is not None
    assert seal.digest == answer["evidence"]
    assert functions.tickets.comments
    assert len(functions.slack) == 2
    assert [entry["DetailType"] for entry in functions.events.entries] == ["RestoreClosed"]


def test_a_failed_one_is_alerted_with_the_functions_own_words(functions: Functions) -> None:
    functions.add()
    cause = json.dumps({"errorType": "RestoreFailedError", "errorMessage": "no subnet", "trace": ["secret path"]})
    answer = _close(functions, outcome="failed", error="RestoreFailedError", reason=cause)
    assert answer["reason"] == "RestoreFailedError: no subnet"
    assert functions.clients.own["sns"].subjects == ["[critical] restore-failed opened: 222222222222"]


def test_an_execution_that_does_not_own_the_request_ends_only_itself(functions: Functions) -> None:
    functions.add()
    answer = _close(functions, outcome="failed", error="ForeignExecutionError", reason="started by hand")
    assert answer["outcome"] == "failed"
    assert functions.world.book.recorded(ID, Closed) is None
    assert functions.world.log.entries(f"restore-{ID}") == ()
    assert (functions.tickets.comments, functions.slack) == ([], [])
    assert functions.clients.own["sns"].subjects == ["[warning] tampering-attempted opened: 999999999999"]


def test_the_first_outcome_stands(functions: Functions) -> None:
    functions.add()
    _close(functions, outcome="denied", reason="denied by maria")
    assert _close(functions, outcome="restored")["outcome"] == "denied"
