"""The gates of a restore in words: which are passed, what the others wait for, and who could not be reached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.policies import ClaimGroup
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.showing.card import able_to_decide, tally, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.chat import Telling
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.domain.restores.showing.card import Standing


class GateState(StrEnum):
    """How far a gate is."""

    PASSED = "passed"
    WAITING = "waiting"
    UNREACHED = "unreached"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate: what it is called, how far it is, and what it waits for."""

    name: str
    state: GateState
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a ceremony has come: what the ticket said, empty before it was read, and what was intended and started.

    `copied`, `restored` are whether that is done, `copy_job`, `restore_job` the jobs, empty before they were started.
    """

    ticket: str = ""
    copy_job: str = ""
    copied: bool = False
    is_intended: bool = False
    restore_job: str = ""
    restored: bool = False


_WITNESS: Final = "the audit account's log must have seen what is intended; it is tried again for some minutes"


def gates_of(
    sealed: SealedRequest,
    standing: Standing,
    progress: Progress,
    *,
    telling: Telling,
    ceremony: Ceremony,
    now: datetime,
) -> tuple[Gate, ...]:
    """Every gate of a request that is not over, in the order in which they are passed."""
    is_copied = sealed.request.plan is RestorePlan.COPY_BACK
    return (
        _ticket(sealed, progress),
        *_told(telling),
        _approval(sealed, standing, ceremony=ceremony, now=now),
        *([_copy(standing, progress)] if is_copied else []),
        _restore(standing, progress, is_ready=progress.copied or not is_copied),
    )


def _ticket(sealed: SealedRequest, progress: Progress) -> Gate:
    if progress.ticket:
        return Gate(name="ticket", state=GateState.PASSED, said=f"{progress.ticket}; it is read again before each act")
    return Gate(name="ticket", state=GateState.WAITING, said=f"{sealed.request.ticket or 'none'} is read first")


def _told(telling: Telling) -> Iterator[Gate]:
    for name, fault, is_told in (
        ("slack", telling.chat_fault, bool(telling.shown)),
        ("ticket comment", telling.ticket_fault, telling.is_on_ticket),
    ):
        if fault:
            yield Gate(
                name=name, state=GateState.UNREACHED, said=f"{fault}; nothing waits for it, and it is tried again"
            )
        elif is_told:
            yield Gate(name=name, state=GateState.PASSED, said="approvers are told")
        else:
            yield Gate(name=name, state=GateState.LATER, said="approvers are told once the ticket was read")


def _approval(sealed: SealedRequest, standing: Standing, *, ceremony: Ceremony, now: datetime) -> Gate:
    verdict = standing.verdict
    counted = tally(verdict, ceremony=ceremony)
    if standing.is_started or verdict.state is DecisionState.APPROVED:
        return Gate(name="approval", state=GateState.PASSED, said=counted)
    if verdict.ready_at is not None:
        said = f"{counted}; the delay runs until {verdict.ready_at:%Y-%m-%d %H:%M:%S} UTC"
        return Gate(name="approval", state=GateState.WAITING, said=said)
    left = time_left(sealed.request.approve_before - now)
    until = f"{left}, until {sealed.request.approve_before:%Y-%m-%d %H:%M:%S} UTC"
    said = f"{counted}; can decide: {_deciders(sealed, standing, ceremony=ceremony)}; {until}"
    return Gate(name="approval", state=GateState.WAITING, said=said)


def _deciders(sealed: SealedRequest, standing: Standing, *, ceremony: Ceremony) -> str:
    people = [ceremony.name_of(subject) for subject in able_to_decide(sealed.asked, standing)]
    groups: Mapping[str, object] = sealed.asked.policy.groups
    claimed = [name for name in dict.fromkeys(standing.verdict.missing) if isinstance(groups.get(name), ClaimGroup)]
    kept = [f"whoever the identity provider counts among {name}" for name in claimed]
    return ", ".join((*people, *kept)) or "nobody"


def _copy(standing: Standing, progress: Progress) -> Gate:
    if progress.copied:
        return Gate(name="copy back", state=GateState.PASSED, said=f"job {progress.copy_job}")
    if progress.copy_job:
        return Gate(name="copy back", state=GateState.WAITING, said=f"AWS Backup's copy job {progress.copy_job} runs")
    return _act("copy back", standing)


def _restore(standing: Standing, progress: Progress, *, is_ready: bool) -> Gate:
    if progress.restored:
        return Gate(name="restore", state=GateState.PASSED, said=f"job {progress.restore_job}; its tags are set next")
    if progress.restore_job:
        said = f"AWS Backup's restore job {progress.restore_job} runs; nobody can stop it any more"
        return Gate(name="restore", state=GateState.WAITING, said=said)
    if progress.is_intended:
        return Gate(name="restore", state=GateState.WAITING, said=_WITNESS)
    return _act("restore", standing) if is_ready else _later("restore")


def _act(name: str, standing: Standing) -> Gate:
    if standing.verdict.state is DecisionState.APPROVED:
        return Gate(name=name, state=GateState.WAITING, said="everything is looked at again; a denial still stops it")
    return _later(name)


def _later(name: str) -> Gate:
    return Gate(name=name, state=GateState.LATER, said="not begun")
