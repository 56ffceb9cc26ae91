"""Bad weather on request: each fault waits for the job or event that it matches, and is used up once."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class FaultKind(StrEnum):
    """What can be made to go wrong."""

    DROP_EVENT = "drop_event"
    DELAY_EVENT = "delay_event"
    DUPLICATE_EVENT = "duplicate_event"
    REORDER_EVENTS = "reorder_events"
    COPY_NEVER_STARTS = "copy_never_starts"
    UNNAMED_COPY = "unnamed_copy"
    FAIL = "fail"
    STALL = "stall"
    COMPLETE_WITH_ISSUES = "complete_with_issues"
    EXPIRE = "expire"
    ABORT = "abort"
    LEAVE_PART_OUT = "leave_part_out"
    COPY_LISTED_EARLY = "copy_listed_early"
    KEEP_SHORTER = "keep_shorter"
    LEAVE_OUT_PLAN_NAME = "leave_out_plan_name"


EVENT_FAULTS = (FaultKind.DROP_EVENT, FaultKind.DELAY_EVENT, FaultKind.DUPLICATE_EVENT, FaultKind.REORDER_EVENTS)
MATCHABLE = ("resource_arn", "account", "region", "kind", "destination_vault", "state", "nth")


class FaultRequestError(ValueError):
    """The fault was refused because its kind or its match is unknown."""


@dataclass(slots=True)
class Fault:
    """One fault that waits for its `nth` match."""

    kind: FaultKind
    match: Mapping[str, str]
    nth: int = 1
    seconds: float = 1.0
    days: int = 0
    message: str = ""
    seen: int = field(default=0)

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Whether a job or event has every property that is asked for (shell-style wildcards)."""
        return all(fnmatchcase(facts.get(name, ""), wanted) for name, wanted in self.match.items())


class Faults:
    """The faults that were ordered and have not happened yet, and those that last."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._taken_back = asyncio.Event()

    def order(self, request: Mapping[str, Any]) -> None:
        """Take an order: `{"fault", "match": {...}, "seconds", "days", "message"}`."""
        match = {str(name): str(value) for name, value in dict(request.get("match") or {}).items()}
        unknown = sorted(set(match) - set(MATCHABLE))
        if request.get("fault") not in set(FaultKind):
            raise FaultRequestError(f"unknown fault {request.get('fault')!r}; one of {', '.join(FaultKind)}")
        if unknown:
            raise FaultRequestError(f"cannot match on {', '.join(unknown)}; only on {', '.join(MATCHABLE)}")
        nth = int(match.pop("nth", "1"))
        if ":" not in (vault := match.get("destination_vault", ":")):
            match["destination_vault"] = f"*:backup-vault:{vault}"
        self._waiting.append(
            Fault(
                kind=FaultKind(str(request["fault"])),
                match=match,
                nth=nth,
                seconds=float(request.get("seconds", 1.0)),
                days=int(request.get("days", 0)),
                message=str(request.get("message", "")),
            )
        )

    def clear(self) -> None:
        """Forget every fault that has not happened, and let what stalls go on."""
        self._waiting.clear()
        self._taken_back.set()
        self._taken_back = asyncio.Event()

    async def last(self, fault: Fault) -> None:
        """Wait until the fault is over: for its seconds, or until all are taken back."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._taken_back.wait(), fault.seconds)

    def take(self, kinds: Collection[FaultKind], facts: Mapping[str, str]) -> Fault | None:
        """The first waiting fault of these kinds whose turn has come, used up by this."""
        for fault in self._waiting:
            if fault.kind not in kinds or not fault.fits(facts):
                continue
            fault.seen += 1
            if fault.seen >= fault.nth:
                self._waiting.remove(fault)
                return fault
        return None

    def described(self) -> list[dict[str, Any]]:
        """The faults that still wait."""
        return [{"fault": fault.kind, "match": dict(fault.match), "nth": fault.nth} for fault in self._waiting]
