"""What AWS Backup refuses of a backup plan before it keeps it."""

import re
from typing import Final

from sandbox.backup_service.errors import InvalidParameterValueException, LimitExceededException
from sandbox.backup_service.estate import Estate
from sandbox.backup_service.surroundings import Document, Place
from sandbox.backup_service.vaults.air_gapped import ensure_primary_target

# API reference, "BackupRuleInput": a start window is at least 60 minutes.
_SHORTEST_WINDOW: Final = 60
# Developer Guide, "AWS Backup quotas".
_MOST_RULES: Final = 10
# EventBridge Scheduler User Guide, "Schedule types": minutes, hours, day of month, month, day of week, year.
_RANGES: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
_NAMES: Final = re.compile("JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT")
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def ensure_valid(estate: Estate, place: Place, plan: Document) -> None:
    """Refuse a plan that AWS Backup would not keep."""
    rules = plan.get("Rules") or []
    if not plan.get("BackupPlanName") or not rules:
        raise InvalidParameterValueException("A backup plan needs a name and at least one rule")
    if len(rules) > _MOST_RULES:
        raise LimitExceededException(f"A backup plan has at most {_MOST_RULES} rules")
    for rule in rules:
        _ensure_rule_valid(estate, place, rule)


def _ensure_rule_valid(estate: Estate, place: Place, rule: Document) -> None:
    schedule = rule.get("ScheduleExpression")
    if schedule and not is_cron(str(schedule)):
        raise InvalidParameterValueException(f"Invalid schedule expression: {schedule}")
    if (rule.get("StartWindowMinutes") or _SHORTEST_WINDOW) < _SHORTEST_WINDOW:
        raise InvalidParameterValueException(f"Start window must be at least {_SHORTEST_WINDOW} minutes")
    vault_name = str(rule.get("TargetBackupVaultName"))
    if (place, vault_name) not in estate.vaults:
        raise InvalidParameterValueException(f"Backup vault {vault_name} does not exist")
    ensure_primary_target(estate, place, vault_name, rule.get("TargetLogicallyAirGappedBackupVaultArn"))


def is_cron(schedule: str) -> bool:
    """Whether a schedule is one of AWS's cron expressions, in UTC: six fields, one of the two days a question mark."""
    found = re.fullmatch(r"cron\((.+)\)", schedule)
    fields = found[1].split() if found else []
    if len(fields) != len(_RANGES):
        return False
    is_one_day_open = (fields[_DAY_OF_MONTH] == "?") != (fields[_DAY_OF_WEEK] == "?")
    return is_one_day_open and all(map(_is_field, fields, _RANGES))


def _is_field(field: str, limits: tuple[int, int]) -> bool:
    is_day = limits in (_RANGES[_DAY_OF_MONTH], _RANGES[_DAY_OF_WEEK])
    if is_day and re.fullmatch(r"\?|L|LW|\d+[LW]|\d#\d", field):
        return True
    return all(_is_part(part, limits) for part in _NAMES.sub("1", field).split(","))


def _is_part(part: str, limits: tuple[int, int]) -> bool:
    low, high = limits
    start = part.partition("/")[0]
    is_in_range = all(low <= int(number) <= high for number in re.findall(r"\d+", start))
    return is_in_range and re.fullmatch(r"(\*|\d+(-\d+)?)(/\d+)?", part) is not None
