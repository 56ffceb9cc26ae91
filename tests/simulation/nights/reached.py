"""Which rare paths a history came to, by name, as far as what is written to the ledger shows them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item, to_text
from strongroom.domain.copies.deadlines import MAX_UNSEEN
from strongroom.domain.intent.rules import ONLY_RULE
from tests.simulation.nights.clock import Clock
from tests.simulation.nights.faults import AT_A_CALL
from tests.simulation.nights.functions import CALLED

# Whatever neither the nights nor the systematic run reach was not tried.
RARE: Final = (
    *(
        f"promise OPEN to {state} by {learnt}"
        for state, learnt in (
            ("VERIFIED", "event"),
            ("VERIFIED", "sweep"),
            ("VERIFIED", "reconciliation"),
            ("FAILED", "event"),
            ("FAILED", "sweep"),
            ("FAILED", "reconciliation"),
            ("MISSING", "sweep"),
        )
    ),
    *(
        f"promise MISSING to {state} by {learnt}"
        for state, learnt in (
            ("MISSING", "sweep"),
            ("VERIFIED", "event"),
            ("VERIFIED", "sweep"),
            ("VERIFIED", "reconciliation"),
            ("FAILED", "event"),
            ("FAILED", "sweep"),
            ("FAILED", "reconciliation"),
        )
    ),
    *(
        f"promise FAILED to {state} by {learnt}"
        for state, learnt in (
            ("FAILED", "event"),
            ("FAILED", "sweep"),
            ("FAILED", "reconciliation"),
            ("VERIFIED", "event"),
            ("VERIFIED", "sweep"),
            ("VERIFIED", "reconciliation"),
        )
    ),
    "promise VERIFIED to VANISHED by sweep",
    "promise opened by event",
    "promise opened by copy",
    "promise opened by sweep",
    "promise opened by reconciliation",
    "promise told later by somebody else",
    "promise silent: an alert stands",
    "promise: alert became louder",
    "promise: first look again in vain",
    "promise: seen again as it was",
    "promise: nobody could be asked",
    "promise: nobody could be asked six times",
    "promise: somebody sees to it",
    "promise: copied again",
    "promise: known what stops it",
    "promise: told what stops it",
    "copy: others learn from how long it took",
    "backup expected since it was tagged",
    "backup expected since its first job",
    "backup OK to FAILED",
    "backup OK to MISSING",
    "backup OK to ENDED",
    "backup FAILED to OK",
    "backup FAILED to FAILED",
    "backup FAILED to MISSING",
    "backup FAILED to ENDED",
    "backup MISSING to OK",
    "backup MISSING to FAILED",
    "backup MISSING to MISSING",
    "backup MISSING to ENDED",
    "backup ENDED to OK",
    "backup ENDED to FAILED",
    "a rule gave way to one that keeps longer",
    *(f"backup by one of several rules: {state}" for state in ("OK", "FAILED", "MISSING", "ENDED")),
    *(
        f"backup to be told as {kind}"
        for kind in ("backup-failed", "backup-partial", "backup-expired", "backup-aborted")
    ),
    "backup ended in another way than the one that is told",
    "backup silent: an alert stands",
    "backup told later by somebody else",
    "backup: nobody could be asked",
    "backup: nobody could be asked six times",
    "backup: waited for a job that runs",
    "group: joined",
    "group: over",
    "alert opened",
    "alert opened again",
    "alert resolved",
    "alert never told",
    "alert: claim taken over",
    "alert: left for somebody else",
    "alert: held until quiet hours are over",
    "alert: told when quiet hours were over",
    "alert: over before quiet hours were",
    "alert: over before it was told",
    "message shown",
    "message closed",
    "message: claim taken over",
    "message: over before it was posted",
    "list resumed at a page",
    "list read less far for a job that was skipped",
    "list: an account was passed over",
    "list: an account caught up",
    "own write recognised",
)

_MANY_IN_VAIN: Final = MAX_UNSEEN - 1
_RANKS: Final = {"OPEN": 0, "MISSING": 1, "FAILED": 2, "VERIFIED": 3, "VANISHED": 4}


@dataclass(slots=True)
class Stopped:
    """That a group stops a promise, by its mark, since and until when."""

    group: str
    promise: str
    since: int
    until: int | None = None


@dataclass(slots=True)
class Watcher:
    """Counts in `reached` what writes to the ledger mean; `opened` says when each promise was, `fallen` what fell."""

    clock: Clock
    reached: Counter[str]
    opened: dict[Key, int] = field(default_factory=dict)
    stopped: list[Stopped] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)

    def notice(self, before: Item, after: Item) -> None:
        """An item was written."""
        family = after["pk"].partition("#")[0]
        if family == "COPY":
            self._promise(before, after)
        elif family == "ALERT" and after["sk"] == "STATE":
            self._alert(before, after)
        elif family == "ALERT":
            self._message(before, after)
        elif family == "RESOURCE" and after["sk"].startswith("COPIED#"):
            self._reach("copy: others learn from how long it took")
        elif family == "RESOURCE" and after["sk"] != "STATE":
            self._backup(before, after)
        elif family == "GROUP":
            self._group(before, after)
        elif family == "RECONCILIATION":
            self._mark(before, after)

    def _promise(self, before: Item, after: Item) -> None:
        if not before:
            self.opened[Key(after["pk"], after["sk"])] = self.clock.ms
            self._reach(f"promise opened by {after['opened_by']}")
            return
        if _RANKS[after["state"]] < _RANKS[before["state"]]:
            self.fallen.append(f"{after['pk']} {after['sk']}: fell from {before['state']} to {after['state']}")
        is_known = after.get("diagnosis") not in {None, before.get("diagnosis")}
        if before["version"] != after["version"]:
            self.reached[f"promise {before['state']} to {after['state']} by {after.get('learnt')}"] += 1
            is_bad = after["state"] in {"FAILED", "MISSING"}
            self._reach("promise silent: an alert stands", when=is_bad and "untold" not in after)
            self._reach(
                "promise: alert became louder", when=is_bad and before.get("alert") not in {None, after.get("alert")}
            )
            is_unseen = before.get("unseen", 0) == _MANY_IN_VAIN
            self._reach("promise: nobody could be asked six times", when=is_unseen and is_bad)
            self._reach("promise: told what stops it", when=is_known)
            return
        is_told = "untold" in before and "untold" not in after
        is_late = is_told and before.get("due_at", "") <= to_text(self.clock.now)
        self._reach("promise told later by somebody else", when=is_late)
        if after["state"] == "VERIFIED" and not is_told:
            self._reach("promise: first look again in vain", when=after.get("looks", 0) > before.get("looks", 0))
            self._reach("promise: seen again as it was", when="due_at" not in after)
        self._reach("promise: nobody could be asked", when=after.get("unseen", 0) > before.get("unseen", 0))
        self._reach("promise: somebody sees to it", when=after.get("remediations", 0) > before.get("remediations", 0))
        self._reach("promise: known what stops it", when=is_known)
        self._reach("promise: copied again", when=after.get("restarts", 0) > before.get("restarts", 0))

    def _alert(self, before: Item, after: Item) -> None:
        now = to_text(self.clock.now)
        is_held = "held_until" in after and "held_until" not in before
        self._reach("alert: held until quiet hours are over", when=is_held)
        if not before:
            self._reach("alert opened", when=after["status"] == "open")
            self._reach("alert never told", when=after["status"] == "resolved")
            return
        is_changed = before["version"] != after["version"]
        if after["version"] < before["version"]:
            self.fallen.append(f"{after['pk']}: fell from number {before['version']} to {after['version']}")
        self._reach(
            "alert opened again", when=is_changed and (before["status"], after["status"]) == ("resolved", "open")
        )
        self._reach("alert resolved", when=is_changed and after["status"] == "resolved")
        is_taken = "claimed_until" in after and before.get("claimed_until", now) < now
        self._reach("alert: claim taken over", when=is_taken)
        is_left = "claimed_until" in before and "claimed_until" not in after
        self._reach("alert: left for somebody else", when=is_left and before["told_version"] == after["told_version"])
        if "held_until" in before and "held_until" not in after:
            is_told = "claimed_until" in after
            self._reach("alert: told when quiet hours were over", when=is_told)
            self._reach("alert: over before quiet hours were", when=not is_told)
        is_over = is_changed and after["status"] == "resolved" and before.get("told_status") != "open"
        self._reach("alert: over before it was told", when=is_over)

    def _message(self, before: Item, after: Item) -> None:
        is_done = "claimed_until" not in after
        self._reach("message shown", when=is_done and not after["is_closed"] and "ts" in after)
        self._reach("message closed", when=is_done and after["is_closed"] and not before.get("is_closed"))
        self._reach("message: over before it was posted", when=is_done and "ts" not in after)
        self._reach("message: claim taken over", when=not is_done and "claimed_until" in before)

    def _backup(self, before: Item, after: Item) -> None:
        if not before:
            self._reach(f"backup expected since {'its first job' if 'last_created' in after else 'it was tagged'}")
            return
        if before["version"] != after["version"]:
            self._reach(f"backup {before['state']} to {after['state']}")
            self._reach(f"backup by one of several rules: {after['state']}", when=after["rule"] != ONLY_RULE)
            is_silent = after["state"] in {"FAILED", "MISSING"} and "untold" not in after
            self._reach("backup silent: an alert stands", when=is_silent)
            is_loud = after["state"] == "FAILED" and "untold" in after
            self._reach(f"backup to be told as {after.get('alert')}", when=is_loud)
            is_another = is_loud and before.get("alert") not in {None, after["alert"]}
            self._reach("backup ended in another way than the one that is told", when=is_another)
            is_blind = before.get("unseen") == _MANY_IN_VAIN and after["state"] == "MISSING"
            self._reach("backup: nobody could be asked six times", when=is_blind)
            return
        is_told = "untold" in before and "untold" not in after
        is_late = is_told and before.get("due_at", "") <= to_text(self.clock.now)
        self._reach("backup told later by somebody else", when=is_late)
        self._reach("backup: nobody could be asked", when=after.get("unseen", 0) > before.get("unseen", 0))
        is_waiting = not is_told and "unseen" not in after and before.get("firing") == after.get("firing")
        is_same = before.get("last_job") == after.get("last_job")
        self._reach("backup: waited for a job that runs", when=is_waiting and is_same)

    def _group(self, before: Item, after: Item) -> None:
        """Whom it stops from now on, and whom no more; who leaves unheard of is not stopped at all."""
        was, now = ({text[:10] for text in each.get("members", ())} for each in (before, after))
        for stopped in self.stopped:
            if stopped.group == after["pk"] and stopped.until is None and stopped.promise in was - now:
                stopped.until = self.clock.ms
        self.stopped += [Stopped(after["pk"], promise, self.clock.ms) for promise in sorted(now - was)]
        self._reach("group: joined", when=bool(now - was))
        self._reach("group: over", when=bool(was) and not now)

    def _mark(self, before: Item, after: Item) -> None:
        if "token" in before:
            self._reach("list resumed at a page", when=before["reached"] == after["reached"])
        if "skipped" in after or ("skipped" in before and "token" not in after):
            self._reach("list read less far for a job that was skipped")
        behind, was_behind = after.get("behind", {}), before.get("behind", {})
        if behind != was_behind:
            self._reach("list: an account was passed over", when=len(behind) > len(was_behind))
            self._reach("list: an account caught up", when=len(behind) < len(was_behind))

    def _reach(self, name: str, *, when: bool = True) -> None:
        if when:
            self.reached[name] += 1


def interrupted_calls(reached: Counter[str]) -> list[str]:
    """Each way of interruption at each call that functions made."""
    calls = sorted(name.removeprefix(CALLED) for name in reached if name.startswith(CALLED))
    return [f"{way} at {call}" for call in calls for way in AT_A_CALL]
