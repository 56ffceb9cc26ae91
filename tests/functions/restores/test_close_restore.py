"""The last step: the end is worked out from the evidence, witnessed, and told."""

import json
from typing import Any

from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key, proof_key, request_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.proofs.statements import Decision
from tests.builders.intents import with_restores
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS
from tests.builders.restores import RESTORED
from tests.fakes.ceremony import Functions


def _restored(functions: Functions) -> str:
    request = functions.world.come_to_approval()
    for function in ("tell_approvers", "start_restore", "check_restore", "tag_restored"):
        functions.step(function, request)
    functions.post.facts.clear()
    functions.slack.clear()
    return request


def _close(functions: Functions, request: str, *, error: str = "", reason: str = "", **more: str) -> Any:
    return functions.step("close_restore", request, error=error, reason=reason, **more)


def test_a_restored_ceremony_is_written_down_witnessed_and_told(functions: Functions) -> None:
    request = _restored(functions)
    answer = _close(functions, request)
    last = functions.world.kept(request).chain[-1]
    assert (answer["outcome"], answer["created"], answer["evidence"]) == ("restored", RESTORED, digest_of(last.text))
    assert last.kind == EntryKind.CLOSED
    assert entry_key(request, last.number) in functions.world.keeper.witnessed(request)
    assert functions.facts == ["RestoreClosed"]
    assert len(functions.slack) == 2
    assert "restored" in functions.world.tickets.comments[-1]
    assert functions.alerts == []


def test_nobody_s_word_is_taken_for_it_that_something_was_restored(functions: Functions) -> None:
    request = _restored(functions)
    functions.member.state = "FAILED"
    answer = _close(functions, request, error="RestoreFailedError", reason="it went wrong")
    assert (answer["outcome"], answer["created"]) == ("failed", "")


def test_a_denial_is_the_end_whatever_the_machine_says(functions: Functions) -> None:
    request = functions.world.open()
    functions.world.sign(request, "sana", Decision.DENY)
    answer = _close(functions, request)
    assert (answer["outcome"], functions.alerts) == ("denied", [])


def test_a_failed_one_is_alerted_with_the_function_s_own_words(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    cause = json.dumps({"errorType": "RestoreFailedError", "errorMessage": "no subnet", "trace": ["secret path"]})
    answer = _close(functions, request, error="RestoreFailedError", reason=cause)
    assert (answer["outcome"], answer["reason"]) == ("failed", "no subnet")
    assert functions.alerts == [("restore-failed", PAYMENTS)]


def test_an_execution_that_does_not_own_the_request_ends_only_itself(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    by_hand = functions.world.execution("by-hand")
    functions.world.running.add(by_hand)
    answer = _close(functions, request, execution=by_hand, error="ForeignExecutionError", reason="begun by hand")
    assert answer["outcome"] == "failed"
    assert not functions.world.kept(request).has(EntryKind.CLOSED)
    assert (functions.world.tickets.comments, functions.slack, functions.facts) == ([], [], ["AlertOpened"])
    assert functions.alerts == [("tampering-attempted", BACKUP_ACCOUNT)]


def _tampered(functions: Functions, request: str) -> None:
    functions.world.shelf.tampered.add(request_key(request))


def _flooded(functions: Functions, request: str) -> None:
    functions.world.shelf.put_new(proof_key(request, "0" * 64), "x" * 1_000_001)


def _without_rules(functions: Functions, _: str) -> None:
    rule = ApprovalRule(unit="Sandbox", group="approvers", needed=1)
    functions.deploy(with_restores(functions.world.intent, rules=(rule,)))


def test_what_nobody_can_judge_is_alerted_and_not_believed(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    _tampered(functions, request)
    assert _close(functions, request, error="ApprovalVoidError", reason="as the step said")["outcome"] == "failed"
    assert functions.alerts == [("restore-failed", BACKUP_ACCOUNT)]
    assert functions.world.tickets.comments == []
    assert [
        line.outcome for line in functions.world.showing.open_requests.latest(limit=9, now=functions.world.now)
    ] == ["failed"]


def test_x07_a_request_for_which_there_are_no_rules_any_more_is_closed(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    _without_rules(functions, request)
    assert _close(functions, request)["outcome"] == "failed"
    assert functions.world.kinds(request)[-1] == EntryKind.CLOSED
    assert functions.alerts == [("restore-failed", PAYMENTS)]


def test_what_is_no_text_among_the_proofs_keeps_nobody_from_ending_it(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    _flooded(functions, request)
    assert _close(functions, request, error="ApprovalVoidError", reason="as the step said")["outcome"] == "failed"
    assert functions.world.kinds(request)[-1] == EntryKind.CLOSED


def test_the_first_end_stands(functions: Functions) -> None:
    request = _restored(functions)
    first = _close(functions, request)
    assert _close(functions, request, error="RestoreFailedError", reason="late") == first
    assert functions.world.kinds(request).count(EntryKind.CLOSED) == 1
