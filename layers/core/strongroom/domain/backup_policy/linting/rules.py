"""What a rule says that does not go together: schedule, windows, lifecycle, continuous backup, scanning."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.backup_policy.dependent_fields import (
    LEAST_ARCHIVE_INTERVAL,
    LEAST_COLD_DAYS,
    MOST_CONTINUOUS_DAYS,
)
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, is_standalone, schedule_of, shown
from strongroom.domain.backup_policy.quotas import LEAST_WINDOW_MINUTES
from strongroom.domain.intent.schedules import fault_of_calendar, shortest_interval

_SCHEDULE: Final = "schedule_expression"
_START, _COMPLETE = "start_backup_window_minutes", "complete_backup_window_minutes"
_CONTINUOUS: Final = "enable_continuous_backup"
_COLD, _DELETE = "move_to_cold_storage_after_days", "delete_after_days"
_ARCHIVE: Final = "opt_in_to_archive_for_supported_resources"


def find_rule_faults(subject: Subject) -> Iterator[Fault]:
    """Everything in the rules that AWS refuses, or that can never work, although each value is fine by itself."""
    for plan in subject.plans:
        is_whole = is_standalone(plan)
        lacks_scanning = is_whole and bool(plan.lacks("scan_settings"))
        for rule in plan.below("rules"):
            yield from _schedule(rule, subject)
            yield from _windows(rule)
            for owner in (rule, *rule.below("copy_actions")):
                yield from _archive(owner, rule)
                if owner is not rule or not rule.flag(_CONTINUOUS):
                    yield from _cold(owner)
            if rule.flag(_CONTINUOUS):
                yield from _continuous(rule, is_whole=is_whole)
            if lacks_scanning and rule.at("scan_actions"):
                yield _scan(rule)


def _scan(rule: Place) -> Fault:
    instead = "say in scan_settings of the plan what is scanned and by which role"
    return Fault("scan-without-settings", _path(rule, "scan_actions"), "the plan has no scan_settings", instead)


def _schedule(rule: Place, subject: Subject) -> Iterator[Fault]:
    schedule, place = schedule_of(rule), rule.at(_SCHEDULE)
    if schedule is None or place is None:
        return
    if (fault := fault_of_calendar(schedule, today=subject.today)) is not None:
        yield Fault("schedule-never-fires", place.path, f"{shown(schedule)} never fires", fault)


def _windows(rule: Place) -> Iterator[Fault]:
    start, complete, place = rule.whole(_START), rule.whole(_COMPLETE), rule.at(_COMPLETE)
    if start is None or complete is None or place is None or complete < 1:
        return
    if complete <= start:
        found = f"{complete} minutes to complete are not more than {start} minutes to start"
        yield Fault("windows-do-not-fit", place.path, found, f"write {start + 60} or more")
    elif complete < start + LEAST_WINDOW_MINUTES:
        found = f"{complete} minutes to complete are only {complete - start} more than {start} minutes to start"
        yield Fault("windows-too-close", place.path, found, f"write {start + 60} or more")


def _cold(owner: Place) -> Iterator[Fault]:
    lifecycle = owner.at("lifecycle")
    if lifecycle is None:
        return
    cold, delete = lifecycle.whole(_COLD), lifecycle.whole(_DELETE)
    late = cold is not None and delete is not None and cold > 0 and 0 < delete < cold + LEAST_COLD_DAYS
    if late and cold is not None:
        found = f"deletion after {delete} days comes less than {LEAST_COLD_DAYS} days after cold storage at {cold}"
        yield Fault("cold-too-close", _path(lifecycle, _DELETE), found, f"write {cold + LEAST_COLD_DAYS} or more")


def _archive(owner: Place, rule: Place) -> Iterator[Fault]:
    lifecycle = owner.at("lifecycle")
    if lifecycle is None or not lifecycle.flag(_ARCHIVE):
        return
    absent = [name for name in (_COLD, _DELETE) if lifecycle.at(name) is None]
    if absent:
        instead = f"write both {_COLD} and {_DELETE}"
        yield Fault("archive-incomplete", _path(lifecycle, _ARCHIVE), f"{' and '.join(absent)} is missing", instead)
    schedule = schedule_of(rule)
    interval = shortest_interval(schedule) if schedule is not None else None
    if interval is not None and interval < LEAST_ARCHIVE_INTERVAL:
        found = f"the rule runs as often as every {interval.total_seconds() / 86_400:.3g} days"
        yield Fault("archive-schedule", _path(lifecycle, _ARCHIVE), found, "run it monthly, or leave the opt-in out")


def _continuous(rule: Place, *, is_whole: bool) -> Iterator[Fault]:
    delete, place = rule.whole("lifecycle", _DELETE), rule.at("lifecycle", _DELETE)
    right = f"write {_DELETE} of {MOST_CONTINUOUS_DAYS} or less, and keep copies for longer"
    if place is None and is_whole:
        found = "the lifecycle names no deletion"
        yield Fault("continuous-retention", _path(rule, _CONTINUOUS), found, right)
    elif place is not None and delete is not None and delete > MOST_CONTINUOUS_DAYS:
        yield Fault(
            "continuous-retention", place.path, f"{shown(delete)} days are more than {MOST_CONTINUOUS_DAYS}", right
        )
    if (cold := rule.at("lifecycle", _COLD)) is not None:
        instead = f"leave {_COLD} out here; copies may have it"
        yield Fault("continuous-cold", cold.path, "continuous backups cannot move to cold storage", instead)
    if any(rule.below("copy_actions")):
        found = "the rule copies its continuous backup"
        instead = "keep point-in-time recovery for restores in the same account, and count on snapshots in the copies"
        yield Fault("continuous-copy", _path(rule, _CONTINUOUS), found, instead)


def _path(owner: Place, name: str) -> tuple[str, ...]:
    place = owner.at(name)
    return place.path if place else (*owner.path, name)
