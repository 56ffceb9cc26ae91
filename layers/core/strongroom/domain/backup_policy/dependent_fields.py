"""Values of an effective policy that AWS takes one by one, and not together.

Source: AWS Organizations User Guide, "Backup policy syntax and examples".
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.backup_policy.documents import Document, Path
from strongroom.domain.backup_policy.faults import PolicyFault, dependent_fields, key_missing
from strongroom.domain.intent.schedules import shortest_interval

MOST_CONTINUOUS_DAYS: Final = 35
LEAST_COLD_DAYS: Final = 90
LEAST_ARCHIVE_INTERVAL: Final = timedelta(days=28)

_TRUE: Final = "true"
_PRESENT: Final = "present"
_DIGITS: Final = 9  # longer numbers of days are none


def dependency_faults(effective: Document) -> Iterator[PolicyFault]:
    """What does not go together, with the path of the rule, the copy action or the selections."""
    for plan_path, plan in _members(effective, (), "plans"):
        yield from _selection_faults(plan, plan_path)
        for rule_path, rule in _members(plan, plan_path, "rules"):
            yield from _rule_faults(rule, rule_path)
            if _child(rule, "scan_actions") and not _child(plan, "scan_settings"):
                yield dependent_fields(rule_path, block=rule_path[-1], scan_actions=_PRESENT, scan_settings=None)
            for path, copy in _members(rule, rule_path, "copy_actions"):
                yield from _copy_faults(copy, path, rule=rule, block=rule_path[-1])


def _selection_faults(plan: Document, plan_path: Path) -> Iterator[PolicyFault]:
    selections = _child(plan, "selections")
    if not selections:
        return
    path = (*plan_path, next(name for name in plan if name.lower() == "selections"))
    tags, resources = _child(selections, "tags"), _child(selections, "resources")
    if tags and resources:
        yield dependent_fields(path, block=path[-1], tags=_PRESENT, resources=_PRESENT)
    if not tags and not resources:
        yield key_missing("tags or resources", path)


def _rule_faults(rule: Document, path: Path) -> Iterator[PolicyFault]:
    lifecycle = _child(rule, "lifecycle")
    if _child(rule, "enable_continuous_backup") == _TRUE:
        cold, delete = _child(lifecycle, "move_to_cold_storage_after_days"), _child(lifecycle, "delete_after_days")
        if cold is not None:
            yield dependent_fields(
                path, block=path[-1], enable_continuous_backup=_TRUE, move_to_cold_storage_after_days=cold
            )
        if (_days(delete) or MOST_CONTINUOUS_DAYS + 1) > MOST_CONTINUOUS_DAYS:
            yield dependent_fields(path, block=path[-1], enable_continuous_backup=_TRUE, delete_after_days=delete)
    yield from _archive_faults(lifecycle, path, rule=rule, block=path[-1])


def _copy_faults(copy: Document, path: Path, *, rule: Document, block: str) -> Iterator[PolicyFault]:
    vault = _child(copy, "target_backup_vault_arn")
    if vault is not None and vault != path[-1]:
        yield dependent_fields(path, block=block, copy_actions=path[-1], target_backup_vault_arn=vault)
    yield from _archive_faults(_child(copy, "lifecycle"), path, rule=rule, block=block)


def _archive_faults(lifecycle: Any, path: Path, *, rule: Document, block: str) -> Iterator[PolicyFault]:
    if _child(lifecycle, "opt_in_to_archive_for_supported_resources") != _TRUE:
        return
    cold, delete = _child(lifecycle, "move_to_cold_storage_after_days"), _child(lifecycle, "delete_after_days")
    cold_days, days = _days(cold), _days(delete)
    if cold_days is None or days is None or days < cold_days + LEAST_COLD_DAYS:
        yield dependent_fields(
            path,
            block=block,
            opt_in_to_archive_for_supported_resources=_TRUE,
            move_to_cold_storage_after_days=cold,
            delete_after_days=delete,
        )
    schedule = _child(rule, "schedule_expression")
    interval = shortest_interval(schedule) if isinstance(schedule, str) else None
    if interval is not None and interval < LEAST_ARCHIVE_INTERVAL:
        yield dependent_fields(
            path, block=block, opt_in_to_archive_for_supported_resources=_TRUE, schedule_expression=schedule
        )


def _members(container: Any, path: Path, name: str) -> Iterator[tuple[Path, Document]]:
    """Every map in the map of that name, with its path as it is spelled."""
    if not isinstance(container, Mapping):
        return
    for spelled, named in container.items():
        if spelled.lower() == name and isinstance(named, Mapping):
            yield from (((*path, spelled, key), child) for key, child in named.items() if isinstance(child, Mapping))


def _child(container: Any, name: str) -> Any:
    """What a map holds under a name in any letter case; None where it is no map or has no such name."""
    if not isinstance(container, Mapping):
        return None
    return next((child for key, child in container.items() if key.lower() == name), None)


def _days(text: Any) -> int | None:
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number else None
