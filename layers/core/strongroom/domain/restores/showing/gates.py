"""What a restore must pass on its way, in its order: what is behind it, and whom or what it waits for."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from strongroom.domain.proofs.decisions import DecisionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.decisions import Verdict

_COPY_BACK: Final = "copy-back"
_START: Final = "its start"
_TURN: Final = "its turn: AWS refused it as one too many at once"
_WITNESS: Final = "the audit account's log, which must have seen what is intended"


class Happened(StrEnum):
    """What can have happened to a request, as its chain calls it."""

    TICKET_ENTITLES = "ticket-entitles"
    COPY_THROUGH_STARTED = "copy-through-started"
    COPIED_THROUGH = "copied-through"
    COPY_BACK_STARTED = "copy-back-started"
    COPIED_BACK = "copied-back"
    ACCESS_ASKED = "access-asked"
    ACCESS_OPENED = "access-opened"
    RESTORE_INTENDED = "restore-intended"
    RESTORE_THROTTLED = "restore-throttled"
    RESTORE_STARTED = "restore-started"
    RESTORED = "restored"
    CLOSED = "closed"


class Entry(Protocol):
    """An entry of the chain."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is told of it."""

    @property
    def text(self) -> str:
        """The canonical text under which it is kept."""


class GateState(StrEnum):
    """Passed, waiting for somebody, not reached yet, or where the way ended."""

    PASSED = "passed"
    WAITS = "waits"
    LATER = "later"
    STOPPED = "stopped"


class Gate(Struct, frozen=True, kw_only=True):
    """One of them; `text` says who passed it or whom it waits for, in words."""

    name: str
    state: GateState
    text: str = ""


class _Found(Struct, frozen=True, kw_only=True):
    """Whether it is passed, and what to say of it: once it is, while it is waited for."""

    name: str
    is_passed: bool
    passed: str = ""
    waits: str = ""
    is_early: bool = False
    """Whether it can be passed before those in front of it."""


def gates_of(
    asked: AskedRestore,
    *,
    verdict: Verdict | None,
    happened: Mapping[str, Entry],
    name_of: Callable[[str], str],
    start: str = "",
) -> tuple[Gate, ...]:
    """All gates of the request; `verdict` is None while nobody has signed it, `happened` its chain by kind.

    `start` is what the start of the restore waits for, where that is more than the machine.
    """
    found = tuple(_found(asked, verdict, happened, name_of=name_of, start=start or _START))
    is_over = _is_over(verdict, happened)
    gates, is_open = [], True
    for each in found:
        if each.is_passed:
            state, text = GateState.PASSED, each.passed
        elif is_open and is_over:
            state, text = GateState.STOPPED, ""
        elif (is_open or each.is_early) and not is_over:
            state, text = GateState.WAITS, each.waits
        else:
            state, text = GateState.LATER, ""
        is_open = is_open and each.is_passed
        gates.append(Gate(name=each.name, state=state, text=text))
    return tuple(gates)


def _is_over(verdict: Verdict | None, happened: Mapping[str, Entry]) -> bool:
    ended = verdict is not None and verdict.state not in (DecisionState.PENDING, DecisionState.APPROVED)
    return Happened.CLOSED in happened or (ended and Happened.RESTORE_STARTED not in happened)


def _found(
    asked: AskedRestore,
    verdict: Verdict | None,
    happened: Mapping[str, Entry],
    *,
    name_of: Callable[[str], str],
    start: str,
) -> Iterator[_Found]:
    requester = name_of(asked.requester)
    yield _Found(name="Signed by who asks", is_passed=verdict is not None, passed=requester, waits=requester)
    if asked.needs_ticket:
        yield _ticket(asked, happened.get(Happened.TICKET_ENTITLES), name_of=name_of)
    yield _approvals(verdict, happened, name_of=name_of)
    if asked.policy.delay:
        yield _delay(verdict, happened)
    if asked.content.get("through_vault"):
        yield _work(
            "Copied to its Region", happened, begun=Happened.COPY_THROUGH_STARTED, ended=Happened.COPIED_THROUGH
        )
    if asked.content["plan"] == _COPY_BACK:
        yield _work("Copied back", happened, begun=Happened.COPY_BACK_STARTED, ended=Happened.COPIED_BACK)
    if asked.content.get("approval_team"):
        yield _access(asked, happened)
    before = _start_awaits(happened, start=start)
    yield _work("Restored", happened, begun=Happened.RESTORE_STARTED, ended=Happened.RESTORED, start=before)
    closed = happened.get(Happened.CLOSED)
    is_closed = closed is not None and Happened.RESTORED in happened
    yield _Found(name="Written down", is_passed=is_closed, passed="the evidence is closed", waits="the evidence's end")


def _access(asked: AskedRestore, happened: Mapping[str, Entry]) -> _Found:
    """The vote that opens an air-gapped vault."""
    opened, since = happened.get(Happened.ACCESS_OPENED), happened.get(Happened.ACCESS_ASKED)
    team = str(asked.content["approval_team"]).rpartition("/")[2]
    return _Found(
        name="Opened by the vault's team",
        is_passed=opened is not None,
        passed=f"{team}, by {_clock(opened.at)}" if opened else "",
        waits=f"the vote of {team}, asked at {_clock(since.at)}" if since else f"the vault's team {team} to be asked",
    )


def _start_awaits(happened: Mapping[str, Entry], *, start: str) -> str:
    """What a restore waits for that has not started, by the last that was intended."""
    intended, refused = happened.get(Happened.RESTORE_INTENDED), happened.get(Happened.RESTORE_THROTTLED)
    if intended is None:
        return start
    return _TURN if refused is not None and refused.at >= intended.at else _WITNESS


def _ticket(asked: AskedRestore, entry: Entry | None, *, name_of: Callable[[str], str]) -> _Found:
    key = str(asked.content.get("ticket", ""))
    by = str(entry.facts.get("approver", "")) if entry else ""
    passed = f"{key}, approved by {name_of(by)}" if by else key
    return _Found(name="Its ticket allows it", is_passed=entry is not None, passed=passed, waits=f"ticket {key}")


def _approvals(verdict: Verdict | None, happened: Mapping[str, Entry], *, name_of: Callable[[str], str]) -> _Found:
    approvers = ", ".join(map(name_of, verdict.people)) if verdict else ""
    is_enough = verdict is not None and (verdict.state is DecisionState.APPROVED or verdict.ready_at is not None)
    seats = Counter(verdict.missing if verdict else ())
    waits = " and ".join(f"{count} of {group}" for group, count in sorted(seats.items()))
    return _Found(
        name="Approved",
        is_passed=is_enough or Happened.RESTORE_STARTED in happened,
        passed=approvers,
        waits=waits or "those who decide",
        is_early=verdict is not None,
    )


def _delay(verdict: Verdict | None, happened: Mapping[str, Entry]) -> _Found:
    ready = verdict.ready_at if verdict else None
    is_passed = Happened.RESTORE_STARTED in happened or (
        verdict is not None and verdict.state is DecisionState.APPROVED
    )
    waits = f"the time in which it can be stopped, until {_clock(ready)}" if ready else ""
    return _Found(name="Time to stop it", is_passed=is_passed, passed="over", waits=waits)


def _work(name: str, happened: Mapping[str, Entry], *, begun: str, ended: str, start: str = _START) -> _Found:
    at, since = happened.get(ended), happened.get(begun)
    return _Found(
        name=name,
        is_passed=at is not None,
        passed=f"at {_clock(at.at)}{', with faults' if at.facts.get('faults') else ''}" if at else "",
        waits=f"AWS Backup, which works on it since {_clock(since.at)}" if since else start,
    )


def _clock(at: datetime) -> str:
    return f"{at:%H:%M} UTC"
