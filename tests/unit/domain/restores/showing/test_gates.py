"""The gates of a restore say what is behind it, and whom it waits for."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.evidence.entries import ChainEntry, EntryKind
from strongroom.domain.proofs.asked import read_asked
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.showing.gates import Gate, GateState, Happened, gates_of
from tests.builders.proving.approvals import ASKED_AT, MARIA, OMAR, PEOPLE, SANA, a_policy, a_request_text

NAMES = {person.subject: person.name for person in PEOPLE.values()}
PENDING = Verdict(state=DecisionState.PENDING, reason="", people=(MARIA,), missing=("approvers",))
APPROVED = Verdict(state=DecisionState.APPROVED, reason="", people=(MARIA, SANA))
DENIED = Verdict(state=DecisionState.DENIED, reason="", people=(SANA,))
TICKET, RESTORING = EntryKind.TICKET_ENTITLES, EntryKind.RESTORE_STARTED
DONE = (TICKET, RESTORING, EntryKind.RESTORED, EntryKind.CLOSED)


def chain(*kinds: EntryKind) -> dict[str, ChainEntry]:
    entries = [
        ChainEntry(
            stream="r",
            number=number,
            at=ASKED_AT + timedelta(minutes=number),
            kind=kind,
            facts={"approver": SANA} if kind is TICKET else {},
            previous="0" * 64,
        )
        for number, kind in enumerate(kinds, start=1)
    ]
    return {entry.kind: entry for entry in entries}


def gates(verdict: Verdict | None, *kinds: EntryKind, **changes: Any) -> dict[str, Gate]:
    asked = read_asked(a_request_text(**changes))
    found = gates_of(
        asked, verdict=verdict, happened=chain(*kinds), name_of=lambda subject: NAMES.get(subject, subject)
    )
    return {gate.name: gate for gate in found}


def states(verdict: Verdict | None, *kinds: EntryKind, **changes: Any) -> list[str]:
    return [f"{gate.state} {gate.text}".strip() for gate in gates(verdict, *kinds, **changes).values()]


@pytest.mark.parametrize(
    ("verdict", "kinds", "said"),
    [
        (None, (), ["waits Omar Haddad", "later", "later", "later", "later"]),
        (
            PENDING,
            (),
            ["passed Omar Haddad", "waits ticket OPS-123", "waits 1 of approvers", "later", "later"],
        ),
        (
            PENDING,
            (TICKET,),
            ["passed Omar Haddad", "passed OPS-123, approved by Sana Iqbal", "waits 1 of approvers", "later", "later"],
        ),
        (
            APPROVED,
            (TICKET,),
            [
                "passed Omar Haddad",
                "passed OPS-123, approved by Sana Iqbal",
                "passed Maria Lindqvist, Sana Iqbal",
                "waits its start",
                "later",
            ],
        ),
        (
            APPROVED,
            (TICKET, RESTORING),
            [
                "passed Omar Haddad",
                "passed OPS-123, approved by Sana Iqbal",
                "passed Maria Lindqvist, Sana Iqbal",
                "waits AWS Backup, which works on it since 14:02 UTC",
                "later",
            ],
        ),
        (
            APPROVED,
            DONE,
            [
                "passed Omar Haddad",
                "passed OPS-123, approved by Sana Iqbal",
                "passed Maria Lindqvist, Sana Iqbal",
                "passed at 14:03 UTC",
                "passed the evidence is closed",
            ],
        ),
        (
            DENIED,
            (TICKET,),
            ["passed Omar Haddad", "passed OPS-123, approved by Sana Iqbal", "stopped", "later", "later"],
        ),
        (
            APPROVED,
            (TICKET, RESTORING, EntryKind.CLOSED),
            [
                "passed Omar Haddad",
                "passed OPS-123, approved by Sana Iqbal",
                "passed Maria Lindqvist, Sana Iqbal",
                "stopped",
                "later",
            ],
        ),
    ],
    ids=["draft", "asked", "waits for people", "approved", "running", "restored", "denied", "failed"],
)
def test_each_says_whom_it_waits_for(verdict: Verdict | None, kinds: tuple[EntryKind, ...], said: list[str]) -> None:
    assert states(verdict, *kinds) == said


def test_a_copy_back_is_a_gate_of_its_own() -> None:
    found = gates(APPROVED, TICKET, EntryKind.COPY_BACK_STARTED, plan="copy-back")
    copied, restored = found["Copied back"], found["Restored"]
    assert (copied.state, copied.text) == (GateState.WAITS, "AWS Backup, which works on it since 14:02 UTC")
    assert restored.state is GateState.LATER


def test_a_delay_is_a_gate_and_says_until_when() -> None:
    waits = Verdict(state=DecisionState.PENDING, reason="", people=(MARIA,), ready_at=ASKED_AT + timedelta(minutes=30))
    found = gates(waits, TICKET, policy=a_policy(delay=600))
    assert (found["Approved"].state, found["Approved"].text) == (GateState.PASSED, "Maria Lindqvist")
    delay = found["Time to stop it"]
    assert (delay.state, delay.text) == (GateState.WAITS, "the time in which it can be stopped, until 14:30 UTC")
    assert gates(APPROVED, TICKET, policy=a_policy(delay=600))["Time to stop it"].state is GateState.PASSED


def test_no_ticket_is_no_gate() -> None:
    assert "Its ticket allows it" not in gates(PENDING, policy=a_policy(ticket="none"))


def test_several_missing_seats_are_counted_by_group() -> None:
    missing = Verdict(state=DecisionState.PENDING, reason="", missing=("leads", "approvers", "approvers"))
    assert gates(missing)["Approved"].text == "2 of approvers and 1 of leads"


def test_what_is_intended_waits_for_the_log_to_have_seen_it() -> None:
    restored = gates(APPROVED, TICKET, EntryKind.RESTORE_INTENDED)["Restored"]
    seen = "the audit account's log, which must have seen what is intended"
    assert (restored.state, restored.text) == (GateState.WAITS, seen)


def test_what_aws_refused_as_one_too_many_waits_for_its_turn() -> None:
    restored = gates(APPROVED, TICKET, EntryKind.RESTORE_INTENDED, EntryKind.RESTORE_THROTTLED)["Restored"]
    turn = "its turn: AWS refused it as one too many at once"
    assert (restored.state, restored.text) == (GateState.WAITS, turn)
    again = gates(APPROVED, TICKET, EntryKind.RESTORE_THROTTLED, EntryKind.RESTORE_INTENDED)["Restored"]
    assert again.text.startswith("the audit account's log")


def test_a_denial_after_the_start_stops_nothing() -> None:
    assert gates(DENIED, TICKET, RESTORING)["Restored"].state is GateState.WAITS


def test_somebody_whom_the_intent_does_not_name_is_told_by_subject() -> None:
    asked = read_asked(a_request_text())
    found = gates_of(asked, verdict=PENDING, happened={}, name_of=lambda subject: subject)
    assert found[0].text == OMAR


def test_what_happened_is_called_as_in_the_chain_but_for_what_was_only_intended() -> None:
    untold = {
        EntryKind.COPY_THROUGH_INTENDED,
        EntryKind.COPY_BACK_INTENDED,
        EntryKind.ACCESS_INTENDED,
        EntryKind.TAGGED,
        EntryKind.AFTER_STEP,
    }
    assert {each.value for each in Happened} == {kind.value for kind in set(EntryKind) - untold}


def test_what_is_restored_in_its_turn_says_so_until_it_is_started() -> None:
    def waits(*kinds: EntryKind) -> str:
        asked = read_asked(a_request_text())
        found = gates_of(asked, verdict=APPROVED, happened=chain(*kinds), name_of=str, start="its start, in its turn")
        return next(gate.text for gate in found if gate.name == "Restored")

    assert waits(TICKET) == "its start, in its turn"
    assert "audit account's log" in waits(TICKET, EntryKind.RESTORE_INTENDED)
    assert waits(TICKET, RESTORING).startswith("AWS Backup, which works on it since")
