"""The views as they go out as JSON: the counts, and what follows from them."""

from typing import Any

from strongroom.domain.status.nights import BackupLine, NightSum
from strongroom.domain.status.states import Protection
from strongroom.domain.status.totals import AccountLine, DayLine, Summary, Totals, UnitLine


def shown_summary(summary: Summary) -> dict[str, Any]:
    """The whole."""
    return {
        "accounts": summary.accounts,
        "counted_at": summary.counted_at,
        "compared_until": summary.compared_until,
        "overdue_since": summary.overdue_since,
        **_totals(summary.totals),
    }


def shown_unit(line: UnitLine) -> dict[str, Any]:
    """A unit."""
    return {"unit": line.unit, "accounts": line.accounts, **_totals(line.totals)}


def shown_account(line: AccountLine) -> dict[str, Any]:
    """An account."""
    about = {"account": line.account, "account_name": line.name, "unit": line.unit, "readiness": line.readiness}
    return about | _totals(line.totals)


def shown_day(line: DayLine) -> dict[str, Any]:
    """A day."""
    return {"day": line.day, "counted_at": line.counted_at, **_totals(line.totals)}


def shown_line(line: BackupLine) -> dict[str, Any]:
    """A backup."""
    return {
        "at": line.at,
        "tier": line.tier,
        "rule": line.rule,
        "backup": line.backup,
        "copies": {vault: state.lower() for vault, state in line.copies.items()},
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "governed": totals.governed,
        "protected": totals.protected,
        "states": {state: totals.states.get(state, 0) for state in Protection},
        "nights": [_night(each) for each in totals.sums],
        "oldest_restorable": totals.oldest,
    }


def _night(each: NightSum) -> dict[str, Any]:
    return {"night": each.night, "backups": each.backups, "copies": each.copies, "missed": each.missed}
