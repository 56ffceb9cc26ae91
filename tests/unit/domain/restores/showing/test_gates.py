"""Each gate of a restore says what it waits for, and whom nobody could reach."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.chat import Telling
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.showing.card import Standing, nobody_signed
from strongroom.domain.restores.showing.gates import GateState, Progress, gates_of
from tests.builders.restores import NOW, a_request

OPEN = nobody_signed(seal_request(a_request()).asked)
APPROVED = Standing(verdict=replace(OPEN.verdict, state=DecisionState.APPROVED, missing=(), people=("idp|maria",)))
READ = Progress(ticket="OPS-123: Approved, approved by chiara")
TOLD = Telling(shown="card", is_on_ticket=True)


def _gates(
    intent: Intent, standing: Standing, progress: Progress, telling: Telling = TOLD, **changes: Any
) -> dict[str, tuple[GateState, str]]:
    sealed = seal_request(a_request(**changes))
    gates = gates_of(sealed, standing, progress, telling=telling, ceremony=ceremony_of(intent), now=NOW)
    return {gate.name: (gate.state, gate.said) for gate in gates}


def test_a_request_that_was_just_opened_waits_for_its_ticket_and_for_people(intent: Intent) -> None:
    assert _gates(intent, OPEN, Progress(), Telling()) == {
        "ticket": (GateState.WAITING, "OPS-123 is read first"),
        "slack": (GateState.LATER, "approvers are told once the ticket was read"),
        "ticket comment": (GateState.LATER, "approvers are told once the ticket was read"),
        "approval": (
            GateState.WAITING,
            (
                "0 of 1; still needed: one of approvers; can decide: Maria Lindqvist, Sana Iqbal; more than 4 h left, "
                "until 2026-11-23 18:20:00 UTC"
            ),
        ),
        "restore": (GateState.LATER, "not begun"),
    }


def test_who_could_not_be_reached_is_named_with_the_reason(intent: Intent) -> None:
    telling = Telling(chat_fault="Slack refused chat.postMessage: invalid_auth", is_on_ticket=True)
    gates = _gates(intent, OPEN, READ, telling)
    assert gates["slack"] == (
        GateState.UNREACHED,
        "Slack refused chat.postMessage: invalid_auth; nothing waits for it, and it is tried again",
    )
    assert gates["ticket comment"] == (GateState.PASSED, "approvers are told")


@pytest.mark.parametrize(
    ("progress", "state", "said"),
    [
        pytest.param(READ, GateState.WAITING, "everything is looked at again; a denial still stops it", id="approved"),
        pytest.param(
            replace(READ, is_intended=True),
            GateState.WAITING,
            "the audit account's log must have seen what is intended; it is tried again for some minutes",
            id="intended",
        ),
        pytest.param(
            replace(READ, restore_job="job-1"),
            GateState.WAITING,
            "AWS Backup's restore job job-1 runs; nobody can stop it any more",
            id="started",
        ),
        pytest.param(
            replace(READ, restore_job="job-1", restored=True),
            GateState.PASSED,
            "job job-1; its tags are set next",
            id="restored",
        ),
    ],
)
def test_what_is_approved_says_what_its_act_waits_for(
    progress: Progress, state: GateState, said: str, intent: Intent
) -> None:
    gates = _gates(intent, replace(APPROVED, is_started=bool(progress.restore_job)), progress)
    assert gates["approval"] == (GateState.PASSED, "1 of 1 (Maria Lindqvist)")
    assert gates["restore"] == (state, said)


@pytest.mark.parametrize(
    ("progress", "copy", "restore"),
    [
        pytest.param(READ, GateState.WAITING, GateState.LATER, id="approved"),
        pytest.param(replace(READ, copy_job="c-1"), GateState.WAITING, GateState.LATER, id="copying"),
        pytest.param(replace(READ, copy_job="c-1", copied=True), GateState.PASSED, GateState.WAITING, id="copied"),
    ],
)
def test_what_is_copied_back_is_restored_after_that(
    progress: Progress, copy: GateState, restore: GateState, intent: Intent
) -> None:
    gates = _gates(intent, APPROVED, progress, plan=RestorePlan.COPY_BACK)
    assert (gates["copy back"][0], gates["restore"][0]) == (copy, restore)


def test_a_delay_says_when_it_ends(intent: Intent) -> None:
    delayed = Standing(verdict=replace(OPEN.verdict, missing=(), ready_at=NOW + timedelta(hours=2)))
    said = _gates(intent, delayed, READ)["approval"][1]
    assert said.endswith("the delay runs until 2026-11-23 16:20:00 UTC")
