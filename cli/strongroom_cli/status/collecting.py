"""A report's content: the whole, its days, and every unit with its accounts and their resources."""

from typing import Any

from strongroom_cli.api_client import ApiClient
from strongroom_cli.status.asking import Shown, account, accounts_of, days, whole


def collect(api: ApiClient, *, unit: str | None = None) -> Shown:
    """All that the API has, or all of one unit; each account with its resources, the worst first."""
    shown = whole(api)
    units = [_unit(api, each) for each in shown["units"] if unit in {None, each["unit"]}]
    return {
        "sentence": shown["sentence"],
        "is_well": shown["is_well"],
        "alerts": _alerts(shown["alerts"], units) if unit else shown["alerts"],
        "has_more_alerts": shown["has_more_alerts"],
        "summary": shown["summary"],
        "days": days(api),
        "units": units,
        "left_out": _left_out(shown, units) if unit is None else "",
    }


def _unit(api: ApiClient, unit: Shown) -> Shown:
    return {**unit, "accounts": [_account(api, each) for each in accounts_of(api, unit["unit"])]}


def _account(api: ApiClient, line: Shown) -> Shown:
    return {**line, **account(api, line["account"])}


def _alerts(alerts: list[Shown], units: list[Shown]) -> list[Shown]:
    """Those of the accounts that are listed."""
    listed = {each["account"] for unit in units for each in unit["accounts"]}
    return [alert for alert in alerts if alert["account"] in listed]


def _left_out(shown: Shown, units: list[Shown]) -> str:
    """What the report does not have; the API names the first units only."""
    counted = sum(len(unit["accounts"]) for unit in units)
    accounts: Any = (shown["summary"] or {}).get("accounts", 0)
    return f"{counted} of {accounts} accounts are listed here" if counted != accounts else ""
